"""One target channel: it hears what happens tick by tick, remembers what was right, and says whether to play.

It works one tick ahead, as what happens on a tick is only known when it sounds: the state of a tick is its place in
the phrase and what the sources did in the bar before. For one bar after a change the past still tells of the old
source while the target is already new, so what is taught then would overwrite what was right; the lesson settles
first. Before playing starts, a player may let it hear the bar that would have been (ticks below 0, no target).

A model is the network with its memory. Shapes that differ in grid, bars or sources have a model each, found again
when the shape comes back; examples that are true in both are carried over. `renew`, `reshape` and `load` leave the
model before them to go `back` to. The forgetful way of learning has a model of its own beside the exact one; it does
not settle, as Sema does not.
"""

from __future__ import annotations

import math
import zlib
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from app.player.follower.lesson.chance import chance
from app.player.follower.lesson.coach import Coach
from app.player.follower.lesson.memory import carried
from app.player.follower.lesson.shape import Manner, Shape
from app.player.follower.lesson.state import History
from app.player.follower.lesson.stored import Stored, read, write
from app.player.follower.lesson.student import Student
from app.snapshot_follower import LessonState

MODELS = 8  # earlier ones that are kept
POINTS = 512  # of a curve
Place = tuple[bool, tuple[int, int, int]]  # whether forgetful, and a shape's room


@dataclass(frozen=True, slots=True)
class Model:
    """All that a fresh model would lose. Attributes: `shape`, `seed`, `students` (by kind and room)."""

    shape: Shape
    seed: int
    students: dict[Place, Student]


class Lesson:
    """Learns and plays one target.

    Attributes: `name` of the target, `manner` (may be replaced at any time), `decisions` (how many were made), `late`
    (ticks heard while one before was still unanswered).
    """

    def __init__(self, name: str, shape: Shape, seed: int, coach: Coach) -> None:
        self.name, self.manner = name, Manner()
        self.decisions = self.late = 0
        self._coach = coach
        self._model = Model(shape, seed, {})
        self._past: list[Model] = []
        self._history = History(shape)
        self._lean, self._forgetful = 0.0, False
        self._settling = 0
        self._networks = 0  # that have decided
        self._new = True  # the next example begins a teaching
        self._curve: deque[tuple[float, float]] = deque(maxlen=POINTS)
        self._all_curve: deque[tuple[float, float]] = deque(maxlen=POINTS)
        self.changed()
        self._student()

    @property
    def shape(self) -> Shape:
        """What the network sees."""
        return self._model.shape

    @property
    def seed(self) -> int:
        """What all chance of the model comes from."""
        return self._model.seed

    @property
    def confidence(self) -> float:
        """How sure the last decision was, 0..1."""
        return min(1.0, abs(self._lean))

    @property
    def lean(self) -> float:
        """The network's last answer: above 0 it plays; -1 and 1 are what it is taught."""
        return self._lean

    @property
    def reached(self) -> bool:
        """Whether descent rests because the goal is reached."""
        student, goal = self._student(), self.manner.goal
        return student.loss is not None and student.loss < goal and student.taught >= self.shape.phrase

    @property
    def answered(self) -> bool:
        """Whether the network that decides has learnt all that was taught."""
        student = self._student()
        return not student.late and not student.rehearsing

    # --- tick by tick ---------------------------------------------------------------------------------

    def hear(self, tick: int, sources: Sequence[bool], target: bool | None) -> None:
        """Take in what happened at a tick (0 is the first of bar 0), once a tick, in order.

        `sources` has one entry a source (ValueError otherwise); `target` None: not taught. A tick that does not
        follow the last one begins a new past.
        """
        if len(sources) != self.shape.sources:
            raise ValueError(f"{self.name} hears {self.shape.sources} sources, not {len(sources)}: reshape it first")
        student = self._student()
        self._take(student)
        self.late += student.late
        if not self._history.follows(tick):
            self._history.forget()
            self.changed()
        key = self._history.key(tick)
        self._history.hear(tick, sources)
        if target is not None and (self._settling <= 0 or student.forgetful):
            self._teach(student, key, bool(target))
            self._take(student)
        self._settling = max(0, self._settling - 1)

    def _teach(self, student: Student, key: tuple[int, ...], target: bool) -> None:
        if self._new:
            student.begin()
        self._new = False
        student.teach(self._coach, key, target, self.manner)

    def _take(self, student: Student) -> None:
        """Let the newest network decide, and draw its losses."""
        taken = student.take(self._coach, self.manner.rate)
        self._networks += taken
        if not taken or not student.taught or self._history.tick is None:
            return
        bar = (self._history.tick + 1) / self.shape.grid
        for curve, loss in ((self._curve, student.loss), (self._all_curve, student.all_loss)):
            if loss is not None:
                curve.append((bar, loss))

    def decide(self, tick: int) -> bool:
        """Return whether to play at a tick, one ahead of what was heard. The same tick gives the same answer."""
        student = self._student()
        self._take(student)
        self._lean = student.lean(self._history.key(tick))
        self.decisions += 1
        if self.manner.surprise <= 0.0:
            return self._lean > 0.0
        often = 0.5 + 0.5 * math.tanh(0.5 * self._lean / self.manner.surprise)  # the logistic function
        return chance(*student.seeds, tick) < often

    def changed(self) -> None:
        """Settle anew: the source, the target or the mode changed. What is taught then is a new teaching."""
        self._settling = math.ceil(self.manner.settle * self.shape.grid / 8)
        self._new = True

    # --- the model ------------------------------------------------------------------------------------

    def _student(self) -> Student:
        """Return the student of the present manner and shape; one that is missing is enrolled."""
        model = self._model
        place = (self.manner.forgetful, model.shape.room)
        found = model.students.get(place)
        if found is None:
            found = model.students[place] = Student(self._seeds(model.seed), model.shape, self.manner.forgetful)
            found.enrol(self._coach, self.manner.rate)
        if found.forgetful != self._forgetful:
            self._forgetful = found.forgetful
            self.changed()
        return found

    def _seeds(self, seed: int) -> tuple[int, int]:
        """Return the seeds of a network: lessons of the same seed must not play the same surprises."""
        return abs(int(seed)), zlib.crc32(self.name.encode())

    def renew(self, seed: int) -> None:
        """Begin with a fresh network that knows nothing."""
        self._keep()
        self._enter(Model(self.shape, int(seed), {}), rehearse=False)

    def reshape(self, shape: Shape) -> None:
        """Rebuild the network for another shape and train it from the examples that are true in it.

        Another number of sources alone is nothing to go back from: a program does that, and undoes it.
        """
        if shape == self.shape:
            return
        students = dict(self._model.students)
        for (forgetful, room), student in self._model.students.items():
            if room == self.shape.room:
                students[forgetful, shape.room] = self._moved(forgetful, student, shape)
        if replace(shape, sources=self.shape.sources) != self.shape:
            self._keep()
        self._enter(Model(shape, self.seed, students), rehearse=True)

    def _moved(self, forgetful: bool, student: Student, shape: Shape) -> Student:
        """Return a student in another shape: what it knew there before, and then what can be carried over."""
        before = None if student.shape.room == shape.room else self._model.students.get((forgetful, shape.room))
        examples = [*(before.memory if before else ()), *carried(student.memory, student.shape, shape)]
        same = before is not None and before.shape == shape
        return Student(student.seeds, shape, forgetful, examples, before.trained if before and same else None)

    def back(self) -> Shape:
        """Return to the model before the last `renew`, `reshape` or `load`; ValueError if there is none.

        Returns its shape, which may be another one.
        """
        if not self._past:
            raise ValueError(f"{self.name} has no earlier model to go back to")
        self._enter(self._past.pop(), rehearse=False)
        return self.shape

    def _keep(self) -> None:
        """Keep the present model, to go back to."""
        self._past = [*self._past, self._model][-MODELS:]

    def _enter(self, model: Model, rehearse: bool) -> None:
        """Let a model take the place of the present one, which stays as it is."""
        for student in self._model.students.values():
            student.leave(self._coach)
        self._history = self._history.moved(model.shape)
        self._model = model
        for place, student in model.students.items():
            if place[1] == model.shape.room:
                student.enrol(self._coach, self.manner.rate, rehearse)
                student.take(self._coach, self.manner.rate)
        self.changed()
        self._curve.clear()
        self._all_curve.clear()

    # --- for the screen and the disk ------------------------------------------------------------------

    @property
    def state(self) -> LessonState:
        """What the window may see."""
        student = self._student()
        return LessonState(
            name=self.name,
            loss=student.loss,
            all_loss=student.all_loss,
            confidence=self.confidence,
            examples=len(student.memory),
            settling=0 if student.forgetful else self._settling,
            bars=student.taught / self.shape.grid,
            curve=tuple(self._curve),
            all_curve=tuple(self._all_curve),
            models=len(self._past),
            late=self.late,
            text=self._text(student),
        )

    def _text(self, student: Student) -> str:
        if student.rehearsing:
            return f"learning its {len(student.memory)} examples again"
        if not len(student.memory):
            return "not taught yet"
        return f"loss below {self.manner.goal:g}: rests" if self.reached else ""

    def save(self) -> dict[str, Any]:
        """Return the model, ready for JSON: the networks of all shapes and what they know, not the earlier models."""
        return write(Stored(self.shape, self.seed, tuple(self._model.students.values())))

    def catch_up(self) -> int:
        """Let the newest network decide; return how many have, so that one sees whether `save` gives something new."""
        self._take(self._student())
        return self._networks

    def load(self, stored: object, fresh: bool = False) -> None:
        """Take over what `save` gave; ValueError with the reason if it is damaged, and nothing changes then.

        `shape` is then the stored one. `fresh`: there was nothing before, to go back to.
        """
        found = read(stored)
        students = {(student.forgetful, student.shape.room): student for student in found.students}
        if not fresh:
            self._keep()
        self._enter(Model(found.shape, found.seed, students), rehearse=False)

    def close(self) -> None:
        """Let nobody train for this lesson any more."""
        for student in self._model.students.values():
            student.leave(self._coach)
