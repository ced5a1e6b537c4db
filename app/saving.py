"""What is on its way to the disk, and what is still owed to it.

A session's files are written in the background, one order after the other, from pictures that no longer change. What
could not be written stays owed and goes with the next order, so a full disk costs patience and no examples.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor, Future, wait
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from app.file import write_whole

FILE = "session.json"
SIDE = "autosave"
GENERATIONS = 3

Write = Callable[[Path], None]
Take = Callable[[], None]
Tell = Callable[[float], None]


class Keeper(Protocol):
    """Something with files of its own in a session's folder (examples, models)."""

    def changes(self, everything: bool = False) -> Write | None:
        """Return what writes the present state into a folder, from any thread.

        None if nothing is new; never with `everything`, for a folder that holds nothing yet.
        """

    def read(self, folder: Path, tell: Tell, wanted: Callable[[], bool]) -> Take:
        """Read and check what a folder holds, in any thread; return what takes it over in a moment.

        `tell` takes the share that is read, StoppedError as soon as it is no longer `wanted`. What cannot be read is
        told (or raised, as SessionError) when it should be taken over, and nothing changes then.
        """


@dataclass(frozen=True, slots=True, eq=False)
class Order:
    """One thing to write.

    Attributes: `folder`, `text` (of the session's own file), `writes` (of the keepers, by their place), `side` (an
    autosave: the text goes into a generation beside), `source` (a folder whose files are taken along first, or None),
    `left` (the session that it belongs to is no longer open).
    """

    folder: Path
    text: str
    writes: Mapping[int, Write]
    side: bool = False
    source: Path | None = None
    left: bool = False

    def carry_out(self) -> None:
        """Write it; OSError if it cannot be, and then every file is the old one or the new one."""
        if self.source is not None:
            take_along(self.source, self.folder)
        if self.side:
            autosave(self.folder, self.text, tuple(self.writes.values()))
            return
        for write in self.writes.values():
            write(self.folder)
        write_whole(self.folder / FILE, self.text)


class Saving:
    """Carries orders out. Attributes: `keepers`, `order` (the one on its way, None: none)."""

    def __init__(self, background: Executor) -> None:
        self.keepers: list[Keeper] = []
        self.order: Order | None = None
        self._background = background
        self._future: Future[None] | None = None
        self._owed: dict[int, Write] = {}

    def owed(self, everything: bool = False) -> dict[int, Write]:
        """Return what writes all that is not on the disk yet; a keeper's newest state stands for its older ones.

        With `everything` also what is on the disk: the folder is another, or gone.
        """
        for place, keeper in enumerate(self.keepers):
            write = keeper.changes(everything)
            if write is not None:
                self._owed[place] = write
        return dict(self._owed)

    def forget(self) -> None:
        """Owe nothing: another session is open."""
        self._owed.clear()

    def begin(self, order: Order) -> None:
        """Write in the background."""
        self.order, self._future = order, self._background.submit(order.carry_out)

    def now(self, order: Order) -> None:
        """Write in this very thread; OSError if it cannot be."""
        order.carry_out()
        self._paid(order)

    def wait(self) -> None:
        """Wait until nothing is on its way."""
        if self._future is not None:
            wait([self._future])

    def ended(self) -> tuple[Order, BaseException | None] | None:
        """Return the order that has just ended and what was wrong with it; None if none has."""
        if self.order is None or self._future is None or not self._future.done():
            return None
        order, error = self.order, self._future.exception()
        self.order = self._future = None
        if error is None:
            self._paid(order)
        return order, error

    def _paid(self, order: Order) -> None:
        for place, write in order.writes.items():
            if self._owed.get(place) is write:
                del self._owed[place]


def take_along(source: Path, target: Path) -> None:
    """Copy a session's files, without its autosaves and without their rights: they may be read-only.

    Other sessions that lie in its folder are not its own, and the copy least of all.
    """
    others = {path.parent for path in source.rglob(FILE)} - {source} | {target}
    for path in sorted(source.rglob("*")):
        inside = path.relative_to(source)
        is_own = inside.parts[0] != SIDE and not path.name.startswith(".") and others.isdisjoint(path.parents)
        if path.is_file() and is_own:
            (target / inside).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target / inside)


def newer_autosaves(folder: Path) -> list[Path]:
    """Return the autosaved generations that are newer than the session itself, the newest first."""
    own = folder / FILE
    since = own.stat().st_mtime_ns if own.exists() else 0
    found = (path.parent for path in (folder / SIDE).glob(f"*/{FILE}"))
    return [path for age, path in sorted(((_age(path), path) for path in found), reverse=True) if age > since]


def _age(generation: Path) -> int:
    """Return when a generation was written; its name tells the hour of the place, which comes twice in autumn."""
    return (generation / FILE).stat().st_mtime_ns


def autosave(folder: Path, text: str, writes: Sequence[Write] = ()) -> None:
    """Write a generation beside the session and let the oldest go; OSError if it cannot.

    Examples and models are worth more than their past and have one place, in the session itself.
    """
    for write in writes:
        write(folder)
    side = folder / SIDE
    stamp = time.strftime("%Y%m%d-%H%M%S")
    new = side / f"{stamp}-{time.time_ns() % 1_000_000_000:09d}"
    try:
        write_whole(new / FILE, text)
    except OSError:
        with suppress(OSError):
            new.rmdir()  # An empty generation would drive a full one out.
        raise
    found = {path for path in side.iterdir() if path.is_dir() and path != new}
    whole = sorted((path for path in found if (path / FILE).exists()), key=_age)
    for old in found - {*whole[1 - GENERATIONS :]}:
        # With what a crash may have left in it; what it left half counts as no generation. Where somebody has a file of
        # it open (Windows refuses then), the next autosave removes it: this one is on the disk.
        shutil.rmtree(old, ignore_errors=True)
