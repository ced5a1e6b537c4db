"""The label of any setting of the knobs, and where labels live between their presets.

Each rule becomes a core: from its lowest to its highest value in every parameter (a set of words where values are
words). Around a core membership falls off, as in the fuzzy part of RuLer; the strongest rule names the setting. Cores
of several labels that overlap were cut before (see `cut`); where no cut can part them, because they share a value in
every parameter, the one whose own values are nearer has it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from app.player.rules.preset import Presets, Value
from app.player.rules.rule import Rule

SLOPE = 2.0  # Membership lost per whole range of a parameter: half a range away from a core it ends.
EQUAL = 1e-9

Floats = NDArray[np.float64]


class Cores:
    """The cores of rules. Attributes: `rules`, `low` and `high` (rules, parameters), scaled by `spans`."""

    def __init__(self, rules: Sequence[Rule], presets: Presets) -> None:
        self.rules = tuple(rules)
        self._labels = np.array([rule.label for rule in rules], dtype=object)
        width = len(presets.names)
        self.low, self.high = np.zeros((len(rules), width)), np.zeros((len(rules), width))
        self.spans = np.ones(width)
        self._words: dict[int, dict[Value, NDArray[np.bool_]]] = {}
        for parameter in range(width):
            sets = [rule.sets[parameter] for rule in rules]
            if any(isinstance(value, (str, bool)) for known in sets for value in known):
                self._words[parameter] = _holders(sets)
                continue
            self.low[:, parameter] = [float(known[0]) for known in sets]
            self.high[:, parameter] = [float(known[-1]) for known in sets]
            values = [float(value) for value in presets.column(parameter) if not isinstance(value, str)]
            self.spans[parameter] = max(values, default=0.0) - min(values, default=0.0)

    def name(self, values: Sequence[Value]) -> str:
        """Return the label of the strongest rule, "" if every rule ends before."""
        if not self.rules:
            return ""
        strength = np.clip(1 - SLOPE * self._outside(values).max(axis=1, initial=0.0), 0, 1)
        best = float(strength.max())
        if best <= EQUAL:
            return ""
        tied = np.flatnonzero(strength >= best - EQUAL).tolist()
        if len({self.rules[place].label for place in tied}) > 1:
            tied.sort(key=lambda place: (self._farness(self.rules[place], values), -self.rules[place].own))
        return self.rules[tied[0]].label

    def foreign(self, values: Sequence[Value], label: str) -> bool:
        """Tell whether a setting lies in a core of another label."""
        inside = self._outside(values).max(axis=1, initial=0.0) <= 0
        return bool((self._labels[inside] != label).any())

    def _outside(self, values: Sequence[Value]) -> Floats:
        """Return how far outside each core a setting is, in ranges of each parameter (rules, parameters)."""
        away = np.zeros_like(self.low)
        for parameter, value in enumerate(values):
            column = away[:, parameter]
            if parameter in self._words:
                holders = self._words[parameter].get(value)
                column[:] = 1.0 if holders is None else ~holders
            elif isinstance(value, str):
                column[:] = 1.0
            else:
                beyond = np.maximum(self.low[:, parameter] - value, value - self.high[:, parameter])
                span = self.spans[parameter]
                column[:] = np.maximum(beyond, 0) / span if span > 0 else beyond > 0
        return away

    def _farness(self, rule: Rule, values: Sequence[Value]) -> float:
        """Return how far a setting is from the rule's own values, summed over parameters."""
        total = 0.0
        for parameter, (value, known) in enumerate(zip(values, rule.sets, strict=True)):
            if value in known:
                continue
            if parameter in self._words or isinstance(value, str) or not self.spans[parameter]:
                total += 1
            else:
                nearest = min(abs(float(own) - float(value)) for own in known)
                total += nearest / float(self.spans[parameter])
        return total


def _holders(sets: Sequence[tuple[Value, ...]]) -> dict[Value, NDArray[np.bool_]]:
    """Return for each value which rules have it."""
    found: dict[Value, NDArray[np.bool_]] = {}
    for place, known in enumerate(sets):
        for value in known:
            found.setdefault(value, np.zeros(len(sets), bool))[place] = True
    return found
