"""Learning to spot gestures in a stream: prepares the takes, trains, compiles."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Self

import numpy as np

from app.model.base import Answer, Integers, Kind, Shown, Unwatched, Watch, whole
from app.model.dtw import NOTHING, SHORTEST
from app.model.gru import Recurrence, RecurrentSpotter
from app.model.gru_stream import Practice
from app.model.pack import unpack
from app.model.scale import Scale
from app.model.take import checked_takes
from app.parameter import Linear

NO_ONE = Unwatched()


class RecurrentModel:
    """A recurrent network for gestures, in scikit-learn's convention.

    Attributes: the settings as given; `learnt_`, `classes_` (labels, without 0), `inputs_` after `fit`.
    """

    kind: ClassVar[Kind] = "gesture"
    learnt_: Recurrence
    classes_: Integers
    inputs_: int

    def __init__(
        self,
        units: Annotated[int, whole(8, 128, "Units", "Size of its memory")] = 32,
        points: Annotated[int, whole(8, 100, "Points", "About so many frames of a gesture are heard")] = 24,
        updates: Annotated[int, whole(20, 2000, "Updates", "Steps of training; more is surer and slower")] = 250,
        confidence: Annotated[float, Shown(Linear(0.3, 0.99), "Confidence", "A gesture begins above it")] = 0.7,
        rest: Annotated[int, whole(0, 50, "Rest", "Frames after a gesture in which none begins")] = 2,
        seed: Annotated[int, whole(0, 9999, "Seed", "The same number gives the same model")] = 0,
    ) -> None:
        self.units, self.points, self.updates = units, points, updates
        self.confidence, self.rest, self.seed = confidence, rest, seed

    @staticmethod
    def prepare() -> None:
        """Import the training library, which takes longer than a fit."""
        from app.model import gru_training

        gru_training.prepare()

    def fit(self, X: Any, y: Any, watch: Watch = NO_ONE, start: Answer | None = None) -> Self:  # noqa: N803
        """Learn takes X, each (length, width), with labels y; label 0 is what is none of the gestures."""
        takes, labels = checked_takes(X, y)
        self.classes_ = np.unique(labels[labels != NOTHING])
        self.inputs_ = takes[0].shape[1]
        typical = float(np.median([len(take) for take, label in zip(takes, labels, strict=True) if label != NOTHING]))
        every = max(1, round(typical / self.points))
        scale = Scale.of(np.concatenate(takes))
        known = np.concatenate(([NOTHING], self.classes_))
        short = [scale.apply(take[::every] if len(take) >= SHORTEST * every else take[[0, -1]]) for take in takes]
        practice = Practice(short, np.searchsorted(known, labels), np.random.default_rng(self.seed))
        pace = 1.0 / max(float(np.concatenate([np.diff(take, axis=0) for take in short]).std()), 1e-3)
        watch.check()
        from app.model import gru_training

        pacing = np.full(self.inputs_, pace)
        made = gru_training.train(practice, pacing, self.units, len(known), self.updates, self.seed, watch)
        arrays = {"labels": known, "mean": scale.mean, "factor": scale.factor, "pace": pacing * scale.factor, **made}
        self.learnt_ = unpack(Recurrence, arrays, {"every": every, "confidence": self.confidence, "rest": self.rest})
        return self

    def predict(self, X: Any) -> Integers:  # noqa: N803
        """Return the label of each whole take: the one most often most probable in its second half."""
        return np.array([self._name(np.asarray(take, np.float64)[:: self.learnt_.every]) for take in X], np.int64)

    def _name(self, take: Any) -> int:
        state, before, found = np.zeros(len(self.learnt_.out)), None, np.zeros(len(self.learnt_.labels))
        for place, frame in enumerate(take):
            state = self.learnt_.step(self.learnt_.features(frame, before), state)
            before = frame
            if 2 * place >= len(take) - 1:
                found[int((state @ self.learnt_.out + self.learnt_.out_bias).argmax())] += 1
        return int(self.learnt_.labels[found.argmax()])

    def compile(self) -> RecurrentSpotter:
        """Return a spotter at the beginning of a stream."""
        return RecurrentSpotter(self.learnt_)
