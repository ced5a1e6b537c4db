"""The routing matrix: played notes as rows, keys that pick, one step of undo for each gesture, nothing on Stage."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.binding import Binding, Fire, Follow, Pick, Put, Source
from app.frame import MidiMessage
from app.snapshot_map import ControllerState
from tests.ui.rig import Rig
from ui.panel.matrix import LOCKED, MatrixPage

NOTES, PITCHES = "Played any controller, loudness", "Played any controller, pitch"


def matrix(rig: Rig) -> MatrixPage:
    """Open the matrix, as a click on its tab does."""
    rig.show("studio")
    rig.window.studio.strip.open("Routes")
    rig.play(0.1)
    (found,) = rig.window.findChildren(MatrixPage)
    return found


def place(found: MatrixPage, row: str, column: str) -> tuple[int, int]:
    return [one.title for one in found.origins].index(row), found.grid.columns.index(column)


def choose(rig: Rig, found: MatrixPage, row: str, column: str, words: str) -> None:
    menu = found.menu(*place(found, row, column))
    next(item for item in menu.actions() if item.text() == words).trigger()
    rig.play(0.1)


def strike(rig: Rig, pitch: int, velocity: int = 100, port: str = "keys", channel: int = 1) -> None:
    for status in (0x90, 0x80):
        data = (status | channel - 1, pitch, velocity if status == 0x90 else 0)
        rig.engine.inbox.put(MidiMessage(rig.engine.clock.now(), port, data))
        rig.turn()


def own(rig: Rig) -> list[Binding]:
    return [line for line in rig.engine.bindings if not line.factory]


def test_played_keys_call_scenes_choose_slots_and_move_any_value(rig: Rig) -> None:
    rig.engine.fire("/scene/store", 1.0, "one")
    rig.turn()
    rig.engine.set("/composer/density", 0.2)
    rig.engine.fire("/scene/store", 2.0, "two")
    rig.turn()
    found = matrix(rig)
    choose(rig, found, PITCHES, "Scene", "one key each, from note 36 up")
    choose(rig, found, PITCHES, "Program slot", "one key each, from note 48 up")
    found.add_column("/transport/bpm")
    choose(rig, found, PITCHES, "Transport: tempo", "follows")
    strike(rig, 36)
    assert rig.engine.snapshot.scenes.called == 1
    assert rig.number("/composer/density").value == pytest.approx(0.8)
    strike(rig, 37)
    assert rig.number("/composer/density").value == pytest.approx(0.2)
    strike(rig, 49)
    assert rig.number("/follower/slot").position > 0
    assert rig.number("/transport/bpm").position == pytest.approx(49 / 127)
    rig.play(0.1)
    assert found.grid._lit, "a route that was just used lights up"


def test_played_notes_and_the_composers_are_the_followers_sources(rig: Rig) -> None:
    rig.engine.fire("/follower/evaluate_now", "source kick*1; source snare*1;")
    rig.engine.fire("/transport/play")
    rig.play(0.3)
    found = matrix(rig)
    for row in (NOTES, "Composer note, loudness"):
        choose(rig, found, row, "Follower source", "snare")
    assert {line.move for line in own(rig)} == {Fire(("snare",), gives=True)}
    struck: list[str] = []
    rig.engine.note_hearers.append(lambda note: struck.append(note.name))
    strike(rig, 60)
    assert "snare" in struck


def test_a_controller_and_a_channel_have_rows_of_their_own(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    open_box = ControllerState("keys", "open", "")
    controllers = rig.instrument.mapping.controllers
    monkeypatch.setattr(controllers, "tend", lambda: None)
    controllers.states = (open_box,)
    rig.play(0.1)
    found = matrix(rig)
    assert "Played keys, pitch" in [one.title for one in found.origins]
    menus = {item.text(): item.menu() for item in found.row_menu().actions()}
    next(item for item in menus["Notes of keys"].actions() if item.text() == "Channel 3").trigger()
    row = "Played keys, channel 3, pitch"
    choose(rig, found, row, "Program slot", "one key each, from note 60 up")
    strike(rig, 61, channel=2)
    assert rig.number("/follower/slot").value == 0
    strike(rig, 61, channel=3)
    assert rig.number("/follower/slot").value == 1
    assert Binding(Source("midi", "pitch", 3, "keys"), "/follower/slot", own(rig)[0].move) == own(rig)[0]


def deeds() -> list[tuple[str, Callable[[Rig, MatrixPage], None]]]:
    """Every gesture of the matrix that changes the table."""
    at: dict[str, tuple[int, int]] = {}

    def where(found: MatrixPage) -> tuple[int, int]:
        return at.setdefault("cell", place(found, "Composer note, loudness", "Scene"))

    def press_delete(rig: Rig, found: MatrixPage) -> None:
        found.grid.setFocus()
        found.grid.at = where(found)
        rig.key(Qt.Key.Key_Delete)

    return [
        ("connect", lambda _, found: found.connect_cell(*where(found), Fire((1.0,)))),
        ("replace", lambda _, found: found.connect_cell(*where(found), Fire((2.0,)))),
        ("cut", lambda _, found: found.cut(*where(found))),
        ("delete", press_delete),
    ]


@pytest.mark.parametrize(("name", "deed"), deeds())
def test_each_gesture_is_one_step_of_undo(rig: Rig, name: str, deed: Callable[[Rig, MatrixPage], None]) -> None:
    source = Source("output", "/composer/note")
    there = [] if name == "connect" else [Binding(source, "/scene/call", Fire((n,))) for n in (5.0, 6.0)]
    for line in there:
        rig.engine.bindings.add(line)
    found = matrix(rig)
    deed(rig, found)
    rig.play(0.05)
    assert own(rig) != there
    rig.engine.fire("/undo")
    rig.play(0.05)
    assert sorted(map(repr, own(rig))) == sorted(map(repr, there))


def test_the_matrix_is_locked_on_stage_and_says_so(rig: Rig) -> None:
    found = matrix(rig)
    at = place(found, NOTES, "Composer")
    rig.engine.set("/window/view", "stage")
    rig.turn()
    assert not any(item.isEnabled() for item in found.menu(*at).actions())
    assert found._words(rig.engine.snapshot) == LOCKED
    found.connect_cell(*at, Put("Satie"))
    rig.turn()
    assert own(rig) == []
    assert "locked on Stage" in rig.engine.monitor.log[-1].text


def test_every_row_may_do_something_to_every_target(rig: Rig) -> None:
    rig.engine.fire("/follower/evaluate_now", "source kick*1;")
    rig.play(0.2)
    found = matrix(rig)
    for part in found.target_menu().actions():
        for item in part.menu().actions():
            item.trigger()
    assert len(found.addresses) > 150
    for line in range(len(found.origins)):
        for column in range(0, len(found.addresses), 7):
            moves = [item for item in found.menu(line, column).actions() if item.isCheckable()]
            assert moves, (found.origins[line].title, found.addresses[column])


def test_a_click_on_a_cell_of_a_played_row_opens_its_menu(rig: Rig) -> None:
    found = matrix(rig)
    at = place(found, PITCHES, "Composer")
    opened: list[tuple[int, int]] = []
    found.grid._opened = lambda row, column, _where: opened.append((row, column))
    found.grid._scroll(at[0], 0)
    QTest.mouseClick(found.grid, Qt.MouseButton.LeftButton, pos=found.grid.box(*at).center())
    assert opened == [at]
    names = [item.text() for item in found.menu(*at).actions()]
    assert "one key each, from note 36 up" in names
    assert "follows" in names
    found.connect_cell(*at, Pick(36, ("Bach", "Satie")))
    rig.play(0.1)
    assert found.grid.cells[at].text == "key each, 36 to 37"
    assert isinstance(own(rig)[0].move, Pick) and not isinstance(own(rig)[0].move, Follow)
