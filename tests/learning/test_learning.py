"""The learning process as the instrument sees it: jobs, reports, cancels, deaths."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest

from app.learning import (
    Cancelled,
    Curve,
    Done,
    Ended,
    Failed,
    FitJob,
    Learning,
    Progress,
    Report,
    Scored,
    Task,
)
from app.transport import WallClock
from tests.condition import wait_for
from tests.model.data import clouds, surface, takes

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Watcher:
    """A learning process and all that it said."""

    learning: Learning
    reports: list[Report] = field(default_factory=list)

    def until(self, condition: Callable[[], object], limit_s: float = 60.0) -> None:
        def holds() -> object:
            self.reports += self.learning.poll()
            return condition()

        wait_for(holds, limit_s)

    def of(self, kind: type[Any]) -> list[Any]:
        return [report for report in self.reports if isinstance(report, kind)]

    def ready(self) -> None:
        self.learning.warm()
        self.until(lambda: self.learning.ready)

    def ended(self, job: int) -> None:
        self.until(lambda: any(report.job == job for report in self.of(Ended) + self.of(Failed)))


@pytest.fixture(scope="module")
def shared() -> Iterator[Learning]:
    learning = Learning(WallClock())
    yield learning
    learning.close()


@pytest.fixture
def watcher(shared: Learning) -> Watcher:
    watcher = Watcher(shared)
    shared.cancel()
    watcher.ready()
    watcher.until(lambda: not shared._withdrawn)
    watcher.reports.clear()
    return watcher


def thirty(seed: int = 1, model: str = "mlp", **settings: Any) -> Task:
    x, y = clouds(seed, 100, width=30, classes=4)
    return Task("label", model, x, y, settings, np.repeat(np.arange(20), 5))


ENDLESS = {"epochs": 5000, "held_out": 0.0, "alpha": 10.0}


def endless() -> Task:
    """A fit that takes many seconds: much data without any order."""
    random = np.random.default_rng(1)
    return Task("label", "mlp", random.normal(size=(20_000, 40)), random.integers(1, 5, 20_000), ENDLESS)


@pytest.mark.parametrize("model", ["mlp", "knn"])
def test_a_hundred_examples_are_live_at_once_and_judged_afterwards(watcher: Watcher, model: str) -> None:
    clock = WallClock()
    before = clock.now()
    job = watcher.learning.submit(FitJob((thirty(model=model),)))
    watcher.until(lambda: watcher.of(Done))
    assert clock.now() - before < 0.3
    watcher.ended(job)
    kinds = [type(report) for report in watcher.reports if not isinstance(report, Progress)]
    assert kinds == [Done, Scored, *[Curve] * 5, Ended]
    (done,) = watcher.of(Done)
    x, y = clouds(1, 100, width=30, classes=4)
    label = done.parts[0].model.classes[int(done.parts[0].model.predict(x[0]).argmax())]
    assert label == y[0]
    assert done.parts[0].card["examples"] == 100
    assert done.parts[0].card["classes"] == [1, 2, 3, 4]


def test_losses_are_told_while_it_learns_one_by_one(watcher: Watcher) -> None:
    job = watcher.learning.submit(FitJob((thirty(),), score=False))
    watcher.ended(job)
    points = [point for report in watcher.of(Progress) for point in report.points]
    assert [number for number, _, _ in points] == list(range(1, len(points) + 1))
    assert points[-1][1] < points[0][1]
    first_done = watcher.reports.index(watcher.of(Done)[0])
    assert all(watcher.reports.index(report) < first_done for report in watcher.of(Progress))


def test_the_score_holds_whole_recordings_out_and_counts_every_example_once(watcher: Watcher) -> None:
    watcher.ended(watcher.learning.submit(FitJob((thirty(),))))
    (scored,) = watcher.of(Scored)
    assert scored.method == "5 parts, whole recordings held out"
    assert scored.classes == (1, 2, 3, 4)
    assert scored.confusion.sum() == 100
    assert scored.score == scored.confusion.trace() / 100
    counts = [count for count, _ in watcher.of(Curve)[-1].points]
    assert counts == [20, 40, 60, 80, 100]


def test_several_outputs_are_learnt_together(watcher: Watcher) -> None:
    x, y = surface(1)
    tasks = (thirty(), Task("a", "ridge", x, y[:, 0], columns=(4, 5, 6, 7)), Task("b", "mlp_regressor", x, y))
    watcher.ended(watcher.learning.submit(FitJob(tasks)))
    (done,) = watcher.of(Done)
    assert [(part.output, part.columns) for part in done.parts] == [("label", None), ("a", (4, 5, 6, 7)), ("b", None)]
    assert done.parts[2].model.predict(x[0]).shape == (2,)
    assert [(scored.output, scored.measure) for scored in watcher.of(Scored)] == [
        ("label", "accuracy"),
        ("a", "R squared"),
        ("b", "R squared"),
    ]


def test_gestures_are_learnt_and_judged(watcher: Watcher) -> None:
    x, y = takes(1)
    watcher.ended(watcher.learning.submit(FitJob((Task("gesture", "dtw", x, y),))))
    assert watcher.of(Done)[0].parts[0].model.classes == (1, 2, 3)
    assert watcher.of(Scored)[0].score == 1.0


def test_what_cannot_be_learnt_is_one_sentence_and_the_next_job_works(watcher: Watcher) -> None:
    job = watcher.learning.submit(FitJob((Task("label", "knn", np.empty((0, 3)), np.empty(0)),)))
    watcher.ended(job)
    assert [failed.text for failed in watcher.of(Failed)] == [
        "label: There are no examples to learn from: record some first."
    ]
    watcher.ended(watcher.learning.submit(FitJob((Task("label", "knn", "nonsense", None),))))
    assert len(watcher.of(Failed)) == 2
    watcher.ended(watcher.learning.submit(FitJob((thirty(),), score=False)))
    assert len(watcher.of(Done)) == 1


def test_too_few_examples_are_learnt_but_not_judged(watcher: Watcher) -> None:
    x, y = clouds(1, 3)
    watcher.ended(watcher.learning.submit(FitJob((Task("label", "knn", x, y),))))
    assert watcher.of(Done)
    assert np.isnan(watcher.of(Scored)[0].score)
    assert "too few" in watcher.of(Scored)[0].method


def test_a_cancel_is_told_at_once_and_the_process_stays(watcher: Watcher) -> None:
    learning = watcher.learning
    process = learning._process
    job = learning.submit(FitJob((endless(),)))
    watcher.until(lambda: watcher.of(Progress))
    learning.cancel()
    assert learning.poll() == [Cancelled(job)]
    assert learning.job is None
    learning.cancel()
    assert learning.poll() == []
    watcher.ended(learning.submit(FitJob((thirty(),), score=False)))
    assert [report.job for report in watcher.of(Done)] == [job + 1]
    assert learning._process is process


def test_a_new_job_takes_the_place_of_the_one_before(watcher: Watcher) -> None:
    learning = watcher.learning
    first = learning.submit(FitJob((endless(),)))
    second = learning.submit(FitJob((thirty(),)))
    watcher.until(lambda: watcher.of(Done))
    third = learning.submit(FitJob((thirty(),), score=False))  # while the second is judged
    watcher.ended(third)
    assert [report.job for report in watcher.of(Cancelled)] == [first]
    assert [report.job for report in watcher.of(Done)] == [second, third]
    assert [report.job for report in watcher.of(Ended)] == [second, third]


def test_a_large_job_keeps_nobody_waiting(watcher: Watcher) -> None:
    clock = WallClock()
    x, y = np.zeros((100_000, 40), np.float32), np.ones(100_000, np.int64)
    job = FitJob((Task("label", "bayes", x, y),), score=False)
    before = clock.now()
    number = watcher.learning.submit(job)
    assert clock.now() - before < 0.05
    watcher.ended(number)
    assert watcher.of(Done)


def test_what_does_not_listen_is_ended_with_its_process_and_the_waiting_job_is_done() -> None:
    watcher = Watcher(Learning(WallClock()))
    try:
        watcher.ready()
        learning = watcher.learning
        process = learning._process
        assert process is not None
        learning.submit(FitJob((endless(),)))
        watcher.until(lambda: watcher.of(Progress))
        if sys.platform != "win32":
            os.kill(int(process.pid or 0), signal.SIGSTOP)  # deaf to everything
        number = learning.submit(FitJob((thirty(),), score=False))
        watcher.ended(number)
        assert [report.job for report in watcher.of(Done)] == [number]
        assert sys.platform == "win32" or learning._process is not process
    finally:
        watcher.learning.close()
    assert not watcher.learning.alive


def test_a_process_that_dies_is_said_and_replaced() -> None:
    watcher = Watcher(Learning(WallClock()))
    try:
        watcher.ready()
        learning = watcher.learning
        job = learning.submit(FitJob((endless(),)))
        watcher.until(lambda: watcher.of(Progress))
        assert learning._process is not None
        learning._process.kill()
        watcher.until(lambda: watcher.of(Failed))
        assert watcher.of(Failed)[0].job == job
        assert "ended unexpectedly" in watcher.of(Failed)[0].text
        watcher.ended(learning.submit(FitJob((thirty(),), score=False)))
        assert watcher.of(Done)
    finally:
        watcher.learning.close()


@pytest.mark.skipif(sys.platform == "win32", reason="priorities have other names there")
def test_it_has_the_lowest_priority(watcher: Watcher) -> None:
    assert watcher.learning._process is not None
    assert os.getpriority(os.PRIO_PROCESS, int(watcher.learning._process.pid or 0)) == 19


def test_asking_for_learning_loads_no_training_library() -> None:
    code = (
        "import sys, app.learning, app.model.file, app.model.multi, app.model.registry as r;"
        "[known.settings for known in r.MODELS.values()];"
        "print(sorted(set(sys.modules) & {'torch', 'sklearn', 'scipy', 'joblib', 'PySide6'}))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.skipif(sys.platform == "win32", reason="asks /proc-like questions of processes")
def test_it_ends_with_an_instrument_that_was_killed() -> None:
    code = (
        "import os, signal, time\n"
        "from app.learning import FitJob, Learning\n"
        "from app.transport import WallClock\n"
        "from tests.learning.test_learning import endless\n"
        "if __name__ == '__main__':\n"
        "    learning = Learning(WallClock())\n"
        "    learning.submit(FitJob((endless(),)))\n"
        "    while not any(type(report).__name__ == 'Progress' for report in learning.poll()):\n"
        "        time.sleep(0.01)\n"
        "    print(learning._process.pid, flush=True)\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    child = int(done.stdout)
    wait_for(lambda: not psutil.pid_exists(child) or psutil.Process(child).status() == "zombie", 10.0, "its end")


def test_a_model_that_is_wanted_soon_is_prepared_beside_the_work(watcher: Watcher) -> None:
    """The slow library comes in while another model is fitted, and is no cancel of it."""
    learning = watcher.learning
    first = learning.submit(FitJob((thirty(),)))
    learning.warm("gru")
    learning.warm("gru")
    watcher.ended(first)
    assert [report.job for report in watcher.of(Done)] == [first]
    random = np.random.default_rng(0)
    takes = [np.cumsum(random.normal(label, 1.0, (24, 2)), axis=0) for label in (1, -1, 1, -1)]
    gestures = Task("0", "gru", takes, np.array([1, 2, 1, 2]), {"updates": 20}, np.arange(4))
    second = learning.submit(FitJob((gestures,), score=False))
    watcher.ended(second)
    assert [report.job for report in watcher.of(Done)] == [first, second]
