"""Kept models side by side: judged on the same takes, which is live marked, nothing that sounds changed."""

from __future__ import annotations

from app.snapshot import CompareState
from tests.player.listener.test_player import Stage
from tests.ui.inline import InlineWorker


def taught(*models: str) -> Stage:
    """Return a stage with two labels of three takes each, and a model of each kind, in this order."""
    stage = Stage()
    stage.instrument.study._worker = InlineWorker()
    for take in range(3):
        for label in (1, 2):
            stage.put("/listener/record", label)
            stage.frames(*[(label * 0.3 + step / 200, take / 10 + step / 300) for step in range(5)])
            stage.put("/listener/record", 0)
    for model in models:
        train(stage, model)
    return stage


def train(stage: Stage, model: str) -> None:
    stage.put("/listener/classifier", model)
    fire(stage, "/listener/train")


def fire(stage: Stage, address: str, *arguments: float | str) -> None:
    stage.engine.fire(address, *arguments)
    for _ in range(4):
        stage.turn()


def compared(stage: Stage) -> CompareState:
    return stage.instrument.study.picture.compare


def test_all_models_of_this_session_are_judged_on_the_same_takes() -> None:
    stage = taught("knn", "bayes", "tree")
    assert compared(stage) == CompareState()
    learnt = dict(stage.listener.brain.learnt)
    fire(stage, "/listener/model/compare")
    state = compared(stage)
    assert (state.active, state.examples) == (False, 30)
    assert state.method == "accuracy on 3 parts, whole recordings held out"
    assert [(row.number, row.live) for row in state.models] == [(1, False), (2, False), (3, True)]
    assert all(row.score is not None and row.score > 0.9 for row in state.models)
    assert stage.listener.brain.learnt == learnt
    assert "Models compared, accuracy on 3 parts" in stage.said()


def test_any_of_them_can_be_used_and_the_mark_follows() -> None:
    stage = taught("knn", "bayes", "tree")
    fire(stage, "/listener/model/compare")
    fire(stage, "/listener/use", 1.0)
    assert [row.live for row in compared(stage).models] == [True, False, False]
    assert stage.listener.brain.learnt[0].card["model"] == "knn"


def test_an_old_model_is_judged_on_todays_examples() -> None:
    stage = taught("knn")
    for take in range(2):
        stage.put("/listener/record", 3)
        stage.frames(*[(0.9 + step / 200, take / 10) for step in range(5)])
        stage.put("/listener/record", 0)
    train(stage, "bayes")
    fire(stage, "/listener/model/compare")
    assert compared(stage).examples == 40
    assert compared(stage).method.startswith("accuracy on 2 parts")


def test_without_models_it_says_so_and_another_session_forgets() -> None:
    stage = taught()
    fire(stage, "/listener/model/compare")
    assert "train one first" in stage.said()
    train(stage, "knn")
    fire(stage, "/listener/model/compare")
    stage.instrument.study.opened()
    assert compared(stage) == CompareState()
    fire(stage, "/listener/model/compare")
    assert not compared(stage).models
