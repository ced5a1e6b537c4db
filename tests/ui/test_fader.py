"""Every gesture of the one fader."""

import pytest
from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from app.snapshot import ComposerState
from tests.ui.rig import Modifier, Rig, drag, wheel
from ui.face import bar_box
from ui.fader import Fader

NONE, CTRL, SHIFT = Modifier.NoModifier, Modifier.ControlModifier, Modifier.ShiftModifier


@pytest.fixture
def density(rig: Rig) -> Fader:
    rig.show("stage")
    return rig.find(Fader, "Density")


def bar_of(fader: Fader) -> QRectF:
    return bar_box(fader.desk.look, fader.form, fader.size())


def test_a_value_can_have_a_word(rig: Rig) -> None:
    rig.show("studio")
    epochs = rig.find(Fader, "Epochs")
    assert epochs.text == "no limit"
    epochs._take_text("12")
    rig.turn()
    assert (rig.number("/training/epochs").value, epochs.text) == (12, "12")
    epochs._take_text("No limit")
    rig.turn()
    assert rig.number("/training/epochs").value == 0


def test_a_press_alone_moves_nothing(rig: Rig, density: Fader) -> None:
    QTest.mouseClick(density, Qt.MouseButton.LeftButton, pos=QPoint(5, density.height() - 12))
    rig.turn()
    assert rig.number("/composer/density").value == 0.8
    assert rig.engine.history.next_undo == ""


@pytest.mark.parametrize(("modifiers", "share"), [(NONE, 1.0), (CTRL, 0.1), (CTRL | SHIFT, 0.01)])
def test_drag_is_relative_and_finer_with_ctrl(rig: Rig, density: Fader, modifiers: Modifier, share: float) -> None:
    drag(density, [(-100, modifiers)])
    rig.turn()
    expected = 0.8 - share * 100 / bar_of(density).width()
    assert rig.number("/composer/density").value == pytest.approx(expected, abs=1e-6)


def test_changing_fineness_within_a_drag_does_not_jump(rig: Rig, density: Fader) -> None:
    wide = bar_of(density).width()
    drag(density, [(-100, NONE), (-100, CTRL), (-100, NONE)])
    rig.turn()
    assert rig.number("/composer/density").value == pytest.approx(0.8 - 210 / wide, abs=1e-6)


def test_a_drag_past_the_end_turns_back_at_once(rig: Rig, density: Fader) -> None:
    wide = bar_of(density).width()
    drag(density, [(2000, NONE), (-50, NONE)])
    rig.turn()
    assert rig.number("/composer/density").value == pytest.approx(1 - 50 / wide, abs=1e-6)


def test_a_drag_is_one_undo_step(rig: Rig, density: Fader) -> None:
    drag(density, [(-30, NONE)] * 10)
    drag(density, [(-30, NONE)] * 5)
    rig.turn()
    after_both = rig.number("/composer/density").value
    rig.key(Qt.Key.Key_Z, CTRL)
    after_first = rig.number("/composer/density").value
    rig.key(Qt.Key.Key_Z, CTRL)
    assert after_both < after_first < 0.8
    assert rig.number("/composer/density").value == 0.8


def test_two_faders_of_one_parameter_are_two_undo_steps(rig: Rig, density: Fader) -> None:
    drag(density, [(-30, NONE)])
    rig.show("studio")
    drag(rig.find(Fader, "Density"), [(-30, NONE)])
    rig.turn()
    assert sum("Density" in entry.edit.title for entry in rig.engine.history._done) == 2


def test_the_wheel_needs_focus_or_ctrl(rig: Rig, density: Fader) -> None:
    assert not wheel(density, -1)
    rig.turn()
    assert rig.number("/composer/density").value == 0.8
    assert wheel(density, -1, CTRL)
    rig.turn()
    assert rig.number("/composer/density").value == pytest.approx(0.799)
    density.setFocus()
    assert wheel(density, -1)
    rig.turn()
    assert rig.number("/composer/density").value == pytest.approx(0.789)


@pytest.mark.parametrize("gesture", ["double click", "delete"])
def test_reset(rig: Rig, density: Fader, gesture: str) -> None:
    rig.engine.set("/composer/density", 0.2)
    rig.turn()
    density.setFocus()
    if gesture == "delete":
        rig.key(Qt.Key.Key_Delete)
    else:
        QTest.mouseDClick(density, Qt.MouseButton.LeftButton)
        rig.turn()
    assert rig.number("/composer/density").value == 0.8


@pytest.mark.parametrize(("typed", "value"), [("0.25", 0.25), ("50 %", 0.5), ("7", 1.0), ("0,3", 0.3)])
def test_return_types_a_value_and_hands_the_keys_back(rig: Rig, density: Fader, typed: str, value: float) -> None:
    density.setFocus()
    rig.key(Qt.Key.Key_Return)
    assert isinstance(QApplication.focusWidget(), QLineEdit)
    rig.type(typed)
    rig.key(Qt.Key.Key_Return)
    assert rig.number("/composer/density").value == pytest.approx(value)
    assert QApplication.focusWidget() is density


def test_a_typed_word_that_names_no_value_is_answered(rig: Rig, density: Fader) -> None:
    density.setFocus()
    rig.key(Qt.Key.Key_V, Modifier.AltModifier)
    rig.type("loud")
    rig.key(Qt.Key.Key_Return)
    assert rig.number("/composer/density").value == 0.8
    assert isinstance(QApplication.focusWidget(), QLineEdit)
    assert rig.window.status_bar.left.text == "Density: 'loud' holds no number"
    rig.key(Qt.Key.Key_Escape)
    assert QApplication.focusWidget() is density
    assert rig.number("/composer/density").value == 0.8


@pytest.mark.parametrize(
    ("key", "modifiers", "value"),
    [
        (Qt.Key.Key_Up, NONE, 0.81),
        (Qt.Key.Key_Right, NONE, 0.81),
        (Qt.Key.Key_Down, NONE, 0.79),
        (Qt.Key.Key_Down, SHIFT, 0.799),
        (Qt.Key.Key_PageDown, NONE, 0.7),
        (Qt.Key.Key_PageUp, NONE, 0.9),
        (Qt.Key.Key_Home, NONE, 0.0),
        (Qt.Key.Key_End, NONE, 1.0),
    ],
)
def test_keys_of_a_focused_fader(rig: Rig, density: Fader, key: Qt.Key, modifiers: Modifier, value: float) -> None:
    density.setFocus()
    rig.key(key, modifiers)
    assert rig.number("/composer/density").value == pytest.approx(value)


def test_fast_presses_add_up_before_the_engine_has_answered(rig: Rig, density: Fader) -> None:
    density.setFocus()
    for _ in range(5):
        QTest.keyClick(density, Qt.Key.Key_Down)
    rig.turn()
    assert rig.number("/composer/density").value == pytest.approx(0.75)


def test_letters_pass_through_a_focused_fader(rig: Rig, density: Fader) -> None:
    density.setFocus()
    rig.key(Qt.Key.Key_T)
    assert rig.number("/composer/temperature").value == pytest.approx(0.9)


def test_whole_steps_where_the_value_has_steps(rig: Rig) -> None:
    rig.show("studio")
    fader = rig.find(Fader, "Polyphony")
    fader.setFocus()
    rig.key(Qt.Key.Key_Up)
    assert rig.number("/composer/polyphony").value == 9
    wheel(fader, -2)
    rig.turn()
    assert rig.number("/composer/polyphony").value == 7


def test_the_menu_offers_value_reset_and_address(rig: Rig, density: Fader) -> None:
    menu = density.menu()
    texts = [action.text() for action in menu.actions() if action.text()]
    assert texts == [
        "Density  0.80",
        "Type a value\tReturn",
        "Reset to 0.80\tDelete",
        "Map… (locked on Stage)",
        "Copy /composer/density",
    ]
    menu.actions()[-1].trigger()
    assert QGuiApplication.clipboard().text() == "/composer/density"


def test_it_says_its_name_value_and_keys(rig: Rig, density: Fader) -> None:
    rig.window.tick()
    assert density.accessibleName() == "Density"
    assert density.accessibleDescription() == "0.80  D + / F −"


def test_modulated_values_are_not_announced(rig: Rig, density: Fader) -> None:
    rig.window.tick()
    rig.engine.set("/composer/density", 0.3, origin="osc")
    rig.turn()
    assert density.text == "0.30"
    assert density.accessibleDescription().startswith("0.80")


def test_the_needle_follows_the_music(rig: Rig, density: Fader) -> None:
    rig.picture(composer=ComposerState(density=0.25))
    rig.window.refresh()
    assert density._needle_at == pytest.approx(0.25)
    picture = density.grab().toImage()
    ratio = picture.devicePixelRatio()
    bar = bar_of(density)
    x, y = bar.left() + 0.25 * bar.width(), bar.center().y()
    assert picture.pixelColor(round(x * ratio), round(y * ratio)).name() == "#101317"


def test_only_what_changed_is_painted_again(rig: Rig, density: Fader) -> None:
    rig.window.refresh()
    before = density._seen
    rig.window.refresh()
    assert density._seen is before
