"""Takes as scores: hands and the clock open and close them, frames fall where their own time puts them."""

from __future__ import annotations

import pytest

from app.binding import Binding, Fire, Source
from app.event import NoteOff, NoteOn
from tests.instrument import port_of
from tests.player.listener.test_player import Stage

FRAME_S = 0.01


def stream(stage: Stage, seconds: float) -> None:
    """Send a frame each 10 ms whose second value is the time since the stage was built."""
    for _ in range(round(seconds / FRAME_S)):
        stage.frame(0.5, stage.engine.clock.now() - 10.0)
        stage.turn(FRAME_S)


def taken(stage: Stage) -> list[float]:
    return [round(float(row[1]), 3) for row in stage.listener.dataset.examples().inputs]


def fire(stage: Stage, address: str, *arguments: float | str) -> None:
    stage.engine.fire(address, *arguments)
    stage.turn(0.0)


def armed(plan: str = "classifier:2", count_in: float = 4, length: float = 2) -> Stage:
    stage = Stage(plan)
    stage.put("/listener/count_in", count_in)
    stage.put("/listener/length", length)
    return stage


def test_a_target_that_moves_in_a_take_is_recorded_as_it_moves() -> None:
    stage = Stage("regressor,regressor")
    stage.put("/listener/target/1", 0.2)
    stage.put("/listener/record", 1)
    stage.frames((0.1, 0.1), (0.2, 0.2))
    stage.put("/listener/target/1", 0.6)
    stage.frames((0.3, 0.3))
    stage.put("/listener/target/2", 1.0)
    stage.frames((0.4, 0.4))
    stage.put("/listener/record", 0)
    assert stage.listener.dataset.examples().targets.tolist() == [[0.2, 0.0], [0.2, 0.0], [0.6, 0.0], [0.6, 1.0]]
    fire(stage, "/undo")
    assert len(stage.listener.dataset) == 0


def test_frames_and_hands_within_one_turn_keep_their_order() -> None:
    stage = Stage("regressor")
    for target in (0.1, 0.5, 0.9):
        stage.engine.set("/listener/target/1", target, "osc")
        stage.engine.set("/listener/record", 1, "osc")
        stage.frame(target, 0)
    stage.engine.set("/listener/record", 0, "osc")
    stage.frame(0.7, 0)
    stage.turn()
    examples = stage.listener.dataset.examples()
    assert examples.targets[:, 0].tolist() == [0.1, 0.5, 0.9]
    assert len(set(examples.takes.tolist())) == 1


def test_after_a_count_in_it_records_for_so_many_beats_while_the_music_stands() -> None:
    stage = armed()
    start = stage.engine.clock.now() - 10.0
    fire(stage, "/listener/arm", 2)
    stream(stage, 4.0)
    # At 120 BPM four beats are 2 s and two are 1 s.
    assert taken(stage)[0] == pytest.approx(start + 2.0, abs=1e-3)
    assert taken(stage)[-1] == pytest.approx(start + 3.0 - FRAME_S, abs=1e-3)
    assert len(taken(stage)) == 100
    assert dict(stage.listener.dataset.counts()) == {2: 100}
    assert stage.engine.tree.number("/listener/record").value == 0


def test_while_the_music_plays_the_take_lies_on_its_beats() -> None:
    stage = armed(count_in=2, length=4)
    fire(stage, "/transport/play")
    stream(stage, 0.8)
    fire(stage, "/listener/arm", 1)
    stream(stage, 5.0)
    transport, examples = stage.engine.transport, stage.listener.dataset.examples()
    beats = [transport.beat_at(seconds) for seconds in examples.seconds]
    # Armed at beat 1.5: counted on 2 and 3, recorded on 4, 5, 6 and 7.
    assert beats[0] == pytest.approx(4.0, abs=0.02)
    assert 7.97 < beats[-1] < 8.0
    assert len(beats) == 200


def test_a_change_of_tempo_moves_what_is_left() -> None:
    stage = armed(count_in=4, length=4)
    fire(stage, "/listener/arm", 1)
    stream(stage, 1.0)
    stage.put("/transport/bpm", 60)
    stream(stage, 0.9)
    assert taken(stage) == []
    stream(stage, 6.0)
    # Two beats of the count-in at 120, two at 60; four beats of 1 s each.
    assert len(taken(stage)) == pytest.approx(400, abs=1)


def test_music_that_stops_does_not_stop_the_take() -> None:
    stage = armed(count_in=0, length=4)
    fire(stage, "/transport/play")
    stream(stage, 0.2)
    fire(stage, "/listener/arm", 1)
    stream(stage, 1.0)
    fire(stage, "/transport/stop")
    stream(stage, 3.0)
    assert len(taken(stage)) == pytest.approx(200, abs=1)


def test_the_picture_counts_down() -> None:
    stage = armed(count_in=2, length=2)
    fire(stage, "/listener/arm", 2)
    seen = []
    stream(stage, 0.1)  # The picture is taken at most every 40 ms.
    for _ in range(9):
        state = stage.engine.snapshot.listener
        seen.append((state.armed, state.recording, round(state.counting, 1), round(state.remaining, 1)))
        stream(stage, 0.25)
    assert [line[0] for line in seen] == [2] * 8 + [0]
    assert [line[1] for line in seen] == [0] * 4 + [2] * 4 + [0]
    assert [line[2] for line in seen] == pytest.approx([1.8, 1.3, 0.8, 0.3, 0, 0, 0, 0, 0], abs=0.11)
    assert [line[3] for line in seen] == pytest.approx([0, 0, 0, 0, 1.8, 1.3, 0.8, 0.3, 0], abs=0.11)


def test_it_can_be_given_up_and_a_take_without_end_is_let_go() -> None:
    stage = armed(count_in=2, length=0)
    fire(stage, "/listener/arm", 1)
    stream(stage, 0.5)
    fire(stage, "/listener/disarm")
    stream(stage, 2.0)
    assert taken(stage) == []
    fire(stage, "/listener/arm", 1)
    stream(stage, 6.0)
    assert stage.engine.snapshot.listener.recording == 1
    fire(stage, "/listener/disarm")
    stream(stage, 1.0)
    assert len(taken(stage)) == 500
    fire(stage, "/undo")
    assert len(stage.listener.dataset) == 0


def test_a_hand_that_lets_go_ends_an_armed_take() -> None:
    stage = armed(count_in=0, length=8)
    fire(stage, "/listener/arm", 2)
    stream(stage, 0.5)
    stage.put("/listener/record", 0)
    stream(stage, 1.0)
    assert len(taken(stage)) == pytest.approx(50, abs=1)
    assert stage.engine.snapshot.listener.armed == 0


def test_a_label_is_armed_by_its_name_by_a_binding_and_not_by_nonsense() -> None:
    stage = armed(count_in=0, length=1)
    fire(stage, "/listener/name", 2.0, "glass")
    fire(stage, "/listener/arm", "glass")
    stream(stage, 1.0)
    stage.engine.bind(Binding(Source("osc", "/pedal"), "/listener/arm", Fire((1.0,))))
    stage.engine.bind(Binding(Source("key", "A"), "/listener/arm", Fire((1.0,))))
    stage.engine.key("A")
    stream(stage, 1.0)
    assert dict(stage.listener.dataset.counts()) == {1: 50, 2: 50}
    for nonsense in ("wood", -1.0, 1e9, "", 0.0):
        fire(stage, "/listener/arm", nonsense)
        assert stage.listener.recorder.arming.label == 0
    assert "there is no label 'wood'" in stage.said()


def clicks(stage: Stage) -> list[float]:
    return [round(t - 10.0, 3) for t, event in port_of(stage.instrument).sent if isinstance(event, NoteOn)]


def test_clicks_sound_on_the_beats_of_the_count_in_if_asked_for() -> None:
    stage = armed(count_in=4, length=2)
    fire(stage, "/listener/arm", 1)
    stream(stage, 4.0)
    assert clicks(stage) == []
    stage.put("/listener/click", 1)
    start = stage.engine.clock.now() - 10.0
    fire(stage, "/listener/arm", 1)
    stream(stage, 4.0)
    assert clicks(stage) == pytest.approx([start, start + 0.5, start + 1.0, start + 1.5], abs=1e-3)
    sent = port_of(stage.instrument).sent
    assert sum(isinstance(event, NoteOff) for _, event in sent) == 4
    assert port_of(stage.instrument).held == set()


def test_clicks_lie_on_the_beats_of_the_music() -> None:
    stage = armed(count_in=3, length=2)
    stage.put("/listener/click", 1)
    stage.engine.players[:] = [player for player in stage.engine.players if player.part == "listener"]
    fire(stage, "/transport/play")
    stream(stage, 0.3)
    fire(stage, "/listener/arm", 1)
    stream(stage, 3.0)
    transport = stage.engine.transport
    assert [round(transport.beat_at(seconds + 10.0), 2) for seconds in clicks(stage)] == [1.0, 2.0, 3.0]


def test_a_take_that_was_armed_leaves_the_answers_alone() -> None:
    from app.player.listener.brain import Learnt
    from tests.player.listener.test_player import Sides

    stage = armed(count_in=1, length=1)
    stage.listener.brain.take(0, Learnt(Sides()))
    stage.put("/listener/play", 1)
    fire(stage, "/listener/arm", 1)
    stream(stage, 1.5)
    assert stage.listener.counts.answered == 150
    assert len(taken(stage)) == 50
