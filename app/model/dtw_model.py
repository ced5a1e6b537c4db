"""Learning gestures by example: takes become templates, and the takes themselves tell the threshold."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from app.model.base import Answer, Integers, Kind, Shown, Unwatched, Watch, choice, whole
from app.model.dtw import NOTHING, SHORTEST, Templates, WarpSpotter, whole_distances
from app.model.scale import Scale
from app.model.take import checked_takes
from app.model.warp import INFINITE
from app.parameter import Linear

NO_ONE = Unwatched()
RAW_THRESHOLD, SCALED_THRESHOLD = 5.0, 0.5  # where the takes give no hint


class WarpModel:
    """Keeps takes as templates, in scikit-learn's convention.

    Attributes: the settings as given; `templates_`, `classes_`, `inputs_` after `fit`.
    """

    kind: ClassVar[Kind] = "gesture"
    templates_: Templates
    classes_: Integers
    inputs_: int

    def __init__(
        self,
        units: Annotated[str, choice("Units", "How distances are measured", "scaled", "raw")] = "scaled",
        threshold: Annotated[
            float, Shown(Linear(0.0, 50.0), "Threshold", "A nearer gesture is recognised; 0 chooses it from the takes")
        ] = 0.0,
        points: Annotated[int, whole(4, 200, "Points", "About so many points of the longest take are compared")] = 16,
        hop: Annotated[int, whole(1, 20, "Hop", "One comparison in so many is answered")] = 1,
        radius: Annotated[int, whole(1, 100, "Band", "How many points whole takes may run ahead or behind")] = 5,
    ) -> None:
        self.units, self.threshold, self.points, self.hop, self.radius = units, threshold, points, hop, radius

    def fit(self, X: Any, y: Any, watch: Watch = NO_ONE, start: Answer | None = None) -> Self:  # noqa: N803
        """Keep takes X, each (length, width), with labels y; takes labelled 0 are left out."""
        takes, labels = checked_takes(X, y)
        kept = [place for place, label in enumerate(labels) if label != NOTHING]
        takes, labels = [takes[place] for place in kept], labels[kept]
        self.classes_, self.inputs_ = np.unique(labels), takes[0].shape[1]
        self.templates_ = self._templates(takes, labels)
        if self.threshold > 0.0:
            return self
        watch.check()
        self.templates_ = self._templates(takes, labels, suggested(self.templates_, watch))
        return self

    def _templates(self, takes: Sequence[NDArray[Any]], labels: Integers, threshold: float = 0.0) -> Templates:
        every = max(1, round(max(len(take) for take in takes) / self.points))
        scale = self._scale(takes)
        short = tuple(scale.apply(take[::every] if len(take) >= SHORTEST * every else take[[0, -1]]) for take in takes)
        chosen = self.threshold or threshold
        per_point = self.units == "scaled"
        return Templates(short, labels, scale.mean, scale.factor, every, self.hop, self.radius, chosen, per_point)

    def _scale(self, takes: Sequence[NDArray[Any]]) -> Scale:
        width = takes[0].shape[1]
        if self.units == "raw":
            return Scale(np.zeros(width), np.ones(width))
        scale = Scale.of(np.concatenate(takes))
        # Per input, so that the same threshold serves two inputs and thirty.
        return Scale(scale.mean, scale.factor / np.sqrt(max(1, int(np.count_nonzero(scale.factor)))))

    def predict(self, X: Any) -> Integers:  # noqa: N803
        """Return the label of the nearest template for each take."""
        answers = []
        for take in X:
            movement = self.templates_.seen(np.asarray(take)[:: self.templates_.every])
            answers.append(int(self.templates_.labels[whole_distances(self.templates_, movement).argmin()]))
        return np.array(answers, np.int64)

    def compile(self) -> WarpSpotter:
        """Return a spotter at the beginning of a stream."""
        return WarpSpotter(self.templates_)


def suggested(templates: Templates, watch: Watch = NO_ONE) -> float:
    """Return a threshold between what takes of one gesture differ and what takes of two gestures do."""
    own: list[float] = []
    other: list[float] = []
    for place, take in enumerate(templates.takes):
        watch.check()
        costs = whole_distances(templates, take, skip=place)
        same = templates.labels == templates.labels[place]
        own.append(float(costs[same].min(initial=INFINITE)))
        other.append(float(costs[~same].min(initial=INFINITE)))
    within = max((cost for cost in own if np.isfinite(cost)), default=0.0)
    between = min((cost for cost in other if np.isfinite(cost)), default=INFINITE)
    usual = SCALED_THRESHOLD if templates.per_point else RAW_THRESHOLD
    if within <= 0.0:
        return min(usual, between / 2.0) if between > 0.0 else usual
    roomy = 1.5 * within
    return roomy if between > 2.0 * within else max((within + between) / 2.0, within)
