"""All lessons of a performance: who listens to whom, what is taught, and what comes of it at the next tick.

A lesson belongs to the channel that it plays and outlives programs: taking `learn` away keeps it, and every lesson
goes on hearing the sources, so that `predict` is right from its very first tick.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any, Protocol

from app.player.follower.lesson.shape import MOST_SOURCES, Manner, Shape
from app.player.follower.program import Program
from app.snapshot_follower import LessonState, TickRow

UNHEARD = -1
KINDS = {"source": "source", "learn": "target", "predict": "predict"}
Meaning = tuple[object, ...]


class Learner(Protocol):
    """One lesson, as the school needs it."""

    name: str
    manner: Manner

    @property
    def shape(self) -> Shape: ...

    @property
    def lean(self) -> float: ...

    @property
    def state(self) -> LessonState: ...

    def hear(self, tick: int, sources: Sequence[bool], target: bool | None) -> None: ...

    def decide(self, tick: int) -> bool: ...

    def changed(self) -> None: ...

    def renew(self, seed: int) -> None: ...

    def reshape(self, shape: Shape) -> None: ...

    def back(self) -> Shape: ...

    def close(self) -> None: ...

    def save(self) -> dict[str, Any]: ...

    def load(self, stored: object, fresh: bool = False) -> None: ...

    def catch_up(self) -> int: ...


Make = Callable[[str, Shape, int], Learner]


class School:
    """The lessons by the names of their channels.

    Attributes: `lessons`, `shape` (of all), `manner` (of all), `seed`, `version` (counts what a session would keep).
    """

    def __init__(self, make: Make, seed: int) -> None:
        self.lessons: dict[str, Learner] = {}
        self.shape, self.manner = Shape(), Manner()
        self.seed = seed
        self.version = 0
        self._make = make
        self._renewals = 0
        self._sources: tuple[str, ...] = ()
        self._roles: dict[str, str] = {}
        self._meant: tuple[Meaning, ...] = ()
        self._targets: dict[str, Meaning] = {}
        self._rows: dict[tuple[str, str], list[int]] = {}
        self._wrong: dict[str, list[float]] = {}  # Of lessons that settle: how wrong they are about what is new.

    # --- what is asked of it --------------------------------------------------------------------------

    def follow(self, program: Program) -> None:
        """Let a program say who is heard and taught; what it says as before goes on undisturbed."""
        sources = sorted(program.of("source"), key=lambda statement: statement.name)[:MOST_SOURCES]
        meant = tuple((statement.name, statement.pattern) for statement in sources)
        others = meant != self._meant
        self._meant, self._sources = meant, tuple(statement.name for statement in sources)
        taught = {line.name: (line.role, line.pattern) for line in program.statements if line.role in KINDS}
        self._roles = {line.name: line.role for line in program.statements if line.role}
        if self._sources:
            self._reshape(replace(self.shape, sources=len(self._sources)))
        for name, (role, _) in taught.items():
            if role != "source":
                self._lesson(name)
        for name, lesson in self.lessons.items():
            if others or taught.get(name) != self._targets.get(name):
                lesson.changed()
                self._wrong[name] = []
        self._targets = {name: meaning for name, meaning in taught.items() if meaning[0] != "source"}
        shown = {(KINDS[role], name) for name, role in self._roles.items()}
        self._rows = {key: row for key, row in self._rows.items() if key in shown}

    def reform(self, shape: Shape, manner: Manner) -> None:
        """Take another shape (the number of sources stays what the program says) or manner."""
        if replace(shape, sources=self.shape.sources) != self.shape:
            if (shape.grid, shape.bars) != (self.shape.grid, self.shape.bars):
                self._rows.clear()
            self._reshape(replace(shape, sources=self.shape.sources))
        if manner != self.manner:
            self.manner = manner
            for lesson in self.lessons.values():
                lesson.manner = manner

    def prepare(self, tick: int, program: Program) -> None:
        """Ticks go on from another place: let every lesson hear the bar before it, as it would have been."""
        self._rows.clear()
        if not self._sources:
            return
        grid = self.shape.grid
        played = {line.name: line for line in program.of("source") if line.channel.ear is None}
        rows = [
            played[name].pattern.row(grid, tick - grid) if name in played else (False,) * grid for name in self._sources
        ]
        for lesson in self.lessons.values():
            lesson.changed()
            for past in range(grid):
                lesson.hear(tick - grid + past, [row[past] for row in rows], None)

    def renew(self) -> None:
        """Begin every lesson with a fresh model."""
        self._renewals += 1
        self.version += 1
        for name, lesson in self.lessons.items():
            lesson.renew(self._seed_of(name))

    def back(self) -> Shape:
        """Return to the models before, and the shape of the last one that has any; ValueError if none has."""
        before = [lesson for lesson in self.lessons.values() if lesson.state.models]
        if not before:
            raise ValueError("there is no earlier model to go back to")
        self.version += 1
        for lesson in before:
            found = lesson.back()
            self.shape = replace(found, sources=self.shape.sources)
        self._align()
        return self.shape

    def load(self, name: str, stored: object) -> None:
        """Take over a stored lesson; ValueError if it cannot be read."""
        self._lesson(name).load(stored)
        self._align()
        self.version += 1

    def restore(self, stored: Mapping[str, object]) -> list[str]:
        """Know what a session kept and nothing else, until a program says who is heard; return what cannot be read."""
        self.close()
        self.lessons = {}
        self._renewals, self._sources, self._roles, self._meant, self._targets = 0, (), {}, (), {}
        self._wrong.clear()
        self._rows.clear()
        troubles: list[str] = []
        for name, lesson in stored.items():
            made = self._make(name, self.shape, self._seed_of(name))
            try:
                made.load(lesson, fresh=True)
            except ValueError as error:
                made.close()
                troubles.append(f"the lesson {name} ({error})")
                continue
            made.manner = self.manner
            self.shape, self.lessons[name] = made.shape, made
        self._align()
        self.version += 1
        return troubles

    def catch_up(self) -> int:
        """Let what was learnt since the last tick decide; return a number that is another when a session would keep
        something else."""
        return self.version + sum(lesson.catch_up() for lesson in self.lessons.values())

    def close(self) -> None:
        for lesson in self.lessons.values():
            lesson.close()

    # --- ticks ----------------------------------------------------------------------------------------

    def hear(self, tick: int, struck: Collection[str]) -> None:
        """Take in what happened at a tick."""
        heard = [name in struck for name in self._sources]
        for name, hit in zip(self._sources, heard, strict=True):
            self._note("source", name, tick, hit)
        for name, lesson in self.lessons.items():
            taught = self._roles.get(name) == "learn"
            if taught:
                self._note("target", name, tick, name in struck)
            if self._sources:
                if taught and name in self._wrong:
                    self._judge(name, lesson, tick, name in struck)
                lesson.hear(tick, heard, name in struck if taught else None)
                self.version += taught

    def decide(self, tick: int) -> dict[str, bool]:
        """Return which of the predicting channels play at the tick after the last one heard."""
        decided: dict[str, bool] = {}
        if not self._sources:
            return decided
        for name, role in self._roles.items():
            if role == "predict":
                decided[name] = self.lessons[name].decide(tick)
                self._note("predict", name, tick, decided[name])
        return decided

    def _judge(self, name: str, lesson: Learner, tick: int, hit: bool) -> None:
        """While a lesson settles its loss is still that of what was taught before; see what the new one would be."""
        if lesson.state.settling <= 0:
            del self._wrong[name]
            return
        lesson.decide(tick)
        self._wrong[name].append((lesson.lean - (1.0 if hit else -1.0)) ** 2)

    def loss(self, name: str) -> float | None:
        """Return the loss of what a channel is taught now, None before there is any."""
        wrong = self._wrong.get(name)
        return sum(wrong) / len(wrong) if wrong else self.lessons[name].state.loss

    @property
    def taught(self) -> list[str]:
        """The channels that are being taught now."""
        return [name for name in self.lessons if self._roles.get(name) == "learn" and self._sources]

    # --- for the eye ----------------------------------------------------------------------------------

    @property
    def states(self) -> tuple[LessonState, ...]:
        return tuple(replace(lesson.state, loss=self.loss(name)) for name, lesson in self.lessons.items())

    @property
    def rows(self) -> tuple[TickRow, ...]:
        """What happened on the ticks of the phrase, sources first."""
        order = list(KINDS.values())
        keys = sorted(self._rows, key=lambda key: order.index(key[0]))
        return tuple(TickRow(kind, name, tuple(self._rows[kind, name])) for kind, name in keys)

    def row(self, name: str) -> tuple[int, ...]:
        """Return what was predicted for a channel on the ticks of the last phrase; empty if nothing was."""
        return tuple(self._rows.get(("predict", name), ()))

    # --- inside ---------------------------------------------------------------------------------------

    def _note(self, kind: str, name: str, tick: int, hit: bool) -> None:
        row = self._rows.setdefault((kind, name), [UNHEARD] * self.shape.phrase)
        row[tick % len(row)] = int(hit)

    def _lesson(self, name: str) -> Learner:
        if name not in self.lessons:
            lesson = self.lessons[name] = self._make(name, self.shape, self._seed_of(name))
            lesson.manner = self.manner
        return self.lessons[name]

    def _seed_of(self, name: str) -> int:
        return (self.seed + 7919 * self._renewals + zlib.crc32(name.encode())) % 2**32

    def _reshape(self, shape: Shape) -> None:
        if shape != self.shape:
            self.shape = shape
            self._align()

    def _align(self) -> None:
        """Give every lesson the shape of all."""
        for lesson in self.lessons.values():
            if lesson.shape != self.shape:
                lesson.reshape(self.shape)
