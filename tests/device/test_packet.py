"""OSC bytes: types exact, read back by python-osc."""

import math
import struct
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pythonosc.osc_message import OscMessage
from pythonosc.osc_message_builder import OscMessageBuilder

from app.device.packet import PacketError, decode, encode

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


mixed = st.one_of(
    st.tuples(st.just("i"), st.integers(-(2**31), 2**31 - 1)),
    st.tuples(st.just("h"), st.integers(-(2**63), 2**63 - 1)),
    st.tuples(st.just("f"), st.floats(width=32, allow_nan=False)),
    st.tuples(st.just("d"), st.floats(allow_nan=False)),
    st.tuples(st.just("s"), texts),
    st.tuples(st.sampled_from("TF"), st.none()),
)


@given(st.lists(mixed, max_size=8), st.sampled_from(["/a", "/ab", "/abc", "/wek/inputs", "/a/b*{c"]))
def test_reading_agrees_with_python_osc(values: list[tuple[str, object]], address: str) -> None:
    builder = OscMessageBuilder(address)
    for kind, value in values:
        builder.add_arg(value, kind)
    data = builder.build().dgram
    assert decode(data) == [(address, tuple(OscMessage(data).params))]


@given(st.binary(max_size=64))
def test_garbage_is_refused_with_one_error(data: bytes) -> None:
    try:
        assert all(isinstance(address, str) for address, _ in decode(data))
    except PacketError as error:
        assert str(error)


def test_a_frame_cut_short_is_refused() -> None:
    data = encode("/wek/inputs", [0.5] * 17)
    assert decode(data)[0][1] == (0.5,) * 17
    for cut in range(1, 60):
        with pytest.raises(PacketError):
            decode(data[:-cut])


def test_bundles_in_bundles_are_read_so_far_and_refused_at_once_beyond() -> None:
    inner = encode("/a", (1.5,))
    for depth in range(1, 2000):
        inner = b"#bundle\0" + struct.pack(">Qi", 1, len(inner)) + inner
        if depth == 60:
            assert decode(inner) == [("/a", (1.5,))]
    began = time.perf_counter()
    for _ in range(20):
        with pytest.raises(PacketError, match="more than 64 bundles"):
            decode(inner)
    assert (time.perf_counter() - began) / 20 < 0.002
