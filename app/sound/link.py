"""The synthesiser process's way to its parent.

Reports must never make the sound wait: a parent that does not read loses the newest reports and nothing else.
"""

from __future__ import annotations

import os
import queue
import threading
import time
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Protocol

Report = tuple[str | int | float, ...]


class Link(Protocol):
    """What the process needs from its parent."""

    def post(self, report: Report) -> None:
        """Tell the parent something; never waits."""

    def wait(self, seconds: float) -> bool:
        """Wait for the parent's word; True when it says quit or is gone."""

    def drain(self) -> None:
        """Give the last reports a moment to leave."""


class PipeLink:
    """A multiprocessing pipe: reports out, `("quit",)` in; the pipe's end means quit too."""

    def __init__(self, connection: Connection) -> None:
        """Take over the child's end."""
        self._connection = connection
        self._reports: queue.Queue[Report] = queue.Queue(maxsize=64)
        threading.Thread(target=self._send, name="reports", daemon=True).start()

    def post(self, report: Report) -> None:
        """Queue a report for the parent."""
        with suppress(queue.Full):
            self._reports.put_nowait(report)

    def wait(self, seconds: float) -> bool:
        """Wait for `("quit",)` or the pipe's end."""
        try:
            return self._connection.poll(seconds) and self._connection.recv() == ("quit",)
        except (EOFError, OSError):
            return True

    def drain(self) -> None:
        """Wait 0.2 s at most until all reports are sent."""
        deadline = time.perf_counter() + 0.2
        while self._reports.unfinished_tasks and time.perf_counter() < deadline:
            time.sleep(0.002)

    def _send(self) -> None:
        while True:
            report = self._reports.get()
            try:
                self._connection.send(report)
            except OSError:
                return
            finally:
                self._reports.task_done()


class ConsoleLink:
    """Standard output instead of a pipe, for a synthesiser started by hand; levels are not printed."""

    def __init__(self, parent_pid: int) -> None:
        """Watch a parent process, 0 for none."""
        self._parent_pid = parent_pid

    def post(self, report: Report) -> None:
        """Print a report."""
        if report[0] != "level":
            print(*report, flush=True)

    def wait(self, seconds: float) -> bool:
        """Sleep; True when the parent is gone."""
        time.sleep(seconds)
        return bool(self._parent_pid) and os.getppid() != self._parent_pid

    def drain(self) -> None:
        """Nothing is ever queued."""
