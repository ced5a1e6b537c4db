"""When the next label is called, and which: a span of beats or bars, and a row of labels to go round."""

from __future__ import annotations

from math import floor

from app.launch import WAITS, launch_beat, words
from app.parameter import Parameter, Steps, TextParameter, Tree
from app.player.base import NEVER
from app.transport import Transport

EVERY = ("off", "1 beat", "2 beats", "1 bar", "2 bars", "4 bars", "8 bars", "16 bars")


class Sequence:
    """Calls in time. Attributes: `due` (beat of the next call, or NEVER)."""

    def __init__(self, tree: Tree, transport: Transport) -> None:
        self.due = NEVER
        self._tree, self._transport = tree, transport
        every = "How often a label is called while the music plays"
        self._every = tree.add(Parameter("/rules/every", 0, Steps(EVERY), title="Call every", help=every))
        told = "Labels to call in turn, such as rain rain storm; empty repeats the last one called"
        self._labels = tree.add_text(TextParameter("/rules/sequence", "", "Sequence", told))
        told = "Where a called or recalled preset begins while the music plays"
        self._waits = tree.add(Parameter("/rules/quantise", 0, Steps(WAITS), title="Calls wait for", help=told))
        self._turn = 0
        self._rhythm = self._rhythm_now()

    @property
    def launch(self) -> float | None:
        """The beat at which something begins that is called now; None: at once."""
        ahead_s = self._tree.number("/engine/lookahead").value / 1000 if "/engine/lookahead" in self._tree else 0.0
        return launch_beat(self._transport, self._waits.show(), ahead_s)

    @property
    def waits(self) -> str:
        """What a call waits for, in words."""
        return words(self._waits.show())

    def start(self, beat: float) -> None:
        """Begin at a beat, with the first label."""
        self._turn, self._rhythm = 0, self._rhythm_now()
        self.due = self._next(beat - 1e-4)

    def stop(self) -> None:
        self.due = NEVER

    def advance(self, last: str) -> tuple[float, str]:
        """Return the beat that was due and its label (`last` where none are written), and go on to the next."""
        beat, self.due = self.due, self._next(self.due)
        labels = self._labels.value.split()
        label = labels[self._turn % len(labels)] if labels else last
        self._turn += 1
        return beat, label

    def follow(self) -> None:
        """Take up another rhythm while the music plays."""
        if self._rhythm_now() == self._rhythm:
            return
        self._rhythm = self._rhythm_now()
        if self._transport.playing:
            ahead = self._tree.number("/engine/lookahead").value / 1000 * self._transport.bpm / 60
            self.due = self._next(self._transport.beat + ahead)

    def _rhythm_now(self) -> tuple[int, float]:
        return int(self._every.value), self._tree.number("/transport/beats_per_bar").value

    def _next(self, beat: float) -> float:
        """Return the beat of the first call after a beat."""
        every, bar = self._rhythm
        if not every:
            return NEVER
        number, unit = EVERY[every].split()
        span = int(number) * (bar if unit.startswith("bar") else 1.0)
        return (floor(round(beat / span, 6)) + 1) * span
