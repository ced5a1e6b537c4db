"""Training in a process of its own, at the lowest priority: nothing of it ever runs in the engine's thread.

The process is started warm and again when it dies; until then the lessons play with the networks they have. When it
falls behind, it takes in everything that waits and goes down once, so it catches up instead of answering old ticks.
It imports numpy and nothing heavier.
"""

from __future__ import annotations

import multiprocessing
import os
from itertools import count
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess

from app.interrupt import leave_to_parent
from app.learning.line import Line
from app.player.follower.lesson.coach import PupilLostError
from app.player.follower.lesson.order import Answer, Order, Plan
from app.player.follower.lesson.pupil import Pupil, pupil
from app.priority import LOWEST_NICE, step_back
from app.transport import Clock

LOOK_S = 1.0  # how often an idle process looks whether it is still needed
PAUSE_S = 2.0  # between two starts: a process that dies at once must not be started at every tick
CLOSE_S = 5.0
Message = tuple[int, Plan | Order | None]  # a pupil's number, and what for it; None: dismiss


class ProcessCoach:
    """Trains in a process. Attributes: `dropped`, `deaths` (how often the process was lost)."""

    def __init__(self, clock: Clock) -> None:
        self.dropped = self.deaths = 0
        self._clock = clock
        self._numbers = count(1)
        self._pupils: set[int] = set()
        self._answers: dict[int, Answer] = {}
        self._process: SpawnProcess | None = None
        self._line: Line | None = None
        self._started = float("-inf")

    @property
    def pid(self) -> int | None:
        """The process's number, None while there is none."""
        return None if self._process is None else self._process.pid

    def warm(self) -> None:
        """Start the process if it does not run."""
        now = self._clock.now()
        if self._line is not None or now - self._started < PAUSE_S:
            return
        self._started = now
        context = multiprocessing.get_context("spawn")
        near, far = context.Pipe()
        self._process = context.Process(target=serve, args=(far,), name="lesson", daemon=True)
        self._process.start()
        far.close()
        self._line = Line(near)

    def enrol(self, plan: Plan) -> int:
        self.warm()
        number = next(self._numbers)
        if self._line is not None:
            self._pupils.add(number)
            self._line.send((number, plan))
        return number

    def teach(self, number: int, order: Order) -> None:
        if self._line is not None and number in self._pupils:
            self._line.send((number, order))

    def answer(self, number: int) -> Answer | None:
        self._hear()
        if number in self._pupils:
            return self._answers.pop(number, None)
        if self._line is None and self._clock.now() - self._started < PAUSE_S:
            return None  # its turn comes when the process may start again
        raise PupilLostError(f"pupil {number} is gone with its process")

    def dismiss(self, number: int) -> None:
        self._answers.pop(number, None)
        if number in self._pupils and self._line is not None:
            self._pupils.discard(number)
            self._line.send((number, None))

    def close(self) -> None:
        self._release(CLOSE_S)
        self._started = float("inf")  # never again

    def _hear(self) -> None:
        line = self._line
        if line is None:
            return
        broken = line.broken  # read first: what was said before the end still counts
        while line.heard:
            number, answer = line.heard.popleft()
            if number in self._pupils:
                self._answers[number] = answer
            else:
                self.dropped += 1
        if broken:
            self.deaths += 1
            self._release()

    def _release(self, wait_s: float = 0.0) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.join(wait_s)
        if self._line is not None:
            self._line.close()
        self._process = self._line = None
        self._pupils.clear()
        self._answers.clear()


def serve(connection: Connection) -> None:
    """Be the child process, until the instrument is gone."""
    leave_to_parent()
    step_back(LOWEST_NICE)
    line, school = Line(connection), School()
    parent = os.getppid()
    while not line.broken and os.getppid() == parent:
        if not line.heard and not school.busy:
            line.wait(LOOK_S)
        messages: list[Message] = []
        while line.heard:
            messages.append(line.heard.popleft())
        for reply in school.attend(messages):
            line.send(reply)
    os._exit(0)  # neither threads nor libraries have anything left to say


class School:
    """All pupils of the process."""

    def __init__(self) -> None:
        self._pupils: dict[int, Pupil] = {}

    @property
    def busy(self) -> bool:
        """Whether a pupil rehearses."""
        return any(taken.rehearsing for taken in self._pupils.values())

    def attend(self, messages: list[Message]) -> list[tuple[int, Answer]]:
        """Do what waits, or else a slice of a rehearsal; return what has become of the pupils."""
        orders: dict[int, list[Order]] = {}
        for number, message in messages:
            if isinstance(message, Order):
                orders.setdefault(number, []).append(message)
            elif message is None:
                self._pupils.pop(number, None)
            else:
                self._pupils[number] = pupil(message)
        taught = [number for number in orders if number in self._pupils]
        if taught:
            return [(number, self._pupils[number].learn(orders[number])) for number in taught]
        rehearsing = [(number, taken) for number, taken in self._pupils.items() if taken.rehearsing]
        return [(number, taken.rehearse()) for number, taken in rehearsing[:1]]
