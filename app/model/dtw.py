"""Gestures by example: each take is a template, and the stream is compared with all of them as it passes.

One take a gesture is enough. Distances go out as they are, because many performers map them; a gesture is
recognised when the nearest template comes nearer than the threshold. "scaled" distances are per point of the
template and in deviations of the inputs, so one threshold serves long and short gestures; "raw" ones are plain sums
of Euclidean distances, as Wekinator users know them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from app.model.base import Arrays, Floats, Integers, Meta, ModelError, Spot
from app.model.pack import pack, unpack
from app.model.warp import INFINITE, Column, distance

SHORTEST = 2
NOTHING = 0


@dataclass(frozen=True, slots=True, eq=False)
class Templates:
    """What is known of the gestures.

    Attributes: `takes` (each (length, width), downsampled and scaled), `labels` (takes,), `mean`, `factor` (width,)
    of the scale, `every` (one frame in so many is used), `hop` (one of those in so many is answered), `radius` of
    the band, `threshold`, `per_point` (distances are divided by the template's length).
    """

    takes: tuple[Floats, ...]
    labels: Integers
    mean: Floats
    factor: Floats
    every: int
    hop: int
    radius: int
    threshold: float
    per_point: bool

    def seen(self, frames: NDArray[Any]) -> Floats:
        """Return frames (..., width) as the templates are: scaled."""
        return (frames - self.mean) * self.factor

    def unit(self) -> Floats:
        """What each template's cost is divided by, (takes,)."""
        return np.array([len(take) if self.per_point else 1 for take in self.takes], np.float64)


class WarpSpotter:
    """Compares a stream with templates.

    Attributes: `classes` (labels with templates), `measure`, `threshold` (may be moved), `enabled` (labels that
    take part; may be changed), `label` (the present match, 0 for none), `templates`.
    """

    measure: Literal["distance", "probability"] = "distance"

    def __init__(self, templates: Templates) -> None:
        self.templates = templates
        self.classes = tuple(int(label) for label in np.unique(templates.labels))
        self.threshold = templates.threshold
        self.enabled = set(self.classes)
        self.label = NOTHING
        self._column = Column(templates.takes)
        self._unit = templates.unit()
        self._of = [np.flatnonzero(templates.labels == label) for label in self.classes]
        # Until as many frames came as the shortest take of a gesture has, nothing can be told of it.
        self._needed = [min(len(templates.takes[place]) for place in places) for places in self._of]
        self._frames, self._used, self._heard = 0, 0, list[Floats]()

    @property
    def inputs(self) -> int:
        return len(self.templates.mean)

    def feed(self, values: NDArray[Any]) -> Spot | None:
        """Hear a frame of the stream; ModelError on a wrong width."""
        if values.shape != self.templates.mean.shape:
            raise ModelError(f"The gestures have {self.inputs} inputs and got {np.size(values)}: record them again.")
        self._frames += 1
        if self._frames % self.templates.every:
            return None
        frame = self.templates.seen(values)
        ends = self._column.feed(frame)
        self._used += 1
        if self._used % self.templates.hop:
            return None
        return self._spot(self._by_label(ends / self._unit, self._used))

    def hear(self, values: NDArray[Any]) -> None:
        """Collect a frame of a movement that `finish` will name as a whole ("once")."""
        if values.shape != self.templates.mean.shape:
            raise ModelError(f"The gestures have {self.inputs} inputs and got {np.size(values)}: record them again.")
        self._heard.append(np.asarray(values, np.float64))

    def finish(self) -> Spot:
        """Name the movement collected since the last time: the nearest gesture, however far it is."""
        movement = np.array(self._heard)[:: self.templates.every]
        self._heard.clear()
        if len(movement) < SHORTEST:
            return Spot(np.full(len(self.classes), INFINITE), NOTHING)
        scores = self._by_label(whole_distances(self.templates, self.templates.seen(movement)), len(movement))
        best = int(scores.argmin())
        if not np.isfinite(scores[best]):
            return Spot(scores, NOTHING)
        return Spot(scores, self.classes[best], "start")

    def reset(self) -> None:
        """Forget the stream and what was collected."""
        self._column.reset()
        self._frames, self._used, self.label = 0, 0, NOTHING
        self._heard.clear()

    def _by_label(self, costs: Floats, heard: int) -> Floats:
        """Return the nearest take's cost for each gesture; infinite if it cannot be told or takes no part."""
        scores = np.full(len(self.classes), INFINITE)
        for place, label in enumerate(self.classes):
            if label in self.enabled and heard >= self._needed[place]:
                scores[place] = costs[self._of[place]].min()
        return scores

    def _spot(self, scores: Floats) -> Spot:
        best = int(scores.argmin())
        label = self.classes[best] if scores[best] < self.threshold else NOTHING
        event: Literal["", "start", "end"] = ""
        if label != self.label:
            event = "start" if label != NOTHING else "end"
        self.label = label
        return Spot(scores, label, event)

    def to_arrays(self) -> tuple[Arrays, Meta]:
        arrays, numbers = pack(self.templates)
        return arrays, {"type": "warp", "classes": list(self.classes), "numbers": numbers}

    @classmethod
    def from_arrays(cls, arrays: Arrays, meta: Meta) -> WarpSpotter:
        """Rebuild a spotter; ModelError if its parts do not belong together."""
        templates = unpack(Templates, arrays, meta["numbers"])
        shape = templates.mean.shape
        if len(templates.labels) != len(templates.takes) or any(take.shape[1:] != shape for take in templates.takes):
            raise ModelError("The stored gestures do not belong together: train them again.")
        return cls(templates)


def whole_distances(templates: Templates, movement: Floats, skip: int = -1) -> Floats:
    """Return the distance of a whole scaled movement to each template but `skip` (infinite), (takes,).

    Exact only for each label's nearest template; one that cannot be it is given up early and infinite.
    """
    unit, found = templates.unit(), np.full(len(templates.takes), INFINITE)
    nearest: dict[int, float] = {}
    for place, take in enumerate(templates.takes):
        if place == skip:
            continue
        label = int(templates.labels[place])
        limit = nearest.get(label, INFINITE)
        found[place] = distance(take, movement, templates.radius, limit * unit[place]) / unit[place]
        nearest[label] = min(limit, float(found[place]))
    return found
