"""Gestures in an unbroken stream: a small recurrent network that knows where each begins and ends, and what is none.

It hears where the body is and how that changes, frame by frame, and keeps what it needs to remember in 32 numbers.
It is trained in torch in the worker process; here are its arrays and its arithmetic. Because it also learnt what
lies between gestures, it stays silent there, which templates with a threshold do less well.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from app.model.base import Arrays, Floats, Integers, Meta, ModelError, Spot
from app.model.pack import pack, unpack
from app.model.predictor import softmax_one

NOTHING = 0
SMOOTHING = 0.5  # share of the past in the probabilities that decide
STAYING = 0.5  # a gesture goes on while its probability is above this share of what it needed to begin


@dataclass(frozen=True, slots=True, eq=False)
class Recurrence:
    """What was learnt.

    Attributes: `labels` (classes,), 0 ("none of them") first; `mean`, `factor` (width,) of places, `pace` (width,)
    factor of their changes; `given` (2 width, 3 units) and `past` (units, 3 units) weights of reset, update and
    candidate, in torch's order; `given_bias`, `past_bias` (3 units,); `out` (units, classes), `out_bias`
    (classes,); `every` (one frame in so many is used); `confidence` at which a gesture begins; `rest` (used frames
    after an end in which nothing begins).
    """

    labels: Integers
    mean: Floats
    factor: Floats
    pace: Floats
    given: Floats
    past: Floats
    given_bias: Floats
    past_bias: Floats
    out: Floats
    out_bias: Floats
    every: int
    confidence: float
    rest: int

    def features(self, frame: NDArray[Any], before: NDArray[Any] | None) -> Floats:
        """Return what the network hears of a frame (width,): its scaled place and change, (2 width,)."""
        place = (frame - self.mean) * self.factor
        change = np.zeros_like(place) if before is None else (frame - before) * self.pace
        return np.concatenate((place, change))

    def step(self, features: Floats, state: Floats) -> Floats:
        """Return the state (units,) after one more frame."""
        units = len(state)
        given = features @ self.given + self.given_bias
        past = state @ self.past + self.past_bias
        gates = np.tanh(0.5 * (given[: 2 * units] + past[: 2 * units]))
        gates = 0.5 + 0.5 * gates
        fresh = np.tanh(given[2 * units :] + gates[:units] * past[2 * units :])
        return np.asarray(fresh + gates[units:] * (state - fresh))


class RecurrentSpotter:
    """Follows a stream.

    Attributes: `classes` (0 first), `measure`, `confidence` (may be moved), `enabled` (labels that may begin),
    `label` the gesture that goes on (0: none), `learnt`.
    """

    measure: Literal["distance", "probability"] = "probability"

    def __init__(self, learnt: Recurrence) -> None:
        self.learnt = learnt
        self.classes = tuple(int(label) for label in learnt.labels)
        self.confidence = learnt.confidence
        self.enabled = {label for label in self.classes if label != NOTHING}
        self.reset()

    @property
    def inputs(self) -> int:
        return len(self.learnt.mean)

    def reset(self) -> None:
        """Forget the stream."""
        self.label = NOTHING
        self._frames, self._rested = 0, self.learnt.rest
        self._before: Floats | None = None
        self._state: Floats = np.zeros(len(self.learnt.out))
        self._smooth: Floats = np.eye(len(self.classes))[0]

    def feed(self, values: NDArray[Any]) -> Spot | None:
        """Hear a frame of the stream; ModelError on a wrong width."""
        if values.shape != self.learnt.mean.shape:
            raise ModelError(f"The gestures have {self.inputs} inputs and got {np.size(values)}: record them again.")
        self._frames += 1
        if self._frames % self.learnt.every:
            return None
        frame = np.asarray(values, np.float64)
        self._state = self.learnt.step(self.learnt.features(frame, self._before), self._state)
        self._before = frame
        scores = softmax_one(self._state @ self.learnt.out + self.learnt.out_bias)
        self._smooth = SMOOTHING * self._smooth + (1.0 - SMOOTHING) * scores
        event = self._decide()
        return Spot(scores, self.label, event)

    def _decide(self) -> Literal["", "start", "end"]:
        best = int(self._smooth.argmax())
        label = self.classes[best]
        if self.label == NOTHING:
            self._rested += 1
            sure = self._smooth[best] >= self.confidence and label in self.enabled
            if not sure or self._rested <= self.learnt.rest:
                return ""
            self.label = label
            return "start"
        present = self._smooth[self.classes.index(self.label)]
        if label == self.label or present >= STAYING * self.confidence:
            return ""
        self.label, self._rested = NOTHING, 0
        return "end"

    def to_arrays(self) -> tuple[Arrays, Meta]:
        arrays, numbers = pack(self.learnt)
        return arrays, {"type": "recurrent", "classes": list(self.classes), "numbers": numbers}

    @classmethod
    def from_arrays(cls, arrays: Arrays, meta: Meta) -> RecurrentSpotter:
        """Rebuild a spotter; ModelError if its parts do not belong together."""
        made = cls(unpack(Recurrence, arrays, meta["numbers"]))
        for _ in range(made.learnt.every):
            spot = made.feed(np.zeros(made.inputs))
        if spot is None or spot.scores.shape != (len(made.classes),) or not np.isfinite(spot.scores).all():
            raise ModelError("The stored gestures do not belong together: train them again.")
        made.reset()
        return made
