"""How examples are held out."""

from __future__ import annotations

import numpy as np

from app.learning.score import plan_folds


def test_recordings_stay_together_and_every_fold_has_every_label() -> None:
    labels = np.repeat([1, 2], 30)
    takes = np.concatenate((np.repeat([1, 2, 3], 10), np.repeat([4, 5, 6, 7], [10, 5, 10, 5])))
    plan = plan_folds(labels, takes)
    assert plan.method == "3 parts, whole recordings held out"
    assert sorted(np.concatenate(plan.folds).tolist()) == list(range(60))
    for fold in plan.folds:
        assert set(labels[fold]) == {1, 2}
        others = np.setdiff1d(np.arange(60), fold)
        assert not set(takes[fold]) & set(takes[others])


def test_a_label_with_a_single_recording_asks_for_single_examples() -> None:
    plan = plan_folds(np.repeat([1, 2], 10), np.repeat([1, 2], 10))
    assert plan.method == "5 parts, single examples held out"
    assert [np.bincount(np.repeat([1, 2], 10)[fold])[1:].tolist() for fold in plan.folds] == [[2, 2]] * 5


def test_the_only_example_of_a_label_is_always_learnt() -> None:
    labels = np.array([1, 1, 1, 1, 2])
    tested = np.concatenate(plan_folds(labels, None).folds)
    assert sorted(tested.tolist()) == [0, 1, 2, 3]


def test_too_few_examples_are_not_judged() -> None:
    assert plan_folds(np.array([1, 2]), None).folds == ()
    assert plan_folds(np.array([1, 2, 3, 4]), None).folds == ()
