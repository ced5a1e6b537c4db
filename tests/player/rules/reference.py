"""RuLer as its description reads, with sets and loops: slow, short, and written without a look at the fast one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import combinations
from math import prod
from typing import Any

Box = tuple[frozenset[Any], ...]


def inside(row: Sequence[Any], box: Box) -> bool:
    return all(value in known for value, known in zip(row, box, strict=True))


def within(small: Box, big: Box) -> bool:
    return all(one <= other for one, other in zip(small, big, strict=True))


def dissimilarity(one: Box, other: Box) -> int:
    return sum(not (a & b) for a, b in zip(one, other, strict=True))


def union(one: Box, other: Box) -> Box:
    return tuple(a | b for a, b in zip(one, other, strict=True))


def maximal(boxes: Iterable[Box]) -> set[Box]:
    all_boxes = set(boxes)
    return {box for box in all_boxes if not any(box != other and within(box, other) for other in all_boxes)}


class TooManyError(Exception):
    """The loop would not end in the time of a test."""


def learn(
    rows: Sequence[tuple[Any, ...]], labels: Sequence[str], distance: int, consistency: Fraction, most: int = 10**9
) -> dict[str, set[Box]]:
    """Return the rules of each label; TooManyError when a round has more than `most`."""
    found = {}
    for label in set(labels):
        own = {row for row, its in zip(rows, labels, strict=True) if its == label}
        other = {row for row, its in zip(rows, labels, strict=True) if its != label}
        found[label] = _rules(own, other, distance, consistency, most)
    return found


def accepted(box: Box, own: set[Any], other: set[Any], consistency: Fraction) -> bool:
    if any(inside(row, box) for row in other):
        return False
    filled = sum(inside(row, box) for row in own)
    return filled >= consistency * prod(len(known) for known in box)


def _rules(own: set[Any], other: set[Any], distance: int, consistency: Fraction, most: int) -> set[Box]:
    rules: set[Box] = {tuple(frozenset([value]) for value in row) for row in own}
    while True:
        fresh = {
            union(one, two) for one, two in combinations(rules, 2) if 0 < distance >= dissimilarity(one, two)
        } - rules
        fresh = {box for box in fresh if accepted(box, own, other, consistency)}
        if not fresh:
            return rules
        if len(rules) + len(fresh) > most:
            raise TooManyError
        rules = maximal(rules | fresh)
