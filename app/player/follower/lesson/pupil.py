"""The network in training: whole-memory descent on every state's latest target.

Every tick a few steps go down the mean squared error over everything remembered, so what is new is learnt within
bars and what was learnt before stays: nothing is drawn by lot, nothing expires. Only a very large memory is learnt in
portions, always with all of what is being taught now. The losses of a tick are those that it was met with, before
anything was learnt from it: so they rise when something new is taught.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from app.model.base import Floats
from app.player.follower.lesson.memory import Keyed
from app.player.follower.lesson.network import Descent
from app.player.follower.lesson.order import Answer, Order, Plan
from app.player.follower.lesson.state import Example, vector

PORTION = 512  # examples of a step, where there are more
ENOUGH = 1e-4  # squared error of the worst example below which descent only costs
REHEARSED = 0.005  # loss at which a rehearsal ends
SLICE, MOST_SLICES = 20, 150  # steps between two looks at what else is to be done; slices of a rehearsal
Rows = NDArray[np.intp]


class Pupil(Protocol):
    """A network in training. Attributes: `rehearsing` (what it knew is not learnt yet)."""

    rehearsing: bool

    def learn(self, orders: Sequence[Order]) -> Answer:
        """Learn what was taught at one tick, or at several if it was waited for, and tell what has become."""

    def rehearse(self) -> Answer:
        """Learn a slice of what was known from the beginning."""


class Exact:
    """Keeps and learns every state's latest target. Attributes: `rehearsing`."""

    def __init__(self, plan: Plan) -> None:
        self.rehearsing = plan.rehearse and bool(plan.examples)
        self._plan = plan
        self._descent = Descent(plan.start)
        self._memory = Keyed()
        self._random = np.random.default_rng([*plan.seeds, 1])
        self._seen: Floats = np.empty((64, plan.shape.inputs))
        self._right: Floats = np.empty((64, 1))
        self._teachings = np.empty(64, np.int64)
        self._teaching = -1  # the one whose loss is told
        self._number, self._slices = 0, 0
        for example in plan.examples:
            self._put(example)

    def learn(self, orders: Sequence[Order]) -> Answer:
        for order in orders:
            self._put(order.example)
        last = orders[-1]
        self._number, self._teaching = last.number, last.example.teaching
        goal = last.manner.goal
        losses = self._losses()
        self._descend(last.manner.steps, last.manner.rate, lambda _, taught: taught < goal)
        return Answer(self._number, self._descent.trained, *losses, self.rehearsing)

    def rehearse(self) -> Answer:
        self._slices += 1
        content = self._descend(SLICE, self._plan.rate, lambda worst, _: worst < REHEARSED)
        self.rehearsing = not content and self._slices < MOST_SLICES
        return Answer(self._number, self._descent.trained, *self._losses(), self.rehearsing)

    def _put(self, example: Example) -> None:
        row = self._memory.place(example)
        if row >= len(self._right):
            self._seen, self._right = np.repeat(self._seen, 2, axis=0), np.repeat(self._right, 2, axis=0)
            self._teachings = np.repeat(self._teachings, 2)
        self._seen[row] = vector(example.key, self._plan.shape)
        self._right[row, 0] = 1.0 if example.target else -1.0
        self._teachings[row] = example.teaching

    def _descend(self, steps: int, rate: float, content: Callable[[float, float], bool]) -> bool:
        """Go some steps down; stop and return True once `content` with the worst and the present teaching's error."""
        for _ in range(steps):
            rows = self._portion()
            error = self._descent.forward(self._seen[rows]) - self._right[rows]
            squared = (error * error)[:, 0]
            now = squared[self._teachings[rows] == self._teaching]
            worst = float(squared.max())
            if worst < ENOUGH or content(worst, float(now.mean()) if len(now) else np.inf):
                return True
            self._descent.step(error, rate)
        return False

    def _portion(self) -> Rows:
        """Return the rows to learn from in one step: all, or those of now and some of the others."""
        known = len(self._memory)
        if known <= PORTION:
            return np.arange(known)
        now = np.flatnonzero(self._teachings[:known] == self._teaching)
        if len(now) > PORTION // 2:
            now = self._random.choice(now, PORTION // 2, replace=False)
        others = self._random.choice(known, PORTION - len(now), replace=False)
        return np.union1d(now, others)

    def _losses(self) -> tuple[float | None, float]:
        """Return the loss over the present teaching (None: nothing of it yet) and over everything."""
        known = len(self._memory)
        error = self._descent.forward(self._seen[:known]) - self._right[:known]
        squared = (error * error)[:, 0]
        now = squared[self._teachings[:known] == self._teaching]
        return (float(now.mean()) if len(now) else None), float(squared.mean())


def pupil(plan: Plan) -> Pupil:
    """Return the pupil that a plan asks for."""
    from app.player.follower.lesson.forgetful import Forgetful

    return Forgetful(plan) if plan.forgetful else Exact(plan)
