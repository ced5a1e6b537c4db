"""MIDI in: every message for the bindings, and chosen ones as a frame of features for a learner.

A port is asked for by name and taken up again under that name. Messages come in RtMidi's own thread, which only
stamps them and puts them into the inbox. With JACK that thread is the server's own and must come back soon: beside two
busy threads 44 of 300 messages were lost at Python's usual switch interval, and none at the 0.5 ms that `main.py` sets.
When the port is lost, its keys and wheels go back to rest: whoever pulled the cable can no longer let them go.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from types import ModuleType
from typing import Any

import numpy as np

from app.device import jack_out
from app.device.base import DeviceError
from app.device.jack_in import JackEars, JackIn
from app.device.midi_client import Running
from app.device.midi_port import CLIENT, OutPort, PortList
from app.device.reader import Put
from app.frame import Frame, MidiMessage, Names, Values
from app.snapshot import DeviceState
from app.transport import Clock

CHECK_S = 1.0  # Between two looks at the list of ports;
CHECK_LOST_S = 0.25  # while there is nothing to hear.
OPENING = "opening"  # It is there and will be heard in a moment.
NOTE_OFF, NOTE_ON, KEY_PRESSURE, CONTROL, PROGRAM, PRESSURE, BEND = range(0x80, 0xF0, 0x10)
LENGTH = {PROGRAM: 2, PRESSURE: 2}  # The other channel messages have three bytes.
RESET_CONTROLLERS, FIRST_MODE, SOUND_OFF = 121, 120, 120
NUMBERED = re.compile(r"(cc|note)(\d{1,3})")
PLAIN = ("bend", "pressure", "program", "last note", "velocity", "held")


class Features:
    """Keeps chosen features of a MIDI stream.

    Attributes: `names`, `values`. A feature is one of: "cc21" (0..1), "note60" (1 while it is held, else 0),
    "bend" (-1..1), "pressure" (of the channel or of a key, 0..1), "program" (0..127), "last note" (0..127),
    "velocity" (of the last note, 0..1), "held" (how many notes are).
    """

    def __init__(self, names: Sequence[str], channel: int = 0) -> None:
        """`channel` 1..16, or 0 for all; ValueError for a name that means nothing or comes twice."""
        self.names: Names = tuple(names)
        for name in self.names:
            found = NUMBERED.fullmatch(name)
            if name not in PLAIN and (found is None or int(found[2]) > 127):
                raise ValueError(f"{name!r} is nothing in MIDI: choose cc0..cc127, note0..note127, {', '.join(PLAIN)}")
        if len(set(self.names)) < len(self.names):
            raise ValueError("a MIDI feature is named twice")
        self._channel = channel
        self._places = {name: place for place, name in enumerate(self.names)}
        self._held: set[tuple[int, int]] = set()
        self.values: Values = np.zeros(len(self.names), np.float32)

    def take(self, data: Sequence[int]) -> Values | None:
        """Take a message in; return all features, a new array, if it speaks of one of them."""
        if not data or not 0x80 <= data[0] < 0xF0 or len(data) < LENGTH.get(data[0] & 0xF0, 3):
            return None
        kind, channel = data[0] & 0xF0, (data[0] & 15) + 1
        if self._channel not in (0, channel):
            return None
        touched = [self._set(name, value) for name, value in self._meant(kind, channel, data)]
        return self.values.copy() if any(touched) else None

    def release(self) -> Values | None:
        """Let go of keys, wheels and pressure; return all features if any changed."""
        before = self.values.copy()
        self._held.clear()
        for name in self.names:
            if name.startswith("note") or name in ("bend", "pressure", "held"):
                self._set(name, 0.0)
        return None if np.array_equal(before, self.values) else self.values.copy()

    def _set(self, name: str, value: float) -> bool:
        place = self._places.get(name)
        if place is not None:
            self.values[place] = value
        return place is not None

    def _meant(self, kind: int, channel: int, data: Sequence[int]) -> list[tuple[str, float]]:
        """Return the features that a message speaks of."""
        first, last = data[1], data[-1]
        if kind in (NOTE_ON, NOTE_OFF):
            return self._note(channel, first, last if kind == NOTE_ON else 0)
        if kind == CONTROL:
            return self._control(channel, first, last)
        if kind == BEND:
            bent = first + 128 * last - 8192
            return [("bend", bent / (8191 if bent > 0 else 8192))]
        if kind == PROGRAM:
            return [("program", float(first))]
        return [("pressure", last / 127)]

    def _note(self, channel: int, pitch: int, velocity: int) -> list[tuple[str, float]]:
        if not velocity:
            self._held.discard((channel, pitch))
            still = any(held == pitch for _, held in self._held)
            return [(f"note{pitch}", float(still)), ("held", float(len(self._held)))]
        self._held.add((channel, pitch))
        state = [(f"note{pitch}", 1.0), ("held", float(len(self._held)))]
        return [*state, ("last note", float(pitch)), ("velocity", velocity / 127)]

    def _control(self, channel: int, number: int, value: int) -> list[tuple[str, float]]:
        if number < FIRST_MODE:
            return [(f"cc{number}", value / 127)]
        if number == RESET_CONTROLLERS:
            return [("bend", 0.0), ("pressure", 0.0)]
        if number != SOUND_OFF and number < 123:
            return []
        ended = {pitch for of, pitch in self._held if of == channel}
        self._held = {held for held in self._held if held[0] != channel}
        return [(f"note{pitch}", 0.0) for pitch in ended] + [("held", float(len(self._held)))]


def feature_of(data: Sequence[int]) -> str:
    """Return the feature that best names a message, for choosing by playing; "" if none does."""
    kind = data[0] & 0xF0 if data else 0
    if kind in (CONTROL, NOTE_ON) and len(data) == 3:
        return f"{'cc' if kind == CONTROL else 'note'}{data[1]}"
    return {BEND: "bend", PRESSURE: "pressure", KEY_PRESSURE: "pressure", PROGRAM: "program"}.get(kind, "")


def stamped(item: tuple[Any, ...], clock: Clock) -> tuple[float, tuple[int, ...]]:
    """Return when what a port handed over came, and its bytes: the third of the item where the port knows it."""
    return (item[2] if len(item) > 2 else clock.now()), tuple(item[0])


class InPort(OutPort):
    """One MIDI port in, found, lost and found again just as a port out. It sends nothing."""

    def __init__(self, name: str, heard: Any, virtual: bool = False, ears: JackEars | None = None) -> None:
        """`heard` is called from the port's own thread with ((bytes, seconds since the last), None); see `stamped`.

        `ears`: the process that listens on JACK, which ports may share.
        """
        super().__init__(name, virtual)
        self._heard = heard
        self._ears = ears or JackEars()
        self._first = not (name or virtual)
        self._ports = PortList()

    def connect(self) -> str:
        """As OutPort; without a name it is the first port there is that is not our own."""
        if self._first and self._open is None:
            names = [name for name in self._ports.inputs() if CLIENT not in name and "midi through" not in name.lower()]
            if not names or names[0].startswith("unavailable:"):
                return "waiting for a MIDI port; connect an instrument"
            self.name = names[0]
        missing = super().connect()
        if not missing and isinstance(self._open, JackIn) and not self._open.hears:
            return self._open.trouble or OPENING
        return missing

    def _client(self, library: ModuleType, api: int, name: str) -> Any:
        jack = jack_out.load() if api == library.API_UNIX_JACK else None
        return library.MidiIn(api, name=f"{name} in") if jack is None else JackIn(jack, f"{name} in", self._ears)

    def _join(self, library: ModuleType, api: int, running: Running) -> bool:
        joined = super()._join(library, api, running)
        if joined:
            self._open.set_callback(self._heard)  # Every time: closing a port forgets it.
            self._open.ignore_types(sysex=True, timing=False, active_sense=True)  # Others may lead the tempo.
        return joined


class MidiIn:
    """Puts the messages of a port, and frames of the features chosen from them.

    Attributes: `name`, `names` (of the features), `where` (the port's full name).
    """

    def __init__(
        self,
        put: Put,
        clock: Clock,
        port: str = "",
        features: Sequence[str] = (),
        channel: int = 0,
        name: str = "midi",
        virtual: bool = False,
    ) -> None:
        """`port`: its name or a part of it, "" takes the first; ValueError for a feature that does not exist."""
        self.name = name
        self._put, self._clock = put, clock
        self._features = Features(features, channel)
        self._port = InPort(port, self._heard, virtual)
        self._state = DeviceState(name, "closed", "off")
        self._looked = float("-inf")

    @property
    def names(self) -> Names:
        return self._features.names

    @property
    def where(self) -> str:
        return self._port.where

    def open(self) -> None:
        self._look()

    def check(self) -> DeviceState:
        """Return how it does; looks at the ports once a second, 0.1 ms (15 ms when one is taken up)."""
        wait_s = CHECK_S if self._state.state == "open" else CHECK_LOST_S
        if self._state.state != "closed" and self._clock.now() - self._looked >= wait_s:
            self._look()
        return self._state

    def close(self) -> None:
        self._port.close()
        self._state = DeviceState(self.name, "closed", "off")

    def _look(self) -> None:
        self._looked = self._clock.now()
        was_open = self._state.state == "open"
        try:
            missing = self._port.connect()
            state = DeviceState(self.name, "waiting" if missing else "open", missing or self._port.where)
        except DeviceError as error:
            state = DeviceState(self.name, "failed", str(error))
        self._state = state
        if was_open and state.state != "open":
            self._lose()

    def _lose(self) -> None:
        released = self._features.release()
        if released is not None:
            self._put(Frame(self._looked, self.name, released))

    def _heard(self, item: tuple[Any, ...], _: object) -> None:
        """Stamp and put; the port's own thread."""
        seconds, data = stamped(item, self._clock)
        self._put(MidiMessage(seconds, self.name, data))
        values = self._features.take(data)
        if values is not None:
            self._put(Frame(seconds, self.name, values))
