"""The presets that a performer kept: rows with a label, a number that never changes, and where each came from.

A row is a value and a table is a tuple of rows, so every edit is "this tuple instead of that": undo cannot go wrong,
and a job takes the rows as they are while the performer goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from app.history import Edit
from app.player.rules.preset import MOST_PRESETS, NO_CLASS, label_of
from app.player.rules.synth import Value

MOST_LETTERS = 64


@dataclass(frozen=True, slots=True)
class Row:
    """A kept preset. Attributes: `number` (its own for ever), `values`, `label`, `origin` (what made it, in words)."""

    number: int
    values: tuple[Value, ...]
    label: str
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Content:
    """What a table holds at one moment. Attributes: `names` (of the columns), `rows`."""

    names: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True)
class TableEdit:
    """One change of a table, which can be taken back."""

    table: Table
    title: str
    before: Content
    after: Content

    def undo(self) -> None:
        self.table.show(self.before)

    def redo(self) -> None:
        self.table.show(self.after)

    def merge(self, later: Edit) -> Edit | None:
        return None


class Table:
    """Kept presets. Attributes: `content`, `version` (counts changes). `push` takes each edit for undo."""

    def __init__(self, push: Callable[[Edit], None]) -> None:
        self.content = Content()
        self.version = 0
        self._push = push
        self._last = 0

    @property
    def rows(self) -> tuple[Row, ...]:
        return self.content.rows

    @property
    def names(self) -> tuple[str, ...]:
        return self.content.names

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels in the order in which they came, without "no class"."""
        return tuple(dict.fromkeys(row.label for row in self.rows if row.label != NO_CLASS))

    def __len__(self) -> int:
        return len(self.rows)

    def show(self, content: Content) -> None:
        """Hold this content, as it is; nothing for undo."""
        self.content = content
        self._last = max([self._last, *(row.number for row in content.rows)])
        self.version += 1

    def keep(self, names: Sequence[str], values: tuple[Value, ...], label: str, origin: str = "") -> int:
        """Add a preset; return its number. ValueError if it is there already, or the label cannot be one."""
        label = clean(label)
        if self.rows and tuple(names) != self.names:
            raise ValueError(f"the table has the columns {', '.join(self.names)}; this preset has others")
        twin = next((row for row in self.rows if row.label == label and row.values == values), None)
        if twin is not None:
            raise ValueError(f"already saved: it is preset {twin.number} under {label or 'no class'}")
        if len(self.rows) >= MOST_PRESETS:
            raise ValueError(f"the table holds {MOST_PRESETS} presets; delete some first")
        self._last += 1
        row = Row(self._last, values, label, origin)
        self._edit(f"Keep {label or 'no class'}", Content(tuple(names), (*self.rows, row)))
        return row.number

    def delete(self, numbers: Collection[int]) -> None:
        """Take presets out; ValueError if one is not there."""
        self._check(numbers)
        rows = tuple(row for row in self.rows if row.number not in numbers)
        self._edit("Delete preset" if len(numbers) == 1 else "Delete presets", replace(self.content, rows=rows))

    def relabel(self, numbers: Collection[int], label: str) -> None:
        """Give presets another label; ValueError if one is not there or would stand twice."""
        self._check(numbers)
        label = clean(label)
        others = {row.values: row.number for row in self.rows if row.label == label and row.number not in numbers}
        wanted = [row for row in self.rows if row.number in numbers]
        twice = next((row for row in wanted if row.values in others), None)
        if twice is not None:
            raise ValueError(f"preset {twice.number} is under {label or 'no class'} already, as {others[twice.values]}")
        if len({row.values for row in wanted}) < len(wanted):
            raise ValueError(f"two of these presets are equal and cannot both be under {label or 'no class'}")
        rows = tuple(replace(row, label=label) if row.number in numbers else row for row in self.rows)
        self._edit(f"Relabel to {label or 'no class'}", replace(self.content, rows=rows))

    def reject(self, numbers: Collection[int]) -> None:
        """Put presets that are equal but for their labels under no class, once; ValueError if one is not there."""
        self._check(numbers)
        values = self.find(next(iter(numbers))).values
        there = any(row.values == values and row.label == NO_CLASS for row in self.rows)
        first = next((row.number for row in self.rows if row.number in numbers), 0)
        rows = tuple(
            replace(row, label=NO_CLASS) if row.number == first and not there else row
            for row in self.rows
            if row.number not in numbers or (row.number == first and not there)
        )
        self._edit("Reject preset", replace(self.content, rows=rows))

    def rename(self, label: str, new: str) -> None:
        """Call a label otherwise; ValueError if there is none."""
        numbers = {row.number for row in self.rows if row.label == clean(label)}
        if not numbers:
            raise ValueError(f"no preset is under {label or 'no class'}; there are {', '.join(self.labels) or 'none'}")
        self.relabel(numbers, new)

    def clear(self) -> None:
        """Take all presets out."""
        if self.rows:
            self._edit("Clear presets", Content())

    def fill(self, title: str, names: Sequence[str], rows: Sequence[tuple[tuple[Value, ...], str]]) -> int:
        """Hold these presets instead, duplicates once; return how many there are."""
        kept: dict[tuple[str, tuple[Value, ...]], Row] = {}
        for values, label in rows:
            if (label, values) not in kept:
                self._last += 1
                kept[label, values] = Row(self._last, values, label, title)
        self._edit(title, Content(tuple(names), tuple(kept.values())))
        return len(kept)

    def snap(self, column: int, values: Mapping[Value, Value]) -> int:
        """Put other values into a column (from 0); of presets that become equal the first stays. Return how many went.

        ValueError if nothing changes.
        """
        name = self.names[column]
        kept: dict[tuple[str, tuple[Value, ...]], Row] = {}
        for row in self.rows:
            value = values.get(row.values[column], row.values[column])
            after = (*row.values[:column], value, *row.values[column + 1 :])
            kept.setdefault((row.label, after), replace(row, values=after))
        rows = tuple(kept.values())
        if rows == self.rows:
            raise ValueError(f"{name} is on the grid already: nothing changed")
        gone = len(self.rows) - len(rows)
        self._edit(f"Snap {name}", replace(self.content, rows=rows))
        return gone

    def find(self, number: int) -> Row:
        """Return a preset; ValueError if it is not there."""
        found = next((row for row in self.rows if row.number == number), None)
        if found is None:
            raise ValueError(f"there is no preset {number}")
        return found

    def _check(self, numbers: Collection[int]) -> None:
        if not numbers:
            raise ValueError("name at least one preset by its number")
        for number in numbers:
            self.find(number)

    def _edit(self, title: str, after: Content) -> None:
        before = self.content
        self.show(after)
        self._push(TableEdit(self, title, before, after))


def clean(label: str) -> str:
    """Return a label as it is kept; ValueError if it cannot be one (too long, or the text form needs its letters)."""
    label = label.strip()
    if len(label) > MOST_LETTERS:
        raise ValueError(f"a label has at most {MOST_LETTERS} letters")
    if any(ord(letter) < 32 or letter in "|" for letter in label):
        raise ValueError("a label holds no | and no control characters")
    return label_of(label)
