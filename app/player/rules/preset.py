"""Labelled settings of a synth, in a table that is never changed but replaced.

Learning needs nothing of a value but equality, so a value may be a number, a word or a switch. The table travels to
a worker process, into a file and into the window; because it is frozen, all of them see the same presets however
fast the performer goes on. A preset without a class (label "") gets no rules but keeps others away from its place.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

Value = float | int | str | bool
Place = tuple[int, float, str]

NO_CLASS = ""  # The label of rejected presets, everywhere within.
NO_CLASS_TEXT = "none"  # The same in files, in lines and spoken of: a cell must not be empty.
LARGEST = 10**300  # Knobs reckon with floats.
MOST_PRESETS = 10_000  # The bits of all presets for all values must fit into a little memory.


class RulesError(ValueError):
    """Presets, a file or a wish that cannot be used; one sentence: what, where, what to do."""


def label_of(text: Any) -> str:
    """Return the label that a file's or a performer's word means, without blanks around it; "none" is no class."""
    word = "" if text is None else str(text).strip()
    return NO_CLASS if word.casefold() == NO_CLASS_TEXT else word


def word_of(label: str) -> str:
    """Return how a label is written in a file."""
    return label or NO_CLASS_TEXT


def place_of(value: Value) -> Place:
    """Return where a value stands when values are put in ascending order: numbers, then words."""
    return (1, 0.0, value) if isinstance(value, str) else (0, value, "")


def text_of(value: Value, words: tuple[str, str] = ("false", "true")) -> str:
    """Return a value as it stands in a text: whole numbers without a point, others with one, switches as `words`."""
    if isinstance(value, bool):
        return words[value]
    return repr(value) if isinstance(value, float) else str(value)


def checked(value: Any, number: int, name: str) -> Value:
    """Return a value that can be learned from; RulesError naming preset and parameter if it cannot."""
    if not isinstance(value, (bool, int, float, str)) and hasattr(value, "item"):
        value = value.item()
    if not isinstance(value, (bool, int, float, str)):
        raise RulesError(f"Preset {number}, {name}: {value!r} is no number, word or switch; replace it")
    if isinstance(value, float) and not math.isfinite(value):
        raise RulesError(f"Preset {number}, {name}: {value} is no number to learn from; replace it")
    if isinstance(value, int) and abs(value) > LARGEST:
        raise RulesError(f"Preset {number}, {name}: the number has {len(str(abs(value)))} digits; replace it")
    if value == "":
        raise RulesError(f"Preset {number}, {name}: the value is empty; fill it in")
    return value


@dataclass(frozen=True, slots=True)
class Preset:
    """One setting. Attributes: `values` one for each parameter, `label` ("" is no class)."""

    values: tuple[Value, ...]
    label: str


@dataclass(frozen=True, slots=True)
class Presets:
    """The table.

    Attributes: `names` of the parameters, `rows` the presets in the order they were kept, `numbers` by which the
    performer knows them, row by row (none: they count from 1).
    """

    names: tuple[str, ...] = ()
    rows: tuple[Preset, ...] = ()
    numbers: tuple[int, ...] = ()

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def labels(self) -> tuple[str, ...]:
        """The classes in order of the alphabet, "" (no class) not among them."""
        return tuple(sorted({preset.label for preset in self.rows} - {NO_CLASS}))

    def number(self, row: int) -> int:
        """Return the number that the performer sees for a row (from 0)."""
        return self.numbers[row] if self.numbers else row + 1

    def column(self, parameter: int) -> tuple[Value, ...]:
        """Return the values of one parameter (from 0), row by row."""
        return tuple(preset.values[parameter] for preset in self.rows)

    def find(self, preset: Preset) -> int | None:
        """Return the row (from 0) of the same values under the same label, if it was kept already."""
        return next((row for row, known in enumerate(self.rows) if known == preset), None)

    def with_row(self, preset: Preset, row: int | None = None) -> Presets:
        """Return the table with one more preset, at the end or before `row`; RulesError if it does not fit."""
        if len(preset.values) != len(self.names):
            raise RulesError(f"The preset has {len(preset.values)} values, the table {len(self.names)} parameters")
        at = len(self.rows) if row is None else row
        return Presets(self.names, (*self.rows[:at], preset, *self.rows[at:]))

    def without_row(self, row: int) -> Presets:
        """Return the table without one preset (from 0)."""
        return Presets(self.names, (*self.rows[:row], *self.rows[row + 1 :]))

    def with_label(self, row: int, label: str) -> Presets:
        """Return the table with one preset (from 0) under another label."""
        changed = Preset(self.rows[row].values, label)
        return Presets(self.names, (*self.rows[:row], changed, *self.rows[row + 1 :]))

    def of(self, label: str) -> tuple[tuple[Value, ...], ...]:
        """Return the values of all presets of a label."""
        return tuple(preset.values for preset in self.rows if preset.label == label)


def presets_from(rows: Iterable[Sequence[Any]], labels: Iterable[Any], names: Sequence[str] | None = None) -> Presets:
    """Return a table from plain rows and labels, as `fit(X, y)` gets them; RulesError if they do not fit together."""
    made = [Preset(tuple(row), "" if label is None else str(label)) for row, label in zip(rows, labels, strict=True)]
    width = len(names) if names is not None else len(made[0].values) if made else 0
    table = Presets(tuple(names) if names is not None else tuple(f"p{n + 1}" for n in range(width)), tuple(made))
    return verified(table)


def verified(table: Presets) -> Presets:
    """Return the table with plain values; RulesError says which row or value cannot be learned from."""
    width = len(table.names)
    if not width:
        raise RulesError("The table has no parameters; keep some presets first")
    if len(table) > MOST_PRESETS:
        raise RulesError(f"The table holds {len(table)} presets; {MOST_PRESETS} at most can be learned from")
    rows = []
    for row, preset in enumerate(table.rows):
        number = table.number(row)
        if len(preset.values) != width:
            raise RulesError(f"Preset {number} has {len(preset.values)} values, the table {width} parameters")
        pairs = zip(preset.values, table.names, strict=True)
        rows.append(Preset(tuple(checked(value, number, name) for value, name in pairs), preset.label))
    return Presets(table.names, tuple(rows), table.numbers)


def unique_names(cells: Sequence[str], width: int) -> list[str]:
    """Return a name for each parameter, no two the same."""
    names: list[str] = []
    for place in range(width):
        cell = cells[place] if place < len(cells) else ""
        name = "".join(letter if letter.isprintable() else " " for letter in cell).strip() or f"p{place + 1}"
        while name in names:
            name += "'"
        names.append(name)
    return names
