"""Several inputs merged: what comes out when, what is refused and how it is told, and columns that stay put."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.frame import Frame, Values
from app.input import InputSpec
from app.mixer import Column, Mixer
from app.process import Chain, StepSpec

OSC = InputSpec("osc", ("x", "y"))
PAD = InputSpec("pad", ("px", "py"), "hold")


def frame(source: str, *values: float, at: float = 0.0) -> Frame:
    return Frame(at, source, np.array(values, np.float32))


def out(values: Values | None) -> list[float] | None:
    return None if values is None else values.tolist()


def test_a_trigger_takes_the_newest_of_the_others_along() -> None:
    mixer = Mixer([OSC, PAD])
    assert mixer.names == ("x", "y", "px", "py")
    played = [frame("pad", 1, 2), frame("osc", 3, 4), frame("pad", 5, 6), frame("osc", 7, 8)]
    assert [out(mixer.take(one)) for one in played] == [None, [3, 4, 1, 2], None, [7, 8, 5, 6]]


def test_nothing_comes_before_every_input_has_sent_and_its_state_says_why() -> None:
    mixer = Mixer([OSC, PAD])
    assert mixer.take(frame("osc", 1, 2)) is None
    assert mixer.state("pad", 0.0).trouble == "pad has sent nothing yet"
    assert mixer.state("pad", 0.0).age_s == math.inf
    mixer.take(frame("pad", 3, 4))
    assert out(mixer.take(frame("osc", 1, 2))) == [1, 2, 3, 4]


def test_a_merged_frame_is_nobody_elses() -> None:
    mixer = Mixer([OSC])
    first = mixer.take(frame("osc", 1, 2))
    mixer.take(frame("osc", 3, 4))
    assert out(first) == [1, 2]


def test_an_odd_size_is_refused_counted_and_told_until_a_good_frame_comes() -> None:
    mixer = Mixer([OSC])
    assert mixer.take(frame("osc", 1, 2, 3)) is None
    state = mixer.state("osc", 0.0)
    assert (state.wrong_size, state.trouble) == (1, "osc sent 3 values instead of 2")
    mixer.take(frame("osc", 1, 2))
    assert mixer.state("osc", 0.0).trouble == ""
    assert mixer.take(Frame(0, "osc", np.zeros((1, 2), np.float32))) is None
    assert mixer.state("osc", 0.0).wrong_size == 2


def test_what_is_no_number_is_refused_and_the_column_named() -> None:
    mixer = Mixer([OSC, PAD])
    mixer.take(frame("pad", 1, 2))
    assert mixer.take(frame("pad", math.nan, 5)) is None
    assert mixer.state("pad", 0.0).trouble == "pad sent something that is no number in px"
    assert out(mixer.take(frame("osc", 3, 4))) == [3, 4, 1, 2]
    assert mixer.take(frame("osc", 3, math.inf)) is None
    assert mixer.state("osc", 0.0).not_numbers == 1


def test_a_column_that_is_off_may_hold_anything() -> None:
    mixer = Mixer([OSC])
    mixer.enable("y", False)
    assert out(mixer.take(frame("osc", 1, math.nan))) == [1]
    mixer.enable("y", True)
    assert mixer.take(frame("osc", 1, math.nan)) is None
    assert out(mixer.take(frame("osc", 1, 2))) == [1, 2]


def test_a_held_column_switched_on_again_waits_for_a_number() -> None:
    mixer = Mixer([OSC, PAD])
    mixer.enable("py", False)
    mixer.take(frame("pad", 1, math.nan))
    mixer.enable("py", True)
    assert mixer.take(frame("osc", 3, 4)) is None
    mixer.take(frame("pad", 1, 2))
    assert out(mixer.take(frame("osc", 3, 4))) == [3, 4, 1, 2]


def test_large_numbers_are_numbers() -> None:
    assert out(Mixer([OSC]).take(frame("osc", 1e30, -1e30))) == pytest.approx([1e30, -1e30])


def test_strangers_are_counted() -> None:
    mixer = Mixer([OSC])
    assert mixer.take(frame("nobody", 1)) is None
    assert mixer.strangers == 1


def test_rate_age_range_and_silence_are_told() -> None:
    mixer = Mixer([OSC])
    for step in range(100):
        mixer.take(frame("osc", step, -step, at=step * 0.02))
    state = mixer.state("osc", 1.99)
    assert state.rate_hz == pytest.approx(50, rel=0.01)
    assert state.age_s == pytest.approx(0.01)
    assert (state.low.tolist(), state.high.tolist()) == ([0, -99], [99, 0])
    assert state.values.tolist() == [99, -99]
    later = mixer.state("osc", 5.48)
    assert later.trouble == "osc has been silent for 3.5 s"
    assert later.rate_hz < 0.3
    mixer.take(frame("osc", 0, 0, at=6.0))
    assert mixer.state("osc", 6.0).gaps == 1
    mixer.forget_range("osc")
    mixer.take(frame("osc", 5, 5, at=6.02))
    assert mixer.state("osc", 6.02).low.tolist() == [5, 5]


def test_the_first_frame_numbers_an_input_of_unknown_width() -> None:
    mixer = Mixer([PAD, InputSpec("osc")])
    mixer.take(frame("pad", 8, 9))
    version = mixer.version
    assert out(mixer.take(frame("osc", 1, 2, 3))) == [8, 9, 1, 2, 3]
    assert mixer.names == ("px", "py", "osc 1", "osc 2", "osc 3")
    assert mixer.version > version
    assert mixer.specs[1].names == ("osc 1", "osc 2", "osc 3")
    assert mixer.take(frame("osc", 1, 2)) is None


def test_a_monstrous_or_empty_first_frame_is_not_taken_for_a_width() -> None:
    mixer = Mixer([InputSpec("osc")])
    assert mixer.take(Frame(0, "osc", np.zeros(5000, np.float32))) is None
    assert mixer.take(frame("osc")) is None
    assert out(mixer.take(frame("osc", 1))) == [1]


def test_columns_are_renamed_reordered_and_switched() -> None:
    mixer = Mixer([OSC, PAD])
    mixer.rename("x", "tilt")
    mixer.enable("py", False)
    mixer.reorder(["px", "tilt", "py", "y"])
    mixer.take(frame("pad", 1, 2))
    assert (mixer.names, out(mixer.take(frame("osc", 3, 4)))) == (("px", "tilt", "y"), [1, 3, 4])
    again = Mixer([OSC, PAD], columns=mixer.columns)
    assert (again.columns, again.names) == (mixer.columns, mixer.names)


def test_a_change_of_columns_keeps_what_was_held() -> None:
    mixer = Mixer([OSC, PAD])
    mixer.take(frame("pad", 1, 2))
    mixer.reorder(["px", "py", "x", "y"])
    assert out(mixer.take(frame("osc", 3, 4))) == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda mixer: mixer.rename("x", "y"), "x cannot be called 'y'"),
        (lambda mixer: mixer.rename("x", " "), "x cannot be called ''"),
        (lambda mixer: mixer.rename("z", "new"), "there is no value called z"),
        (lambda mixer: mixer.enable("z", False), "there is no value called z"),
        (lambda mixer: mixer.reorder(["x"]), "an order names each value once: x, y"),
    ],
)
def test_changes_that_mean_nothing_are_refused(change: Callable[[Mixer], None], said: str) -> None:
    mixer = Mixer([OSC])
    with pytest.raises(ValueError, match=said):
        change(mixer)
    assert mixer.names == ("x", "y")


def test_two_inputs_may_use_one_name_for_a_value() -> None:
    mixer = Mixer([InputSpec("left", ("x",)), InputSpec("right", ("x",)), InputSpec("right x", ("x",))])
    assert mixer.names == ("x", "right x", "right x x")
    with pytest.raises(ValueError, match="two inputs called osc"):
        Mixer([OSC, OSC])


def test_stored_columns_hold_for_what_still_exists() -> None:
    stored = [Column("gone", "a", "a"), Column("osc", "y", "height", False), Column("osc", "x", "x")]
    mixer = Mixer([OSC], columns=stored)
    assert [column.name for column in mixer.columns] == ["height", "x"]
    assert mixer.names == ("x",)


def test_processing_decides_when_an_input_triggers() -> None:
    chain = Chain([StepSpec.of("history", frames=2), StepSpec.of("decimate", every=2)])
    mixer = Mixer([OSC], {"osc": chain})
    assert mixer.names == ("x", "y", "x -1", "y -1")
    merged = [out(mixer.take(frame("osc", step, 10 * step, at=step / 50))) for step in range(5)]
    assert merged == [None, [1, 10, 0, 0], None, [3, 30, 2, 20], None]
    assert mixer.state("osc", 0.08).rate_hz == pytest.approx(50, rel=0.01)


def test_an_overflow_in_the_processing_does_not_stay() -> None:
    mixer = Mixer([InputSpec("osc", ("x",))], {"osc": Chain([StepSpec.of("difference"), StepSpec.of("smooth")])})
    big = 3e38
    for step, value in enumerate((0, big, -big)):
        merged = mixer.take(frame("osc", value, at=step / 50))
        assert merged is None or np.isfinite(merged).all()
    assert mixer.state("osc", 0.0).not_numbers == 1
    assert [out(mixer.take(frame("osc", 1, at=1 + step / 50))) for step in range(2)] == [None, [0]]


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["osc", "pad", "free", "nobody"]),
            st.lists(st.floats(width=32, allow_nan=True, allow_infinity=True), max_size=4),
            st.floats(0, 1e6),
        ),
        max_size=30,
    )
)
def test_whatever_is_sent_nothing_is_raised_and_only_numbers_come_out(sent: list) -> None:
    chain = Chain([StepSpec.of("smooth", time=20), StepSpec.of("window", frames=3, keep="on")])
    mixer = Mixer([OSC, PAD, InputSpec("free", policy="hold")], {"pad": chain})
    for source, values, seconds in sent:
        merged = mixer.take(frame(source, *values, at=seconds))
        if merged is not None:
            assert merged.shape == (mixer.width,)
            assert np.isfinite(merged).all()
    for spec in mixer.specs:
        assert mixer.state(spec.source, 1e6).frames >= 0
    assert all(before != after for before, after in pairwise(mixer.names))
