"""The window as a whole: it follows the engine, never holds it up, and ends with it."""

import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.command import Command, Reply
from app.engine import Engine
from app.inline import Inline
from app.instrument import assemble
from app.snapshot import DeviceState, MonitorLine, Snapshot
from app.transport import WallClock
from tests.ui.rig import Rig
from ui.application import run
from ui.panel.key_sheet import arrange, fullest
from ui.panel.status_bar import ago
from ui.panel.top_bar import late_text, place
from ui.widget.meter import FLOOR_DB, decibels
from ui.widget.pad import Pad
from ui.widget.sentence import Sentence
from ui.words import chord_text, key_sheet
from ui.worker import EngineThread


def test_the_view_is_a_parameter(rig: Rig) -> None:
    rig.show("studio")
    assert rig.window.studio.isVisible()
    rig.find(Pad, "Stage").click()
    rig.turn()
    assert rig.number("/window/view").show() == "stage"
    assert rig.window.stage.isVisible()


def test_theme_and_size_change_at_once(rig: Rig) -> None:
    rig.window.resize(QSize(1920, 1080))
    rig.engine.set("/window/theme", "light")
    rig.engine.set("/window/size", 120)
    rig.turn()
    look = rig.window.desk.look
    assert (look.theme, look.scale) == ("light", 1.2)
    assert rig.window.top_bar.height() == look.px(56)


def test_dim_darkens_everything_and_lets_the_hand_through(rig: Rig) -> None:
    bright = rig.window.grab().toImage().pixelColor(60, 28)
    rig.engine.set("/window/dim", 0.5)
    rig.turn()
    dark = rig.window.grab().toImage().pixelColor(60, 28)
    assert dark.lightness() < bright.lightness()
    assert rig.window._dimmer.testAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)


def test_log_lines_come_to_the_status_bar_and_go(rig: Rig) -> None:
    rig.engine.say("error", "OSC out failed: no route to 10.0.0.9")
    rig.turn()
    assert rig.window.status_bar.left.text == "Error: OSC out failed: no route to 10.0.0.9"
    rig.play(12)
    assert rig.window.status_bar.left.text.startswith("session ")


def test_lights_tell_rest_from_traffic_and_from_closed(rig: Rig) -> None:
    rig.picture(lights={"osc in": 3.0, "osc out": 0.01, "midi in": None, "midi out": None})
    rig.window.refresh()
    assert [light.state for light in rig.window.top_bar.lights] == ["open", "lit", "closed", "closed"]


def test_a_light_opens_the_monitor_at_its_port(rig: Rig) -> None:
    lines = (MonitorLine(1.0, "in", "osc", "/a 1"), MonitorLine(2.0, "out", "midi", "note on 60"))
    rig.picture(messages=lines)
    rig.window.top_bar.lights[0].click()
    rig.turn()
    rig.picture(messages=lines)
    for _ in range(6):
        rig.window.refresh()
    strip = rig.window.studio.strip
    assert strip.isVisible()
    assert (strip.tab, strip.monitor.port) == ("Monitor", "osc in")
    assert [line.cells[2] for line in strip.monitor.lines] == ["/a 1"]


def test_late_figures_warn_in_words() -> None:
    assert late_text(Snapshot(late_ms=1.24)) == "late 1.2 ms"
    assert late_text(Snapshot(late_ms=7.6)) == "LATE 8 ms"


@pytest.mark.parametrize(
    ("beat", "bar_length", "text"), [(0, 4, "1.1"), (66.5, 4, "17.3"), (-0.2, 4, "1.1"), (7, 3, "3.2")]
)
def test_place(beat: float, bar_length: int, text: str) -> None:
    assert place(Snapshot(beat=beat, beats_per_bar=bar_length)) == text


@pytest.mark.parametrize(("seconds", "text"), [(1, "now"), (14, "10 s ago"), (130, "2 min ago"), (7300, "2 h ago")])
def test_ago(seconds: float, text: str) -> None:
    assert ago(seconds) == text


@pytest.mark.parametrize(("token", "text"), [("46,58,65", "B♭2  B♭3  F4"), ("60", "C4"), ("rest", "rest"), ("", "")])
def test_chords_by_name(token: str, text: str) -> None:
    assert chord_text(token) == text


def test_decibels() -> None:
    assert decibels(1.0) == 0
    assert decibels(0.5) == pytest.approx(-6.02, abs=0.01)
    assert decibels(0.0) == FLOOR_DB


def test_the_key_sheet_holds_every_action_and_every_key(rig: Rig) -> None:
    rows = [row for rows in key_sheet(rig.engine).values() for row in rows]
    addresses = {row.address for row in rows}
    assert {action.address for action in rig.engine.actions} <= addresses
    shown = {key for row in rows for key in row.key.split(" / ")}
    digits = {str(number) for number in range(1, 10)} if "1 to 9" in shown else set()
    digits |= {f"Shift+F{number}" for number in range(1, 9)} if "Shift+F1 to F8" in shown else set()
    assert {b.source.name for b in rig.engine.bindings if b.source.kind == "key"} <= shown | digits
    assert all(row.title for row in rows)


def test_the_key_sheet_splits_no_group() -> None:
    assert arrange([7, 14, 7, 6, 8], 2) == [0, 0, 1, 1, 1]
    assert fullest([7, 14, 7, 6, 8], 2) == 21
    assert arrange([5, 5, 5], 3) == [0, 1, 2]
    assert arrange([], 2) == []


def test_keys_work_while_the_key_sheet_is_open(rig: Rig) -> None:
    rig.engine.set("/window/keys", 1)
    rig.turn()
    assert rig.window.key_sheet.isVisible()
    rig.key(Qt.Key.Key_T)
    assert rig.number("/composer/temperature").value == pytest.approx(0.9)


def test_looking_sends_nothing(rig: Rig) -> None:
    rig.turn()
    for view in ("stage", "studio"):
        rig.show(view)
        rig.window.refresh()
        rig.window.tick()
        assert list(rig.engine.inbox.take(0.0)) == []


def test_closing_asks_the_engine_first(rig: Rig) -> None:
    assert not rig.window.close()
    assert rig.window.isVisible()
    rig.engine.turn()
    assert rig.engine.ended


class DeafSink:
    """A dispatcher that takes everything and sends nothing."""

    alive = True

    def start(self) -> None:
        self.alive = True

    def send_all(self, commands: Sequence[Command]) -> None:
        return

    def wait(self, seconds: float) -> None:
        return

    def poll(self) -> list[Reply]:
        return []

    def stop(self) -> None:
        self.alive = False


def live_engine(session: Path) -> Engine:
    return assemble(WallClock(), DeafSink(), None, Inline(), 0, session).engine


def test_a_run_ends_when_the_engine_ends(qtbot: QtBot, tmp_path: Path) -> None:
    engine = live_engine(tmp_path)
    QTimer.singleShot(400, lambda: engine.fire("/quit"))
    assert run(engine) == 0
    assert engine.snapshot.ended
    close_windows()


def test_a_broken_engine_is_told_and_ends_the_run(
    qtbot: QtBot, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    engine = live_engine(tmp_path)

    def break_down(_seconds: float) -> None:
        raise ZeroDivisionError("the gear broke")

    # No player, port or value can end the loop; what feeds it can.
    engine.inbox.take = break_down  # type: ignore[assignment,method-assign]
    assert run(engine) == 1
    assert "the gear broke" in capsys.readouterr().err
    close_windows()


def test_the_engine_thread_ends_by_itself(qtbot: QtBot, tmp_path: Path) -> None:
    engine = live_engine(tmp_path)
    thread = EngineThread(engine)
    with qtbot.waitSignal(thread.finished, timeout=5000):
        thread.start()
        engine.fire("/quit")
    assert thread.wait(1000)
    assert thread.failure == ""


def close_windows() -> None:
    for widget in QApplication.topLevelWidgets():
        widget.close()
        widget.deleteLater()


def test_a_lost_port_is_told_in_words(rig: Rig) -> None:
    rig.show("studio")
    rig.picture(devices=(DeviceState("midi", "waiting", "waiting for nanoKONTROL"),))
    rig.window.refresh()
    texts = [state.text for state in rig.window.studio.output.routes.findChildren(Sentence)]
    assert "◌ waiting for nanoKONTROL" in texts


def test_the_window_imports_nothing_heavy() -> None:
    """A plot library costs a third of a second, torch several, at every start."""
    import subprocess

    code = "import sys, ui.window; sys.exit(any(n in sys.modules for n in ('pyqtgraph', 'torch', 'scipy')))"
    root = Path(__file__).resolve().parent.parent.parent
    assert subprocess.run([sys.executable, "-c", code], cwd=root, timeout=60, check=False).returncode == 0
