"""Which folders are this instrument's: the one of the open session, and the one where it is to be saved.

A folder is claimed before the first byte goes there, and let go when none did, so that two instruments never find out
too late that they meant the same one.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from app.saving import FILE, SIDE
from app.session_lock import FILE as OPEN
from app.session_lock import Lock

ELSEWHERE = "save to another folder (/session/save FOLDER)"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Where a session shall be saved. Attributes: `folder`, `lock` (None: it is ours already, or none is)."""

    folder: Path
    lock: Lock | None = None


class Claim:
    """What is claimed. Attributes: `asked` (where the session shall be saved), `going` (where it is on its way to)."""

    def __init__(self) -> None:
        self.asked: Wanted | None = None
        self.going: Wanted | None = None
        self._lock: Lock | None = None

    @property
    def locks(self) -> bool:
        """Whether sessions are claimed at all."""
        return self._lock is not None

    def take(self, folder: Path) -> str:
        """Claim the open session's folder; return who has it, in words, "" if nobody else."""
        self.have(Lock(folder))
        return self._lock.sentence if self._lock is not None and self._lock.foreign else ""

    def have(self, lock: Lock | None) -> None:
        """Have another folder, and let go the one before."""
        before = self.swap(lock)
        if before is not None:
            before.release()

    def swap(self, lock: Lock | None) -> Lock | None:
        """Have another folder; return what the one before was claimed with."""
        before, self._lock = self._lock, lock
        return before

    def close(self) -> None:
        """Let everything go."""
        self.ask(None)
        self.have(None)

    # --- where it is to be saved ------------------------------------------------------------------------

    def reserve(self, folder: Path) -> Wanted:
        """Claim a folder for this session; ValueError if it is somebody's."""
        if (folder / FILE).exists():
            raise ValueError(f"there is a session in {folder} already; choose another name")
        if other := _other_work(folder):
            raise ValueError(f"{folder} holds other things ({other}); choose a new name, a session has its own folder")
        lock = Lock(folder) if self.locks else None
        if lock is not None and lock.foreign:
            raise ValueError(f"{lock.sentence}; choose another name")
        return Wanted(folder, lock)

    def ask(self, wanted: Wanted | None) -> None:
        """Let the session be saved there next."""
        before, self.asked = self.asked, wanted
        _let_go(before)

    def go(self) -> Path:
        """Be on the way to where it was asked for."""
        assert self.asked is not None
        self.going, self.asked = self.asked, None
        return self.going.folder

    def arrive(self, is_there: bool) -> Lock | None:
        """Be there, or let the folder go; return what it is claimed with."""
        going, self.going = self.going, None
        if is_there:
            return going.lock if going is not None else None
        _let_go(going)
        return None


def _other_work(folder: Path) -> str:
    """Return the name of something in a folder that is no session's; "" if it is empty, or was begun by a session.

    Whoever lives among strange files takes them along to every other place, were it the whole disk.
    """
    try:
        names = sorted(path.name for path in folder.iterdir())
    except OSError:
        return ""  # It is not there yet, or whoever saves there says what is wrong with it.
    own = {OPEN, SIDE}
    return "" if own.intersection(names) else next((name for name in names if not name.startswith(".")), "")


def _let_go(wanted: Wanted | None) -> None:
    if wanted is not None and wanted.lock is not None:
        wanted.lock.release()
