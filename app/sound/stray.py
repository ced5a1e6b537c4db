"""What the audio library writes to the terminal, read before anybody sees it.

It complains there of every block that comes late, which on a busy machine would bury what matters. The complaints are
counted and told as one figure; everything else goes on to where it was meant.
"""

from __future__ import annotations

import os
import threading

LATE = b"buffer overrun"
CHUNK = 4096
ERROR = 2  # The descriptor of standard error.


class Stray:
    """Reads the process's standard error. Attributes: `late` (blocks that came late so far)."""

    def __init__(self) -> None:
        self.late = 0
        self._kept = copy_of_error()
        self._read, write = os.pipe()
        os.dup2(write, ERROR)
        os.close(write)
        threading.Thread(target=self._run, name="stray", daemon=True).start()

    def __enter__(self) -> Stray:
        return self

    def __exit__(self, *_: object) -> None:
        """Give the terminal back, so that whatever ends the process is said there."""
        os.dup2(self._kept, ERROR)

    def _run(self) -> None:
        rest = b""
        while chunk := os.read(self._read, CHUNK):
            *lines, rest = (rest + chunk).split(b"\n")
            for line in lines:
                if LATE in line:
                    self.late += 1
                else:
                    os.write(self._kept, line + b"\n")
            # A line that never ends is passed on in pieces: a dying process says its last words without one.
            if rest and LATE not in rest and not rest.startswith(b"Warn"):
                os.write(self._kept, rest)
                rest = b""


def copy_of_error() -> int:
    """Return a copy of standard error's descriptor; where there is none, as without a console, it leads nowhere now."""
    try:
        return os.dup(ERROR)
    except OSError:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        if nowhere != ERROR:  # Else it took the free place itself.
            os.dup2(nowhere, ERROR)
            return nowhere
        return os.dup(ERROR)
