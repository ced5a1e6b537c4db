"""Single keys work at once, except where one types."""

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication

from tests.ui.rig import Modifier, Rig
from ui.key import key_name
from ui.widget.field import TextField
from ui.widget.pad import ActionPad, Pad

NONE, CTRL, SHIFT = Modifier.NoModifier, Modifier.ControlModifier, Modifier.ShiftModifier


@pytest.mark.parametrize(
    ("key", "modifiers", "name"),
    [
        (Qt.Key.Key_T, NONE, "T"),
        (Qt.Key.Key_T, SHIFT, "Shift+T"),
        (Qt.Key.Key_Z, CTRL | SHIFT, "Ctrl+Shift+Z"),
        (Qt.Key.Key_Space, NONE, "Space"),
        (Qt.Key.Key_Period, CTRL, "Ctrl+."),
        (Qt.Key.Key_Period, CTRL | SHIFT, "Ctrl+."),
        (Qt.Key.Key_F1, NONE, "F1"),
        (Qt.Key.Key_Question, SHIFT, "?"),
        (Qt.Key.Key_Enter, Modifier.KeypadModifier, "Return"),
        (Qt.Key.Key_1, NONE, "1"),
        (Qt.Key.Key_Shift, SHIFT, ""),
    ],
)
def test_key_names(key: Qt.Key, modifiers: Modifier, name: str) -> None:
    assert key_name(QKeyEvent(QEvent.Type.KeyPress, key, modifiers)) == name


@pytest.mark.parametrize(
    ("key", "modifiers", "address", "value"),
    [
        (Qt.Key.Key_T, NONE, "/composer/temperature", 0.9),
        (Qt.Key.Key_G, NONE, "/composer/temperature", 0.7),
        (Qt.Key.Key_T, SHIFT, "/composer/temperature", 0.81),
        (Qt.Key.Key_D, NONE, "/composer/density", 0.9),
        (Qt.Key.Key_F, NONE, "/composer/density", 0.7),
        (Qt.Key.Key_I, NONE, "/composer/intensity", 0.9),
        (Qt.Key.Key_K, NONE, "/composer/intensity", 0.7),
        (Qt.Key.Key_M, NONE, "/composer/mute", 1.0),
        (Qt.Key.Key_F1, NONE, "/window/view", 0.0),
        (Qt.Key.Key_Question, SHIFT, "/window/keys", 1.0),
    ],
)
def test_keys_of_the_instrument(rig: Rig, key: Qt.Key, modifiers: Modifier, address: str, value: float) -> None:
    rig.key(key, modifiers)
    assert rig.number(address).value == pytest.approx(value)


@pytest.fixture
def field(rig: Rig) -> TextField:
    rig.show("studio")
    field = rig.find(TextField, "Dataset")
    field.setFocus()
    field.selectAll()
    return field


def test_while_typing_letters_and_space_are_text(rig: Rig, field: TextField) -> None:
    rig.type("T gdf ikcq")
    assert field.text() == "T gdf ikcq"
    assert rig.number("/composer/temperature").value == 0.8
    assert not rig.engine.snapshot.playing
    assert rig.window.status_bar.keys.text.startswith("typing")


def test_panic_and_the_views_work_while_typing(rig: Rig, field: TextField) -> None:
    rig.engine.fire("/transport/play")
    rig.turn()
    rig.key(Qt.Key.Key_Period, CTRL)
    assert not rig.engine.snapshot.playing
    rig.key(Qt.Key.Key_F2)
    assert rig.window.stage.isVisible()


def test_return_takes_the_text_and_arms_the_keys(rig: Rig, field: TextField) -> None:
    rig.type("/some/folder")
    rig.key(Qt.Key.Key_Return)
    assert rig.engine.tree.text("/training/dataset").value == "/some/folder"
    rig.key(Qt.Key.Key_T)
    assert rig.number("/composer/temperature").value == pytest.approx(0.9)
    assert rig.window.status_bar.keys.text.startswith("keys: armed")


def test_escape_leaves_the_text_as_it_was(rig: Rig, field: TextField) -> None:
    before = rig.engine.tree.text("/training/dataset").value
    rig.type("nonsense")
    rig.key(Qt.Key.Key_Escape)
    assert rig.engine.tree.text("/training/dataset").value == before
    assert field.text() == before
    rig.key(Qt.Key.Key_D)
    assert rig.number("/composer/density").value == pytest.approx(0.9)


def test_space_is_transport_and_return_presses(rig: Rig) -> None:
    pad = rig.find(ActionPad, "NEXT")
    pad.setFocus()
    before = rig.number("/composer/model").value
    rig.key(Qt.Key.Key_Space)
    assert rig.engine.snapshot.playing
    assert rig.number("/composer/model").value == before
    rig.key(Qt.Key.Key_Return)
    assert rig.number("/composer/model").value == before + 1


def test_return_trains_only_when_no_control_wants_it(rig: Rig) -> None:
    fired: list[str] = []
    rig.engine.hands.fire = lambda address, arguments=(), origin="": fired.append(address) or True  # type: ignore[method-assign]
    rig.find(Pad, "Studio").setFocus()
    rig.key(Qt.Key.Key_Return)
    assert fired == []
    rig.window.setFocus()
    rig.key(Qt.Key.Key_Return)
    assert fired == ["/composer/train"]


def test_a_held_key_steps_on_but_does_not_toggle(rig: Rig) -> None:
    rig.key(Qt.Key.Key_T)
    for _ in range(3):
        rig.repeat(Qt.Key.Key_T, "t")
    assert rig.number("/composer/temperature").value == pytest.approx(1.2)
    rig.key(Qt.Key.Key_M)
    rig.repeat(Qt.Key.Key_M, "m")
    assert rig.number("/composer/mute").value == 1


def test_escape_closes_sheet_then_focus_then_coach(rig: Rig) -> None:
    rig.find(Pad, "Studio").setFocus()
    rig.key(Qt.Key.Key_Question, SHIFT)
    assert rig.window.key_sheet.isVisible()
    rig.key(Qt.Key.Key_Escape)
    assert not rig.window.key_sheet.isVisible()
    rig.key(Qt.Key.Key_Escape)
    assert QApplication.focusWidget() is rig.window
    assert rig.window.coach.isVisible()
    rig.key(Qt.Key.Key_Escape)
    assert not rig.window.coach.isVisible()
