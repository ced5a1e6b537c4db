"""An engine with the Rules on it: offline, with dummy ports, learning in the caller."""

from __future__ import annotations

from concurrent.futures import Executor
from pathlib import Path

from app.event import Control, Message
from app.inbox import Packet
from app.inline import Inline as InlineExecutor
from app.player.rules.worker import Inline, Worker
from app.ruling import Ruling, rule
from app.session import Session
from app.snapshot_rules import RulesState
from tests.stage import Stage as EngineStage

# Three knobs of the built-in synth; two labels that meet in nothing.
TINY = [("rain", 60, 800, 0.2), ("rain", 60, 1200, 0.2), ("rain", 72, 800, 0.2), ("storm", 220, 4000, 0.8)]


class Stage(EngineStage):
    """The Rules on an engine. Attributes: as the engine's stage; `ruling`, `rules`, `session`."""

    def __init__(self, folder: Path = Path("/nonexistent"), seed: int = 3, worker: Worker | None = None) -> None:
        super().__init__()
        executor: Executor = InlineExecutor()
        self.session = Session(folder / "session", self.engine.hands, self.clock, executor, self.engine.say)
        self.ruling: Ruling = rule(self.engine, self.session, worker or Inline(), seed, (folder / "synths",))
        self.rules = self.ruling.rules
        self.engine.turn()

    def put(self, address: str, value: float | str, origin: str = "ui") -> None:
        self.engine.set(address, value, origin)
        self.turn()

    def fire(self, address: str, *arguments: float | str) -> None:
        self.engine.fire(address, *arguments)
        self.turn()

    def receive(self, address: str, *arguments: float | str) -> None:
        """Hear a message as it comes from the network."""
        reply = lambda receiver, back, values: None  # noqa: E731 - nobody waits for an answer
        self.engine.inbox.put(Packet(self.clock.now(), address, arguments, ("127.0.0.1", 9), reply))
        self.turn()

    def turn(self, seconds: float = 0.05) -> None:
        self.run(seconds)

    def knob(self, name: str) -> float:
        place = self.rules.voice.synth.place(name)
        assert place is not None
        return self.rules.board.knobs[place].value

    def turn_knob(self, name: str, value: float | str, origin: str = "ui") -> None:
        place = self.rules.voice.synth.place(name)
        self.put(f"/rules/knob/{(place or 0) + 1}", value, origin)

    def keep(self, label: str, **knobs: float) -> None:
        for name, value in knobs.items():
            self.turn_knob(name, value)
        self.fire("/rules/keep", label)

    def keep_tiny(self) -> None:
        """Keep four presets under two labels and learn them."""
        for label, freq, cutoff, res in TINY:
            self.keep(label, freq=freq, cutoff=cutoff, res=res)
        self.turn(0.2)

    def sent(self, address: str = "") -> list[tuple[float, str, tuple[object, ...]]]:
        """What was sent: (seconds since the start, address, arguments)."""
        return [
            (round(seconds - 10.0, 4), event.address, event.arguments)
            for seconds, event in self.dummy.sent
            if isinstance(event, Message) and event.address.startswith(address)
        ]

    def controls(self) -> list[tuple[int, int]]:
        return [(event.number, event.value) for _, event in self.dummy.sent if isinstance(event, Control)]

    @property
    def state(self) -> RulesState:
        self.turn(0.1)
        return self.engine.snapshot.rules

    def rows(self) -> list[tuple[int, str]]:
        return [(row.number, row.label) for row in self.rules.table.rows]

    def said_all(self) -> str:
        return " | ".join(line.text for line in self.engine.monitor.log)


def reopened(folder: Path, seconds: float = 0.3) -> Stage:
    """Return another stage that has opened the session that one in the same folder saved."""
    again = Stage(folder)
    again.session.load()
    again.turn(seconds)
    return again
