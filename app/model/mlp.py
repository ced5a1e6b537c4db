"""Multi-layer perceptron for labels and for numbers: trained by `descent`, answered by `network`.

It bends its borders as far as the examples ask and answers in microseconds. A training can go on from the model
before: three new examples, or a new label, need not begin from nothing.
"""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from app.model.base import Answer, Floats, Shown, choice, whole
from app.model.descent import Course, Descent, drawn
from app.model.estimator import Classifier, Estimator, Lesson, Regressor
from app.model.network import Layers, Network, rescaled
from app.model.predictor import Compiled, Core
from app.parameter import Linear, Log

Units = Annotated[int, whole(1, 256, "Units", "How many in each layer; more can bend more")]
Depth = Annotated[int, whole(1, 3, "Layers", "How many layers between input and output")]
Bend = Annotated[str, choice("Bend", "What each unit does with its sum", "relu", "tanh", "logistic")]
Alpha = Annotated[float, Shown(Log(1e-6, 10.0, 5), "Decay", "Higher gives smoother answers")]
Rate = Annotated[float, Shown(Log(1e-4, 0.1, 4), "Learning rate", "Size of a step; too high and the loss jumps")]
Epochs = Annotated[int, whole(10, 5000, "Epochs", "At most so many passes; it stops when nothing improves")]
HeldOut = Annotated[
    float, Shown(Linear(0.0, 0.5), "Held out", "Share of the examples that tells when to stop (20 examples or more)")
]
Seed = Annotated[int, whole(0, 9999, "Seed", "The same number gives the same model")]


class _Perceptron(Estimator):
    """What both kinds share. Attributes: the settings as given; `network_`, after `fit`."""

    network_: Network

    def __init__(
        self,
        units: Units = 32,
        layers: Depth = 1,
        bend: Bend = "relu",
        alpha: Alpha = 1e-3,
        rate: Rate = 1e-2,
        epochs: Epochs = 300,
        held_out: HeldOut = 0.2,
        seed: Seed = 0,
    ) -> None:
        self.units, self.layers, self.bend, self.alpha = units, layers, bend, alpha
        self.rate, self.epochs, self.held_out, self.seed = rate, epochs, held_out, seed

    def _train(self, lesson: Lesson, targets: Floats, start: tuple[Layers, Layers] | None) -> tuple[Layers, Layers]:
        classify = bool(lesson.classes)
        course = Course(self.bend, classify, self.alpha, self.rate, self.epochs, self.held_out, self.seed)
        if start is None:
            sizes = (lesson.scaled.shape[1], *[self.units] * self.layers, targets.shape[1])
            start = drawn(sizes, self.bend, np.random.default_rng([self.seed, 1]))
        descent = Descent(course, lesson.scaled, targets, start)
        descent.run(lesson.watch)
        return descent.now.weights, descent.now.biases

    def _before(self, start: Answer | None, width: int, classify: bool) -> tuple[Compiled, Network] | None:
        """Return the model to go on from, if it is of the same build."""
        if not isinstance(start, Compiled) or not isinstance(start.core, Network) or start.inputs != width:
            return None
        core = start.core
        same = core.hidden == (self.units,) * self.layers and (core.bend, core.classify) == (self.bend, classify)
        return (start, core) if same else None

    def _many(self, raw: NDArray[np.float32], scaled: Floats) -> Floats:
        return self.network_.answers(scaled)


class PerceptronClassifier(_Perceptron, Classifier):
    """Attributes: the settings as given; `network_`, after `fit`."""

    def _learn(self, lesson: Lesson) -> Core:
        targets = np.eye(len(lesson.classes))[lesson.codes]
        weights, biases = self._train(lesson, targets, self._start(lesson))
        self.network_ = Network(_own(weights), _own(biases), self.bend, True)
        return self.network_

    def _start(self, lesson: Lesson) -> tuple[Layers, Layers] | None:
        """Return the layers before, on the new scale; a label that was not there gets fresh weights."""
        found = self._before(lesson.start, lesson.scaled.shape[1], True)
        if found is None:
            return None
        before, network = found
        weights, biases = rescaled(before, network, lesson.scale)
        fresh = drawn((self.units, len(lesson.classes)), self.bend, np.random.default_rng([self.seed, 2]))
        last, bias = fresh[0][0], fresh[1][0]
        for place, label in enumerate(lesson.classes):
            if label in before.classes:
                known = before.classes.index(label)
                last[:, place], bias[place] = weights[-1][:, known], biases[-1][known]
        return (*weights[:-1], last), (*biases[:-1], bias)


class PerceptronRegressor(_Perceptron, Regressor):
    """Learns many outputs at once, also where single targets are missing. Attributes: the settings; `network_`."""

    gaps: ClassVar[bool] = True

    def _learn(self, lesson: Lesson) -> Core:
        mean, spread = np.nanmean(lesson.targets, axis=0), np.nanstd(lesson.targets, axis=0)
        unit = np.where(spread > 0.0, spread, 1.0)
        start = self._start(lesson, mean, unit)
        weights, biases = self._train(lesson, (lesson.targets - mean) / unit, start)
        # Targets are learnt at one scale; the last layer gives them back at their own, a constant one exactly.
        weights, biases = (*weights[:-1], weights[-1] * spread), (*biases[:-1], biases[-1] * spread + mean)
        self.network_ = Network(_own(weights), _own(biases), self.bend, False)
        return self.network_

    def _start(self, lesson: Lesson, mean: Floats, unit: Floats) -> tuple[Layers, Layers] | None:
        found = self._before(lesson.start, lesson.scaled.shape[1], False)
        if found is None or found[1].biases[-1].shape != mean.shape:
            return None
        weights, biases = rescaled(*found, lesson.scale)
        return (*weights[:-1], weights[-1] / unit), (*biases[:-1], (biases[-1] - mean) / unit)


def _own(layers: Any) -> Layers:
    return tuple(np.ascontiguousarray(layer).copy() for layer in layers)
