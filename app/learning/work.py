"""The learning process: one job after another at the lowest priority, the models first, their scores afterwards.

It imports its libraries before the first job comes. What it is asked is heard by a thread, so that looking whether a
fit is still wanted costs nothing; a fit looks after every epoch, scoring between two fits.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any

from app.interrupt import leave_to_parent
from app.job_report import Cancelled, Failed, Ready
from app.learning.job import Done, Ended, FitJob, Order, Progress, Report, Scored, Task, Trained, Warm
from app.learning.line import Line
from app.learning.score import judge
from app.model.base import Cancelled as Unwanted
from app.model.base import ModelError
from app.model.registry import entry
from app.priority import LOWEST_NICE, step_back

TELL_S = 0.02  # losses of many epochs are told together
LOOK_S = 1.0  # how often a process without a job looks whether it is still needed


def serve(connection: Connection) -> None:
    """Be the child process, until the instrument is gone."""
    leave_to_parent()
    step_back(LOWEST_NICE)
    line = Line(connection)
    from app.model import sk

    sk.one_thread()
    line.send(Ready())
    parent = os.getppid()
    while not line.broken and os.getppid() == parent:
        line.wait(LOOK_S)
        while line.heard:
            order = line.heard.popleft()
            if isinstance(order, Warm):
                # Beside the next job, which may be of another model and must not wait.
                threading.Thread(target=entry(order.model).prepare, name="warm", daemon=True).start()
            elif order.job is not None:  # a cancel that comes here is too late to matter
                obey(order.number, order.job, line.send, lambda: line.broken or _called(line))
    os._exit(0)  # neither threads nor libraries have anything left to say


def _called(line: Line) -> bool:
    """Tell whether another job, or a cancel, waits."""
    return bool(line.heard) and any(isinstance(order, Order) for order in tuple(line.heard))


def obey(number: int, job: FitJob, tell: Callable[[Report], None], dropped: Callable[[], bool]) -> None:
    """Fit and judge a job; tell all that happens. Whatever goes wrong is told as one sentence."""
    watch = Telling(number, tell, dropped)
    try:
        began = time.perf_counter()
        parts = () if job.only_score else tuple(_fit(task, watch) for task in job.tasks)
        watch.flush()
        tell(Done(number, parts, time.perf_counter() - began))
    except Unwanted:
        tell(Cancelled(number))
    except ModelError as error:
        tell(Failed(number, str(error)))
    except Exception as error:  # noqa: BLE001 - libraries raise anything; the process must go on
        tell(Failed(number, f"The training failed ({type(error).__name__}: {error}): try another model."))
    else:
        _judge(number, job, tell, watch)


def _judge(number: int, job: FitJob, tell: Callable[[Report], None], watch: Telling) -> None:
    try:
        for task in job.tasks if job.score else ():
            watch.output = task.output
            judge(number, task, tell, watch, curve=not job.only_score)
    except Unwanted:
        pass  # the end is told all the same
    except Exception as error:  # noqa: BLE001 - a model without a score is still a model
        tell(Scored(number, watch.output, float("nan"), "", f"not judged ({type(error).__name__}: {error})"))
    tell(Ended(number))


def _fit(task: Task, watch: Telling) -> Trained:
    watch.output = task.output
    watch.check()
    known = entry(task.model)
    model = known.make(task.settings)
    began = time.perf_counter()
    try:
        model.fit(task.X, task.y, watch=watch, start=task.start)
    except ModelError as error:
        raise ModelError(f"{task.output}: {error}") from error
    seconds = time.perf_counter() - began
    compiled = model.compile()
    card: dict[str, Any] = {"model": task.model, "kind": known.kind, "title": known.title}
    card |= {"settings": dict(task.settings), "examples": len(task.y), "inputs": compiled.inputs}
    card |= {"classes": list(compiled.classes), "seconds": round(seconds, 4), "output": task.output}
    return Trained(task.output, compiled, task.columns, card | {"columns": task.columns and list(task.columns)})


class Telling:
    """Looks on a fit, tells its losses now and then, and ends it when nobody wants it.

    Attributes: `output` which is being fitted.
    """

    def __init__(self, number: int, tell: Callable[[Report], None], dropped: Callable[[], bool]) -> None:
        self.output = ""
        self._number, self._tell, self._dropped = number, tell, dropped
        self._points: list[tuple[int, float, float | None]] = []
        self._told = 0.0

    def epoch(self, number: int, loss: float, valid: float | None) -> None:
        self._points.append((number, loss, valid))
        now = time.perf_counter()
        if now - self._told >= TELL_S:
            self._told = now
            self.flush()
        self.check()

    def check(self) -> None:
        if self._dropped():
            raise Unwanted

    def flush(self) -> None:
        """Tell the losses that were kept back."""
        if self._points:
            self._tell(Progress(self._number, self.output, tuple(self._points)))
            self._points.clear()
