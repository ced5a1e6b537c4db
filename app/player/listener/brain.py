"""What a Listener has learnt, ready to answer: one predictor for each output, swapped in whole.

A predictor is plain numpy and immutable, so the old one answers until the very frame at which the new one does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import isfinite
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.example import Output
from app.model.base import Spotter
from app.player.listener.decision import NONE, Decision, Settings, Verdict

Values = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Learnt:
    """A predictor (for gestures a Spotter) with the inputs that it was shown: `selection` None means all."""

    predictor: Any
    selection: tuple[int, ...] | None = None
    card: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the outputs say to one frame.

    Attributes: `seconds` (of the frame), `values` (one number an output: label number or value), `verdicts` (None
    where an output is continuous or does not run), `probabilities` (raw, None likewise).
    """

    seconds: float
    values: tuple[float, ...]
    verdicts: tuple[Verdict | None, ...]
    probabilities: tuple[NDArray[np.float64] | None, ...]

    @property
    def changed(self) -> bool:
        return any(verdict is not None and verdict.changed for verdict in self.verdicts)


class Brain:
    """Answers frames.

    Attributes: `outputs`, `learnt` (output number -> what it learnt), `running` (outputs that answer; others
    repeat their value), `values` (the present value of each output), `fault` (why the last frame got no answer).
    """

    def __init__(self, outputs: Sequence[Output]) -> None:
        self.outputs = tuple(outputs)
        self.learnt: dict[int, Learnt] = {}
        self.running = set(range(len(self.outputs)))
        self.values = [1.0 if output.kind == "class" else 0.0 for output in self.outputs]
        self.fault = ""
        self._decisions: dict[int, Decision] = {}

    @property
    def ready(self) -> bool:
        return bool(self.learnt)

    def take(self, output: int, learnt: Learnt) -> None:
        """Let an output answer by what it learnt from the next frame on."""
        self.learnt[output] = learnt
        if hasattr(learnt.predictor, "reset"):
            learnt.predictor.reset()
        elif learnt.predictor.classes:
            self._decisions[output] = Decision(learnt.predictor.classes)

    @property
    def spotter(self) -> Spotter | None:
        """What follows the stream of frames, where gestures are learnt; None elsewhere."""
        first = self.learnt.get(0)
        return first.predictor if first is not None and hasattr(first.predictor, "feed") else None

    def suits(self, learnt: Mapping[int, Learnt]) -> bool:
        """Return whether these were made for outputs of the kinds that there are."""
        return all(
            output < len(self.outputs)
            and (self.outputs[output].kind == "class") == bool(hasattr(one.predictor, "feed") or one.predictor.classes)
            for output, one in learnt.items()
        )

    def swap(self, learnt: Mapping[int, Learnt]) -> None:
        """Let all outputs answer by these, at once; what they decided before is forgotten where it changed."""
        for output in [known for known in self.learnt if known not in learnt]:
            del self.learnt[output]
            self._decisions.pop(output, None)
        for output, one in learnt.items():
            if self.learnt.get(output) is not one:
                self.take(output, one)

    def decision(self, output: int) -> Decision | None:
        """Return the decision of a classifying output, for the screen."""
        return self._decisions.get(output)

    def answer(self, seconds: float, values: Values, settings: Settings) -> Answer | None:
        """Return what the outputs say to a frame, shape (n,), or None (see `fault`) if it does not fit."""
        verdicts: list[Verdict | None] = []
        probabilities: list[NDArray[np.float64] | None] = []
        self.fault = ""
        for output in range(len(self.outputs)):
            verdict, chances = self._one(output, values, settings)
            verdicts.append(verdict)
            probabilities.append(chances)
        if self.fault:
            return None
        return Answer(seconds, tuple(self.values), tuple(verdicts), tuple(probabilities))

    def _one(
        self, output: int, values: Values, settings: Settings
    ) -> tuple[Verdict | None, NDArray[np.float64] | None]:
        learnt = self.learnt.get(output)
        if learnt is None:
            return None, None
        chosen = values if learnt.selection is None else self._select(values, learnt.selection)
        if len(chosen) != learnt.predictor.inputs:
            self.fault = f"a frame has {len(values)} values, it learnt from {learnt.predictor.inputs}"
            return None, None
        said = learnt.predictor.predict(chosen)
        if not learnt.predictor.classes:
            self._set(output, float(said[0]))
            return None, None
        # A disabled output keeps its value, yet its chances go on being told.
        novelty = learnt.predictor.novelty(chosen) if isfinite(settings.reject) else 0.0
        verdict = self._decisions[output].feed(said, settings, novelty)
        if verdict.label != NONE:
            self._set(output, float(verdict.label))
        elif output in self.running:
            self.values[output] = float(NONE)
        return verdict, said

    @staticmethod
    def _select(values: Values, selection: tuple[int, ...]) -> Values:
        return values[list(selection)] if max(selection) < len(values) else values[:0]

    def _set(self, output: int, value: float) -> None:
        if output not in self.running:
            return
        described = self.outputs[output]
        if described.hard:
            value = min(max(value, described.low), described.high)
        self.values[output] = float(int(value)) if described.whole else value
