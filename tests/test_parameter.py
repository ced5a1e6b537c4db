"""Every curve and every Parameter goes through the same checks."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.parameter import Curve, Linear, Log, Parameter, Steps, TextParameter, Tree, switch

CURVES: list[Curve] = [
    Linear(0, 1),
    Linear(-100, 500, digits=0),
    Linear(1, 16, 1, 0),
    Linear(0.1, 1.5),
    Log(0.01, 10),
    Log(20, 20_000),
    Steps(("a", "b", "c")),
    Steps(("only",)),
    switch(),
]
curves = pytest.mark.parametrize("curve", CURVES, ids=str)
numbers = st.floats(allow_nan=False, allow_infinity=True)


@curves
@given(value=numbers)
def test_a_clamped_value_stays_and_round_trips(curve: Curve, value: float) -> None:
    clamped = curve.clamp(value)
    assert curve.clamp(clamped) == clamped
    position = curve.position(clamped)
    assert 0.0 <= position <= 1.0
    assert math.isclose(curve.value(position), clamped, rel_tol=1e-9, abs_tol=1e-9)


@curves
@given(position=st.floats(-1, 2))
def test_positions_rise_with_values(curve: Curve, position: float) -> None:
    assert curve.value(position) <= curve.value(position + 0.1)


@curves
@given(position=st.floats(0, 1))
def test_shown_text_is_read_back(curve: Curve, position: float) -> None:
    value = curve.value(position)
    assert curve.show(curve.clamp(curve.read(curve.show(value)))) == curve.show(value)


@pytest.mark.parametrize(
    ("text", "value"), [("440", 440), ("50 %", 0.5), ("-6 dB", -6), ("1,5", 1.5), (".25", 0.25), ("1e2 Hz", 100)]
)
def test_typed_numbers(text: str, value: float) -> None:
    assert Linear(-1000, 1000).read(text) == value


def test_a_text_without_a_number_is_refused_in_words() -> None:
    with pytest.raises(ValueError, match="'loud' holds no number"):
        Linear(0, 1).read("loud")


def test_steps_are_read_by_name_or_index() -> None:
    curve = Steps(("Haydn", "Satie"))
    assert curve.read("satie") == curve.read("1") == 1.0
    with pytest.raises(ValueError, match="none of Haydn, Satie"):
        curve.read("Bach")


def test_a_change_counts_and_names_its_origin() -> None:
    parameter = Parameter("/a/b", 0.5, Linear(0, 1))
    parameter.set(2.0, "osc")
    assert (parameter.value, parameter.version, parameter.origin) == (1.0, 1, "osc")
    parameter.set(7.0, "ui")
    assert (parameter.version, parameter.origin) == (1, "osc")


def test_nan_is_refused_and_infinity_clamps() -> None:
    parameter = Parameter("/a/b", 0.5, Linear(0, 1))
    with pytest.raises(ValueError, match="/a/b was sent something that is not a number"):
        parameter.set(math.nan)
    assert (parameter.value, parameter.version) == (0.5, 0)
    parameter.set(math.inf)
    assert parameter.value == 1.0


def test_a_longer_list_keeps_the_chosen_name() -> None:
    parameter = Parameter("/composer/model", 1, Steps(("Haydn", "Satie")))
    parameter.offer(("Brahms", "Haydn", "Satie"))
    assert (parameter.show(), parameter.stored, parameter.version) == ("Satie", "Satie", 1)


def test_texts_refuse_control_characters_and_length() -> None:
    text = TextParameter("/output/osc/host", "127.0.0.1", limit=20)
    with pytest.raises(ValueError, match="control characters"):
        text.set("a\0b")
    with pytest.raises(ValueError, match="at most 20 characters"):
        text.set("x" * 21)
    assert text.value == "127.0.0.1"


def test_the_tree_refuses_twins_and_bad_addresses() -> None:
    tree = Tree()
    tree.add(Parameter("/a", 0, Linear(0, 1)))
    with pytest.raises(ValueError, match="/a exists already"):
        tree.add_text(TextParameter("/a"))
    with pytest.raises(ValueError, match="no OSC address"):
        tree.add(Parameter("a b", 0, Linear(0, 1)))
    assert "/a" in tree
    assert tree.find("/b") is None
