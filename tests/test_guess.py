"""What was moved is guessed right from recorded gestures of controllers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.binding import Source
from app.guess import KINDS, Guess, Heard, guess, heard
from app.midi_source import MidiReader
from tests.controller_gesture import RECORDINGS, Recording, controllers


def judged(recording: Recording) -> Guess | None:
    reader = MidiReader()
    gesture = [heard(touch, at / 1000) for at, data in recording for touch in reader.read("desk", data)]
    return guess(gesture)


@pytest.mark.parametrize(("recording", "name", "channel", "kind"), RECORDINGS.values(), ids=RECORDINGS)
def test_recorded_gestures(recording: Recording, name: str, channel: int, kind: str) -> None:
    found = judged(recording)
    assert found is not None
    assert (found.source, found.kind) == (Source("midi", name, channel, "desk"), kind)


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ([60, 61, 62], "knob"),
        ([64, 65, 66, 67], "knob"),
        ([65, 66, 67, 68, 69], "knob"),
        ([2, 1, 0], "knob"),
        ([125, 126, 127], "knob"),
        ([60, 61, 60, 61, 60], "knob"),
        ([0, 1, 2, 3, 4], "knob"),
        ([100, 60, 20, 0], "knob"),
        ([127], "toggle"),
        ([0], "toggle"),
        ([100, 0], "momentary"),
        ([1, 1, 1], "twos"),
        ([127, 127], "twos"),
        ([1, 127, 1], "twos"),
        ([65, 65, 65], "offset"),
        ([63, 63], "offset"),
        ([65, 63, 65], "offset"),
        ([1, 1, 65], "signed"),
        ([65, 1, 1], "signed"),
        ([1], "twos"),
        ([65], "offset"),
        ([90], "knob"),
    ],
)
def test_short_gestures(values: list[int], kind: str) -> None:
    found = judged(controllers(9, [(40.0 * place, value) for place, value in enumerate(values)]))
    assert found is not None
    assert found.kind == kind


def test_the_busier_of_two_knobs_is_meant_though_their_numbers_would_make_a_pair() -> None:
    knobs = [*controllers(1, [(0, 5), (20, 6), (40, 7), (60, 8)]), *controllers(33, [(80, 9), (99, 10)])]
    found = judged(knobs)
    assert found is not None
    assert (found.source.name, found.kind) == ("cc1", "knob")


@pytest.mark.parametrize(
    ("values", "kind", "low", "high"),
    [
        ([0.2, 0.3], "knob", 0.0, 1.0),
        ([-0.2, 0.3], "knob", -1.0, 1.0),
        ([3, 90], "knob", 0.0, 127.0),
        ([-2000.0, 40000.0], "knob", -2000.0, 40000.0),
        ([1.0, 0.0], "momentary", 0.0, 1.0),
        ([1.0], "press", 0.0, 1.0),
    ],
)
def test_numbers_from_elsewhere_have_a_range(values: list[float], kind: str, low: float, high: float) -> None:
    source = Source("osc", "/accel", 1)
    found = guess([Heard(0.1 * place, source, value) for place, value in enumerate(values)])
    assert found is not None
    assert (found.source, found.kind, found.low, found.high) == (source, kind, low, high)


def test_nothing_heard_is_nothing_guessed() -> None:
    assert guess([]) is None


@given(st.lists(st.lists(st.integers(0, 255), max_size=12), max_size=20))
def test_any_bytes_are_judged_or_left(stream: list[list[int]]) -> None:
    found = judged([(float(at), tuple(data)) for at, data in enumerate(stream)])
    assert found is None or found.kind in KINDS
