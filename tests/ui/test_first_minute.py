"""A newcomer's first minute, played by keys: the script is the coach's own list of lines."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from app.event import NoteOff, NoteOn
from tests.instrument import port_of
from tests.ui.rig import Modifier, Rig
from ui.coach import LINES

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
    assert "F2" in coach.sentence
    rig.key(Qt.Key.Key_F2)
    assert rig.window.stage.isVisible()

    rig.key(Qt.Key.Key_Question, SHIFT)
    assert rig.window.key_sheet.isVisible()
    assert not coach.isVisible()
    rig.key(Qt.Key.Key_Escape)

    rig.key(Qt.Key.Key_Period, Modifier.ControlModifier)
    assert not rig.engine.snapshot.playing
    held = [type(event) for _, event in sent if isinstance(event, NoteOn | NoteOff)]
    assert held.count(NoteOn) == held.count(NoteOff)


def test_each_line_waits_for_its_deed(rig: Rig) -> None:
    rig.play(30)
    assert rig.window.coach.sentence == LINES[0][1]


def test_hints_do_not_lag_behind_a_quick_learner(rig: Rig) -> None:
    rig.key(Qt.Key.Key_Space)
    rig.key(Qt.Key.Key_F1)
    assert rig.window.coach.sentence.startswith("Choose a folder")


def test_escape_ends_the_hints_and_they_can_begin_again(rig: Rig) -> None:
    rig.key(Qt.Key.Key_Escape)
    assert not rig.window.coach.isVisible()
    rig.window.coach.again()
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
