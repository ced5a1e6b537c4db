"""The notes of a span, from what was sent and what was played by hand.

What was handed to the ports is not always what sounded: a stop withdraws what was not yet due and ends what sounds. So
notes are made by going through the span once, just as the ports did.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, replace

from app.recorder_tape import EVENT, ITEM, PANIC, PLACE, RELEASE, Entry

HAND = "hand"  # The part of what came in over MIDI.
NOTE_OFF, NOTE_ON, CONTROL, SOUND_OFF = 0x80, 0x90, 0xB0, 120


@dataclass(frozen=True, slots=True)
class Note:
    """A note that sounded.

    Attributes: `part`, `pitch`, `velocity`, `start` and `end` in seconds, `name` (of a drum).
    """

    part: str
    pitch: int
    velocity: int
    start: float
    end: float
    name: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """How beats passed from a moment on. Attributes: `seconds`, `playing`, `bpm`, `zero` (the beat at second 0)."""

    seconds: float
    playing: bool
    bpm: float
    zero: float
    beats_per_bar: int


class Axis:
    """Musical time of a span, also where the transport stood still: the tempo then goes on silently.

    Attributes: `lines` (in order, at least one).
    """

    def __init__(self, lines: Iterable[Line]) -> None:
        self.lines = list(lines) or [Line(0.0, False, 120.0, 0.0, 4)]
        self._times = [line.seconds for line in self.lines]
        self._passed = [0.0]
        for line, following in zip(self.lines, self.lines[1:], strict=False):
            self._passed.append(self._passed[-1] + (following.seconds - line.seconds) * line.bpm / 60)

    def _index(self, seconds: float) -> int:
        return max(bisect_right(self._times, seconds) - 1, 0)

    def line(self, seconds: float) -> Line:
        """Return the line that holds at a time."""
        return self.lines[self._index(seconds)]

    def passed(self, seconds: float) -> float:
        """Return how many beats passed since the first line began, whether or not the music played."""
        index = self._index(seconds)
        return self._passed[index] + (seconds - self._times[index]) * self.lines[index].bpm / 60

    def beat(self, seconds: float) -> float:
        """Return the transport's beat at a time."""
        line = self.line(seconds)
        return line.zero + seconds * line.bpm / 60


def axis_of(entries: Iterable[Entry]) -> Axis:
    """Return the musical time of entries."""
    return Axis(Line(*entry[1:6]) for entry in entries if entry[0] == PLACE and entry[2] != "lost")


class Notes:
    """Gathers notes from entries. Attributes: `done` (those that ended)."""

    def __init__(self) -> None:
        self.done: list[Note] = []
        self._open: dict[tuple[str, int], Note] = {}

    def take(self, entry: Entry) -> None:
        """Go on by one entry."""
        if entry[2:3] == ("lost",):
            return
        kind, seconds = entry[0], entry[1]
        if kind == EVENT and entry[3] == "on":
            self._strike(Note(entry[5], entry[6], entry[7], max(entry[2], seconds), float("inf"), entry[8]))
        elif kind == EVENT and entry[3] == "off":
            self._end(entry[5], entry[6], max(entry[2], seconds))
        elif kind == RELEASE:
            self._hush(seconds, entry[2])
        elif kind == PANIC:
            self._hush(seconds, None)
        elif kind == ITEM and entry[2] == "midi":
            self._hand(entry[3], entry[5])

    def _strike(self, note: Note) -> None:
        self._end(note.part, note.pitch, note.start)
        self._open[note.part, note.pitch] = note

    def _end(self, part: str, pitch: int, seconds: float) -> None:
        note = self._open.pop((part, pitch), None)
        if note is not None and seconds > note.start:
            self.done.append(replace(note, end=seconds))

    def _hush(self, seconds: float, part: str | None) -> None:
        """End what sounds at a moment, and forget what was to come."""
        late = [note for note in self.done if note.end > seconds and part in (None, note.part) and note.part != HAND]
        for note in late:
            self.done.remove(note)
            if note.start < seconds:
                self.done.append(replace(note, end=seconds))
        for own, pitch in [key for key in self._open if part in (None, key[0]) and key[0] != HAND]:
            self._end(own, pitch, seconds)

    def _hand(self, seconds: float, data: bytes) -> None:
        """Take what came in over MIDI."""
        if len(data) != 3:
            return
        kind = data[0] & 0xF0
        if kind == NOTE_ON and data[2]:
            self._strike(Note(HAND, data[1], data[2], seconds, float("inf")))
        elif kind in (NOTE_OFF, NOTE_ON):
            self._end(HAND, data[1], seconds)
        elif kind == CONTROL and data[1] >= SOUND_OFF and data[1] != 121:
            for part, pitch in [key for key in self._open if key[0] == HAND]:
                self._end(part, pitch, seconds)

    def finish(self, seconds: float) -> list[Note]:
        """Return all notes in the order in which they begin; what still sounds ends now."""
        for part, pitch in tuple(self._open):
            self._end(part, pitch, seconds)
        return sorted(self.done, key=lambda note: (note.start, note.part, note.pitch))


def notes_of(entries: Iterable[Entry], start: float, end: float) -> list[Note]:
    """Return the notes that begin in a span, cut at its end."""
    notes = Notes()
    for entry in entries:
        notes.take(entry)
    found = notes.finish(end)
    return [replace(note, end=min(note.end, end)) for note in found if start <= note.start < end]
