"""What left in a recording and in its replay, and where the two part."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

from app.command import Panic, Release
from app.event import Event
from app.recorder_pack import unpack_event
from app.recorder_tape import EVENT, PANIC, RELEASE, Entry
from app.recording import Recording, RecordingError

NEAR_S = 0.02  # A turn of the real thing is not a moment.


@dataclass(frozen=True, slots=True)
class Sent:
    """What was handed to the ports. Attributes: `due` (seconds of the clock), `what`."""

    due: float
    what: Event | Release | Panic

    @property
    def part(self) -> str:
        """Whose it is, "" for everybody's."""
        return "" if isinstance(self.what, Panic) else self.what.part or ""

    def show(self, start: float) -> str:
        """Return one line: seconds since the start, and what it is."""
        name = type(self.what).__name__
        values = ", ".join(f"{one.name}={getattr(self.what, one.name)!r}" for one in fields(self.what))
        return f"{self.due - start:10.4f}  {name}({values})"


@dataclass(frozen=True, slots=True)
class Difference:
    """Where two runs part. Attributes: `part`, `place` (counted from 0 within the part), `recorded`, `replayed`."""

    part: str
    place: int
    recorded: Sent | None
    replayed: Sent | None

    def show(self, start: float) -> str:
        """Return what is different, in three lines."""
        one = "nothing more" if self.recorded is None else self.recorded.show(start)
        other = "nothing more" if self.replayed is None else self.replayed.show(start)
        return f"{self.part or 'everybody'}, event {self.place + 1}:\n  recorded {one}\n  replayed {other}"


def recorded(recording: Recording) -> list[Sent]:
    """Return what left when it was recorded; RecordingError if a line makes no sense."""
    return [_sent(entry) for entry in recording.entries if entry[0] in (EVENT, RELEASE, PANIC)]


def _sent(entry: Entry) -> Sent:
    try:
        if entry[0] == RELEASE:
            return Sent(entry[1], Release(entry[2]))
        if entry[0] == PANIC:
            return Sent(entry[1], Panic())
        return Sent(float(entry[2]), unpack_event(entry[3], entry[4:]))
    except (ValueError, TypeError, IndexError) as error:
        raise RecordingError(f"What left at {entry[1]} cannot be read: {error}") from error


def compare(one: Sequence[Sent], other: Sequence[Sent], near_s: float = NEAR_S) -> Difference | None:
    """Return the first difference between what was recorded and what came again, None if they are the same.

    Each part is compared by itself: which of two parts is asked first within a turn is no music.
    """
    for part in dict.fromkeys(sent.part for sent in (*one, *other)):
        mine = [sent for sent in one if sent.part == part]
        theirs = [sent for sent in other if sent.part == part]
        for place, (was, came) in enumerate(itertools.zip_longest(mine, theirs)):
            if was is None or came is None or not _same(was, came, near_s):
                return Difference(part, place, was, came)
    return None


def _same(one: Sent, other: Sent, near_s: float) -> bool:
    if type(one.what) is not type(other.what) or not _near(one.due, other.due, near_s):
        return False
    names = [field.name for field in fields(one.what)]
    return all(_near(getattr(one.what, name), getattr(other.what, name), 1e-6) for name in names)


def _near(one: Any, other: Any, within: float) -> bool:
    if isinstance(one, float) and isinstance(other, float | int):
        return one == other or abs(one - other) <= within or (one != one and other != other)
    if isinstance(one, tuple) and isinstance(other, tuple):
        return len(one) == len(other) and all(_near(a, b, within) for a, b in zip(one, other, strict=True))
    return bool(one == other)
