"""The Follower in the engine: its addresses, its ears, its session, silence when it stops."""

from pathlib import Path

import pytest

from app.event import Message, NoteOn
from app.frame import MidiMessage
from app.inbox import Packet
from app.snapshot_follower import FollowerState
from tests.player.follower.room import Hall


def state(hall: Hall) -> FollowerState:
    return hall.engine.snapshot.follower


def test_a_program_sounds_at_its_times(tmp_path: Path) -> None:
    hall = Hall(tmp_path, "bpm 150; kick*4; snare*2+0.5")
    hall.engine.fire("/transport/play")
    hall.stage.run(1.7)
    assert hall.struck("kick") == pytest.approx([0, 0.4, 0.8, 1.2, 1.6])
    assert hall.struck("snare") == pytest.approx([0.4, 1.2])


def test_nothing_is_held_and_nothing_comes_after_stop(tmp_path: Path) -> None:
    hall = Hall(tmp_path, "kick*7; source snare*3; predict openhat; lead*3 1 60,61; bass 1 30")
    hall.engine.fire("/transport/play")
    hall.stage.run(3.17)
    hall.engine.fire("/transport/stop")
    hall.stage.run(0.1)
    assert hall.stage.dummy.held == set()
    sent = len(hall.sent)
    hall.stage.run(3)
    assert len(hall.sent) == sent


def test_the_picture_tells_what_plays_and_what_was_wrong(tmp_path: Path) -> None:
    hall = Hall(tmp_path)
    hall.engine.set("/follower/text/1", "source kick*2;\nlearn snare*2;")
    hall.engine.fire("/follower/evaluate")
    hall.engine.fire("/transport/play")
    hall.stage.run(5)
    shown = state(hall)
    assert (shown.slot, shown.evaluated, shown.fault) == (1, 1, None)
    assert [(one.name, one.role, one.line) for one in shown.channels] == [("kick", "source", 1), ("snare", "learn", 2)]
    assert shown.channels[0].hits[:3] == (0, 2, 4)
    assert {row.kind for row in shown.rows} == {"source", "target"}
    assert shown.lessons[0].loss is not None and shown.lessons[0].curve
    hall.engine.fire("/follower/evaluate", "kick*;")
    hall.stage.run(0.1)
    fault = state(hall).fault
    assert fault is not None and (fault.line, fault.column) == (1, 6)
    assert state(hall).evaluated == 1
    assert any("line 1, column 6" in text for text in hall.stage.said("warning"))


def test_slots_stop_all_and_a_pending_program(tmp_path: Path) -> None:
    hall = Hall(tmp_path)
    hall.engine.set("/follower/text/3", "kick*4")
    hall.engine.set("/follower/slot", "3")
    hall.engine.fire("/follower/evaluate")
    hall.engine.fire("/transport/play")
    hall.stage.run(1)
    assert state(hall).slot == 3
    hall.engine.set("/follower/quantise", "bar")
    hall.engine.fire("/follower/evaluate", "snare*4")
    hall.stage.run(0.1)
    assert (state(hall).pending, state(hall).at) == ("snare*4", 4)
    hall.engine.fire("/follower/stop_all")
    hall.stage.run(4)
    assert hall.struck("snare") == [] and state(hall).channels == ()


def test_predictions_are_written_back_and_can_be_undone(tmp_path: Path) -> None:
    hall = Hall(tmp_path)
    engine = hall.engine
    engine.fire("/follower/evaluate", "source kick*2;\nlearn snare 3,3,2;")
    engine.fire("/transport/play")
    hall.stage.run(8)
    text = "source kick*2; // the pulse\npredict snare (dist:2);\n"
    engine.set("/follower/text/1", text)
    engine.fire("/follower/evaluate")
    hall.stage.run(8)
    engine.fire("/follower/write_back")
    engine.turn()
    assert engine.tree.text("/follower/text/1").value == "source kick*2; // the pulse\nsnare 3,3,2 (dist:2);\n"
    engine.fire("/undo")
    engine.turn()
    assert engine.tree.text("/follower/text/1").value == text
    engine.fire("/follower/export_midi", str(tmp_path / "x.mid"), 2)
    engine.turn()
    assert (tmp_path / "x.mid").stat().st_size > 50


def test_programs_are_files_too(tmp_path: Path) -> None:
    hall = Hall(tmp_path)
    path = tmp_path / "one.gos"
    path.write_bytes(b"kick*2;\r\nsnare;\r\n")
    hall.engine.fire("/follower/open", str(path))
    hall.engine.fire("/follower/save", str(tmp_path / "two.gos"))
    hall.engine.fire("/follower/open", str(tmp_path / "missing.gos"))
    hall.engine.fire("/follower/save")
    hall.engine.turn()
    assert (tmp_path / "two.gos").read_text() == "kick*2;\nsnare;\n"
    assert len(hall.stage.said("error")) == 2


def test_lessons_come_back_with_the_session(tmp_path: Path) -> None:
    hall = Hall(tmp_path / "s", "source kick*2; learn snare 3,3,2")
    hall.engine.fire("/transport/play")
    hall.stage.run(12)
    hall.session.save()
    other = Hall(tmp_path / "s", "", seed=9)
    other.session.load()
    before, after = hall.follower.school.lessons["snare"], other.follower.school.lessons["snare"]
    assert after.save() == before.save()
    other.engine.fire("/follower/evaluate", "source kick*2; predict snare")
    other.engine.fire("/transport/play")
    other.stage.run(6.1)
    assert other.struck("snare") == pytest.approx([0, 0.75, 1.5, 2, 2.75, 3.5, 4, 4.75, 5.5, 6])


@pytest.mark.parametrize("damage", ["{", "[1]", '{"snare": 3}', '{"snare": {"format": 1}}'])
def test_a_damaged_file_of_lessons_is_told_and_left(tmp_path: Path, damage: str) -> None:
    hall = Hall(tmp_path / "s", "kick")
    hall.session.save()
    path = tmp_path / "s" / "follower" / "lessons.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(damage)
    hall.session.load()
    assert len(hall.stage.said("error")) == 1
    assert path.with_name("lessons.json.unreadable-1").read_text() == damage


# --- played from outside ---------------------------------------------------------------------------------


def tap(hall: Hall, seconds: float, *data: int) -> None:
    hall.stage.run(seconds)
    hall.engine.inbox.put(MidiMessage(hall.stage.clock.now(), "pads", data))


def test_a_pad_teaches_the_snare(tmp_path: Path) -> None:
    hall = Hall(tmp_path, "source kick*2; learn snare; define snare midi in 40")
    hall.engine.fire("/transport/play")
    hall.stage.run(0.03)
    for _ in range(12):
        tap(hall, 0.47, 0x99, 40, 90)  # 0.5 s is a beat; the pad is hit early on beats 2 and 4 of every bar.
        hall.stage.run(0.53)
    assert [round(one, 2) for one in hall.struck("snare")[:3]] == [0.47, 1.47, 2.47]
    hall.engine.fire("/follower/evaluate", "source kick*2; predict snare")
    hall.stage.run(6)
    predicted = [one for one in hall.struck("snare") if one > 12.2]
    assert [one % 1 for one in predicted] == pytest.approx([0.5] * len(predicted)) and len(predicted) >= 5


def test_messages_and_what_the_listener_says_are_sources(tmp_path: Path) -> None:
    hall = Hall(tmp_path, 'define p osc in "/tap"; define word heard "glass"; source p; source word; learn snare*2')
    hall.engine.fire("/transport/play")
    hall.stage.run(1.03)
    hall.engine.inbox.put(Packet(hall.stage.clock.now(), "/tap", (1.0,), ("127.0.0.1", 1), lambda *_: None))
    hall.stage.run(0.25)
    hall.engine.ensemble.send([Message(float("-inf"), "listener", "/listener/label", ("Glass",))])
    hall.stage.run(0.8)
    rows = {row.name: row.ticks for row in state(hall).rows if row.kind == "source"}
    assert rows["p"][4] == 1 and sum(rows["p"]) == 1
    assert rows["word"][5] == 1 and sum(rows["word"]) == 1
    hall.engine.fire("/follower/evaluate", "kick")
    hall.stage.run(1)
    assert "/tap" not in hall.engine.ears


def test_a_pad_sounds_while_the_music_stands(tmp_path: Path) -> None:
    hall = Hall(tmp_path, "define snare midi in 40; learn snare")
    tap(hall, 1, 0x99, 40, 77)
    hall.stage.run(1)
    assert [(event.name, event.velocity) for _, event in hall.sent if isinstance(event, NoteOn)] == [("snare", 77)]
    assert hall.stage.dummy.held == set()


def test_a_controller_moves_a_knob(tmp_path: Path) -> None:
    hall = Hall(tmp_path, "lead 1 60 cut_cc21")
    hall.engine.fire("/transport/play")
    tap(hall, 1, 0xB0, 21, 127)
    hall.stage.run(1)
    cuts = [event.arguments for _, event in hall.sent if isinstance(event, Message) and event.address == "/lead/cut"]
    assert cuts[-1] == (5000.0,)


def test_a_text_from_elsewhere_is_kept_where_nothing_is_written(tmp_path: Path) -> None:
    hall = Hall(tmp_path)
    text = hall.engine.tree.text("/follower/text/1")
    hall.engine.fire("/follower/evaluate", "kick*")
    hall.stage.run(0.1)
    assert text.value == ""
    hall.engine.fire("/follower/evaluate", "kick*2;")
    hall.stage.run(0.1)
    assert text.value == "kick*2;"
    hall.engine.fire("/undo")
    hall.stage.run(0.1)
    assert text.value == ""
    hall.engine.fire("/redo")
    hall.engine.fire("/follower/evaluate_now", "snare*2;")
    hall.stage.run(0.1)
    assert (text.value, state(hall).text) == ("kick*2;", "snare*2;")
