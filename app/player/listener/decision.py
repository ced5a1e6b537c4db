"""From probabilities, frame by frame, to a label that one can perform with.

A classifier's raw answer flickers. Smoothing each class, a confidence that must be reached and a margin by which
another class must lead make of it a steady decision, or none. All three are plain numbers that can move at any time.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

NONE = 0  # The label of "none of these".


@dataclass(frozen=True, slots=True)
class Settings:
    """How a decision is made.

    Attributes: `smoothing` 0..1 (the share of the past kept per frame), `confidence` 0..1 (below it there is no
    label), `margin` 0..1 (by which another class must lead before it takes over), `reject` (a novelty above it is
    none of the classes; infinity never rejects).
    """

    smoothing: float = 0.0
    confidence: float = 0.0
    margin: float = 0.0
    reject: float = float("inf")


@dataclass(frozen=True, slots=True)
class Verdict:
    """A decision: `label` (0: none), its smoothed `confidence`, whether the label `changed`."""

    label: int
    confidence: float
    changed: bool


class Decision:
    """Decides for one output.

    Attributes: `classes` (label numbers, in the order of the probabilities), `smoothed` (probabilities, same
    order), `label` (the present one).
    """

    def __init__(self, classes: tuple[int, ...]) -> None:
        self.classes = classes
        self.smoothed: NDArray[np.float64] = np.zeros(len(classes))
        self.label = NONE
        self._fresh = True

    def feed(self, probabilities: NDArray[np.float64], settings: Settings, novelty: float = 0.0) -> Verdict:
        """Take one frame's probabilities, shape (classes,); return the decision."""
        if self._fresh:
            self._fresh = False
            self.smoothed = probabilities
        else:
            self.smoothed = settings.smoothing * self.smoothed + (1.0 - settings.smoothing) * probabilities
        label, confidence = self._choose(settings, novelty)
        changed, self.label = label != self.label, label
        return Verdict(label, confidence, changed)

    def _choose(self, settings: Settings, novelty: float) -> tuple[int, float]:
        best = int(self.smoothed.argmax())
        lead = float(self.smoothed[best])
        if self.label in self.classes and self.classes[best] != self.label:
            present = float(self.smoothed[self.classes.index(self.label)])
            if lead < present + settings.margin:
                best, lead = self.classes.index(self.label), present
        if lead < settings.confidence or novelty > settings.reject:
            return NONE, lead
        return self.classes[best], lead
