"""Reading and writing files of examples beside the music: in a process of its own, with progress and a way to stop.

A thread would hold the interpreter's lock row by row and a million rows would be heard, so a large file is dealt with
in a process of low priority. A small one is done with before a process has started, and is read where it is asked for:
both functions belong into a thread that may wait, never into the engine's.
"""

from __future__ import annotations

import io
import multiprocessing
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import IO, Any

from app import dataset_file, dataset_spool
from app.dataset_file import project
from app.dataset_file.project import Setup
from app.example import DatasetError, Examples
from app.interrupt import leave_to_parent
from app.priority import LOWEST_NICE, step_back

SMALL_BYTES = 100_000
SMALL_ROWS = 1000
LOOK_S = 0.05
STEP = 0.01  # Progress is told in steps of this size.

Tell = Callable[[float], None]


class StoppedError(Exception):
    """Nobody wants the file any more."""


@dataclass(frozen=True, slots=True, eq=False)
class Fetched:
    """What a file holds. Attributes: `examples`, `notes` (sentences), `setup` (of a Wekinator project, else None)."""

    examples: Examples
    notes: tuple[str, ...] = ()
    setup: Setup | None = None

    @property
    def gestures(self) -> bool:
        """Whether its takes are gestures in time."""
        if self.setup is not None:
            return self.setup.gestures
        return len(self.examples.outputs) == 1 and self.examples.outputs[0].name == "gesture"


def fetch(path: Path, tell: Tell, wanted: Callable[[], bool], as_project: bool = False) -> Fetched:
    """Return what a file or project folder holds, telling shares 0..1 of it; waits until it is read.

    DatasetError if it holds nothing usable, or is no project although it shall be one; StoppedError as soon as it is
    no longer wanted.
    """
    if _size(path) <= SMALL_BYTES:
        return _read(path, as_project)
    with tempfile.TemporaryDirectory(prefix="understudy-") as spool:
        order = _Order("project" if as_project else "read", path, Path(spool))
        notes, setup = _run(order, tell, wanted)
        return Fetched(dataset_spool.get(Path(spool)), notes, setup)


def deliver(path: Path, examples: Examples, form: str, tell: Tell, wanted: Callable[[], bool]) -> tuple[str, ...]:
    """Write examples in a format of `dataset_file.FORMATS`; return notes on what it cannot hold.

    DatasetError if it cannot be written, StoppedError as soon as it is no longer wanted; the file is whole or the old.
    """
    if len(examples) <= SMALL_ROWS:
        return dataset_file.write(path, examples, form)
    with tempfile.TemporaryDirectory(prefix="understudy-") as spool:
        dataset_spool.put(Path(spool), examples)
        notes, _ = _run(_Order("write", path, Path(spool), form), tell, wanted)
        return notes


def _size(path: Path) -> int:
    """Return the bytes of a file, or of the files in a folder and in the folders below it."""
    try:
        if path.suffix.casefold() == ".wekproj":
            path = path.parent
        files = [path] if path.is_file() else [*path.glob("*"), *path.glob("*/*")]
        return sum(one.stat().st_size for one in files if one.is_file())
    except OSError:
        return 0  # Whoever reads it says what is wrong with it.


def _read(path: Path, as_project: bool) -> Fetched:
    if as_project or project.is_project(path):
        setup, found = project.read(path)
        return Fetched(found.examples, found.notes, setup)
    found = dataset_file.read(path)
    return Fetched(found.examples, found.notes)


# --- the near side ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Order:
    """What a process shall do.

    Attributes: `verb` "read", "project" or "write", `path`, `spool` (folder of arrays), `form`.
    """

    verb: str
    path: Path
    spool: Path
    form: str = ""


@dataclass(frozen=True, slots=True)
class _Done:
    """It is done. Attributes: `notes`, `setup`."""

    notes: tuple[str, ...]
    setup: Setup | None


def _run(order: _Order, tell: Tell, wanted: Callable[[], bool]) -> tuple[tuple[str, ...], Setup | None]:
    """Let a process do it and wait for it."""
    context = multiprocessing.get_context("spawn")
    near, far = context.Pipe()
    process = context.Process(target=_serve, args=(far, order), name="files", daemon=True)
    process.start()
    far.close()
    try:
        while True:
            if not wanted():
                raise StoppedError
            if near.poll(LOOK_S):
                report = _heard(near, order)
                if isinstance(report, _Done):
                    return report.notes, report.setup
                tell(report)
    finally:
        process.kill()
        process.join()
        near.close()
        if order.verb == "write":
            _clear(order.path, process.pid or 0)


def _clear(path: Path, pid: int) -> None:
    """Remove what a process that was stopped had begun to write."""
    for folder in (path.parent, path, path / "current"):
        for left in folder.glob(f".*.{pid}"):
            left.unlink(missing_ok=True)


def _heard(near: Connection, order: _Order) -> _Done | float:
    try:
        report = near.recv()
    except (EOFError, OSError) as error:
        text = f"{order.path.name}: the process that dealt with it ended unexpectedly; is there memory for it?"
        raise DatasetError(text) from error
    if isinstance(report, str):
        raise DatasetError(report)
    assert isinstance(report, _Done | float)
    return report


# --- the far side -------------------------------------------------------------------------------------------


def _serve(near: Connection, order: _Order) -> None:
    """Do what is ordered; a sentence goes back if it cannot be done."""
    leave_to_parent()
    step_back(LOWEST_NICE)
    try:
        near.send(_obey(order, near.send))
    except (DatasetError, OSError, MemoryError) as error:
        near.send(str(error) or f"{order.path.name} is too large for this computer's memory")


def _obey(order: _Order, tell: Tell) -> _Done:
    if order.verb == "write":
        examples = dataset_spool.get(order.spool)
        return _Done(dataset_file.write(order.path, examples, order.form), None)
    found = _read(_told(tell)(order.path), order.verb == "project")
    dataset_spool.put(order.spool, found.examples)
    return _Done(found.notes, found.setup)


def _told(tell: Tell) -> type[Path]:
    """Return a kind of path whose texts tell how far they have been read, and whose neighbours are of its kind.

    So no reader of any format needs to know that somebody waits.
    """

    class Told(type(Path())):  # type: ignore[misc]
        def open(self, mode: str = "r", *rest: Any, **named: Any) -> IO[Any]:
            if mode != "r" or rest:
                opened: IO[Any] = super().open(mode, *rest, **named)
                return opened
            raw = _Counted(self, tell)
            return io.TextIOWrapper(io.BufferedReader(raw, 1 << 16), **named)

    return Told


class _Counted(io.FileIO):
    """A file that tells which share of it was read."""

    def __init__(self, path: Path, tell: Tell) -> None:
        super().__init__(path)
        self._tell, self._size = tell, max(path.stat().st_size, 1)
        self._read, self._told = 0, 0.0

    def readinto(self, buffer: Any) -> int:
        count = super().readinto(buffer) or 0
        self._read += count
        share = self._read / self._size
        if share - self._told >= STEP:
            self._told = share
            self._tell(min(share, 1.0))
        return count
