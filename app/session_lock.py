"""Who a session's folder belongs to while it is open: two instruments that save into one would undo each other's work.

The system's own lock on a file, which ends with the process however it ends. Where a disk knows no locks, or takes no
file, there is none, and everything goes on without.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path

FILE = ".open"
FAR = 1 << 30  # Windows locks bytes, and nobody else may read those: not the ones with the process's number.


def _seize(file: int) -> None:
    """Take the system's lock; BlockingIOError or PermissionError if another has it, OSError if there are no locks."""
    if sys.platform == "win32":
        import msvcrt

        os.lseek(file, FAR, os.SEEK_SET)
        try:
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        finally:
            os.lseek(file, 0, os.SEEK_SET)
    else:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


class Lock:
    """A folder's lock. Attributes: `folder`, `owner` (process of whoever has it, where that is not us; else 0)."""

    def __init__(self, folder: Path) -> None:
        """Take the lock if nobody has it."""
        self.folder = folder
        self.owner = 0
        self._file: int | None = None
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._file = os.open(folder / FILE, os.O_RDWR | os.O_CREAT, 0o644)
        except OSError:
            return  # Whoever saves there says what is wrong with it.
        try:
            _seize(self._file)
        except (BlockingIOError, PermissionError):  # As POSIX and as Windows say that another has it.
            self.owner = self._read() or -1
            self.release()
        except OSError:
            self.release()
        else:
            with suppress(OSError):  # A full disk: whose it is can be known without a number.
                os.ftruncate(self._file, 0)
                os.write(self._file, str(os.getpid()).encode())

    @property
    def foreign(self) -> bool:
        """Whether another instrument has the folder."""
        return self.owner != 0

    @property
    def sentence(self) -> str:
        """What to tell the performer."""
        who = f" (process {self.owner})" if self.owner > 0 else ""
        return f"{self.folder.name} is open in another instrument{who}"

    def release(self) -> None:
        """Let others have it."""
        file, self._file = self._file, None
        if file is not None:
            os.close(file)

    def _read(self) -> int:
        assert self._file is not None
        with suppress(ValueError, OSError):
            return int(os.read(self._file, 32))
        return 0
