"""The map: the directions of greatest spread, still when points are added, and quick for the cursor."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.dataset_map import map_of
from app.example import Examples, Output
from tests.example import NAN, clusters


def unlabelled(inputs: np.ndarray) -> Examples:
    names = [f"f{column}" for column in range(inputs.shape[1])]
    return Examples.build(names, (Output("label"),), inputs, np.ones((len(inputs), 1)))


def test_it_shows_what_singular_values_show() -> None:
    inputs = np.random.default_rng(0).normal(size=(80, 6)) @ np.random.default_rng(1).normal(size=(6, 6))
    examples = unlabelled(inputs)
    made = map_of(examples)
    x = examples.inputs.astype(float)
    standard = (x - x.mean(axis=0)) / x.std(axis=0)
    u, s, _v = np.linalg.svd(standard, full_matrices=False)
    expected = u[:, :2] * s[:2]
    placed = made.points(examples.inputs)
    assert np.allclose(np.abs((placed * expected).sum(axis=0)), (expected**2).sum(axis=0), rtol=1e-4)
    assert made.explained == pytest.approx((s[:2] ** 2).sum() / (s**2).sum(), rel=1e-4)


def test_units_do_not_matter() -> None:
    inputs = np.random.default_rng(0).normal(size=(80, 4))
    hertz = inputs * [1, 1, 5000, 1]
    one, other = map_of(unlabelled(inputs)), map_of(unlabelled(hertz))
    assert np.allclose(one.points(inputs), other.points(hertz), atol=1e-3)


def test_a_frame_lies_where_its_example_lies() -> None:
    examples = clusters(50, 8)
    made = map_of(examples)
    assert made.point(examples.inputs[7]) == pytest.approx(tuple(made.points(examples.inputs)[7]))


def test_a_new_take_does_not_turn_the_map() -> None:
    everything = clusters(120, 6, labels=3, seed=4)
    made, last = None, None
    for count in range(40, 121, 8):
        examples = Examples.build(
            everything.features, everything.outputs, everything.inputs[:count], everything.targets[:count]
        )
        made = map_of(examples, made)
        places = made.points(everything.inputs[:40])
        if last is not None:
            away = np.linalg.norm(places - last, axis=1).max()
            assert away < 0.5 * np.ptp(last, axis=0).max()
        last = places


def test_a_mirrored_map_is_turned_back() -> None:
    examples = clusters(100, 5)
    first = map_of(examples)
    mirrored = type(first)(first.mean, first.axes @ np.array([[0.0, -1.0], [-1.0, 0.0]]), first.explained)
    again = map_of(examples, mirrored)
    assert np.allclose(again.points(examples.inputs), mirrored.points(examples.inputs), atol=1e-9)


def test_a_map_by_labels_parts_them() -> None:
    generator = np.random.default_rng(0)
    labels = np.repeat([1, 2, 3], 60)
    inputs = generator.normal(size=(180, 10)) * [30, 30, 30, 1, 1, 1, 1, 1, 1, 1]
    inputs[:, :3] += generator.normal(size=(180, 1)) * 100  # Much spread that says nothing.
    inputs[:, 4] += labels * 6.0
    inputs[:, 5] += (labels == 2) * 6.0
    examples = Examples.build([str(c) for c in range(10)], (Output("label"),), inputs, labels.reshape(-1, 1))

    def parted(places: np.ndarray) -> float:
        middles = np.stack([places[labels == label].mean(axis=0) for label in (1, 2, 3)])
        nearest = np.argmin(((places[:, None] - middles) ** 2).sum(axis=2), axis=1) + 1
        return float((nearest == labels).mean())

    assert parted(map_of(examples, output="label").points(examples.inputs)) > 0.98
    assert parted(map_of(examples, output="label").points(examples.inputs)) > parted(
        map_of(examples).points(examples.inputs)
    )


def test_wide_frames_are_mapped_too() -> None:
    examples = clusters(300, 600, labels=3)
    made = map_of(examples)
    x = examples.inputs.astype(float)
    standard = (x - x.mean(axis=0)) / x.std(axis=0)
    s = np.linalg.svd(standard, compute_uv=False)
    assert made.explained == pytest.approx((s[:2] ** 2).sum() / (s**2).sum(), rel=0.02)


@given(st.integers(0, 6), st.integers(0, 4), st.integers(0, 3), st.booleans(), st.booleans())
@settings(max_examples=150, deadline=None)
def test_any_table_gives_a_map(count: int, width: int, labels: int, holes: bool, constant: bool) -> None:
    inputs = np.random.default_rng(count).normal(size=(count, width)) * 1e30
    if holes and inputs.size:
        inputs[0, 0] = NAN
    if constant and width:
        inputs[:, -1] = 0.1
    targets = np.arange(count).reshape(-1, 1) % max(labels, 1)
    names = [str(column) for column in range(width)]
    examples = Examples.build(names, (Output("label"),), inputs, targets)
    made = map_of(examples, output=0)
    again = map_of(examples, made, output=0)
    assert np.isfinite(again.points(examples.inputs)).all()
    assert again.points(examples.inputs).shape == (count, 2)
    assert 0.0 <= again.explained <= 1.0
