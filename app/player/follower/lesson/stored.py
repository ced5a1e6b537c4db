"""A lesson's model as JSON, and back with every value checked.

Numbers are written as Python writes them, which gives back the same bits, so what was saved decides exactly as
before. Nothing is taken over from a file of which any part is wrong.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from app.model.base import Floats
from app.player.follower.lesson.memory import CAP, RECENT
from app.player.follower.lesson.network import Trained, count
from app.player.follower.lesson.shape import Shape
from app.player.follower.lesson.state import Example, fits
from app.player.follower.lesson.student import Student

FORMAT = 1
ADVICE = "load another file, or teach the lesson again"


@dataclass(frozen=True, slots=True, eq=False)
class Stored:
    """What is kept of a lesson. Attributes: `shape`, `seed`, `students` (of all shapes and kinds)."""

    shape: Shape
    seed: int
    students: tuple[Student, ...]


def write(stored: Stored) -> dict[str, Any]:
    """Return a lesson's model ready for JSON."""
    students = [_written(student) for student in stored.students]
    return {"format": FORMAT, "shape": asdict(stored.shape), "seed": stored.seed, "students": students}


def _written(student: Student) -> dict[str, Any]:
    trained = student.trained
    return {
        "forgetful": student.forgetful,
        "shape": asdict(student.shape),
        "seeds": list(student.seeds),
        "examples": [[list(key), int(target), teaching] for key, target, teaching in student.memory],
        "steps": trained.steps,
        "weights": trained.flat.tolist(),
        "first": trained.first.tolist(),
        "second": trained.second.tolist(),
    }


def read(stored: object) -> Stored:
    """Return what was written; ValueError with the reason if anything in it cannot be."""
    try:
        return _read(stored)
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        reason = f"{error} is missing" if isinstance(error, KeyError) else str(error)
        raise ValueError(f"The stored lesson cannot be read ({reason}): {ADVICE}.") from error


def _read(stored: object) -> Stored:
    if not isinstance(stored, Mapping):
        raise ValueError("it is no object")
    if stored["format"] != FORMAT:
        raise ValueError(f"it is of format {stored['format']!r:.20}, this program reads {FORMAT}")
    shape, students = _shape(stored["shape"]), tuple(_student(entry) for entry in stored["students"])
    if any(student.shape.room == shape.room and student.shape != shape for student in students):
        raise ValueError("its network is of another structure")
    return Stored(shape, _whole(stored["seed"]), students)


def _student(entry: Any) -> Student:
    shape, forgetful = _shape(entry["shape"]), bool(entry["forgetful"])
    examples = [_example(line, shape) for line in entry["examples"]]
    if len(examples) > (RECENT if forgetful else CAP):
        raise ValueError(f"{len(examples)} examples are too many")
    seeds = tuple(abs(_whole(seed)) for seed in entry["seeds"])
    student = Student(seeds, shape, forgetful, examples)
    sizes, steps = student.trained.sizes, _whole(entry["steps"])
    flat, first, second = (_array(entry[name], name, count(sizes)) for name in ("weights", "first", "second"))
    if steps < 0 or (second < 0.0).any():
        raise ValueError("its training has impossible figures")
    return Student(seeds, shape, forgetful, examples, Trained(sizes, flat, first, second, steps))


def _shape(entry: Any) -> Shape:
    grid, bars, sources = (_whole(entry[name]) for name in ("grid", "bars", "sources"))
    return Shape(grid, bars, sources, tuple(_whole(units) for units in entry["structure"]))


def _example(line: Sequence[Any], shape: Shape) -> Example:
    key, target, teaching = line
    example = Example(tuple(_whole(part) for part in key), bool(_whole(target)), _whole(teaching))
    if not fits(example.key, shape):
        raise ValueError(f"the example {list(example.key)!s:.60} is of another shape")
    return example


def _array(values: Any, name: str, size: int) -> Floats:
    array = np.array(values, dtype=np.float64)
    if array.shape != (size,):
        raise ValueError(f"{name} has shape {array.shape}, not ({size},)")
    if not np.isfinite(array).all():
        raise ValueError(f"{name} holds something that is not a number")
    return array


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int | np.integer):
        raise ValueError(f"{value!r:.40} is no whole number")
    return int(value)
