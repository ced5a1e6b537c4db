"""Cores of different labels that overlap are cut apart, so that every place between presets has one owner.

A rule stretches from its lowest to its highest value, and a preset of another label may lie in a gap between them.
Where two such stretches meet, one parameter in which the rules share no value is cut into runs of the same owner; of
several the one that leaves most room: most dimensions, then most extent. This is the fuzzy part of RuLer (Paz, Nebot,
Mugica, Romero, Entropy 22(9) 969, 2020). Pairs are resolved one after another instead of all at once, as the number
of ways to cut all pairs together explodes; only naming uses the pieces, and a rule stays whole for whoever calls it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from app.player.rules.preset import Presets, Value
from app.player.rules.rule import Rule

MOST_RULES = 200  # Above, whoever names goes by the nearest own values alone.
MOST_PIECES = 300  # Past these the rest stays whole: it is done beside the music.
Spans = Sequence[float]


def spans_of(presets: Presets) -> tuple[float, ...]:
    """Return the range of each parameter's values, 0 where they are words or all the same."""
    spans = []
    for parameter in range(len(presets.names)):
        column = [float(value) for value in presets.column(parameter) if not isinstance(value, str)]
        spans.append(max(column, default=0.0) - min(column, default=0.0))
    return tuple(spans)


def cut(rules: Sequence[Rule], spans: Spans) -> tuple[Rule, ...]:
    """Return the rules in pieces that no longer overlap with those of other labels where a cut can do that.

    `spans` are the units in which extents of different parameters are compared. A piece keeps its rule's label and
    number of presets.
    """
    if len(rules) > MOST_RULES or len({rule.label for rule in rules}) < 2:
        return tuple(rules)
    apart: list[Rule] = []
    waiting = list(reversed(rules))
    while waiting:
        rule = waiting.pop()
        for place, other in enumerate(apart):
            pieces = parted(rule, other, spans)
            if pieces:
                del apart[place]
                waiting += reversed(pieces)
                break
        else:
            apart.append(rule)
        if len(apart) + len(waiting) > MOST_PIECES:
            return (*apart, *waiting)
    return tuple(apart)


def parted(one: Rule, other: Rule, spans: Spans) -> tuple[Rule, ...]:
    """Return the pieces of two rules that overlap, the first's first; () if they do not or no cut parts them."""
    if one.label == other.label or not overlap(one, other):
        return ()
    ways = [
        _along(one, other, parameter)
        for parameter, (mine, its) in enumerate(zip(one.sets, other.sets, strict=True))
        if not set(mine) & set(its)
    ]
    return max(ways, key=lambda pieces: room(pieces, spans), default=())


def overlap(one: Rule, other: Rule) -> bool:
    """Tell whether two rules meet in every parameter: stretches of numbers, or sets where there are words."""
    return all(_meet(mine, its) for mine, its in zip(one.sets, other.sets, strict=True))


def room(rules: Sequence[Rule], spans: Spans) -> tuple[float, ...]:
    """Return how much room rules take: their extents added up by number of dimensions, the highest number first."""
    total = [0.0] * (len(spans) + 1)
    for rule in rules:
        stretched = [
            (float(known[-1]) - float(known[0])) / (span or 1.0)
            for known, span in zip(rule.sets, spans, strict=True)
            if not _worded(known) and known[-1] > known[0]  # type: ignore[operator]
        ]
        total[len(stretched)] += sum(stretched)
    return tuple(reversed(total))


def _along(one: Rule, other: Rule, parameter: int) -> tuple[Rule, ...]:
    """Return two rules cut along a parameter into runs of the same owner."""
    mine = set(one.sets[parameter])
    values = sorted((*one.sets[parameter], *other.sets[parameter]), key=float)
    made: dict[bool, list[Rule]] = {True: [], False: []}
    for owned, run in groupby(values, key=mine.__contains__):
        rule = one if owned else other
        sets = (*rule.sets[:parameter], tuple(run), *rule.sets[parameter + 1 :])
        made[owned].append(replace(rule, sets=sets))
    return (*made[True], *made[False])


def _meet(mine: tuple[Value, ...], its: tuple[Value, ...]) -> bool:
    if _worded(mine) or _worded(its):
        return not set(mine).isdisjoint(its)
    return float(mine[0]) <= float(its[-1]) and float(its[0]) <= float(mine[-1])


def _worded(known: tuple[Value, ...]) -> bool:
    return any(isinstance(value, str | bool) for value in known)
