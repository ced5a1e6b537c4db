"""Tempo, beats and bars, on a clock that is passed in.

Musical time is a straight line between two tempo changes: beats and seconds convert exactly both ways, so a
step's due time is computed from its beat and never from the step before it. So the tempo cannot drift.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Bend:
    """How the times of beats that are still to come moved: what was due at `start` is due at `end`.

    What is due after `since` moves with it, its distance from `start` stretched by `ratio`. All but that in seconds.
    """

    since: float
    start: float
    end: float
    ratio: float

    def time(self, seconds: float) -> float:
        """Return when something is due now that was due at `seconds`."""
        return seconds if seconds <= self.since else self.end + (seconds - self.start) * self.ratio


class Transport:
    """Where the music is.

    Attributes: `clock`, `playing`, `beats_per_bar`, `bpm` (quarter notes a minute), `bent` (is told when the times of
    beats to come move while it plays).
    """

    def __init__(self, clock: Clock, bpm: float = 120.0, beats_per_bar: int = 4) -> None:
        self.clock = clock
        self.playing = False
        self.beats_per_bar = beats_per_bar
        self.bent: Callable[[Bend], None] = lambda _bend: None
        self._bpm = bpm
        self._beat = 0.0
        self._time = 0.0
        self._coming: tuple[float, float] | None = None  # Beat and tempo of a change that is known ahead.

    @property
    def bpm(self) -> float:
        """The tempo now."""
        self._settle()
        return self._bpm

    def beat_at(self, seconds: float) -> float:
        """Return the beat at a time of the clock; a stopped transport stays where it is."""
        return self.place(seconds) if self.playing else self._beat

    def time_at(self, beat: float) -> float:
        """Return when a beat falls, in seconds of the clock, as far as the tempo is known now."""
        if self._coming is not None and beat > self._coming[0]:
            turn, bpm = self._coming
            return self.time_at(turn) + (beat - turn) * 60 / bpm
        return self._time + (beat - self._beat) * 60 / self._bpm

    def place(self, seconds: float) -> float:
        """Return the beat whose `time_at` is this time, also while it stands still."""
        beat = self._beat + (seconds - self._time) * self._bpm / 60
        if self._coming is not None and beat > self._coming[0]:
            turn, bpm = self._coming
            return turn + (seconds - self.time_at(turn)) * bpm / 60
        return beat

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
        self._settle()
        self._beat = self.beat
        self._arrive()
        self.playing = False

    def locate(self, beat: float) -> None:
        """Go to a beat."""
        self._arrive()
        self._beat, self._time = beat, self.clock.now()

    def set_tempo(self, bpm: float) -> None:
        """Change the tempo from now on; the beat reached stays the beat reached."""
        self._settle()
        if self._coming is not None and self._coming[1] == bpm:
            return  # It is on its way, and its beat is known.
        self._coming = None
        now = self.clock.now()
        # Before the count-in has passed, the first beat must stay in the future.
        if self.playing and now >= self._time:
            self._beat, self._time = self.beat_at(now), now
        before, self._bpm = self._bpm, bpm
        self._tell(now, self._time, self._time, before / bpm)

    def set_tempo_at(self, beat: float, bpm: float) -> None:
        """Change the tempo at a beat that is computed ahead of its time; a beat that has passed means now."""
        self._settle()
        if self.playing and beat > self.beat:
            self._coming = (beat, bpm)
            turn = self.time_at(beat)
            self._tell(turn, turn, turn, self._bpm / bpm)
        else:
            self._coming = None
            self.set_tempo(bpm)

    def nudge(self, seconds: float) -> None:
        """Shift what is to come by seconds, later if above 0; beats that were played stay played."""
        self._settle()
        before, self._time = self._time, self._time + seconds
        self._tell(self.clock.now(), before, self._time, 1.0)

    def _tell(self, since: float, start: float, end: float, ratio: float) -> None:
        if self.playing and (ratio != 1.0 or start != end):
            self.bent(Bend(since, start, end, ratio))

    def _settle(self) -> None:
        """Take over a change of tempo whose beat has come."""
        if self._coming is None or not self.playing:
            return
        turn, bpm = self._coming
        seconds = self.time_at(turn)
        if self.clock.now() >= seconds:
            self._beat, self._time, self._bpm, self._coming = turn, seconds, bpm, None

    def _arrive(self) -> None:
        """Take over a change of tempo whose beat will not come any more."""
        if self._coming is not None:
            self._bpm, self._coming = self._coming[1], None

    def next_bar(self, beat: float) -> float:
        """Return the first bar line at or after a beat."""
        bars = math.ceil(round(beat / self.beats_per_bar, 9))
        return float(bars * self.beats_per_bar)
