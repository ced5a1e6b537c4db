"""The page that finds latencies: what is pressed, said and shown."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.event import NoteOn
from tests.instrument import port_of
from tests.ui.rig import Rig
from ui.panel.calibration import FIRST, CalibrationPage

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def rig(qtbot: QtBot, tmp_path: Path) -> Rig:
    rig = Rig(qtbot, tmp_path)
    rig.engine.set("/output/midi/on", 1)
    rig.show("studio")
    return rig


def page(rig: Rig) -> CalibrationPage:
    rig.window.studio.strip.open("Latency")
    rig.turn()
    (found,) = rig.window.studio.strip.findChildren(CalibrationPage)
    return found


def tap_along(rig: Rig, found: CalibrationPage, device: str, late_s: float) -> None:
    """Choose a device, let it click, press the pad that much after each click, and end it."""
    rig.engine.set("/calibrate/device", device)
    rig.turn()
    QTest.mouseClick(found.start, LEFT)
    rig.turn()
    assert found.start.text() == "Done"
    heard = len([1 for _, event in port_of(rig.instrument, device).sent if isinstance(event, NoteOn)])
    for number in range(14):
        clicks: list[float] = []
        while len(clicks) <= heard + number:
            rig.engine.run_until(rig.engine.clock.now() + 0.01)
            clicks = [at for at, event in port_of(rig.instrument, device).sent if isinstance(event, NoteOn)]
        rig.engine.run_until(clicks[-1] + late_s)
        QTest.mousePress(found.tap, LEFT)  # It counts when it goes down,
        rig.engine.run_until(rig.engine.clock.now() + 0.05)
        QTest.mouseRelease(found.tap, LEFT)  # and not again when it comes up.
    rig.turn()
    assert "14 taps" in found.sentence.text
    QTest.mouseClick(found.start, LEFT)
    rig.turn()


def test_two_devices_are_tapped_and_sound_together(rig: Rig) -> None:
    found = page(rig)
    assert found.sentence.text == FIRST
    tap_along(rig, found, "osc", 0.02)
    assert "OSC is heard" in found.sentence.text
    assert [line.cells[3] for line in found.lags.lines] == ["measure another"]
    tap_along(rig, found, "midi", 0.09)
    assert [(line.cells[0], line.cells[3]) for line in found.lags.lines] == [("OSC", "→ 70 ms"), ("MIDI", "→ 0 ms")]
    rig.engine.fire("/calibrate/apply")
    rig.turn()
    assert rig.engine.tree.number("/output/osc/latency").value == 70
    assert "sound together" in found.sentence.text


def test_too_few_taps_are_told_on_the_page(rig: Rig) -> None:
    found = page(rig)
    rig.engine.fire("/calibrate/start", "osc")
    rig.play(3)
    rig.engine.fire("/calibrate/stop")
    rig.turn()
    assert "too few taps: 0 of at least 8" in found.sentence.text
    assert found.lags.lines == ()
