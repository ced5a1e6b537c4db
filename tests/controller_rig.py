"""Controllers in memory: they can be plugged in and out, played, and show what they were told."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from app.device.dummy import Dummy
from app.engine import Engine
from app.event import Message
from app.mapping import Mapping
from app.offline import DirectSink
from app.output import Outputs
from app.output_port import LIGHTS
from app.transport import OfflineClock

Heard = Callable[[tuple[list[int], float], object], None]


class Box:
    """An open port of a controller."""

    def __init__(self, system: Boxes, name: str, heard: Heard) -> None:
        self.heard, self.is_open = heard, True
        self._system, self._name = system, name
        assert name not in system.open, f"{name} was opened twice"
        system.open[name] = self

    def connect(self) -> str:
        return "" if self._name in self._system.ins else f"waiting for {self._name}"

    def close(self) -> None:
        self._system.open.pop(self._name, None)


class Boxes:
    """All controllers. Attributes: `ins` and `outs` (names of their ports), `open` (name -> Box)."""

    def __init__(self, *names: str) -> None:
        self.ins, self.outs = list(names), list(names)
        self.open: dict[str, Box] = {}

    def inputs(self) -> list[str]:
        return list(self.ins)

    def outputs(self) -> list[str]:
        return list(self.outs)

    def opener(self, name: str, heard: Heard) -> Box:
        return Box(self, name, heard)

    def play(self, name: str, *data: int) -> None:
        self.open[name].heard((list(data), 0.0), None)

    def plug(self, name: str) -> None:
        self.ins.append(name)
        self.outs.append(name)

    def pull(self, name: str) -> None:
        self.ins.remove(name)
        self.outs.remove(name)


class Rig:
    """An engine with Map mode and controllers, on the offline clock. Attributes: `engine`, `boxes`, `mapping`."""

    def __init__(self, folder: Path, *names: str) -> None:
        self.clock = OfflineClock(10.0)
        self.engine = Engine(self.clock)
        self.sink = DirectSink(lambda spec: Dummy(spec, self.clock), self.clock)
        engine = self.engine
        engine.connect(Outputs(engine.tree, self.clock, engine.monitor, engine.say, self.sink, None))
        self.boxes = Boxes(*names)
        self.mapping = Mapping(engine, folder / "own", folder / "shipped", self.boxes)
        self.mapping.controllers._opener = self.boxes.opener
        engine.outputs.open()

    def run(self, seconds: float = 0.05) -> None:
        self.engine.run_until(self.clock.seconds + seconds)

    def told(self, controller: str) -> list[tuple[float, tuple[int, ...]]]:
        """What a controller was told, and when."""
        device = self.sink.devices.get(f"{LIGHTS} {controller}")
        sent = device.sent if isinstance(device, Dummy) else []
        return [(seconds, _bytes(event)) for seconds, event in sent if isinstance(event, Message)]

    def said(self) -> list[str]:
        return [line.text for line in self.engine.monitor.log]


def _bytes(event: Message) -> tuple[int, ...]:
    return tuple(int(one) for one in event.arguments)
