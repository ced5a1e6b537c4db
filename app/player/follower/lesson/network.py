"""A small network of tanh layers with linear outputs, and its descent by Adam.

A few dozen states and two thousand weights are done in plain numpy before any library would be called; all weights
lie in one array, so they pass between processes and into files as they are, and a step is a dozen operations.

Drawn as Glorot and Bengio (2010), from a normal distribution cut off at two deviations, biases zero; Adam as Kingma
and Ba (2015).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from app.model.base import Floats

FIRST_DECAY, SECOND_DECAY, TINY = 0.9, 0.999, 1e-7
Layers = tuple[tuple[Floats, Floats], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Trained:
    """A network as its training left it, to decide with or to go on from.

    Attributes: `sizes` (units from the inputs to the outputs), `flat` (weights and biases, layer after layer),
    `first` and `second` (Adam's moments, like `flat`), `steps` (made so far).
    """

    sizes: tuple[int, ...]
    flat: Floats
    first: Floats
    second: Floats
    steps: int = 0

    @classmethod
    def drawn(cls, sizes: Sequence[int], random: np.random.Generator) -> Trained:
        """Return a fresh network."""
        flat = np.zeros(count(sizes))
        for (before, after), (weights, _) in zip(pairwise(sizes), layers(sizes, flat), strict=True):
            weights[:] = np.sqrt(2.0 / (before + after)) * _bounded(weights.shape, random)
        return cls(tuple(sizes), flat, np.zeros_like(flat), np.zeros_like(flat))


def _bounded(shape: tuple[int, ...], random: np.random.Generator) -> Floats:
    """Return normal numbers, those beyond two deviations drawn again: a few large weights make a network slow."""
    values = random.normal(size=shape)
    while (far := np.abs(values) > 2.0).any():
        values[far] = random.normal(size=np.count_nonzero(far))
    return values


def count(sizes: Sequence[int]) -> int:
    """Return how many weights and biases a network has."""
    return sum((before + 1) * after for before, after in pairwise(sizes))


def layers(sizes: Sequence[int], flat: Floats) -> Layers:
    """Return views into the one array: weights (before, after) and biases (after,) of each layer."""
    found, start = [], 0
    for before, after in pairwise(sizes):
        middle, end = start + before * after, start + (before + 1) * after
        found.append((flat[start:middle].reshape(before, after), flat[middle:end]))
        start = end
    return tuple(found)


@dataclass(frozen=True, slots=True, eq=False)
class Network:
    """What decides. Attributes: `trained`."""

    trained: Trained
    _inner: Layers = field(init=False, repr=False)
    _last: tuple[Floats, Floats] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        *inner, last = layers(self.trained.sizes, self.trained.flat)
        object.__setattr__(self, "_inner", tuple(inner))
        object.__setattr__(self, "_last", last)

    def answer(self, seen: Floats) -> Floats:
        """Return the outputs for one state (inputs,)."""
        for weights, biases in self._inner:
            seen = np.tanh(seen @ weights + biases)
        out: Floats = seen @ self._last[0] + self._last[1]
        return out


class Descent:
    """A network that is being trained. Attributes: `sizes`, `flat` (as Trained; changes in place)."""

    def __init__(self, start: Trained) -> None:
        self.sizes, self.flat = start.sizes, start.flat.copy()
        self._layers = layers(self.sizes, self.flat)
        self._slope = np.zeros_like(self.flat)
        self._slopes = layers(self.sizes, self._slope)
        self._first, self._second, self._steps = start.first.copy(), start.second.copy(), start.steps
        self._passed: list[Floats] = []
        self._mask: Floats | None = None

    @property
    def trained(self) -> Trained:
        """A copy of what is reached."""
        return Trained(self.sizes, self.flat.copy(), self._first.copy(), self._second.copy(), self._steps)

    def forward(self, seen: Floats, mask: Floats | None = None) -> Floats:
        """Return the outputs (n, out) for states (n, inputs); `mask` (n, units) scales the first hidden layer."""
        self._passed, self._mask = [seen], mask
        for place, (weights, biases) in enumerate(self._layers[:-1]):
            bent = np.tanh(self._passed[-1] @ weights + biases)
            self._passed.append(bent * mask if mask is not None and place == 0 else bent)
        weights, biases = self._layers[-1]
        out: Floats = self._passed[-1] @ weights + biases
        return out

    def step(self, error: Floats, rate: float) -> None:
        """Go one step down the mean squared error, of which `error` (n, out) is what the last forward left."""
        back = error * (2.0 / error.size)
        for place in range(len(self._layers) - 1, -1, -1):
            weights, biases = self._slopes[place]
            given = self._passed[place]
            np.matmul(given.T, back, out=weights)
            np.add.reduce(back, axis=0, out=biases)
            if place:
                back = back @ self._layers[place][0].T
                back *= self._bend_slope(place, given)
        self._adam(rate)

    def _bend_slope(self, place: int, given: Floats) -> Floats:
        """Return the slope of a hidden layer's tanh, told from what it gave."""
        if self._mask is None or place != 1:
            return 1.0 - given * given
        bent = np.divide(given, self._mask, out=np.zeros_like(given), where=self._mask > 0.0)
        return self._mask * (1.0 - bent * bent)

    def _adam(self, rate: float) -> None:
        self._steps += 1
        self._first += (1.0 - FIRST_DECAY) * (self._slope - self._first)
        self._second += (1.0 - SECOND_DECAY) * (self._slope * self._slope - self._second)
        rate /= 1.0 - FIRST_DECAY**self._steps
        spread = np.sqrt(self._second / (1.0 - SECOND_DECAY**self._steps))
        spread += TINY
        self.flat -= rate * self._first / spread
