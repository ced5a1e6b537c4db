"""Whether the process that started this one is dying.

A killed process lets go of its pipes and of its children only when its last thread has left, and a thread that is
writing to a disk leaves when the disk has answered: notes were seen to sound on for up to 0.2 s. Linux shows the
blow at once, in the state of the process (proc(5): field `flags` of `stat`, `SigPnd` of `status`).
"""

from __future__ import annotations

import multiprocessing
import os
import re
import signal
import sys

_EXITING = 0x4  # PF_EXITING of the kernel's task flags, unchanged since Linux 2.6
_DYING = frozenset(b"ZXx")
_FLAGS = 6  # Fields after the name in parentheses: state, ppid, pgrp, session, tty, tpgid, flags
_KILLED = 1 << (signal.SIGKILL - 1) if sys.platform != "win32" else 0
_PENDING = re.compile(rb"^SigPnd:\t([0-9a-f]+)$", re.MULTILINE)
_ROOM = 4096


class Parent:
    """The process that started this one, if `multiprocessing` did.

    Attributes: `pid`, None in a process that was started otherwise.
    """

    def __init__(self) -> None:
        parent = multiprocessing.parent_process()
        self.pid = parent.pid if parent is not None else None
        self._files: tuple[int, int] | None = None
        if self.pid is not None and sys.platform == "linux":
            self._files = _open(self.pid)

    def is_gone(self) -> bool:
        """Return whether it is dead or will be in a moment. Takes some ten microseconds."""
        if self.pid is None or sys.platform == "win32":
            return False
        if os.getppid() != self.pid:
            return True
        return self._files is not None and is_dying(*self._files)


def is_dying(stat: int, status: int) -> bool:
    """Read a process's two open files in `/proc` for the signs of its end."""
    try:
        fields = os.pread(stat, _ROOM, 0).rpartition(b")")[2].split()
        pending = _PENDING.search(os.pread(status, _ROOM, 0))
    except OSError:
        return True  # ESRCH: there is no such process any more.
    if len(fields) > _FLAGS and (fields[0][0] in _DYING or int(fields[_FLAGS]) & _EXITING):
        return True
    return pending is not None and bool(int(pending[1], 16) & _KILLED)


def _open(pid: int) -> tuple[int, int] | None:
    try:
        return tuple(os.open(f"/proc/{pid}/{name}", os.O_RDONLY | os.O_CLOEXEC) for name in ("stat", "status"))  # type: ignore[return-value]
    except OSError:
        return None  # No /proc here: the pipe's end has to do.
