"""Where Wekinator's messages come and go: the port, the addresses, the receivers, each a Parameter.

Frames and control messages share one port, as in the original. While it is open their addresses are understood on the
instrument's own OSC port as well.
"""

from __future__ import annotations

from collections.abc import Callable

from app.adapter.bundle import BUNDLE_IN
from app.adapter.control import RULES
from app.adapter.host import Host
from app.adapter.project import spelled
from app.dataset_file.project import Setup
from app.device.base import DeviceError
from app.device.osc_in import OscIn
from app.event import NOW, Message
from app.inbox import Packet
from app.parameter import Linear, Parameter, TextParameter, Tree, switch

PART = "wekinator"
IN_PORT, OUT_PORT, BUNDLE_PORT = 6448, 12000, 12001
HEARS = ("/wekinator/on", "/wekinator/in/host", "/wekinator/in/port", "/wekinator/in/address")
TELLS = ("/wekinator/out/host", "/wekinator/out/port", "/wekinator/out/address", "/wekinator/bundle/port")

Arguments = tuple[int | float | str, ...]


class Line:
    """The mode's ears and mouth.

    Attributes: `port` (None while off), `inputs` (the address of frames), `outputs` (of answers), `receiver` (host,
    port), `queue` (what was heard, in order, until somebody takes it).
    """

    def __init__(self, host: Host) -> None:
        self.port: OscIn | None = None
        self.inputs = self.outputs = ""
        self.receiver = ("", 0)
        self.queue: list[Packet] = []
        self._host = host
        self._ears: tuple[str, ...] = ()
        self._before: dict[str, Callable[[Packet], None]] = {}
        self._kept: list[OscIn] = []
        self._also: set[str] = set()
        _add_parameters(host.engine.tree)
        self.follow_receiver()

    @property
    def open(self) -> bool:
        return self.port is not None

    def follow(self) -> None:
        """Listen, or not, as the Parameters say; DeviceError if the port cannot be had."""
        host = self._host
        place, number, inputs = host.text(HEARS[1]), int(host.number(HEARS[2]).value), spelled(host.text(HEARS[3]))
        if not host.number(HEARS[0]).value:
            self.close()
        elif self.port is None or (place, number or self.port.port) != (self.port.host, self.port.port):
            self._leave()
            self.follow_receiver()
            self._open(place, number)
            self._listen_for(inputs)
            host.announce(f"Wekinator mode: {self.state}")
        elif inputs != self.inputs:
            self._listen_for(inputs)

    def follow_receiver(self) -> None:
        """Answer where the Parameters say."""
        host = self._host
        self.receiver = (host.text(TELLS[0]), int(host.number(TELLS[1]).value))
        self.outputs = spelled(host.text(TELLS[2]))

    @staticmethod
    def wanted(setup: Setup) -> dict[str, float | str]:
        """Return the Parameters with which to listen and answer as a project's files say."""
        return {
            HEARS[2]: setup.port,
            HEARS[3]: spelled(setup.input_address),
            TELLS[0]: setup.host,
            TELLS[1]: setup.output_port,
            TELLS[2]: spelled(setup.output_address),
        }

    @property
    def state(self) -> str:
        """Where it listens and answers, in words; "" while it is off."""
        return f"hears {self.inputs} on {self._heard}, answers to {self._told}" if self.open else ""

    def keep(self) -> None:
        """Go on hearing here beside wherever the Parameters say next."""
        if self.port is not None:
            self._kept = [*(port for port in self._kept if port is not self.port), self.port]
            self._also |= {self.inputs}

    def close(self) -> None:
        """Let the ports go; what was heard and not dealt with is forgotten."""
        self._leave()
        for port in self._kept:
            self._let_go(port)
        self._kept.clear()
        self._also = set()
        self._listen_for("")
        self.queue.clear()

    def _leave(self) -> None:
        """Let the present port go, unless it is kept."""
        if self.port is not None and self.port not in self._kept:
            self._let_go(self.port)
        self.port = None

    def _let_go(self, port: OscIn) -> None:
        self._host.engine.inbox.unwatch(port)
        port.close()

    def take(self) -> list[Packet]:
        """Return what was heard since the last time."""
        heard = self.queue[:]
        self.queue.clear()  # The same list all the time: the ears put into it.
        return heard

    def message(self, address: str, arguments: Arguments) -> Message:
        """Return a message to the receiver that leaves at once."""
        return Message(NOW, PART, address, arguments, self.receiver)

    def bundle(self, path: str) -> Message:
        """Return the message that tells where a file of answers is; always to this computer, as in the original."""
        receiver = ("127.0.0.1", int(self._host.number(TELLS[3]).value))
        return Message(NOW, PART, f"{self.outputs}/bundle", (path,), receiver)

    def _open(self, place: str, number: int) -> None:
        self.port = next((kept for kept in self._kept if (kept.host, kept.port) == (place, number)), None)
        if self.port is not None:
            return
        port = OscIn(self._host.engine.clock, number, place)
        try:
            port.open()
        except DeviceError as error:
            port.close()
            raise DeviceError(
                f"Wekinator mode cannot listen on {place}:{number}; close Wekinator itself or whatever else uses this "
                "port, or choose another with --wekinator-in"
            ) from error
        self._host.engine.inbox.watch(port)
        self.port = port

    @property
    def _heard(self) -> str:
        return f"{self.port.host}:{self.port.port}" if self.port else ""

    @property
    def _told(self) -> str:
        return f"{self.receiver[0]}:{self.receiver[1]}"

    def _listen_for(self, inputs: str) -> None:
        ears = self._host.engine.ears
        frame_ears = self._host.engine.reception.frame_ears
        frame_ears -= {self.inputs, *self._also}
        for address in self._ears:
            ears.pop(address, None)
        ears.update(self._before)
        self.inputs = inputs
        self._ears = (*{inputs, *self._also}, BUNDLE_IN, *RULES) if inputs else ()
        # An address may have been somebody's, and is again when this mode leaves it.
        self._before = {address: ears[address] for address in self._ears if address in ears}
        ears.update({address: self.queue.append for address in self._ears})
        frame_ears |= set(self._ears) & {inputs, *self._also}


def _add_parameters(tree: Tree) -> None:
    port = Linear(0, 65535, 1, 0)
    for address, default, curve, title, told in (
        ("on", 0.0, switch(), "Wekinator mode", "Understands Wekinator's messages"),
        ("in/port", IN_PORT, port, "Wekinator port in", "0 takes a free one"),
        ("out/port", OUT_PORT, port, "Wekinator port out", "Where answers go"),
        ("bundle/port", BUNDLE_PORT, port, "Bundle port", "Where the paths of answered files go"),
    ):
        tree.add(Parameter(f"/wekinator/{address}", default, curve, title=title, help=told, undoable=False))
    for address, text, title, told in (
        ("in/host", "127.0.0.1", "Hears on", "0.0.0.0 hears other computers too"),
        ("in/address", "/wek/inputs", "Input address", "Where frames come"),
        ("out/host", "localhost", "Answers to", "Host of the receiver"),
        ("out/address", "/wek/outputs", "Output address", "Where answers go"),
    ):
        tree.add_text(TextParameter(f"/wekinator/{address}", text, title, told))
