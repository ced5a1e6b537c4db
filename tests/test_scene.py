"""Scenes: kept, called at once or over beats, by any hand, undone whole, stored with the session."""

import json
from pathlib import Path

import pytest

from app.binding import Binding, Fire, Source
from app.event import Event
from app.frame import MidiMessage
from app.parameter import Linear, Log, Parameter, Steps
from app.scene import Scenes
from app.scene_file import FILE, MOST, read_scenes
from app.session import SessionError
from tests.stage import Metronome, Stage


@pytest.fixture
def stage() -> Stage:
    made = Stage()
    tree = made.engine.tree
    tree.add(Parameter("/composer/density", 0.2, Linear(0, 1)))
    tree.add(Parameter("/composer/cut", 100, Log(20, 20_000)))
    tree.add(Parameter("/composer/model", 0, Steps(("Haydn", "Satie"))))
    tree.add(Parameter("/elsewhere", 1, Linear(0, 9)))
    return made


@pytest.fixture
def scenes(stage: Stage) -> Scenes:
    made = Scenes(stage.engine.hands, stage.engine.transport, stage.engine.note_step)
    stage.engine.players.insert(0, made)
    stage.engine.midi_hearers.append(made.hear)
    return made


def put(stage: Stage, **values: float | str) -> None:
    for name, value in values.items():
        stage.engine.set(f"/composer/{name}", value)
    stage.run(0.02)


def values(stage: Stage) -> tuple[float, float, str]:
    tree = stage.engine.tree
    cut = round(tree.number("/composer/cut").value, 3)
    return round(tree.number("/composer/density").value, 3), cut, tree.number("/composer/model").show()


def load(scenes: Scenes, folder: Path) -> None:
    scenes.read(folder, lambda _: None, lambda: True)()


def two(stage: Stage) -> None:
    """Keep one scene as it starts and another, and stand at the second."""
    stage.engine.fire("/scene/store", 1, "calm")
    put(stage, density=0.8, cut=10_000, model="Satie")
    stage.engine.fire("/scene/store", 2, "wild")
    stage.run(0.02)


def test_a_scene_comes_back_by_number_or_name_and_leaves_the_rest_alone(stage: Stage, scenes: Scenes) -> None:
    two(stage)
    stage.engine.set("/elsewhere", 5)
    stage.engine.fire("/scene/call", 1)
    stage.run(0.02)
    assert values(stage) == (0.2, 100, "Haydn")
    stage.engine.fire("/scene/call", "WILD")
    stage.run(0.02)
    assert values(stage) == (0.8, 10_000, "Satie")
    assert (stage.engine.tree.number("/elsewhere").value, scenes.called) == (5, 2)


def test_numbers_glide_along_their_faders_in_beats_and_choices_change_at_once(stage: Stage, scenes: Scenes) -> None:
    two(stage)
    stage.engine.fire("/transport/play")
    stage.run(1.03)
    stage.engine.fire("/scene/call", 1, 4)
    stage.run(1.0)  # Half of four beats at 120.
    density, cut, model = values(stage)
    assert model == "Haydn"
    assert density == pytest.approx(0.5, abs=0.02)
    assert cut == pytest.approx(1000, rel=0.1)  # The middle of a logarithmic fader.
    stage.run(1.1)
    assert values(stage) == (0.2, 100, "Haydn")


def test_a_hand_that_takes_hold_keeps_what_it_holds(stage: Stage, scenes: Scenes) -> None:
    two(stage)
    stage.engine.fire("/transport/play")
    stage.engine.fire("/scene/call", 1, 8)
    stage.run(1.0)
    put(stage, density=0.95)
    stage.run(5.0)
    assert values(stage) == (0.95, 100, "Haydn")


def test_a_stopped_transport_does_not_leave_a_scene_half_way(stage: Stage, scenes: Scenes) -> None:
    two(stage)
    stage.engine.fire("/scene/call", 1, 16)
    stage.run(0.1)
    assert values(stage) == (0.2, 100, "Haydn")


def test_calling_and_keeping_are_one_step_of_undo_each(stage: Stage, scenes: Scenes) -> None:
    two(stage)
    stage.engine.fire("/scene/call", 1)
    stage.engine.fire("/undo")
    stage.run(0.02)
    assert values(stage) == (0.8, 10_000, "Satie")
    stage.engine.fire("/redo")
    stage.run(0.02)
    assert values(stage) == (0.2, 100, "Haydn")
    stage.engine.fire("/undo")
    stage.engine.fire("/undo")
    stage.run(0.02)
    assert sorted(scenes.kept) == [1]
    stage.engine.fire("/redo")
    stage.run(0.02)
    assert sorted(scenes.kept) == [1, 2]


def test_a_program_change_and_a_heard_class_call_scenes(stage: Stage, scenes: Scenes) -> None:
    two(stage)
    stage.engine.bindings.add(Binding(Source("midi", "program0"), "/scene/call", Fire((1.0,))))
    stage.engine.bindings.add(Binding(Source("output", "/listener/label/glass"), "/scene/call", Fire(("wild",))))
    stage.engine.inbox.put(MidiMessage(stage.clock.seconds, "pedal", (0xC0, 0)))
    stage.run(0.02)
    assert values(stage)[2] == "Haydn"
    stage.engine.hands.feel(Source("output", "/listener/label/glass"), 1.0, "listener", 0.0)
    assert values(stage)[2] == "Satie"


@pytest.mark.parametrize("arguments", [(), ("nowhere",), (7,), (0,), (129,), ("nan",), ("inf",)])
def test_a_scene_that_is_not_there_is_said(stage: Stage, scenes: Scenes, arguments: tuple[float | str, ...]) -> None:
    two(stage)
    stage.engine.fire("/scene/call", *arguments)
    stage.run(0.02)
    assert values(stage) == (0.8, 10_000, "Satie")
    assert len(stage.said("error")) == 1


def test_a_choice_that_is_gone_is_told_and_the_rest_comes(stage: Stage, scenes: Scenes) -> None:
    two(stage)
    stage.engine.tree.number("/composer/model").offer(("Haydn", "Ravel"))
    stage.engine.fire("/scene/call", 1)
    stage.engine.fire("/scene/call", 2)
    stage.run(0.02)
    assert values(stage) == (0.8, 10_000, "Haydn")
    assert "Satie" in stage.said("warning")[-1]


def test_scenes_are_kept_with_the_session_and_of_a_broken_file_there_are_none(
    stage: Stage, scenes: Scenes, tmp_path: Path
) -> None:
    two(stage)
    write = scenes.changes()
    assert write is not None
    write(tmp_path)
    assert scenes.changes() is None
    kept = dict(scenes.kept)
    scenes.kept.clear()
    load(scenes, tmp_path)
    assert scenes.kept == kept
    assert [scene.name for scene in read_scenes(tmp_path / FILE)[0]] == ["calm", "wild"]
    for wrong in ("", "[]]", '[{"number": 0}]', '{"a": 1}', '[{"number": 1, "name": "x", "values": 3}]'):
        (tmp_path / FILE).write_text(wrong)
        scenes.kept.update(kept)  # Those of the session before, which are not of this one.
        with pytest.raises(SessionError, match=FILE):
            load(scenes, tmp_path)
        assert (scenes.kept, scenes.called) == ({}, 0)


def test_the_scope_says_what_a_scene_keeps(stage: Stage, scenes: Scenes) -> None:
    stage.engine.set("/scene/scope", "/composer/[cd]* /elsewhere")
    stage.engine.set("/scene/scope", "/composer/[")
    stage.engine.fire("/scene/store")
    stage.run(0.02)
    assert set(scenes.kept[1].values) == {"/composer/density", "/composer/cut", "/elsewhere"}
    assert "bracket" in stage.said("warning")[0]


# --- what waits, what follows, what is locked --------------------------------------------------------------


def test_choices_change_at_the_start_or_at_the_end(stage: Stage, scenes: Scenes) -> None:
    two(stage)
    stage.engine.set("/scene/choices", "end")
    stage.engine.fire("/transport/play")
    stage.engine.fire("/scene/call", 1, 4)
    stage.run(1.0)
    assert values(stage)[2] == "Satie"
    stage.run(1.2)
    assert values(stage) == (0.2, 100, "Haydn")
    stage.engine.fire("/scene/call", 2, 4)
    stage.run(0.5)
    stage.engine.set("/composer/model", "Satie")
    stage.engine.set("/composer/model", "Haydn")  # A hand that chose meanwhile keeps its choice.
    stage.run(3.0)
    assert values(stage) == (0.8, 10_000, "Haydn")


@pytest.mark.parametrize(("waits", "beat"), [("beat", 2.0), ("bar", 4.0), ("off", 1.2)])
def test_a_call_waits_for_the_beat_or_the_bar(stage: Stage, scenes: Scenes, waits: str, beat: float) -> None:
    two(stage)
    stage.engine.set("/scene/quantise", waits)
    stage.engine.fire("/transport/play")
    stage.run(0.03 + 0.6)  # Beat 1.2.
    stage.engine.fire("/scene/call", 1)
    came = None
    for _ in range(400):
        stage.run(0.005)
        if came is None and values(stage)[2] == "Haydn":
            came = stage.engine.transport.beat
    assert came is not None
    ahead = 0.06 * 2  # A step's look-ahead in beats: the steps of that very beat hear it.
    assert beat - ahead - 0.03 <= came <= beat + 0.05


def test_a_step_on_the_bar_hears_the_scene_that_waited_for_it(stage: Stage, scenes: Scenes) -> None:
    two(stage)
    heard: list[tuple[float, float]] = []

    class Player(Metronome):
        def step(self) -> list[Event]:
            heard.append((self.next, stage.engine.tree.number("/composer/density").value))
            return super().step()

    stage.engine.add(Player())
    stage.engine.set("/scene/quantise", "bar")
    stage.engine.fire("/transport/play")
    stage.run(0.5)
    stage.engine.fire("/scene/call", 1)
    stage.run(3.0)
    assert [value for beat, value in heard if beat < 4] == [0.8] * 4
    assert {value for beat, value in heard if beat >= 4} == {0.2}


def test_the_newest_call_waits_and_a_stop_lets_it_come_at_once(stage: Stage, scenes: Scenes) -> None:
    two(stage)
    stage.engine.set("/scene/quantise", "bar")
    stage.engine.fire("/scene/call", 1)
    stage.run(0.02)
    assert values(stage)[2] == "Haydn"  # Nothing plays: nothing to wait for.
    stage.engine.fire("/transport/play")
    stage.run(0.3)
    stage.engine.fire("/scene/call", 1)
    stage.engine.fire("/scene/call", 2)
    stage.run(0.1)
    assert (scenes.coming, values(stage)[2]) == (2, "Haydn")
    stage.engine.fire("/transport/stop")
    stage.run(0.1)
    assert (scenes.coming, scenes.called, values(stage)[2]) == (0, 2, "Satie")


def test_a_scene_is_followed_by_another_in_time_and_round_again(stage: Stage, scenes: Scenes) -> None:
    two(stage)
    stage.engine.fire("/scene/follow", 1, "wild", 4)
    stage.engine.fire("/scene/follow", "wild", 1, 2)
    stage.engine.fire("/transport/play")
    stage.run(0.03)
    stage.engine.fire("/scene/call", 1)
    stage.run(0.01)
    seen = [scenes.called]
    for _ in range(600):
        stage.run(0.01)
        if scenes.called != seen[-1]:
            seen.append(scenes.called)
    assert seen == [1, 2, 1, 2, 1]  # Six seconds are twelve beats: 4, 2, 4, 2.
    stage.engine.fire("/transport/stop")
    stage.run(5.0)
    assert scenes.called == seen[-1]  # Nothing follows while the music stands.


@pytest.mark.parametrize("arguments", [(), (1,), (1, 9), (1, 2, 0), (1, 2, "soon"), (1, 2, float("nan")), (9, 1, 4)])
def test_a_wrong_follower_is_one_sentence(stage: Stage, scenes: Scenes, arguments: tuple[float | str, ...]) -> None:
    two(stage)
    stage.engine.fire("/scene/follow", *arguments)
    stage.run(0.02)
    assert len(stage.said("error")) == 1
    assert scenes.kept[1].then == 0


def test_what_is_locked_stays(stage: Stage, scenes: Scenes) -> None:
    two(stage)
    stage.engine.fire("/scene/lock", "/composer/density")
    stage.engine.fire("/scene/call", 1)
    stage.run(0.02)
    assert values(stage) == (0.8, 100, "Haydn")
    stage.engine.fire("/scene/lock", "/composer/density")
    stage.engine.fire("/scene/call", 1)
    stage.run(0.02)
    assert values(stage) == (0.2, 100, "Haydn")
    stage.engine.fire("/scene/lock", "/nowhere")
    stage.run(0.02)
    assert "/nowhere is none" in stage.said("error")[-1]


def test_undo_in_the_middle_of_the_way_stops_it(stage: Stage, scenes: Scenes) -> None:
    two(stage)
    stage.engine.fire("/transport/play")
    stage.engine.fire("/scene/call", 1, 8)
    stage.engine.fire("/undo")
    stage.run(5.0)
    assert values(stage) == (0.8, 10_000, "Satie")
    stage.engine.fire("/scene/call", 1, 8)
    stage.run(1.0)
    stage.engine.fire("/undo")
    stage.run(5.0)
    assert values(stage) == (0.8, 10_000, "Satie")
    assert scenes.called == 2


def test_program_changes_call_scenes_where_that_is_switched_on(stage: Stage, scenes: Scenes) -> None:
    two(stage)
    stage.engine.inbox.put(MidiMessage(stage.clock.seconds, "pedal", (0xC3, 0)))
    stage.run(0.02)
    assert values(stage)[2] == "Satie"
    stage.engine.set("/scene/programs", "on")
    stage.engine.inbox.put(MidiMessage(stage.clock.seconds, "pedal", (0xC3, 0)))
    stage.run(0.02)
    assert values(stage)[2] == "Haydn"
    stage.engine.inbox.put(MidiMessage(stage.clock.seconds, "pedal", (0xC3, 99)))
    stage.run(0.02)
    assert "There is no scene 100" in stage.said("error")[-1]


def test_values_of_parts_that_are_not_here_are_told_once_and_kept(stage: Stage, scenes: Scenes, tmp_path: Path) -> None:
    line = {"number": 3, "name": "old", "values": {"/theremin/wobble": 3, "/composer/density": 0.5}}
    (tmp_path / FILE).write_text(json.dumps([line]))
    load(scenes, tmp_path)
    for _ in range(3):
        stage.engine.fire("/scene/call", 3)
    stage.run(0.02)
    assert values(stage)[0] == 0.5
    assert len([text for text in stage.said("info") if "/theremin/wobble" in text]) == 1
    write = scenes.changes(True)
    assert write is not None
    write(tmp_path)
    assert json.loads((tmp_path / FILE).read_text()) == [{**line, "called": True}]


def test_a_scene_kept_anew_gives_the_old_one_back(stage: Stage, scenes: Scenes) -> None:
    two(stage)
    before = scenes.kept[1]
    stage.engine.fire("/scene/follow", 1, 2, 8)
    stage.engine.fire("/scene/store", 1)
    stage.run(0.02)
    assert scenes.kept[1].values == scenes.kept[2].values
    assert (scenes.kept[1].name, scenes.kept[1].then) == ("calm", 2)
    stage.engine.fire("/undo")
    stage.engine.fire("/undo")
    stage.run(0.02)
    assert (scenes.kept[1], scenes.called) == (before, 2)


@pytest.mark.parametrize("line", ['{"number": 1, "name": "", "values": {"/a": 1%s}}' % ("0" * 400), "7", '"x"', "null"])
def test_a_file_of_nonsense_is_one_sentence_and_set_aside(scenes: Scenes, tmp_path: Path, line: str) -> None:
    (tmp_path / FILE).write_text(f"[{line}]")
    with pytest.raises(SessionError, match="holds no scenes to be read"):
        load(scenes, tmp_path)
    assert not (tmp_path / FILE).exists()


def test_a_scene_that_finds_no_free_number_drives_no_other_out(stage: Stage, scenes: Scenes) -> None:
    for number in range(1, MOST + 1):
        stage.engine.fire("/scene/store", number, f"the {number}th")
    stage.run(0.02)
    last = scenes.kept[MOST]
    put(stage, density=0.9)
    stage.engine.fire("/scene/store")
    stage.run(0.02)
    assert scenes.kept[MOST] == last
    assert f"All {MOST} scenes are taken" in stage.said("error")[-1]


def test_a_time_that_is_no_number_is_said(stage: Stage, scenes: Scenes) -> None:
    two(stage)
    stage.engine.fire("/scene/call", 1, "slowly")
    stage.run(0.02)
    assert "takes a number of beats, such as 8" in stage.said("error")[-1]
    assert scenes.called == 2


def test_one_stands_in_the_same_scene_when_a_session_is_opened_again(
    stage: Stage, scenes: Scenes, tmp_path: Path
) -> None:
    two(stage)
    stage.engine.fire("/scene/follow", 1, "wild", 4)
    scenes.changes()
    stage.engine.fire("/scene/call", 1)
    stage.run(0.02)
    write = scenes.changes()  # A call alone is something to keep.
    assert write is not None
    write(tmp_path)
    scenes.called = 2
    load(scenes, tmp_path)
    assert scenes.called == 1
    assert scenes.changes() is None
    stage.engine.fire("/transport/play")
    stage.run(2.2)
    assert scenes.called == 2  # The one that follows comes in its time.
