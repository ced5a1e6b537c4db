"""OSC arguments of any numeric kind as numbers, and everything else refused with its reason."""

from __future__ import annotations

import math

import numpy as np
import pytest

from app.frame import numbers


def test_any_mix_of_numbers_is_taken() -> None:
    values = numbers((1, 0.5, 2**40, True, False, -3.25))
    assert values.dtype == np.float32
    assert values.tolist() == [1.0, 0.5, 2.0**40, 1.0, 0.0, -3.25]


def test_what_is_taken_can_be_written_to_and_comes_from_any_sequence() -> None:
    values = numbers([1, 2])
    values[0] = 5
    assert values.tolist() == [5.0, 2.0]
    assert numbers(number for number in (3.0,)).tolist() == [3.0]


def test_a_double_beyond_float_is_infinite_and_nan_stays() -> None:
    values = numbers((1e300, math.nan))
    assert values[0] == math.inf
    assert math.isnan(values[1])


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ((1.0, "2.5"), "argument 2 is the text '2.5'; send numbers"),
        ((b"\0", 1.0), "argument 1 is no number (bytes); send numbers"),
        ((1.0, 2.0, None), "argument 3 is no number (NoneType); send numbers"),
        (([1.0],), "argument 1 is no number (list); send numbers"),
        ((10**400,), "a number is too large"),
        ((), "it holds no numbers"),
    ],
)
def test_everything_else_is_refused_with_its_reason(arguments: tuple, reason: str) -> None:
    with pytest.raises(ValueError) as error:
        numbers(arguments)
    assert str(error.value) == reason
