"""MIDI out: notes, polyphonic pressure and controllers on a channel per part.

The messages that turn a filter become the controllers synthesisers understand by that number; a note between the
keys becomes the nearer key.
A port is asked for by name and taken up again under that name, whatever number the system gives it after the
cable was out.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from app.device.base import DeviceError, DeviceSpec
from app.device.midi_port import OutPort
from app.event import Bend, Control, Event, Message, NoteOff, NoteOn, NoteVelocity, Program, Pulse

NOTE_OFF, NOTE_ON, PRESSURE, CONTROL, PROGRAM, BEND = 0x80, 0x90, 0xA0, 0xB0, 0xC0, 0xE0
POSITION = 0xF2
PULSES = {"tick": 0xF8, "start": 0xFA, "continue": 0xFB, "stop": 0xFC}
RELEASE_VELOCITY = 64
RAW = "/midi"  # A message whose arguments are the bytes, for ports that show things rather than sound.
HOLD_PEDAL, ALL_SOUND_OFF, ALL_NOTES_OFF = 64, 120, 123
CUTOFF, RESONANCE, DEPTH = 74, 71, 79  # "brightness", "timbre", "sound control 10"
DARKEST_HZ, BRIGHTEST_HZ = 20.0, 5000.0


def of_hertz(hertz: float) -> float:
    """0..127 for a cut-off, equal steps being equal intervals from 20 to 5000 Hz."""
    return 127.0 * math.log(max(hertz, DARKEST_HZ) / DARKEST_HZ) / math.log(BRIGHTEST_HZ / DARKEST_HZ)


def of_percent(percent: float) -> float:
    """0..127 for 0..100."""
    return 1.27 * percent


CONTROLLERS: dict[str, tuple[int, Callable[[float], float]]] = {
    f"/{part}/{control}": meaning
    for part in ("lead", "bass")
    for control, meaning in (
        ("cut", (CUTOFF, of_hertz)),
        ("res", (RESONANCE, of_percent)),
        ("env", (DEPTH, of_percent)),
    )
}


class Midi:
    """A MIDI port.

    Attributes: as Device; `where` is the port's full name. Options: `port` (its name or a part of it; "" takes
    the first there is), `virtual` (1: offer a port of that name), `channel` (1..16), `channels` (pairs of part
    and channel), `exact` (0: on JACK at the start of a block), `raw` (1: the way back to a controller, which takes
    bytes at /midi and has nothing to silence).
    """

    merges_parts = True

    def __init__(self, spec: DeviceSpec) -> None:
        self.spec = spec
        spec.channel("")
        self._raw = bool(spec.integer("raw", 0, 0, 1))
        # Lights may come when they come: each exact port costs a turn of the interpreter in every cycle of JACK.
        self._exact = not self._raw and bool(spec.integer("exact", 1, 0, 1))
        self._port = OutPort(spec.text("port"), bool(spec.integer("virtual", 0, 0, 1)), self._exact)
        self._channels: set[int] = set()

    @property
    def where(self) -> str:
        return self._port.where

    @property
    def lead_s(self) -> float:
        """How early an event is to be given with its time: on JACK so that it is written at its very frame."""
        return self._port.lead_s

    def open(self) -> None:
        self._port.connect()

    def send(self, event: Event) -> None:
        self.send_at(event, None)

    def send_at(self, event: Event, seconds: float | None) -> None:
        """Send at a time of the clock, or now; DeviceError when there is no port to send to."""
        channel = self.spec.channel(event.part)
        message = raw(event) if self._raw else data(event, channel)
        if message is not None:
            self._channels.add(channel)
            self._port.send(message, seconds)

    def panic(self) -> None:
        """Silence the channels in use first: on a DIN cable each message takes a millisecond."""
        if self._raw:
            return
        for channel in sorted(self._channels):
            for number in (HOLD_PEDAL, ALL_NOTES_OFF, ALL_SOUND_OFF):
                self._port.send((CONTROL | channel - 1, number, 0))
        for channel in set(range(1, 17)) - self._channels:
            for number in (ALL_NOTES_OFF, ALL_SOUND_OFF):
                self._port.send((CONTROL | channel - 1, number, 0))

    def check(self) -> str:
        try:
            return self._port.connect()
        except DeviceError as error:
            return str(error)

    def close(self) -> None:
        self._port.close()


def data(event: Event, channel: int) -> tuple[int, ...] | None:
    """Return the MIDI bytes of an event on a channel 1..16, None if MIDI has no such message."""
    voice = channel - 1
    match event:
        case NoteOn(_, _, pitch, velocity):
            return NOTE_ON | voice, pitch, _seven_bits(velocity, 1)
        case NoteOff(_, _, pitch):
            return NOTE_OFF | voice, pitch, RELEASE_VELOCITY
        case NoteVelocity(_, _, pitch, velocity):
            return PRESSURE | voice, pitch, _seven_bits(velocity)
        case Control(_, _, number, value):
            return CONTROL | voice, number & 0x7F, _seven_bits(value)
        case Program(_, _, number):
            return PROGRAM | voice, _seven_bits(number)
        case Bend(_, _, value):
            bent = min(max(value, -8192), 8191) + 8192
            return BEND | voice, bent & 0x7F, bent >> 7
        case Pulse(_, _, "position", value):
            return POSITION, value & 0x7F, value >> 7 & 0x7F
        case Pulse(_, _, kind):
            return (PULSES[kind],)
        case Message(_, _, address, (int() | float() as value, *_)) if address in CONTROLLERS and math.isfinite(value):
            number, scale = CONTROLLERS[address]
            return CONTROL | voice, number, _seven_bits(round(scale(value)))
        case Message():
            return None


def raw(event: Event) -> tuple[int, ...] | None:
    """Return the bytes of a Message at /midi if they are one channel message, else None."""
    if not isinstance(event, Message) or event.address != RAW:
        return None
    given = tuple(one for one in event.arguments if isinstance(one, int))
    is_whole = len(given) in (2, 3) and 0x80 <= given[0] < 0xF0 and all(0 <= one < 0x80 for one in given[1:])
    return given if is_whole else None


def _seven_bits(value: int, low: int = 0) -> int:
    return min(max(int(value), low), 127)
