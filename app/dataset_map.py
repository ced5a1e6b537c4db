"""A map of the examples: two numbers for many, so that one sees which labels lie together.

Principal components of the standardised features need one small eigenproblem and place a new frame with one
product of a small matrix, so the live cursor costs microseconds. When points are added the new map is turned and
mirrored onto the old one, or the picture would jump with every take. A map by labels (linear discriminants)
shows whether they can be told apart at all.

UMAP was weighed and left out: umap-learn brings numba and llvmlite, 196 MB unpacked (measured, wheels of
0.5.12, 0.68 and 0.50), compiles for seconds at its first use, and cannot place a new frame in microseconds.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.example import Doubles, Examples

MOST_ROWS = 4000  # More are thinned out evenly: a map needs no more to find its axes.
MOST_COLUMNS = 300  # Above this the axes are found by subspace iteration.
ITERATIONS = 12
SHRINK = 0.1  # Of the mean spread within labels, so that few examples do not make a wild map.


@dataclass(frozen=True, slots=True, eq=False)
class Map:
    """A way to lay examples on a plane: `(values - mean) @ axes`.

    Attributes: `mean` (width,), `axes` (width, 2), `explained` the share of all spread that the map shows, 0..1.
    """

    mean: Doubles
    axes: Doubles
    explained: float

    def points(self, inputs: NDArray[np.float32]) -> Doubles:
        """Return places of rows, shape (n, 2); a missing feature counts as average."""
        placed: Doubles = np.nan_to_num(inputs - self.mean, nan=0.0) @ self.axes
        return placed

    def point(self, values: NDArray[np.float32]) -> tuple[float, float]:
        """Return the place of one frame of `width` finite values."""
        x, y = ((values - self.mean) @ self.axes).tolist()
        return x, y


def map_of(examples: Examples, previous: Map | None = None, output: int | str | None = None) -> Map:
    """Return a map of examples; with an `output` that is a class it parts its labels as well as a line can.

    It is laid like `previous` where that was a map of as many features. Never fails: without examples, features
    or two labels it falls back to what is left. DatasetError if there is no such output.
    """
    rows = examples.rows()
    rows = rows[:: max(1, -(-len(rows) // MOST_ROWS))]
    inputs = examples.inputs[rows].astype(np.float64)
    if len(rows) < 2 or not examples.width:
        return _flat(examples.width, inputs)
    mean, spread = inputs.mean(axis=0), inputs.std(axis=0)
    scale = np.divide(1.0, spread, out=np.zeros_like(spread), where=spread > 1e-12 * np.abs(mean))
    standard = (inputs - mean) * scale
    axes = _principal(standard)
    if output is not None:
        column = examples.output_index(output)
        if examples.outputs[column].kind == "class":
            axes = _discriminant(standard, examples.targets[rows, column], axes)
    total = float((standard**2).sum())
    placed = standard @ np.linalg.qr(axes)[0]
    shown = float((placed**2).sum()) / total if total else 0.0
    made = Map(mean, scale[:, None] * axes, min(shown, 1.0))
    if previous is not None and len(previous.mean) == len(mean):
        return _turned(made, previous, examples.inputs[rows])
    return made


def _flat(width: int, inputs: Doubles) -> Map:
    """Return a map for too few examples: the first two features as they are."""
    axes = np.zeros((width, 2))
    for place in range(min(width, 2)):
        axes[place, place] = 1.0
    return Map(inputs.mean(axis=0) if len(inputs) else np.zeros(width), axes, 0.0)


def _signed(axes: Doubles) -> Doubles:
    """Return axes whose greatest part points up, so that a map does not depend on the mood of a library."""
    greatest = axes[np.argmax(np.abs(axes), axis=0), np.arange(axes.shape[1])]
    signed: Doubles = axes * np.where(greatest < 0, -1.0, 1.0)
    return signed


def _principal(standard: Doubles) -> Doubles:
    """Return the two directions of greatest spread, shape (width, 2), the second 0 where width is 1."""
    width = standard.shape[1]
    if width <= MOST_COLUMNS:
        _values, vectors = np.linalg.eigh(standard.T @ standard)
        found = vectors[:, ::-1][:, :2]
    else:
        guess = np.random.default_rng(0).normal(size=(width, 8))
        for _turn in range(ITERATIONS):
            guess, _upper = np.linalg.qr(standard.T @ (standard @ guess))
        _values, vectors = np.linalg.eigh((standard @ guess).T @ (standard @ guess))
        found = guess @ vectors[:, ::-1][:, :2]
    axes = np.zeros((width, 2))
    axes[:, : found.shape[1]] = _signed(found)
    return axes


def _discriminant(standard: Doubles, labels: Doubles, principal: Doubles) -> Doubles:
    """Return Fisher's discriminants, shape (width, 2), filled up by principal directions; these alone if too wide."""
    groups = [standard[labels == label] for label in np.unique(labels[np.isfinite(labels)])]
    width = standard.shape[1]
    if len(groups) < 2 or width > MOST_COLUMNS:
        return principal
    middle = np.concatenate(groups).mean(axis=0)
    within = sum((g - g.mean(axis=0)).T @ (g - g.mean(axis=0)) for g in groups) / sum(map(len, groups))
    within = within + np.eye(width) * (SHRINK * np.trace(within) / width + 1e-9)
    offsets = np.stack([np.sqrt(len(g)) * (g.mean(axis=0) - middle) for g in groups])
    root = np.linalg.inv(np.linalg.cholesky(within)).T
    _u, strength, directions = np.linalg.svd(offsets @ root, full_matrices=False)
    count = min(2, len(groups) - 1, int((strength > 1e-9).sum()))
    if not count:
        return principal
    axes = np.column_stack([(root @ directions[:count].T), principal])
    basis, _upper = np.linalg.qr(axes)
    return _signed(basis[:, :2]) if width > 1 else principal


def _turned(made: Map, previous: Map, inputs: NDArray[np.float32]) -> Map:
    """Return a map turned and mirrored so that its points lie as near as can be to where they lay."""
    new, old = made.points(inputs), previous.points(inputs)
    left, _strength, right = np.linalg.svd(new.T @ (old - old.mean(axis=0)))
    return Map(made.mean, made.axes @ (left @ right), made.explained)
