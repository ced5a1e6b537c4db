"""How many presets rules can make: each counted once, although rules overlap.

Few are listed; for many the count is estimated from random ones, because the sum of the rules' sizes can be several
times too large.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.player.rules.preset import Value
from app.player.rules.rule import Rule

LISTED = 200_000
DRAWN = 1000


@dataclass(frozen=True, slots=True)
class Count:
    """Distinct presets. Attributes: `total`, `new` of them not among the kept ones, `exact` or estimated."""

    total: int
    new: int
    exact: bool


def counted(rules: Sequence[Rule], kept: Collection[tuple[Value, ...]], listed: int = LISTED) -> Count:
    """Return how many presets rules make; more than `listed` are estimated.

    Every one of `kept` lies in some rule, as all presets do from which rules are learned.
    """
    if not rules:
        return Count(0, 0, True)
    total = sum(rule.size for rule in rules)
    inside = len(set(kept))
    if all(rule.size == rule.own for rule in rules):
        return Count(inside, 0, True)
    if total <= listed:
        distinct = _listed(rules)
        return Count(distinct, distinct - inside, True)
    about = _estimated(rules)
    return Count(about, max(0, about - inside), False)


def _listed(rules: Sequence[Rule]) -> int:
    marks = _marks(rules)
    keys = [_combined([marks[p, value] for value in known] for p, known in enumerate(rule.sets)) for rule in rules]
    return len(np.unique(np.concatenate(keys)))


def _marks(rules: Sequence[Rule]) -> dict[tuple[int, Value], int]:
    random = np.random.default_rng(1)
    pairs = dict.fromkeys((p, value) for rule in rules for p, known in enumerate(rule.sets) for value in known)
    return dict(zip(pairs, random.integers(1 << 63, size=len(pairs)).tolist(), strict=True))


def _combined(sets: object) -> NDArray[np.uint64]:
    """Return the sum of marks of every combination, modulo 2^64."""
    total = np.zeros(1, np.uint64)
    for marks in sets:  # type: ignore[attr-defined]
        total = (total[:, None] + np.array(marks, np.uint64)[None, :]).ravel()
    return total


def _estimated(rules: Sequence[Rule]) -> int:
    """Return about how many: random presets, each weighted by one over the number of rules that make it."""
    random = np.random.default_rng(2)
    total = sum(rule.size for rule in rules)
    chances = np.array([rule.size / total for rule in rules])
    chosen = random.choice(len(rules), DRAWN, p=chances / chances.sum())
    makes = np.ones((len(rules), DRAWN), bool)
    for parameter in range(len(rules[0].sets)):
        sets = [rule.sets[parameter] for rule in rules]
        places = {value: n for n, value in enumerate(dict.fromkeys(v for known in sets for v in known))}
        has = np.zeros((len(rules), len(places)), bool)
        for rule, known in enumerate(sets):
            has[rule, [places[value] for value in known]] = True
        spots = zip(chosen, random.random(DRAWN), strict=True)
        drawn = [places[sets[rule][int(spot * len(sets[rule]))]] for rule, spot in spots]
        makes &= has[:, drawn]
    share = float(np.mean(1 / makes.sum(axis=0)))
    return max(round(total * share), max(rule.size for rule in rules))
