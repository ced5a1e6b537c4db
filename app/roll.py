"""The notes of the last bars, for the eye and for what listens to other parts."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

from app.event import NOW, Event, NoteOff, NoteOn
from app.snapshot import RollNote


class Roll:
    """Notes as they were handed out. Attributes: `limit`, the number of finished notes kept."""

    def __init__(self, limit: int = 600) -> None:
        self._done: deque[RollNote] = deque(maxlen=limit)
        self._open: dict[tuple[str, int], RollNote] = {}
        self._picture: tuple[RollNote, ...] | None = ()

    def add(self, events: Iterable[Event], now: float = 0.0) -> None:
        """Take notes in; those that have no beat of their own are placed at the beat `now`."""
        for event in events:
            if not isinstance(event, NoteOn | NoteOff):
                continue
            key, beat = (event.part, event.pitch), now if event.beat == NOW else event.beat
            self._close(key, beat)
            self._picture = None
            if isinstance(event, NoteOn):
                self._open[key] = RollNote(event.part, event.pitch, event.velocity, beat, None)

    def release(self, beat: float, part: str | None = None) -> None:
        """End the notes of one part, or of all."""
        for key in [key for key in self._open if part is None or key[0] == part]:
            self._close(key, beat)
        self._picture = None

    def _close(self, key: tuple[str, int], beat: float) -> None:
        note = self._open.pop(key, None)
        if note is not None:
            end = max(beat, note.start)
            self._done.append(RollNote(note.part, note.pitch, note.velocity, note.start, end))

    def picture(self, since_beat: float) -> tuple[RollNote, ...]:
        """Return the notes that sound at or after a beat, oldest first; the same tuple while nothing changed."""
        if self._picture is None:
            done = [note for note in self._done if note.end is not None and note.end >= since_beat]
            self._picture = (*done, *self._open.values())
        return self._picture
