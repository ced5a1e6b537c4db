"""New presets from rules: values of a rule ("set") or anywhere between them ("interval").

Set sampling can only say what the rule says. Interval sampling leaves the rule's guarantees, so a point where another
label lives is drawn again, and after so many tries a value of the rule is taken instead. Wishes (new only, near a
kept preset) are met inside the rule; locks and ranges have the last word, because they belong to the performer. So
whether a point is safe is asked when they have been applied.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from itertools import groupby, islice
from typing import Literal

import numpy as np

from app.player.rules.cut import cut, spans_of
from app.player.rules.naming import Cores
from app.player.rules.preset import Presets, RulesError, Value
from app.player.rules.rule import Rule

Mode = Literal["set", "interval"]
Values = tuple[Value, ...]

REDRAWN = 20  # Times that an interval may hit another label.
TRIES = 50  # Random draws for a preset that is new, before they are listed.
LISTED = 200_000


@dataclass(frozen=True, slots=True)
class Sample:
    """A preset that a rule made.

    Attributes: `values`, `label`, `rule` (its number from 1), `mode` it was drawn in (an interval may have fallen
    back to set), `new` (it is no kept preset of any label), `nearest` (the row, from 0, of the label's most similar
    preset, -1 without), `changed` (in how many parameters they differ).
    """

    values: Values
    label: str
    rule: int
    mode: Mode
    new: bool
    nearest: int
    changed: int


@dataclass(frozen=True, slots=True)
class Wish:
    """How to sample. Attributes: as `RuLer.sample` takes them."""

    rule: int | None = None
    mode: str = "set"
    only_new: bool = False
    near: int | None = None
    weighted: bool = False
    locks: dict[int, Value] = field(default_factory=dict)
    ranges: dict[int, tuple[float, float]] = field(default_factory=dict)
    avoid: Collection[Values] = ()


class Sampler:
    """Draws presets from rules, which come in the order of their labels.

    Attributes: `rules` by label, number 1 first; `cores` where each lives, `pieces` the same without overlaps.
    """

    def __init__(self, rules: Sequence[Rule], presets: Presets) -> None:
        self.rules = {label: tuple(own) for label, own in groupby(rules, key=lambda rule: rule.label)}
        self._kept = frozenset(preset.values for preset in presets.rows)
        self._own: dict[str, list[tuple[int, Values]]] = {}
        for row, preset in enumerate(presets.rows):
            self._own.setdefault(preset.label, []).append((row, preset.values))
        self._others = {label: frozenset(p.values for p in presets.rows if p.label != label) for label in self.rules}
        self.cores = Cores(rules, presets)
        self.pieces = Cores(cut(rules, spans_of(presets)), presets)

    def of(self, label: str) -> tuple[Rule, ...]:
        """Return a label's rules; RulesError if there is no such label."""
        if label not in self.rules:
            raise RulesError(f"There is no rule for {label!r}; there are {', '.join(sorted(self.rules)) or 'none'}")
        return self.rules[label]

    def draw(self, label: str, wish: Wish, rng: np.random.Generator) -> Sample:
        """Return a preset; RulesError says why there is none."""
        rules = self.of(label)
        if wish.mode not in ("set", "interval"):
            raise RulesError(f"{wish.mode!r} is no way of sampling; write set or interval")
        if wish.near is not None and wish.near < 0:
            raise RulesError(f"near is {wish.near}; it is a number of parameters, 0 or more")
        if wish.rule is not None and wish.rule < 1:
            raise RulesError(f"Rules are numbered from 1, not {wish.rule}")
        picky = wish.only_new or bool(wish.avoid)
        for _ in range(TRIES if picky else 1):
            place = self._choose(rules, wish, rng)
            values, mode = self._values(rules[place], wish, rng)
            if self._welcome(values, wish):
                return self._sample(values, label, place, mode)
        return self._listed(label, rules, wish, rng)

    def step(self, sample: Sample, rng: np.random.Generator) -> Sample:
        """Return the sample with one parameter at another value of its rule; RulesError if the rule has no choice."""
        rules = self.of(sample.label)
        rule = rules[(sample.rule - 1) % len(rules)]
        choices = [(p, value) for p, known in enumerate(rule.sets) for value in known if value != sample.values[p]]
        if not choices:
            raise RulesError(f"Rule {sample.rule} of {sample.label} holds one preset only; choose another rule")
        movable = sorted({p for p, _ in choices})
        parameter = movable[int(rng.integers(len(movable)))]
        values = list(sample.values)
        values[parameter] = _one([other for p, other in choices if p == parameter], rng)
        return self._sample(tuple(values), sample.label, (sample.rule - 1) % len(rules), sample.mode)

    def _choose(self, rules: tuple[Rule, ...], wish: Wish, rng: np.random.Generator) -> int:
        if wish.rule is not None:
            return (wish.rule - 1) % len(rules)
        if not wish.weighted:
            return int(rng.integers(len(rules)))
        weights = np.array([rule.own for rule in rules], np.float64)
        return int(rng.choice(len(rules), p=weights / weights.sum()))

    def _values(self, rule: Rule, wish: Wish, rng: np.random.Generator) -> tuple[Values, Mode]:
        if wish.mode == "interval" and (between := self._between(rule, wish, rng)) is not None:
            return between, "interval"
        values = tuple(_one(known, rng) for known in rule.sets)
        return self._held(self._pulled(values, rule, wish.near, rng), wish), "set"

    def _between(self, rule: Rule, wish: Wish, rng: np.random.Generator) -> Values | None:
        """Return values between those of the rule where no other label lives, or None if that was not found."""
        for _ in range(REDRAWN):
            drawn = tuple(_anywhere(known, rng) for known in rule.sets)
            values = self._held(self._pulled(drawn, rule, wish.near, rng), wish)
            if values not in self._others[rule.label] and not self.cores.foreign(values, rule.label):
                return values
        return None

    def _pulled(self, values: Values, rule: Rule, near: int | None, rng: np.random.Generator) -> Values:
        """Return values that differ in at most `near` parameters from a preset of the rule, keeping some at random."""
        if near is None:
            return values
        inside = [own for _, own in self._own[rule.label] if rule.covers(own)]
        anchor = min(inside, key=lambda own: _changed(own, values))
        differ = [p for p, value in enumerate(values) if value != anchor[p]]
        if len(differ) <= near:
            return values
        kept = set(rng.permutation(differ)[:near].tolist())
        return tuple(value if p in kept else anchor[p] for p, value in enumerate(values))

    @staticmethod
    def _held(values: Values, wish: Wish) -> Values:
        """Return values within the performer's ranges and with the locked ones in place."""
        if not wish.locks and not wish.ranges:
            return values
        held = list(values)
        for parameter, (low, high) in wish.ranges.items():
            value = held[parameter]
            if not isinstance(value, (str, bool)):
                held[parameter] = min(max(value, low), high)
        for parameter, lock in wish.locks.items():
            held[parameter] = lock
        return tuple(held)

    def _welcome(self, values: Values, wish: Wish) -> bool:
        return not (wish.only_new and values in self._kept) and values not in wish.avoid

    def _listed(self, label: str, rules: tuple[Rule, ...], wish: Wish, rng: np.random.Generator) -> Sample:
        """Return one of all presets that are welcome: they are so few that chance did not find them."""
        places = range(len(rules)) if wish.rule is None else [(wish.rule - 1) % len(rules)]
        fair = max(1, LISTED // len(places))
        found: dict[Values, int] = {}
        for place in places:
            for values in islice(rules[place].combinations(), fair):
                held = self._held(self._pulled(values, rules[place], wish.near, rng), wish)
                if held not in found and self._welcome(held, wish):
                    found[held] = place
        if not found:
            who = f"rule {wish.rule} of {label}" if wish.rule is not None else label
            raise RulesError(f"There is no new preset in {who}; raise distance or lower consistency, then learn again")
        values = list(found)[int(rng.integers(len(found)))]
        return self._sample(values, label, found[values], "set")

    def _sample(self, values: Values, label: str, place: int, mode: Mode) -> Sample:
        changed, nearest = min(((_changed(own, values), row) for row, own in self._own[label]), default=(0, -1))
        return Sample(values, label, place + 1, mode, values not in self._kept, nearest, changed)


def _changed(one: Values, other: Values) -> int:
    return sum(a != b for a, b in zip(one, other, strict=True))


def _one(values: Sequence[Value], rng: np.random.Generator) -> Value:
    return values[int(rng.integers(len(values)))] if len(values) > 1 else values[0]


def _anywhere(values: Sequence[Value], rng: np.random.Generator) -> Value:
    """Return a number between the lowest and the highest, whole if both are; of words and switches one."""
    low, high = values[0], values[-1]
    if len(values) == 1 or any(isinstance(value, (str, bool)) for value in values):
        return _one(values, rng)
    if isinstance(low, int) and isinstance(high, int):
        return int(rng.integers(low, high, endpoint=True)) if high - low < 1 << 62 else _one(values, rng)
    return float(rng.uniform(float(low), float(high)))
