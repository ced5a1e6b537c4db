"""Training in a worker process of the lowest priority, watched from the instrument without importing torch.

The worker sends its reports through a pipe and looks there for the wish to stop. It ends by itself when the
instrument is gone, and what it wrote before any end is whole.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Protocol

from app.player.composer.option import Options
from app.priority import LOWEST_NICE, step_back

STOP = "stop"


class Order(Protocol):
    """What the window asks for: an empty composer means all, 0 minutes or epochs means no such limit."""

    @property
    def dataset(self) -> Path: ...
    @property
    def out(self) -> Path: ...
    @property
    def composer(self) -> str: ...
    @property
    def minutes(self) -> float: ...
    @property
    def epochs(self) -> int: ...
    @property
    def resume(self) -> bool: ...


def options_from(order: Order) -> Options:
    """Return the training options that an order stands for."""
    return Options(
        order.dataset,
        order.out,
        composer=order.composer or None,
        minutes=order.minutes or None,
        epochs=order.epochs or None,
        resume=order.resume,
    )


class TrainingJob:
    """One training run in its own process.

    Attributes:
        options: what it does.
    """

    def __init__(self, order: Options | Order) -> None:
        """Start the run.

        Raises:
            OptionError: an option is out of its range.
        """
        self.options = order if isinstance(order, Options) else options_from(order)
        self.options.check()
        context = multiprocessing.get_context("spawn")
        self._pipe, far = context.Pipe()
        self._process = context.Process(target=_work, args=(self.options, far), name="training", daemon=True)
        self._process.start()
        far.close()
        self._heard_end = False

    @property
    def alive(self) -> bool:
        """Whether the process runs."""
        return self._process.is_alive()

    def poll(self) -> list[dict[str, Any]]:
        """Return the reports since the last call; the last one is of kind "done" or "error"."""
        reports: list[dict[str, Any]] = []
        try:
            while self._pipe.poll():
                reports.append(self._pipe.recv())
        except (EOFError, OSError):
            if not self._heard_end and not any(_final(report) for report in reports):
                reports.append(
                    {
                        "kind": "error",
                        "text": "The training process ended unexpectedly; the best model so far, if any, is kept.",
                    }
                )
        self._heard_end |= any(_final(report) for report in reports)
        return reports

    def stop(self) -> None:
        """Ask it to keep the best model so far and end."""
        try:
            self._pipe.send(STOP)
        except OSError:
            return  # it has ended already, which is what was asked

    def kill(self) -> None:
        """End it now; what it wrote before stays whole."""
        self._heard_end = True
        self._process.kill()
        self._process.join(5.0)


def _final(report: dict[str, Any]) -> bool:
    return report["kind"] in {"done", "error"}


def _work(options: Options, pipe: Connection) -> None:
    """Run in the worker: train, report, stop when told or when the instrument is gone."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", str(options.threads))
    os.environ.setdefault("OMP_NUM_THREADS", str(options.threads))
    step_back(LOWEST_NICE)
    from app.player.composer.training import run_reported

    parent = os.getppid()
    run_reported(options, pipe.send, _stopper(pipe, lambda: os.getppid() == parent))
    pipe.close()


def _heard(pipe: Connection) -> bool:
    """Return whether something was said, or the other end is gone, which Windows tells by an error."""
    try:
        return pipe.poll()
    except OSError:
        return True


def _stopper(pipe: Connection, attended: Callable[[], bool]) -> Callable[[], bool]:
    """Return a question "stop?" that stays True once it was."""
    stopped: list[bool] = []

    def stop() -> bool:
        if not stopped and (not attended() or _heard(pipe)):
            stopped.append(True)
        return bool(stopped)

    return stop
