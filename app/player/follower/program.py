"""What a program says: plain values that compare as their meaning, not as their spelling.

Whether anything changed at an evaluation is asked of these values, so places in the text and comments do not count:
the same line written again goes on as if nothing had happened.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from app.player.follower.pattern import Pattern
from app.snapshot_follower import ProgramFault

DRUMS = MappingProxyType({"kick": 36, "snare": 38, "closedhat": 42, "openhat": 46})
SYNTHS = ("lead", "bass")
ROLES = ("source", "learn", "predict")
KNOBS = MappingProxyType({"cut": 71.0, "res": 50.0, "env": 50.0})
EFFECTS = ("dist", "amp", "lpf", "hpf")
PLAIN = Pattern()  # Once a bar.
FREE_PITCH = 60  # Channels of one's own take pitches from here up.


class ProgramError(Exception):
    """A text is no program. Attributes: `fault` (where, and a sentence)."""

    def __init__(self, fault: ProgramFault) -> None:
        super().__init__(f"{fault.line}:{fault.column}: {fault.text}")
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Argument:
    """A number, or what moves: `source` is "mousex", "mousey", "cc21" or a Parameter's address ("": the number)."""

    value: float = 0.0
    source: str = ""

    def show(self) -> str:
        return f"_{self.source}" if self.source else show_number(self.value)


@dataclass(frozen=True, slots=True)
class Effect:
    """One link of a chain: `kind` is dist, amp, lpf or hpf."""

    kind: str
    argument: Argument


@dataclass(frozen=True, slots=True)
class Sound:
    """Where a channel's hits go.

    `kind` is "drum", "synth", "sample", "midi" or "osc"; `part` and `pitch` as in events; `text` is a sample's path
    or an OSC address, `to` its receiver (None: where OSC goes).
    """

    kind: str
    part: str = "drums"
    pitch: int = 0
    text: str = ""
    to: tuple[str, int] | None = None


@dataclass(frozen=True, slots=True)
class Ear:
    """Who plays a channel from outside: `kind` is "midi" (note `number` on `channel`, 0: any), "osc" or "heard"
    (`text`: an address, a label of the Listener)."""

    kind: str
    number: int = 0
    channel: int = 0
    text: str = ""


@dataclass(frozen=True, slots=True)
class Channel:
    """A name that can be played: it has a sound, an ear, or both."""

    name: str
    sound: Sound | None = None
    ear: Ear | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands in a text: `line` and `column` from 1, `start` and `end` in characters from 0."""

    line: int = 1
    column: int = 1
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Statement:
    """What one channel does. `notes` and `knobs` belong to synths; `place` does not count when two are compared."""

    channel: Channel
    role: str = ""
    pattern: Pattern = PLAIN
    notes: tuple[float, ...] = ()
    knobs: tuple[tuple[str, Argument], ...] = ()
    effects: tuple[Effect, ...] = ()
    place: Place = field(default_factory=Place, compare=False)

    @property
    def name(self) -> str:
        return self.channel.name

    def show(self) -> str:
        """Return the statement as text that parses to it."""
        pattern = self.pattern
        text = f"{self.role} {self.name}" if self.role else self.name
        if pattern.cycles != 1:
            text += f"*{show_number(pattern.cycles)}"
        if pattern.offset:
            text += f"+{show_number(pattern.offset)}"
        if pattern.ratios != (1.0,) or self.notes:
            text += " " + show_numbers(pattern.ratios)
        if self.notes:
            text += " " + show_numbers(self.notes)
        text += "".join(f" {knob}{argument.show()}" for knob, argument in self.knobs)
        if self.effects:
            chain = ", ".join(f"{effect.kind}:{effect.argument.show()}" for effect in self.effects)
            text += f" ({chain})"
        return text


@dataclass(frozen=True, slots=True)
class Program:
    """A whole program: one statement a channel, in the order of the text.

    `bpm` is None where the text names no tempo; `channels` are all names that can be played; `warnings` are
    sentences about what was taken differently from how it was written.
    """

    statements: tuple[Statement, ...] = ()
    bpm: float | None = None
    channels: Mapping[str, Channel] = field(default_factory=dict)
    text: str = field(default="", compare=False)
    warnings: tuple[str, ...] = field(default=(), compare=False)

    def of(self, role: str) -> tuple[Statement, ...]:
        return tuple(statement for statement in self.statements if statement.role == role)

    def find(self, name: str) -> Statement | None:
        return next((statement for statement in self.statements if statement.name == name), None)


def show_number(value: float) -> str:
    """Return a number as a program writes it: no exponent, no needless zeros."""
    text = f"{value:.12f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def show_numbers(values: tuple[float, ...]) -> str:
    return ",".join(show_number(value) for value in values)


def own_channels() -> dict[str, Channel]:
    """Return the channels that are there without being defined."""
    drums = {name: Channel(name, Sound("drum", "drums", pitch)) for name, pitch in DRUMS.items()}
    return drums | {name: Channel(name, Sound("synth", name)) for name in SYNTHS}
