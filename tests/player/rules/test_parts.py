"""The parts of the Rules by themselves: the table, the way of a morph, the curve of consistency, the typed line."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.history import History
from app.parameter import Linear, Log, Steps
from app.player.rules.curve import STOPS, Stops
from app.player.rules.line import Deed, read
from app.player.rules.morph import Morph
from app.player.rules.synth import parse
from app.player.rules.table import Table
from app.player.rules.vary import chance, levels_of, varied, warning

NAMES = ("a", "b")


def table() -> tuple[Table, History]:
    history, steps = History(), iter(range(1000))
    return Table(lambda edit: history.push(edit, 0.0, -next(steps) - 1)), history


def held(one: Table) -> list[tuple[int, tuple[object, ...], str]]:
    return [(row.number, row.values, row.label) for row in one.rows]


# --- the table --------------------------------------------------------------------------------------------


def test_presets_are_kept_and_every_edit_is_one_step() -> None:
    one, history = table()
    assert [one.keep(NAMES, (1, 2), "rain"), one.keep(NAMES, (1, 3), "storm")] == [1, 2]
    one.relabel({2}, "rain")
    one.delete({1})
    one.clear()
    assert held(one) == []
    seen = []
    while history.undo():
        seen.append(held(one))
    assert seen[0] == [(2, (1, 3), "rain")]
    assert seen[1] == [(1, (1, 2), "rain"), (2, (1, 3), "rain")]
    assert seen[-1] == []
    for _ in range(2):
        history.redo()
    assert held(one) == [(1, (1, 2), "rain"), (2, (1, 3), "storm")]


def test_a_number_is_never_given_twice() -> None:
    one, history = table()
    one.keep(NAMES, (1, 2), "rain")
    history.undo()
    assert one.keep(NAMES, (5, 5), "rain") == 2


def test_a_duplicate_is_refused_with_a_word() -> None:
    one, _ = table()
    one.keep(NAMES, (1, 0.5), "rain")
    with pytest.raises(ValueError, match="already saved: it is preset 1 under rain"):
        one.keep(NAMES, (1.0, 0.5), "rain")
    one.keep(NAMES, (1, 0.5), "intro")  # The same setting may serve two labels.
    with pytest.raises(ValueError, match="under rain already, as 1"):
        one.relabel({2}, "rain")
    assert len(one) == 2


def test_what_cannot_be_a_label_or_a_row_is_refused() -> None:
    one, _ = table()
    one.keep(NAMES, (1, 2), "rain")
    for wrong in (
        lambda: one.keep(NAMES, (1, 3), "a|b"),
        lambda: one.keep(NAMES, (1, 3), "x" * 65),
        lambda: one.keep(("a",), (1,), "rain"),
        lambda: one.delete({9}),
        lambda: one.delete(set()),
        lambda: one.rename("fog", "mist"),
    ):
        with pytest.raises(ValueError, match=r"label|columns|no preset|at least one"):
            wrong()
    assert held(one) == [(1, (1, 2), "rain")]


def test_rejected_presets_stand_once_under_no_class() -> None:
    one, history = table()
    one.keep(NAMES, (1, 2), "rain")
    one.keep(NAMES, (1, 2), "storm")
    one.reject([1, 2])
    assert held(one) == [(1, (1, 2), "")]
    assert one.labels == ()
    history.undo()
    assert len(one) == 2


# --- the morph --------------------------------------------------------------------------------------------


def test_a_morph_goes_along_the_faders() -> None:
    way = Morph(
        10.0,
        2.0,
        {0: 100.0, 1: 0.0, 2: 0.0},
        {0: 1600.0, 1: 1.0, 2: 1.0},
        (Log(20, 20000), Linear(0, 1), Steps(("x", "y"))),
    )
    assert way.at(9.9) == {}
    assert way.at(10.0) == {0: pytest.approx(100), 1: 0.0, 2: 1.0}
    assert way.at(11.0) == {0: pytest.approx(400), 1: 0.5, 2: 1.0}
    assert way.at(12.5) == {0: 1600.0, 1: 1.0, 2: 1.0}
    assert way.without(frozenset({0})).at(11.0) == {1: 0.5, 2: 1.0}


# --- the curve --------------------------------------------------------------------------------------------


@given(st.floats(0, 1))
def test_the_curve_of_consistency_goes_both_ways(value: float) -> None:
    curve = Stops()
    position = curve.position(value)
    assert 0.0 <= position <= 1.0
    assert curve.value(position) in STOPS
    assert abs(curve.value(curve.position(curve.value(position))) - curve.value(position)) < 1e-12


def test_stops_are_shown_and_read_as_fractions() -> None:
    curve = Stops()
    assert [curve.show(stop) for stop in STOPS] == ["0", "1/32", "1/16", "1/8", "1/4", "1/3", "1/2", "2/3", "3/4", "1"]
    assert [curve.read(curve.show(stop)) for stop in STOPS] == list(STOPS)
    assert (curve.read("0.5"), curve.read("40 %"), curve.show(0.4)) == (0.5, 0.4, "2/5")
    with pytest.raises(ValueError, match="no number"):
        curve.read("rain")


# --- varying ----------------------------------------------------------------------------------------------

SYNTH = parse(
    {
        "knobs": [
            {"name": "f", "low": 20, "high": 2000, "curve": "log", "digits": 0},
            {"name": "m"},
            {"name": "w", "choices": ["sine", "saw"]},
        ]
    },
    "t",
)


@pytest.mark.parametrize("count", [1, 2, 3, 0, 99])
def test_so_many_knobs_differ_from_the_base(count: int) -> None:
    base = (20.0, 0.0, 0.0)
    for seed in range(20):
        made = varied(SYNTH.knobs, base, {0, 1, 2}, count, 4, np.random.default_rng(seed))
        differ = [place for place in range(3) if made[place] != base[place]]
        assert len(differ) == (count if 0 < count < 3 else 3)


def test_a_varied_knob_stands_on_a_level() -> None:
    assert levels_of(SYNTH.knobs[1], 5) == [0.0, 0.25, 0.5, 0.75, 1.0]
    made = {varied(SYNTH.knobs, (20.0, 0.0, 0.0), {1}, 1, 5, np.random.default_rng(s))[1] for s in range(60)}
    assert made == {0.25, 0.5, 0.75, 1.0}


def test_the_chance_that_two_random_presets_meet() -> None:
    assert chance(8, 3, 2) == pytest.approx(0.0197, abs=1e-4)
    assert chance(8, 2, 8) == pytest.approx(1.0)
    assert "will not form rules" in warning(16, 0, 0, 1)
    assert "will not form rules" in warning(16, 0, 4, 4)
    assert warning(16, 1, 0, 1) == ""
    assert warning(16, 2, 4, 4) == ""


# --- the line ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "deeds"),
    [
        (
            "ruler data.csv distance:4 consistency:0.5",
            [
                Deed("/rules/distance", ("4",)),
                Deed("/rules/consistency", ("0.5",)),
                Deed("/rules/import", ("data.csv",)),
                Deed("/rules/learn"),
            ],
        ),
        ("ruler distance:2", [Deed("/rules/distance", ("2",)), Deed("/rules/learn")]),
        ("ruler 'my data.csv'", [Deed("/rules/import", ("my data.csv",)), Deed("/rules/learn")]),
        ("set rain r", [Deed("/rules/call", ("rain", "r", "set"))]),
        ("set rain 3", [Deed("/rules/call", ("rain", "3", "set"))]),
        ("play-rain", [Deed("/rules/call", ("rain", "r", "set"))]),
        ("Play-Rain 2;", [Deed("/rules/call", ("Rain", "2", "set"))]),
        ("try rain", [Deed("/rules/call", ("rain", "r", "interval"))]),
        (r"~set.value(Ndef(\x), ~rules, 'r', 'rain')", [Deed("/rules/call", ("rain", "r", "set"))]),
        (r"~set.value(Ndef(\x), ~rules, 3, \rain);", [Deed("/rules/call", ("rain", "3", "set"))]),
        ("keep rain", [Deed("/rules/keep", ("rain",))]),
        ("every 2 bars", [Deed("/rules/every", ("2 bars",))]),
        ("morph 4", [Deed("/rules/morph", ("4",))]),
        ("vary", [Deed("/rules/vary", ())]),
    ],
)
def test_a_line_is_translated(text: str, deeds: list[Deed]) -> None:
    assert read(text) == deeds


@pytest.mark.parametrize("text", ["", "   ", "rain", "set", "set a b c", "ruler a b", "keep", "'", "every", "x" * 2000])
def test_a_line_that_is_not_understood_says_what_would_be(text: str) -> None:
    with pytest.raises(ValueError, match=r"[a-z]"):
        read(text)
