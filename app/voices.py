"""Held notes of one part: a target goes in, the fewest events that reach it come out.

A player says what should sound; only this book knows what does. So a part can be handed from one model to
another, muted or stopped without any player remembering its own notes.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from app.event import Event, NoteOff, NoteOn, NoteVelocity


class Voices:
    """The notes that one part holds. Attributes: `part`, `held` (pitch -> velocity)."""

    def __init__(self, part: str) -> None:
        self.part = part
        self.held: dict[int, int] = {}

    def move(self, beat: float, target: Mapping[int, int], struck: Collection[int] = ()) -> list[Event]:
        """Return the events that turn what is held into `target` (pitch -> velocity 1..127).

        A pitch in `struck` begins anew even if it is held. Note-offs come first, then note-ons, then swells.
        """
        leaving = [pitch for pitch in self.held if pitch not in target or pitch in struck]
        entering = [pitch for pitch in target if pitch not in self.held or pitch in struck]
        staying = [
            pitch
            for pitch in target
            if pitch in self.held and pitch not in struck and target[pitch] != self.held[pitch]
        ]
        events: list[Event] = [NoteOff(beat, self.part, pitch) for pitch in leaving]
        events += [NoteOn(beat, self.part, pitch, target[pitch]) for pitch in entering]
        events += [NoteVelocity(beat, self.part, pitch, target[pitch]) for pitch in staying]
        self.held = dict(target)
        return events

    def release(self, beat: float) -> list[Event]:
        """Return the note-offs for everything held."""
        return self.move(beat, {})
