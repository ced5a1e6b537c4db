"""What a Follower keeps in a session beside its texts: its lessons, models and examples, as JSON.

What cannot be read is told and left where it is; the lessons that can be read are taken.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from app.file import write_whole
from app.player.follower.school import School

FOLDER = "follower"
FILE = "lessons.json"


class Memory:
    """Keeps and restores lessons; `refused` is told what could not be read."""

    def __init__(self, school: School, refused: Callable[[str], None]) -> None:
        self._school, self._refused = school, refused
        self._version = school.version

    def changes(self) -> Callable[[Path], None] | None:
        """Return what writes the present lessons into a session's folder; None if nothing is new."""
        if self._school.version == self._version:
            return None
        self._version = self._school.version
        stored = {name: lesson.save() for name, lesson in self._school.lessons.items()}
        return lambda folder: write_whole(folder / FOLDER / FILE, json.dumps(stored))

    def load(self, folder: Path) -> None:
        """Take over the lessons that a session's folder holds."""
        path = folder / FOLDER / FILE
        if not path.is_file():
            return
        try:
            stored = json.loads(path.read_text(encoding="utf-8"))
            if not isinstance(stored, dict):
                raise ValueError("it holds no lessons")
        except (OSError, ValueError) as error:
            self._refused(f"Session: {path} cannot be read ({error}); the Follower begins with fresh lessons")
            return
        for name, lesson in stored.items():
            try:
                self._school.load(name, lesson)
            except ValueError as error:
                self._refused(f"Session: the lesson {name} in {path} cannot be read ({error})")
        self._version = self._school.version
