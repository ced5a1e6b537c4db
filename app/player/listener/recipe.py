"""What a Listener's model is made with, apart from the examples: so the same can be made again of others.

Models that learnt from different examples cannot be compared by what they said of them. What can be is how each would
have been made: the model's name, its settings, the columns it sees, tried on the same takes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from app.example import Examples
from app.learning import Task
from app.model.base import Answer, Value
from app.model.registry import MODELS
from app.parameter import Steps, Tree


@dataclass(frozen=True, slots=True)
class Recipe:
    """How one output is learnt.

    Attributes: `output` (from 0), `model` (a name of the registry), `settings` by name, `columns` it sees (None: all).
    """

    output: int
    model: str
    settings: Mapping[str, Value]
    columns: tuple[int, ...] | None = None

    def task(self, examples: Examples, start: Answer | None = None) -> Task | None:
        """Return it as a task on these examples, None if they hold nothing of the output. `start`: to go on from."""
        if MODELS[self.model].kind == "gesture":
            return self._gestures(examples)
        rows = examples.rows(self.output, self.columns)
        if not len(rows):
            return None
        return Task(
            output=str(self.output),
            model=self.model,
            X=np.ascontiguousarray(examples.X(self.output, self.columns)),
            y=np.ascontiguousarray(examples.y(self.output, self.columns)),
            settings=self.settings,
            takes=np.ascontiguousarray(examples.takes[rows]),
            columns=self.columns,
            start=start,
        )

    def _gestures(self, examples: Examples) -> Task | None:
        """Return the takes as sequences, each with its label."""
        gestures = examples.gestures(self.output)
        if not gestures:
            return None
        sequences = [np.ascontiguousarray(gesture.inputs) for gesture in gestures]
        labels = np.array([gesture.label for gesture in gestures])
        takes = np.array([gesture.take for gesture in gestures])
        return Task(str(self.output), self.model, sequences, labels, self.settings, takes)


def recipe_of(tree: Tree, output: int, model: str, columns: tuple[int, ...] | None) -> Recipe:
    """Return a recipe with the model's own settings as its Parameters have them."""
    values = {one.name: tree.number(f"/listener/model/{model}/{one.name}") for one in MODELS[model].settings}
    settings = {key: one.show() if isinstance(one.curve, Steps) else one.value for key, one in values.items()}
    return Recipe(output, model, settings, columns)
