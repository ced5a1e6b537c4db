"""What is locked on Stage and what is not, and that each gesture of the table is one step of undo."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.binding import Binding, Fire, Follow, Put, Source
from tests.instrument import offline

GLASS = Source("output", "/listener/label/glass")
LINE = Binding(GLASS, "/composer/density", Put(0.5))


@pytest.fixture
def engine(tmp_path: Path) -> object:
    made = offline(tmp_path / "session", window=True)
    yield made.engine
    made.close()


def wait(engine: object, seconds: float = 0.05) -> None:
    engine.run_until(engine.clock.now() + seconds)  # type: ignore[attr-defined]


def own(engine: object) -> list[Binding]:
    return [line for line in engine.bindings if not line.factory]  # type: ignore[attr-defined]


def view(engine: object, name: str) -> None:
    engine.set("/window/view", name)  # type: ignore[attr-defined]
    wait(engine)


def test_a_line_is_refused_on_stage_with_a_sentence_and_taken_in_studio(engine: object) -> None:
    view(engine, "stage")
    engine.bind(LINE)
    wait(engine)
    assert own(engine) == []
    assert engine.monitor.log[-1].text == (
        "/listener/label/glass was not bound: bindings are locked on Stage; go to Studio (F1)"
    )
    view(engine, "studio")
    engine.bind(LINE)
    wait(engine)
    assert own(engine) == [LINE]
    view(engine, "stage")
    engine.unbind(LINE)
    wait(engine)
    assert own(engine) == [LINE]


def test_a_label_that_is_renamed_on_stage_keeps_what_it_moves(engine: object) -> None:
    view(engine, "studio")
    engine.bind(LINE)
    view(engine, "stage")
    renamed = Binding(Source("output", "/listener/label/water"), LINE.target, LINE.move)
    engine.bind(renamed, LINE)
    wait(engine)
    assert own(engine) == [renamed]
    engine.bind(Binding(GLASS, "/panic", Fire()), renamed)
    wait(engine)
    assert own(engine) == [renamed], "another target is another map"


def test_without_a_window_nothing_is_locked(tmp_path: Path) -> None:
    made = offline(tmp_path)
    engine = made.engine
    assert engine.tree.number("/window/view").show() == "stage"
    engine.bind(LINE)
    engine.set("/map/on", 1)
    wait(engine)
    engine.fire("/map/target", "/composer/density")
    wait(engine)
    assert own(engine) == [LINE]
    assert engine.snapshot.mapping.waiting
    made.close()


def test_taking_a_place_is_one_step_and_so_is_leaving_it(engine: object) -> None:
    view(engine, "studio")
    second = Binding(GLASS, "/composer/density", Put(0.7))
    third = Binding(GLASS, "/composer/density", Follow())
    for line, gone in ((LINE, ()), (second, (LINE,)), (third, (second,))):
        engine.bind(line, *gone)
        wait(engine)
    assert own(engine) == [third]
    for left in ([second], [LINE], []):
        engine.fire("/undo")
        wait(engine)
        assert own(engine) == left
    for _ in range(3):
        engine.fire("/redo")
    wait(engine)
    assert own(engine) == [third]
    engine.bind(third, third)
    wait(engine)
    assert engine.history.next_undo == f"Map {GLASS.name}"
    engine.fire("/undo")
    wait(engine)
    assert own(engine) == [second], "what changed nothing is no step"
    engine.bind(LINE)
    wait(engine)
    engine.unbind(LINE, second)
    wait(engine)
    assert own(engine) == []
    engine.fire("/undo")
    wait(engine)
    assert own(engine) == [second, LINE] or own(engine) == [LINE, second]


def test_played_notes_strike_a_source_of_the_follower(engine: object) -> None:
    engine.fire("/follower/evaluate_now", "source kick*1; source snare*1;")
    engine.fire("/transport/play")
    wait(engine, 0.3)
    heard: list[str] = []
    engine.note_hearers.append(lambda note: heard.append(note.name))
    engine.fire("/follower/strike", "snare", 1.0)
    wait(engine, 0.02)
    assert heard.count("snare") == 1
    engine.fire("/follower/strike", "nobody")
    wait(engine, 0.02)
    assert "the program has no channel nobody" in engine.monitor.log[-1].text
