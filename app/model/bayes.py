"""Gaussian naive Bayes: each label a cloud, each feature on its own.

Needs few examples and no tuning, and its borders stay simple; features that say the same twice make it too sure.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from app.model.base import Floats, Shown, choice
from app.model.estimator import Classifier, Lesson
from app.model.predictor import Core, softmax_one
from app.parameter import Log

Smoothing = Annotated[float, Shown(Log(1e-9, 1.0, 6), "Smoothing", "Widens every cloud; raise it with few examples")]
Prior = Annotated[str, choice("Prior", "Whether labels with more examples are likelier", "equal", "data")]


@dataclass(frozen=True, slots=True, eq=False)
class Clouds:
    """Attributes: `centres`, `precision` (classes, width; one over the variance), `base` (classes,) log weights."""

    name: ClassVar[str] = "clouds"
    raw: ClassVar[bool] = False
    centres: Floats
    precision: Floats
    base: Floats

    def answer(self, values: NDArray[Any]) -> Floats:
        gaps = self.centres - values
        gaps *= gaps
        return softmax_one(self.base - 0.5 * np.einsum("ij,ij->i", gaps, self.precision))


class NaiveBayesClassifier(Classifier):
    """Attributes: the settings as given; `estimator_` scikit-learn's, fitted."""

    def __init__(self, smoothing: Smoothing = 1e-3, prior: Prior = "equal") -> None:
        self.smoothing, self.prior = smoothing, prior
        self.estimator_: Any = None

    def _learn(self, lesson: Lesson) -> Core:
        from app.model import sk

        made = self.estimator_ = sk.bayes(lesson.scaled, lesson.codes, self.smoothing, self.prior == "equal")
        base = np.log(made.class_prior_) - 0.5 * np.log(2.0 * np.pi * made.var_).sum(axis=1)
        return Clouds(made.theta_, 1.0 / made.var_, base)

    def _many(self, raw: NDArray[np.float32], scaled: Floats) -> Floats:
        return np.asarray(self.estimator_.predict_proba(scaled))
