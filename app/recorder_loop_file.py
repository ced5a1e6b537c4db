"""A loop in a session's folder: its notes, as JSON.

Whether it plays, how loud and in which key are Parameters like any other; the notes are what somebody played and
nobody will play again, so they come back too, and go with the session that they belong to.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from app.file import set_aside, write_whole
from app.recorder_loop import Content, Loop, LoopNote
from app.session_file import SessionError
from app.transport import Transport

FILE = "loop.json"
FORMAT = 1


class LoopMemory:
    """Keeps and restores the notes of a loop."""

    def __init__(self, loop: Loop, transport: Transport) -> None:
        self._loop, self._transport = loop, transport
        self._written = loop.notes, loop.beats

    def changes(self, everything: bool = False) -> Callable[[Path], None] | None:
        """Return what writes the loop into a folder; None if nothing is new."""
        notes, beats = self._loop.notes, self._loop.beats
        if (notes, beats) == self._written and not everything:
            return None
        self._written = notes, beats
        lines = [[one.part, one.pitch, one.velocity, one.start, one.end, one.name] for one in notes]
        text = json.dumps({"format": FORMAT, "beats": beats, "notes": lines}, ensure_ascii=False)
        return lambda folder: write_whole(folder / FILE, text)

    def read(self, folder: Path, tell: Callable[[float], None], wanted: Callable[[], bool]) -> Callable[[], None]:
        """Read a folder's loop; return what takes it over, or says why it cannot be read."""
        path = folder / FILE
        try:
            found = _content(json.loads(path.read_text(encoding="utf-8"))) if path.is_file() else Content()
        except (OSError, ValueError, TypeError, AttributeError, KeyError, RecursionError) as error:
            return partial(self._refuse, path, f"Session: the loop in {path} cannot be read: {error}")
        return lambda: self._take(found)

    def _take(self, found: Content) -> None:
        """Let the loop be this one; whether it plays the session's Parameters have said already."""
        content = Content(found.notes, found.beats, self._loop.content.on)
        transport = self._transport
        self._loop.put(content, transport.beat if transport.playing else None)
        self._written = found.notes, found.beats

    def _refuse(self, path: Path, sentence: str) -> None:
        self._take(Content())
        raise SessionError(f"{sentence}{set_aside(path)}")


def _content(stored: dict[str, Any]) -> Content:
    """Return a loop as it was written; ValueError and the like if it is none."""
    if stored["format"] > FORMAT:
        raise ValueError(f"it is of format {stored['format']}, this program reads {FORMAT}")
    beats = float(stored["beats"])
    notes = tuple(_note(beats, *line) for line in stored["notes"])
    if not math.isfinite(beats) or beats < 0 or (notes and not beats):
        raise ValueError(f"{beats} beats are no length")
    return Content(notes, beats)


def _note(beats: float, part: str, pitch: int, velocity: int, start: float, end: float, name: str) -> LoopNote:
    if not (0 <= pitch <= 127 and 1 <= velocity <= 127 and 0 <= start < beats and start <= end):
        raise ValueError(f"the note {pitch} at beat {start} has no place in {beats:g} beats")
    return LoopNote(str(part), int(pitch), int(velocity), float(start), float(end), str(name))
