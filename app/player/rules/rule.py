"""A rule: one set of values for each parameter, and the label of all presets it makes.

Rules are meant to be read, on the screen and aloud, so their text is part of them: one line, ascending, the same on
every machine. Their order is part of them too, because a performer calls rules by number.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from math import prod
from typing import Any

from app.player.rules.preset import RulesError, Value, place_of, text_of

ESCAPES = str.maketrans({"\\": "\\\\", "|": "\\|", ",": "\\,", "\n": "\\n", "\r": "\\r"})
PLAIN = re.compile(r"[^\\|,\r\n]*")


def escaped(text: str) -> str:
    """Return a word in which the signs that part values are marked with a backslash."""
    return text if PLAIN.fullmatch(text) else text.translate(ESCAPES)


@dataclass(frozen=True, slots=True)
class Rule:
    """A box of presets. Attributes: `label`, `sets` the ascending values of each parameter, `own` how many of its
    combinations were kept by the performer under this label, `size` how many combinations there are."""

    label: str
    sets: tuple[tuple[Value, ...], ...]
    own: int
    size: int

    @property
    def filled(self) -> float:
        """The share of its combinations that were kept by the performer: what consistency is compared with."""
        return self.own / self.size

    def covers(self, values: Sequence[Value]) -> bool:
        """Tell whether a preset lies inside."""
        return all(value in known for value, known in zip(values, self.sets, strict=True))

    def combinations(self) -> Iterable[tuple[Value, ...]]:
        """Yield all presets of the rule, the last parameter changing fastest."""
        return product(*self.sets)

    def text(self, words: tuple[str, str] = ("false", "true")) -> str:
        """Return the rule as a line: label|values|values; `words` are how switches are written."""
        sets = (",".join(escaped(text_of(value, words)) for value in known) for known in self.sets)
        return "|".join([escaped(self.label), *sets])

    def as_json(self) -> dict[str, Any]:
        """Return the rule as plain data."""
        return {"label": self.label, "sets": [list(known) for known in self.sets], "own": self.own, "size": self.size}


def rule_from(data: Mapping[str, Any]) -> Rule:
    """Return a rule from `as_json`'s data; RulesError if it is none."""
    try:
        sets = tuple(tuple(sorted(known, key=place_of)) for known in data["sets"])
        rule = Rule(str(data["label"]), sets, int(data["own"]), prod(len(known) for known in sets))
    except (KeyError, TypeError, ValueError) as error:
        raise RulesError(f"{str(data)[:60]!r} is no rule ({error}); learn the rules again") from error
    if not rule.sets or not rule.size:
        raise RulesError(f"{str(data)[:60]!r} is a rule without values; learn the rules again")
    return rule


def ordered(rules: Iterable[Rule]) -> tuple[Rule, ...]:
    """Return rules as they are numbered: by label, those with most presets first, then by their text."""
    return tuple(sorted(rules, key=lambda rule: (rule.label, -rule.own, rule.text())))
