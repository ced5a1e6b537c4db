"""Compiled answers against scikit-learn's own pipelines, over random data and all settings, ties included."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.ensemble import RandomForestClassifier
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.linear_model import Ridge
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import PolynomialFeatures, StandardScaler
from sklearn.svm import SVC
from sklearn.tree import DecisionTreeClassifier

from app.model import tree
from app.model.knn import KNearestClassifier, KNearestRegressor, Nearest
from app.model.network import BENDS, Network
from app.model.registry import MODELS
from app.parameter import Steps
from tests.model.data import clouds, surface

seeds = st.integers(0, 10_000)


def told(compiled: Any, rows: Any) -> np.ndarray[Any, Any]:
    return np.array([compiled.predict(row) for row in rows])


def asked(x: np.ndarray[Any, Any], seed: int) -> np.ndarray[Any, Any]:
    """Return the examples themselves and rows around them."""
    noise = np.random.default_rng(seed + 1).normal(size=x.shape) * x.std(axis=0)
    return np.concatenate((x, (x + noise).astype(np.float32)))


@settings(max_examples=40, deadline=None)
@given(
    seed=seeds,
    count=st.integers(2, 60),
    k=st.integers(1, 20),
    weights=st.sampled_from(["uniform", "distance"]),
    metric=st.sampled_from(["euclidean", "manhattan"]),
)
def test_neighbours_equal_the_library(seed: int, count: int, k: int, weights: str, metric: str) -> None:
    x, y = clouds(seed, count)
    k = min(k, count)
    rows = asked(x, seed)
    library = KNeighborsClassifier(k, weights=weights, metric=metric, algorithm="kd_tree", leaf_size=count)
    pipeline = make_pipeline(StandardScaler(), library).fit(x.astype(np.float64), y)
    model = KNearestClassifier(k, weights, metric).fit(x, y)
    assert np.abs(told(model.compile(), rows) - pipeline.predict_proba(rows.astype(np.float64))).max() <= 1e-6


@settings(max_examples=60, deadline=None)
@given(seed=seeds, count=st.integers(3, 40), k=st.integers(1, 12), weights=st.sampled_from(["uniform", "distance"]))
def test_neighbours_at_equal_distances_equal_the_library(seed: int, count: int, k: int, weights: str) -> None:
    random = np.random.default_rng(seed)
    points = random.integers(0, 3, (count, 2)).astype(np.float64)  # a small grid: many points coincide
    labels = random.integers(0, 3, count)
    k = min(k, count)
    library = KNeighborsClassifier(k, weights=weights, algorithm="kd_tree", leaf_size=count)
    library.fit(points, np.append(labels[:-1], 0))
    values = np.eye(3)[np.append(labels[:-1], 0)]
    core = Nearest(points, values, k, weights == "distance", False)
    rows = random.integers(0, 3, (30, 2)).astype(np.float64)
    found = np.array([core.answer(row) for row in rows])[:, library.classes_]
    assert np.abs(found - library.predict_proba(rows)).max() <= 1e-9
    assert np.array_equal(library.classes_[found.argmax(axis=1)], library.predict(rows))


@pytest.mark.parametrize("k", [1, 4])
@pytest.mark.parametrize("points", ["apart", "on a grid", "far away"])
def test_many_neighbours_equal_the_library(k: int, points: str) -> None:
    random = np.random.default_rng(k)
    grid, rows = random.integers(0, 9, (900, 2)).astype(np.float64), random.integers(0, 9, (60, 2)).astype(np.float64)
    shift = {"apart": random.normal(size=(900, 2)), "on a grid": 0.0, "far away": 1e5}[points]
    library = KNeighborsClassifier(k, weights="distance", algorithm="kd_tree", leaf_size=900)
    labels = random.integers(0, 3, 900)
    library.fit(grid + shift, labels)
    core = Nearest(grid + shift, np.eye(3)[labels], k, True, False)
    asked_there = rows + (1e5 if points == "far away" else 0.0)
    found = np.array([core.answer(row) for row in asked_there])
    assert np.abs(found - library.predict_proba(asked_there)).max() <= 1e-9


@pytest.mark.parametrize("weights", ["uniform", "distance"])
def test_neighbours_for_numbers_equal_the_library(weights: str) -> None:
    x, y = surface(1)
    pipeline = make_pipeline(StandardScaler(), KNeighborsRegressor(4, weights=weights)).fit(x.astype(np.float64), y)
    compiled = KNearestRegressor(4, weights).fit(x, y).compile()
    rows = asked(x, 1)
    assert np.abs(told(compiled, rows) - pipeline.predict(rows.astype(np.float64))).max() <= 1e-6


@settings(max_examples=30, deadline=None)
@given(
    seed=seeds,
    classes=st.integers(2, 6),
    kernel=st.sampled_from(["rbf", "linear", "poly"]),
    penalty=st.sampled_from([0.05, 1.0, 30.0]),
    degree=st.integers(2, 4),
)
def test_support_vectors_decide_as_the_library(
    seed: int, classes: int, kernel: str, penalty: float, degree: int
) -> None:
    x, y = clouds(seed, 40, classes=classes)
    library = SVC(kernel=kernel, C=penalty, degree=degree, gamma=1 / x.shape[1], break_ties=classes > 2)
    pipeline = make_pipeline(StandardScaler(), library).fit(x.astype(np.float64), y)
    model = MODELS["svm"].make({"kernel": kernel, "penalty": penalty, "degree": degree}).fit(x, y)
    rows = asked(x, seed)
    found = told(model.compile(), rows)
    assert np.abs(found - model.predict_proba(rows)).max() <= 1e-6
    clear = np.sort(found, axis=1)[:, -1] - np.sort(found, axis=1)[:, -2] > 1e-6
    right = pipeline.predict(rows.astype(np.float64))
    assert np.array_equal(model.classes_[found.argmax(axis=1)][clear], right[clear])


@settings(max_examples=15, deadline=None)
@given(seed=seeds, depth=st.integers(0, 6), leaf=st.integers(1, 5), trees=st.sampled_from([2, 7, 40]))
def test_trees_and_forests_equal_the_library_to_the_last_bit(seed: int, depth: int, leaf: int, trees: int) -> None:
    x, y = clouds(seed, 50, apart=0.5)
    rows = asked(x, seed)
    one = DecisionTreeClassifier(max_depth=depth or None, min_samples_leaf=leaf, random_state=3).fit(x, y)
    compiled = MODELS["tree"].make({"depth": depth, "leaf": leaf, "seed": 3}).fit(x, y).compile()
    assert np.array_equal(told(compiled, rows), one.predict_proba(rows))
    many = RandomForestClassifier(trees, max_depth=depth or None, min_samples_leaf=leaf, random_state=3).fit(x, y)
    forest = MODELS["forest"].make({"trees": trees, "depth": depth, "leaf": leaf, "seed": 3}).fit(x, y).compile()
    assert np.array_equal(told(forest, rows), many.predict_proba(rows))


def test_a_large_forest_answers_the_same_level_by_level(monkeypatch: pytest.MonkeyPatch) -> None:
    x, y = clouds(5, 60, apart=0.3)
    compiled = MODELS["forest"].make({}).fit(x, y).compile()
    before = told(compiled, x)
    monkeypatch.setattr(tree, "FEW", 0)
    assert np.array_equal(before, told(compiled, x))


@pytest.mark.parametrize("prior", ["equal", "data"])
@pytest.mark.parametrize("smoothing", [1e-9, 1e-3, 0.5])
def test_naive_bayes_equals_the_library(prior: str, smoothing: float) -> None:
    x, y = clouds(3, 50)
    library = GaussianNB(priors=np.full(3, 1 / 3) if prior == "equal" else None, var_smoothing=smoothing)
    pipeline = make_pipeline(StandardScaler(), library).fit(x.astype(np.float64), y)
    compiled = MODELS["bayes"].make({"prior": prior, "smoothing": smoothing}).fit(x, y).compile()
    rows = asked(x, 3)
    assert np.abs(told(compiled, rows) - pipeline.predict_proba(rows.astype(np.float64))).max() <= 1e-6


@pytest.mark.parametrize("degree", [1, 2, 3])
@pytest.mark.parametrize("outputs", [1, 3])
def test_polynomials_equal_the_library(degree: int, outputs: int) -> None:
    x, y = surface(4, outputs=outputs)
    terms = PolynomialFeatures(degree, include_bias=False)
    pipeline = make_pipeline(StandardScaler(), terms, Ridge(alpha=0.5)).fit(x.astype(np.float64), y)
    compiled = MODELS["ridge"].make({"degree": degree, "strength": 0.5}).fit(x, y).compile()
    rows = asked(x, 4)
    wanted = pipeline.predict(rows.astype(np.float64)).reshape(len(rows), -1)
    assert np.abs(told(compiled, rows) - wanted).max() <= 1e-6


def test_a_gaussian_process_equals_the_library() -> None:
    x, y = surface(5, 40)
    model = MODELS["process"].make({}).fit(x, y)
    library = GaussianProcessRegressor(model.estimator_.kernel_, alpha=1e-8, optimizer=None)
    scaled = StandardScaler().fit(x.astype(np.float64))
    library.fit(scaled.transform(x.astype(np.float64)), (y - y.mean(axis=0)) / y.std(axis=0))
    rows = asked(x, 5)
    wanted = library.predict(scaled.transform(rows.astype(np.float64))) * y.std(axis=0) + y.mean(axis=0)
    assert np.abs(told(model.compile(), rows) - wanted).max() <= 1e-6


@pytest.mark.parametrize("bend", BENDS)
@pytest.mark.parametrize("classify", [True, False])
def test_a_network_answers_as_the_librarys_with_the_same_weights(bend: str, classify: bool) -> None:
    x, y = clouds(6) if classify else surface(6)
    kind = MLPClassifier if classify else MLPRegressor
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        x = x.astype(np.float64)
        library = kind(hidden_layer_sizes=(7, 5), activation=bend, max_iter=5, random_state=0).fit(x, y)
    network = Network(tuple(library.coefs_), tuple(library.intercepts_), bend, classify)
    wanted = library.predict_proba(x) if classify else library.predict(x)
    found = np.array([network.answer(row.astype(np.float64)) for row in x])
    assert np.abs(found - wanted).max() <= 1e-6
    assert np.abs(network.answers(x.astype(np.float64)) - wanted).max() <= 1e-6


@pytest.mark.parametrize("name", [name for name, known in MODELS.items() if known.kind != "gesture"])
def test_every_end_of_every_setting_compiles_to_the_same_answers(name: str) -> None:
    known = MODELS[name]
    x, y = clouds(7, 45) if known.kind == "classifier" else surface(7, 45)
    for setting in known.settings:
        ends = setting.curve.names if isinstance(setting.curve, Steps) else map(setting.curve.value, (0.0, 1.0))
        for value in ends:
            quick = {"epochs": 20} if name.startswith("mlp") and setting.name != "epochs" else {}
            model = known.make({setting.name: value} | quick).fit(x, y)
            wanted = model.predict_proba(x) if known.kind == "classifier" else model.predict(x)
            assert np.abs(told(model.compile(), x) - wanted).max() <= 1e-6, (setting.name, value)
