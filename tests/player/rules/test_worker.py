"""The process that learns rules, as it really runs: jobs done, given up, lost with their process."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.job_report import Failed
from app.player.rules.job import Done, Exported, ExportJob, FitJob, Imported, ImportJob, MapJob, Mapped, Report
from app.player.rules.worker import Process
from app.transport import WallClock
from tests.condition import wait_for
from tests.player.rules.stage import Stage

ROWS = (((60, 800), "rain"), ((60, 1200), "rain"), ((72, 800), "rain"), ((220, 4000), "storm"))
NAMES = ("freq", "cutoff")
FIT = FitJob(NAMES, ROWS, 2, 0.5)


@dataclass
class Watched:
    """A worker and all that it said."""

    worker: Process
    reports: list[Report] = field(default_factory=list)

    def until(self, condition: Callable[[], object], limit_s: float = 60.0) -> None:
        def holds() -> object:
            self.reports += self.worker.poll()
            return condition()

        wait_for(holds, limit_s)

    def of(self, kind: type[Any]) -> list[Any]:
        return [report for report in self.reports if isinstance(report, kind)]


@pytest.fixture
def watched() -> Iterator[Watched]:
    made = Watched(Process(WallClock()))
    yield made
    made.worker.close()
    assert not made.worker.alive


def heavy(presets: int = 3000, knobs: int = 20) -> MapJob:
    random = np.random.default_rng(1)
    rows = tuple((tuple(int(v) for v in random.integers(0, 6, knobs)), f"l{n % 2}") for n in range(presets))
    return MapJob(tuple(f"k{n}" for n in range(knobs)), rows)


def test_it_learns_maps_reads_and_writes(watched: Watched, tmp_path: Path) -> None:
    path = str(tmp_path / "table.csv")
    watched.worker.submit(FIT)
    watched.worker.submit(MapJob(NAMES, ROWS))
    watched.worker.submit(ExportJob(path, NAMES, ROWS))
    watched.worker.submit(ImportJob(path))
    watched.worker.submit(ImportJob(str(tmp_path / "none.csv")))
    watched.until(lambda: watched.of(Failed))
    learnt = watched.of(Done)[0].learnt
    assert learnt.text == ("rain|60,72|800,1200", "storm|220|4000")
    assert learnt.ruler.sample("storm", rng=np.random.default_rng(0)).values == (220, 4000)
    cells = [cell for report in watched.of(Mapped) for cell in report.cells]
    assert len(cells) == 16
    assert watched.of(Mapped)[-1].whole
    assert watched.of(Exported)[0].count == 4
    assert (watched.of(Imported)[0].names, watched.of(Imported)[0].rows) == (NAMES, ROWS)
    assert "none.csv" in watched.of(Failed)[0].text
    assert watched.worker.waiting == {}


def test_a_job_that_is_given_up_says_nothing_more_and_the_next_is_done(watched: Watched) -> None:
    watched.worker.submit(FIT)
    watched.until(lambda: watched.of(Done))
    number = watched.worker.submit(heavy())
    later = watched.worker.submit(FIT)
    watched.worker.cancel(number)
    watched.until(lambda: any(done.job == later for done in watched.of(Done)))
    assert not [report for report in watched.of(Mapped) if report.job == number]


def test_a_process_that_dies_is_told_and_another_does_the_next_job(watched: Watched) -> None:
    watched.worker.submit(FIT)
    watched.until(lambda: watched.of(Done))
    lost = watched.worker.submit(heavy())
    process = watched.worker._process
    assert process is not None
    os.kill(process.pid or 0, signal.SIGKILL)
    watched.until(lambda: watched.of(Failed))
    assert watched.of(Failed)[0].job == lost
    watched.worker.submit(FIT)
    watched.until(lambda: len(watched.of(Done)) == 2)


def test_the_old_model_sounds_until_the_new_one_is_there() -> None:
    worker = Process(WallClock())
    stage = Stage(worker=worker)
    try:
        for label, freq in (("rain", 60), ("rain", 72), ("storm", 220)):
            stage.keep(label, freq=freq)
        wait_for(lambda: stage.turn(0.02) or stage.rules.study.model is not None, 60)
        wait_for(lambda: stage.turn(0.02) or not stage.rules.study.busy, 60)
        before = stage.rules.study.model
        stage.keep("storm", freq=330)
        assert stage.rules.study.learning
        assert stage.rules.study.model is before
        stage.fire("/rules/call", "storm")
        assert stage.knob("freq") == 220
        stage.fire("/rules/learn_stop")
        assert not stage.rules.study.learning
        stage.fire("/rules/learn")
        wait_for(lambda: stage.turn(0.02) or stage.rules.study.model is not before, 60)
        counts = {count.label: count.variations for count in stage.state.labels}
        assert counts == {"rain": 2, "storm": 2}
    finally:
        stage.ruling.close()
    assert not worker.alive
