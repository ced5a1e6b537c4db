"""What all classifiers and all regressors do in the same way: check examples, scale them, keep where they were.

A model adds two things: how it learns (`_learn`, which returns the compiled core) and how the library it learnt
with answers many rows at once (`_many`), which serves scores and is what the core is tested against.

Data that cannot be learnt from is a ModelError: no examples, a value that is not a number, rows and targets that do
not match. A single class is learnt (it always answers 1): together with `novelty` it detects that one class.
"""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from app.model.base import Answer, Floats, Integers, Kind, ModelError, Unwatched, Watch
from app.model.novelty import Neighbourhood
from app.model.predictor import Compiled, Constant, Core
from app.model.scale import Scale

NO_ONE = Unwatched()


@dataclass(frozen=True, slots=True, eq=False)
class Lesson:
    """What a model learns from.

    Attributes: `raw` (n, width), `scaled` (n, width), `scale`; a classifier's `codes` (n,), which are places in
    `classes` (label numbers); a regressor's `targets` (n, m); `watch`; `start` (go on from this).
    """

    raw: NDArray[np.float32]
    scaled: Floats
    scale: Scale
    codes: Integers
    targets: Floats
    classes: tuple[int, ...]
    watch: Watch
    start: Answer | None


def checked_inputs(X: Any) -> NDArray[np.float32]:  # noqa: N803
    """Return X as (n, width) float32; ModelError if it is empty, ragged or holds no numbers."""
    try:
        with np.errstate(over="ignore"):  # what overflows is told below
            table = np.asarray(X, np.float32)
    except (TypeError, ValueError) as error:
        raise ModelError(f"The examples are no table of numbers ({error}): record them again.") from error
    if table.size == 0 or not len(table):
        raise ModelError("There are no examples to learn from: record some first.")
    if table.ndim != 2:
        raise ModelError(f"The examples have shape {table.shape} instead of one row of features each.")
    wrong = np.argwhere(~np.isfinite(table))
    if len(wrong):
        row, column = wrong[0]
        raise ModelError(f"Example {row + 1} has no number in feature {column + 1}: correct or delete it.")
    return table


def parameters_of(model: Any) -> dict[str, Any]:
    """Return a model's constructor arguments by name, as it keeps them."""
    return {name: getattr(model, name) for name in inspect.signature(type(model)).parameters}


class Estimator:
    """The common part of classifiers and regressors.

    Attributes: `inputs_` (width), `scale_`, `core_` (the compiled arithmetic), `near_`, after `fit`.
    """

    kind: ClassVar[Kind]
    scale_: Scale
    core_: Core
    near_: Neighbourhood
    inputs_: int

    def _learn(self, lesson: Lesson) -> Core:
        raise NotImplementedError

    def _many(self, raw: NDArray[np.float32], scaled: Floats) -> Floats:
        raise NotImplementedError

    def _keep(self, raw: NDArray[np.float32], scaled: Floats, scale: Scale, core: Core) -> None:
        self.inputs_, self.scale_, self.core_ = raw.shape[1], scale, core
        self.near_ = Neighbourhood.of(scaled)

    def _answers(self, X: Any) -> Floats:  # noqa: N803
        raw = checked_inputs(X)
        if raw.shape[1] != self.inputs_:
            raise ModelError(f"The model was trained on {self.inputs_} inputs and got {raw.shape[1]}: train it again.")
        if isinstance(self.core_, Constant):
            return np.tile(self.core_.values, (len(raw), 1))
        return self._many(raw, self.scale_.apply(raw))

    def __repr__(self) -> str:
        inside = ", ".join(f"{name}={value!r}" for name, value in parameters_of(self).items())
        return f"{type(self).__name__}({inside})"


class Classifier(Estimator):
    """Learns labels. Attributes: as Estimator; `classes_` label numbers, ascending."""

    kind: ClassVar[Kind] = "classifier"
    classes_: Integers

    def fit(self, X: Any, y: Any, watch: Watch = NO_ONE, start: Answer | None = None) -> Self:  # noqa: N803
        """Learn from X (n, width) and whole labels y (n,)."""
        raw = checked_inputs(X)
        classes, codes = np.unique(_labels(y, len(raw)), return_inverse=True)
        scale = Scale.of(raw)
        scaled = scale.apply(raw)
        watch.check()
        self.classes_ = classes
        labels = tuple(int(label) for label in classes)
        lesson = Lesson(raw, scaled, scale, codes, np.empty((0, 0)), labels, watch, start)
        self._keep(raw, scaled, scale, Constant(np.ones(1)) if len(classes) == 1 else self._learn(lesson))
        return self

    def predict_proba(self, X: Any) -> Floats:  # noqa: N803
        """Return probabilities (n, classes), as the library that learnt gives them."""
        return self._answers(X)

    def predict(self, X: Any) -> Integers:  # noqa: N803
        """Return the most probable labels (n,); the lower one of equals."""
        return np.asarray(self.classes_[self.predict_proba(X).argmax(axis=1)])

    def compile(self) -> Compiled:
        """Return what was learnt as plain numpy."""
        return Compiled(tuple(int(label) for label in self.classes_), self.scale_, self.core_, self.near_)


def _labels(y: Any, count: int) -> Integers:
    labels = np.asarray(y)
    if labels.shape != (count,):
        raise ModelError(f"There are {count} examples and labels of shape {labels.shape}: one label each is needed.")
    numbers = labels.astype(np.float64)
    if not np.isfinite(numbers).all() or (numbers != np.floor(numbers)).any():
        row = int(np.argmin(np.isfinite(numbers) & (numbers == np.floor(numbers))))
        raise ModelError(f"Example {row + 1} has the label {numbers[row]:g}: labels are whole numbers.")
    return numbers.astype(np.int64)


class Regressor(Estimator):
    """Learns numbers. Attributes: as Estimator; `outputs_` how many, `flat_` whether y was one column."""

    kind: ClassVar[Kind] = "regressor"
    gaps: ClassVar[bool] = False  # whether single targets may be missing
    outputs_: int
    flat_: bool

    def fit(self, X: Any, y: Any, watch: Watch = NO_ONE, start: Answer | None = None) -> Self:  # noqa: N803
        """Learn from X (n, width) and targets y (n,) or (n, m); rows without any target (NaN) are left out."""
        raw, targets = checked_inputs(X), np.asarray(y, np.float64)
        self.flat_ = targets.ndim == 1
        targets = targets[:, None] if self.flat_ else targets
        raw, targets = self._taught(raw, targets)
        self.outputs_ = targets.shape[1]
        scale = Scale.of(raw)
        scaled = scale.apply(raw)
        watch.check()
        lesson = Lesson(raw, scaled, scale, np.empty(0, np.int64), targets, (), watch, start)
        self._keep(raw, scaled, scale, self._learn(lesson))
        return self

    def _taught(self, raw: NDArray[np.float32], targets: Floats) -> tuple[NDArray[np.float32], Floats]:
        if targets.ndim != 2 or len(targets) != len(raw) or not targets.shape[1]:
            raise ModelError(f"There are {len(raw)} examples and targets of shape {targets.shape}: they must match.")
        if np.isinf(targets).any():
            raise ModelError(f"The target of example {np.isinf(targets).any(axis=1).argmax() + 1} is infinite.")
        taught = np.isfinite(targets).any(axis=1)
        raw, targets = raw[taught], targets[taught]
        if not len(raw):
            raise ModelError("No example has a target to learn: record some first.")
        missing = np.isnan(targets)
        if missing.any() and not self.gaps:
            raise ModelError("Some examples lack some of the targets: give each output a model of its own.")
        if missing.all(axis=0).any():
            raise ModelError(f"No example has a target for output {missing.all(axis=0).argmax() + 1}.")
        return raw, targets

    def predict(self, X: Any) -> Floats:  # noqa: N803
        """Return outputs (n, m), or (n,) if y was one column, as the library that learnt gives them."""
        answers = self._answers(X)
        return answers[:, 0] if self.flat_ else answers

    def compile(self) -> Compiled:
        """Return what was learnt as plain numpy."""
        return Compiled((), self.scale_, self.core_, self.near_)
