"""The Listener in the window: model, output, routes, inputs, both views, as a hand uses them."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.binding import Binding, Follow, Put, Source
from app.example import Examples, Label, Output
from app.input import InputState
from app.snapshot import ListenerState, ModelNote, StudyState
from tests.ui.rig import Modifier, Rig, dataset, pointer_on
from ui.fader import Fader
from ui.ledger import read_page
from ui.panel.composer_stage import composer_names
from ui.panel.input import input_rows, trouble_text
from ui.panel.listener_model import NewData, model_line, score_text
from ui.panel.route import RANGES, RouteLines, SourcePad, TargetPad, sources
from ui.widget.bars import ChanceBars
from ui.widget.choice import Choice
from ui.widget.confusion import growth_text, words
from ui.widget.field import TextField
from ui.widget.pad import Pad
from ui.widget.port import PortPad


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
    assert model_line(models[0]).cells == ("○ 1", "k-NN", "40", "90%", "–")
    assert model_line(models[1]).cells == ("● 2", "k-NN", "60", "94%", "–")


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


def test_outputs_are_typed_and_answered(studio: Rig) -> None:
    studio.window.studio.strip.open("Inputs")
    field = studio.find(TextField, "Outputs")
    field.setFocus()
    field.selectAll()
    studio.type("regressor,regressor")
    studio.key(Qt.Key.Key_Return)
    studio.turn()
    assert [output.kind for output in dataset(studio).outputs] == ["number", "number"]
    field.setFocus()
    field.selectAll()
    studio.type("oracle")
    studio.key(Qt.Key.Key_Return)
    studio.turn()
    assert "'oracle' is no output" in studio.window.status_bar.left.text


def test_the_pointer_does_not_wait_for_a_silent_osc(studio: Rig) -> None:
    pointer_on(studio)
    assert studio.number("/listener/input/osc/on").value == 0
    assert studio.number("/listener/input/pointer/on").value == 1


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
    line = lines.lines[[one.target for one in lines.table].index("/composer/density")]
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
