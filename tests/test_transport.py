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
