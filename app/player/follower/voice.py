"""What sounds of one channel: its last hit, when that ends, and which note comes next.

A hit of a drum ends by itself in every receiver that knows drums; its note-off is for those who hold notes. So it
comes soon and always, and before the next hit of the same channel.
"""

from __future__ import annotations

from app.event import Event, Message, NoteOff, NoteOn
from app.player.follower.program import Sound, Statement

VELOCITY = 100


class Voice:
    """One channel's sound. Attributes: `count` (hits since its notes began anew)."""

    def __init__(self) -> None:
        self.count = 0
        self._line: tuple[object, ...] = ()
        self._off: NoteOff | None = None

    def follow(self, statement: Statement) -> None:
        """Go on with a statement: its notes begin anew if what it plays is not what it played before."""
        line = (statement.pattern, statement.notes)
        if line != self._line:
            self._line, self.count = line, 0

    def rewind(self) -> None:
        """Begin the notes anew, with nothing sounding."""
        self.count, self._off = 0, None

    def pitch(self, statement: Statement) -> tuple[int, float]:
        """Return the pitch of the next hit and its detune in semitones; drums have one pitch."""
        if not statement.notes:
            return (statement.channel.sound.pitch if statement.channel.sound else 0), 0.0
        note = statement.notes[self.count % len(statement.notes)]
        pitch = min(max(round(note), 0), 127)
        return pitch, note - pitch

    def strike(self, statement: Statement, beat: float, velocity: int, until: float) -> list[Event]:
        """Return the events of a hit that ends at `until` unless the next one comes before."""
        sound = statement.channel.sound
        if sound is None:
            return []
        pitch, detune = self.pitch(statement)
        self.count += 1
        if sound.kind == "osc":
            return [Message(beat, sound.part, sound.text, (velocity,), sound.to)]
        ended = self.end(beat)
        self._off = NoteOff(until, sound.part, pitch)
        name = "" if sound.kind == "synth" else statement.name
        return [*ended, NoteOn(beat, sound.part, pitch, velocity, name, detune)]

    def skip(self) -> None:
        """Pass over a hit that is not heard; the notes go on."""
        self.count += 1

    def end(self, beat: float) -> list[Event]:
        """End what sounds, at `beat` at the latest."""
        off, self._off = self._off, None
        return [] if off is None else [NoteOff(min(off.beat, beat), off.part, off.pitch)]

    def end_before(self, beat: float) -> list[Event]:
        """End what is over before `beat`."""
        return self.end(beat) if self._off is not None and self._off.beat < beat else []


def is_synth(sound: Sound | None) -> bool:
    return sound is not None and sound.kind == "synth"
