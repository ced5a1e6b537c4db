"""Where everything stood every few seconds, so that a recording can begin at any of those moments.

A mark holds all Parameters and bindings as plain bytes; the files of the session are read when a recording is written,
except those of the very beginning, which an autosave will change.
"""

from __future__ import annotations

import marshal
from collections import deque
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from pathlib import Path

from app.binding import to_json
from app.engine import Engine
from app.recorder_tape import Tape
from app.recording import MOST_FILES, Head
from app.session import FORMAT, Session

FOLDER = "recordings"
MARK_S = 10.0
MARKED_S = 600.0  # Beyond this only the first mark is kept.
Files = tuple[dict[str, bytes], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Mark:
    """Where everything stood.

    Attributes: `seconds`, `first` (nothing had happened yet), `count` (entries noted before), `data` (packed).
    """

    seconds: float
    first: bool
    count: int
    data: bytes

    def head(self, end: float, seed: int, whole: bool) -> Head:
        """Return the head of a recording that begins here."""
        session, beat, playing = marshal.loads(self.data)  # noqa: S302 - packed by this very process
        return Head(self.seconds, end, seed, whole and self.first, session, beat, playing)


class Marks:
    """The marks of a tape. Attributes: `files` (the session's own at the first mark, once they are read)."""

    def __init__(self, engine: Engine, session: Session, tape: Tape, background: Executor) -> None:
        self.files: Future[Files] | None = None
        self._engine, self._session, self._tape, self._background = engine, session, tape, background
        self._marks: deque[Mark] = deque()

    @property
    def size(self) -> int:
        """Bytes that the marks take."""
        return sum(len(mark.data) for mark in self._marks)

    def clear(self) -> None:
        """Forget all marks."""
        self._marks.clear()

    def is_due(self, seconds: float) -> bool:
        """Tell whether it is time for another."""
        return not self._marks or seconds - self._marks[-1].seconds >= MARK_S

    def before(self, seconds: float) -> Mark:
        """Return the last mark that is not after a time, or the first there is."""
        return next((mark for mark in reversed(self._marks) if mark.seconds <= seconds), None) or self._marks[0]

    def add(self, seconds: float) -> None:
        """Note where everything stands now, also what a session does not keep: a replay begins with all of it."""
        engine, tape = self._engine, self._tape
        values = {parameter.address: parameter.stored for parameter in engine.tree}
        bindings = [to_json(binding) for binding in engine.bindings if not binding.factory]
        stored = {"format": FORMAT, "parameters": values, "bindings": bindings}
        if not tape.count:
            self.files = self._background.submit(taken_along, self._session.folder)
        data = marshal.dumps((stored, engine.transport.beat, engine.transport.playing))
        self._marks.append(Mark(seconds, not tape.count, tape.count, data))
        start = tape.start
        while self._marks and start is not None and self._marks[0].seconds < start:
            self._marks.popleft()
        while len(self._marks) > 2 and self._marks[1].seconds < seconds - MARKED_S:
            del self._marks[1]


def taken_along(folder: Path) -> Files:
    """Return a session's own files, by path, and notes on what was left out."""
    files: dict[str, bytes] = {}
    notes: list[str] = []
    room = MOST_FILES
    for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
        name = path.relative_to(folder).as_posix()
        if not path.is_file() or name.split("/")[0] in (FOLDER, "autosave", "session.json") or path.name[0] == ".":
            continue
        try:
            size = path.stat().st_size
            if size > room:
                notes.append(f"{name} was left out: {size >> 20} MB")
                continue
            files[name] = path.read_bytes()
            room -= size
        except OSError as error:
            notes.append(f"{name} was left out: {error.strerror}")
    return files, tuple(notes)
