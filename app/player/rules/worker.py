"""The instrument's side of the process that learns rules: orders out, reports in, a cancel that always works.

Learning a hundred presets takes milliseconds, yet an odd table can take a second, and a file may hold a million lines;
neither may keep a beat waiting. The process is started with the first order and stays.
"""

from __future__ import annotations

import multiprocessing
import threading
from collections import deque
from multiprocessing.context import SpawnProcess
from typing import Protocol

from app.job_report import Cancelled, Failed, Ready
from app.learning.line import Line
from app.player.rules.job import Done, Exported, Imported, Job, Mapped, Order, Report
from app.player.rules.work import Obedience, serve
from app.transport import Clock

STUBBORN_S = 1.5  # A job that goes on for longer after it was given up is ended with its process.
CLOSE_S = 2.0


class Worker(Protocol):
    """Who does the jobs."""

    def submit(self, job: Job) -> int:
        """Ask for a job; return its number. Never waits."""

    def cancel(self, number: int) -> None:
        """Give a job up; one that is done already does not mind."""

    def poll(self) -> list[Report]:
        """Return the reports since the last call. Never waits."""

    def close(self) -> None:
        """End it."""


class Inline:
    """Does each job in the caller, when asked for reports: offline, nothing may depend on the wall clock."""

    def __init__(self) -> None:
        self._last = 0
        self._orders: dict[int, Job] = {}

    def submit(self, job: Job) -> int:
        self._last += 1
        self._orders[self._last] = job
        return self._last

    def cancel(self, number: int) -> None:
        self._orders.pop(number, None)

    def poll(self) -> list[Report]:
        reports: list[Report] = []
        orders, self._orders = self._orders, {}
        for number, job in orders.items():
            Obedience(number, reports.append, lambda: False).obey(job)
        return reports

    def close(self) -> None:
        self._orders.clear()


class Process:
    """Jobs in a process of the lowest priority, one after another. Attributes: `waiting` (numbers not reported yet)."""

    def __init__(self, clock: Clock) -> None:
        self.waiting: dict[int, Job] = {}
        self._clock = clock
        self._process: SpawnProcess | None = None
        self._line: Line | None = None
        self._last = 0
        self._given_up: dict[int, float] = {}
        self._ready = False
        self._warmed: deque[Done] = deque()

    @property
    def alive(self) -> bool:
        return self._process is not None and self._process.is_alive()

    def submit(self, job: Job) -> int:
        self._last += 1
        self.waiting[self._last] = job
        if not self.alive:
            self._start()
        elif self._line is not None:
            self._line.send(Order(self._last, job))
        return self._last

    def cancel(self, number: int) -> None:
        if number in self.waiting:
            del self.waiting[number]
            self._given_up[number] = self._clock.now()
            if self._line is not None:
                self._line.send(Order(number, None))

    def poll(self) -> list[Report]:
        line = self._line
        if line is None:
            return []
        broken = line.broken  # Read first: what was said before the end still counts.
        reports: list[Report] = []
        while line.heard:
            report = line.heard.popleft()
            if isinstance(report, Done) and report.job in self.waiting:
                threading.Thread(target=self._warm, args=(report,), name="rules warm", daemon=True).start()
            else:
                reports += self._hear(report)
        while self._warmed:
            reports += self._hear(self._warmed.popleft())
        now = self._clock.now()
        if broken:
            reports += self._lost()
        elif self._ready and any(now - since > STUBBORN_S for since in self._given_up.values()):
            self._start()  # It does not listen; what else was asked for is asked of another.
        return reports

    def close(self) -> None:
        self.waiting.clear()
        self._end(CLOSE_S)

    def _warm(self, report: Done) -> None:
        """Get a model ready in a thread of its own: with thousands of presets that is longer than a note may wait."""
        try:
            report.learnt.warm()
        finally:
            self._warmed.append(report)  # Cold it works too.

    def _hear(self, report: Report | Ready) -> list[Report]:
        if isinstance(report, Ready):
            self._ready = True
            self._given_up = dict.fromkeys(self._given_up, self._clock.now())  # Nothing was heard while it started.
            return []
        final = isinstance(report, Done | Imported | Exported | Failed | Cancelled)
        if isinstance(report, Mapped):
            final = report.whole
        known = report.job in self.waiting
        if final:
            self.waiting.pop(report.job, None)
            self._given_up.pop(report.job, None)
        return [report] if known else []

    def _lost(self) -> list[Report]:
        lost: list[Report] = [
            Failed(number, "the process that learns rules ended by itself; do it again") for number in self.waiting
        ]
        self.waiting.clear()
        self._end()
        return lost

    def _start(self) -> None:
        self._end()
        context = multiprocessing.get_context("spawn")
        near, far = context.Pipe()
        self._process = context.Process(target=serve, args=(far,), name="rules", daemon=True)
        self._process.start()
        far.close()
        self._line, self._ready = Line(near), False
        for number, job in self.waiting.items():
            self._line.send(Order(number, job))

    def _end(self, wait_s: float = 0.0) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.join(wait_s)
        if self._line is not None:
            self._line.close()
        self._process, self._line = None, None
        self._given_up.clear()
