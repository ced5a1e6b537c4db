"""Rules that grow from pairs of presets: nearly the exact ones, within any time.

The same unions are judged by the same conditions, but only along one path from each pair: the box takes in the preset
that lacks fewest parameters, until none fits. Pairs that already share a rule start none, so the work is about that of
writing the rules down. Many boxes grow side by side, because a step of one is too small to be worth a call. Whatever
time there is, each rule is sound; with enough of it every pair of presets that may merge shares a rule.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from app.player.rules.bitmask import (
    Boxes,
    Field,
    Flags,
    Numbers,
    different,
    full_enough,
    judge,
    maximal,
)
from app.player.rules.effort import Limit
from app.player.rules.pair import Judged, Pairs, judged

SIDE_BY_SIDE = 192
PART = 1 << 14  # Pairs judged at once: later ones may be covered by then.
MERGED = 400  # Rules tried with each other when all have grown.
MOST_UNIONS = 1 << 15
BLOCK = 1 << 17


@dataclass(frozen=True, slots=True)
class Grown:
    """What grew. Attributes: `boxes` the rules, `whole` whether every pair was looked at."""

    boxes: Boxes
    whole: bool


def grow(
    field: Field, pairs: Pairs, distance: int, consistency: float, limit: Limit, known: Judged | None = None
) -> Grown:
    """Return rules that hold every pair which may merge, as far as the limit goes.

    `pairs` are those near enough, nearest first; `known` what is in their boxes, if that was found out before.
    """
    garden = _Garden(field, distance, consistency, limit)
    whole = True
    for begin, end in _parts(pairs.differ):
        part = np.arange(begin, end)
        part = part[~garden.together[pairs.first[part], pairs.second[part]]]
        if limit.over():
            whole = False
            break
        if not len(part):
            continue
        found = judged(field, pairs.where(part), limit) if known is None else None
        own = found.own if found else known.own[part]  # type: ignore[union-attr]
        clean = found.clean if found else known.clean[part]  # type: ignore[union-attr]
        good = clean & full_enough(own, 2.0 ** pairs.differ[part], consistency)
        fullest = np.lexsort((pairs.second[part], pairs.first[part], -own))
        whole &= garden.sow(pairs.where(part[fullest[good[fullest]]]))
    return Grown(_merged(field, garden.boxes(), distance, consistency, limit), whole)


def _parts(differ: Numbers) -> list[tuple[int, int]]:
    """Return stretches of pairs that differ in the same number of parameters, none too long."""
    edges = np.flatnonzero(np.diff(differ)) + 1
    bounds = [0, *edges.tolist(), len(differ)]
    return [(at, min(at + PART, end)) for begin, end in pairwise(bounds) for at in range(begin, end, PART)]


class _Garden:
    """Boxes that grow. Attributes: `together` (n, n) which presets share a rule already."""

    def __init__(self, field: Field, distance: int, consistency: float, limit: Limit) -> None:
        self.field, self.distance, self.consistency, self.limit = field, distance, consistency, limit
        self.together: Flags = np.eye(field.count, dtype=bool)
        self._singles = field.singles()
        self._codes = np.ascontiguousarray(field.codes.T)
        self._done: list[Boxes] = []
        random = np.random.default_rng(0)
        self._marks = random.integers(1 << 63, size=len(field.word_of), dtype=np.uint64)

    def boxes(self) -> Boxes:
        """Return the rules so far: what grew, and each preset that is in none of it."""
        grown = Boxes.joined(self._done) if self._done else self._singles.take(slice(0, 0))
        covered = self.field.flags(grown.inside).any(axis=0) if len(grown) else np.zeros(self.field.count, bool)
        return maximal(self.field, Boxes.joined([grown, self._singles.take(~covered)]), self.limit.spend)

    def sow(self, pairs: Pairs) -> bool:
        """Grow these pairs, the first ones first, without those that a rule holds by then; False if time ran out."""
        while True:
            pairs = pairs.where(~self.together[pairs.first, pairs.second])
            if not len(pairs):
                return True
            if self.limit.over():
                return False
            bed = _Bed(self, pairs.where(slice(0, SIDE_BY_SIDE)))
            bed.grow()
            self._keep(bed.boxes.take(bed.wanted))

    def _keep(self, boxes: Boxes) -> None:
        boxes = boxes.take(different(boxes.masks))
        for held in self.field.flags(boxes.inside):
            members = np.flatnonzero(held)
            self.together[members[:, None], members] = True
        self._done.append(boxes)


class _Bed:
    """Boxes that grow side by side, from pairs of presets.

    Attributes: `boxes`; `seeds` their pairs; `shares` (boxes, P) how many values they have; `barred` (boxes, n) the
    presets that bring a contradiction, which no later union can take away; `held` (boxes, n) the presets inside;
    `live` the places of those that still grow; `wanted` (boxes) those whose pair came into no box before theirs.
    """

    def __init__(self, garden: _Garden, seeds: Pairs) -> None:
        self.garden, self.field, self.seeds = garden, garden.field, seeds
        self.boxes = garden._singles.union(seeds.first, seeds.second)
        self.shares = self.field.shares(self.boxes.masks)
        self.barred = np.zeros((len(seeds), self.field.count), bool)
        self.held = np.zeros((len(seeds), self.field.count), bool)
        self.live = np.arange(len(seeds))
        self.wanted = np.ones(len(seeds), bool)

    def grow(self) -> None:
        """Let every box take in one preset after another, until none fits or the time is over."""
        while len(self.live) and not self.garden.limit.over():
            lacking = self._lacking()
            waiting = self.live
            grew = [np.zeros(0, np.int64)]
            for count in range(1, self.garden.distance + 1):
                if not len(waiting):
                    break
                took = self._step(waiting, lacking[waiting], count)
                grew.append(waiting[took])
                waiting = waiting[~took]
            self.live = np.sort(np.concatenate(grew))

    def _lacking(self) -> NDArray[np.uint8]:
        """Return how many parameters each own preset lacks in each live box (boxes, n); give up what is held twice."""
        self.garden.limit.spend(len(self.live) * self.field.width * self.field.count // 4 + 2 * self.held.size)
        lacking = np.full(self.held.shape, 255, np.uint8)
        inside = np.zeros((len(self.live), self.field.count), np.uint8)
        for cover in self.boxes.cover:
            inside += self.field.flags(cover[self.live])
        lacking[self.live] = self.field.width - inside
        self.held[self.live] = lacking[self.live] == 0
        both = (self.held[:, self.seeds.first] & self.held[:, self.seeds.second])[self.wanted]
        before = np.flatnonzero(self.wanted)[:, None] < np.arange(len(self.wanted))
        self.wanted &= ~(both & before).any(axis=0)
        self.live = self.live[self.wanted[self.live]]
        return lacking

    def _step(self, places: Numbers, lacking: NDArray[np.uint8], count: int) -> Flags:
        """Let these boxes take in a preset that lacks `count` parameters; tell which could."""
        took = np.zeros(len(places), bool)
        box, preset = np.nonzero((lacking == count) & ~self.barred[places])
        if not len(box):
            return took
        self.garden.limit.spend(len(places) * self.field.count // 2 + len(box) * 8 * self.field.width)
        levels = self.field.codes[preset]
        new = (self.boxes.masks[places[box][:, None], self.field.word_of[levels]] & self.field.bit_of[levels]) == 0
        sizes = np.multiply.reduce((self.shares[places[box]] + new).astype(np.float64), axis=1)
        # Only what is not too large anyhow, and of presets that bring the same values the first.
        some = np.flatnonzero(full_enough(self.field.count, sizes, self.garden.consistency))
        brought = np.where(new[some], self.garden._marks[levels[some]], 0).sum(axis=1, dtype=np.uint64)
        mark = brought ^ (box[some].astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15))
        some = some[np.sort(np.unique(mark, return_index=True)[1])]
        box, preset, sizes = box[some], preset[some], sizes[some]
        own, clean = self._judged(places[box], preset)
        self.barred[places[box[~clean]], preset[~clean]] = True
        good = clean & full_enough(own, sizes, self.garden.consistency)
        return self._take(places, box[good], preset[good], own[good], sizes[good])

    def _judged(self, box: Numbers, preset: Numbers) -> tuple[Numbers, Flags]:
        """Return what would be in each box with a preset more: own presets, no contradiction."""
        own, clean = np.zeros(len(box), np.int64), np.zeros(len(box), bool)
        step = self.field.chunk() * 2
        self.garden.limit.spend(len(box) * self.field.width * self.field.rows.shape[1] * 3)
        for begin in range(0, len(box), step):
            part = slice(begin, begin + step)
            inside = np.full((len(box[part]), self.field.rows.shape[1]), ~np.uint64(0))
            for cover, codes in zip(self.boxes.cover, self.garden._codes, strict=True):
                inside &= cover[box[part]] | self.field.rows[codes[preset[part]]]
            verdict = judge(self.field, inside)
            own[part], clean[part] = verdict.own, verdict.clean
        return own, clean

    def _take(self, places: Numbers, box: Numbers, preset: Numbers, own: Numbers, sizes: NDArray[np.float64]) -> Flags:
        """Join the best preset to each box: the fullest union, then most presets, then the lowest row."""
        took = np.zeros(len(places), bool)
        order = np.lexsort((preset, -own, -(own / sizes), box))
        chosen, first = np.unique(box[order], return_index=True)
        best = preset[order[first]]
        took[chosen] = True
        at = places[chosen]
        single = self.garden._singles
        self.boxes.masks[at] |= single.masks[best]
        self.boxes.cover[:, at] |= single.cover[:, best]
        self.shares[at] = self.field.shares(self.boxes.masks[at])
        return took


def _merged(field: Field, rules: Boxes, distance: int, consistency: float, limit: Limit) -> Boxes:
    """Return rules of which no two may merge any more; of very many only those with most presets are tried.

    Growing leaves nothing to do here, but for one label in a thousand.
    """
    while not limit.over():
        most = np.argsort(-judge(field, rules.inside).own, kind="stable")[:MERGED]
        fresh = _unions(field, rules.take(np.sort(most)), distance, consistency, limit)
        if not len(fresh):
            break
        rules = maximal(field, Boxes.joined([rules, fresh]), limit.spend)
    return rules


def _unions(field: Field, rules: Boxes, distance: int, consistency: float, limit: Limit) -> Boxes:
    """Return the accepted unions of rules; only so many pairs are tried, the time is the limit besides."""
    parts, tried = [rules.take(slice(0, 0))], 0
    step = max(1, BLOCK // max(1, len(rules)))
    for begin in range(0, len(rules), step):
        if limit.over() or tried > MOST_UNIONS:
            break
        limit.spend(len(rules.masks[begin : begin + step]) * len(rules) * (field.mask_words + 2))
        near = field.apart(rules.masks[begin : begin + step], rules.masks) <= distance
        near &= np.arange(len(rules)) < np.arange(begin, begin + len(near))[:, None]
        first, second = np.nonzero(near)
        first += begin
        for at in range(0, len(first), 2 * field.chunk()):
            part = slice(at, at + 2 * field.chunk())
            if limit.over() or tried > MOST_UNIONS:
                break
            one, other = first[part], second[part]
            sizes = field.sizes(rules.masks[one] | rules.masks[other])
            fits = full_enough(field.count, sizes, consistency)
            tried += int(fits.sum())
            limit.spend(len(one) * 4 * field.mask_words + int(fits.sum()) * field.width * field.rows.shape[1] * 4)
            union = rules.union(one[fits], other[fits])
            verdict = judge(field, union.inside)
            parts.append(union.take(verdict.clean & full_enough(verdict.own, sizes[fits], consistency)))
    return Boxes.joined(parts)
