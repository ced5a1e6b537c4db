"""The MIDI ports in: every controller, opened once, heard by whoever wants.

A performer plugs a box in and turns a knob; nothing should have to be switched on before. So all ports are open unless
some are named, each with its own name, so that two boxes with the same numbers can be told apart. The list of names is
looked at once a second, for RtMidi tells nobody what came or went.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from app.device.base import DeviceError
from app.device.jack_in import JackEars
from app.device.midi_in import NOTE_OFF, NOTE_ON, OPENING, InPort, stamped
from app.device.midi_port import CLIENT, PortList
from app.device.reader import Put
from app.frame import MidiMessage
from app.parameter import TextParameter, Tree
from app.snapshot_map import ControllerState
from app.transport import Clock

CHECK_S = 1.0
SOON_S = 0.1  # While a port opens.
NONE = "none"
MOST = 32
NUMBERS = re.compile(r"[\s:]+\d+(:\d+)?$")
AGAIN = re.compile(r"-0\d$")  # JACK's number for a second client of a name.
BRIDGED = re.compile(r"\s*\[\d+\]|\s*\((capture|playback)\).*$")
CLIENTS = ("system", "a2j")  # Name the bridge and not the box.
THROUGH = "midi through"

Ear = Callable[[float, str, tuple[int, ...]], None]


class Listing(Protocol):
    """The names of the ports there are; one that begins with "unavailable:" is a reason and no name."""

    def inputs(self) -> list[str]: ...
    def outputs(self) -> list[str]: ...


class OpenPort(Protocol):
    """One port in."""

    def connect(self) -> str:
        """Open it; return "" or why not. DeviceError if waiting would not help."""

    def close(self) -> None: ...


Opener = Callable[[str, Callable[[tuple[Any, ...], object], None]], OpenPort]


def controller_of(port: str) -> str:
    """Return the controller's name in a port's: "nanoKONTROL2:nanoKONTROL2 MIDI 1 20:0" gives "nanoKONTROL2"."""
    client, _, rest = NUMBERS.sub("", port.strip()).partition(":")
    name = rest if client.strip().casefold() in CLIENTS and rest else client
    return NUMBERS.sub("", AGAIN.sub("", BRIDGED.sub("", name))).strip() or port


@dataclass(slots=True)
class _Open:
    """Attributes: `name` (of the controller), `port`, `text` ("" or why it is not open), `held` (notes now down)."""

    name: str
    port: OpenPort
    text: str = ""
    held: set[tuple[int, int]] = field(default_factory=set)


class Controllers:
    """Keeps the ports in.

    Attributes: `states` (for the screen), `shown` (names of those that have a way back), `ears` (called from the
    port's own thread with seconds, controller and bytes), `lost` (called with the name of one that went).
    """

    def __init__(
        self,
        tree: Tree,
        put: Put,
        clock: Clock,
        say: Callable[[str, str], None],
        listing: Listing | None = None,
        opener: Opener | None = None,
    ) -> None:
        self.states: tuple[ControllerState, ...] = ()
        self.shown: tuple[str, ...] = ()
        self.ears: list[Ear] = []
        self.lost: list[Callable[[str], None]] = []
        self._put, self._clock, self._say = put, clock, say
        self._listing = listing
        self._ears = JackEars()
        self._opener = opener or (lambda full, hear: InPort(full, hear, ears=self._ears))
        self._open: dict[str, _Open] = {}
        self._ear_wants: dict[object, str] = {}
        self._looked = float("-inf")
        ports = f"Names, separated by commas; a part is enough. Empty: every one there is; {NONE}: not one"
        self._in = tree.add_text(TextParameter("/midi/in", "", "MIDI controllers", ports, undoable=False))
        lights = f"Controllers that are shown what moves, by name. Empty: every one; {NONE}: not one"
        self._lights = tree.add_text(TextParameter("/map/feedback", "", "Feedback", lights, undoable=False))

    # --- who listens ----------------------------------------------------------------------------------

    def want(self, who: object, port: str) -> None:
        """Have a port open for somebody, whatever `/midi/in` says; "" is content with what is open."""
        self._ear_wants[who] = port
        self.look_again()

    def want_no_more(self, who: object) -> None:
        self._ear_wants.pop(who, None)
        self.look_again()

    def look_again(self) -> None:
        """Look at the list of ports at the next turn."""
        self._looked = float("-inf")

    def first(self, port: str) -> str:
        """Return the controller that a port's name means now, "" if it is not there."""
        for full, one in tuple(self._open.items()):
            if not one.text and (not port or _means(port, full)):
                return one.name
        return ""

    # --- looking --------------------------------------------------------------------------------------

    def tend(self) -> None:
        """Look once a second at what was plugged in and out; called often."""
        now = self._clock.now()
        wait_s = SOON_S if any(one.text == OPENING for one in self._open.values()) else CHECK_S
        if self._listing is None or now - self._looked < wait_s:
            return
        self._looked = now
        names, reason = _names(self._listing.inputs())
        wanted = [name for name in dict.fromkeys(names) if self._is_wanted(name)][:MOST]
        for full in [full for full in self._open if full not in wanted]:
            self._lose(full)
        for full in wanted:
            self._take(full)
        back, _ = _names(self._listing.outputs())
        reachable = {controller_of(name) for name in back}
        self.shown = tuple(
            one.name
            for one in self._open.values()
            if one.text != OPENING and one.name in reachable and _named(self._lights.value, one.name)
        )
        self._tell(reason)

    def close(self) -> None:
        for full in tuple(self._open):
            self._open.pop(full).port.close()
        self._ears.stop()

    def _is_wanted(self, full: str) -> bool:
        if _named(self._in.value, full):
            return True
        return any(port and _means(port, full) for port in self._ear_wants.values())

    def _take(self, full: str) -> None:
        one = self._open.get(full)
        if one is None:
            names = {known.name for known in self._open.values()}
            name = controller_of(full)
            number = next(count for count in range(1, MOST + 2) if _twin(name, count) not in names)
            one = _Open(_twin(name, number), _Nothing())
            one.port = self._opener(full, self._hearing(one))
            self._open[full] = one
        try:
            one.text = one.port.connect()
        except DeviceError as error:
            one.text = str(error)

    def _hearing(self, one: _Open) -> Callable[[tuple[Any, ...], object], None]:
        """Return what a port calls from its own thread with each message."""

        def hear(item: tuple[Any, ...], _: object = None) -> None:
            seconds, data = stamped(item, self._clock)
            if len(data) == 3 and data[0] & 0xE0 == NOTE_OFF:
                note = (data[0] & 15, data[1])
                is_on = data[0] & 0xF0 == NOTE_ON and data[2] > 0
                one.held.add(note) if is_on else one.held.discard(note)
            self._put(MidiMessage(seconds, one.name, data))
            for ear in self.ears:
                ear(seconds, one.name, data)

        return hear

    def _lose(self, full: str) -> None:
        """Close a port that went, or is not wanted, and let go of what was held on it."""
        one = self._open.pop(full)
        one.port.close()
        now = self._clock.now()
        for channel, pitch in sorted(one.held):
            self._put(MidiMessage(now, one.name, (NOTE_OFF | channel, pitch, 0)))
        for hear in self.lost:
            hear(one.name)

    def _tell(self, reason: str) -> None:
        states = [
            ControllerState(one.name, "failed" if text else "open", text or full, one.name in self.shown)
            for full, one in self._open.items()
            for text in (one.text if one.text != OPENING else "",)
        ]
        asked = [name.strip() for name in self._in.value.split(",") if name.strip() not in ("", NONE)]
        missing = [name for name in asked if not any(_means(name, full) for full in self._open)]
        states += [ControllerState(name, "waiting", reason or f"waiting for {name}") for name in missing]
        before = {state.name: state.state for state in self.states}
        for state in states:
            if state.state != "open" and before.get(state.name) != state.state:
                self._say("warning", f"midi in: {state.text}")
            elif state.state == "open" and before.get(state.name) not in ("open", None):
                self._say("info", f"midi in: {state.name} is back")
        gone = set(before) - {state.name for state in states}
        for name in sorted(name for name in gone if before[name] == "open"):
            self._say("info", f"midi in: {name} is gone; it is used again when it comes back")
        self.states = tuple(states)


class _Nothing:
    """Stands for a port until it is there."""

    def connect(self) -> str:
        return "opening"

    def close(self) -> None:
        """There is nothing to close."""


def _twin(name: str, number: int) -> str:
    return name if number == 1 else f"{name} #{number}"


def _names(listed: Sequence[str]) -> tuple[list[str], str]:
    """Return the ports of others, and why there are none if the system said so."""
    reason = next((name.removeprefix("unavailable:").strip() for name in listed if name.startswith("unavailable:")), "")
    own = [name for name in listed if CLIENT not in name and THROUGH not in name.lower()]
    return [name for name in own if not name.startswith("unavailable:")], reason


def _means(wanted: str, full: str) -> bool:
    return NUMBERS.sub("", wanted.strip()).casefold() in full.casefold()


def _named(asked: str, full: str) -> bool:
    """Return whether a list of names means a port: all if it is empty."""
    names = [name.strip() for name in asked.split(",") if name.strip()]
    return not names or any(name != NONE and _means(name, full) for name in names)


def listing() -> Listing:
    """Return the system's list of MIDI ports."""
    return PortList()
