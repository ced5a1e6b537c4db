"""The network in training as Sema's tutorial has it: a bandit that is rewarded, with a memory of eight bars.

It acts, is told only whether the action was right, and learns from a draw of its last 64 actions; whatever is taught
now pushes out what was taught before. Kept because being pulled about by an agent that forgets is part of the play.
Where it says so in the published script (sema, tutorial of the Rubber Gosling language): a layer as wide as the
inputs with dropout 0.2 before the structure, two outputs (the values of a rest and of a hit), targets that are the
network's own answers but for the value of the action taken, one Adam step of 0.001 a tick on 32 of the 64. The loss
it tells is that of the batch, dropout included.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

import numpy as np

from app.model.base import Floats
from app.player.follower.lesson.memory import RECENT
from app.player.follower.lesson.network import Descent
from app.player.follower.lesson.order import Answer, Order, Plan
from app.player.follower.lesson.state import Example, vector

BATCH, RATE, DROPOUT = 32, 0.001, 0.2
REHEARSALS, SLICE = 480, 20


class Forgetful:
    """Learns from the rewards of its last actions. Attributes: `rehearsing`."""

    def __init__(self, plan: Plan) -> None:
        self.rehearsing = plan.rehearse and bool(plan.examples)
        self._plan = plan
        self._descent = Descent(plan.start)
        self._random = np.random.default_rng([*plan.seeds, 2])
        self._acts: deque[tuple[Floats, int, float]] = deque(maxlen=RECENT)
        self._number, self._left = 0, REHEARSALS
        self._loss: float | None = None
        for example in plan.examples:
            self._act(example)

    def learn(self, orders: Sequence[Order]) -> Answer:
        for order in orders:
            self._act(order.example)
            if self._loss is None or self._loss >= order.manner.goal:
                self._replay()
        self._number = orders[-1].number
        return self._answer()

    def rehearse(self) -> Answer:
        for _ in range(SLICE):
            self._replay()
        self._left -= SLICE
        self.rehearsing = self._left > 0
        return self._answer()

    def _act(self, example: Example) -> None:
        """Do what seems best in a state and remember how it was received."""
        seen = vector(example.key, self._plan.shape)
        action = int(self._descent.forward(seen[None])[0].argmax())
        self._acts.append((seen, action, 1.0 if action == int(example.target) else -1.0))

    def _replay(self) -> None:
        chosen = self._random.permutation(len(self._acts))[:BATCH]
        acts = [self._acts[place] for place in chosen]
        seen = np.stack([act[0] for act in acts])
        targets = self._descent.forward(seen)
        targets[np.arange(len(acts)), [act[1] for act in acts]] = [act[2] for act in acts]
        kept = self._random.random((len(acts), self._descent.sizes[1])) >= DROPOUT
        error = self._descent.forward(seen, kept / (1.0 - DROPOUT)) - targets
        self._loss = float((error * error).mean())
        self._descent.step(error, RATE)

    def _answer(self) -> Answer:
        seen = np.stack([act[0] for act in self._acts])
        values = self._descent.forward(seen)[np.arange(len(seen)), [act[1] for act in self._acts]]
        error = values - np.array([act[2] for act in self._acts])
        return Answer(self._number, self._descent.trained, self._loss, float((error * error).mean()), self.rehearsing)
