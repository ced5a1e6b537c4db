"""What a Follower keeps in a session beside its texts: its lessons, models and examples, as JSON.

What cannot be read is told and left where it is; the lessons that can be read are taken.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from app.file import set_aside, write_whole
from app.player.follower.school import School

FOLDER = "follower"
FILE = "lessons.json"


def write_lessons(path: Path, school: School) -> int:
    """Write all lessons to a file of their own; return how many. OSError if it cannot be written."""
    write_whole(path, json.dumps({name: lesson.save() for name, lesson in school.lessons.items()}))
    return len(school.lessons)


def read_lessons(path: Path, school: School) -> list[str]:
    """Take over the lessons of a file; return their names. ValueError or OSError if it cannot be read."""
    stored = json.loads(path.read_text(encoding="utf-8"))
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
    """Keeps and restores lessons; `refused` is told what could not be read."""

    def __init__(self, school: School, refused: Callable[[str], None]) -> None:
        self._school, self._refused = school, refused
        self._version = school.version

    def changes(self, everything: bool = False) -> Callable[[Path], None] | None:
        """Return what writes the present lessons into a session's folder; None if nothing is new."""
        if self._school.version == self._version and not everything:
            return None
        self._version = self._school.version
        stored = {name: lesson.save() for name, lesson in self._school.lessons.items()}
        return lambda folder: write_whole(folder / FOLDER / FILE, json.dumps(stored))

    def read(self, folder: Path, tell: Callable[[float], None], wanted: Callable[[], bool]) -> Callable[[], None]:
        """Read the lessons that a session's folder holds; return what takes them over."""
        path = folder / FOLDER / FILE
        stored: Any = {}
        trouble = ""
        try:
            stored = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
            trouble = "" if isinstance(stored, dict) else "it holds no lessons"
        except (OSError, ValueError, RecursionError) as error:
            trouble = str(error)
        return lambda: self._take_all(path, stored, trouble)

    def _take_all(self, path: Path, stored: dict[str, object], trouble: str) -> None:
        if trouble:
            aside = set_aside(path)
            self._refused(f"Session: {path} cannot be read ({trouble}); the Follower begins with fresh lessons{aside}")
            return
        refused = [trouble for name, lesson in stored.items() if (trouble := self._take(name, lesson))]
        aside = set_aside(path) if refused else ""
        for trouble in refused:
            self._refused(f"Session: {trouble} in {path} cannot be read{aside}")
        if stored:
            self._version = self._school.version

    def _take(self, name: str, lesson: object) -> str:
        """Take one lesson over; return what is wrong with it, "" if nothing is."""
        try:
            self._school.load(name, lesson)
        except ValueError as error:
            return f"the lesson {name} ({error})"
        return ""
