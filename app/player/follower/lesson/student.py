"""One network as its lesson sees it: what it remembers, what decides now, and how far its training is.

The lesson's side owns everything that must not be lost. The coach trains a copy and may die; the student enrols again
with all examples and the last whole network, and goes on deciding meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from app.player.follower.lesson.coach import Coach, PupilLostError
from app.player.follower.lesson.memory import memory
from app.player.follower.lesson.network import Network, Trained
from app.player.follower.lesson.order import Answer, Order, Plan
from app.player.follower.lesson.shape import Manner, Shape
from app.player.follower.lesson.state import Example, Key, vector


class Student:
    """Attributes: `seeds`, `shape`, `forgetful` (as Plan), `memory`, `teaching` (number of the latest), `taught` (ticks
    of it), `loss` and `all_loss` (None: not known), `rehearsing` (what it knew is being learnt again).
    """

    def __init__(
        self,
        seeds: tuple[int, ...],
        shape: Shape,
        forgetful: bool = False,
        examples: Iterable[Example] = (),
        trained: Trained | None = None,
    ) -> None:
        self.seeds, self.shape, self.forgetful = seeds, shape, forgetful
        self.memory = memory(forgetful, examples)
        self.teaching = max((example.teaching for example in self.memory), default=-1)
        self.taught = 0
        self.loss: float | None = None
        self.all_loss: float | None = None
        self.rehearsing = False
        self._network = Network(trained or self._fresh())
        self._pupil: int | None = None
        self._sent = self._answered = 0

    def _fresh(self) -> Trained:
        inputs = self.shape.inputs
        sizes = (inputs, inputs, *self.shape.structure, 2) if self.forgetful else (inputs, *self.shape.structure, 1)
        return Trained.drawn(sizes, np.random.default_rng([*self.seeds, 0]))

    @property
    def trained(self) -> Trained:
        """The network that decides."""
        return self._network.trained

    @property
    def late(self) -> bool:
        """Whether something that was taught is not answered yet."""
        return self._sent != self._answered

    def lean(self, key: Key) -> float:
        """Return what the network says of a state: 1 is a hit, -1 a rest, between them it is less sure."""
        out = self._network.answer(vector(key, self.shape))
        return float(out[0]) if out.size == 1 else float(out[1] - out[0]) / 2.0

    def enrol(self, coach: Coach, rate: float, rehearse: bool = False) -> None:
        """Have the network trained from now on; `rehearse` what is remembered first."""
        examples = tuple(self.memory)
        self.rehearsing = rehearse and bool(examples)
        plan = Plan(self.seeds, self.shape, self.forgetful, self.trained, examples, self.rehearsing, rate)
        self._pupil, self._sent, self._answered = coach.enrol(plan), 0, 0

    def leave(self, coach: Coach) -> None:
        """Have the network trained no more; it stays as it is."""
        if self._pupil is not None:
            coach.dismiss(self._pupil)
        self._pupil = None

    def begin(self) -> None:
        """Let a new teaching begin."""
        self.teaching += 1
        self.taught = 0

    def teach(self, coach: Coach, key: Key, target: bool, manner: Manner) -> None:
        """Remember what was right in a state, and have it learnt."""
        assert self._pupil is not None, "a student is enrolled before it is taught"
        example = Example(key, target, self.teaching)
        self.memory.put(example)
        self.taught += 1
        self._sent += 1
        coach.teach(self._pupil, Order(self._sent, example, manner))

    def take(self, coach: Coach, rate: float) -> bool:
        """Let the newest network decide from now on; return whether there was a newer one."""
        if self._pupil is None:
            return False
        try:
            answer = coach.answer(self._pupil)
        except PupilLostError:
            self.enrol(coach, rate, rehearse=self.late or self.rehearsing)
            return False
        if answer is not None:
            self._swap(answer)
        return answer is not None

    def _swap(self, answer: Answer) -> None:
        self._network = Network(answer.trained)
        self._answered = answer.number
        self.rehearsing = answer.rehearsing
        self.loss, self.all_loss = answer.loss if answer.loss is not None else self.loss, answer.all_loss
