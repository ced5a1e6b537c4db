"""Support vector machine: the widest border between labels.

Its decisions are votes and margins, not probabilities. They become probabilities by one number, the sharpness by
which they are multiplied before the softmax, found by likelihood on held-out decisions (temperature scaling: Guo et
al., On Calibration of Modern Neural Networks, 2017; smoothed targets: Platt, 1999). Unlike a sigmoid for each label
this never contradicts the decision itself: the most probable label is the one that the machine chose.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from app.model.base import Floats, Integers, Shown, choice, whole
from app.model.estimator import Classifier, Lesson
from app.model.predictor import Core, softmax, softmax_one
from app.parameter import Log

SHARPNESS = np.geomspace(0.1, 30.0, 120)
FOLDS = 3


@dataclass(frozen=True, slots=True, eq=False)
class Vectors:
    """The support vectors and what they weigh in each pair of labels.

    Attributes: `points` (v, width), `squares` (v,) their squared lengths, `weights` (pairs, v), `bias` (pairs,),
    `sides` (pairs, classes) 1 for the first label of a pair and -1 for the second, `kernel` ("linear", "rbf",
    "poly"), `gamma`, `degree` of the kernel, `sharpness` of the probabilities.
    """

    name: ClassVar[str] = "vectors"
    raw: ClassVar[bool] = False
    points: Floats
    squares: Floats
    weights: Floats
    bias: Floats
    sides: Floats
    kernel: str
    gamma: float
    degree: int
    sharpness: float

    def answer(self, values: NDArray[Any]) -> Floats:
        margins = self.weights @ self._alike(values) + self.bias
        if len(margins) == 1:
            lean = self.sharpness * float(margins[0])
            return softmax_one(np.array([lean, 0.0]))  # a positive margin speaks for the first label
        sums, votes = np.stack([margins, np.copysign(1.0, margins)]) @ self.sides
        # A label's votes, from 0: half of what it won more than it lost, and half of the pairs it is in.
        decisions = 0.5 * (votes + (len(sums) - 1)) + sums / (3.0 * (np.abs(sums) + 1.0))
        return softmax_one(self.sharpness * decisions)

    def _alike(self, values: NDArray[Any]) -> Floats:
        products = self.points @ values
        if self.kernel == "linear":
            return np.asarray(products)
        if self.kernel == "poly":
            return np.asarray((self.gamma * products) ** self.degree)
        apart = self.squares - 2.0 * products + values @ values
        return np.asarray(np.exp(-self.gamma * apart))


class SupportVectorClassifier(Classifier):
    """Attributes: the settings as given; `estimator_` scikit-learn's, fitted; `sharpness_` of the probabilities."""

    def __init__(
        self,
        kernel: Annotated[str, choice("Kernel", "The shape of the borders", "rbf", "linear", "poly")] = "rbf",
        penalty: Annotated[float, Shown(Log(0.01, 1000), "Penalty", "How hard it tries to fit every example")] = 1.0,
        width: Annotated[float, Shown(Log(0.01, 100), "Reach", "How far an example's influence reaches")] = 1.0,
        degree: Annotated[int, whole(2, 4, "Degree", "Of the poly kernel")] = 2,
        seed: Annotated[int, whole(0, 9999, "Seed", "The same number gives the same model")] = 0,
    ) -> None:
        self.kernel, self.penalty, self.width, self.degree, self.seed = kernel, penalty, width, degree, seed
        self.estimator_: Any = None
        self.sharpness_ = 1.0

    def _learn(self, lesson: Lesson) -> Core:
        from app.model import sk

        # One over the number of features that vary is what scikit-learn calls "scale" for standardised numbers.
        gamma = 1.0 / (max(1, int(np.count_nonzero(lesson.scale.factor))) * self.width)
        made = sk.vectors(
            lesson.scaled, lesson.codes, self.seed, kernel=self.kernel, C=self.penalty, gamma=gamma, degree=self.degree
        )
        self.estimator_ = made
        lesson.watch.check()
        least = int(np.bincount(lesson.codes).min())
        if least >= FOLDS:
            decisions = sk.held_out_decisions(made, lesson.scaled, lesson.codes, FOLDS)
        else:
            decisions = made.decision_function(lesson.scaled)
        self.sharpness_ = sharpness(_columns(decisions), lesson.codes)
        return _compiled(made, lesson.classes, gamma, self.sharpness_)

    def _many(self, raw: NDArray[np.float32], scaled: Floats) -> Floats:
        return softmax(self.sharpness_ * _columns(self.estimator_.decision_function(scaled)))


def _columns(decisions: Floats) -> Floats:
    """Return one column a label; two labels share one decision, positive for the second."""
    return np.stack([-decisions, np.zeros_like(decisions)], axis=1) if decisions.ndim == 1 else decisions


def sharpness(decisions: Floats, codes: Integers) -> float:
    """Return the factor under which softmax makes decisions (n, classes) most likely, given the right `codes` (n,).

    The targets keep a little doubt, as few examples that are all decided well would else ask for infinity.
    """
    count = decisions.shape[1]
    size = np.bincount(codes, minlength=count)[codes]
    doubt = 1.0 / (size + 2.0)
    targets = np.broadcast_to((doubt / (count - 1))[:, None], decisions.shape).copy()
    targets[np.arange(len(codes)), codes] = 1.0 - doubt
    losses = []
    for factor in SHARPNESS:
        logits = factor * (decisions - decisions.max(axis=1, keepdims=True))
        losses.append(-(targets * (logits - np.log(np.exp(logits).sum(axis=1, keepdims=True)))).sum())
    return float(SHARPNESS[int(np.argmin(losses))])


def _compiled(machine: Any, classes: tuple[int, ...], gamma: float, factor: float) -> Vectors:
    """Lay the machine's coefficients out by pairs of labels; for two labels, one pair."""
    count, ends = len(classes), np.cumsum([0, *machine.n_support_])
    dual = machine.dual_coef_
    pairs = [(one, other) for one in range(count) for other in range(one + 1, count)]
    weights = np.zeros((len(pairs), dual.shape[1]))
    sides = np.zeros((len(pairs), count))
    for row, (one, other) in enumerate(pairs):
        first, second = slice(ends[one], ends[one + 1]), slice(ends[other], ends[other + 1])
        weights[row, first], weights[row, second] = dual[other - 1, first], dual[one, second]
        sides[row, one], sides[row, other] = 1.0, -1.0
    bias = np.array(machine.intercept_, np.float64)
    if count == 2:  # the library turns the sign around where there is a single pair
        weights, bias = -weights, -bias
    points = np.ascontiguousarray(machine.support_vectors_)
    squares = np.einsum("ij,ij->i", points, points)
    degree = int(machine.degree)
    return Vectors(points, squares, weights, bias, sides, str(machine.kernel), gamma, degree, factor)
