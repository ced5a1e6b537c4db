"""MIDI messages as sources of Bindings: what a knob, key, wheel or program button is called, and where it stands.

A name says what was touched ("cc21", "note60", "bend", "pressure", "program5"), the index of the Source its channel.
A Binding of channel 0 hears all channels, because most performers never think of channels.
"""

from __future__ import annotations

from collections.abc import Sequence

from app.binding import Source

NOTE_OFF, NOTE_ON, KEY_PRESSURE, CONTROL, PROGRAM, PRESSURE, BEND = range(0x80, 0xF0, 0x10)
SEVEN_BITS, FOURTEEN_BITS = 127, 16383
SHORT = (PROGRAM, PRESSURE)  # The other channel messages have three bytes.
ANY = 0


def touched(data: Sequence[int]) -> tuple[tuple[Source, ...], float] | None:
    """Return the Sources that a message speaks for (on its channel, on any) and their value 0..1; None for others."""
    if not data or not NOTE_OFF <= data[0] < 0xF0 or len(data) < (2 if data[0] & 0xF0 in SHORT else 3):
        return None
    name, value = _named(data[0] & 0xF0, data)
    return (Source("midi", name, (data[0] & 15) + 1), Source("midi", name, ANY)), value


def _named(kind: int, data: Sequence[int]) -> tuple[str, float]:
    first, last = data[1], data[-1]
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
