"""Pairs of presets: the first unions, judged once and shared by both learners and by the map of settings.

Whether a pair is contradicted and how many presets its box holds does not depend on the two knobs; a setting only
chooses among the pairs. So the pairs are listed once, those that differ in fewest parameters first.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.player.rules.bitmask import SLACK, Field, Flags, Numbers, full_enough
from app.player.rules.effort import Limit

MOST = 3_000_000


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs of own presets. Attributes: `first` < `second` their rows, `differ` in how many parameters."""

    first: Numbers
    second: Numbers
    differ: Numbers

    def __len__(self) -> int:
        return len(self.first)

    def of(self) -> list[tuple[int, int]]:
        """Return the two rows of each pair."""
        return list(zip(self.first.tolist(), self.second.tolist(), strict=True))

    def where(self, chosen: Flags | Numbers | slice) -> Pairs:
        """Return some of the pairs."""
        return Pairs(self.first[chosen], self.second[chosen], self.differ[chosen])


def reach(distance: int, consistency: float, count: int, width: int) -> int:
    """Return in how many parameters two presets may differ: the distance, or less where their box must be too empty."""
    farthest = min(distance, width)
    if consistency > 0:
        while farthest > 1 and count < consistency * 2.0**farthest * (1 - SLACK):
            farthest -= 1
    return farthest


def differences(field: Field, begin: int, end: int) -> NDArray[np.uint8]:
    """Return in how many parameters own presets `begin` to `end` differ from all (rows, n)."""
    small = field.codes - field.starts[:-1]
    columns = small.T.astype(np.uint8 if small.max(initial=0) < 256 else np.uint16)
    total = np.zeros((end - begin, field.count), np.uint8)
    for column in columns:
        total += column[begin:end, None] != column[None, :]
    return total


def near_pairs(field: Field, farthest: int, limit: Limit, most: int = MOST) -> tuple[Pairs, bool]:
    """Return the pairs that differ in at most `farthest` parameters, and whether these are all.

    The list ends early where the limit is reached, or after `most` pairs; nearest pairs first, then by row.
    """
    found: list[tuple[Numbers, Numbers, NDArray[np.uint8]]] = []
    total, step = 0, max(1, (1 << 20) // max(1, field.count))
    whole = True
    for begin in range(0, field.count, step):
        if limit.over() or total > most:
            whole = False
            break
        apart = differences(field, begin, min(field.count, begin + step))
        limit.spend(apart.size * (field.width + 4) // 8)
        near = apart <= farthest
        near &= np.arange(field.count) > np.arange(begin, begin + len(apart))[:, None]
        first, second = np.nonzero(near)
        found.append((first + begin, second, apart[first, second]))
        total += len(first)
    if not found:
        nothing = np.zeros(0, np.int64)
        return Pairs(nothing, nothing, nothing), whole
    differ = np.concatenate([part[2] for part in found])
    order = np.argsort(differ, kind="stable")
    first, second = (np.concatenate([part[n] for part in found])[order] for n in (0, 1))
    return Pairs(first, second, differ[order].astype(np.int64)), whole


@dataclass(frozen=True, slots=True)
class Judged:
    """Pairs with what is in their boxes. Attributes: `pairs`, `own` presets inside, `clean` no contradiction."""

    pairs: Pairs
    own: Numbers
    clean: Flags

    def accepted(self, distance: int, consistency: float) -> Flags:
        """Tell which pairs may merge."""
        sizes = 2.0**self.pairs.differ
        return self.clean & (self.pairs.differ <= distance) & full_enough(self.own, sizes, consistency)


def judged(field: Field, pairs: Pairs, limit: Limit) -> Judged:
    """Return pairs with what is in their boxes."""
    own, clean = np.zeros(len(pairs), np.int64), np.zeros(len(pairs), bool)
    step = field.chunk()
    codes = field.codes.T
    for begin in range(0, len(pairs), step):
        part = slice(begin, begin + step)
        inside = pair_inside(field, codes, pairs.first[part], pairs.second[part])
        limit.spend(2 * inside.size * field.width)
        held = inside[:, : field.words]
        own[part] = np.bitwise_count(held).sum(axis=1, dtype=np.int64)
        clean[part] = ~inside[:, field.words :].any(axis=1)
    return Judged(pairs, own, clean)


def pair_inside(field: Field, codes: Numbers, first: Numbers, second: Numbers) -> NDArray[np.uint64]:
    """Return the presets inside the boxes of pairs (pairs, words); `codes` is (P, n)."""
    inside: NDArray[np.uint64] = field.rows[codes[0][first]] | field.rows[codes[0][second]]
    for column in codes[1:]:
        inside &= field.rows[column[first]] | field.rows[column[second]]
    return inside
