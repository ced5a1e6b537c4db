"""The instrument offline with both drop-in modes, a study that learns at once, and whatever left its ports."""

from __future__ import annotations

import socket
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.adapter.drop_in import DropIns, join
from app.device.dummy import Dummy
from app.event import Message
from app.inbox import Packet
from app.inline import Inline
from app.instrument import Instrument, assemble
from app.offline import DirectSink
from app.player.listener.brain import Learnt
from app.player.listener.player import Listener
from app.transport import OfflineClock
from tests.instrument import port_of

CONTROL = "/wekinator/control/"


@dataclass(frozen=True, eq=False)
class Nearest:
    """Answers as the nearest example did; surer the nearer."""

    inputs: int
    classes: tuple[int, ...]
    rows: NDArray[Any]
    targets: NDArray[Any]

    def predict(self, values: NDArray[Any]) -> NDArray[np.float64]:
        near = np.abs(self.rows - values).sum(axis=1)
        if not self.classes:
            return np.array([self.targets[near.argmin()]])
        chances = np.array([np.exp(-near[self.targets == label].min()) for label in self.classes])
        return chances / chances.sum()

    def novelty(self, values: NDArray[Any]) -> float:
        return 0.0


class Instant:
    """A study that has learnt as soon as it is told to finish. Attributes: as Study; `asked` (outputs, each time)."""

    def __init__(self, listener: Listener) -> None:
        self.listener = listener
        self.active = False
        self.ended: list[Callable[[bool], None]] = []
        self.selections: dict[int, tuple[int, ...]] = {}
        self.asked: list[Collection[int] | None] = []
        self.cancelled = 0

    def train(self, outputs: Collection[int] | None = None) -> None:
        if not len(self.listener.dataset):
            raise ValueError("nothing to learn from yet")
        self.asked.append(outputs)
        self.active = True

    def cancel(self) -> None:
        self.cancelled += 1
        self.finish(False)

    def finish(self, good: bool = True) -> None:
        self.active = False
        examples = self.listener.dataset.examples()
        for place, output in enumerate(examples.outputs if good else ()):
            columns = self.selections.get(place)
            rows, targets = examples.X(place, columns), examples.y(place, columns)
            if len(rows):
                classes = tuple(np.unique(targets).tolist()) if output.kind == "class" else ()
                self.listener.brain.take(place, Learnt(Nearest(rows.shape[1], classes, rows, targets), columns))
        for tell in self.ended:
            tell(good)


class Idle:
    """A learning process that is never asked."""

    def warm(self, model: str = "") -> None: ...

    def submit(self, job: Any) -> int:
        raise AssertionError("the study of the tests learns by itself")

    def cancel(self) -> None: ...

    def poll(self) -> list[Any]:
        return []

    def close(self) -> None: ...


class Stage:
    """Attributes: `instrument`, `engine`, `listener`, `study`, `modes`."""

    def __init__(self, **values: float | str) -> None:
        """Take Parameters by name, `__` for a slash: `wekinator__on=1`."""
        clock = OfflineClock(10.0)
        sink = DirectSink(lambda spec: Dummy(spec, clock), clock)
        self.instrument: Instrument = assemble(
            clock, sink, None, Inline(), 0, Path("/nonexistent/session"), learning=Idle()
        )
        self.engine, self.listener = self.instrument.engine, self.instrument.listener
        self.study = Instant(self.listener)
        self.modes: DropIns = join(self.engine, self.listener, self.study, Inline())
        self.engine.outputs.open()
        self.engine.turn()
        for name, value in values.items():
            self.engine.set("/" + name.replace("__", "/"), value)
        self.turn()

    def put(self, address: str, value: float | str) -> None:
        self.engine.set(address, value)
        self.turn()

    def turn(self, seconds: float = 0.05) -> None:
        self.engine.run_until(self.engine.clock.now() + seconds)

    def packet(self, address: str, *arguments: object) -> None:
        """Put a message in without letting the engine turn."""
        now = self.engine.clock.now()
        self.engine.inbox.put(Packet(now, address, arguments, ("127.0.0.1", 9), lambda *_: None))

    def hear(self, address: str, *arguments: object) -> None:
        self.packet(address, *arguments)
        self.turn()

    def control(self, name: str, *arguments: object) -> None:
        self.hear(CONTROL + name, *arguments)
        self.turn(1.0)

    def frames(self, *several: tuple[object, ...]) -> None:
        for values in several:
            self.hear("/wek/inputs", *values)

    def train(self, good: bool = True) -> None:
        self.control("train")
        self.study.finish(good)
        self.turn()

    def left(self, since: int = 0, own: bool = False) -> list[tuple[Any, ...]]:
        """Return what left as (address, argument, ...); the Listener's own messages only if asked for."""
        port: Dummy = port_of(self.instrument)
        messages = [event for _, event in port.sent if isinstance(event, Message)]
        return [(m.address, *m.arguments) for m in messages[since:] if own or not m.address.startswith("/listener/")]

    def sent(self, address: str) -> list[tuple[Any, ...]]:
        return [tuple(arguments) for found, *arguments in self.left(own=True) if found == address]

    def said(self) -> str:
        """Return all that was said, also what is said only now because much was to be said."""
        self.turn(1.1)
        return " | ".join(line.text for line in self.engine.monitor.log)


def free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wekinator(plan: str = "classifier:4,regressor,regressor", inputs: int = 3, **values: float | str) -> Stage:
    """Return a stage with the Wekinator mode on, on a free port."""
    ports: dict[str, float | str] = {"wekinator__in__port": 0, "listener__outputs": plan, "wekinator__inputs": inputs}
    return Stage(**ports, wekinator__on=1, **values)
