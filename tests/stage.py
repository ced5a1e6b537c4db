"""What most tests need: an engine on the offline clock with a dummy port, and players that play a score."""

from __future__ import annotations

from dataclasses import dataclass, field

from app.device.dummy import Dummy
from app.engine import Engine
from app.event import Event, NoteOff, NoteOn
from app.offline import DirectSink
from app.output import Outputs
from app.player.base import NEVER
from app.transport import OfflineClock


class Stage:
    """An engine whose OSC port is a dummy. Attributes: `engine`, `clock`, `sink`."""

    def __init__(self) -> None:
        self.clock = OfflineClock(10.0)
        self.engine = Engine(self.clock)
        self.sink = DirectSink(lambda spec: Dummy(spec, self.clock), self.clock)
        outputs = Outputs(self.engine.tree, self.clock, self.engine.monitor, self.engine.say, self.sink, None)
        self.engine.connect(outputs)
        outputs.open()
        self.engine.turn()

    @property
    def dummy(self) -> Dummy:
        device = self.sink.devices["osc"]
        assert isinstance(device, Dummy)
        return device

    def run(self, seconds: float) -> None:
        """Let time pass."""
        self.engine.run_until(self.clock.seconds + seconds)

    def said(self, level: str) -> list[str]:
        return [line.text for line in self.engine.monitor.log if line.level == level]

    def score(self) -> list[tuple[float, str, int]]:
        """What was sent, as (seconds since the start, "on" or "off", pitch)."""
        names = {NoteOn: "on", NoteOff: "off"}
        return [
            (round(seconds - 10.0, 6), names[type(event)], event.pitch)
            for seconds, event in self.dummy.sent
            if isinstance(event, NoteOn | NoteOff)
        ]


@dataclass
class Metronome:
    """A player that strikes one pitch each beat and lets it go at the next; it fails at `fails_at`."""

    part: str = "metronome"
    pitch: int = 60
    fails_at: float = NEVER
    next: float = NEVER
    held: bool = False
    starts: list[float] = field(default_factory=list)

    def start(self, beat: float) -> None:
        self.starts.append(beat)
        self.next, self.held = float(-(-beat // 1)), False

    def stop(self) -> None:
        self.next, self.held = NEVER, False

    def due(self) -> float:
        return self.next

    def step(self) -> list[Event]:
        beat, self.next = self.next, self.next + 1
        if beat >= self.fails_at:
            raise ZeroDivisionError("the pendulum broke")
        off: list[Event] = [NoteOff(beat, self.part, self.pitch)] if self.held else []
        self.held = True
        return [*off, NoteOn(beat, self.part, self.pitch, 100)]

    def tend(self) -> list[Event]:
        return []
