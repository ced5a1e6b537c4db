"""Examples: what was heard, and what it stands for.

One frozen table serves every learner of the instrument: classifiers, regressors with several outputs, and gesture
learners, for which a take is one sequence. It is what the dataset hands to threads and processes, so that files,
checks, maps and training jobs work at leisure on a picture that cannot change under them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

import numpy as np
from numpy.typing import NDArray

COLOURS = 9
GREATEST_LABEL = 9999

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]
Integers = NDArray[np.int64]
Places = NDArray[np.intp]


Number = TypeVar("Number", bound=np.generic)


class DatasetError(ValueError):
    """Examples cannot be used as asked: what, where, what to do."""


@dataclass(frozen=True, slots=True)
class Label:
    """A class one may record. `number` counts from 1 (0 is "none of them"), `colour` indexes the palette."""

    number: int
    name: str
    colour: int


@dataclass(frozen=True, slots=True)
class Output:
    """One thing to learn.

    Attributes: `name`; `kind` "class" (targets are label numbers) or "number"; `labels` those named so far, a
    number without one is called by its number; `low`, `high` the range of a number, `hard` whether it must stay
    inside, `whole` whether it is truncated to an integer.
    """

    name: str
    kind: Literal["class", "number"] = "class"
    labels: tuple[Label, ...] = ()
    low: float = 0.0
    high: float = 1.0
    hard: bool = False
    whole: bool = False

    def label(self, number: int) -> Label:
        """Return the label of a number, named by it where nobody named it."""
        for label in self.labels:
            if label.number == number:
                return label
        return Label(number, str(number) if number else "none", max(number - 1, 0) % COLOURS)

    def refusal(self, value: float) -> str:
        """Return why a target cannot be, in words, or "". NaN is always allowed: this output is not taught."""
        if math.isnan(value):
            return ""
        if self.kind == "class" and not (value == int(value) if math.isfinite(value) else False):
            return f"{self.name}: {value:g} is no label; labels are whole numbers from 0 (none) to {GREATEST_LABEL}"
        if self.kind == "class" and not 0 <= value <= GREATEST_LABEL:
            return f"{self.name}: label {value:g} is outside 0 to {GREATEST_LABEL}"
        return "" if math.isfinite(value) else f"{self.name}: a target must be a finite number"


def check_label(label: Label, output: Output) -> None:
    """DatasetError if a label's number or name cannot be."""
    if output.kind != "class" or not 1 <= label.number <= GREATEST_LABEL:
        raise DatasetError(f"{output.name} cannot have a label {label.number}; labels count from 1 to {GREATEST_LABEL}")
    if not label.name.isprintable():
        raise DatasetError(f"The name of label {label.number} has line breaks or control characters; name it anew")


def numbered(count: int) -> tuple[Label, ...]:
    """Return labels 1 to `count`, named by their numbers."""
    return tuple(Label(number, str(number), (number - 1) % COLOURS) for number in range(1, count + 1))


@dataclass(frozen=True, slots=True, eq=False)
class Gesture:
    """One take as a sequence: `label` its class, `inputs` shape (length, width), `ids` of its examples."""

    take: int
    label: int
    inputs: Floats
    ids: Integers


def check_names(names: tuple[str, ...], what: str) -> None:
    """DatasetError if a name is empty or occurs twice. `what` says what is named, in the plural."""
    twice = {name for name in names if names.count(name) > 1} if len(set(names)) < len(names) else set()
    if twice:
        raise DatasetError(f"Two {what} are called {sorted(twice)[0]!r}; give each its own name")
    if any(not name.isprintable() or not name for name in names):
        raise DatasetError(f"One of the {what} has no name, or one with line breaks; name it anew")


@dataclass(frozen=True, slots=True, eq=False)
class Examples:
    """A table of examples in the order of their ids. Its arrays are read-only.

    Attributes: `features` names of the columns of `inputs`; `outputs` describe the columns of `targets`; `ids`
    (n,) ascending, never given twice; `takes` (n,) the recording each belongs to; `seconds` (n,) when it was
    heard, on the clock of whoever recorded it; `inputs` (n, width), NaN where a feature did not exist yet;
    `targets` (n, outputs), NaN where an output was not taught; `next_id`, `next_take` the numbers to give next.
    """

    features: tuple[str, ...]
    outputs: tuple[Output, ...]
    ids: Integers
    takes: Integers
    seconds: Doubles
    inputs: Floats
    targets: Doubles
    next_id: int
    next_take: int

    @classmethod
    def build(
        cls,
        features: Sequence[str],
        outputs: Sequence[Output],
        inputs: Any,
        targets: Any,
        ids: Any = None,
        takes: Any = None,
        seconds: Any = None,
        next_id: int = 1,
        next_take: int = 1,
    ) -> Examples:
        """Return examples from arrays, sorted by id.

        Shapes as in the class; without `ids` they are 1 to n, without `takes` all belong to take 1, without
        `seconds` all have 0. DatasetError if shapes, names, ids or targets do not fit.
        """
        shape = (-1, len(features)) if features else (len(inputs), 0)
        x = np.asarray(inputs, np.float32).reshape(shape)
        count = len(x)
        t = np.asarray(targets, np.float64).reshape(count, len(outputs))
        i = np.arange(1, count + 1) if ids is None else np.asarray(ids, np.int64)
        k = np.ones(count) if takes is None else np.asarray(takes)
        s = np.zeros(count) if seconds is None else np.asarray(seconds, np.float64)
        if not len(i) == len(k) == len(s) == count:
            raise DatasetError(f"{count} rows of inputs came with {len(i)} ids, {len(k)} takes, {len(s)} times")
        order = np.argsort(i, kind="stable")
        made = cls(
            tuple(features),
            tuple(outputs),
            frozen(i[order].astype(np.int64)),
            frozen(k[order].astype(np.int64)),
            frozen(s[order]),
            frozen(x[order]),
            frozen(t[order]),
            max(next_id, int(i.max()) + 1 if count else 1),
            max(next_take, int(k.max()) + 1 if count else 1),
        )
        made.validate()
        return made

    def validate(self) -> None:
        """DatasetError if ids repeat, names clash, or a value is none."""
        check_names(self.features, "features")
        check_names(tuple(output.name for output in self.outputs), "outputs")
        if len(self.ids) and (self.ids[0] < 1 or (np.diff(self.ids) < 1).any()):
            place = int(np.argmax(np.diff(self.ids, prepend=0) < 1))
            raise DatasetError(f"Id {self.ids[place]} occurs twice or is below 1; ids are whole numbers, each once")
        if np.isinf(self.inputs).any():
            row, column = np.argwhere(np.isinf(self.inputs))[0]
            raise DatasetError(f"Example {self.ids[row]} is infinite in {self.features[column]!r}; correct or drop it")
        for column, output in enumerate(self.outputs):
            for value in np.unique(self.targets[:, column]):
                if why := output.refusal(float(value)):
                    raise DatasetError(why)
            for label in output.labels:
                check_label(label, output)

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def width(self) -> int:
        return len(self.features)

    def output_index(self, output: int | str) -> int:
        """Return the column of an output given by number or name; DatasetError if there is none."""
        names = [known.name for known in self.outputs]
        if isinstance(output, str) and output in names:
            return names.index(output)
        if isinstance(output, int) and 0 <= output < len(names):
            return output
        raise DatasetError(f"There is no output {output!r}; there are {', '.join(names) or 'none'}")

    def places(self, ids: Any) -> Places:
        """Return the rows of those of `ids` that exist, ascending."""
        wanted = np.unique(np.asarray(ids, np.int64))
        found = np.searchsorted(self.ids, wanted)
        inside = found < len(self.ids)
        found, wanted = found[inside], wanted[inside]
        there: Places = found[self.ids[found] == wanted]
        return there

    def rows(self, output: int | str | None = None, inputs: Sequence[int] | None = None) -> Places:
        """Return the rows one can learn from: all features (or those of `inputs`) present, the output taught."""
        usable = np.isfinite(self.inputs if inputs is None else self.inputs[:, list(inputs)]).all(axis=1)
        if output is not None:
            usable = usable & np.isfinite(self.targets[:, self.output_index(output)])
        return np.flatnonzero(usable)

    def X(self, output: int | str | None = None, inputs: Sequence[int] | None = None) -> Floats:  # noqa: N802
        """Return inputs to learn from, shape (m, width): those of `rows(output, inputs)`, or all without output."""
        if output is None and inputs is None:
            return self.inputs
        chosen: Floats = self.inputs[self.rows(output, inputs)]
        return chosen if inputs is None else chosen[:, list(inputs)]

    def y(self, output: int | str | None = None, inputs: Sequence[int] | None = None) -> Doubles | Integers:
        """Return targets beside `X(output, inputs)`: (m,) int64 for labels, float64 for numbers; all: (n, outputs)."""
        if output is None:
            return self.targets if inputs is None else self.targets[self.rows(None, inputs)]
        column = self.output_index(output)
        values: Doubles = self.targets[self.rows(output, inputs), column]
        return values.astype(np.int64) if self.outputs[column].kind == "class" else values

    def labels(self, output: int | str = 0) -> Integers:
        """Return one label a row, shape (n,), 0 where there is none; DatasetError if the output is a number."""
        column = self.output_index(output)
        if self.outputs[column].kind != "class":
            raise DatasetError(f"{self.outputs[column].name} is a number and has no labels")
        return np.nan_to_num(self.targets[:, column], nan=0.0).astype(np.int64)

    def counts(self, output: int | str = 0) -> Mapping[int, int]:
        """Return examples per label number, named labels without any included; unlabelled rows are left out."""
        column = self.output_index(output)
        self.labels(column)
        taught = self.targets[:, column]
        numbers, found = np.unique(taught[np.isfinite(taught)].astype(np.int64), return_counts=True)
        counted = {label.number: 0 for label in self.outputs[column].labels}
        counted |= dict(zip(numbers.tolist(), found.tolist(), strict=True))
        return dict(sorted(counted.items()))

    def gestures(self, output: int | str = 0) -> tuple[Gesture, ...]:
        """Return the takes that have a label as sequences, in the order of their takes."""
        rows = self.rows(output)
        labels, takes = self.labels(output)[rows], self.takes[rows]
        order = np.argsort(takes, kind="stable")
        cuts = np.flatnonzero(np.diff(takes[order])) + 1
        parts = [part for part in np.split(order, cuts) if len(part)]
        return tuple(
            Gesture(int(takes[p[0]]), int(labels[p[0]]), self.inputs[rows[p]], self.ids[rows[p]]) for p in parts
        )


def frozen(array: NDArray[Number]) -> NDArray[Number]:
    """Return an array after making it read-only."""
    array.flags.writeable = False
    return array


def same(one: Examples, other: Examples) -> bool:
    """Tell whether two tables hold the same; the numbers to give next do not count."""
    return (one.features, one.outputs) == (other.features, other.outputs) and all(
        np.array_equal(getattr(one, name), getattr(other, name), equal_nan=True)
        for name in ("ids", "takes", "seconds", "inputs", "targets")
    )
