"""A session on its way in: read and checked beside the music, taken over in a moment.

A big session takes seconds to read. So nothing of the present one is touched until all of the other is in memory; then
a turn of the engine swaps them. Whoever changes his mind gives it up, and another session takes its place.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from app.dataset_job import StoppedError
from app.parameter import Linear, Parameter, TextParameter, Tree
from app.saving import FILE, Keeper, Take, Tell, newer_autosaves
from app.session_file import SessionError, read
from app.session_lock import Lock

Place = Callable[[], Path]


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """A session in memory.

    Attributes: `folder`, `stored` (its own file), `takes` (what takes over the files of the keepers), `recovered` (the
    time of the autosave that a crash left, "" if it is the session as it was saved), `troubles` (autosaves that could
    not be read), `lock` (None: none was asked for).
    """

    folder: Path
    stored: dict[str, Any]
    takes: tuple[Take, ...]
    recovered: str = ""
    troubles: tuple[str, ...] = ()
    lock: Lock | None = None


def prepare(folder: Path, keepers: Sequence[Keeper], tell: Tell, wanted: Callable[[], bool]) -> Prepared:
    """Read what was last written: the session, or an autosave that a crash left newer than it.

    SessionError if nothing of it can be read, StoppedError as soon as it is no longer wanted.
    """
    troubles: list[str] = []
    for generation in newer_autosaves(folder):
        try:
            stored = read(generation)
        except SessionError as error:
            troubles.append(str(error))
            continue
        at = time.strftime("%H:%M", time.localtime((generation / FILE).stat().st_mtime))
        return Prepared(folder, stored, read_files(folder, keepers, tell, wanted), at, tuple(troubles))
    return Prepared(folder, read(folder), read_files(folder, keepers, tell, wanted), "", tuple(troubles))


def read_files(folder: Path, keepers: Sequence[Keeper], tell: Tell, wanted: Callable[[], bool]) -> tuple[Take, ...]:
    """Return what takes over the files of the keepers."""
    takes: list[Take] = []
    for number, keeper in enumerate(keepers):
        if not wanted():
            raise StoppedError
        takes.append(_read(keeper, folder, _share_of(tell, number, len(keepers)), wanted))
    return tuple(takes)


def _share_of(tell: Tell, number: int, count: int) -> Tell:
    """Return what tells the share of one of several parts as a share of all."""
    return lambda share: tell((number + share) / count)


def _read(keeper: Keeper, folder: Path, tell: Tell, wanted: Callable[[], bool]) -> Take:
    try:
        return keeper.read(folder, tell, wanted)
    except SessionError as error:
        return partial(_fail, str(error))


def _fail(sentence: str) -> None:
    raise SessionError(sentence)


class Opening:
    """Has sessions read, one at a time; the newest wish counts. Attributes: `name` (of the one on its way, or "")."""

    def __init__(self, tree: Tree, reader: Executor, keepers: Sequence[Keeper]) -> None:
        self.name = ""
        self._reader, self._keepers = reader, keepers
        self._future: Future[Prepared] | None = None
        self._wish = 0
        self._share = 0.0
        told = "Share of the session that is read; 0 while none is"
        self._progress = tree.add(
            Parameter("/session/progress", 0, Linear(0, 1), title="Opening", help=told, kept=False, undoable=False)
        )
        state = TextParameter("/session/state", "", "Session", "Which is being opened", kept=False, undoable=False)
        self._state = tree.add_text(state)

    def begin(self, folder: Path, place: Place | None, locks: bool) -> str:
        """Have a session read (from where `place` puts it, if given); return the name of one that is given up for it.

        With `locks` the folder is claimed too.
        """
        given_up = self.stop()
        self._wish += 1
        self._share, self.name = 0.0, folder.name
        self._state.set(f"opening {''.join(one if one.isprintable() else '?' for one in folder.name)[:200]}")
        self._future = self._reader.submit(self._prepare, folder, place, locks, self._wish)
        return given_up

    def stop(self) -> str:
        """Give up what is on its way; return its name, "" if nothing was."""
        name = self.name
        self._wish += 1
        if self._future is not None:
            self._future.add_done_callback(_let_go)
        self._end()
        return name

    def ended(self) -> tuple[Prepared | None, BaseException | None] | None:
        """Show how far it is; return what is read, or what is wrong with it, once it is; else None."""
        future = self._future
        if future is None:
            return None
        self._progress.set(self._share)
        if not future.done():
            return None
        self._end()
        error = future.exception()
        return (None, error) if error is not None else (future.result(), None)

    def _end(self) -> None:
        self._future, self.name = None, ""
        self._progress.set(0)
        self._state.set("")

    # --- in the thread that reads -----------------------------------------------------------------------

    def _prepare(self, folder: Path, place: Place | None, locks: bool, wish: int) -> Prepared:
        def wanted() -> bool:
            return wish == self._wish

        def tell(share: float) -> None:
            self._share = share if wanted() else self._share

        if not wanted():
            raise StoppedError
        if place is not None:
            folder = place()
        lock = Lock(folder) if locks and _is_session(folder) else None  # A wrong name leaves no trace on the disk.
        try:
            if lock is not None and lock.foreign:
                raise SessionError(f"{lock.sentence}; close it there first, or save it there under another name")
            found = prepare(folder, self._keepers, tell, wanted)
        except BaseException:
            if lock is not None:
                lock.release()
            raise
        return Prepared(folder, found.stored, found.takes, found.recovered, found.troubles, lock)


def _is_session(folder: Path) -> bool:
    return (folder / FILE).exists() or bool(newer_autosaves(folder))


def _let_go(future: Future[Prepared]) -> None:
    """A session that nobody wants any more is left to others."""
    if not future.cancelled() and future.exception() is None and (lock := future.result().lock) is not None:
        lock.release()
