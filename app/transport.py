"""Tempo, beats and bars, on a clock that is passed in.

Musical time is a straight line between two tempo changes: beats and seconds convert exactly both ways, so a
step's due time is computed from its beat and never from the step before it. So the tempo cannot drift.
"""

from __future__ import annotations

import math
import time
from typing import Protocol


class Clock(Protocol):
    """Where seconds come from. Every process of the instrument reads the same system-wide clock."""

    def now(self) -> float:
        """Return seconds on a clock that never goes back."""


class WallClock:
    """Real time."""

    def now(self) -> float:
        return time.perf_counter()


class OfflineClock:
    """Time that moves only when told to: tests and renders run on it as fast as they can.

    Attributes: `seconds`, the time it shows.
    """

    def __init__(self, seconds: float = 0.0) -> None:
        self.seconds = seconds

    def now(self) -> float:
        return self.seconds

    def advance(self, seconds: float) -> None:
        self.seconds += seconds


class Transport:
    """Where the music is.

    Attributes: `clock`, `playing`, `bpm` (quarter notes a minute), `beats_per_bar`.
    """

    def __init__(self, clock: Clock, bpm: float = 120.0, beats_per_bar: int = 4) -> None:
        self.clock = clock
        self.playing = False
        self.bpm = bpm
        self.beats_per_bar = beats_per_bar
        self._beat = 0.0
        self._time = 0.0

    def beat_at(self, seconds: float) -> float:
        """Return the beat at a time of the clock; a stopped transport stays where it is."""
        if not self.playing:
            return self._beat
        return self._beat + (seconds - self._time) * self.bpm / 60

    def time_at(self, beat: float) -> float:
        """Return when a beat falls, in seconds of the clock, as far as the tempo is known now."""
        return self._time + (beat - self._beat) * 60 / self.bpm

    def place(self, seconds: float) -> float:
        """Return the beat whose `time_at` is this time, also while it stands still."""
        return self._beat + (seconds - self._time) * self.bpm / 60

    @property
    def beat(self) -> float:
        """The beat now; never before the beat it started from."""
        return max(self.beat_at(self.clock.now()), self._beat)

    def start(self, seconds: float | None = None) -> None:
        """Play from where it stands; beats count from `seconds` (now, unless given)."""
        if not self.playing:
            self._time = self.clock.now() if seconds is None else seconds
            self.playing = True

    def stop(self) -> None:
        """Stand still at the beat reached."""
        self._beat = self.beat
        self.playing = False

    def locate(self, beat: float) -> None:
        """Go to a beat."""
        self._beat, self._time = beat, self.clock.now()

    def set_tempo(self, bpm: float) -> None:
        """Change the tempo from now on; the beat reached stays the beat reached."""
        now = self.clock.now()
        # Before the count-in has passed, the first beat must stay in the future.
        if self.playing and now >= self._time:
            self._beat, self._time = self.beat_at(now), now
        self.bpm = bpm

    def nudge(self, seconds: float) -> None:
        """Shift what is to come by seconds, later if above 0; beats that were played stay played."""
        self._time += seconds

    def next_bar(self, beat: float) -> float:
        """Return the first bar line at or after a beat."""
        bars = math.ceil(round(beat / self.beats_per_bar, 9))
        return float(bars * self.beats_per_bar)
