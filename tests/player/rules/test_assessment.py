"""A blind test: presets of all labels in any order, answers by ear, and a report that counts right."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from app.player.rules.assessment import Assessment
from app.snapshot_rules import BlindState
from tests.player.rules.stage import Stage


def test_twenty_presets_of_each_label_are_heard_unnamed_and_reported() -> None:
    stage = Stage()
    stage.keep_tiny()
    stage.fire("/rules/assess")
    asked = Counter()  # type: ignore[var-annotated]
    for number in range(40):
        state = stage.state
        assert f"Blind test, {number + 1} of 40: which label is this?" in state.warnings
        assert (state.sounding.label, state.sounding.rule, state.sounding.named) == ("", 0, "")
        is_storm = stage.knob("freq") == 220
        asked[is_storm] += 1
        stage.fire("/rules/answer", "storm" if is_storm or number == 0 else "none" if number == 1 else "rain")
    assert asked == {True: 20, False: 20}
    said = stage.said_all()
    assert "Blind test, storm: 20 of 20 recognised" in said
    assert "Blind test, rain: " in said
    assert not any("Blind test" in one for one in stage.state.warnings)
    stage.fire("/rules/answer", "rain")
    assert "no blind test runs" in stage.said_all()


def test_a_test_that_is_ended_reports_what_was_answered() -> None:
    stage = Stage()
    stage.keep_tiny()
    stage.fire("/rules/line", "assess 3")
    stage.fire("/rules/line", "answer fog")
    assert "'fog' is not tested; there are rain, storm and none" in stage.said_all()
    stage.fire("/rules/line", "answer storm")
    stage.fire("/rules/assess", 0.0)
    assert "of 1 recognised; by chance 0" in stage.said_all()


def test_nothing_can_be_tested_before_it_is_learnt() -> None:
    stage = Stage()
    stage.fire("/rules/assess")
    assert "nothing is learnt yet that could be tested" in stage.said_all()
    stage.keep_tiny()
    stage.fire("/rules/assess", 1000.0)
    assert "1 to 100 presets of each label" in stage.said_all()


def test_the_report_names_what_was_mistaken_for_what() -> None:
    test = Assessment.of(("a", "b"), 2, np.random.default_rng(1))
    answers = {"a": iter(["a", "b"]), "b": iter(["", "b"])}
    while not test.is_over:
        test = test.answered(next(answers[test.label]))
    assert test.report() == (
        "a: 1 of 2 recognised; heard as b 1",
        "b: 1 of 2 recognised; heard as none 1",
        "All: 2 of 4 recognised; by chance 2",
    )
    with pytest.raises(ValueError, match="not 0"):
        Assessment.of(("a",), 0, np.random.default_rng(1))


def test_the_window_sees_where_a_test_stands_but_not_the_label() -> None:
    stage = Stage()
    stage.keep_tiny()
    assert stage.state.blind == BlindState()
    stage.fire("/rules/assess", 2.0)
    assert stage.state.blind == BlindState(1, 4, ("rain", "storm"))
    for number in range(1, 5):
        assert stage.state.blind.question == number
        stage.fire("/rules/answer", "rain")
    done = stage.state.blind
    assert (done.question, done.questions) == (0, 0)
    assert done.report[0] == "rain: 2 of 2 recognised"
    stage.fire("/rules/assess", 1.0)
    assert stage.state.blind.report == ()


def test_answers_and_ranges_and_snap_arrive_as_messages() -> None:
    """Whatever a button of the window does, a message over the network does too."""
    stage = Stage()
    stage.keep_tiny()
    for address, arguments in (
        ("/rules/snap", ("8 levels",)),
        ("/rules/low/2", (0.25,)),
        ("/rules/high/2", (0.5,)),
        ("/rules/assess", (1,)),
        ("/rules/answer", ("none",)),
    ):
        stage.receive(address, *arguments)
    state = stage.state
    assert (state.snap, state.blind.question) == ("8 levels", 2)
    assert (state.knobs[1].low, state.knobs[1].high) == (0.25, 0.5)
    stage.receive("/rules/assess", 0)
    assert stage.state.blind.question == 0
    assert "0 of 1 recognised" in stage.said_all()
