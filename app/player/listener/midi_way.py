"""How one output of the Listener leaves as MIDI: a controller, a held note, a program, a pitch bend.

What would say the same again is not sent. A note is held while its class lasts, so its end is remembered here with
the beat at which it begins: a note that is queued for the next beat must not be ended before it has begun.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from app.event import Bend, Control, Event, NoteOff, NoteOn, Program

MODES = ("off", "cc", "note", "program", "bend")
VELOCITY = 100
BEND_LOW, BEND_SPAN = -8192, 16383
HIGHEST = 127


@dataclass(frozen=True, slots=True)
class Word:
    """What an output says of a frame.

    Attributes: `number` (of a label, or a value), `name` (of the label; "": it is a value), `position` (where a value
    stands in its range, 0..1), `seven` (the same as MIDI shows it, 0..127).
    """

    number: float
    name: str = ""
    position: float = 0.0
    seven: int = 0


@dataclass(frozen=True, slots=True)
class Held:
    """A note that sounds, or will from `beat` on."""

    part: str
    pitch: int
    beat: float


class MidiWay:
    """Attributes: `mode` (one of MODES), `held` (the note that lasts)."""

    def __init__(self) -> None:
        self.mode = "off"
        self.held: Held | None = None
        self._part, self._number = "", 0
        self._loose: list[Held] = []
        self._sent: Event | None = None
        self._pitch: int | None = None

    @property
    def owing(self) -> bool:
        """Whether there are notes to be ended."""
        return self.held is not None or bool(self._loose)

    @property
    def loose(self) -> bool:
        """Whether there are notes to be ended at once."""
        return bool(self._loose)

    def change(self, mode: str, part: str, number: int) -> None:
        """Lead another way; a note that is held on the old one has to be released."""
        if (mode, part, number) != (self.mode, self._part, self._number):
            self._let_go()
            self.mode, self._part, self._number = mode, part, number
            self.repeat()

    def repeat(self) -> None:
        """Say even what was said before."""
        self._sent = self._pitch = None

    def forget(self) -> None:
        """Owe nothing: all notes were released by somebody else."""
        self.held, self._loose = None, []

    def say(self, word: Word, beat: float, here: float) -> list[Event]:
        """Return what leaves at a beat; `here` is the music's beat now."""
        if self.mode == "note":
            return self._strike(self._choice(word), beat, here)
        event = self._event(word, beat)
        if event is None or (said := replace(event, beat=0.0)) == self._sent:
            return []
        self._sent = said
        return [event]

    def release(self, beat: float, here: float) -> list[Event]:
        """Return the ends of all notes, none before its beginning."""
        self._let_go()
        loose, self._loose = self._loose, []
        return [NoteOff(beat if one.beat <= max(beat, here) else one.beat, one.part, one.pitch) for one in loose]

    def _let_go(self) -> None:
        if self.held is not None:
            self._loose.append(self.held)
            self.held = None

    def _strike(self, pitch: int | None, beat: float, here: float) -> list[Event]:
        """Hold this note and no other."""
        if pitch == self._pitch:
            return []
        self._pitch = pitch
        events = self.release(beat, here)
        if pitch is not None:
            self.held = Held(self._part, pitch, beat)
            events.append(NoteOn(beat, self._part, pitch, VELOCITY))
        return events

    def _event(self, word: Word, beat: float) -> Control | Program | Bend | None:
        match self.mode:
            case "cc":
                value = min(int(word.number), HIGHEST) if word.name else word.seven
                return Control(beat, self._part, self._number, value)
            case "program":
                chosen = self._choice(word)
                return None if chosen is None else Program(beat, self._part, chosen)
            case "bend" if not word.name:
                return Bend(beat, self._part, round(BEND_LOW + BEND_SPAN * word.position))
        return None

    def _choice(self, word: Word) -> int | None:
        """Return the note or program that a word stands for, None for no class."""
        if not word.name:
            return word.seven
        return min(self._number + int(word.number) - 1, HIGHEST) if word.number > 0 else None
