"""Map mode in the window: click a control, move a hand, and what the screen says about it."""

import pytest
from PySide6.QtCore import QObject, QPoint, QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.binding import Binding, Fire, Follow, Source
from app.frame import MidiMessage
from tests.ui.rig import Modifier, Rig
from ui.fader import Fader
from ui.panel.map_layer import MapLayer
from ui.panel.map_target_menu import everything, target_menu
from ui.panel.scene_row import ScenePad
from ui.widget.field import TextField
from ui.widget.pad import ActionPad, Pad, SwitchPad

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def mapping(rig: Rig) -> Rig:
    """Studio with the Composer's columns, in Map mode."""
    rig.show("studio")
    rig.find(SwitchPad, "Map").click()
    rig.turn()
    rig.turn()
    assert rig.engine.snapshot.mapping.on
    return rig


def click(rig: Rig, widget: object) -> None:
    """Click a control where it is, as a hand does."""
    assert isinstance(widget, Fader | Pad)
    QTest.mouseClick(widget, LEFT, pos=QPoint(widget.width() // 2, widget.height() // 2))
    rig.turn()
    rig.turn()


def turn_knob(rig: Rig, number: int, *values: int, settle: bool = True) -> None:
    """Move a knob of a controller, and rest."""
    for value in values:
        now = rig.engine.clock.now()
        rig.engine.inbox.put(MidiMessage(now, "nanoKONTROL2", (0xB0, number, value)))
        rig.turn()
    if settle:
        rig.play(1.2)


def lines_of(rig: Rig, address: str) -> list[Binding]:
    return [one for one in rig.engine.bindings.for_target(address) if one.source.kind == "midi"]


def test_click_then_move_binds_and_says_so_beside_the_control(mapping: Rig) -> None:
    density = mapping.find(Fader, "Density")
    click(mapping, density)
    note = mapping.window.map_note
    assert "Density: now move a knob" in note.words.text
    assert mapping.window.map_sheet.isVisible()
    before = mapping.number("/composer/density").value
    turn_knob(mapping, 21, 10, 20, 30, 40)
    (line,) = lines_of(mapping, "/composer/density")
    assert line.source.name == "cc21"
    assert isinstance(line.move, Follow)
    assert note.words.text.startswith("Density ← cc21")
    assert mapping.number("/composer/density").value == before, "a click in Map mode moves nothing"
    assert mapping.window.map_sheet.badges["/composer/density", ""].startswith("cc21")
    corner = density.mapTo(mapping.window, QPoint(0, 0))
    assert 0 <= corner.x() - note.x() - note.width() < 20, "beside it: a wide note finds room at the left"
    assert corner.y() - 20 < note.y() < corner.y() + density.height()


def test_the_hand_first_then_the_control(mapping: Rig) -> None:
    turn_knob(mapping, 30, 1, 2, 3, 4)
    assert "now click what it shall move" in mapping.window.map_note.words.text
    click(mapping, mapping.find(Fader, "Intensity"))
    assert [one.source.name for one in lines_of(mapping, "/composer/intensity")] == ["cc30"]


def test_a_conflict_is_answered_by_one_of_two_pads(mapping: Rig) -> None:
    for name in ("Density", "Temperature"):
        click(mapping, mapping.find(Fader, name))
        turn_knob(mapping, 21, 10, 20, 30)
    note = mapping.window.map_note
    assert note.words.text == "cc21 ch1 moves Density."
    click(mapping, note.here)
    assert lines_of(mapping, "/composer/density") == []
    assert len(lines_of(mapping, "/composer/temperature")) == 1
    click(mapping, mapping.find(Fader, "Density"))
    turn_knob(mapping, 21, 10, 20, 30)
    click(mapping, note.both)
    assert len(lines_of(mapping, "/composer/density")) == 1
    assert len(lines_of(mapping, "/composer/temperature")) == 1


def test_a_wrong_guess_is_corrected_at_the_control(mapping: Rig) -> None:
    click(mapping, mapping.find(Fader, "Density"))
    turn_knob(mapping, 21, 10, 20, 30)
    menu = mapping.window.map_note.kind.menu()
    next(item for item in menu.actions() if item.text() == "relative, two's complement").trigger()
    mapping.turn()
    (line,) = lines_of(mapping, "/composer/density")
    assert type(line.move).__name__ == "Turn"
    click(mapping, mapping.window.map_note.undo)
    assert lines_of(mapping, "/composer/density") == []


def test_tab_and_return_choose_a_control(mapping: Rig) -> None:
    fader = mapping.find(Fader, "Density")
    fader.setFocus()
    mapping.key(Qt.Key.Key_Return)
    mapping.turn()
    assert mapping.engine.snapshot.mapping.target == "/composer/density"
    assert fader._field is None or not fader._field.isVisible()


def test_tabs_work_and_the_mode_stays(mapping: Rig) -> None:
    click(mapping, mapping.find(Fader, "Density"))
    mapping.find(Pad, "Log").click()
    mapping.turn()
    assert mapping.window.studio.strip.tab == "Log"
    state = mapping.engine.snapshot.mapping
    assert (state.on, state.waiting, state.target) == (True, True, "/composer/density")


def test_an_action_and_a_scene_are_mapped_like_a_fader(mapping: Rig) -> None:
    mapping.window.resize(QSize(1440, 1020))  # Where Studio has room for the row of scenes.
    QApplication.processEvents()
    click(mapping, mapping.find(ActionPad, "Train"))
    turn_knob(mapping, 50, 127, 0)
    assert [one.move for one in lines_of(mapping, "/composer/train")] == [Fire()]
    click(mapping, mapping.find(ScenePad, "Scene 3"))
    turn_knob(mapping, 51, 127, 0)
    assert [one.move for one in lines_of(mapping, "/scene/call")] == [Fire((3.0,))]
    mapping.engine.fire("/scene/store", 3.0)
    mapping.engine.fire("/scene/store", 4.0)
    turn_knob(mapping, 51, 127, 0)
    assert mapping.engine.snapshot.scenes.called == 3


def test_panic_is_panic_in_map_mode_too(mapping: Rig) -> None:
    mapping.engine.fire("/transport/play")
    mapping.play(0.2)
    mapping.window.top_bar.panic.click()
    mapping.turn()
    assert not mapping.engine.transport.playing
    assert mapping.engine.snapshot.mapping.target == ""


def test_esc_leaves_and_the_tint_goes(mapping: Rig) -> None:
    mapping.key(Qt.Key.Key_Escape)
    mapping.turn()
    assert not mapping.engine.snapshot.mapping.on
    assert not mapping.window.map_sheet.isVisible()
    assert not mapping.window.map_note.isVisible()


def test_the_key_enters_and_leaves(rig: Rig) -> None:
    rig.show("studio")
    for wanted in (True, False):
        rig.key(Qt.Key.Key_M, Modifier.ControlModifier)
        rig.turn()
        assert rig.engine.snapshot.mapping.on is wanted


def test_stage_locks_it(rig: Rig) -> None:
    rig.show("stage")
    assert not rig.window.top_bar.map.isVisible()
    rig.key(Qt.Key.Key_M, Modifier.ControlModifier)
    rig.turn()
    assert not rig.engine.snapshot.mapping.on
    assert "locked on Stage" in rig.window.status_bar.left.text


def test_a_menu_maps_one_control_and_takes_its_hands_away(rig: Rig) -> None:
    rig.show("studio")
    density = rig.find(Fader, "Density")
    next(item for item in density.menu().actions() if item.text() == "Map…").trigger()
    for _ in range(4):
        rig.turn()
    assert rig.engine.snapshot.mapping.target == "/composer/density"
    turn_knob(rig, 21, 10, 20, 30)
    rig.engine.set("/map/on", 0)
    rig.turn()
    item = next(item for item in density.menu().actions() if item.text().startswith("Unmap cc21"))
    item.trigger()
    rig.turn()
    assert lines_of(rig, "/composer/density") == []


def test_a_ghost_shows_where_a_knob_stands_that_must_pick_up(rig: Rig) -> None:
    rig.engine.bindings.add(Binding(Source("midi", "cc21", 1), "/composer/density", Follow()))
    rig.show("studio")
    turn_knob(rig, 21, 10, 12, settle=False)
    fader = rig.find(Fader, "Density")
    assert fader.ghost == pytest.approx(12 / 127, abs=0.01)
    turn_knob(rig, 21, 60, 102, 104, settle=False)
    assert fader.ghost is None
    assert fader.parameter.value == pytest.approx(104 / 127, abs=0.01)


def test_a_pad_without_a_menu_gets_one(rig: Rig) -> None:
    rig.show("studio")
    train = rig.find(ActionPad, "Train")
    target = next(one for one in [rig.window.map_layer._found(train)] if one is not None)
    texts = [item.text() for item in rig.window.map_layer.menu(target).actions()]
    assert texts == ["Map…"]
    assert QApplication.activePopupWidget() is None


def test_no_frame_lies_over_what_covers_its_control(rig: Rig) -> None:
    rig.window.resize(QSize(1280, 720))
    rig.show("studio")
    rig.window.studio.strip.open("Bindings")
    rig.turn()
    rig.engine.set("/map/on", 1)
    rig.play(0.1)
    rig.turn()
    layer = next(one for one in rig.window.findChildren(QObject) if isinstance(one, MapLayer))
    assert len(layer.targets) > 20
    for target in layer.targets:
        there = rig.window.childAt(target.box.center())
        assert there is target.widget or target.widget.isAncestorOf(there), target.address


def test_panic_is_mapped_by_its_menu_and_shows_its_hand(mapping: Rig) -> None:
    panic = mapping.find(ActionPad, "PANIC")
    layer = next(one for one in mapping.window.findChildren(QObject) if isinstance(one, MapLayer))
    (target,) = [one for one in layer.targets if one.widget is panic]
    assert target.alive
    next(item for item in layer.menu(target).actions() if item.text() == "Map…").trigger()
    mapping.turn()
    turn_knob(mapping, 30, 127)
    (made,) = lines_of(mapping, "/panic")
    assert made.source.name == "cc30"


def test_a_text_field_is_mapped_by_click_and_by_return(mapping: Rig) -> None:
    field = next(one for one in mapping.window.findChildren(TextField) if one.isVisible())
    QTest.mouseClick(field, LEFT, pos=QPoint(field.width() // 2, field.height() // 2))
    mapping.turn()
    assert mapping.engine.snapshot.mapping.target == field.parameter.address
    mapping.engine.fire("/map/cancel")
    mapping.turn()
    field.setFocus()
    mapping.key(Qt.Key.Key_Return)
    mapping.turn()
    assert mapping.engine.snapshot.mapping.target == field.parameter.address


def test_what_has_no_control_is_mapped_from_the_list_and_all_of_it_is_there(mapping: Rig) -> None:
    parts = everything(mapping.window.desk)
    there = {one.address for found in parts.values() for one in found}
    all_there_is = {one.address for one in (*mapping.engine.tree, *mapping.engine.actions)}
    assert there == {address for address in all_there_is if not address.startswith("/map/")}
    chosen: list[str] = []
    menu = target_menu(mapping.window, mapping.window.desk, chosen.append)
    inner = next(item for item in menu.actions() if item.text() == "Scene").menu()
    inner.aboutToShow.emit()
    next(item for item in inner.actions() if "/scene/call" in item.text()).trigger()
    assert chosen == ["/scene/call"]
