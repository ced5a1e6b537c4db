"""A called label is heard: the real synth and dispatcher processes, on the null device."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from app.dispatcher_process import DispatcherProcess
from app.engine import Engine
from app.inline import Inline as InlineExecutor
from app.output import Outputs
from app.player.rules.worker import Inline
from app.ruling import rule
from app.session import Session
from app.speaker import Speaker
from app.synth import SynthProcess
from app.transport import WallClock
from tests.condition import wait_for


def test_a_called_label_is_heard_and_stop_is_silence(tmp_path: Path) -> None:
    clock = WallClock()
    engine = Engine(clock)
    synth = SynthProcess("null")
    speaker = Speaker()
    outputs = Outputs(engine.tree, clock, engine.monitor, engine.say, DispatcherProcess(), synth, speaker)
    engine.connect(outputs)
    session = Session(tmp_path, engine.hands, clock, InlineExecutor(), engine.say)
    ruling = rule(engine, session, Inline(), 1, (tmp_path,))

    def until(condition: Callable[[], object], limit_s: float = 30.0) -> None:
        wait_for(lambda: engine.turn(0.005) is None or condition(), limit_s)

    outputs.open()
    try:
        engine.tree.number("/output/osc/on").set(0)
        until(lambda: outputs.states["synth"].state == "open")
        assert max(outputs.level) < 1e-3
        for label, freq in (("rain", 60), ("storm", 220)):
            engine.set("/rules/knob/1", freq)
            engine.turn(0.005)
            engine.fire("/rules/keep", label)
            engine.turn(0.005)
        until(lambda: max(outputs.level) > 0.02)
        engine.fire("/panic")
        until(lambda: max(outputs.level) < 1e-3)
        until(lambda: ruling.study.model is not None)
        engine.fire("/rules/call", "rain")
        until(lambda: max(outputs.level) > 0.02)
        assert engine.tree.number("/rules/knob/1").value == 60
        engine.fire("/transport/stop")
        until(lambda: max(outputs.level) < 1e-3)
        # A synth that died and came back sounds where the knobs are.
        engine.fire("/rules/call", "storm")
        until(lambda: max(outputs.level) > 0.02)
        process = synth._process
        assert process is not None
        process.kill()
        until(lambda: outputs.states["synth"].state != "open")
        until(lambda: outputs.states["synth"].state == "open" and max(outputs.level) > 0.02)
    finally:
        ruling.close()
        outputs.close()
