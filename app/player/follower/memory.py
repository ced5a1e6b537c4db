"""What a Follower keeps in a session beside its texts: its lessons, models and examples, and the program that plays.

Which text was evaluated, and whether it was changed since, no text can say, so the program is kept by itself. What
cannot be read is told and set aside; the lessons that can be read are taken.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.file import ordinary, set_aside, write_whole
from app.player.follower.option import SLOTS
from app.player.follower.player import Follower
from app.player.follower.program import ProgramError
from app.player.follower.school import School

FOLDER = "follower"
FILE, PROGRAM = "lessons.json", "program.json"
Playing = tuple[str, int]  # The text, and the slot that it came from.


def write_lessons(path: Path, school: School) -> int:
    """Write all lessons to a file of their own; return how many. OSError if it cannot be written."""
    write_whole(path, json.dumps({name: lesson.save() for name, lesson in school.lessons.items()}))
    return len(school.lessons)


def read_lessons(path: Path, school: School) -> list[str]:
    """Take over the lessons of a file; return their names. ValueError or OSError if it cannot be read."""
    stored = json.loads(ordinary(path).read_text(encoding="utf-8"))
    if not isinstance(stored, dict) or not stored:
        raise ValueError(f"{path} holds no lessons")
    taken: list[str] = []
    for name, lesson in stored.items():
        try:
            school.load(name, lesson)
        except ValueError as error:
            told = f"; taken so far: {', '.join(taken)}" if taken else ""
            raise ValueError(f"the lesson {name} in {path} cannot be read ({error}){told}") from error
        taken.append(name)
    return taken


class Memory:
    """Keeps and restores lessons and the program that plays; `refused` is told what could not be read."""

    def __init__(self, follower: Follower, refused: Callable[[str], None]) -> None:
        self._follower, self._refused = follower, refused
        self._version, self._playing = follower.school.catch_up(), self._program()

    def _program(self) -> Playing:
        return self._follower.wanted.text, self._follower.slot

    def changes(self, everything: bool = False) -> Callable[[Path], None] | None:
        """Return what writes lessons and program into a session's folder; None if nothing is new."""
        school, playing = self._follower.school, self._program()
        version = school.catch_up()
        if (version, playing) == (self._version, self._playing) and not everything:
            return None
        self._version, self._playing = version, playing
        stored = {name: lesson.save() for name, lesson in school.lessons.items()}
        text, slot = playing

        def write(folder: Path) -> None:
            write_whole(folder / FOLDER / FILE, json.dumps(stored))
            write_whole(folder / FOLDER / PROGRAM, json.dumps({"text": text, "slot": slot}, ensure_ascii=False))

        return write

    def read(self, folder: Path, tell: Callable[[float], None], wanted: Callable[[], bool]) -> Callable[[], None]:
        """Read the lessons and the program that a session's folder holds; return what takes them over."""
        lessons, program = (_read(folder / FOLDER / name) for name in (FILE, PROGRAM))
        return lambda: self._take(lessons, program)

    def _take(self, lessons: _Read, program: _Read) -> None:
        """Know nothing but this: what another session taught, or played, is not of this one."""
        if lessons.trouble:
            aside = set_aside(lessons.path)
            fresh = "the Follower begins with fresh lessons"
            self._refused(f"Session: {lessons.path} cannot be read ({lessons.trouble}); {fresh}{aside}")
        refused = self._follower.school.restore(lessons.stored)
        aside = set_aside(lessons.path) if refused else ""
        for trouble in refused:
            self._refused(f"Session: {trouble} in {lessons.path} cannot be read{aside}")
        self._take_program(program)
        self._version, self._playing = self._follower.school.catch_up(), self._program()

    def _take_program(self, program: _Read) -> None:
        text, slot = program.stored.get("text", ""), program.stored.get("slot", 1)
        trouble = program.trouble
        if not isinstance(text, str) or not isinstance(slot, int) or not 1 <= slot <= SLOTS:
            text, slot, trouble = "", 1, "it names no program"
        try:
            self._follower.restore(text, slot)
        except ProgramError as error:
            trouble = f"line {error.fault.line}, column {error.fault.column}: {error.fault.text}"
        if trouble:
            self._refused(
                f"Session: {program.path} cannot be read ({trouble}); evaluate a program{set_aside(program.path)}"
            )


@dataclass(frozen=True, slots=True)
class _Read:
    """A file of a session. Attributes: `path`, `stored` (what it holds), `trouble` (why it cannot be read, or "")."""

    path: Path
    stored: dict[str, Any]
    trouble: str = ""


def _read(path: Path) -> _Read:
    try:
        stored = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    except (OSError, ValueError, RecursionError) as error:
        return _Read(path, {}, str(error))
    return _Read(path, stored) if isinstance(stored, dict) else _Read(path, {}, "it holds no object")
