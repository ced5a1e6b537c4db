"""OSC bytes: types exact, read back by python-osc."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pythonosc.osc_message import OscMessage
from pythonosc.osc_message_builder import OscMessageBuilder

from app.device.packet import encode

texts = st.text(st.characters(blacklist_categories=("Cs",), blacklist_characters="\0"), max_size=20)
arguments = st.one_of(st.integers(-(2**31), 2**31 - 1), st.floats(width=32, allow_nan=False), texts)


@given(st.lists(arguments, max_size=8))
def test_another_decoder_reads_the_same(values: list[int | float | str]) -> None:
    message = OscMessage(encode("/a/b", values))
    assert message.address == "/a/b"
    assert [type(value) for value in message.params] == [type(value) for value in values]
    assert message.params == values


def test_the_bytes_are_those_of_python_osc() -> None:
    builder = OscMessageBuilder("/gen/params")
    for value in (0.5, "rest", 3):
        builder.add_arg(value)
    assert encode("/gen/params", (0.5, "rest", 3)) == builder.build().dgram


@pytest.mark.parametrize(("value", "tag"), [(1, "i"), (2**40, "h"), (1.0, "f"), ("1", "s"), (True, "T"), (False, "F")])
def test_each_type_has_its_tag(value: int | float | str, tag: str) -> None:
    assert encode("/x", (value,))[4:7] == f",{tag}\0".encode()


@pytest.mark.parametrize("value", [1e300, -1e300, 2**80])
def test_what_does_not_fit_is_refused(value: float) -> None:
    with pytest.raises(OverflowError, match="does not fit"):
        encode("/x", (value,))


def test_nothing_else_is_carried() -> None:
    with pytest.raises(TypeError, match="no list"):
        encode("/x", ([1],))  # type: ignore[arg-type]


def test_a_float_that_is_no_number_passes() -> None:
    assert math.isnan(OscMessage(encode("/x", (math.nan,))).params[0])
