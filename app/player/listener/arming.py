"""Recording by the clock: after a count-in, for a number of beats.

Who stands at an instrument has no hand free to hold a key. Frames are sorted by their own time, so a take begins and
ends exactly on its beats, whenever the engine looks. While the music stands the beats come from a pendulum at the same
tempo, and a take that the music leaves behind goes on with it.
"""

from __future__ import annotations

from math import ceil, inf
from typing import Literal

from app.event import Event, NoteOff, NoteOn
from app.launch import span
from app.transport import Transport

Phase = Literal["", "count", "take", "over"]

PART = "listener"
FIRST_PITCH, PITCH, VELOCITY, CLICK_S = 91, 84, 100, 0.05
CLOSE = 1e-6  # Beats: a frame at the very moment of a beat belongs to it.


class Arming:
    """A take that is to come, or that runs by the clock.

    Attributes: `label` (what it will be recorded under, 0: not armed).
    """

    def __init__(self, transport: Transport) -> None:
        self.label = 0
        self._music = transport
        self._pendulum = self._line = Transport(transport.clock, transport.bpm)
        self._first = self._last = inf
        self._click = inf

    def arm(self, label: int, count_in: int, length: int, waits: str = "beat") -> None:
        """Count from the music's next beat, or from now if it stands; `length` 0 records until `disarm`.

        `waits`: where in the music the take begins; the count-in comes later for that.
        """
        self.label = label
        if self._music.playing:
            grid = span(waits, self._music.beats_per_bar)
            first = ceil(round((ceil(self._music.beat - CLOSE) + count_in) / grid, 6)) * grid
            self._line, start = self._music, first - count_in
        else:
            self._swing(0.0)
            start = 0.0
        self._click, self._first = start, start + count_in
        self._last = self._first + length if length else inf

    def disarm(self) -> None:
        self.label = 0

    def stop(self) -> None:
        """The music stopped: the pendulum goes on from the same beat."""
        if self.label and self._line is self._music:
            self._swing(self._music.beat)

    def follow_tempo(self) -> None:
        """Swing at the music's tempo from now on."""
        self._pendulum.set_tempo(self._music.bpm)

    def phase(self, seconds: float) -> Phase:
        """Return what a time of the clock belongs to: the count-in, the take, or what comes after it."""
        if not self.label:
            return ""
        beat = self._line.beat_at(seconds) + CLOSE
        if beat < self._first:
            return "count"
        return "take" if beat < self._last else "over"

    def left(self, seconds: float) -> tuple[float, float]:
        """Return the beats left of the count-in and of the take (0: not begun, or without end)."""
        phase, beat = self.phase(seconds), self._line.beat_at(seconds)
        if phase == "count":
            return self._first - beat, 0.0
        return 0.0, self._last - beat if phase == "take" and self._last < inf else 0.0

    def clicks(self, until: float) -> list[Event]:
        """Return the clicks of the count-in that fall before a time of the clock and were not returned yet."""
        events: list[Event] = []
        while self.label and self._click < self._first and self._line.time_at(self._click) <= until:
            due = self._line.time_at(self._click)
            pitch = PITCH if events or self._click + 1 <= self._first - 1 else FIRST_PITCH
            events.append(NoteOn(self._music.place(due), PART, pitch, VELOCITY))
            events.append(NoteOff(self._music.place(due + CLICK_S), PART, pitch))
            self._click += 1
        return events

    def _swing(self, beat: float) -> None:
        self._pendulum = self._line = Transport(self._music.clock, self._music.bpm)
        self._pendulum.locate(beat)
        self._pendulum.start()
