"""A newcomer's first minute, played by keys: the script is the coach's own list of lines."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from app.binding import Put
from app.event import NoteOff, NoteOn
from tests.instrument import port_of
from tests.ui.rig import Modifier, Rig
from ui.panel.composer_stage import composer_names
from ui.panel.route import SourcePad, TargetPad
from ui.script import LINES
from ui.widget.pad import SwitchPad

NONE, SHIFT = Modifier.NoModifier, Modifier.ShiftModifier


def test_the_first_minute(rig: Rig) -> None:
    coach = rig.window.coach
    assert rig.window.stage.isVisible()
    assert coach.sentence == "Space: play"

    rig.key(Qt.Key.Key_Space)
    rig.play(12)
    sent = port_of(rig.instrument).sent
    assert sum(isinstance(event, NoteOn) for _, event in sent) > 5
    assert rig.window.stage.roll.notes
    assert coach.sentence == "T or G: wilder or calmer"

    for key in (Qt.Key.Key_T, Qt.Key.Key_T, Qt.Key.Key_T):
        rig.key(key)
    assert rig.number("/composer/temperature").value == pytest.approx(1.1)
    assert coach.sentence == "D or F: denser or thinner"
    rig.key(Qt.Key.Key_D)
    rig.play(3)
    assert rig.engine.snapshot.composer.density == pytest.approx(0.9, abs=0.02)

    assert coach.sentence == "C: next composer"
    before = rig.engine.snapshot.composer.name
    rig.key(Qt.Key.Key_C)
    rig.play(5)
    assert rig.engine.snapshot.composer.name not in ("", before)

    assert coach.sentence.startswith("F1")
    rig.key(Qt.Key.Key_F1)
    assert rig.window.studio.isVisible()
    teach_two_corners(rig)

    assert coach.sentence.startswith("F2")
    rig.key(Qt.Key.Key_F2)
    assert rig.window.stage.isVisible()
    assert rig.window.stage.listener.isVisible()

    rig.key(Qt.Key.Key_Question, SHIFT)
    assert rig.window.key_sheet.isVisible()
    assert not coach.isVisible()
    rig.key(Qt.Key.Key_Escape)

    rig.key(Qt.Key.Key_Period, Modifier.ControlModifier)
    assert not rig.engine.snapshot.playing
    held = [type(event) for _, event in sent if isinstance(event, NoteOn | NoteOff)]
    assert held.count(NoteOn) == held.count(NoteOff)


def teach_two_corners(rig: Rig) -> None:
    """The Listener's part: two corners of the map choose two composers."""
    coach = rig.window.coach
    assert coach.sentence == "Alt+1: the Listener"
    rig.key(Qt.Key.Key_1, Modifier.AltModifier)
    assert coach.sentence.startswith("Turn Pointer on")
    rig.find(SwitchPad, "Pointer").click()
    rig.turn()
    assert coach.sentence == "Move about in one corner of the map and hold 1"
    rig.record(Qt.Key.Key_1, 0.1, 0.9)
    assert coach.sentence == "Now in another corner: hold 2"
    rig.record(Qt.Key.Key_2, 0.9, 0.1)
    assert coach.sentence == "Return: train"
    rig.key(Qt.Key.Key_Return)
    rig.play(0.2)
    assert coach.sentence.startswith("Turn Answer on")
    rig.find(SwitchPad, "Answer").click()
    rig.turn()
    names = composer_names(rig.window.desk)[:2]
    for place, name in enumerate(names):
        source = rig.find(SourcePad, "Output to route")
        source.menu().actions()[place].trigger()
        rig.find(TargetPad, "Add a route").make("/composer/model", Put(name))
    rig.turn()
    for (x, y), name in zip(((0.1, 0.9), (0.9, 0.1)), names, strict=True):
        for _ in range(20):
            rig.point(x, y)
        assert rig.number("/composer/model").show() == name


def test_each_line_waits_for_its_deed(rig: Rig) -> None:
    rig.play(30)
    assert rig.window.coach.sentence == LINES[0][1]


def test_hints_do_not_lag_behind_a_quick_learner(rig: Rig) -> None:
    rig.key(Qt.Key.Key_Space)
    rig.key(Qt.Key.Key_F1)
    assert rig.window.coach.sentence == "Alt+1: the Listener"


def test_escape_ends_the_hints_and_they_can_begin_again(rig: Rig) -> None:
    rig.key(Qt.Key.Key_Escape)
    assert not rig.window.coach.isVisible()
    rig.turn()
    assert rig.number("/window/coach").show() == "off"
    rig.show("studio")
    rig.window.studio.strip.open("Window")
    rig.find(SwitchPad, "Hints").click()
    rig.turn()
    assert rig.number("/window/coach").show() == "on"
    assert rig.window.coach.isVisible()
    assert rig.window.coach.sentence == "Space: play"


def test_quit_asks_twice_while_playing(rig: Rig) -> None:
    rig.key(Qt.Key.Key_Space)
    rig.play(2)
    rig.key(Qt.Key.Key_Q)
    assert not rig.engine.ended
    assert "press Q again" in rig.window.status_bar.left.text
    rig.key(Qt.Key.Key_Q)
    assert rig.engine.ended


def test_a_silent_machine_is_told_before_the_first_note(rig: Rig, tmp_path: Path) -> None:
    from app.snapshot import DeviceState

    rig.picture(devices=(DeviceState("synth", "failed", "no audio device; sending OSC to 127.0.0.1:56120"),))
    rig.window.refresh()
    assert rig.window.coach.words.text == "Space: play   (no audio device; sending OSC to 127.0.0.1:56120)"
