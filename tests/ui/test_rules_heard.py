"""A label called in the window is heard: the real synth and output processes, on the null device."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.dispatcher_process import DispatcherProcess
from app.inline import Inline
from app.instrument import assemble
from app.speaker import Speaker
from app.synth import SynthProcess
from app.transport import WallClock
from tests.condition import wait_for
from ui.widget.meter import FLOOR_DB, Meter
from ui.widget.rules_label import CallPad
from ui.window import open_window

TABLE = Path(__file__).resolve().parents[2] / "presets" / "rules" / "weather.csv"


def test_a_called_label_moves_the_meter(qtbot: QtBot, tmp_path: Path) -> None:
    instrument = assemble(WallClock(), DispatcherProcess(), SynthProcess("null"), Inline(), 1, tmp_path, Speaker())
    engine, outputs = instrument.engine, instrument.engine.outputs
    window = open_window(engine, QSize(1280, 720))
    window.frame_timer.stop()
    window.tick_timer.stop()
    qtbot.addWidget(window, before_close_func=lambda one: setattr(one, "_closing", True))

    def until(condition: Callable[[], object], limit_s: float = 60.0) -> None:
        def look() -> object:
            engine.turn(0.005)
            window.refresh()
            QApplication.processEvents()
            return condition()

        wait_for(look, limit_s)

    outputs.open()
    try:
        engine.set("/output/osc/on", 0.0)
        engine.set("/window/view", "studio")
        engine.set("/window/player", "rules")
        engine.fire("/rules/import", str(TABLE))
        until(lambda: outputs.states["synth"].state == "open")
        until(lambda: len(engine.snapshot.rules.rules) > 0)
        meter = next(one for one in window.findChildren(Meter) if one.isVisible())
        assert max(engine.snapshot.level) < 1e-3
        pad = next(p for p in window.findChildren(CallPad) if p.isVisible() and p.label == "rain")
        until(pad.isEnabled)
        QTest.mouseClick(pad, Qt.MouseButton.LeftButton)
        until(lambda: max(engine.snapshot.level) > 0.02)
        until(lambda: max(meter.shown) > FLOOR_DB + 10)
        until(lambda: engine.snapshot.rules.sounding.label == "rain")
        QTest.keyClick(window, Qt.Key.Key_Period, Qt.KeyboardModifier.ControlModifier)
        until(lambda: max(engine.snapshot.level) < 1e-3)
    finally:
        instrument.close()
        outputs.close()
