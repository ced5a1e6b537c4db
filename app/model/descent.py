"""Training of a small network: Adam on minibatches, losses told after each epoch, the best weights kept.

A few hundred steps on a few kilobytes are over before a library is imported, so this is plain numpy; all weights
lie in one flat array, which makes a step a dozen operations. One part of the examples is held out to know when to
stop; afterwards all examples are learnt for a little longer, because on stage none of them may be wasted.

Adam: Kingma and Ba, 2015. The loss is scikit-learn's: cross-entropy or half the squared error, plus half of alpha
times the squared weights over the number of examples.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from app.model.base import Floats, Watch
from app.model.network import BENDS, SLOPES, Layers
from app.model.predictor import softmax

PATIENCE = 25  # epochs without a better loss
BETTER = 1e-4  # what counts as better
LEAST_FOR_HOLDING_OUT = 20
FIRST_DECAY, SECOND_DECAY, TINY = 0.9, 0.999, 1e-8


@dataclass(frozen=True, slots=True)
class Course:
    """How to train.

    Attributes: `bend`, `classify` as Network; `alpha` (decay of weights), `rate` (of learning), `epochs` (at most),
    `held_out` (share of examples), `seed`.
    """

    bend: str
    classify: bool
    alpha: float
    rate: float
    epochs: int
    held_out: float
    seed: int


@dataclass(slots=True, eq=False)
class Weights:
    """All weights in one array. Attributes: `flat`, and into it `weights`, `biases`, one a layer."""

    flat: Floats
    weights: Layers
    biases: Layers

    @classmethod
    def of(cls, weights: Sequence[Floats], biases: Sequence[Floats]) -> Weights:
        parts = [*weights, *biases]
        flat = np.concatenate([part.ravel() for part in parts])
        ends = np.cumsum([part.size for part in parts])[:-1]
        views = [piece.reshape(part.shape) for piece, part in zip(np.split(flat, ends), parts, strict=True)]
        return cls(flat, tuple(views[: len(weights)]), tuple(views[len(weights) :]))


def drawn(sizes: Sequence[int], bend: str, random: np.random.Generator) -> tuple[Layers, Layers]:
    """Return fresh layers for widths such as (30, 32, 4), as Glorot and Bengio draw them (2010)."""
    weights, biases = [], []
    for before, after in pairwise(sizes):
        bound = float(np.sqrt((2.0 if bend == "logistic" else 6.0) / (before + after)))
        weights.append(random.uniform(-bound, bound, (before, after)))
        biases.append(random.uniform(-bound, bound, after))
    return tuple(weights), tuple(biases)


class Descent:
    """One training.

    Attributes: `now` (the weights as they are), `course`.
    """

    def __init__(self, course: Course, inputs: Floats, targets: Floats, start: tuple[Layers, Layers]) -> None:
        """`inputs` (n, width) scaled, `targets` (n, m): rows of 0 and one 1 for labels, or numbers, NaN if missing."""
        self.course, self.now = course, Weights.of(*start)
        self._inputs, self._targets = inputs, targets
        self._random = np.random.default_rng(course.seed)
        self._slope = Weights.of(*start)
        self._first, self._second = np.zeros_like(self.now.flat), np.zeros_like(self.now.flat)
        self._steps = 0

    def run(self, watch: Watch) -> None:
        """Train to the end; Cancelled if the watch says so."""
        learnt, kept_back = self._split()
        best, best_loss, best_epoch = self.now.flat.copy(), np.inf, 0
        for epoch in range(1, self.course.epochs + 1):
            loss = self._epoch(learnt, self.course.rate)
            valid = self.loss(kept_back) if len(kept_back) else None
            watch.epoch(epoch, loss, valid)
            judged = loss if valid is None else valid
            if judged < best_loss - BETTER:
                best_epoch = epoch
            if judged < best_loss:
                best_loss, best[:] = judged, self.now.flat
            if epoch - best_epoch >= PATIENCE:
                break
        self.now.flat[:] = best
        if len(kept_back):
            self._finish(epoch, max(5, best_epoch // 5), watch)

    def _finish(self, epoch: int, epochs: int, watch: Watch) -> None:
        """Learn all examples, the held-out ones too, in smaller steps."""
        everything = np.arange(len(self._inputs))
        for more in range(1, epochs + 1):
            watch.epoch(epoch + more, self._epoch(everything, 0.3 * self.course.rate), None)

    def _split(self) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Return rows to learn and rows to hold out; of each label the same share."""
        count = len(self._inputs)
        everything = np.arange(count)
        if self.course.held_out <= 0.0 or count < LEAST_FOR_HOLDING_OUT:
            return everything, everything[:0]
        labels = self._targets.argmax(axis=1) if self.course.classify else np.zeros(count, np.intp)
        out: list[NDArray[np.intp]] = []
        for label in np.unique(labels):
            rows = self._random.permutation(np.flatnonzero(labels == label))
            out.append(rows[: int(self.course.held_out * len(rows))])
        held = np.sort(np.concatenate(out))
        return np.setdiff1d(everything, held), held

    def _epoch(self, rows: NDArray[np.intp], rate: float) -> float:
        order = self._random.permutation(rows)
        size = min(len(rows), max(32, min(200, len(rows) // 16)))
        total = 0.0
        for start in range(0, len(order), size):
            batch = order[start : start + size]
            total += self.slope(batch) * len(batch)
            self._step(rate)
        return total / len(rows)

    def _step(self, rate: float) -> None:
        self._steps += 1
        slope = self._slope.flat
        self._first += (1.0 - FIRST_DECAY) * (slope - self._first)
        self._second += (1.0 - SECOND_DECAY) * (slope * slope - self._second)
        rate *= np.sqrt(1.0 - SECOND_DECAY**self._steps) / (1.0 - FIRST_DECAY**self._steps)
        self.now.flat -= rate * self._first / (np.sqrt(self._second) + TINY)

    def _layers(self, inputs: Floats) -> list[Floats]:
        """Return what goes into each layer, and the last one's answer."""
        bend, passed = BENDS[self.course.bend], [inputs]
        for weights, bias in zip(self.now.weights[:-1], self.now.biases[:-1], strict=True):
            passed.append(bend(passed[-1] @ weights + bias))
        out = passed[-1] @ self.now.weights[-1] + self.now.biases[-1]
        return [*passed, softmax(out) if self.course.classify else out]

    def _error(self, answers: Floats, targets: Floats) -> tuple[float, Floats]:
        """Return the mean loss of a batch and its slope at the answers before the softmax."""
        count = len(targets)
        if self.course.classify:
            right = np.maximum((answers * targets).sum(axis=1), np.finfo(np.float64).tiny)
            return float(-np.log(right).mean()), (answers - targets) / count
        error = np.where(np.isnan(targets), 0.0, answers - targets)  # nothing is asked where nothing was taught
        return float(0.5 * (error * error).mean()), error / error.size

    def loss(self, rows: NDArray[np.intp]) -> float:
        """Return the mean loss over rows, without the weights' own."""
        return self._error(self._layers(self._inputs[rows])[-1], self._targets[rows])[0]

    def slope(self, rows: NDArray[np.intp]) -> float:
        """Put the slope of the loss over rows into the array beside the weights; return the loss."""
        passed = self._layers(self._inputs[rows])
        loss, back = self._error(passed[-1], self._targets[rows])
        decay = self.course.alpha / len(rows)
        for layer in range(len(self.now.weights) - 1, -1, -1):
            weights = self.now.weights[layer]
            slope = self._slope.weights[layer]
            np.matmul(passed[layer].T, back, out=slope)
            slope += decay * weights
            np.add.reduce(back, axis=0, out=self._slope.biases[layer])
            if layer:
                back = (back @ weights.T) * SLOPES[self.course.bend](passed[layer])
        return loss
