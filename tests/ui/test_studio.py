"""The three columns of the Composer: what a folder holds, how a model learns, where it goes."""

import math
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from app.snapshot import TrainingState
from tests.ui.rig import Rig
from ui.panel.examples import look_into
from ui.widget.choice import Choice
from ui.widget.curve import thin, ticks
from ui.widget.lines import Line, Lines
from ui.widget.loss import clock_text, figures
from ui.widget.pad import ActionPad, Pad, SwitchPad


@pytest.fixture
def dataset(tmp_path: Path) -> Path:
    for name, files in (("Haydn", ("a.mid", "b.MID", "notes.txt")), ("Bach", ("c.midi",)), ("Empty", ())):
        (tmp_path / "set" / name).mkdir(parents=True)
        for file in files:
            (tmp_path / "set" / name / file).write_bytes(b"")
    (tmp_path / "set" / "loose.mid").write_bytes(b"")
    return tmp_path / "set"


def test_a_dataset_is_counted_by_composer(dataset: Path) -> None:
    found = look_into(str(dataset))
    assert found.counts == (("Bach", 1), ("Haydn", 2))
    assert found.summary == "3 files, 2 composers"


def test_a_folder_without_examples_says_so(tmp_path: Path) -> None:
    assert look_into(str(tmp_path / "nowhere")).summary.endswith("nowhere cannot be read: No such file or directory")
    (tmp_path / "bare").mkdir()
    assert look_into(str(tmp_path / "bare")).summary == "bare holds no folder with MIDI files"
    assert look_into("").summary == ""


def test_a_composer_is_chosen_by_click_and_by_arrow(rig: Rig, dataset: Path) -> None:
    rig.engine.set("/training/dataset", str(dataset))
    rig.show("studio")
    examples = rig.window.studio.examples
    examples._scan(str(dataset))
    examples._asked = str(dataset)
    examples._show_found()
    lines = examples.composers
    assert [line.cells[0] for line in lines.lines] == ["All composers", "Bach", "Haydn"]
    tall = rig.window.desk.look.px(lines.tall)
    QTest.mouseClick(lines, Qt.MouseButton.LeftButton, pos=QPoint(20, tall + 5))
    rig.turn()
    assert rig.engine.tree.text("/training/composer").value == "Bach"
    lines.setFocus()
    rig.key(Qt.Key.Key_Down)
    assert rig.engine.tree.text("/training/composer").value == "Haydn"
    rig.key(Qt.Key.Key_Home)
    assert rig.engine.tree.text("/training/composer").value == ""


def test_train_without_a_dataset_is_answered(rig: Rig) -> None:
    rig.show("studio")
    rig.find(ActionPad, "Train").click()
    rig.turn()
    assert "no dataset chosen" in rig.window.status_bar.left.text


STATE = TrainingState(
    True,
    "training Haydn",
    3.5,
    tuple((x / 10, 2 * math.exp(-x / 20) + 0.5) for x in range(35)),
    ((1.0, 1.9), (2.0, 1.2), (3.0, 0.9)),
    ((1.0, 2.2), (2.0, 1.7)),
    412.0,
    272.0,
)


def test_figures_in_words() -> None:
    assert figures(STATE) == "loss 0.865  valid 0.900  epoch 3.5  4:32 left  412 examples/s"
    assert figures(TrainingState()) == ""


@pytest.mark.parametrize(("seconds", "text"), [(45, "0:45"), (723.4, "12:03"), (3720, "1:02:00"), (-1, "0:00")])
def test_clock_text(seconds: float, text: str) -> None:
    assert clock_text(seconds) == text


def test_thin_keeps_the_last_point_and_drops_what_a_log_scale_cannot_show() -> None:
    xs, ys = thin([(0.0, 0.0), *((float(x), 1.0 + x) for x in range(1, 5000))])
    assert len(xs) <= 600
    assert (xs[-1], ys[-1]) == (4999.0, 5000.0)
    assert ys.min() > 0
    assert thin([])[0].size == 0


def test_ticks_are_round_and_apart() -> None:
    marks = ticks(0.5, 3.0, 100)
    assert [text for _, text in marks] == ["0.5", "1", "2"]
    places = [place for place, _ in marks]
    assert all((b - a) / math.log10(6) * 100 > 20 for a, b in pairwise(places))


def test_a_flat_curve_is_marked_at_its_ends() -> None:
    assert [text for _, text in ticks(3.031, 3.184, 200)] == ["3.03", "3.18"]
    assert [text for _, text in ticks(2.2, 2.2, 200)] == ["2.2"]


def test_the_plot_shows_what_was_reported(rig: Rig) -> None:
    rig.show("studio")
    loss = rig.window.studio.model.loss
    rig.picture(training=STATE)
    for _ in range(6):
        rig.window.refresh()
    assert loss.plot is not None
    xs, ys = loss.plot.curves["valid"]
    assert list(xs) == [1.0, 2.0, 3.0]
    assert list(ys) == [1.9, 1.2, 0.9]
    assert len(loss.plot.curves["train"][0]) == 35
    assert len(loss.plot.curves["previous"][0]) == 2
    assert loss.figures.text.startswith("loss 0.865")


def test_the_curves_are_painted_in_their_colours_and_go_with_the_run(rig: Rig) -> None:
    rig.show("studio")
    loss = rig.window.studio.model.loss
    rig.picture(training=STATE)
    for _ in range(6):
        rig.window.refresh()
    QApplication.processEvents()
    painted = colours(loss.plot)
    look = rig.window.desk.look
    assert {look.color(name).rgb() for name in ("active", "learning")} <= painted
    rig.picture(training=TrainingState())
    for _ in range(6):
        rig.window.refresh()
    assert look.color("active").rgb() not in colours(loss.plot)


def colours(widget: QWidget) -> set[int]:
    """Return every colour that a widget shows."""
    image = widget.grab().toImage()
    return {image.pixel(x, y) for x in range(image.width()) for y in range(image.height())}


def test_without_the_plot_library_the_figures_remain(rig: Rig) -> None:
    rig.show("studio")
    rig.window.desk.plots.module = None
    rig.window.desk.plots.failure = "pyqtgraph is unavailable: no such module; install requirements.txt"
    rig.picture(training=STATE)
    for _ in range(6):
        rig.window.refresh()
    loss = rig.window.studio.model.loss
    assert loss.plot is None
    assert "unavailable" in loss.figures.text


def test_a_choice_by_menu_and_by_arrow(rig: Rig) -> None:
    rig.show("studio")
    choice = rig.find(Choice, "Synth voice")
    names = [action.text() for action in choice.menu().actions()]
    assert names[0] == rig.number("/output/synth/voice").show()
    choice.menu().actions()[1].trigger()
    rig.turn()
    assert rig.number("/output/synth/voice").show() == names[1]
    choice.setFocus()
    rig.key(Qt.Key.Key_Up)
    assert rig.number("/output/synth/voice").show() == names[0]


def test_routes_are_switched_and_their_settings_opened(rig: Rig) -> None:
    rig.show("studio")
    osc = rig.find(SwitchPad, "OSC")
    before = rig.number("/output/osc/on").value
    osc.click()
    rig.turn()
    assert rig.number("/output/osc/on").value == 1 - before
    rig.find(Pad, "MIDI settings").click()
    rig.turn()
    assert rig.window.studio.output.routes.at == 2
    assert rig.find(SwitchPad, "Virtual").isVisible()


def test_lines_keep_the_end_in_sight_unless_one_scrolled_up(rig: Rig) -> None:
    lines = Lines(rig.window.desk, (1.0,), "nothing", tail=True, tall=20)
    lines.resize(200, 100)
    lines.show_lines([Line((str(n),)) for n in range(50)])
    assert lines._top == 45
    lines.show_lines([Line((str(n),)) for n in range(60)])
    assert lines._top == 55
    lines._scroll(-10)
    lines.show_lines([Line((str(n),)) for n in range(70)])
    assert lines._top == 45
