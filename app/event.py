"""What players send and devices sound.

Events are plain values with a time in beats and the name of the part that plays, so that a whole performance
can be compared, recorded and replayed without knowing any port.
"""

from __future__ import annotations

from dataclasses import dataclass

NOW = float("-inf")  # The beat of what has no place in the bar and leaves at once.


@dataclass(frozen=True, slots=True)
class NoteOn:
    """A note begins. `pitch` 0..127, `velocity` 1..127, `beat` in quarter notes since the start.

    `name` is what is struck, where pitches have names (drums, samples); `detune` is in semitones, -0.5..0.5.
    """

    beat: float
    part: str
    pitch: int
    velocity: int
    name: str = ""
    detune: float = 0.0


@dataclass(frozen=True, slots=True)
class NoteOff:
    """A note ends."""

    beat: float
    part: str
    pitch: int


@dataclass(frozen=True, slots=True)
class NoteVelocity:
    """A sounding note swells or fades to `velocity` 1..127 without being struck again."""

    beat: float
    part: str
    pitch: int
    velocity: int


@dataclass(frozen=True, slots=True)
class Control:
    """A continuous controller. `number` 0..127, `value` 0..127."""

    beat: float
    part: str
    number: int
    value: int


@dataclass(frozen=True, slots=True)
class Program:
    """Another sound is chosen. `number` 0..127."""

    beat: float
    part: str
    number: int


@dataclass(frozen=True, slots=True)
class Bend:
    """The pitch of all notes of a part is bent. `value` -8192..8191, 0 is unbent."""

    beat: float
    part: str
    value: int


@dataclass(frozen=True, slots=True)
class Pulse:
    """The clock for other machines. `kind` is tick (24 a beat), start, continue, stop or position (`value` in
    sixteenths)."""

    beat: float
    part: str
    kind: str
    value: int = 0


@dataclass(frozen=True, slots=True)
class Message:
    """Any OSC message. `arguments` are int, float or str; devices without such messages pass it over.

    `to` is a receiver (host, port) of its own; None means the ports that are on. With the beat NOW it takes the
    shortest way out.
    """

    beat: float
    part: str
    address: str
    arguments: tuple[int | float | str, ...] = ()
    to: tuple[str, int] | None = None


Event = NoteOn | NoteOff | NoteVelocity | Control | Program | Bend | Pulse | Message
