"""Which notes hold a source down, when it stands for many: any key of a keyboard, everything that a player plays.

Such a source goes down with the first note and is let go with the last, in whatever order they end.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable

from app.binding import PITCH, PLAYED, Source
from app.midi_source import Touch

Note = tuple[Hashable, ...]


class Gate:
    """Attributes: `down` (Source -> the notes that hold it)."""

    def __init__(self) -> None:
        self.down: dict[Source, set[Note]] = {}

    def strike(self, sources: Iterable[Source], note: Note) -> None:
        """A note begins that belongs to sources."""
        for source in sources:
            self.down.setdefault(source, set()).add(note)

    def end(self, note: Note) -> list[Source]:
        """A note ends; return the sources that nothing holds any more."""
        return self.end_all(lambda one: one == note)

    def end_all(self, ends: Callable[[Note], bool]) -> list[Source]:
        """Many notes end; return the sources that nothing holds any more."""
        let_go = []
        for source, notes in tuple(self.down.items()):
            left = {note for note in notes if not ends(note)}
            if not left:
                del self.down[source]
                let_go.append(source)
            elif len(left) != len(notes):
                self.down[source] = left
        return let_go


def pitch_of(touch: Touch) -> int | None:
    """Return the pitch of a key that was touched, None for any other control."""
    number = touch.name.removeprefix(PLAYED)
    return int(number) if number != touch.name and number.isdigit() else None


def played(touch: Touch, pitch: int) -> tuple[Touch, Touch]:
    """Return what the key of a pitch says for any note: how hard, and how high."""
    return (
        Touch(PLAYED, touch.channel, touch.port, touch.value),
        Touch(PITCH, touch.channel, touch.port, pitch / 127),
    )
