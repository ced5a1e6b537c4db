"""Ableton Link: one tempo and one bar with every other program in the network.

The library is an optional extra (its core has a licence of its own), so this module says why it is missing instead of
failing. Link's clock and ours are two clocks of one computer; how far they are apart is read each time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


class LinkMissingError(Exception):
    """Link cannot be used: why, and what to do."""


@dataclass(frozen=True, slots=True)
class LinkState:
    """Where Link is: `beat` at the time asked for, `peers` beside us, `playing` as start and stop are shared."""

    bpm: float
    beat: float
    peers: int
    playing: bool


class LinkPeer:
    """One peer. `quantum` is the bar in beats: all peers agree on the place in it."""

    def __init__(self, bpm: float) -> None:
        """Join with a tempo, which the others' replaces; LinkMissingError without the library."""
        try:
            import link
        except ImportError as error:
            raise LinkMissingError("Link: unavailable (pip install LinkPython-extern, then choose it again)") from error
        self._link: Any = link.Link(bpm)
        self._link.startStopSyncEnabled = True
        self._link.enabled = True

    def state(self, seconds: float, now: float, quantum: float) -> LinkState:
        """Return where Link is at `seconds` of our clock, which shows `now`."""
        captured = self._link.captureSessionState()
        at = self._micros(seconds, now)
        beat = float(captured.beatAtTime(at, quantum))
        return LinkState(float(captured.tempo()), beat, int(self._link.numPeers()), bool(captured.isPlaying()))

    def set_tempo(self, bpm: float, now: float) -> None:
        """Ask all peers for another tempo."""
        captured = self._link.captureSessionState()
        captured.setTempo(bpm, self._micros(now, now))
        self._link.commitSessionState(captured)

    def set_playing(self, playing: bool, now: float) -> None:
        """Tell the peers that follow it that we started or stopped."""
        captured = self._link.captureSessionState()
        captured.setIsPlaying(playing, self._micros(now, now))
        self._link.commitSessionState(captured)

    def close(self) -> None:
        """Leave."""
        self._link.enabled = False

    def _micros(self, seconds: float, now: float) -> int:
        return max(int(self._link.clock().micros() + (seconds - now) * 1_000_000), 0)
