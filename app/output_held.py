"""The notes that are believed to sound, as far as they were handed over.

The process that sends knows exactly what sounds, and takes that knowledge with it when it dies. So a second list is
kept here: a little behind, for a note whose end waits in that process counts as sounding, and never short of a note.
"""

from __future__ import annotations

from app.event import Event, NoteOff, NoteOn

ENDED_S = 0.6  # So long after its due time a note has ended, whatever latency its port has.
Note = tuple[str, int]


class Held:
    """Attributes: `notes` ((part, pitch) believed to sound)."""

    def __init__(self) -> None:
        self.notes: set[Note] = set()
        self._ending: dict[Note, float] = {}

    def take(self, due: float, event: Event) -> None:
        """Learn of an event that is handed over and when it is due, in seconds of the clock."""
        if isinstance(event, NoteOn):
            self.notes.add((event.part, event.pitch))
            self._ending.pop((event.part, event.pitch), None)
        elif isinstance(event, NoteOff):
            # Its end still waits in the other process, and would be lost with it.
            self._ending[event.part, event.pitch] = due

    def release(self, part: str | None = None) -> None:
        """Learn that the notes of a part, or of all, have ended."""
        self.notes = {note for note in self.notes if part is not None and note[0] != part}

    def hand_over(self) -> tuple[Note, ...]:
        """Return all notes, in order, for somebody else to end; none is held then."""
        notes = tuple(sorted(self.notes))
        self.notes.clear()
        return notes

    def forget_ended(self, now: float) -> None:
        """Believe that a note has ended once its note-off must have left."""
        for note in [note for note, due in self._ending.items() if due + ENDED_S < now]:
            del self._ending[note]
            self.notes.discard(note)
