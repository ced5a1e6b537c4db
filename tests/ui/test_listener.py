"""The Listener in the window: record, look, train, answer, route, as a hand does it."""

import time
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from app.binding import Binding, Fire, Follow, Put, Source
from app.example import Examples, Label, Output
from app.frame import Frame
from app.input import InputState
from app.snapshot import ListenerState, ModelNote, StudyState
from tests.example import clusters
from tests.ui.rig import Modifier, Rig
from ui.fader import Fader
from ui.ledger import read_page
from ui.panel.input import input_rows, trouble_text
from ui.panel.listener_examples import LabelPads
from ui.panel.listener_model import NewData, model_line, score_text
from ui.panel.route import RANGES, RouteLines, SourcePad, TargetPad, sources
from ui.view.stage import composer_names
from ui.widget.bars import ChanceBars
from ui.widget.choice import Choice
from ui.widget.confusion import growth_text, words
from ui.widget.grid import Grid, matching, read_target
from ui.widget.label_pad import LabelPad
from ui.widget.map import MapView
from ui.widget.pad import Pad, SwitchPad
from ui.widget.plane import pad_place, plane_of
from ui.widget.port import PortPad


@pytest.fixture
def studio(rig: Rig) -> Rig:
    """Studio with the columns of the Listener."""
    rig.show("studio")
    rig.key(Qt.Key.Key_1, Modifier.AltModifier)
    assert rig.window.studio.listener[0].isVisible()
    return rig


def dataset(rig: Rig) -> Examples:
    return rig.instrument.listener.dataset.examples()


def pointer_on(rig: Rig) -> None:
    rig.find(SwitchPad, "Pointer").click()
    rig.turn()


# --- recording --------------------------------------------------------------------------------------------------


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


# --- labels -----------------------------------------------------------------------------------------------------


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


# --- the map ----------------------------------------------------------------------------------------------------


def test_two_features_lie_where_the_pointer_was(studio: Rig) -> None:
    pointer_on(studio)
    studio.record(Qt.Key.Key_1, 0.25, 0.75)
    studio.point(0.5, 0.5)
    view = studio.window.studio.listener[0].map
    studio.turn()
    assert view.here is not None
    assert view.here.x() == pytest.approx(view.box.center().x(), abs=1)
    assert view.here.y() == pytest.approx(view.box.center().y(), abs=1)
    assert pad_place(view.box.topRight(), view.box) == (1.0, 1.0)


def test_the_pointer_is_heard_only_over_the_map_and_only_when_on(studio: Rig) -> None:
    studio.point(0.5, 0.5)
    assert studio.engine.snapshot.listener.heard == 0
    pointer_on(studio)
    studio.point(0.5, 0.6)
    assert studio.engine.snapshot.listener.newest == pytest.approx((0.5, 0.6), abs=0.01)
    view = studio.window.studio.listener[0].map
    view.leaveEvent(None)  # type: ignore[arg-type]
    studio.play(0.1)
    heard = studio.engine.snapshot.listener.heard
    studio.play(0.1)
    assert studio.engine.snapshot.listener.heard == heard


def test_many_features_are_laid_flat_at_one_scale() -> None:
    plane = plane_of(clusters(200, 8, 3))
    assert plane.map is not None
    assert plane.equal
    again = plane_of(clusters(220, 8, 3), plane)
    assert plane.point((0.0,) * 5) is None
    assert np.isfinite(again.points(clusters(10, 8).inputs)).all()


def test_the_cursor_costs_little_among_many_examples(rig: Rig) -> None:
    view = MapView(rig.window.desk)
    view.resize(500, 400)
    examples = clusters(10_000, 30, 6)
    state = ListenerState(examples=examples, newest=tuple(examples.inputs[0].tolist()), ready=True, label=1)
    rig.picture(listener=state)
    view.refresh(rig.engine.snapshot)
    view.grab()
    spent = []
    for row in examples.inputs[:40]:
        rig.picture(listener=ListenerState(examples=examples, newest=tuple(row.tolist()), ready=True, label=1))
        started = time.perf_counter()
        view.refresh(rig.engine.snapshot)
        view.repaint()
        spent.append(time.perf_counter() - started)
    assert sorted(spent)[len(spent) // 2] < 0.002


def test_points_that_come_while_recording_are_added_not_painted_anew(studio: Rig) -> None:
    pointer_on(studio)
    studio.record(Qt.Key.Key_1, 0.3, 0.3, count=20)
    view = studio.window.studio.listener[0].map
    view.grab()
    before, drawn = view._picture, view._drawn
    studio.hold(Qt.Key.Key_1)
    for _ in range(3):
        studio.point(0.31, 0.3)
    view.grab()
    assert view._picture is before
    assert drawn < view._drawn <= len(dataset(studio))
    studio.let_go(Qt.Key.Key_1)


def test_shapes_differ_from_label_to_label(rig: Rig) -> None:
    from PySide6.QtGui import QImage, QPainter

    from ui.widget.shape import paint_shape

    seen = set()
    for colour in range(9):
        image = QImage(24, 24, QImage.Format.Format_ARGB32)
        image.fill(0)
        painter = QPainter(image)
        paint_shape(painter, rig.window.desk.look, colour, QPointF(12, 12), 18, rig.window.desk.look.color("text"))
        painter.end()
        seen.add(bytes(image.constBits()))
    assert len(seen) == 9


# --- the table --------------------------------------------------------------------------------------------------


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


# --- warnings, files --------------------------------------------------------------------------------------------


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
    panel.export(str(tmp_path / "mine"), "Understudy table (CSV) (*.csv)")
    studio.turn()
    assert (tmp_path / "mine.csv").exists()
    studio.find(Pad, "Clear").click()
    studio.turn()
    assert len(dataset(studio)) == 0
    panel.take(str(tmp_path / "mine.csv"))
    studio.turn()
    assert len(dataset(studio)) == 20
    panel.take(str(tmp_path / "nothing.csv"))
    studio.turn()
    assert "nothing.csv" in studio.window.status_bar.left.text


# --- the model --------------------------------------------------------------------------------------------------


def test_settings_come_from_the_signature_of_the_kind(studio: Rig) -> None:
    plots = studio.window.studio.listener[1].plots
    plots.open("Settings")
    studio.turn()
    kind = studio.find(Choice, "Classifier model")
    assert kind.text() == "Nearest neighbours"
    next(action for action in kind.menu().actions() if action.text() == "Neural network").trigger()
    studio.turn()
    studio.turn()
    titles = {widget.accessibleName() for widget in plots.settings.shown}
    assert {"Units", "Layers", "Epochs"} <= titles
    units = studio.find(Fader, "Units")
    units.setFocus()
    before = studio.number("/listener/model/mlp/units").value
    studio.key(Qt.Key.Key_Up)
    assert studio.number("/listener/model/mlp/units").value > before


def test_return_trains_the_listener_and_an_earlier_model_comes_back(studio: Rig) -> None:
    studio.taught(labels=2)
    studio.key(Qt.Key.Key_Return)
    studio.turn()
    panel = studio.window.studio.listener[1]
    assert [line.key for line in panel.models.lines] == ["2", "1"]
    assert panel.models.chosen == "2"
    panel.models.choose(panel.models.lines[1])
    studio.turn()
    studio.turn()
    assert panel.models.chosen == "1"
    assert studio.engine.snapshot.listener.study.confusion


def test_return_trains_the_composer_while_that_is_chosen(rig: Rig) -> None:
    rig.window.setFocus()
    rig.key(Qt.Key.Key_Return)
    assert "dataset" in rig.window.status_bar.left.text


def test_scores_compared_in_words(rig: Rig) -> None:
    models = (ModelNote(1, "k-NN", 40, 0, 0.9), ModelNote(2, "k-NN", 60, 9, 0.94, True))
    rig.picture(listener=ListenerState(study=StudyState(score=0.94, models=models)))
    assert score_text(rig.engine.snapshot) == "score 94%, +4 to the one before"
    assert model_line(models[0]).cells == ("1", "k-NN", "40 ex.", "90%")


def test_confusion_and_growth_in_words() -> None:
    glass = Output("sound", "class", (Label(1, "rain", 0), Label(2, "glass", 1)))
    page = read_page(Examples.build(("x",), (glass,), [[1.0]], [[1]]), "classifier:2")
    study = StudyState(classes=(1, 2), confusion=((8, 3), (1, 9)), growth=((10, 0.6), (20, 0.8)))
    assert words(study, page) == "3 of rain taken for glass"
    assert growth_text(study) == "still growing at 20 examples: more would help"
    assert growth_text(StudyState(growth=((10, 0.97), (20, 0.98)))) == "steady at 20 examples: enough"


def test_new_data_is_marked_where_it_came() -> None:
    news = NewData()
    run = StudyState(active=True, train=((1.0, 0.9), (7.0, 0.5)))
    assert news.look(run, 40) == ()
    assert news.look(run, 41) == (7.0,)
    assert news.look(StudyState(active=True, train=((1.0, 0.9),)), 41) == ()


# --- the output -------------------------------------------------------------------------------------------------


def test_chances_stand_as_bars_with_the_gate(studio: Rig) -> None:
    studio.taught(labels=3)
    studio.engine.set("/listener/confidence", 0.6)
    studio.turn()
    bars = studio.window.findChild(ChanceBars)
    assert [row.name for row in bars.rows] == ["1", "2", "3"]
    assert sum(row.share for row in bars.rows) == pytest.approx(1, abs=0.01)
    assert bars.mark == pytest.approx(0.6)
    assert sum(row.strong for row in bars.rows) <= 1


def test_a_route_is_made_by_two_menus_and_removed(studio: Rig) -> None:
    source, target = studio.find(SourcePad, "Output to route"), studio.find(TargetPad, "Add a route")
    source.menu().actions()[1].trigger()
    menu = target.menu()
    part = next(action.menu() for action in menu.actions() if action.text() == "Composer")
    part.aboutToShow.emit()
    entry = next(action.menu() for action in part.actions() if action.text() == "Composer")
    entry.actions()[1].trigger()
    studio.turn()
    studio.turn()
    name = composer_names(studio.window.desk)[1]
    made = Binding(Source("output", "/listener/label/2"), "/composer/model", Put(name))
    assert made in list(studio.engine.bindings)
    lines = studio.window.findChild(RouteLines)
    assert [line.cells for line in lines.lines] == [("2", "Composer", f"= {name}")]
    lines.setFocus()
    studio.key(Qt.Key.Key_Down)
    studio.key(Qt.Key.Key_Delete)
    studio.turn()
    assert made not in list(studio.engine.bindings)
    studio.engine.fire("/undo")
    studio.turn()
    assert made in list(studio.engine.bindings)


def test_a_number_follows_over_its_range(studio: Rig) -> None:
    studio.engine.set("/listener/outputs", "regressor")
    studio.turn()
    studio.turn()
    page = studio.window.desk.page(studio.engine.snapshot)
    assert [(name, source.index) for name, source, _ in sources(page)] == [("out1", 0)]
    target = studio.find(TargetPad, "Add a route")
    moves = target.moves(studio.number("/composer/density"))
    assert [text for text, _ in moves] == [text for text, _, _ in RANGES]
    assert moves[1][1] == Follow(0.0, 1.0, 1.0, 0.0)


# --- inputs -----------------------------------------------------------------------------------------------------


def input_state(**parts: object) -> InputState:
    values = np.array([0.5, -2.0], np.float32)
    low, high = np.array([0.25, -4.0], np.float32), np.array([1.0, 4.0], np.float32)
    stock = dict(
        source="osc", frames=9, rate_hz=43.0, age_s=0.01, names=("rms", "pitch"), values=values, low=low, high=high,
        wrong_size=0, not_numbers=0, gaps=0, trouble="",
    )  # fmt: skip
    return InputState(**(stock | parts))  # type: ignore[arg-type]


def test_input_bars_have_range_marks() -> None:
    inside, outside = input_rows((input_state(),))
    assert (inside.name, inside.share, inside.low, inside.high) == ("rms", 0.5, 0.25, 1.0)
    assert (outside.text, outside.share, outside.low, outside.high) == ("−2.00", 0.25, 0.0, 1.0)


def test_troubles_are_told_and_counted(rig: Rig) -> None:
    bad = input_state(trouble="osc sent 3 values instead of 2", wrong_size=4)
    rig.picture(listener=ListenerState(inputs=(bad,)))
    assert trouble_text(rig.engine.snapshot) == "osc sent 3 values instead of 2   4 refused"
    rig.picture(listener=ListenerState(inputs=(input_state(),)))
    assert trouble_text(rig.engine.snapshot) == "all frames are well"


def test_the_pointer_does_not_wait_for_a_silent_osc(studio: Rig) -> None:
    pointer_on(studio)
    assert studio.number("/listener/input/osc/on").value == 0
    assert studio.number("/listener/input/pointer/on").value == 1


# --- the stage, the window --------------------------------------------------------------------------------------


def test_stage_shows_the_listener_once_it_has_examples(rig: Rig) -> None:
    rig.show("stage")
    assert not rig.window.stage.listener.isVisible()
    rig.taught(labels=2)
    QApplication.processEvents()
    card = rig.window.stage.listener
    assert card.isVisible()
    assert card.verdict.state.label == rig.engine.snapshot.listener.label
    rig.instrument.listener.dataset.clear()
    rig.play(0.1)
    assert not card.isVisible()


def test_a_line_of_the_bindings_shows_its_control(studio: Rig) -> None:
    studio.show("stage")
    lines = studio.window.studio.strip.bindings
    studio.window.studio.strip.open("Bindings")
    lines.tick(studio.engine.snapshot)
    line = next(line for line in lines.lines if line.cells[2] == "/composer/density")
    lines.choose(line)
    around = studio.window.flash.around
    assert isinstance(around, Fader)
    assert around.parameter.address == "/composer/density"
    assert studio.window.flash.geometry().contains(around.mapTo(studio.window, QPoint(5, 5)))


def test_a_control_out_of_sight_is_turned_to(studio: Rig, qtbot: QtBot) -> None:
    studio.window.desk.locate("/composer/polyphony")
    studio.turn()
    QApplication.processEvents()
    qtbot.waitUntil(lambda: studio.window.flash.around is not None, timeout=2000)
    assert studio.window.flash.around.accessibleName() == "Polyphony"


def test_midi_ports_are_offered_by_name_when_asked(studio: Rig) -> None:
    class Ports:
        asked = 0

        def outputs(self) -> list[str]:
            self.asked += 1
            return ["nanoKONTROL", "IAC Bus 1"]

    ports = Ports()
    studio.window.desk.ports = ports  # type: ignore[assignment]
    studio.key(Qt.Key.Key_4, Modifier.AltModifier)
    studio.find(Pad, "MIDI settings").click()
    studio.turn()
    pad = studio.find(PortPad, "MIDI ports")
    assert ports.asked == 0
    pad.look()
    pad.menu().actions()[1].trigger()
    studio.turn()
    assert studio.engine.tree.text("/output/midi/port").value == "IAC Bus 1"
    assert ports.asked == 1


def test_a_system_without_midi_says_why(studio: Rig) -> None:
    pad = PortPad(studio.window.desk, studio.engine.tree.text("/output/midi/port"))
    pad.names = ["unavailable: no MIDI system runs here (ALSA or JACK)"]
    (action,) = pad.menu().actions()
    assert not action.isEnabled()
    assert "no MIDI system" in action.text()


def test_frames_stay_short_while_the_listener_works(rig: Rig) -> None:
    """Looking and painting together, in both views, with 2,000 examples and frames coming in."""
    rig.taught(labels=6, width=17, count=2000)
    rows = dataset(rig).inputs
    rig.window.desk.choose_player("listener")
    for view in ("studio", "stage"):
        rig.show(view)
        spent = []
        for row in rows[:40]:
            rig.engine.inbox.put(Frame(rig.engine.clock.now(), "osc", row))
            rig.engine.run_until(rig.engine.clock.now() + 0.05)
            started = time.perf_counter()
            rig.window.refresh()
            QApplication.processEvents()
            spent.append(time.perf_counter() - started)
        assert sorted(spent)[len(spent) // 2] < 0.008, view
