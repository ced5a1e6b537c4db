"""Who trains the lessons' networks: a lesson enrols a pupil, teaches it tick by tick and takes its answers.

Two coaches do the same with the same pupils. `InlineCoach` trains in the caller, so an answer is there when `teach`
returns: for the offline clock, where training is awaited and the same seed gives the same run. `ProcessCoach`
(`coach_process`) trains in a process of the lowest priority, so that no training ever runs in the engine's thread.

An answer is always a whole network. A lesson takes the newest when a tick is heard or decided and holds the network
it has until then: one that comes late is used from the next tick on, and never for the tick that it came too late
for. Late ones are counted by the lesson (a tick was heard while the one before was still unanswered), answers to
pupils that were dismissed meanwhile by the coach (`dropped`).
"""

from __future__ import annotations

from itertools import count
from typing import Protocol

from app.player.follower.lesson.order import Answer, Order, Plan
from app.player.follower.lesson.pupil import Pupil, pupil


class PupilLostError(Exception):
    """A pupil is gone with the process that trained it: enrol it again with what the lesson knows."""


class Coach(Protocol):
    """Who trains. Attributes: `dropped`, how many answers came for pupils that were dismissed."""

    dropped: int

    def enrol(self, plan: Plan) -> int:
        """Take on a network to be trained; return the pupil's number."""

    def teach(self, number: int, order: Order) -> None:
        """Let a pupil learn what was right at a tick; never waits. Numbers that nobody has are passed over."""

    def answer(self, number: int) -> Answer | None:
        """Return a pupil's newest answer, once; None if there is nothing new. PupilLostError if it is gone."""

    def dismiss(self, number: int) -> None:
        """Forget a pupil."""

    def close(self) -> None:
        """Stop training for good."""


class InlineCoach:
    """Trains in the caller. Attributes: `dropped` (always 0: nothing is late here)."""

    def __init__(self) -> None:
        self.dropped = 0
        self._numbers = count(1)
        self._pupils: dict[int, Pupil] = {}
        self._answers: dict[int, Answer] = {}

    def enrol(self, plan: Plan) -> int:
        number = next(self._numbers)
        self._pupils[number] = taken = pupil(plan)
        while taken.rehearsing:
            self._answers[number] = taken.rehearse()
        return number

    def teach(self, number: int, order: Order) -> None:
        if number in self._pupils:
            self._answers[number] = self._pupils[number].learn([order])

    def answer(self, number: int) -> Answer | None:
        if number not in self._pupils:
            raise PupilLostError(f"pupil {number} is not enrolled")
        return self._answers.pop(number, None)

    def dismiss(self, number: int) -> None:
        self._pupils.pop(number, None)
        self._answers.pop(number, None)

    def close(self) -> None:
        self._pupils.clear()
        self._answers.clear()
