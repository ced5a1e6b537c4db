"""Gaussian process regression: the smoothest surface that explains the targets.

Few examples go far, and far from all of them it returns to their mean instead of running away. Learning grows with
the cube of the examples, so their number is limited.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from app.model.base import Floats, ModelError, whole
from app.model.estimator import Lesson, Regressor
from app.model.predictor import Core

MOST_EXAMPLES = 500
Seed = Annotated[int, whole(0, 9999, "Seed", "The same number gives the same model")]


@dataclass(frozen=True, slots=True, eq=False)
class Bumps:
    """A sum of bell-shaped bumps, one at each example.

    Attributes: `points` (n, width), `squares` (n,) their squared lengths, `weights` (n, m), `mean` (m,), `narrow`
    one over twice the squared width of a bump.
    """

    name: ClassVar[str] = "bumps"
    raw: ClassVar[bool] = False
    points: Floats
    squares: Floats
    weights: Floats
    mean: Floats
    narrow: float

    def answer(self, values: NDArray[Any]) -> Floats:
        apart = self.squares - 2.0 * (self.points @ values) + values @ values
        return np.asarray(np.exp(-self.narrow * apart) @ self.weights + self.mean)


class ProcessRegressor(Regressor):
    """Attributes: the setting as given; `estimator_` scikit-learn's, fitted on `mean_` and `spread_` taken out."""

    mean_: Floats
    spread_: Floats

    def __init__(self, seed: Seed = 0) -> None:
        self.seed = seed
        self.estimator_: Any = None

    def _learn(self, lesson: Lesson) -> Core:
        from app.model import sk

        if len(lesson.scaled) > MOST_EXAMPLES:
            raise ModelError(
                f"A Gaussian process takes at most {MOST_EXAMPLES} examples, there are {len(lesson.scaled)}: "
                "delete some, or choose another model."
            )
        self.mean_, spread = lesson.targets.mean(axis=0), lesson.targets.std(axis=0)
        self.spread_ = np.where(spread > 0.0, spread, 1.0)
        made = self.estimator_ = sk.process(lesson.scaled, (lesson.targets - self.mean_) / self.spread_, self.seed)
        height, width = made.kernel_.k1.k1.constant_value, made.kernel_.k1.k2.length_scale
        weights = height * made.alpha_.reshape(len(lesson.scaled), -1) * self.spread_
        squares = np.einsum("ij,ij->i", lesson.scaled, lesson.scaled)
        return Bumps(lesson.scaled, squares, weights, self.mean_, float(0.5 / width**2))

    def _many(self, raw: NDArray[np.float32], scaled: Floats) -> Floats:
        answers = np.asarray(self.estimator_.predict(scaled)).reshape(len(scaled), -1)
        return answers * self.spread_ + self.mean_
