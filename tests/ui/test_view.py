"""Both views at the sizes they promise: nothing overlaps, nothing is cut, everything is reached by Tab."""

from itertools import combinations

import pytest
from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from tests.ui.rig import Modifier, Rig
from ui.fader import Fader
from ui.panel.listener_output import Verdict
from ui.widget.bars import Bars
from ui.widget.confusion import Confusion, Growth
from ui.widget.grid import Grid
from ui.widget.keyboard import Keyboard
from ui.widget.label import Label
from ui.widget.lines import Lines
from ui.widget.map import MapView
from ui.widget.meter import Meter
from ui.widget.pad import Pad
from ui.widget.roll import Roll

LEAVES = (Fader, Pad, Label, QLineEdit, Roll, Meter, Keyboard, Lines, MapView, Bars, Verdict, Grid, Confusion, Growth)
SIZES = (QSize(1280, 720), QSize(1440, 900), QSize(1920, 1080))
VIEWS = ("studio", "stage", "studio of the listener", "stage of the listener")


def leaves(window: QWidget) -> list[QWidget]:
    """Return the controls and displays in sight, in no order."""
    found = [widget for widget in window.findChildren(QWidget) if isinstance(widget, LEAVES) and widget.isVisible()]
    return [widget for widget in found if not isinstance(widget.parentWidget(), Fader | Pad)]


def box(widget: QWidget) -> QRect:
    return QRect(widget.mapTo(widget.window(), widget.rect().topLeft()), widget.size())


def settle(rig: Rig, size: QSize, view: str) -> None:
    name, _, player = view.partition(" of the ")
    if player:
        rig.taught()
    rig.window.resize(size)
    rig.window.desk.choose_player(player or "composer")
    rig.show(name)
    rig.window.tick()
    QApplication.processEvents()
    assert rig.window.size() == size


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size.width()}x{size.height()}")
@pytest.mark.parametrize("view", VIEWS)
class TestLayout:
    def test_nothing_overlaps(self, rig: Rig, view: str, size: QSize) -> None:
        settle(rig, size, view)
        check_apart(leaves(rig.window))

    def test_nothing_is_cut_off(self, rig: Rig, view: str, size: QSize) -> None:
        settle(rig, size, view)
        for widget in leaves(rig.window):
            least = widget.minimumSizeHint()
            assert rig.window.rect().contains(box(widget)), describe(widget)
            assert widget.parentWidget().rect().contains(widget.geometry()), describe(widget)
            assert widget.height() >= least.height(), describe(widget)
            assert widget.width() >= least.width(), describe(widget)

    def test_words_on_pads_are_whole(self, rig: Rig, view: str, size: QSize) -> None:
        settle(rig, size, view)
        for pad in rig.window.findChildren(Pad):
            if pad.isVisible():
                metrics = QFontMetrics(pad.desk.look.font(pad.role, True))
                assert metrics.horizontalAdvance(pad.text()) <= pad.width() - 10, pad.text()

    def test_names_on_faders_are_whole(self, rig: Rig, view: str, size: QSize) -> None:
        settle(rig, size, view)
        for fader in rig.window.findChildren(Fader):
            if fader.isVisible():
                look = fader.desk.look
                name = QFontMetrics(look.font(fader.form.name)).horizontalAdvance(fader.title)
                value = QFontMetrics(look.font(fader.form.value, True)).horizontalAdvance(fader.text)
                assert name + value + 8 <= fader.width(), fader.title

    def test_targets_are_large_enough(self, rig: Rig, view: str, size: QSize) -> None:
        settle(rig, size, view)
        is_stage = rig.window.stage.isVisible()
        content = rig.window.stage if is_stage else rig.window.studio
        for widget in content.findChildren(QWidget):
            if widget.isVisible() and isinstance(widget, Pad | Fader):
                assert widget.height() >= (56 if is_stage else 28), describe(widget)


def check_apart(widgets: list[QWidget]) -> None:
    assert len(widgets) > 30
    for one, other in combinations(widgets, 2):
        common = box(one).intersected(box(other))
        assert common.isEmpty(), f"{describe(one)} and {describe(other)} share {common}"


def describe(widget: QWidget) -> str:
    words = getattr(widget, "text", "")
    return f"{type(widget).__name__} {widget.accessibleName() or (words() if callable(words) else words)!r}"


@pytest.mark.parametrize("view", VIEWS)
def test_tab_reaches_every_control(rig: Rig, view: str) -> None:
    settle(rig, QSize(1440, 900), view)
    wanted = {
        widget for widget in leaves(rig.window) if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isEnabled()
    }
    reached: set[QWidget] = set()
    for _ in range(len(wanted) + 5):
        rig.key(Qt.Key.Key_Tab)
        reached.add(QApplication.focusWidget())
    assert {describe(widget) for widget in wanted - reached} == set()


@pytest.mark.parametrize("view", VIEWS)
def test_every_control_has_a_name(rig: Rig, view: str) -> None:
    settle(rig, QSize(1440, 900), view)
    for widget in leaves(rig.window):
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
            assert widget.accessibleName(), describe(widget)


def test_focus_is_seen(rig: Rig) -> None:
    settle(rig, QSize(1440, 900), "stage")
    for widget in (rig.window.stage.faders[0], rig.window.stage.pads[1]):
        rig.window.setFocus()
        without = widget.grab().toImage()
        widget.setFocus(Qt.FocusReason.TabFocusReason)
        assert widget.grab().toImage() != without


def test_the_strip_folds_in_low_windows(rig: Rig) -> None:
    settle(rig, QSize(1440, 900), "studio")
    assert rig.window.studio.strip.is_open
    settle(rig, QSize(1280, 720), "studio")
    assert not rig.window.studio.strip.is_open
    rig.window.studio.strip.open("Log")
    assert rig.window.studio.strip.is_open


def test_stage_has_no_text_fields(rig: Rig) -> None:
    settle(rig, QSize(1440, 900), "stage")
    assert not [field for field in rig.window.stage.findChildren(QLineEdit) if field.isVisible()]


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size.width()}x{size.height()}")
@pytest.mark.parametrize("size_percent", [90, 175])
def test_large_type_never_outgrows_the_window(rig: Rig, size: QSize, size_percent: int) -> None:
    rig.engine.set("/window/size", size_percent)
    for view in VIEWS:
        settle(rig, size, view)
        rig.turn()
        QApplication.processEvents()
        check_apart(leaves(rig.window))
        for widget in leaves(rig.window):
            assert rig.window.rect().contains(box(widget)), describe(widget)


def test_backtab_goes_the_other_way(rig: Rig) -> None:
    settle(rig, QSize(1440, 900), "stage")
    rig.key(Qt.Key.Key_Tab)
    first = QApplication.focusWidget()
    rig.key(Qt.Key.Key_Tab)
    rig.key(Qt.Key.Key_Backtab, Modifier.ShiftModifier)
    assert QApplication.focusWidget() is first


def test_ctrl_and_a_number_go_to_a_panel(rig: Rig) -> None:
    settle(rig, QSize(1440, 900), "studio")
    studio = rig.window.studio
    for number, panel in enumerate((studio.players, studio.examples, studio.model, studio.output, studio.strip)):
        rig.key(Qt.Key(Qt.Key.Key_1 + number), Modifier.ControlModifier)
        assert panel.isAncestorOf(QApplication.focusWidget())
    settle(rig, QSize(1440, 900), "stage")
    rig.key(Qt.Key.Key_1, Modifier.ControlModifier)
    assert QApplication.focusWidget() is rig.window.stage.faders[0]


def test_leaving_a_view_never_lands_in_a_text_field(rig: Rig) -> None:
    settle(rig, QSize(1440, 900), "stage")
    rig.window.stage.pads[0].setFocus()
    rig.key(Qt.Key.Key_F1)
    assert QApplication.focusWidget() is rig.window
