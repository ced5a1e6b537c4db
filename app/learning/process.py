"""The instrument's side of the learning process: jobs, reports, a cancel that always works.

The process stays warm, as its libraries take longer to import than most fits take. A fit that does not notice a
cancel in time is ended with its process, and a new one is warmed up; whatever happens there, playing goes on with
the models it has.
"""

from __future__ import annotations

import multiprocessing
from multiprocessing.context import SpawnProcess

from app.job_report import Cancelled, Failed, Ready
from app.learning.job import Done, Ended, FitJob, Order, Report, Warm
from app.learning.line import Line
from app.learning.work import serve
from app.transport import Clock

STUBBORN_S = 1.0  # a cancelled fit that goes on for longer is ended with its process
CLOSE_S = 5.0


class Learning:
    """One warm worker process, started when first needed.

    Attributes: `job` (number of the job being fitted, None if none is), `scoring` (the one being judged).
    """

    def __init__(self, clock: Clock) -> None:
        self.job: int | None = None
        self.scoring: int | None = None
        self._clock = clock
        self._process: SpawnProcess | None = None
        self._line: Line | None = None
        self._ready = False
        self._last = 0
        self._own: list[Report] = []
        self._withdrawn: dict[int, float] = {}
        self._wanted: FitJob | None = None
        self._models: list[str] = []

    @property
    def alive(self) -> bool:
        """Whether the process runs."""
        return self._process is not None and self._process.is_alive()

    @property
    def ready(self) -> bool:
        """Whether a fit would start at once."""
        return self._ready and self.alive

    def warm(self, model: str = "") -> None:
        """Start the process if it does not run; it then imports its libraries, and what this model's fit needs."""
        if model and model not in self._models:
            self._models.append(model)
            if self.alive and self._line is not None:
                self._line.send(Warm(model))
        if not self.alive:
            self._start()

    def _start(self) -> None:
        self._release()
        context = multiprocessing.get_context("spawn")
        near, far = context.Pipe()
        self._process = context.Process(target=serve, args=(far,), name="learning", daemon=True)
        self._process.start()
        far.close()
        self._line, self._ready = Line(near), False
        for model in self._models:
            self._line.send(Warm(model))

    def submit(self, job: FitJob) -> int:
        """Ask for a fit and return its number. One that is not done yet is cancelled, scores are cut short."""
        self.cancel()
        self.warm()
        self._last += 1
        self.job, self._wanted = self._last, job
        assert self._line is not None
        self._line.send(Order(self._last, job))
        return self._last

    def cancel(self) -> None:
        """Give up the fit that runs and the scores that are made; the trained models stay. Always safe."""
        if self.job is not None:
            self._own.append(Cancelled(self.job))
            self._withdraw(self.job)
        if self.scoring is not None:
            self._own.append(Ended(self.scoring))
            self._withdraw(self.scoring)
        self.job = self.scoring = self._wanted = None

    def _withdraw(self, number: int) -> None:
        self._withdrawn[number] = self._clock.now()
        if self._line is not None:
            self._line.send(Order(number, None))

    def poll(self) -> list[Report]:
        """Return the reports since the last call, in order. Called often; never waits."""
        reports, self._own = self._own, []
        line = self._line
        if line is None:
            return reports
        broken = line.broken  # read first: what was said before the end still counts
        while line.heard:
            reports += self._hear(line.heard.popleft())
        if broken:
            reports += self._lost()
        elif self._ready and any(self._clock.now() - asked > STUBBORN_S for asked in self._withdrawn.values()):
            self._restart()
        return reports

    def _hear(self, report: Report | Ready) -> list[Report]:
        if isinstance(report, Ready):
            self._ready = True
            now = self._clock.now()  # cancels were not heard while it started
            self._withdrawn = dict.fromkeys(self._withdrawn, now)
            return []
        final = isinstance(report, Failed | Cancelled | Ended)
        if report.job in self._withdrawn:
            if final:
                del self._withdrawn[report.job]
            return []
        if isinstance(report, Done):
            self.job, self.scoring, self._wanted = None, report.job, None
        elif final:
            self.job = None if self.job == report.job else self.job
            self.scoring = None if self.scoring == report.job else self.scoring
        return [report]

    def _lost(self) -> list[Report]:
        """The process is gone by itself."""
        lost: list[Report] = []
        if self.job is not None:
            lost.append(Failed(self.job, "The learning process ended unexpectedly; train again, with fewer examples."))
        if self.scoring is not None:
            lost.append(Ended(self.scoring))
        self.job = self.scoring = None
        self._release()
        return lost

    def _restart(self) -> None:
        """End a process that does not listen, and warm up another; a job that waited in it is sent again."""
        self._release()
        self.warm()
        if self.job is not None and self._wanted is not None and self._line is not None:
            self._line.send(Order(self.job, self._wanted))

    def _release(self, wait_s: float = 0.0) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.join(wait_s)
        if self._line is not None:
            self._line.close()
        self._process, self._line, self._ready = None, None, False
        self._withdrawn.clear()

    def close(self) -> None:
        """End the process; what it was doing is lost."""
        self.job = self.scoring = None
        self._own.clear()
        self._release(CLOSE_S)
