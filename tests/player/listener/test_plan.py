"""Outputs as text."""

import pytest

from app.player.listener.plan import Output, PlanError, read_plan, show_plan


def test_a_plan_is_read_and_shown() -> None:
    plan = read_plan(" classifier:4, regressor,regressor ")
    assert plan == (Output("classifier", 4), Output("regressor"), Output("regressor"))
    assert show_plan(plan) == "classifier:4,regressor,regressor"
    assert read_plan("dtw:5") == (Output("dtw", 5),)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "no outputs named"),
        ("svm:3", "'svm:3' is no output"),
        ("classifier:0", "from 1 to"),
        ("regressor:2", "takes no number"),
        ("dtw:2,regressor", "dtw stands alone"),
        (",".join(["regressor"] * 65), "at most 64"),
    ],
)
def test_a_wrong_plan_is_said(text: str, sentence: str) -> None:
    with pytest.raises(PlanError, match=sentence):
        read_plan(text)
