"""k nearest neighbours: the labels or targets of the most similar examples.

Nothing is trained, so an example counts the moment it is recorded; that makes it the first choice on stage.
Answers equal scikit-learn's, also when distances tie: of examples at the same distance with different labels, those
that its search would keep are kept (`bounded_search`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from app.model.base import Floats, Integers, choice, whole
from app.model.estimator import Classifier, Lesson, Regressor
from app.model.predictor import Core

Neighbours = Annotated[int, whole(1, 50, "Neighbours", "How many of the nearest examples are asked")]
Weights = Annotated[str, choice("Weights", "Whether nearer examples count more", "uniform", "distance")]
Metric = Annotated[str, choice("Distance", "How distance is measured", "euclidean", "manhattan")]


MANY = 300  # examples above which a product finds the likely ones first: it costs a quarter of the differences
ROUNDING = 1e-10


@dataclass(frozen=True, slots=True, eq=False)
class Nearest:
    """The examples themselves.

    Attributes: `points` (n, width) scaled, `values` (n, m) what each says (a row of 0 and one 1 for a label), `k`
    how many are asked, `weighted` by nearness, `manhattan` for sums of differences instead of straight lines.
    """

    name: ClassVar[str] = "nearest"
    raw: ClassVar[bool] = False
    points: Floats
    values: Floats
    k: int
    weighted: bool
    manhattan: bool

    _squares: Floats = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_squares", np.einsum("ij,ij->i", self.points, self.points))

    def answer(self, values: NDArray[Any]) -> Floats:
        if len(self.points) > MANY and not self.manhattan:
            likely = self._likely(values)
            apart, told = self._apart(self.points.take(likely, axis=0), values), self.values.take(likely, axis=0)
            if not self._is_tie(apart, told):
                return self._say(apart, told)
        return self._say(self._apart(self.points, values), self.values)

    def _likely(self, values: NDArray[Any]) -> NDArray[np.intp]:
        """Return the places of the k nearest and of all that are as near within rounding, in order."""
        rough = self._squares - 2.0 * (self.points @ values)
        edge = np.partition(rough, self.k - 1)[self.k - 1]
        return np.flatnonzero(rough <= edge + ROUNDING * (self._squares.max() + values @ values))

    def _apart(self, points: Floats, values: NDArray[Any]) -> Floats:
        """Return distances, squared where they are straight lines."""
        gaps = points - values
        return np.asarray(np.abs(gaps).sum(axis=1) if self.manhattan else np.einsum("ij,ij->i", gaps, gaps))

    def _say(self, apart: Floats, told: Floats) -> Floats:
        if self.k == 1:
            return np.array(told[apart.argmin()])
        if self.k >= len(apart):
            chosen = np.arange(len(apart))
        else:
            chosen = apart.argpartition(self.k - 1)[: self.k]
            if self._are_tied(apart, told, apart[chosen[-1]]):
                chosen = bounded_search(apart, self.k)
        asked = told.take(chosen, axis=0)
        if not self.weighted:
            return np.asarray(np.add.reduce(asked, axis=0) / self.k)
        near = apart.take(chosen)
        weights = self._weights(near if self.manhattan else np.sqrt(near))
        return np.asarray(weights @ asked / weights.sum())

    def _weights(self, distances: Floats) -> Floats:
        """Return 1 / distance; where something is met exactly, only that counts."""
        exact = distances == 0.0
        return exact.astype(np.float64) if exact.any() else 1.0 / distances

    def _is_tie(self, apart: Floats, told: Floats) -> bool:
        """Whether more examples than are asked are as near as the last one asked, and say different things."""
        if self.k == 1 or self.k >= len(apart):
            return False
        return self._are_tied(apart, told, np.partition(apart, self.k - 1)[self.k - 1])

    def _are_tied(self, apart: Floats, told: Floats, edge: np.float64) -> bool:
        """The same, `edge` being the distance of the last one asked."""
        if np.count_nonzero(apart <= edge) == self.k:
            return False
        tied = told[apart == edge]
        return not bool((tied == tied[0]).all())


def bounded_search(apart: Floats, k: int) -> NDArray[np.intp]:
    """Return the k nearest as a search finds them that keeps a heap of k and lets only a nearer one in.

    This is what scikit-learn's neighbour searches do; which of equally distant examples stay follows from it.
    """
    kept, places = [float("inf")] * k, [-1] * k
    for place, distance in enumerate(apart.tolist()):
        if distance < kept[0]:
            _replace_farthest(kept, places, distance, place)
    return np.array(places, np.intp)


def _replace_farthest(kept: list[float], places: list[int], distance: float, place: int) -> None:
    """Put an example where the farthest was, at the top, and let it sink to where it belongs."""
    spot, size = 0, len(kept)
    while (below := 2 * spot + 1) < size:
        if below + 1 < size and kept[below + 1] > kept[below]:
            below += 1
        if kept[below] <= distance:
            break
        kept[spot], places[spot] = kept[below], places[below]
        spot = below
    kept[spot], places[spot] = distance, place


class KNearestClassifier(Classifier):
    """Votes of the nearest examples. Attributes: the settings as given; `estimator_` scikit-learn's, fitted."""

    _lesson: tuple[Floats, Integers, int]

    def __init__(self, neighbours: Neighbours = 3, weights: Weights = "distance", metric: Metric = "euclidean") -> None:
        self.neighbours, self.weights, self.metric = neighbours, weights, metric
        self.estimator_: Any = None

    def _learn(self, lesson: Lesson) -> Core:
        k = min(self.neighbours, len(lesson.scaled))
        self.estimator_ = None
        self._lesson = lesson.scaled, lesson.codes, k
        values = np.eye(len(lesson.classes))[lesson.codes]
        return Nearest(lesson.scaled, values, k, self.weights == "distance", self.metric == "manhattan")

    def _many(self, raw: NDArray[np.float32], scaled: Floats) -> Floats:
        if self.estimator_ is None:
            from app.model import sk

            table, codes, k = self._lesson
            self.estimator_ = sk.neighbours(table, codes, k, self.weights, self.metric, classify=True)
        return np.asarray(self.estimator_.predict_proba(scaled))


class KNearestRegressor(Regressor):
    """Mean of the nearest examples' targets. Attributes: the settings as given; `estimator_`, fitted."""

    _lesson: tuple[Floats, Floats, int]

    def __init__(self, neighbours: Neighbours = 3, weights: Weights = "distance", metric: Metric = "euclidean") -> None:
        self.neighbours, self.weights, self.metric = neighbours, weights, metric
        self.estimator_: Any = None

    def _learn(self, lesson: Lesson) -> Core:
        k = min(self.neighbours, len(lesson.scaled))
        self.estimator_ = None
        self._lesson = lesson.scaled, lesson.targets, k
        weighted, manhattan = self.weights == "distance", self.metric == "manhattan"
        return Nearest(lesson.scaled, lesson.targets, k, weighted, manhattan)

    def _many(self, raw: NDArray[np.float32], scaled: Floats) -> Floats:
        if self.estimator_ is None:
            from app.model import sk

            table, targets, k = self._lesson
            self.estimator_ = sk.neighbours(table, targets, k, self.weights, self.metric, classify=False)
        return np.asarray(self.estimator_.predict(scaled)).reshape(len(scaled), -1)
