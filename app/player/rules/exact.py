"""The exact rules: every pair of rules is tried, round after round, until nothing new is found.

This is RuLer as published (Paz, Nebot, Mugica, Romero, "On-the-fly synthesizer programming with fuzzy rule
learning", Entropy 22(9) 969, 2020), with the same conditions at every distance and contradictions against the presets
as they were kept. A rejected pair stays rejected, so later rounds try only pairs with a rule of the round before. The
number of rules can still explode; then this gives up in time and the other learner takes over.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from app.player.rules.bitmask import (
    Boxes,
    Field,
    Numbers,
    Words,
    contained,
    different,
    full_enough,
    judge,
    keys,
    maximal,
)
from app.player.rules.effort import Limit
from app.player.rules.pair import Pairs

MOST_WORDS = 1 << 25  # 256 MB of bits.
BLOCK = 1 << 16  # Pairs of rules compared at once.


class GivenUp(Exception):  # noqa: N818 - a decision, not an error
    """The exact rules are too many for the time that was given."""


@dataclass(frozen=True, slots=True)
class Caps:
    """Where the search gives up. Attributes: `rules` in one round, `pairs` of rules compared in one."""

    rules: int
    pairs: int


def learn(field: Field, pairs: Pairs, distance: int, consistency: float, limit: Limit, caps: Caps) -> Boxes:
    """Return the rules of a label; `pairs` are the accepted pairs of presets. GivenUp if they are too many."""
    search = _Search(field, distance, consistency, limit, caps)
    return search.run(pairs)


class _Search:
    """Rounds of merging. Attributes: `known` the keys of all boxes judged so far, ascending."""

    def __init__(self, field: Field, distance: int, consistency: float, limit: Limit, caps: Caps) -> None:
        self.field, self.distance, self.consistency = field, distance, consistency
        self.limit, self.caps = limit, caps
        self.known: Words = np.zeros(0, np.uint64)

    def run(self, pairs: Pairs) -> Boxes:
        single = self.field.singles()
        self._check(len(pairs))
        self._spend(len(pairs) * self.field.width * self.field.rows.shape[1] * 3)
        fresh = single.union(pairs.first, pairs.second)
        fresh = fresh.take(different(fresh.masks))
        alone = np.ones(len(single), bool)
        alone[pairs.first] = alone[pairs.second] = False
        rules, new = self._absorb(single.take(alone), fresh)
        while new:
            fresh, merged = self._round(rules, len(rules) - new)
            rules, new = self._absorb(rules.take(~merged), fresh)
        return rules

    def _absorb(self, old: Boxes, fresh: Boxes) -> tuple[Boxes, int]:
        """Return the maximal rules of both, the new ones last, and how many those are."""
        self._check(len(old) + len(fresh))
        if not len(fresh):
            return old, 0
        fresh = maximal(self.field, fresh, self._spend)
        old = old.take(~contained(self.field, old, fresh, self._spend))
        return Boxes.joined([old, fresh]), len(fresh)

    def _round(self, rules: Boxes, first_new: int) -> tuple[Boxes, np.ndarray[tuple[int], np.dtype[np.bool_]]]:
        """Return the accepted unions of all pairs with a new rule, and which rules went into one."""
        parts: list[Boxes] = [rules.take(slice(0, 0))]
        merged = np.zeros(len(rules), bool)
        step = max(1, BLOCK // len(rules))
        tried = 0
        for begin in range(first_new, len(rules), step):
            end = min(len(rules), begin + step)
            self._spend((end - begin) * end * (self.field.mask_words + 2))
            near = self.field.apart(rules.masks[begin:end], rules.masks[:end]) <= self.distance
            near &= np.arange(end) < np.arange(begin, end)[:, None]
            one, other = np.nonzero(near)
            tried += len(one)
            self._check(sum(map(len, parts)) + len(rules), tried)
            parts += self._accepted(rules, one + begin, other, merged)
        fresh = Boxes.joined(parts)
        return fresh.take(different(fresh.masks)), merged

    def _accepted(self, rules: Boxes, one: Numbers, other: Numbers, merged: Numbers) -> list[Boxes]:
        """Return the accepted unions of these pairs; mark their parts in `merged`."""
        found = []
        step = 4 * self.field.chunk()
        for begin in range(0, len(one), step):
            first, second = one[begin : begin + step], other[begin : begin + step]
            self._spend(len(first) * (4 * self.field.mask_words + 20))
            masks = rules.masks[first] | rules.masks[second]
            sizes = self.field.sizes(masks)
            chosen = np.flatnonzero(full_enough(self.field.count, sizes, self.consistency))
            chosen = chosen[self._unknown(masks[chosen])]
            if not len(chosen):
                continue
            self._spend(len(chosen) * self.field.width * (self.field.rows.shape[1] + 1) * 4)
            union = rules.union(first[chosen], second[chosen])
            verdict = judge(self.field, union.inside)
            good = verdict.clean & full_enough(verdict.own, sizes[chosen], self.consistency)
            merged[first[chosen[good]]] = merged[second[chosen[good]]] = True
            found.append(union.take(good))
        return found

    def _unknown(self, masks: Words) -> Numbers:
        """Return the places of boxes that were not judged before, each once, and remember them."""
        mark = keys(masks)
        fresh, places = np.unique(mark, return_index=True)
        at = np.searchsorted(self.known, fresh)
        seen = np.zeros(len(fresh), bool)
        if len(self.known):
            seen = self.known[np.minimum(at, len(self.known) - 1)] == fresh
        self.known = np.insert(self.known, at[~seen], fresh[~seen])
        return np.sort(places[~seen])

    def _spend(self, steps: int) -> None:
        self.limit.spend(steps)
        self._check(0)

    def _check(self, rules: int, pairs: int = 0) -> None:
        words = rules * self.field.width * self.field.rows.shape[1]
        if rules > self.caps.rules or pairs > self.caps.pairs or words > MOST_WORDS or self.limit.over():
            raise GivenUp
