"""Processing of an input, step by step against small sums done by hand; and the table as the session keeps it."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest

from app.parameter import Steps
from app.process import KINDS, Chain, StepSpec

NAMES = ("a", "b")


def play(chain: Chain, score: list[tuple[float, list[float]]]) -> list[list[float] | None]:
    heard = []
    for seconds, values in score:
        out = chain.feed(np.array(values, np.float32), seconds)
        heard.append(None if out is None else [round(float(value), 5) for value in out])
    return heard


def line(*values: float, hz: float = 100.0) -> list[tuple[float, list[float]]]:
    return [(step / hz, [value]) for step, value in enumerate(values)]


def test_smoothing_follows_time_and_not_the_number_of_frames() -> None:
    share = 1 - math.exp(-1)
    slow = Chain([StepSpec.of("smooth", time=100)])
    fast = Chain([StepSpec.of("smooth", time=100)])
    assert play(slow, [(0.0, [0]), (0.1, [1])]) == [[0.0], [round(share, 5)]]
    assert play(fast, [(0.0, [0]), *((step / 100, [1]) for step in range(1, 11))])[-1] == [round(share, 5)]
    assert play(Chain([StepSpec.of("smooth", time=0)]), line(0, 5, 7)) == [[0], [5], [7]]


def test_the_average_is_that_of_what_there_is() -> None:
    assert play(Chain([StepSpec.of("average", frames=3)]), line(3, 6, 9, 0)) == [[3], [4.5], [6], [5]]


def test_window_statistics() -> None:
    chain = Chain([StepSpec.of("window", frames=2, minimum="on", maximum="on", mean="on", deviation="on", keep="on")])
    assert chain.names(("a",)) == ("a", "a minimum", "a maximum", "a mean", "a deviation")
    assert play(chain, line(1, 3, 7)) == [[1, 1, 1, 1, 0], [3, 1, 3, 2, 1], [7, 3, 7, 5, 2]]
    assert chain.names(NAMES)[:4] == ("a", "b", "a minimum", "b minimum")


def test_differences_begin_when_there_is_enough() -> None:
    assert play(Chain([StepSpec.of("difference")]), line(1, 4, 9, 16)) == [None, [3], [5], [7]]
    both = Chain([StepSpec.of("difference", second="on", keep="on")])
    assert both.names(("a",)) == ("a", "a diff", "a diff2")
    assert play(both, line(1, 4, 9, 16)) == [None, None, [9, 5, 2], [16, 7, 2]]


def test_peaks_of_differences_are_two_steps() -> None:
    peaks = Chain([StepSpec.of("difference"), StepSpec.of("window", frames=3, maximum=1, mean=0, deviation=0)])
    assert peaks.names(("a",)) == ("a diff maximum",)
    assert play(peaks, line(0, 1, 5, 6, 6, 6)) == [None, [1], [4], [4], [4], [1]]


def test_history_is_newest_first() -> None:
    chain = Chain([StepSpec.of("history", frames=3)])
    assert chain.names(NAMES) == ("a", "b", "a -1", "b -1", "a -2", "b -2")
    score = [(0.0, [1, 10]), (0.1, [2, 20]), (0.2, [3, 30]), (0.3, [4, 40])]
    assert play(chain, score) == [None, None, [3, 30, 2, 20, 1, 10], [4, 40, 3, 30, 2, 20]]


def test_every_nth_begins_with_the_first() -> None:
    assert play(Chain([StepSpec.of("decimate", every=3)]), line(1, 2, 3, 4, 5)) == [[1], None, None, [4], None]


def test_an_interval_passes_the_newest_and_keeps_its_rate() -> None:
    heard = play(Chain([StepSpec.of("interval", time=100)]), [(step * 0.03, [step]) for step in range(101)])
    sent = [step for step, value in enumerate(heard) if value is not None]
    assert sent[:4] == [0, 4, 7, 10]
    assert len(sent) == 31  # In 3 s, although no frame falls on the grid.


def test_an_interval_may_pass_the_mean() -> None:
    heard = play(Chain([StepSpec.of("interval", time=100, of="mean")]), line(0, 10, 20, 30, 40, 50, hz=25))
    assert heard == [None, None, None, [15], None, [45]]


def test_after_a_silence_an_interval_begins_anew() -> None:
    chain = Chain([StepSpec.of("interval", time=100)])
    assert play(chain, [(0.0, [1]), (5.0, [2]), (5.05, [3]), (5.1, [4])]) == [[1], [2], None, [4]]


def test_an_event_is_the_mean_from_onset_to_offset() -> None:
    chain = Chain([StepSpec.of("event", watch=1, above=0.5, below=0.2)])
    score = line(0.1, 0.4, 0.6, 0.3, 0.9, 0.1, 0.4, 0.0)
    assert play(chain, score) == [None] * 5 + [[0.6]] + [None] * 2


def test_between_the_thresholds_nothing_chatters() -> None:
    chain = Chain([StepSpec.of("event", watch=1, above=0.5, below=0.2)])
    heard = play(chain, line(0.6, *([0.21, 0.49] * 20), 0.1, *([0.21, 0.49] * 20)))
    assert [step for step, value in enumerate(heard) if value] == [41]


def test_thresholds_given_the_wrong_way_round_do_not_chatter_either() -> None:
    chain = Chain([StepSpec.of("event", watch=1, above=0.01, below=0.025)])
    heard = play(chain, line(0.02, 0.02, 0.02, 0.0))
    assert heard == [None, None, None, [0.02]]


def test_an_event_leaves_the_watched_level_out() -> None:
    chain = Chain([StepSpec.of("event", watch=2, above=0.5, below=0.2, leave_out="on")])
    assert chain.names(NAMES) == ("a",)
    assert play(chain, [(0.0, [4, 1]), (0.1, [8, -1]), (0.2, [99, 0])]) == [None, None, [6]]


def test_short_events_are_left_out_and_long_ones_cut() -> None:
    chain = Chain([StepSpec.of("event", watch=1, above=0.5, below=0.2, shortest=20, longest=50)])
    assert play(chain, line(1, 0, 0)) == [None, None, None]
    heard = play(chain, [(10 + step / 100, [float(step)]) for step in range(1, 13)])
    assert {step: value for step, value in enumerate(heard, 1) if value} == {6: [3.0], 11: [8.0]}


def test_the_whole_frame_may_be_watched() -> None:
    chain = Chain([StepSpec.of("event", watch=0, above=1.0, below=0.5)])
    assert play(chain, [(0.0, [2, 2]), (0.1, [0.4, 0.4])]) == [None, [2, 2]]
    with pytest.raises(ValueError, match="there are 2 values, so none is number 3"):
        Chain([StepSpec.of("event", watch=3)]).names(NAMES)


def test_a_change_of_width_begins_anew() -> None:
    chain = Chain([StepSpec.of("average"), StepSpec.of("difference"), StepSpec.of("event")])
    assert chain.feed(np.ones(2, np.float32), 0.0) is None
    assert chain.feed(np.ones(3, np.float32), 0.1) is None
    assert Chain([StepSpec.of("history", frames=1)]).feed(np.ones(3, np.float32), 0.0) is not None


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_does_what_its_row_says(kind: str) -> None:
    chain = Chain([StepSpec.of(kind)])
    random = np.random.default_rng(1)
    width = len(chain.names(tuple("abcd")))
    assert len(set(chain.names(tuple("abcd")))) == width
    given = [((random.standard_normal(4) * (step // 10 % 2)).astype(np.float32), step / 50) for step in range(200)]
    first = [chain.feed(values.copy(), seconds) for values, seconds in given]
    chain.reset()
    second = [chain.feed(values.copy(), seconds) for values, seconds in given]
    assert any(values is not None for values in first)
    for one, other in zip(first, second, strict=True):
        assert (one is None) == (other is None)
        if one is not None and other is not None:
            assert one.shape == (width,)
            assert one.dtype == np.float32
            np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("kind", KINDS)
def test_no_step_writes_into_what_it_was_given_or_gave(kind: str) -> None:
    chain = Chain([StepSpec.of(kind)])
    kept: list[tuple[np.ndarray, np.ndarray]] = []
    for step in range(150):
        values = np.full(2, step % 7, np.float32)
        out = chain.feed(values, step / 50)
        kept.append((values, np.full(2, step % 7, np.float32)))
        if out is not None:
            kept.append((out, out.copy()))
    for one, other in kept:
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("kind", KINDS)
def test_every_setting_has_a_default_in_its_range_and_one_sentence(kind: str) -> None:
    assert KINDS[kind].help
    assert KINDS[kind].title
    for setting in KINDS[kind].settings:
        assert setting.curve.clamp(setting.default) == setting.default
        assert setting.help
        if isinstance(setting.curve, Steps):
            assert len(setting.curve.names) >= 2


def test_a_chain_survives_json() -> None:
    chain = Chain([StepSpec.of("smooth", time=20), StepSpec.of("interval", of="mean"), StepSpec.of("event", watch=1)])
    text = json.dumps(chain.stored)
    assert Chain.read(json.loads(text)).specs == chain.specs
    assert '"of": "mean"' in text


@pytest.mark.parametrize(
    ("stored", "said"),
    [
        ({}, "processing is a list of steps"),
        ([3], "a step of processing is an object"),
        ([{"kind": "echo"}], "there is no processing called 'echo': choose smooth, average"),
        ([{"kind": "smooth", "settings": {"size": 3}}], "smooth has no setting 'size': it has time"),
        ([{"kind": "smooth", "settings": {"time": None}}], "None is no number"),
        ([{"kind": "smooth", "settings": 3}], "settings are pairs"),
        ([{"kind": "window", "settings": {"mean": "off", "deviation": 0}}], "window: switch on at least one"),
        ([{"kind": "difference", "settings": {"first": 0}}], "difference: switch on first, second or both"),
        ([{"kind": "smooth"}] * 17, "17 steps of processing are too many"),
    ],
)
def test_what_is_no_chain_is_refused_with_its_reason(stored: object, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        Chain.read(stored)


def test_settings_keep_to_their_range_and_chains_to_theirs() -> None:
    assert StepSpec.of("average", frames=1e9).settings == (("frames", 500.0),)
    with pytest.raises(ValueError, match="history would make 10000 values"):
        Chain([StepSpec.of("history", frames=100)] * 2).names(("a",))
