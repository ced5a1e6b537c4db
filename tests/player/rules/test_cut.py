"""Cores of several labels that overlap are cut apart where that leaves most room, and places are named accordingly."""

from __future__ import annotations

from math import prod

import pytest

from app.player.rules.cut import MOST_RULES, cut, overlap, parted, room
from app.player.rules.learner import RuLer
from app.player.rules.preset import presets_from
from app.player.rules.rule import Rule
from tests.player.rules.golden import LONG

PLAIN = (1.0, 1.0)


def rule(text: str) -> Rule:
    """Return a rule written as values/values label, such as "1,2,3/4,6 A"."""
    values, label = text.split()
    sets = tuple(tuple(int(value) for value in known.split(",")) for known in values.split("/"))
    size = prod(map(len, sets))
    return Rule(label, sets, size, size)


def written(rules: tuple[Rule, ...]) -> set[str]:
    return {f"{'/'.join(','.join(map(str, known)) for known in one.sets)} {one.label}" for one in rules}


@pytest.mark.parametrize(
    ("one", "other", "pieces"),
    [
        ("1,2,3,8,11/4,6 A", "5/4 B", {"1,2,3/4,6 A", "5/4 B", "8,11/4,6 A"}),
        # Both ways are open: two pieces that stay areas count more than two long lines.
        ("1,2,3,8,11/4,6 A", "5/5 B", {"1,2,3/4,6 A", "5/5 B", "8,11/4,6 A"}),
        ("8/3,5,7 A", "8/4 B", {"8/3 A", "8/4 B", "8/5,7 A"}),
        ("8,11,14/3,5 A", "9/4 B", {"8/3,5 A", "9/4 B", "11,14/3,5 A"}),
        # Lines either way: the longer ones.
        ("6,10/4,6 A", "8/5 B", {"6,10/4 A", "6,10/6 A", "8/5 B"}),
        ("2,5/7 D", "1,2,3,8,11/4,6 A", set()),
        ("1,9/1 A", "1,9/1 B", set()),
    ],
)
def test_two_rules_are_cut_where_that_leaves_most_room(one: str, other: str, pieces: set[str]) -> None:
    assert written(parted(rule(one), rule(other), PLAIN)) == pieces


def test_room_is_counted_by_dimensions() -> None:
    assert room((rule("8/3,5 A"), rule("9/4 B"), rule("11,14/3,5 A")), PLAIN) == (5.0, 2.0, 0.0)
    assert room((rule("8,11,14/3 A"), rule("8,11,14/5 A")), (6.0, 1.0)) == (0.0, 2.0, 0.0)


def test_stretches_meet_at_their_ends_and_words_where_they_are_shared() -> None:
    assert overlap(rule("1,11/1 A"), rule("9,12/1 B"))
    assert overlap(rule("1,11/1 A"), rule("11,15/1 B"))
    assert not overlap(rule("2,5/1 A"), rule("7,11/1 B"))
    saw, sine = Rule("A", (("saw",), (1, 5)), 2, 2), Rule("B", (("sine",), (3,)), 1, 1)
    assert not overlap(saw, sine)
    assert cut((saw, sine), PLAIN) == (saw, sine)


def test_all_pairs_are_cut_and_nothing_of_a_rule_is_lost() -> None:
    rules = (rule("1,4,9/1,4,9 A"), rule("2,6/3,7 B"), rule("5/5 C"), rule("3,8/2 C"))
    pieces = cut(rules, PLAIN)
    for place, one in enumerate(pieces):
        assert not any(overlap(one, other) for other in pieces[place + 1 :] if other.label != one.label)
    for whole in rules:
        own = [piece for piece in pieces if piece.label == whole.label]
        assert all(any(piece.covers(values) for piece in own) for values in whole.combinations())


def test_a_preset_in_the_gap_of_a_rule_has_room_around_it() -> None:
    rows = [(1, 4), (8, 4), (1, 6), (8, 6), (5, 4)]
    ruler = RuLer(2, 0.5, LONG).fit(presets_from(rows, ["a", "a", "a", "a", "b"]))
    assert [one.sets for one in ruler.of("a")] == [((1, 8), (4, 6))]
    assert [ruler.name((x, 4)) for x in (1, 2, 4.4, 5, 5.6, 8)] == ["a", "a", "b", "b", "b", "a"]
    assert all(ruler.name(row) == label for row, label in zip(rows, "aaaab", strict=True))


def test_so_many_rules_that_cutting_would_be_heard_are_left_whole() -> None:
    many = tuple(rule(f"{n},{n + 5}/1 {'AB'[n % 2]}") for n in range(MOST_RULES + 1))
    assert cut(many, PLAIN) == many
