"""The Listener's pages as hands use them: inputs, takes by the clock, ways out, files, clock, network, modes."""

from collections.abc import Callable
from concurrent.futures import Executor, Future
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, QSize, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

import tests.ui.rig as rigs
from app.adapter.drop_in import DropIns, join
from app.binding import Binding, Follow, Source
from app.frame import Frame
from app.instrument import Instrument
from app.process import KINDS
from app.process_text import read_chain
from app.snapshot import Compared, CompareState, ListenerState, ModelNote, StudyState
from tests.example import clusters
from tests.ui.rig import Modifier, Rig, dataset
from tests.ui.test_view import box, check_apart, describe, leaves
from ui.panel.clock_page import network_text, sync_text
from ui.panel.listener_chain import VARIANTS, AddStepPad, ChainField, StepPad
from ui.panel.listener_column import BOX, TALL, ColumnList
from ui.panel.listener_examples import ListenerExamples
from ui.panel.listener_input import figures_text
from ui.panel.listener_model import ComparePad, Comparison, best_text, compared
from ui.panel.listener_output import ListenerOutput, novelty_text
from ui.panel.listener_way import WayLines
from ui.panel.mode_page import ModePage
from ui.panel.route_shape import CURVES, CurvePad, ShapeField, read_shape, shape_text
from ui.panel.session_menu import OpenPad
from ui.widget.choice import Choice
from ui.widget.label_pad import LabelPad
from ui.widget.pad import Pad, SwitchPad
from ui.words import move_text

SMOOTH = "/listener/input/osc/process"


def examples_card(rig: Rig) -> ListenerExamples:
    card = rig.window.studio.listener[0]
    assert isinstance(card, ListenerExamples)
    return card


def output_card(rig: Rig) -> ListenerOutput:
    card = rig.window.studio.listener[2]
    assert isinstance(card, ListenerOutput)
    return card


def send(rig: Rig, *values: float) -> None:
    rig.engine.inbox.put(Frame(rig.engine.clock.now(), "osc", np.array(values, np.float32)))
    rig.turn()


@pytest.fixture
def values(studio: Rig) -> ColumnList:
    """The list of the values, with three of them."""
    for n in range(4):
        send(studio, n / 4, 2 * n - 3, 0.5)
    studio.find(Pad, "Inputs").click()
    studio.turn()
    return studio.find(ColumnList, "Values of a frame")


# --- values -----------------------------------------------------------------------------------------------


def test_values_stand_live_with_their_range(studio: Rig, values: ColumnList) -> None:
    assert [row.column.name for row in values.rows] == ["osc 1", "osc 2", "osc 3"]
    second = values.rows[1].bar
    assert (second.text, second.share, second.low, second.high) == ("3.00", 1.0, 0.0, 1.0)
    send(studio, 0.5, 0.0, 0.5)
    studio.turn()
    assert values.rows[1].bar.share == 0.5


def test_a_click_on_its_box_leaves_a_value_out_and_undo_brings_it_back(studio: Rig, values: ColumnList) -> None:
    place = QPoint(BOX // 2, TALL + TALL // 2)
    QTest.mouseClick(values, Qt.MouseButton.LeftButton, pos=place)
    studio.turn()
    studio.turn()
    assert [row.column.enabled for row in values.rows] == [True, False, True]
    assert studio.instrument.listener.inputs.mixer.names == ("osc 1", "osc 3")
    studio.key(Qt.Key.Key_Z, Modifier.ControlModifier)
    studio.turn()
    assert studio.instrument.listener.inputs.mixer.names == ("osc 1", "osc 2", "osc 3")


def test_a_value_is_named_moved_and_switched_by_keys(studio: Rig, values: ColumnList) -> None:
    values.setFocus()
    studio.key(Qt.Key.Key_Down)
    studio.key(Qt.Key.Key_N, Modifier.ControlModifier)
    assert isinstance(QApplication.focusWidget(), QLineEdit)
    studio.type("osc 2")
    studio.key(Qt.Key.Key_Return)
    assert isinstance(QApplication.focusWidget(), QLineEdit), "a name that is taken is not accepted"
    QApplication.focusWidget().clear()
    studio.type("tilt")
    studio.key(Qt.Key.Key_Return)
    studio.turn()
    studio.key(Qt.Key.Key_Down, Modifier.ControlModifier)
    studio.turn()
    assert [row.column.name for row in values.rows] == ["osc 2", "tilt", "osc 3"]
    assert values.chosen == "tilt"
    studio.key(Qt.Key.Key_Return)
    studio.turn()
    assert [row.column.enabled for row in values.rows] == [True, False, True]


def test_an_input_is_switched_off_and_on_where_its_values_are(studio: Rig, values: ColumnList) -> None:
    studio.find(SwitchPad, "OSC on").click()
    studio.turn()
    studio.turn()
    assert values.rows == ()
    assert studio.number("/listener/input/osc/on").value == 0
    studio.find(SwitchPad, "OSC on").click()
    studio.turn()
    send(studio, 1, 2, 3)
    studio.turn()
    assert [row.bar.text for row in values.rows] == ["1.00", "2.00", "3.00"]


def test_odd_frames_are_flagged_and_counted_where_one_looks(studio: Rig, values: ColumnList) -> None:
    send(studio, 1.0, 2.0)
    send(studio, 1.0, float("nan"), 2.0)
    studio.turn()
    state = studio.engine.snapshot.listener.inputs[0]
    assert figures_text(state).endswith("1 odd-sized   1 NaN   4 well")
    assert studio.find(Pad, "Processing of OSC").text() == "! OSC"


# --- processing -------------------------------------------------------------------------------------------


def test_every_step_offered_is_one_that_can_be_had() -> None:
    assert VARIANTS.keys() == KINDS.keys()
    for kind, texts in VARIANTS.items():
        for text in texts:
            assert read_chain(text)[0].kind == kind


def test_a_step_is_added_from_the_menu_and_taken_out_by_a_click(studio: Rig, values: ColumnList) -> None:
    more = studio.find(AddStepPad, "Process osc")
    smooth = next(action.menu() for action in more.menu().actions() if action.text() == "Smooth")
    next(action for action in smooth.actions() if action.text() == "smooth 100 ms").trigger()
    studio.turn()
    more.add("difference first keep")
    studio.turn()
    field = studio.window.studio.listener[0].inputs.pages["osc"].field
    studio.turn()
    assert studio.engine.tree.text(SMOOTH).value == field.text() == "smooth 100 ms, difference first keep"
    send(studio, 0.1, 0.2, 0.3)
    studio.turn()
    assert len(values.rows) == 6
    pads = [pad for pad in studio.window.findChildren(StepPad) if pad.isVisible()]
    assert len(pads) == 2
    QTest.mouseClick(pads[1], Qt.MouseButton.LeftButton)
    studio.turn()
    studio.turn()
    assert "difference" not in studio.engine.tree.text(SMOOTH).value
    assert len([pad for pad in studio.window.findChildren(StepPad) if pad.isVisible()]) == 1


def test_a_chain_that_cannot_be_read_stays_with_the_reason(studio: Rig, values: ColumnList) -> None:
    field = studio.find(ChainField, "Osc processing")
    field.setFocus()
    studio.type("smoth 10")
    studio.key(Qt.Key.Key_Return)
    studio.turn()
    assert field.text() == "smoth 10"
    assert field.property("wrong")
    assert "'smoth' is no processing" in field.fault(studio.engine.snapshot)[0]
    assert studio.engine.tree.text(SMOOTH).value == ""
    field.setFocus()
    studio.key(Qt.Key.Key_Escape)
    assert (field.text(), field.wrong) == ("", "")


def test_a_chain_that_does_not_suit_the_values_is_taken_back_and_says_why(studio: Rig, values: ColumnList) -> None:
    field = studio.find(ChainField, "Osc processing")
    field.setFocus()
    studio.type("event watch 9")
    studio.key(Qt.Key.Key_Return)
    studio.turn()
    text, color = field.fault(studio.engine.snapshot)
    assert "stays as it was" in text
    assert color == "fault"
    assert studio.engine.tree.text(SMOOTH).value == ""


# --- takes by the clock -----------------------------------------------------------------------------------


def test_shift_and_a_click_arm_a_pad_which_counts_and_records(studio: Rig) -> None:
    studio.find(Pad, "Count-in").click()
    studio.engine.set("/listener/count_in", 2.0)
    studio.engine.set("/listener/length", 2.0)
    studio.turn()
    pad = studio.find(LabelPad, "Label 2 2")
    QTest.mouseClick(pad, Qt.MouseButton.LeftButton, Modifier.ShiftModifier)
    studio.turn()
    studio.turn()
    assert (pad.beats, pad.marked, pad.fill) == ("2", True, "")
    assert not pad._timer.isActive(), "a press with Shift is no holding"
    studio.play(0.55)
    assert pad.beats == "1"
    studio.play(0.5)
    assert (pad.beats, pad.fill) == ("2", "learning")
    for n in range(5):
        send(studio, n, 1.0)
    studio.play(1.0)
    assert (pad.beats, pad.fill) == ("", "")
    assert dict(dataset(studio).counts()) == {2: 5}


def test_shift_and_a_click_again_give_it_up(studio: Rig) -> None:
    pad = studio.find(LabelPad, "Label 1 1")
    pad.setFocus()
    studio.key(Qt.Key.Key_Return, Modifier.ShiftModifier)
    studio.turn()
    studio.turn()
    assert studio.engine.snapshot.listener.armed == 1
    QTest.mouseClick(pad, Qt.MouseButton.LeftButton, Modifier.ShiftModifier)
    studio.turn()
    studio.turn()
    assert studio.engine.snapshot.listener.armed == 0
    assert studio.number("/listener/record").value == 0


def test_the_figure_is_large_and_seen(studio: Rig) -> None:
    pad = studio.find(LabelPad, "Label 1 1")
    before = pad.grab().toImage()
    studio.engine.fire("/listener/arm", 1.0)
    studio.turn()
    studio.turn()
    assert pad.beats == "4"
    assert pad.grab().toImage() != before


# --- ways out ---------------------------------------------------------------------------------------------


def test_an_output_opens_to_its_settings_and_goes_back(studio: Rig) -> None:
    studio.engine.set("/listener/outputs", "classifier:3,regressor")
    studio.turn()
    studio.find(Pad, "OSC and MIDI").click()
    studio.turn()
    lines = studio.find(WayLines, "Ways out of the outputs")
    assert [line.cells for line in lines.lines] == [("out1", "–", "–"), ("out2", "–", "–")]
    QTest.mouseClick(lines, Qt.MouseButton.LeftButton, pos=QPoint(30, 36))
    studio.turn()
    card = output_card(studio)
    assert card.way.isVisible()
    assert card.way.place == 1
    field = studio.find(QLineEdit, "Output 2 OSC")
    field.setFocus()
    studio.type("/synth/cutoff")
    studio.key(Qt.Key.Key_Return)
    mode = studio.find(Choice, "Output 2 MIDI")
    next(action for action in mode.menu().actions() if action.text() == "MIDI: a controller").trigger()
    studio.turn()
    studio.find(Pad, "‹ back").click()
    studio.turn()
    studio.turn()
    assert lines.lines[1].cells == ("out2", "/synth/cutoff", "CC 21")
    assert studio.number("/listener/output/2/midi").show() == "cc"


def test_a_route_gets_a_range_and_a_curve(studio: Rig) -> None:
    studio.engine.set("/listener/outputs", "regressor")
    studio.turn()
    studio.engine.bind(Binding(Source("output", "/listener/out"), "/composer/density", Follow()))
    studio.turn()
    studio.turn()
    card = output_card(studio)
    assert not card.shape.isVisible()
    QTest.mouseClick(card.routes, Qt.MouseButton.LeftButton, pos=QPoint(30, 10))
    studio.turn()
    field = studio.find(ShapeField, "Ranges of the route")
    assert field.text() == "0 to 1 moves 0 to 100 %"
    field.setFocus()
    field.selectAll()
    studio.type("-2 to 2 moves 90 to 10 %")
    studio.key(Qt.Key.Key_Return)
    studio.turn()
    curve = studio.find(CurvePad, "Curve of the route")
    curve.menu().actions()[3].trigger()
    studio.turn()
    studio.turn()
    (made,) = studio.engine.bindings.for_target("/composer/density")[-1:]
    assert made.move == Follow(-2, 2, 0.9, 0.1, CURVES[3][1])
    assert card.routes.marked == made
    assert move_text(made) == "follows 0.9 to 0.1, curve +0.4"


def test_shapes_are_read_as_they_are_written() -> None:
    move = Follow(-1.5, 40, 0.25, 1.0, 0.4)
    assert read_shape(shape_text(move), 0.4) == move
    for wrong, why in (("1 2 3", "four numbers"), ("1 1 0 100", "two different"), ("0 1 0 200", "0 to 100")):
        with pytest.raises(ValueError, match=why):
            read_shape(wrong)


def test_what_is_new_is_told_beside_how_sure_it_is(studio: Rig) -> None:
    assert novelty_text(ListenerState(ready=True, heard=3, novelty=2.345)) == "new 2.3"
    assert novelty_text(ListenerState(novelty=2.0)) == ""
    studio.taught(labels=2)
    known = studio.engine.snapshot.listener.novelty
    send(studio, *[900.0] * 5)
    studio.turn()
    assert studio.engine.snapshot.listener.novelty > max(known, 1.0)
    assert "new" in output_card(studio).verdict.accessibleDescription()


# --- models -----------------------------------------------------------------------------------------------


def test_two_models_are_compared_by_clicking_between_them(studio: Rig) -> None:
    studio.taught(labels=2)
    studio.engine.set("/listener/classifier", "bayes")
    studio.engine.fire("/listener/train")
    studio.turn()
    studio.turn()
    panel = studio.window.studio.listener[1]
    assert [line.cells[0] for line in panel.models.lines] == ["● 2", "○ 1"]
    assert all(cell != "–" for line in panel.models.lines for cell in line.cells)
    QTest.mouseClick(panel.models, Qt.MouseButton.LeftButton, pos=QPoint(40, 33))
    studio.turn()
    studio.turn()
    assert [line.cells[0] for line in panel.models.lines] == ["○ 2", "● 1"]


def test_all_models_are_judged_on_the_same_takes(studio: Rig) -> None:
    studio.taught(labels=2)
    pad = studio.find(ComparePad, "Compare models")
    assert not pad.isEnabled(), "one model alone has nothing to be compared with"
    notes = (ModelNote(1, "k-NN", 40, 0, 0.99), ModelNote(2, "MLP", 60, 9, 0.9, True))
    studio.picture(listener=ListenerState(ready=True, study=StudyState(models=notes)))
    studio.window.refresh()
    assert pad.isEnabled()
    heard: list[tuple[object, ...]] = []
    fire = studio.engine.fire
    studio.engine.fire = lambda *words: heard.append(words)  # type: ignore[method-assign]
    pad.click()
    studio.engine.fire = fire  # type: ignore[method-assign]
    assert heard == [("/listener/model/compare",)]
    rows = (Compared(1, "k-NN", 0.7), Compared(2, "MLP", 0.8, live=True))
    study = StudyState(models=notes, compare=CompareState(False, 12, "accuracy", rows))
    studio.picture(listener=ListenerState(ready=True, study=study))
    studio.window.refresh()
    panel = studio.window.studio.listener[1]
    assert [line.cells[3] for line in panel.models.lines] == ["80%", "70%"]
    assert best_text(study) == "same takes: 2 best, 80%"
    assert best_text(study) in [one.text for one in panel.findChildren(Comparison)]


def test_none_answers_once_the_outputs_are_others(studio: Rig) -> None:
    studio.taught(labels=2)
    studio.engine.set("/listener/outputs", "regressor")
    studio.turn()
    studio.turn()
    assert [line.cells[0] for line in studio.window.studio.listener[1].models.lines] == ["○ 1"]


def test_a_comparison_in_words() -> None:
    first, second = ModelNote(1, "k-NN", 40, 0, 0.9, took_s=0.02), ModelNote(2, "MLP", 60, 9, 0.94, True, 0.31)
    assert compared(second, first) == "2 answers: +4% score, +20 ex., +0.29 s to 1"
    assert compared(first, second) == "1 answers: −4% score, −20 ex., −0.29 s to 2"
    assert StudyState().models == ()


# --- files and sessions -----------------------------------------------------------------------------------


class Held(Executor):
    """Begins nothing before it is told to. Attributes: `work`."""

    def __init__(self) -> None:
        self.work: list[Callable[[], Any]] = []
        self.futures: list[Future[Any]] = []

    def submit(self, work: Callable[..., Any], /, *arguments: Any, **named: Any) -> Future[Any]:
        future: Future[Any] = Future()
        self.work.append(lambda: work(*arguments, **named))
        self.futures.append(future)
        return future

    def run(self) -> None:
        for work, future in zip(self.work, self.futures, strict=True):
            try:
                future.set_result(work())
            except Exception as error:  # noqa: BLE001 - as every executor: the error belongs to who asks for the result
                future.set_exception(error)


def drop(widget: QWidget, path: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    middle = QPointF(widget.rect().center())
    event = QDropEvent(middle, Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Modifier.NoModifier)
    widget.dropEvent(event)


def test_a_dropped_file_shows_its_way_and_can_be_stopped(studio: Rig, tmp_path: Path) -> None:
    file = tmp_path / "many.csv"
    studio.instrument.listener.dataset.replace(clusters(30, 3, 2))
    studio.turn()
    card = examples_card(studio)
    card.files.export(str(file), "Understudy table (CSV) (*.csv)")
    studio.turn()
    held = Held()
    studio.instrument.listening.files._background = held
    drop(card, file)
    studio.turn()
    studio.turn()
    assert card.bar.isVisible()
    assert card.bar.words.text == "reading many.csv   0%"
    studio.find(Pad, "Stop the file").click()
    studio.turn()
    held.run()
    studio.turn()
    studio.turn()
    assert not card.bar.isVisible()
    assert studio.find(Pad, "Clear").isVisible()
    assert "given up" in studio.window.status_bar.left.text
    assert len(dataset(studio)) == 30


def test_factory_sessions_open_from_the_session_card(studio: Rig) -> None:
    pad = studio.find(OpenPad, "Open a session")
    assert {"air pad", "conductor", "three sounds"} <= set(pad.names())
    next(action for action in pad.menu().actions() if action.text() == "Air pad").trigger()
    studio.turn()
    studio.play(0.1)
    assert studio.engine.snapshot.session == "air pad"
    assert studio.number("/listener/input/pointer/on").value == 1


# --- clock, network, modes --------------------------------------------------------------------------------


def test_an_open_network_stands_on_the_status_bar(studio: Rig) -> None:
    bar = studio.window.status_bar
    assert bar.network.text == ""
    studio.window.studio.strip.open("Clock")
    studio.turn()
    studio.find(SwitchPad, "Network").click()
    studio.turn()
    assert bar.network.text.startswith("NETWORK: everybody may move it")
    studio.engine.set("/osc/allow", "10.0.0.0/24")
    studio.show("stage")
    assert bar.network.text.startswith("NETWORK: 10.0.0.0/24 may move it"), "it is seen on stage too"
    studio.engine.set("/osc/network", 0.0)
    studio.turn()
    assert network_text(studio.window.desk, studio.engine.snapshot) == ""


def test_the_clock_is_chosen_tapped_and_told(studio: Rig) -> None:
    studio.window.studio.strip.open("Clock")
    studio.turn()
    tap = studio.find(Pad, "Tap tempo")
    for _ in range(4):
        tap.click()
        studio.play(0.6)
    # A tap falls on the engine's next turn, up to 30 ms later on this clock.
    assert studio.number("/transport/bpm").value == pytest.approx(100, abs=6)
    source = studio.find(Choice, "Clock")
    source.menu().actions()[1].trigger()
    studio.play(0.1)
    assert studio.number("/sync/source").show() == "midi clock"
    assert sync_text(studio.engine.snapshot).startswith("◌ MIDI clock: waiting")


@pytest.fixture
def dropped_in(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Rig:
    """Studio with the drop-in modes."""
    made: list[DropIns] = []
    build = rigs.offline

    def with_modes(session: Path) -> Instrument:
        instrument = build(session)
        made.append(join(instrument.engine, instrument.listener, instrument.study, instrument.background))
        return instrument

    monkeypatch.setattr(rigs, "offline", with_modes)
    rig = Rig(qtbot, tmp_path)
    rig.show("studio")
    rig.key(Qt.Key.Key_1, Modifier.AltModifier)
    rig.window.studio.strip.open("Wekinator, RTLEARNER")
    rig.turn()
    yield rig  # type: ignore[misc]
    made[0].close()


def test_a_mode_is_switched_on_and_says_where_it_listens(dropped_in: Rig) -> None:
    rig = dropped_in
    for address in ("/wekinator/in/port", "/rtlearner/in/port"):
        rig.engine.set(address, 0.0)
    rig.turn()
    page = rig.window.findChild(ModePage)
    wekinator, rtlearner = page.modes
    assert wekinator._words(rig.engine.snapshot)[0].startswith("off")
    rig.find(SwitchPad, "Wekinator").click()
    rig.turn()
    rig.turn()
    assert "hears" in wekinator._words(rig.engine.snapshot)[0]
    rig.find(SwitchPad, "RTLEARNER").click()
    rig.turn()
    rig.turn()
    assert rig.number("/wekinator/on").value == 0
    assert "hears frames on 127.0.0.1" in rtlearner._words(rig.engine.snapshot)[0]


def test_an_instrument_without_the_modes_says_so(studio: Rig) -> None:
    studio.window.studio.strip.open("Wekinator, RTLEARNER")
    studio.turn()
    assert studio.window.findChild(ModePage).modes == ()


# --- layout -----------------------------------------------------------------------------------------------


def open_inputs(rig: Rig) -> None:
    examples_card(rig).turn("Inputs")


def open_drawer(rig: Rig) -> None:
    examples_card(rig).pull(True)


def open_ways(rig: Rig) -> None:
    output_card(rig).turn("OSC and MIDI")


def open_way(rig: Rig) -> None:
    output_card(rig).open_way(0)


def mark_route(rig: Rig) -> None:
    made = Binding(Source("output", "/listener/out"), "/composer/density", Follow())
    rig.engine.bind(made)
    rig.turn()
    output_card(rig).routes.marked = made


def open_clock(rig: Rig) -> None:
    rig.window.studio.strip.open("Clock")


def open_way_above_the_strip(rig: Rig) -> None:
    output_card(rig).open_way(0)
    rig.window.studio.strip.open("Log")


PLACES = (open_way_above_the_strip, open_inputs, open_drawer, open_ways, open_way, mark_route, open_clock)
LOW = QSize(1280, 720)


@pytest.mark.parametrize("size", [LOW, QSize(1440, 900)], ids=["1280x720", "1440x900"])
@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.__name__)
def test_each_page_has_room_names_and_tab(studio: Rig, place: Callable[[Rig], None], size: QSize) -> None:
    studio.taught()
    studio.window.resize(size)
    QApplication.processEvents()
    place(studio)
    for _ in range(2):
        studio.turn()
        QApplication.processEvents()
    strip = studio.window.studio.strip
    # In a low window an open strip lies over the columns; what it covers is not seen.
    seen = [one for one in leaves(studio.window) if strip.isAncestorOf(one) or not box(one).intersects(box(strip))]
    check_apart(seen)
    for widget in seen:
        assert widget.parentWidget().rect().contains(widget.geometry()), describe(widget)
        assert widget.height() >= widget.minimumSizeHint().height(), describe(widget)
        assert studio.window.rect().contains(box(widget)), describe(widget)
    wanted = {widget for widget in seen if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isEnabled()}
    assert all(widget.accessibleName() for widget in wanted)
    reached: set[QWidget] = set()
    for _ in range(len(leaves(studio.window)) + 8):
        studio.key(Qt.Key.Key_Tab)
        reached.add(QApplication.focusWidget())
        if wanted <= reached:
            break
    assert {describe(widget) for widget in wanted - reached} == set()
