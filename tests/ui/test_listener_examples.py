"""Examples in the window: recorded by key, pad and pointer, named, corrected, warned about, stored."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from app.binding import Binding, Fire, Put, Source
from app.example import Examples, Label, Output
from app.frame import Frame
from tests.example import clusters
from tests.ui.rig import Modifier, Rig, dataset, pointer_on
from ui.fader import Fader
from ui.panel.composer_stage import composer_names
from ui.panel.label_pads import LabelPads
from ui.widget.grid import Grid, matching, read_target
from ui.widget.label_pad import LabelPad
from ui.widget.pad import Pad, SwitchPad


def test_two_corners_two_labels_two_composers(studio: Rig) -> None:
    pointer_on(studio)
    studio.record(Qt.Key.Key_1, 0.15, 0.85)
    studio.record(Qt.Key.Key_2, 0.85, 0.15)
    assert dict(dataset(studio).counts()) == {1: 13, 2: 13}
    studio.key(Qt.Key.Key_Return)
    studio.find(SwitchPad, "Answer").click()
    names = composer_names(studio.window.desk)
    for label, name in ((1, names[2]), (2, names[3])):
        studio.engine.bind(Binding(Source("output", f"/listener/label/{label}"), "/composer/model", Put(name)))
    studio.turn()
    heard = []
    for x, y in ((0.15, 0.85), (0.85, 0.15), (0.15, 0.85)):
        for _ in range(15):
            studio.point(x, y)
        heard.append((studio.engine.snapshot.listener.name, studio.number("/composer/model").show()))
    assert heard == [("1", names[2]), ("2", names[3]), ("1", names[2])]


def test_a_pad_records_while_the_mouse_holds_it(studio: Rig, qtbot: QtBot) -> None:
    pad = studio.find(LabelPad, "Label 3 3")
    QTest.mousePress(pad, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: pad._holds, timeout=2000)
    studio.turn()
    assert studio.engine.snapshot.listener.recording == 3
    for n in range(5):
        studio.engine.inbox.put(Frame(studio.engine.clock.now(), "osc", np.array([n, 1, 2], np.float32)))
        studio.turn()
    assert pad.fill == "learning"
    QTest.mouseRelease(pad, Qt.MouseButton.LeftButton)
    studio.turn()
    assert studio.engine.snapshot.listener.recording == 0
    assert dict(dataset(studio).counts()) == {3: 5}
    assert pad.count == 5


def test_a_click_records_nothing_and_says_how(studio: Rig) -> None:
    QTest.mouseClick(studio.find(LabelPad, "Label 1 1"), Qt.MouseButton.LeftButton)
    studio.turn()
    assert studio.number("/listener/record").value == 0
    assert studio.window.status_bar.left.text == "Hold 1, or the key 1, to record examples"


def test_a_held_figure_is_let_go_even_if_shift_came_between(studio: Rig) -> None:
    studio.hold(Qt.Key.Key_1)
    assert studio.number("/listener/record").value == 1
    for kind, repeats in ((QKeyEvent.Type.KeyRelease, True), (QKeyEvent.Type.KeyPress, True)):
        event = QKeyEvent(kind, Qt.Key.Key_1, Modifier.NoModifier, "1", repeats)
        QApplication.sendEvent(studio.window, event)
        studio.turn()
        assert studio.number("/listener/record").value == 1
    # What the system sends when Shift went down meanwhile: another sign from the same place of the keyboard.
    place = 10
    for kind, key in ((QKeyEvent.Type.KeyPress, Qt.Key.Key_2), (QKeyEvent.Type.KeyRelease, Qt.Key.Key_QuoteDbl)):
        QApplication.sendEvent(studio.window, QKeyEvent(kind, key, Modifier.NoModifier, place, 0, 0))
    studio.let_go(Qt.Key.Key_1)
    assert studio.number("/listener/record").value == 0
    assert not studio.window._keys._held


def test_leaving_the_window_lets_held_keys_go(studio: Rig) -> None:
    studio.hold(Qt.Key.Key_4)
    studio.window._keys.let_go()
    studio.turn()
    assert studio.number("/listener/record").value == 0


def test_a_take_is_one_step_of_undo(studio: Rig) -> None:
    pointer_on(studio)
    studio.record(Qt.Key.Key_1, 0.2, 0.2)
    studio.record(Qt.Key.Key_2, 0.8, 0.8)
    studio.find(Pad, "Undo").click()
    studio.turn()
    assert dict(dataset(studio).counts()) == {1: 13}


def test_a_label_is_named_by_key_and_its_routes_follow(studio: Rig) -> None:
    studio.engine.bind(Binding(Source("output", "/listener/label/2"), "/composer/next", Fire()))
    studio.turn()
    pad = studio.find(LabelPad, "Label 2 2")
    pad.setFocus()
    studio.key(Qt.Key.Key_N, Modifier.ControlModifier)
    assert isinstance(QApplication.focusWidget(), QLineEdit)
    studio.type("glass")
    studio.key(Qt.Key.Key_Return)
    studio.turn()
    assert pad.text() == "glass"
    assert [
        b.source.name for b in studio.engine.bindings.for_target("/composer/next") if b.source.kind == "output"
    ] == ["/listener/label/glass"]


def test_a_double_click_names_and_records_nothing(studio: Rig) -> None:
    pad = studio.find(LabelPad, "Label 1 1")
    QTest.mouseDClick(pad, Qt.MouseButton.LeftButton)
    assert isinstance(QApplication.focusWidget(), QLineEdit)
    studio.key(Qt.Key.Key_Escape)
    assert studio.number("/listener/record").value == 0


def test_plus_makes_room_for_another_label(studio: Rig) -> None:
    studio.find(Pad, "One label more").click()
    studio.turn()
    studio.turn()
    assert studio.engine.tree.text("/listener/outputs").value == "classifier:5"
    assert studio.find(LabelPad, "Label 5 5").isVisible()
    pads = studio.window.findChild(LabelPads)
    for _ in range(6):
        pads.grow(1)
        studio.turn()
        studio.turn()
    assert len([pad for pad in pads.pads if pad.isVisible()]) == 9


def test_numbers_have_target_faders(studio: Rig) -> None:
    studio.engine.set("/listener/outputs", "classifier:3,regressor,regressor")
    studio.turn()
    studio.turn()
    shown = [fader.parameter.address for fader in studio.window.findChildren(Fader) if fader.isVisible()]
    assert [address for address in shown if "/target/" in address] == ["/listener/target/2", "/listener/target/3"]


@pytest.fixture
def grid(studio: Rig) -> Grid:
    studio.instrument.listener.dataset.replace(clusters(30, 3, 2))
    studio.turn()
    studio.find(Pad, "Table").click()
    studio.turn()
    return studio.find(Grid, "Table of the examples")


def test_the_table_sorts_and_filters(studio: Rig, grid: Grid) -> None:
    assert grid.rows.rowCount() == 30
    grid.sortByColumn(3, Qt.SortOrder.DescendingOrder)
    values = dataset(studio).inputs[grid.rows.order, 0]
    assert (np.diff(values) <= 0).all()
    studio.find(QLineEdit, "Filter").setFocus()
    studio.type("2")
    assert set(dataset(studio).labels()[grid.rows.order]) <= {2} | set(dataset(studio).labels()[[1]])
    studio.key(Qt.Key.Key_Escape)
    assert grid.rows.rowCount() == 30


def test_a_cell_is_corrected_and_a_label_changed(studio: Rig, grid: Grid) -> None:
    first = int(dataset(studio).ids[0])
    assert grid.rows.setData(grid.rows.index(0, 3), "0,25")
    assert grid.rows.setData(grid.rows.index(0, 2), "2")
    studio.turn()
    assert dataset(studio).inputs[0, 0] == pytest.approx(0.25)
    assert dataset(studio).labels()[0] == 2
    assert not grid.rows.setData(grid.rows.index(0, 3), "much")
    assert f"Example {first}" in studio.window.desk.notice


def test_marked_rows_are_relabelled_and_deleted(studio: Rig, grid: Grid) -> None:
    ids = [int(one) for one in dataset(studio).ids[:4]]
    grid.choose(ids)
    assert grid.chosen() == ids
    page = studio.window.desk.page(studio.engine.snapshot)
    grid.relabel(3, page)
    studio.turn()
    assert set(dataset(studio).labels()[:4]) == {3}
    assert grid.chosen() == ids
    grid.setFocus()
    studio.key(Qt.Key.Key_Delete)
    assert len(dataset(studio)) == 26
    studio.key(Qt.Key.Key_Z, Modifier.ControlModifier)
    assert len(dataset(studio)) == 30


def test_targets_by_name_number_or_none() -> None:
    glass = Output("sound", "class", (Label(4, "glass", 3),))
    examples = Examples.build(("x",), (glass, Output("size", "number")), [[1.0]], [[4, 0.5]])
    assert [read_target(examples, 0, text) for text in ("Glass", "4", "none")] == [4, 4, 0]
    assert read_target(examples, 1, "0,75") == 0.75
    with pytest.raises(ValueError, match="is no label"):
        read_target(examples, 0, "wood")
    assert matching(examples, "gl").tolist() == [0]
    assert matching(examples, "wood").tolist() == []


def test_warnings_in_words_ring_the_examples(studio: Rig, qtbot: QtBot) -> None:
    examples = clusters(40, 3, 2)
    twice = Examples.build(
        examples.features,
        examples.outputs,
        np.vstack([examples.inputs, examples.inputs[:2]]),
        np.vstack([examples.targets, examples.targets[:2]]),
    )
    studio.instrument.listener.dataset.replace(twice)
    studio.turn()
    panel = studio.window.studio.listener[0]
    studio.window.tick()
    qtbot.waitUntil(lambda: not panel.findings._busy, timeout=5000)
    studio.window.tick()
    lines = panel.findings.lines
    place = next(n for n, line in enumerate(lines) if "copies" in line.cells[0])
    assert lines[place].cells[0].startswith("! ")
    panel.findings.choose(lines[place])
    assert set(panel.map.marked) == {41, 42}
    panel.findings.choose(lines[place])
    assert panel.map.marked == ()


def test_examples_go_to_a_file_and_come_back(studio: Rig, tmp_path: Path) -> None:
    studio.instrument.listener.dataset.replace(clusters(20, 3, 2))
    panel = studio.window.studio.listener[0]
    panel.files.export(str(tmp_path / "mine"), "Understudy table (CSV) (*.csv)")
    studio.turn()
    assert (tmp_path / "mine.csv").exists()
    studio.find(Pad, "Clear").click()
    studio.turn()
    assert len(dataset(studio)) == 0
    panel.files.take(str(tmp_path / "mine.csv"))
    studio.turn()
    assert len(dataset(studio)) == 20
    panel.files.take(str(tmp_path / "nothing.csv"))
    studio.turn()
    assert "nothing.csv" in studio.window.status_bar.left.text
