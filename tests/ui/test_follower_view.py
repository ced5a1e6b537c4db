"""The Follower's columns and its Stage at the sizes they promise: nothing overlaps, nothing is cut."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QApplication, QWidget

from app.snapshot_follower import ChannelState, LessonState, TickRow
from tests.ui.follower import FakeFollower
from tests.ui.rig import Rig
from tests.ui.test_view import SIZES, box, check_apart, describe, leaves
from ui.fader import Fader
from ui.panel.follower_editor import FollowerEditor
from ui.panel.follower_output import Lamps
from ui.widget.pad import Pad
from ui.widget.sentence import Sentence
from ui.widget.tick_row import TickRows

Obedient = tuple[Rig, FakeFollower]
VIEWS = ("studio", "stage")
MORE = (FollowerEditor, TickRows, Lamps, Sentence)


def all_leaves(window: QWidget) -> list[QWidget]:
    more = [widget for widget in window.findChildren(QWidget) if isinstance(widget, MORE) and widget.isVisible()]
    return [*leaves(window), *more]


def settle(obedient: Obedient, size: QSize, view: str) -> Rig:
    """Show a view in a size, with as much to show as there may be."""
    rig, follower = obedient
    names = ("kick", "snare", "closedhat", "openhat", "lead", "bass")
    roles = ("source", "learn", "predict", "", "", "")
    channels = [ChannelState(name, role, n) for n, (name, role) in enumerate(zip(names, roles, strict=True), 1)]
    rows = [TickRow("source", "kick", (1, 0) * 4)]
    for name in ("snare", "closedhat"):
        rows += [TickRow("target", name, (0, 1) * 4), TickRow("predict", name, (1, 1) * 4)]
    curve = tuple((float(bar), 1 / bar) for bar in range(1, 20))
    lessons = tuple(LessonState(name, 0.02, 0.1, 0.9, 8, curve=curve) for name in ("snare", "closedhat"))
    follower.state = replace(
        follower.state, evaluated=1, channels=tuple(channels), rows=tuple(rows), lessons=lessons,
        warnings=("kick stands twice, the last counts", "cut 400000 is taken as 20000"),
    )  # fmt: skip
    rig.window.resize(size)
    rig.show(view)
    for _ in range(7):
        rig.turn()
    rig.window.tick()
    QApplication.processEvents()
    assert rig.window.size() == size
    return rig


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size.width()}x{size.height()}")
@pytest.mark.parametrize("view", VIEWS)
class TestLayout:
    def test_nothing_overlaps_and_nothing_is_cut(self, obedient: Obedient, view: str, size: QSize) -> None:
        rig = settle(obedient, size, view)
        check_apart(all_leaves(rig.window))
        for widget in all_leaves(rig.window):
            least = widget.minimumSizeHint()
            assert rig.window.rect().contains(box(widget)), describe(widget)
            assert widget.height() >= min(least.height(), 80), describe(widget)
            assert widget.width() >= least.width(), describe(widget)

    def test_words_are_whole(self, obedient: Obedient, view: str, size: QSize) -> None:
        rig = settle(obedient, size, view)
        for pad in rig.window.findChildren(Pad):
            if pad.isVisible():
                metrics = QFontMetrics(pad.desk.look.font(pad.role, True))
                assert metrics.horizontalAdvance(pad.text()) <= pad.width() - 10, pad.text()
        for fader in rig.window.findChildren(Fader):
            if fader.isVisible():
                look = fader.desk.look
                name = QFontMetrics(look.font(fader.form.name)).horizontalAdvance(fader.parameter.title)
                value = QFontMetrics(look.font(fader.form.value, True)).horizontalAdvance(fader.text)
                assert name + value + 8 <= fader.width(), fader.parameter.title

    def test_the_program_has_room(self, obedient: Obedient, view: str, size: QSize) -> None:
        rig = settle(obedient, size, view)
        editor = rig.window.editor
        assert editor is not None
        lines = editor.viewport().height() / QFontMetrics(editor.font()).lineSpacing()
        line = QFontMetrics(editor.font()).horizontalAdvance("learn snare*2+.25 (dist:2, lpf:4000);")
        assert lines >= 9
        assert line + 16 <= editor.viewport().width()

    def test_targets_are_large_enough(self, obedient: Obedient, view: str, size: QSize) -> None:
        rig = settle(obedient, size, view)
        content = rig.window.stage if view == "stage" else rig.window.studio
        for widget in content.findChildren(QWidget):
            if widget.isVisible() and isinstance(widget, Pad | Fader):
                assert widget.height() >= (56 if view == "stage" else 28), describe(widget)


@pytest.mark.parametrize("view", VIEWS)
def test_tab_reaches_every_control_and_each_has_a_name(obedient: Obedient, view: str) -> None:
    rig = settle(obedient, QSize(1440, 900), view)
    rig.window.setFocus()
    wanted = {w for w in all_leaves(rig.window) if w.focusPolicy() & Qt.FocusPolicy.TabFocus and w.isEnabled()}
    reached: set[QWidget] = set()
    for _ in range(len(wanted) + 5):
        rig.key(Qt.Key.Key_Tab)
        reached.add(QApplication.focusWidget())
    assert {describe(widget) for widget in wanted - reached} == set()
    assert all(widget.accessibleName() for widget in wanted)


@pytest.mark.parametrize("percent", [90, 175])
def test_large_type_never_outgrows_the_window(obedient: Obedient, percent: int) -> None:
    rig, _ = obedient
    rig.engine.set("/window/size", percent)
    for size in SIZES:
        for view in VIEWS:
            settle(obedient, size, view)
            check_apart(all_leaves(rig.window))
            for widget in all_leaves(rig.window):
                assert rig.window.rect().contains(box(widget)), describe(widget)


def test_ctrl_and_a_number_go_to_the_program(obedient: Obedient) -> None:
    rig = settle(obedient, QSize(1440, 900), "stage")
    rig.key(Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    assert QApplication.focusWidget() is rig.window.editor
    rig = settle(obedient, QSize(1440, 900), "studio")
    rig.key(Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    assert rig.window.studio.follower[0].isAncestorOf(QApplication.focusWidget())


def test_leaving_the_view_or_the_player_gives_the_keys_back(obedient: Obedient) -> None:
    rig = settle(obedient, QSize(1440, 900), "studio")
    assert rig.window.editor is not None
    rig.window.editor.setFocus()
    rig.key(Qt.Key.Key_F2)
    assert QApplication.focusWidget() is rig.window
    rig.key(Qt.Key.Key_Return)
    assert QApplication.focusWidget() is rig.window.editor
    rig.key(Qt.Key.Key_4, Qt.KeyboardModifier.AltModifier)
    rig.turn()
    assert QApplication.focusWidget() is rig.window


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_it_is_painted_in_both_themes(obedient: Obedient, theme: str) -> None:
    rig = settle(obedient, QSize(1440, 900), "studio")
    rig.engine.set("/window/theme", theme)
    rig.turn()
    editor = rig.window.editor
    assert editor is not None
    rig.engine.set("/follower/text/1", "source kick*2;")
    rig.turn()
    rig.turn()
    ground = editor.viewport().grab().toImage().pixelColor(editor.viewport().width() - 5, 5)
    assert (ground.lightness() > 128) == (theme == "light")
