"""Which way rules are looked for: the exact ones where they can be had in time, else those that grow.

A performer waits for nobody, so every search has an end: the exact one may use a small part of the effort, and labels
share what there is. The effort is counted and not timed, so the same presets give the same rules at any load. A label
filled completely has one rule, whatever the settings, and is not searched at all.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from app.player.rules import exact, growth
from app.player.rules.bitmask import Boxes, Field, Numbers
from app.player.rules.effort import Limit
from app.player.rules.pair import Judged, Pairs, judged, near_pairs, reach

SMALL = 120  # Presets; below, the exact search is always tried.
MIDDLE = 500


@dataclass(frozen=True, slots=True)
class Knobs:
    """The two settings. Attributes: `distance`, `consistency`."""

    distance: int
    consistency: float


@dataclass(frozen=True, slots=True)
class Patience:
    """What an exact search may cost.

    Attributes: `crowded` (pairs that may merge, for each preset: above, a large table is not tried), `judged` (pairs
    judged at once; more are judged while rules grow and cover them), `caps` of the search itself.
    """

    crowded: float
    judged: int
    caps: exact.Caps


ON_STAGE = Patience(3, 60_000, exact.Caps(20_000, 3_000_000))
AT_A_DESK = Patience(float("inf"), 3_000_000, exact.Caps(200_000, 300_000_000))


@dataclass(frozen=True, slots=True)
class Found:
    """The rules of one label. Attributes: `boxes`, `exact` whether they are the exact ones."""

    boxes: Boxes
    exact: bool


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Near pairs of one label, for one setting or a whole map.

    Attributes: `pairs`, `whole` whether these are all, `known` what is in their boxes if they are few enough.
    """

    pairs: Pairs
    whole: bool
    known: Judged | None


def exact_share(presets: int, thorough: bool = False) -> float:
    """Return how much of the whole effort the exact searches of all labels may take together.

    Few presets have hardly any need of the rest. Of many only those are tried that are not crowded, and these end soon;
    between, what an exact search wastes is felt most.
    """
    if thorough:
        return 0.7
    if presets <= SMALL:
        return 0.15
    return 0.08 if presets <= MIDDLE else 0.2


def neighbours(field: Field, knobs: Knobs, limit: Limit, patience: Patience = ON_STAGE) -> Neighbours:
    """Return the pairs near enough for these settings and all narrower ones."""
    farthest = reach(knobs.distance, knobs.consistency, field.count, field.width)
    pairs, whole = near_pairs(field, farthest, limit)
    return Neighbours(pairs, whole, judged(field, pairs, limit) if len(pairs) <= patience.judged else None)


def search(
    field: Field, near: Neighbours, knobs: Knobs, limit: Limit, sooner: Limit, patience: Patience = ON_STAGE
) -> Found:
    """Return a label's rules; the exact ones if they are found within the `sooner` limit."""
    if knobs.distance < 1:
        return Found(field.singles(), True)
    if box := _whole(field):
        return Found(box, True)
    pairs = near.pairs
    if near.known is not None and near.whole:
        chosen = np.flatnonzero(near.known.accepted(knobs.distance, knobs.consistency))
        if not len(chosen):
            return Found(field.singles(), True)
        if field.count <= SMALL or len(chosen) <= patience.crowded * field.count:
            try:
                ready = pairs.where(chosen)
                rules = exact.learn(field, ready, knobs.distance, knobs.consistency, sooner, patience.caps)
                return Found(rules, True)
            except exact.GivenUp:
                pass  # Told by `exact` False below.
    return _grown(field, near, knobs, limit)


def _grown(field: Field, near: Neighbours, knobs: Knobs, limit: Limit) -> Found:
    farthest = reach(knobs.distance, knobs.consistency, field.count, field.width)
    end = int(np.searchsorted(near.pairs.differ, farthest, side="right"))
    pairs, known = near.pairs.where(slice(0, end)), near.known
    if known is not None:
        known = Judged(pairs, known.own[:end], known.clean[:end])
    grown = growth.grow(field, pairs, knobs.distance, knobs.consistency, limit, known)
    return Found(grown.boxes, False)


def _whole(field: Field) -> Boxes | None:
    """Return the one box that holds all own presets if it is filled and not contradicted; it is the only rule then."""
    if field.count < 2:
        return None
    used = [np.unique(column) for column in field.codes.T]
    if np.prod([float(len(column)) for column in used]) != field.count:
        return None
    box = _spanning(field, used)
    return None if box.inside[:, field.words :].any() else box


def _spanning(field: Field, used: list[Numbers]) -> Boxes:
    masks = np.zeros((1, field.mask_words), np.uint64)
    for levels in used:
        np.bitwise_or.at(masks[0], field.word_of[levels], field.bit_of[levels])
    cover = np.stack([np.bitwise_or.reduce(field.rows[levels], axis=0) for levels in used])
    return Boxes(masks, cover[:, None])
