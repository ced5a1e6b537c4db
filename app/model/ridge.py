"""Ridge regression on polynomial terms: a plane, or a gently bent surface, through the targets.

With degree 1 nothing can surprise between and beyond the examples; degrees 2 and 3 let inputs work together.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import comb
from typing import Annotated, Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from app.model.base import Floats, ModelError, Shown, whole
from app.model.estimator import Lesson, Regressor
from app.model.predictor import Core
from app.parameter import Log

MOST_TERMS = 20_000


@dataclass(frozen=True, slots=True, eq=False)
class Surface:
    """Attributes: `factors` (degree, terms) places of what a term multiplies, `weights` (terms, m), `bias` (m,).

    The place after the last input stands for 1.
    """

    name: ClassVar[str] = "surface"
    raw: ClassVar[bool] = False
    factors: NDArray[np.intp]
    weights: Floats
    bias: Floats

    def answer(self, values: NDArray[Any]) -> Floats:
        if len(self.factors) == 1:
            return np.asarray(values @ self.weights + self.bias)
        extended = np.append(values, 1.0)
        terms = extended.take(self.factors[0])
        for row in self.factors[1:]:
            terms *= extended.take(row)
        return np.asarray(terms @ self.weights + self.bias)


class RidgeRegressor(Regressor):
    """Attributes: the settings as given; `terms_`, `estimator_` scikit-learn's, fitted."""

    def __init__(
        self,
        degree: Annotated[int, whole(1, 3, "Degree", "1 is a plane; more bends it")] = 2,
        strength: Annotated[float, Shown(Log(1e-6, 1000, 4), "Stiffness", "Higher is smoother")] = 1.0,
    ) -> None:
        self.degree, self.strength = degree, strength
        self.terms_: Any = None
        self.estimator_: Any = None

    def _learn(self, lesson: Lesson) -> Core:
        from app.model import sk

        width = lesson.scaled.shape[1]
        if (count := comb(width + self.degree, self.degree) - 1) > MOST_TERMS:
            raise ModelError(f"Degree {self.degree} makes {count} terms of {width} inputs: choose a lower degree.")
        self.terms_, self.estimator_ = sk.ridge(lesson.scaled, lesson.targets, self.degree, self.strength)
        weights = np.ascontiguousarray(self.estimator_.coef_.reshape(lesson.targets.shape[1], -1).T)
        return Surface(_factors(self.terms_.powers_, self.degree), weights, np.atleast_1d(self.estimator_.intercept_))

    def _many(self, raw: NDArray[np.float32], scaled: Floats) -> Floats:
        return np.asarray(self.estimator_.predict(self.terms_.transform(scaled))).reshape(len(scaled), -1)


def _factors(powers: NDArray[Any], degree: int) -> NDArray[np.intp]:
    """Return which inputs each term multiplies, from their powers (terms, width)."""
    width = powers.shape[1]
    factors = np.full((degree, len(powers)), width, np.intp)
    for term, row in enumerate(powers):
        inside = np.repeat(np.arange(width), row)
        factors[: len(inside), term] = inside
    return factors
