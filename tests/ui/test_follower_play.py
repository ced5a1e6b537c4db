"""The whole way: written by hand in the window, learnt and played by the Follower, heard at a port."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.event import NoteOff, NoteOn
from app.following import follow
from app.instrument import Instrument
from tests.instrument import offline, port_of
from tests.ui.rig import Modifier, Rig
from ui.panel.follower_editor import FollowerEditor
from ui.panel.follower_examples import FollowerExamples
from ui.panel.follower_slot import ExamplePad, example_paths

CTRL = Modifier.ControlModifier


@pytest.fixture
def player(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Rig:
    """Studio with the true Follower, alone: the Composer is silent."""

    def build(session: Path) -> Instrument:
        instrument = offline(session)
        if "/follower/slot" not in instrument.engine.tree:
            follow(instrument.engine, instrument.session)
        return instrument

    monkeypatch.setattr("tests.ui.rig.offline", build)
    rig = Rig(qtbot, tmp_path)
    rig.engine.set("/composer/mute", 1.0)
    rig.engine.set("/output/osc/on", 1.0)
    rig.show("studio")
    rig.key(Qt.Key.Key_3, Modifier.AltModifier)
    return rig


def write(rig: Rig, *lines: str) -> FollowerEditor:
    editor = rig.window.editor
    assert editor is not None
    editor.setFocus()
    for place, line in enumerate(lines):
        if place:
            rig.key(Qt.Key.Key_Return)
        rig.type(line)
    return editor


def play(rig: Rig, seconds: float) -> None:
    """Let musical time pass while the window looks."""
    for _ in range(round(seconds / 0.1)):
        rig.play(0.1)


def hits(rig: Rig, name: str) -> list[float]:
    """Return the beats at which a channel was struck."""
    return [event.beat for _, event in port_of(rig.instrument).sent if isinstance(event, NoteOn) and event.name == name]


def test_a_newcomer_hears_the_machine_play_what_it_was_taught(player: Rig) -> None:
    rig = player
    editor = write(rig, "source kick*2;", "learn snare*2+.25;")
    rig.key(Qt.Key.Key_Return, CTRL)
    play(rig, 1.5)
    assert rig.engine.snapshot.playing
    assert hits(rig, "kick")[:2] == [0.0, 2.0]
    assert editor.gutter.marks[1].role == "source"
    play(rig, 15)
    state = rig.engine.snapshot.follower
    assert state.lessons[0].loss is not None
    assert state.lessons[0].loss < 0.02
    assert editor.gutter.marks[2].text
    assert rig.window.studio.follower[1].ticks.rows  # type: ignore[attr-defined]

    editor.selectAll()
    rig.type("source kick*2; predict snare;")
    rig.key(Qt.Key.Key_Return, CTRL)
    play(rig, 1)
    before = len(hits(rig, "snare"))
    play(rig, 8)
    predicted = hits(rig, "snare")[before:]
    assert len(predicted) >= 6
    assert {beat % 4 for beat in predicted} == {1.5, 3.5}

    rig.key(Qt.Key.Key_Period, CTRL)
    sent = [type(event) for _, event in port_of(rig.instrument).sent if isinstance(event, NoteOn | NoteOff)]
    assert sent.count(NoteOn) == sent.count(NoteOff)


def test_a_fault_is_shown_where_it_is_and_the_music_goes_on(player: Rig) -> None:
    rig = player
    editor = write(rig, "kick*4;")
    rig.key(Qt.Key.Key_Return, CTRL)
    play(rig, 1)
    rig.key(Qt.Key.Key_Return)
    rig.type("snaer*2;")
    rig.key(Qt.Key.Key_Return, CTRL)
    rig.turn()
    rig.turn()
    assert editor.spot is not None
    assert (editor.spot.line, editor.spot.column) == (2, 1)
    assert "snare" in rig.window.studio.follower[0].sentence.text  # type: ignore[attr-defined]
    before = len(hits(rig, "kick"))
    play(rig, 2)
    assert len(hits(rig, "kick")) >= before + 3


def test_a_program_waits_for_the_bar_and_says_so(player: Rig) -> None:
    rig = player
    editor = write(rig, "kick*4;")
    rig.key(Qt.Key.Key_Return, CTRL)
    play(rig, 0.5)
    rig.engine.set("/follower/quantise", "bar")
    rig.type(" snare;")
    rig.key(Qt.Key.Key_Return, CTRL)
    rig.turn()
    rig.turn()
    assert rig.engine.snapshot.follower.pending
    assert editor.gutter.marks[1].waits
    assert not hits(rig, "snare")
    play(rig, 2.5)
    assert hits(rig, "snare")[0] % 4 == 0
    assert not editor.gutter.marks[1].waits


def test_predictions_become_code_and_can_be_taken_back(player: Rig) -> None:
    rig = player
    editor = write(rig, "source kick*2;", "learn snare*2+.25;")
    rig.key(Qt.Key.Key_Return, CTRL)
    play(rig, 12)
    editor.selectAll()
    rig.type("source kick*2; predict snare;")
    rig.key(Qt.Key.Key_Return, CTRL)
    play(rig, 6)
    rig.key(Qt.Key.Key_Escape)
    rig.engine.fire("/follower/write_back")
    rig.turn()
    rig.turn()
    text = editor.toPlainText()
    assert "predict" not in text
    assert "snare" in text
    editor.setFocus()
    rig.key(Qt.Key.Key_Z, CTRL)
    assert "predict snare;" in editor.toPlainText()


def test_the_pointer_moves_an_argument(player: Rig) -> None:
    rig = player
    write(rig, "lead*4 1 40 cut_mousex;")
    rig.key(Qt.Key.Key_Return, CTRL)
    rig.engine.set("/pointer/on", 1.0)
    rig.engine.set("/pointer/x", 0.0, "pointer")
    play(rig, 1)
    rig.engine.set("/pointer/x", 1.0, "pointer")
    play(rig, 1)
    cuts = [
        event.arguments[0] for _, event in port_of(rig.instrument).sent if getattr(event, "address", "") == "/lead/cut"
    ]
    assert min(cuts) == pytest.approx(20, rel=0.1)  # type: ignore[type-var]
    assert max(cuts) == pytest.approx(5000, rel=0.1)  # type: ignore[type-var]


def test_an_example_is_loaded_into_the_empty_slot_and_runs(player: Rig) -> None:
    rig = player
    pad = rig.find(ExamplePad, "Examples")
    actions = pad.menu().actions()
    assert len(actions) == len(example_paths()) >= 6
    actions[0].trigger()
    rig.turn()
    rig.turn()
    editor = rig.window.editor
    assert editor is not None
    assert editor.toPlainText().strip() == example_paths()[0].read_text(encoding="utf-8").strip()
    rig.key(Qt.Key.Key_Return, CTRL)
    play(rig, 1)
    assert rig.engine.snapshot.follower.channels
    assert rig.engine.snapshot.follower.fault is None


def verdict_of(rig: Rig) -> str:
    """Return the sentence under the editor."""
    cards = [one for one in rig.window.findChildren(FollowerExamples) if one.isVisible()]
    return cards[0].sentence.text


def test_a_program_of_another_hand_is_seen_where_nothing_is_written_and_named_where_something_is(player: Rig) -> None:
    rig, editor = player, player.window.editor
    assert editor is not None
    rig.engine.fire("/follower/evaluate", "source kick*2;")
    rig.engine.fire("/transport/play")
    play(rig, 0.3)
    assert editor.toPlainText() == "source kick*2;"
    assert verdict_of(rig) == "This text runs"
    rig.engine.fire("/follower/evaluate", "closedhat*4;")  # Now something is written: it stays.
    play(rig, 1.5)
    assert editor.toPlainText() == "source kick*2;"
    assert verdict_of(rig) == "Written, not yet running: Ctrl+Return runs it"
    rig.engine.set("/follower/text/1", "")
    play(rig, 0.3)
    assert verdict_of(rig) == "A text that is not on this page runs: Silence ends it"
    rig.engine.fire("/follower/stop_all")
    play(rig, 0.3)
    assert verdict_of(rig).startswith("Ctrl+Return runs the text")
