"""Gestures: warped distances against their definition, templates and the recurrent network in a stream."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from app.model.base import ModelError
from app.model.gru import RecurrentSpotter
from app.model.registry import MODELS
from app.model.warp import Column, distance
from tests.model.data import gesture, performance, takes


def plain(one: Any, other: Any) -> float:
    """The distance by its definition, without a band."""
    costs = np.full((len(one) + 1, len(other) + 1), np.inf)
    costs[0, 0] = 0.0
    for i, a in enumerate(one, 1):
        for j, b in enumerate(other, 1):
            costs[i, j] = np.linalg.norm(a - b) + min(costs[i - 1, j - 1], costs[i - 1, j], costs[i, j - 1])
    return float(costs[-1, -1])


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10_000), n=st.integers(1, 12), m=st.integers(1, 12))
def test_the_distance_is_that_of_the_best_path(seed: int, n: int, m: int) -> None:
    random = np.random.default_rng(seed)
    one, other = random.normal(size=(n, 2)), random.normal(size=(m, 2))
    exact = plain(one, other)
    assert distance(one, other, 20) == pytest.approx(exact)
    assert distance(one, other, 1) >= exact - 1e-9
    assert np.isfinite(distance(one, other, 1))
    assert distance(one, other, 20, limit=exact + 1e-9) == pytest.approx(exact)
    assert distance(one, other, 20, limit=0.4 * exact) in (float("inf"), pytest.approx(exact))


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), frames=st.integers(1, 15))
def test_in_a_stream_it_is_the_distance_to_the_best_stretch_that_ends_now(seed: int, frames: int) -> None:
    random = np.random.default_rng(seed)
    templates = [random.normal(size=(int(random.integers(1, 8)), 3)) for _ in range(4)]
    stream = random.normal(size=(frames, 3))
    column = Column(templates)
    for now in range(1, frames + 1):
        ends = column.feed(stream[now - 1])
        wanted = [min(plain(template, stream[first:now]) for first in range(now)) for template in templates]
        assert ends == pytest.approx(wanted)
    column.reset()
    assert column.feed(stream[0]) == pytest.approx([plain(template, stream[:1]) for template in templates])


def starts(spotter: Any, stream: Any) -> list[tuple[int, int]]:
    heard = [(place, spotter.feed(frame)) for place, frame in enumerate(stream)]
    return [(place, spot.label) for place, spot in heard if spot is not None and spot.event == "start"]


def found(spotter: Any, seed: int, count: int = 20) -> tuple[int, int]:
    """Return how many gestures of a performance are spotted in time, and how many starts are wrong."""
    stream, played = performance(seed, count)
    heard = starts(spotter, stream)
    right = 0
    for first, last, label in played:
        match = next((one for one in heard if first + 5 <= one[0] <= last + 20 and one[1] == label), None)
        if match is not None:
            heard.remove(match)
            right += 1
    return right, len(heard)


def test_templates_find_gestures_in_a_stream() -> None:
    x, y = takes(1)
    right, wrong = found(MODELS["dtw"].make({}).fit(x, y).compile(), 2)
    assert right >= 18
    assert wrong <= 3


def test_distances_are_infinite_until_enough_was_heard_and_for_gestures_switched_off() -> None:
    x, y = takes(1)
    spotter = MODELS["dtw"].make({"points": 10}).fit(x, y).compile()
    every = spotter.templates.every
    twice = np.concatenate((x[0], x[0]))
    heard = [spotter.feed(frame) for frame in twice]
    spots = [spot for spot in heard if spot is not None]
    assert len(spots) == len(twice) // every
    assert np.isinf(spots[0].scores).all()
    assert np.isfinite(spots[-1].scores).all()
    assert spots[-1].scores.argmin() == 0
    spotter.enabled.discard(1)
    assert [np.isinf(score) for score in next(filter(None, map(spotter.feed, x[0]))).scores] == [True, False, False]
    spotter.reset()
    assert np.isinf(next(filter(None, map(spotter.feed, x[0]))).scores).all()


def test_only_every_hop_is_answered() -> None:
    x, y = takes(1)
    plain_one = MODELS["dtw"].make({}).fit(x, y).compile()
    hopping = MODELS["dtw"].make({"hop": 3}).fit(x, y).compile()
    all_of_them = [spot.scores for frame in x[4] if (spot := plain_one.feed(frame))]
    some = [spot.scores for frame in x[4] if (spot := hopping.feed(frame))]
    assert np.array_equal(some, all_of_them[2::3])


def test_a_match_starts_once_and_ends() -> None:
    x, y = takes(1)
    spotter = MODELS["dtw"].make({}).fit(x, y).compile()
    away = np.tile(np.float32([5.0, 5.0]), (60, 1))
    spots = [spot for frame in np.concatenate((x[0], away)) if (spot := spotter.feed(frame))]
    assert [(spot.event, spot.label) for spot in spots if spot.event] == [("start", 1), ("end", 0)]


def test_raw_distances_are_sums_of_the_inputs_own_unit() -> None:
    still = [np.full((10, 2), value, np.float32) for value in (0.0, 3.0)]
    spotter = MODELS["dtw"].make({"units": "raw", "points": 10}).fit(still, np.array([1, 2])).compile()
    heard = [spotter.feed(np.zeros(2, np.float32)) for _ in range(10)]
    assert heard[-1].scores == pytest.approx([0.0, 10 * 3 * np.sqrt(2)])


def test_a_whole_movement_is_named_whatever_its_distance() -> None:
    x, y = takes(1)
    spotter = MODELS["dtw"].make({}).fit(x, y).compile()
    random = np.random.default_rng(9)
    named = []
    for label in (1, 2, 3, 3):
        for frame in 2 * gesture(label, 60, random):
            spotter.hear(frame)
        named.append((spotter.finish().label, spotter.finish().label))
    assert named == [(1, 0), (2, 0), (3, 0), (3, 0)]


def test_the_threshold_lies_between_own_and_other_takes() -> None:
    x, y = takes(3)
    model = MODELS["dtw"].make({}).fit(x, y)
    assert (model.predict(takes(4)[0]) == takes(4)[1]).all()
    assert 0.0 < model.templates_.threshold < 2.0
    assert MODELS["dtw"].make({"threshold": 7.5}).fit(x, y).compile().threshold == 7.5


def test_takes_that_cannot_be_used_are_named() -> None:
    with pytest.raises(ModelError, match="Take 2 has shape"):
        MODELS["dtw"].make({}).fit([np.zeros((5, 2)), np.zeros((5, 3))], np.array([1, 1]))
    with pytest.raises(ModelError, match="no gestures"):
        MODELS["dtw"].make({}).fit([np.zeros((1, 2))], np.array([1]))


@pytest.fixture(scope="module")
def recurrent() -> Any:
    return MODELS["gru"].make({}).fit(*takes(1))


def test_the_recurrent_network_spots_gestures_and_is_silent_between(recurrent: Any) -> None:
    right, wrong = found(recurrent.compile(), 2)
    assert right >= 18
    assert wrong <= 2
    assert (recurrent.predict(takes(5)[0]) == takes(5)[1]).mean() >= 0.9


def test_each_start_has_its_end_and_a_rest_after_it(recurrent: Any) -> None:
    spotter = recurrent.compile()
    events = [spot.event for frame in performance(3)[0] if (spot := spotter.feed(frame)) and spot.event]
    assert events[:-1:2] == ["start"] * len(events[:-1:2])
    assert events[1::2] == ["end"] * len(events[1::2])
    spotter.enabled.clear()
    spotter.reset()
    assert starts(spotter, performance(3)[0]) == []


def test_its_plain_arithmetic_equals_the_librarys(recurrent: Any) -> None:
    learnt = recurrent.learnt_
    units = len(learnt.out)
    cell = torch.nn.GRUCell(2 * recurrent.inputs_, units).double()
    cell.load_state_dict(
        {
            "weight_ih": torch.from_numpy(learnt.given.T),
            "weight_hh": torch.from_numpy(learnt.past.T),
            "bias_ih": torch.from_numpy(learnt.given_bias),
            "bias_hh": torch.from_numpy(learnt.past_bias),
        }
    )
    spotter = RecurrentSpotter(learnt)
    state, before, scores, wanted = torch.zeros(1, units).double(), None, [], []
    for frame in performance(4, 3)[0][learnt.every - 1 :: learnt.every].astype(np.float64):
        features = learnt.features(frame, before)
        before = frame
        with torch.no_grad():
            state = cell(torch.from_numpy(features)[None], state)
            logits = state[0] @ torch.from_numpy(learnt.out) + torch.from_numpy(learnt.out_bias)
        wanted.append(torch.softmax(logits, 0).numpy())
        for _ in range(learnt.every):
            spot = spotter.feed(frame)
        scores.append(spot.scores)
    assert np.abs(np.array(scores) - wanted).max() <= 1e-9
