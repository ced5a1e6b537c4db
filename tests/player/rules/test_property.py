"""What holds for all tables: the exact rules are those of the plain loop, and all rules are sound."""

from __future__ import annotations

import random
from fractions import Fraction
from math import prod

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.player.rules import growth
from app.player.rules.bitmask import Coded, Field
from app.player.rules.effort import limit_of
from app.player.rules.learner import RuLer
from app.player.rules.pair import judged, near_pairs, reach
from app.player.rules.preset import Presets, presets_from
from app.player.rules.rule import Rule
from tests.player.rules import reference
from tests.player.rules.golden import LONG, lines

STOPS = [Fraction(1), *(Fraction(n) for n in ("3/4", "2/3", "1/2", "1/3", "1/4", "1/8", "1/16", "0"))]
MOST = 150  # Rules in a round of the plain loop.

value = st.integers(0, 3)
label = st.sampled_from("abc")
row = st.integers(1, 4).flatmap(lambda width: st.lists(st.tuples(*[value] * width, label), min_size=1, max_size=14))
setting = st.tuples(st.integers(0, 5), st.sampled_from(STOPS))


def random_table(number: int) -> tuple[list[tuple[int, ...]], list[str], int, Fraction]:
    chance = random.Random(number)
    width, levels, count = chance.randint(1, 5), chance.randint(2, 6), chance.randint(1, 18)
    rows = [tuple(chance.randrange(levels) for _ in range(width)) for _ in range(count)]
    labels = [chance.choice("abc"[: chance.randint(1, 3)]) for _ in rows]
    return rows, labels, chance.randint(0, width + 1), chance.choice(STOPS)


def boxes(rules: tuple[Rule, ...], label: str) -> set[reference.Box]:
    return {tuple(frozenset(known) for known in rule.sets) for rule in rules if rule.label == label}


@pytest.mark.parametrize("hundred", range(10))
def test_exact_rules_are_those_of_the_plain_loop(hundred: int) -> None:
    compared = 0
    for number in range(100 * hundred, 100 * hundred + 100):
        rows, labels, distance, consistency = random_table(number)
        try:
            expected = reference.learn(rows, labels, distance, consistency, MOST)
        except reference.TooManyError:
            continue
        ruler = RuLer(distance, float(consistency), LONG).fit(rows, labels)
        assert ruler.exact_
        for label, own in expected.items():
            assert boxes(ruler.rules_, label) == own, (number, label)
        assert all(rule.own == sum(rule.covers(r) for r in {*ours(rows, labels, rule.label)}) for rule in ruler.rules_)
        compared += 1
    assert compared > 85


@pytest.mark.parametrize("number", range(60))
def test_parameters_with_hundreds_of_values_are_exact_too(number: int) -> None:
    """Values of another label push those that matter into different words of a mask."""
    small, labels, distance, consistency = random_table(number)
    width = len(small[0])
    rows = [tuple(70 * value for value in row) for row in small] + [(far,) * width for far in range(1, 420, 2)]
    labels = [*labels, *["far"] * 210]
    try:
        expected = reference.learn(rows[: len(small)], labels[: len(small)], distance, consistency, MOST)
    except reference.TooManyError:
        pytest.skip("the plain loop would not end")
    ruler = RuLer(distance, float(consistency), 4.0).fit(rows, labels)
    for label, own in expected.items():
        assert boxes(ruler.rules_, label) == own
        assert label not in ruler.approximate_


def ours(rows: list[tuple[int, ...]], labels: list[str], label: str) -> list[tuple[int, ...]]:
    return [own for own, its in zip(rows, labels, strict=True) if its == label]


def check_sound(rules: list[Rule], table: Presets, distance: int, consistency: float) -> None:
    """Check what both learners promise."""
    for label in table.labels:
        own = set(table.of(label))
        mine = [rule for rule in rules if rule.label == label]
        assert all(any(rule.covers(preset) for rule in mine) for preset in own)
        for rule in mine:
            assert rule.size == prod(len(known) for known in rule.sets)
            assert rule.own == sum(rule.covers(preset) for preset in own)
            if rule.size > 1:
                assert rule.own >= consistency * rule.size - 1e-9
                assert not any(rule.covers(preset.values) for preset in table.rows if preset.label != label)
            as_sets = [frozenset(known) for known in rule.sets]
            others = [[frozenset(known) for known in other.sets] for other in mine if other is not rule]
            assert not any(reference.within(tuple(as_sets), tuple(other)) for other in others)


@given(row, setting)
@settings(deadline=None, max_examples=200)
def test_rules_are_sound(rows: list[tuple[object, ...]], setting: tuple[int, Fraction]) -> None:
    table = presets_from([r[:-1] for r in rows], [r[-1] for r in rows])
    ruler = RuLer(setting[0], float(setting[1]), LONG).fit(table)
    check_sound(list(ruler.rules_), table, setting[0], float(setting[1]))


@given(row, setting)
@settings(deadline=None, max_examples=200)
def test_what_grows_is_sound_and_holds_every_pair_that_may_merge(
    rows: list[tuple[object, ...]], setting: tuple[int, Fraction]
) -> None:
    table = presets_from([r[:-1] for r in rows], [r[-1] for r in rows])
    distance, consistency = max(1, setting[0]), float(setting[1])
    coded, rules = Coded.of(table), []
    for label in coded.labels:
        field = Field(coded, label)
        free = limit_of(lambda: 0.0)
        pairs, whole = near_pairs(field, reach(distance, consistency, field.count, field.width), free)
        grown = growth.grow(field, pairs, distance, consistency, free)
        assert whole
        assert grown.whole
        held = field.flags(grown.boxes.inside)
        for one, other in pairs.where(judged(field, pairs, free).accepted(distance, consistency)).of():
            assert (held[:, one] & held[:, other]).any()
        rules += field.rules(grown.boxes)
    check_sound(rules, table, distance, consistency)


@given(row, setting, st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=100)
def test_order_of_rows_columns_and_symbols_do_not_matter(
    rows: list[tuple[object, ...]], setting: tuple[int, Fraction], chance: random.Random
) -> None:
    knobs = (setting[0], float(setting[1]), LONG)
    x, y = [r[:-1] for r in rows], [str(r[-1]) for r in rows]
    ruler = RuLer(*knobs).fit(x, y)
    order = list(range(len(rows)))
    chance.shuffle(order)
    assert RuLer(*knobs).fit([x[n] for n in order], [y[n] for n in order]).rules_ == ruler.rules_

    columns = list(range(len(x[0])))
    chance.shuffle(columns)
    moved = RuLer(*knobs).fit([tuple(r[c] for c in columns) for r in x], y)
    named = RuLer(*knobs).fit([tuple(f"w{3 * v % 7}" for v in r) for r in x], y)  # type: ignore[operator]
    for label in ruler.labels_:
        own = boxes(ruler.rules_, label)
        assert boxes(moved.rules_, label) == {tuple(box[c] for c in columns) for box in own}
        if named.exact_ and ruler.exact_:
            renamed = {tuple(frozenset(f"w{3 * v % 7}" for v in known) for known in box) for box in own}
            assert boxes(named.rules_, label) == renamed


@given(row, st.integers(0, 5))
@settings(deadline=None, max_examples=60)
def test_at_full_consistency_only_kept_presets_are_made(rows: list[tuple[object, ...]], distance: int) -> None:
    x, y = [r[:-1] for r in rows], [str(r[-1]) for r in rows]
    ruler = RuLer(distance, 1.0, LONG).fit(x, y)
    for label in ruler.labels_:
        kept = {own for own, its in zip(x, y, strict=True) if its == label}
        count = ruler.variations(label)
        assert (count.total, count.new) == (len(kept), 0)
        assert all(ruler.sample(label, rng=np.random.default_rng(n)).values in kept for n in range(5))


def test_a_second_fit_gives_the_same_numbers() -> None:
    rows, labels, _, _ = random_table(7)
    once, twice = (RuLer(2, 0.5, LONG).fit(rows, labels) for _ in range(2))
    assert once.rules_ == twice.rules_
    assert lines(once) == lines(twice)
