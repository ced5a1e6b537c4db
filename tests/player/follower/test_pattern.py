"""When patterns strike: measured vectors, and what holds for any pattern."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.player.follower.language import parse
from app.player.follower.pattern import Pattern, beat_of, nearest_tick, tick_at

VECTORS = {
    "kick": ([0], "x......."),
    "kick*2": ([0, 0.5], "x...x..."),
    "kick*4": ([0, 0.25, 0.5, 0.75], "x.x.x.x."),
    "kick*16": ([n / 16 for n in range(16)], "xxxxxxxx"),
    "kick*3": ([0, 1 / 3, 2 / 3], "x.x..x.."),
    "kick*5": ([0, 0.2, 0.4, 0.6, 0.8], "xx.xx.x."),
    "kick*6": ([n / 6 for n in range(6)], "xxx.xxx."),
    "kick 2,4,2": ([0, 0.25, 0.75], "x.x...x."),
    "kick 3,3,2": ([0, 0.375, 0.75], "x..x..x."),
    "kick*2 3,3,2": ([0, 0.1875, 0.375, 0.5, 0.6875, 0.875], "xx.xxx.x"),
    "kick*4 2,1": ([n / 4 + m for n in range(4) for m in (0, 1 / 6)], "xxxxxxxx"),
    "kick*2 1,1,2": ([0, 0.125, 0.25, 0.5, 0.625, 0.75], "xxx.xxx."),
    "kick*2+0.5": ([0.25, 0.75], "..x...x."),
    "kick+0.25": ([0.75], "......x."),
    "kick+0.1": ([0.9], ".......x"),
    "kick 0,1,1": ([0, 0.5], "x...x..."),
    "kick 1,1,0": ([0, 0.5], "x...x..."),
    "kick 0,0": ([], "........"),
    "kick*0": ([], "........"),
    "kick*-2": ([], "........"),
}


def pattern(text: str) -> Pattern:
    return parse(text).statements[0].pattern


@pytest.mark.parametrize("text", VECTORS)
def test_hits_of_a_bar(text: str) -> None:
    expected = VECTORS[text][0]
    assert pattern(text).hits(0, 4) == pytest.approx([4 * bar for bar in expected], abs=1e-8)
    assert pattern(text).hits(400, 404) == pytest.approx([400 + 4 * bar for bar in expected], abs=1e-8)


@pytest.mark.parametrize("text", VECTORS)
def test_ticks_of_a_bar(text: str) -> None:
    row = "".join("x" if hit else "." for hit in pattern(text).row(8))
    assert row == VECTORS[text][1]


def test_a_cycle_of_two_bars() -> None:
    two = pattern("kick*0.5 3,3,2")
    assert two.hits(0, 8) == [0, 3, 6]
    assert two.row(8) == tuple(character == "x" for character in "x.....x.")
    assert two.row(8, 8) == tuple(character == "x" for character in "....x...")


def test_nearest_tick_and_the_tick_a_beat_is_in() -> None:
    assert [tick_at(beat, 8) for beat in (0, 0.49, 0.4999999, 0.5, 3.99)] == [0, 0, 1, 1, 7]
    assert [nearest_tick(beat, 8) for beat in (0.2, 0.3, 0.5, 3.9)] == [0, 1, 1, 8]


PATTERNS = st.builds(
    Pattern,
    st.floats(0, 32).map(lambda number: round(number, 3)),
    st.floats(-4, 4).map(lambda number: round(number, 3)),
    st.lists(st.integers(0, 9).map(float), min_size=1, max_size=6).map(tuple),
)


@settings(max_examples=300, deadline=None)
@given(PATTERNS, st.lists(st.floats(0, 40), max_size=8), st.integers(0, 10_000))
def test_slices_find_every_hit_exactly_once(one: Pattern, cuts: list[float], bar: int) -> None:
    start = 4.0 * bar
    lines = [start, *sorted(round(start + cut, 9) for cut in cuts), start + 40]
    parts = [hit for a, b in pairwise(lines) for hit in one.hits(a, b)]
    assert parts == one.hits(start, start + 40)
    assert all(start <= hit < start + 40 for hit in parts)


@settings(max_examples=300, deadline=None)
@given(PATTERNS)
def test_as_many_hits_as_the_parts_that_are_not_empty(one: Pattern) -> None:
    whole = Pattern(float(round(one.cycles)), one.offset, one.ratios)
    parts = sum(ratio > 0 for ratio in one.ratios)
    assert len(whole.hits(0, 4)) == round(one.cycles) * parts


@settings(max_examples=300, deadline=None)
@given(PATTERNS, st.floats(0.1, 0.9))
def test_an_offset_comes_earlier_by_that_share_of_a_cycle(one: Pattern, offset: float) -> None:
    offset = round(offset, 3)
    if one.cycles < 0.01:
        return
    plain, early = Pattern(one.cycles, 0.0, one.ratios), Pattern(one.cycles, offset, one.ratios)
    shift = 4 * offset / one.cycles
    for hit in plain.hits(shift, shift + 8):
        assert early.hits(hit - shift - 1e-6, hit - shift + 1e-6), f"nothing at {hit - shift}"


@given(st.sampled_from((8, 16, 24, 32)), st.integers(0, 100_000))
def test_a_tick_begins_in_itself(grid: int, tick: int) -> None:
    assert tick_at(beat_of(tick, grid), grid) == tick
