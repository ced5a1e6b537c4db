"""Steps of a dataset that can be taken back exactly.

Rows are known by id, columns by place among the names of their time, and only what a step changed is kept: a take
that is in the dataset costs its ids, one that was taken back its rows. Examples recorded since are left alone.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from app.example import Doubles, Examples, Floats, Integers, Output
from app.history import Edit


class Store(Protocol):
    """What an edit asks of a dataset."""

    def examples(self) -> Examples: ...
    def take_out(self, ids: Integers) -> Examples: ...
    def put_back(self, rows: Examples) -> None: ...
    def put_values(self, column: str, place: int, ids: Integers, values: NDArray[Any]) -> None: ...
    def adopt(self, examples: Examples) -> None: ...


def arranged(
    examples: Examples,
    ids: Integers | None = None,
    takes: Integers | None = None,
    rows: NDArray[np.bool_] | None = None,
    inputs: Floats | None = None,
    targets: Doubles | None = None,
) -> Examples:
    """Return examples with some arrays replaced, then with only the rows where `rows` is true."""
    made = replace(
        examples,
        ids=examples.ids if ids is None else ids,
        takes=examples.takes if takes is None else takes,
        inputs=examples.inputs if inputs is None else inputs,
        targets=examples.targets if targets is None else targets,
    )
    if rows is None:
        return made
    columns = ("ids", "takes", "seconds", "inputs", "targets")
    return replace(made, **{name: getattr(made, name)[rows] for name in columns})


def _columns(array: NDArray[Any], places: tuple[int, ...]) -> NDArray[Any]:
    """Return columns of an array by place, NaN for -1."""
    made = np.full((len(array), len(places)), math.nan, array.dtype)
    for new, old in enumerate(places):
        if old >= 0:
            made[:, new] = array[:, old]
    return made


def align(examples: Examples, features: tuple[str, ...], outputs: tuple[Output, ...]) -> Examples:
    """Return examples with columns found by name, NaN where there is none."""
    if examples.features == features and examples.outputs == outputs:
        return examples
    names = [output.name for output in examples.outputs]
    inputs = _columns(examples.inputs, tuple(_place(examples.features, name) for name in features))
    targets = _columns(examples.targets, tuple(_place(names, output.name) for output in outputs))
    return replace(examples, features=features, outputs=outputs, inputs=inputs, targets=targets)


def _place(names: Any, name: str) -> int:
    return names.index(name) if name in names else -1


@dataclass(slots=True)
class RowEdit:
    """Rows came (`added`) or went. Attributes: `ids` of the rows; `rows` themselves while they are not in it."""

    dataset: Store
    title: str
    ids: Integers
    added: bool
    rows: Examples | None = None

    def undo(self) -> None:
        self._remove() if self.added else self._return()

    def redo(self) -> None:
        self._return() if self.added else self._remove()

    def merge(self, later: Edit) -> Edit | None:
        return None  # Two takes, or two deletions, are two things to take back.

    def _remove(self) -> None:
        self.rows = self.dataset.take_out(self.ids)

    def _return(self) -> None:
        if self.rows is not None:
            self.dataset.put_back(self.rows)
            self.rows = None


@dataclass(frozen=True, slots=True, eq=False)
class ValueEdit:
    """Values of one column changed. Attributes: `column` "inputs" or "targets", `place` in it, `ids`, values."""

    dataset: Store
    title: str
    column: str
    place: int
    ids: Integers
    before: NDArray[Any]
    after: NDArray[Any]

    @classmethod
    def over(cls, dataset: Store, title: str, column: str, place: int, ids: Integers, value: float) -> ValueEdit | None:
        """Return the step that gives one value to rows; None if they have it already."""
        examples = dataset.examples()
        before = getattr(examples, column)[examples.places(ids), place]
        after = np.full_like(before, value)
        if np.array_equal(before, after, equal_nan=True):
            return None
        return cls(dataset, title, column, place, ids, before, after)

    def undo(self) -> None:
        self.dataset.put_values(self.column, self.place, self.ids, self.before)

    def redo(self) -> None:
        self.dataset.put_values(self.column, self.place, self.ids, self.after)

    def merge(self, later: Edit) -> Edit | None:
        if (
            isinstance(later, ValueEdit)
            and (later.dataset, later.column, later.place) == (self.dataset, self.column, self.place)
            and np.array_equal(later.ids, self.ids)
        ):
            return replace(self, after=later.after)
        return None


@dataclass(frozen=True, slots=True, eq=False)
class ShapeEdit:
    """Columns came, went, moved or were renamed.

    Attributes: `before` the examples with the old columns; `features`, `outputs` the new ones; `inputs_from` and
    `targets_from` tell for each new column which old one it was, -1 for none.
    """

    dataset: Store
    title: str
    before: Examples
    features: tuple[str, ...]
    outputs: tuple[Output, ...]
    inputs_from: tuple[int, ...]
    targets_from: tuple[int, ...]

    def redo(self) -> None:
        now = self.dataset.examples()
        self.dataset.adopt(
            replace(
                now,
                features=self.features,
                outputs=self.outputs,
                inputs=_columns(now.inputs, self.inputs_from),
                targets=_columns(now.targets, self.targets_from),
            )
        )

    def undo(self) -> None:
        now = self.dataset.examples()
        self.dataset.adopt(
            replace(
                now,
                features=self.before.features,
                outputs=self.before.outputs,
                inputs=self._back(now, now.inputs, self.before.inputs, self.inputs_from),
                targets=self._back(now, now.targets, self.before.targets, self.targets_from),
            )
        )

    def _back(self, now: Examples, new: NDArray[Any], old: NDArray[Any], came: tuple[int, ...]) -> NDArray[Any]:
        """Return the old columns: from the new where they live on, else from what was, by id."""
        places = tuple(came.index(column) if column in came else -1 for column in range(old.shape[1]))
        made = _columns(new, places)
        lost = [column for column, place in enumerate(places) if place < 0]
        here, there = now.places(self.before.ids), self.before.places(now.ids)
        for column in lost:
            made[here, column] = old[there, column]
        return made

    def merge(self, later: Edit) -> Edit | None:
        """Join two renamings in which no column came, went or moved."""
        if not isinstance(later, ShapeEdit) or later.title != self.title or later.dataset is not self.dataset:
            return None
        still = (tuple(range(len(self.features))), tuple(range(len(self.outputs))))
        if still == (self.inputs_from, self.targets_from) == (later.inputs_from, later.targets_from):
            return replace(self, features=later.features, outputs=later.outputs)
        return None


@dataclass(frozen=True, slots=True, eq=False)
class ReplaceEdit:
    """All examples were replaced, as by an import."""

    dataset: Store
    title: str
    before: Examples
    after: Examples

    def undo(self) -> None:
        self.dataset.adopt(self.before)

    def redo(self) -> None:
        self.dataset.adopt(self.after)

    def merge(self, later: Edit) -> Edit | None:
        return None
