"""MIDI messages as sources of Bindings: what a knob, key, wheel or program button is called, and where it stands.

A name says what was touched ("cc21", "note60", "bend", "pressure", "program5"; "cc1+" is a pair of controllers with
fourteen bits, "nrpn300" and "nrpn300+" a numbered parameter in seven and fourteen), the index of the Source its channel
and its port the controller. A Binding of channel 0 hears all channels and one without a port all controllers, because
most performers never think of either.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.binding import Source

NOTE_OFF, NOTE_ON, KEY_PRESSURE, CONTROL, PROGRAM, PRESSURE, BEND = range(0x80, 0xF0, 0x10)
SYSEX, REALTIME = 0xF0, 0xF8
SEVEN_BITS, FOURTEEN_BITS = 127, 16383
SHORT = (PROGRAM, PRESSURE)  # The other channel messages have three bytes.
ANY = 0
DATA, DATA_FINE, FINE = 6, 38, 32
SELECTS = {99: ("nrpn", 0), 98: ("nrpn", 1), 101: ("rpn", 0), 100: ("rpn", 1)}
NOTHING = (127, 127)


@dataclass(frozen=True, slots=True)
class Touch:
    """Something that was moved. Attributes: `name`, `channel` 1..16, `port` (the controller), `value` 0..1."""

    name: str
    channel: int
    port: str
    value: float

    @property
    def source(self) -> Source:
        """The Source that means exactly this."""
        return Source("midi", self.name, self.channel, self.port)

    @property
    def sources(self) -> tuple[Source, ...]:
        """All Sources that mean this, on its channel and any, from its port and any."""
        anywhere = (Source("midi", self.name, self.channel), Source("midi", self.name, ANY))
        if not self.port:
            return anywhere
        return (self.source, Source("midi", self.name, ANY, self.port), *anywhere)


def touched(data: Sequence[int]) -> tuple[tuple[Source, ...], float] | None:
    """Return the Sources that a message speaks for (on its channel, on any) and their value 0..1; None for others."""
    if not data or not NOTE_OFF <= data[0] < SYSEX or len(data) < _length(data[0]):
        return None
    if any(not 0 <= byte <= SEVEN_BITS for byte in data[1 : _length(data[0])]):
        return None
    name, value = _named(data[0] & 0xF0, data)
    touch = Touch(name, (data[0] & 15) + 1, "", value)
    return touch.sources, value


def _length(status: int) -> int:
    return 2 if status & 0xF0 in SHORT else 3


def _named(kind: int, data: Sequence[int]) -> tuple[str, float]:
    first, last = data[1], data[_length(kind) - 1]
    match kind:
        case 0x80:
            return f"note{first}", 0.0
        case 0x90:
            return f"note{first}", last / SEVEN_BITS
        case 0xA0:
            return f"pressure{first}", last / SEVEN_BITS
        case 0xB0:
            return f"cc{first}", last / SEVEN_BITS
        case 0xC0:
            return f"program{first}", 1.0
        case 0xD0:
            return "pressure", last / SEVEN_BITS
        case _:
            return "bend", (first + 128 * last) / FOURTEEN_BITS


def messages(data: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """Yield the channel messages in any bytes: running status is written out, the rest and garbage are left out."""
    status, held = 0, list[int]()
    for byte in data:
        if REALTIME <= byte <= 0xFF:
            continue  # May stand anywhere, even inside another message.
        if byte >= NOTE_OFF:
            status, held = (byte if byte < SYSEX else 0), []
        elif status and byte >= 0:
            held.append(byte)
            if len(held) == _length(status) - 1:
                yield (status, *held)
                held = []


class MidiReader:
    """Reads what single messages cannot say: controllers in pairs and numbered parameters.

    It remembers the coarse half of each pair and the parameter that is selected, for each channel of each port.
    """

    def __init__(self) -> None:
        self._coarse: dict[tuple[str, int, int], int] = {}
        self._selected: dict[tuple[str, int], tuple[str, list[int]]] = {}

    def read(self, port: str, data: Sequence[int]) -> list[Touch]:
        """Return all that a message, or several in running status, touches."""
        found: list[Touch] = []
        for message in messages(data):
            channel = (message[0] & 15) + 1
            name, value = _named(message[0] & 0xF0, message)
            found.append(Touch(name, channel, port, value))
            if message[0] & 0xF0 == CONTROL:
                found += self._composed(port, channel, message[1], message[2])
        return found

    def _composed(self, port: str, channel: int, number: int, value: int) -> Iterator[Touch]:
        if number in SELECTS:
            self._select(port, channel, number, value)
            return
        if number in (DATA, DATA_FINE):
            yield from self._numbered(port, channel, number, value)
        if number < FINE:
            self._coarse[port, channel, number] = value
        elif number < 2 * FINE and (coarse := self._coarse.get((port, channel, number - FINE))) is not None:
            yield Touch(f"cc{number - FINE}+", channel, port, (coarse * 128 + value) / FOURTEEN_BITS)

    def _select(self, port: str, channel: int, number: int, value: int) -> None:
        kind, half = SELECTS[number]
        known = self._selected.get((port, channel))
        halves = known[1] if known is not None and known[0] == kind else [-1, -1]
        halves[half] = value
        self._selected[port, channel] = (kind, halves)

    def _numbered(self, port: str, channel: int, number: int, value: int) -> Iterator[Touch]:
        kind, halves = self._selected.get((port, channel), ("", [-1, -1]))
        if not kind or -1 in halves or tuple(halves) == NOTHING:
            return
        name = f"{kind}{halves[0] * 128 + halves[1]}"
        if number == DATA:
            yield Touch(name, channel, port, value / SEVEN_BITS)
        elif (coarse := self._coarse.get((port, channel, DATA))) is not None:
            yield Touch(f"{name}+", channel, port, (coarse * 128 + value) / FOURTEEN_BITS)


def sends(source: Source, value: float, channel: int = 1) -> list[tuple[int, ...]]:
    """Return the messages that say to a controller where a source stands, 0..1; [] for what cannot be shown.

    `channel` is used by a source of any channel.
    """
    voice = (source.index or channel) - 1
    kind = source.name.rstrip("0123456789+")
    number = int("".join(one for one in source.name if one.isdigit()) or 0)
    fine = source.name.endswith("+")
    pair: list[tuple[int, ...]]
    seven, fourteen = round(value * SEVEN_BITS), round(value * FOURTEEN_BITS)
    status = CONTROL | voice
    if kind == "note":
        return [(NOTE_ON | voice, number, seven)]
    if kind == "bend":
        return [(BEND | voice, fourteen & 127, fourteen >> 7)]
    if kind == "cc":
        pair = [(status, number, fourteen >> 7), (status, number + FINE, fourteen & 127)]
        return pair if fine else [(status, number, seven)]
    if kind in ("nrpn", "rpn"):
        high, low = (99, 98) if kind == "nrpn" else (101, 100)
        chosen: list[tuple[int, ...]] = [(status, high, number >> 7), (status, low, number & 127)]
        fully: list[tuple[int, ...]] = [(status, DATA, fourteen >> 7), (status, DATA_FINE, fourteen & 127)]
        return [*chosen, *(fully if fine else [(status, DATA, seven)])]
    return []
