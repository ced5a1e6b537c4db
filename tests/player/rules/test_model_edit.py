"""Undo for models: kept, dropped, taken and changed with the one before, each one step, whatever was learnt since."""

from __future__ import annotations

from tests.player.rules.stage import Stage


def taught() -> Stage:
    stage = Stage()
    stage.keep_tiny()
    return stage


def storms(stage: Stage) -> int:
    return next(one.variations for one in stage.state.labels if one.label == "storm")


def palette(stage: Stage) -> tuple[tuple[str, ...], int]:
    return stage.state.palette, stage.state.playing


def test_a_model_is_kept_and_dropped_in_one_step_each() -> None:
    stage = taught()
    for name in ("first", "second"):
        stage.fire("/rules/palette/keep", name)
    stage.fire("/rules/palette/use", 2.0)
    model = stage.rules.model
    stage.fire("/rules/palette/drop", 2.0)
    assert palette(stage) == (("first",), 0)
    stage.fire("/undo")
    assert palette(stage) == (("first", "second"), 2)
    assert stage.rules.model is model
    stage.fire("/undo")
    assert palette(stage) == (("first",), 0)
    stage.fire("/redo")
    stage.fire("/redo")
    assert palette(stage) == (("first",), 0)
    stage.fire("/undo")
    stage.fire("/undo")
    stage.fire("/undo")
    assert palette(stage) == ((), 0)
    assert len(stage.rules.table) == 4


def test_what_plays_goes_on_when_another_is_brought_back_or_taken_out() -> None:
    stage = taught()
    for name in ("first", "second", "third"):
        stage.fire("/rules/palette/keep", name)
    stage.fire("/rules/palette/drop", 1.0)
    stage.fire("/rules/palette/use", 2.0)
    model = stage.rules.model
    stage.fire("/undo")
    assert palette(stage) == (("first", "second", "third"), 3)
    assert stage.rules.model is model
    stage.fire("/redo")
    assert palette(stage) == (("second", "third"), 2)
    assert stage.rules.model is model


def waiting() -> Stage:
    stage = taught()
    stage.put("/rules/hold", 1)
    stage.keep("storm", freq=330)
    stage.turn(0.3)
    return stage


def test_a_model_that_was_taken_waits_again() -> None:
    stage = waiting()
    candidate = stage.state.candidate
    assert candidate
    stage.fire("/rules/take")
    assert (storms(stage), stage.state.candidate) == (2, "")
    stage.fire("/undo")
    assert (storms(stage), stage.state.candidate) == (1, candidate)
    stage.fire("/redo")
    assert (storms(stage), stage.state.candidate) == (2, "")
    stage.fire("/rules/back")
    assert storms(stage) == 1
    stage.fire("/undo")
    assert storms(stage) == 2
    stage.fire("/undo")
    assert (storms(stage), stage.state.candidate) == (1, candidate)


def test_what_was_learnt_since_is_one_press_away() -> None:
    stage = waiting()
    stage.fire("/rules/take")
    taken = stage.rules.model
    stage.put("/rules/hold", 0, "osc")
    stage.fire("/rules/learn")
    stage.turn(0.3)
    newest = stage.rules.model
    assert newest is not taken
    stage.fire("/undo")
    assert storms(stage) == 1
    stage.fire("/rules/back")
    assert stage.rules.model is newest


def test_what_cannot_be_done_is_no_step() -> None:
    stage = taught()
    steps = stage.engine.history.next_undo
    for address, arguments in (("/rules/take", ()), ("/rules/palette/drop", (3.0,))):
        stage.fire(address, *arguments)
        assert stage.engine.history.next_undo == steps


def test_the_window_names_the_step() -> None:
    stage = taught()
    for verb, title in (("/rules/palette/keep", "Keep model"), ("/rules/back", "Earlier rules")):
        stage.fire(verb)
        assert stage.engine.history.next_undo == title
    stage.fire("/rules/palette/drop", 1.0)
    assert stage.engine.history.next_undo == "Drop model"
