"""The ports in that a Listener can hear beside OSC: MIDI, sound, serial lines, opened as its switches say.

A port that is missing is waited for and shown; it never keeps the music waiting, because each reads in a thread of
its own or looks at its list once a second.
"""

from __future__ import annotations

from collections.abc import Callable

from app.controller import Controllers
from app.device.audio_in import AudioIn
from app.device.reader import Inlet, Put
from app.device.serial_in import SerialIn
from app.frame import Names
from app.midi_ear import MidiEar
from app.parameter import Linear, Parameter, Steps, TextParameter, Tree
from app.snapshot import DeviceState
from app.spectrum import RECIPES
from app.transport import Clock
from app.watch import Watcher

ROOT = "/listener/input"
CHECK_S = 0.1
MIDI_FEATURES = "cc1, bend, last note, velocity"


class Inlets:
    """Keeps the ports in.

    Attributes: `states` (name -> DeviceState, of the ports that are on), `sealed` (opens nothing: what the ports would
    hear comes from a recording). `describe` is told what a port's values
    are called.
    """

    def __init__(
        self,
        tree: Tree,
        watcher: Watcher,
        put: Put,
        clock: Clock,
        say: Callable[[str, str], None],
        describe: Callable[[str, Names], None],
        controllers: Controllers,
    ) -> None:
        self.states: dict[str, DeviceState] = {}
        self.sealed = False
        self._tree, self._put, self._clock, self._say = tree, put, clock, say
        self._describe = describe
        self._controllers = controllers
        self._open: dict[str, Inlet] = {}
        self._checked = float("-inf")
        _add_parameters(tree)
        for name, make in (("midi", self._midi), ("audio", self._audio), ("serial", self._serial)):
            addresses = tuple(one.address for one in tree if one.address.startswith(f"{ROOT}/{name}/"))
            watcher.on(addresses, lambda name=name, make=make: self._follow(name, make))  # type: ignore[misc]

    def tend(self) -> None:
        """Look after the ports; called each turn."""
        now = self._clock.now()
        if now - self._checked < CHECK_S:
            return
        self._checked = now
        for name, inlet in self._open.items():
            state = inlet.check()
            before = self.states.get(name)
            self.states[name] = state
            if state.state in ("waiting", "failed") and (before is None or before.text != state.text):
                self._say("warning", f"{name} in: {state.text}")

    def close(self) -> None:
        for inlet in self._open.values():
            inlet.close()
        self._open.clear()

    def _follow(self, name: str, make: Callable[[], Inlet]) -> None:
        """Open, close or open anew, as the Parameters say."""
        old = self._open.pop(name, None)
        if old is not None:
            old.close()
        self.states.pop(name, None)
        if not self._tree.number(f"{ROOT}/{name}/on").value:
            return
        try:
            inlet = make()
        except ValueError as error:
            self._say("warning", f"{name} in: {error}")
            return
        self._describe(name, inlet.names)
        if self.sealed:
            return
        inlet.open()
        self._open[name] = inlet

    def _midi(self) -> Inlet:
        wanted = self._tree.text(f"{ROOT}/midi/features").value.split(",")
        names = tuple(name.strip() for name in wanted if name.strip())
        channel = int(self._tree.number(f"{ROOT}/midi/channel").value)
        port = self._tree.text(f"{ROOT}/midi/port").value
        return MidiEar(self._put, self._clock, port, names, channel, self._controllers)

    def _audio(self) -> Inlet:
        recipe = RECIPES[self._tree.number(f"{ROOT}/audio/recipe").show()]
        return AudioIn(self._put, self._tree.text(f"{ROOT}/audio/device").value, recipe)

    def _serial(self) -> Inlet:
        baud = int(self._tree.number(f"{ROOT}/serial/baud").show())
        return SerialIn(self._put, self._clock, self._tree.text(f"{ROOT}/serial/port").value, baud)


def _add_parameters(tree: Tree) -> None:
    texts = (
        ("midi/port", "", "MIDI in", "Name of the port, part of it is enough; empty takes the first"),
        ("midi/features", MIDI_FEATURES, "MIDI features", "Such as cc21, note60, bend, pressure, velocity, held"),
        ("audio/device", "", "Sound input", "Name of the device; empty takes the system's choice"),
        ("serial/port", "", "Serial port", "Such as /dev/ttyACM0 or COM3; empty takes the first"),
    )
    for address, default, title, told in texts:
        tree.add_text(TextParameter(f"{ROOT}/{address}", default, title, told))
    channel = "0 hears all channels"
    tree.add(Parameter(f"{ROOT}/midi/channel", 0, Linear(0, 16, 1, 0), title="MIDI in channel", help=channel))
    recipe = "Which features of the sound"
    tree.add(Parameter(f"{ROOT}/audio/recipe", 0, Steps(tuple(RECIPES)), title="Sound features", help=recipe))
    speeds = Steps(("9600", "57600", "115200", "230400"))
    tree.add(Parameter(f"{ROOT}/serial/baud", 2, speeds, title="Serial speed", help="In baud"))
