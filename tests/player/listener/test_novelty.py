"""The distance to the nearest example, as a Parameter and in the picture."""

from __future__ import annotations

from app.player.listener.brain import Learnt
from app.player.listener.novelty import NOVELTY
from app.session import gather
from tests.player.listener.test_player import Sides, Stage


def test_novelty_follows_what_is_heard_though_nothing_is_rejected() -> None:
    stage = Stage()
    shown = stage.engine.tree.number(NOVELTY)
    stage.frames((0.1, 0.2))
    assert shown.value == 0
    stage.listener.brain.take(0, Learnt(Sides()))
    for value in (0.0, 0.7, 3.5):
        stage.frame(0.1, value)
        stage.turn(0.1)
        assert abs(shown.value - value) < 1e-6
        assert abs(stage.engine.snapshot.listener.novelty - value) < 1e-6
    assert NOVELTY not in gather(stage.engine.hands, {})["parameters"]


def test_a_frame_that_does_not_fit_its_columns_has_none() -> None:
    stage = Stage()
    stage.listener.brain.take(0, Learnt(Sides(), (0, 4)))
    stage.frame(0.1, 3.0)
    stage.turn(0.1)
    assert stage.engine.tree.number(NOVELTY).value == 0
    assert "fault" not in stage.said().lower()
