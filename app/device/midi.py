"""MIDI out: notes, polyphonic pressure and controllers on a channel per part.

A port is asked for by name and taken up again under that name, whatever number the system gives it after the
cable was out.
"""

from __future__ import annotations

from app.device.base import DeviceError, DeviceSpec
from app.device.midi_port import OutPort
from app.event import Control, Event, Message, NoteOff, NoteOn, NoteVelocity

NOTE_OFF, NOTE_ON, PRESSURE, CONTROL = 0x80, 0x90, 0xA0, 0xB0
RELEASE_VELOCITY = 64
HOLD_PEDAL, ALL_SOUND_OFF, ALL_NOTES_OFF = 64, 120, 123


class Midi:
    """A MIDI port.

    Attributes: as Device; `where` is the port's full name. Options: `port` (its name or a part of it; "" takes
    the first there is), `virtual` (1: offer a port of that name), `channel` (1..16), `channels` (pairs of part
    and channel).
    """

    merges_parts = True

    def __init__(self, spec: DeviceSpec) -> None:
        self.spec = spec
        spec.channel("")
        self._port = OutPort(spec.text("port"), bool(spec.integer("virtual", 0, 0, 1)))
        self._channels: set[int] = set()

    @property
    def where(self) -> str:
        return self._port.where

    def open(self) -> None:
        self._port.connect()

    def send(self, event: Event) -> None:
        channel = self.spec.channel(event.part)
        message = data(event, channel)
        if message is not None:
            self._channels.add(channel)
            self._port.send(message)

    def panic(self) -> None:
        """Silence the channels in use first: on a DIN cable each message takes a millisecond."""
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


def data(event: Event, channel: int) -> tuple[int, int, int] | None:
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
        case Message():
            return None


def _seven_bits(value: int, low: int = 0) -> int:
    return min(max(int(value), low), 127)
