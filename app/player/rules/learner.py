"""RuLer: rules from labelled presets, in scikit-learn's convention and with only two settings.

`fit` looks for the rules with the effort it is given and says whether they are the exact ones; everything else asks
what was found. Effort is counted in steps (see `effort`), so that the same presets give the same rules on any machine
at any load. A fit that is no longer wanted leaves what was there. The algorithm is RuLer's (Paz, Nebot, Mugica, Romero,
Entropy 22(9) 969, 2020); see `exact` and `growth`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, Self

import numpy as np

from app.player.rules.bitmask import Coded, Field
from app.player.rules.effort import (
    FOREVER,
    STEPS_PER_S,
    Clock,
    Effort,
    Guard,
    Limit,
    limit_of,
    never,
)
from app.player.rules.notice import Notice, conflicts_of, near_misses_of
from app.player.rules.preset import NO_CLASS, Presets, RulesError, Value, presets_from, verified
from app.player.rules.rule import Rule, ordered
from app.player.rules.sampling import Mode, Sample, Sampler, Wish
from app.player.rules.search import AT_A_DESK, ON_STAGE, Knobs, exact_share, neighbours, search
from app.player.rules.variation import Count, counted
from app.snapshot_rules import Cell

MAP_LABEL_S = 0.02  # For one label in one cell of the map, as seconds of a usual machine.
MAP_EXACT = 0.25  # Of it.
MAP_LISTED = 20_000
MAP_S = 600.0  # When a map is left unfinished: it takes seconds, and nobody waits for it.


class RuLer:
    """Learns rules from presets and makes presets from rules.

    Attributes: `distance` (0 and more: in how many parameters two rules may share no value and still merge),
    `consistency` (0..1: the least share of a rule's combinations that are presets of its label), `budget` (seconds that
    the search takes on a usual machine, in which the steps are counted), `thorough` (exact rules are worth waiting
    for: most of the budget may go by before approximate ones are taken).
    After `fit`: `rules_` (numbered within their label in this order), `exact_`, `approximate_` (the labels whose rules
    are not the exact ones), `hurried_` (the machine was so slow that the clock ended the search), `labels_`,
    `presets_`, `seconds_`.
    """

    def __init__(
        self, distance: int = 1, consistency: float = 1.0, budget: float = 0.8, thorough: bool = False
    ) -> None:
        self.distance, self.consistency, self.budget, self.thorough = distance, consistency, budget, thorough
        self._sampler: Sampler | None = None

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_sampler": None}

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """Return the settings by name."""
        names = ("distance", "consistency", "budget", "thorough")
        return {name: getattr(self, name) for name in names}

    def fit(
        self,
        presets: Presets | Iterable[Sequence[Any]],
        y: Iterable[Any] | None = None,
        stop: Callable[[], bool] | None = None,
        first: str = "",
        clock: Clock = time.perf_counter,
    ) -> Self:
        """Learn from a table, or from rows and their labels `y`; RulesError if that cannot be.

        `first` is the label whose rules are looked for first. When `stop()` says so the fit ends, and what was learnt
        before stays. `clock` (seconds) only ends a search that takes many times longer than its budget.
        """
        knobs = checked(self.distance, self.consistency)
        table = table_of(presets, y)
        began = clock()
        whole = limit_of(clock, self.budget, stop or never)
        coded = Coded.of(table)
        rules, approximate = [], []
        patience = AT_A_DESK if self.thorough else ON_STAGE
        tries = exact_share(len(table), self.thorough) * whole.end
        # What small labels leave is for the large ones, except on stage, where the one in use comes first.
        labels = sorted(coded.labels, key=lambda label: (label != first, self.thorough * len(coded.own[label])))
        for place, label in enumerate(labels):
            share = 1 / (len(labels) - place)
            limit = whole.part(share)
            field = Field(coded, label)
            near = neighbours(field, knobs, limit, patience)
            spent = whole.effort.steps
            found = search(field, near, knobs, limit, limit.within(tries * share), patience)
            tries -= min(tries * share, whole.effort.steps - spent)
            if stop is not None and stop():
                return self
            rules += field.rules(found.boxes)
            approximate += [] if found.exact else [label]
        self._sampler = None
        self.presets_, self.labels_ = table, coded.labels
        self.rules_, self.approximate_ = ordered(rules), tuple(sorted(approximate))
        self.exact_, self.hurried_, self.seconds_ = not approximate, whole.guard.struck, clock() - began
        return self

    @classmethod
    def restored(cls, presets: Presets, rules: Iterable[Rule], distance: int, consistency: float, exact: bool) -> Self:
        """Return a learner that knows rules which were learnt before; RulesError if they do not fit to the presets."""
        made = cls(distance, consistency)
        checked(distance, consistency)
        made.presets_, made.rules_ = table_of(presets, None), ordered(rules)
        made.labels_ = made.presets_.labels
        if any(len(rule.sets) != len(presets.names) or rule.label not in made.labels_ for rule in made.rules_):
            raise RulesError("The rules are those of other presets; learn them again")
        made.exact_, made.approximate_, made.seconds_ = exact, () if exact else made.labels_, 0.0
        made.hurried_ = False
        return made

    def of(self, label: str) -> tuple[Rule, ...]:
        """Return the rules of a label, number 1 first; RulesError if there is no such label."""
        return self._sample_from().of(label)

    def sample(
        self,
        label: str,
        *,
        rule: int | None = None,
        mode: Mode | str = "set",
        only_new: bool = False,
        near: int | None = None,
        weighted: bool = False,
        locks: Mapping[int, Value] | None = None,
        ranges: Mapping[int, tuple[float, float]] | None = None,
        avoid: Collection[tuple[Value, ...]] = (),
        rng: np.random.Generator | None = None,
    ) -> Sample:
        """Return a preset of a label; RulesError says why there is none.

        `rule` is a number from 1 and wraps around, None for any (`weighted`: those with more presets more often).
        `mode` is "set" (values of the rule) or "interval" (anywhere between them). `only_new` refuses kept presets,
        `avoid` other ones; `near` is how many parameters may differ from the nearest preset of the label. `locks`
        (parameter from 0 -> value) and `ranges` (-> lowest, highest) are applied at the end. `rng` makes the choices.
        """
        wish = Wish(rule, mode, only_new, near, weighted, dict(locks or {}), dict(ranges or {}), avoid)
        return self._sample_from().draw(label, wish, np.random.default_rng() if rng is None else rng)

    def step(self, sample: Sample, rng: np.random.Generator) -> Sample:
        """Return the sample with one parameter at another value of its rule."""
        return self._sample_from().step(sample, rng)

    def variations(self, label: str | None = None) -> Count:
        """Return how many distinct presets the rules of a label, or all rules, can make."""
        rules = self._rules() if label is None else self.of(label)
        labels = self.labels_ if label is None else (label,)
        return counted(rules, {preset.values for preset in self.presets_.rows if preset.label in labels})

    def name(self, values: Sequence[Value]) -> str:
        """Return the label that a setting of the knobs belongs to, "" if none is near."""
        return self._sample_from().pieces.name(values)

    def near_misses(self, most: int = 20) -> tuple[Notice, ...]:
        """Return which rules nearly merge, and what it would take."""
        return near_misses_of(self._rules(), self.presets_, checked(self.distance, self.consistency), most)

    def conflicts(self, most: int = 20) -> tuple[Notice, ...]:
        """Return presets under two labels, and rules that a preset of another label keeps apart."""
        return conflicts_of(self._rules(), self.presets_, checked(self.distance, self.consistency), most)

    def _rules(self) -> tuple[Rule, ...]:
        if not hasattr(self, "rules_"):
            raise RulesError("Nothing is learnt yet; keep some presets under a label first")
        return self.rules_

    def _sample_from(self) -> Sampler:
        if self._sampler is None:
            self._sampler = Sampler(self._rules(), self.presets_)
        return self._sampler


def table_of(presets: Presets | Iterable[Sequence[Any]], y: Iterable[Any] | None) -> Presets:
    """Return what a fit got as a table that can be learned from; RulesError if it is none."""
    if isinstance(presets, Presets):
        table = verified(presets)
    elif y is None:
        raise RulesError("Rows come without labels; give one label for each row")
    else:
        rows, labels = list(presets), list(y)
        if len(rows) != len(labels):
            raise RulesError(f"There are {len(rows)} rows and {len(labels)} labels; give one label for each row")
        table = presets_from(rows, labels)
    if not {preset.label for preset in table.rows} - {NO_CLASS}:
        raise RulesError("No preset has a label; keep some under one first")
    return table


def checked(distance: int, consistency: float) -> Knobs:
    """Return the settings if they can be; RulesError if not."""
    if isinstance(distance, bool) or int(distance) != distance or distance < 0:
        raise RulesError(f"distance is {distance}; it is a whole number, 0 or more")
    if not 0 <= consistency <= 1:
        raise RulesError(f"consistency is {consistency}; it lies between 0 and 1")
    return Knobs(int(distance), float(consistency))


def sweep(
    presets: Presets,
    distances: Sequence[int],
    consistencies: Sequence[float],
    stop: Callable[[], bool] | None = None,
    clock: Clock = time.perf_counter,
) -> Iterator[Cell]:
    """Yield rules and variations at every setting; pairs are judged once for all.

    Ends early when `stop()` says so, or where `clock` (seconds) shows that it would never end: a cell is right or
    missing, and never depends on how busy the machine is.
    """
    table = table_of(presets, None)
    guard = Guard(clock, MAP_S, stop or never)
    coded = Coded.of(table)
    widest = checked(max(distances, default=1), min(consistencies, default=1.0))
    plots = [_Plot(Field(coded, label), widest, guard) for label in coded.labels]
    kept = {preset.values for preset in table.rows if preset.label != NO_CLASS}
    for consistency in consistencies:
        for distance in distances:
            if guard.over():
                return
            rules = [rule for plot in plots for rule in plot.rules(checked(distance, consistency))]
            if guard.over():
                return
            yield Cell(distance, consistency, len(rules), counted(rules, kept, MAP_LISTED).total)


class _Plot:
    """One label's part of the map: its pairs are judged once, and what was too much for an exact search is known."""

    def __init__(self, field: Field, widest: Knobs, guard: Guard) -> None:
        self._field = field
        self._limit = Limit(Effort(), FOREVER, guard)
        self._near = neighbours(field, widest, self._limit)
        self._too_much: list[Knobs] = []

    def rules(self, knobs: Knobs) -> list[Rule]:
        """Return the label's rules at one setting, approximate where exact ones would be too much."""
        limit = self._limit.within(MAP_LABEL_S * STEPS_PER_S)
        known = any(k.distance <= knobs.distance and k.consistency >= knobs.consistency for k in self._too_much)
        found = search(self._field, self._near, knobs, limit, limit.part(0.0 if known else MAP_EXACT))
        if not found.exact:
            self._too_much.append(knobs)
        return self._field.rules(found.boxes)
