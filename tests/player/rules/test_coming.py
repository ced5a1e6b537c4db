"""A preset that waits for its beat is in the picture until it sounds, in the words of what it waits for."""

from __future__ import annotations

import pytest

from tests.player.rules.stage import Stage


def waiting(waits: str) -> Stage:
    stage = Stage()
    stage.keep_tiny()
    stage.put("/rules/quantise", waits)
    stage.fire("/transport/play")
    stage.turn(0.6)
    return stage


@pytest.mark.parametrize(("waits", "beat"), [("beat", 2.0), ("bar", 4.0), ("2 bars", 8.0)])
def test_a_called_label_is_shown_until_it_sounds(waits: str, beat: float) -> None:
    stage = waiting(waits)
    stage.fire("/rules/call", "storm")
    state = stage.state
    assert state.coming is not None
    assert (state.coming.label, state.coming.rule > 0, state.coming_at) == ("storm", True, f"at the next {waits}")
    assert state.sounding.label != "storm"
    stage.engine.run_until(stage.engine.transport.time_at(beat) + 0.05)
    assert (stage.state.coming, stage.state.coming_at) == (None, "")
    assert stage.state.sounding.label == "storm"


def test_a_recalled_preset_waits_by_its_number_and_another_takes_its_place() -> None:
    stage = waiting("bar")
    stage.fire("/rules/recall", 4.0)
    coming = stage.state.coming
    assert coming is not None
    assert (coming.nearest, coming.label, coming.rule) == (4, "storm", 0)
    stage.fire("/rules/call", "rain")
    coming = stage.state.coming
    assert coming is not None
    assert coming.label == "rain"


def test_nothing_waits_that_goes_at_once_or_is_stopped() -> None:
    stage = waiting("now")
    stage.fire("/rules/call", "storm")
    assert stage.state.coming is None
    stage.put("/rules/quantise", "bar")
    stage.fire("/rules/call", "rain")
    assert stage.state.coming is not None
    stage.fire("/transport/stop")
    assert stage.state.coming is None


def test_a_blind_test_does_not_tell_what_is_about_to_sound() -> None:
    stage = waiting("bar")
    stage.fire("/rules/call", "storm")
    stage.fire("/rules/assess", 2.0)
    assert stage.state.coming is None
