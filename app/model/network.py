"""A small feed-forward network: layers of sums and a bend, for labels or for many numbers at once.

The same frozen arrays answer on stage and are where a later training goes on from, so weights can be re-expressed
for another scale of the inputs and for labels that were not there before.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from app.model.base import Floats, ModelError
from app.model.predictor import Compiled, softmax, softmax_one
from app.model.scale import Scale

Layers = tuple[Floats, ...]


def relu(values: Floats) -> Floats:
    return np.maximum(values, 0.0, out=values)


def tanh(values: Floats) -> Floats:
    return np.tanh(values, out=values)


def logistic(values: Floats) -> Floats:
    values *= 0.5
    np.tanh(values, out=values)
    values += 1.0
    values *= 0.5
    return values


# Each bend, in place, and its slope told from what it gave.
BENDS: dict[str, Callable[[Floats], Floats]] = {"relu": relu, "tanh": tanh, "logistic": logistic}
SLOPES: dict[str, Callable[[Floats], Floats]] = {
    "relu": lambda given: (given > 0.0).astype(np.float64),
    "tanh": lambda given: 1.0 - given * given,
    "logistic": lambda given: given * (1.0 - given),
}


@dataclass(frozen=True, slots=True, eq=False)
class Network:
    """The layers.

    Attributes: `weights` one (in, out) a layer, `biases` one (out,) a layer, `bend`, `classify` (softmax at the end).
    """

    name: ClassVar[str] = "network"
    raw: ClassVar[bool] = False
    weights: Layers
    biases: Layers
    bend: str
    classify: bool
    _inner: tuple[tuple[Floats, Floats], ...] = field(init=False, repr=False)
    _bend: Callable[[Floats], Floats] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        if self.bend not in BENDS or len(self.weights) != len(self.biases):
            raise ModelError("The network's layers do not belong together: train it again.")
        object.__setattr__(self, "_inner", tuple(zip(self.weights[:-1], self.biases[:-1], strict=True)))
        object.__setattr__(self, "_bend", BENDS[self.bend])

    def answer(self, values: NDArray[Any]) -> Floats:
        for weights, bias in self._inner:
            values = values @ weights
            values += bias
            values = self._bend(values)
        out: Floats = values @ self.weights[-1]
        out += self.biases[-1]
        return softmax_one(out) if self.classify else out

    def answers(self, scaled: Floats) -> Floats:
        """Return the answers for many rows (n, width)."""
        for weights, bias in self._inner:
            scaled = self._bend(scaled @ weights + bias)
        out: Floats = scaled @ self.weights[-1] + self.biases[-1]
        return softmax(out) if self.classify else out

    @property
    def hidden(self) -> tuple[int, ...]:
        """Widths of the layers between."""
        return tuple(bias.shape[0] for bias in self.biases[:-1])


def rescaled(before: Compiled, network: Network, scale: Scale) -> tuple[Layers, Layers]:
    """Return copies of a network's layers that answer the same to inputs on another scale.

    What z was to the old scale is (z / new factor + new mean - old mean) * old factor; the first layer takes it in.
    """
    old = before.scale
    ratio = np.divide(old.factor, scale.factor, out=np.zeros_like(old.factor), where=scale.factor > 0.0)
    first = network.weights[0] * ratio[:, None]
    bias = network.biases[0] + ((scale.mean - old.mean) * old.factor) @ network.weights[0]
    weights = (first, *(layer.copy() for layer in network.weights[1:]))
    return weights, (bias, *(layer.copy() for layer in network.biases[1:]))
