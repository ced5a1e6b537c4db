"""One end of a pipe that never keeps its owner waiting.

A large dataset does not fit into a pipe's buffer, and the process at the other end has the lowest priority; the
engine must wait for neither. A thread writes and one reads, and both spend their lives asleep.
"""

from __future__ import annotations

import queue
import threading
from collections import deque
from multiprocessing.connection import Connection
from typing import Any


class Line:
    """Attributes: `heard` (what came and was not yet taken), `broken` (nothing can come or go any more)."""

    def __init__(self, connection: Connection) -> None:
        self.heard: deque[Any] = deque()
        self.broken = False
        self._connection = connection
        self._waiting: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._stirred = threading.Event()
        for work in (self._write, self._read):
            threading.Thread(target=work, name=f"learning{work.__name__}", daemon=True).start()

    def send(self, message: object) -> None:
        """Send when there is room; what cannot be sent any more is dropped, and `broken` says so."""
        self._waiting.put(message)

    def close(self) -> None:
        """Let the threads end."""
        self._waiting.put(None)

    def wait(self, seconds: float) -> None:
        """Sleep until something was heard or the pipe broke, at most for some time."""
        self._stirred.wait(seconds)
        self._stirred.clear()

    def _write(self) -> None:
        try:
            while (message := self._waiting.get()) is not None:
                self._connection.send(message)
        except (OSError, ValueError):
            self.broken = True

    def _read(self) -> None:
        try:
            while True:
                self.heard.append(self._connection.recv())
                self._stirred.set()
        except (EOFError, OSError):
            self.broken = True
            self._stirred.set()
