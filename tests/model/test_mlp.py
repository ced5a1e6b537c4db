"""The network's training: slopes, stopping, going on from the model before."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from app.model.base import Unwatched
from app.model.descent import Course, Descent, drawn
from app.model.network import BENDS
from app.model.registry import MODELS
from app.model.scale import Scale
from tests.model.data import clouds, sounds, surface


class Curve(Unwatched):
    def __init__(self) -> None:
        self.points: list[tuple[int, float, float | None]] = []

    def epoch(self, number: int, loss: float, valid: float | None) -> None:
        self.points.append((number, loss, valid))


@pytest.mark.parametrize("bend", BENDS)
@pytest.mark.parametrize("classify", [True, False])
def test_the_slope_is_that_of_the_loss(bend: str, classify: bool) -> None:
    random = np.random.default_rng(1)
    inputs = random.normal(size=(12, 4))
    targets = np.eye(3)[random.integers(0, 3, 12)] if classify else random.normal(size=(12, 3))
    if not classify:
        targets[3, 1] = np.nan
    course = Course(bend, classify, 0.0, 0.01, 1, 0.0, 0)
    descent = Descent(course, inputs, targets, drawn((4, 6, 5, 3), bend, random))
    rows = np.arange(12)
    descent.slope(rows)
    slope, flat = descent._slope.flat.copy(), descent.now.flat
    for place in range(0, len(flat), 3):
        held, step = flat[place], 1e-6
        flat[place] = held + step
        above = descent.loss(rows)
        flat[place] = held - step
        below = descent.loss(rows)
        flat[place] = held
        assert slope[place] == pytest.approx((above - below) / (2 * step), abs=1e-6)


def test_the_loss_falls_and_what_is_held_out_is_told_beside_it() -> None:
    curve = Curve()
    x, y = clouds(1, 90)
    MODELS["mlp"].make({"epochs": 100}).fit(x, y, watch=curve)
    numbers, losses, valid = zip(*curve.points, strict=True)
    assert list(numbers) == list(range(1, len(numbers) + 1))
    assert losses[-1] < 0.3 * losses[0]
    told = [loss for loss in valid if loss is not None]
    assert told[-1] < told[0]
    assert valid[-1] is None  # at the end everything is learnt, nothing is left to hold out


def test_it_stops_when_nothing_improves() -> None:
    curve = Curve()
    x, _ = clouds(2, 90)
    y = np.random.default_rng(2).integers(1, 3, 90)  # nothing to learn
    MODELS["mlp"].make({"epochs": 5000}).fit(x, y, watch=curve)
    assert len(curve.points) < 500


def test_sounds_with_a_column_in_hertz_are_learnt_as_well_as_by_the_scaled_library() -> None:
    ours, library = [], []
    for seed in range(6):
        x, y, fresh, right = sounds(seed)
        ours.append((MODELS["mlp"].make({}).fit(x, y).predict(fresh) == right).mean())
        reference = make_pipeline(StandardScaler(), MLPClassifier(random_state=1, max_iter=3000)).fit(x, y)
        library.append((reference.predict(fresh) == right).mean())
    assert min(ours) >= 0.95
    assert np.mean(ours) >= np.mean(library) - 0.02


@pytest.mark.parametrize("name", ["knn", "svm", "forest", "bayes"])
def test_every_classifier_but_a_single_tree_learns_these_sounds(name: str) -> None:
    found = []
    for seed in range(4):
        x, y, fresh, right = sounds(seed)
        found.append((MODELS[name].make({}).fit(x, y).predict(fresh) == right).mean())
    assert np.mean(found) >= 0.95


def test_three_more_examples_go_on_from_the_model_before() -> None:
    x, y = clouds(4, 90)
    before = MODELS["mlp"].make({}).fit(x, y).compile()
    more = np.concatenate((x, x[:3] * 1.1)).astype(np.float32)
    labels = np.append(y, y[:3])
    cold, warm = Curve(), Curve()
    MODELS["mlp"].make({}).fit(more, labels, watch=cold)
    MODELS["mlp"].make({}).fit(more, labels, watch=warm, start=before)
    assert warm.points[0][1] < 0.5 * cold.points[0][1]


def test_going_on_begins_with_the_same_answers_on_another_scale() -> None:
    x, y = surface(5)
    model = MODELS["mlp_regressor"].make({"epochs": 50})
    before = model.fit(x, y).compile()
    moved, targets = (x * 3 + 2).astype(np.float32), 2 * y - 1
    lesson = _lesson(moved, targets, before)
    mean, unit = targets.mean(axis=0), targets.std(axis=0)
    weights, biases = model._start(lesson, mean, unit)
    network = type(model.network_)(weights, biases, "relu", False)
    wanted = np.array([before.predict(row) for row in moved])
    assert np.allclose(network.answers(lesson.scaled) * unit + mean, wanted, atol=1e-6)


def test_a_new_label_joins_those_already_learnt() -> None:
    x, y = clouds(6, 90, classes=3)
    before = MODELS["mlp"].make({}).fit(x[y < 3], y[y < 3]).compile()
    after = MODELS["mlp"].make({}).fit(x, y, start=before)
    assert after.compile().classes == (1, 2, 3)
    assert (after.predict(x) == y).mean() > 0.9


def test_a_model_of_another_build_is_not_gone_on_from() -> None:
    x, y = clouds(7)
    other = MODELS["knn"].make({}).fit(x, y).compile()
    smaller = MODELS["mlp"].make({"units": 8}).fit(x, y).compile()
    plain = MODELS["mlp"].make({}).fit(x, y).compile()
    for start in (other, smaller):
        again = MODELS["mlp"].make({}).fit(x, y, start=start).compile()
        assert np.array_equal(again.predict(x[0]), plain.predict(x[0]))


def test_missing_targets_are_learnt_around() -> None:
    x, y = surface(8, 120, outputs=2)
    gaps = y.copy()
    gaps[::2, 0], gaps[1::2, 1] = np.nan, np.nan
    model = MODELS["mlp_regressor"].make({"epochs": 600}).fit(x, gaps)
    assert np.abs(model.predict(x) - y).mean() < 0.25 * np.abs(y - y.mean(axis=0)).mean()


def _lesson(x: Any, y: Any, start: Any) -> Any:
    from app.model.estimator import Lesson

    scale = Scale.of(x)
    return Lesson(x, scale.apply(x), scale, np.empty(0, np.int64), y, (), Unwatched(), start)
