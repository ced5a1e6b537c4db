"""Beats and seconds convert exactly; the tempo does not drift."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.transport import OfflineClock, Transport


def test_beats_follow_the_clock() -> None:
    clock = OfflineClock(100.0)
    transport = Transport(clock, bpm=120)
    clock.advance(5)
    assert transport.beat == 0
    transport.start()
    clock.advance(1.5)
    assert transport.beat == 3.0
    transport.stop()
    clock.advance(9)
    assert transport.beat == 3.0


def test_ten_minutes_of_16ths_end_to_the_microsecond() -> None:
    clock = OfflineClock(3.7)
    transport = Transport(clock, bpm=180)
    transport.start()
    steps = 180 * 4 * 10
    assert abs(transport.time_at(steps / 4) - (3.7 + 600)) < 1e-6


@given(st.lists(st.tuples(st.floats(0.01, 5), st.floats(20, 300)), max_size=30))
def test_a_tempo_change_keeps_the_beat(changes: list[tuple[float, float]]) -> None:
    clock = OfflineClock()
    transport = Transport(clock)
    transport.start()
    for seconds, bpm in changes:
        clock.advance(seconds)
        before = transport.beat
        transport.set_tempo(bpm)
        assert transport.beat == pytest.approx(before, abs=1e-9)
        assert transport.time_at(transport.beat) == pytest.approx(clock.now(), abs=1e-6)


def test_a_lead_in_holds_the_first_beat_back_even_through_a_tempo_change() -> None:
    clock = OfflineClock()
    transport = Transport(clock)
    transport.start(clock.now() + 0.5)
    transport.set_tempo(60)
    assert transport.beat == 0
    clock.advance(1.5)
    assert transport.beat == 1.0


@pytest.mark.parametrize(("beat", "bar"), [(0, 0), (0.25, 4), (4, 4), (4.0000000001, 4), (7.75, 8)])
def test_bar_lines(beat: float, bar: float) -> None:
    assert Transport(OfflineClock(), beats_per_bar=4).next_bar(beat) == bar


def test_a_tempo_that_changes_at_a_coming_beat_moves_no_beat_before_it() -> None:
    clock = OfflineClock(10.0)
    transport = Transport(clock, 120)
    transport.start()
    transport.set_tempo_at(4.0, 60)
    assert transport.bpm == 120
    assert [transport.time_at(beat) for beat in (3.5, 4.0, 5.0)] == [11.75, 12.0, 13.0]
    transport.set_tempo(60)  # As a Parameter says that shows the tempo to come.
    clock.seconds = 11.9
    assert (transport.bpm, transport.beat) == (120, pytest.approx(3.8))
    clock.seconds = 12.5
    assert (transport.bpm, transport.beat, transport.time_at(5.0)) == (60, pytest.approx(4.5), 13.0)


def test_a_stop_a_move_or_a_hand_takes_a_coming_tempo_over() -> None:
    for deed in (lambda t: t.stop(), lambda t: t.locate(0), lambda t: t.set_tempo_at(0.5, 60)):
        clock = OfflineClock(10.0)
        transport = Transport(clock, 120)
        transport.start()
        clock.seconds = 10.5
        transport.set_tempo_at(4.0, 60)
        deed(transport)
        assert transport.bpm == 60
        clock.seconds = 20.0
        assert transport.bpm == 60


DEEDS = st.tuples(st.floats(0.01, 2), st.sampled_from(["now", "ahead", "look"]), st.floats(30, 300))


@given(st.lists(DEEDS, max_size=30))
def test_beats_and_seconds_stay_inverse_and_never_go_back(deeds: list[tuple[float, str, float]]) -> None:
    clock = OfflineClock(5.0)
    transport = Transport(clock)
    transport.start()
    last = 0.0
    for wait, deed, number in deeds:
        clock.advance(wait)
        if deed == "now":
            transport.set_tempo(number)
        elif deed == "ahead":
            transport.set_tempo_at(transport.beat + 0.1, number)
        assert transport.beat >= last - 1e-9
        last = transport.beat
        for beat in (last, last + 0.05, last + 3.0):
            assert transport.place(transport.time_at(beat)) == pytest.approx(beat)
