"""Scenes: kept, called at once or over beats, by any hand, undone whole, stored with the session."""

from pathlib import Path

import pytest

from app.binding import Binding, Fire, Source
from app.frame import MidiMessage
from app.parameter import Linear, Log, Parameter, Steps
from app.scene import FILE, Scenes, read_scenes
from app.session import SessionError
from tests.stage import Stage


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
    stage.engine.tending.append(made.tend)
    return made


def put(stage: Stage, **values: float | str) -> None:
    for name, value in values.items():
        stage.engine.set(f"/composer/{name}", value)
    stage.run(0.02)


def values(stage: Stage) -> tuple[float, float, str]:
    tree = stage.engine.tree
    cut = round(tree.number("/composer/cut").value, 3)
    return round(tree.number("/composer/density").value, 3), cut, tree.number("/composer/model").show()


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


def test_scenes_are_kept_with_the_session_and_a_broken_file_costs_nothing(
    stage: Stage, scenes: Scenes, tmp_path: Path
) -> None:
    two(stage)
    write = scenes.changes()
    assert write is not None
    write(tmp_path)
    assert scenes.changes() is None
    kept = dict(scenes.kept)
    scenes.kept.clear()
    scenes.load(tmp_path)
    assert scenes.kept == kept
    assert [scene.name for scene in read_scenes(tmp_path / FILE)] == ["calm", "wild"]
    for wrong in ("", "[]]", '[{"number": 0}]', '{"a": 1}', '[{"number": 1, "name": "x", "values": 3}]'):
        (tmp_path / FILE).write_text(wrong)
        with pytest.raises(SessionError, match=FILE):
            scenes.load(tmp_path)
        assert scenes.kept == kept


def test_the_scope_says_what_a_scene_keeps(stage: Stage, scenes: Scenes) -> None:
    stage.engine.set("/scene/scope", "/composer/[cd]* /elsewhere")
    stage.engine.set("/scene/scope", "/composer/[")
    stage.engine.fire("/scene/store")
    stage.run(0.02)
    assert set(scenes.kept[1].values) == {"/composer/density", "/composer/cut", "/elsewhere"}
    assert "bracket" in stage.said("warning")[0]
