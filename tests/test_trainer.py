"""The training desk: starts, reads reports, survives a worker that dies."""

from pathlib import Path
from typing import Any

import pytest

from app.parameter import Tree
from app.snapshot import Snapshot
from app.trainer import POLL_S, Request, Trainer
from app.transport import OfflineClock


class FakeJob:
    """A run that says what the test tells it to."""

    def __init__(self) -> None:
        self.alive = True
        self.reports: list[dict[str, Any]] = []
        self.stopped = self.killed = False

    def poll(self) -> list[dict[str, Any]]:
        reports, self.reports = self.reports, []
        return reports

    def stop(self) -> None:
        self.stopped = True

    def kill(self) -> None:
        self.killed = True


class Stage:
    """A trainer with a fake job and a log."""

    def __init__(self, tmp_path: Path) -> None:
        self.clock, self.tree, self.job = OfflineClock(), Tree(), FakeJob()
        self.said: list[tuple[str, str]] = []
        self.requests: list[Request] = []
        self.finished: list[Path] = []
        self.trainer = Trainer(self.tree, self.clock, self._say, self._start, tmp_path / "models", self.finished.append)
        self.tree.text("/training/dataset").set(str(tmp_path))

    def _say(self, level: str, text: str) -> None:
        self.said.append((level, text))

    def _start(self, request: Request) -> FakeJob:
        self.requests.append(request)
        return self.job

    def hear(self, *reports: dict[str, Any]) -> None:
        self.job.reports += reports
        self.clock.advance(POLL_S)
        self.trainer.tend()


def test_a_run_from_start_to_the_list_of_composers(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    stage.tree.number("/training/minutes").set(2)
    stage.trainer.train()
    assert stage.requests == [Request(tmp_path, tmp_path / "models", "", 2.0, 0, False)]
    progress = {"kind": "progress", "train": 4.0, "valid": 4.2, "examples_per_s": 900.0, "seconds_left": 60.0}
    stage.hear({**progress, "epoch": 0.5}, {**progress, "epoch": 1.0, "train": 3.5, "valid": 3.9})
    picture = stage.trainer.picture(Snapshot()).training
    assert picture.active
    assert picture.train == ((0.5, 4.0), (1.0, 3.5))
    assert picture.valid == ((0.5, 4.2), (1.0, 3.9))
    assert (picture.examples_per_s, picture.seconds_left) == (900.0, 60.0)
    stage.job.alive = False
    stage.hear({"kind": "done", "folder": str(tmp_path / "models" / "x")})
    assert stage.finished == [tmp_path / "models" / "x"]
    assert not stage.trainer.picture(Snapshot()).training.active


def test_the_run_before_stays_as_a_ghost(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    stage.trainer.train()
    stage.job.alive = False
    stage.hear({"kind": "progress", "epoch": 1, "valid": 5.0}, {"kind": "done", "folder": "x"})
    stage.job = FakeJob()
    stage.trainer.train()
    assert stage.trainer.picture(Snapshot()).training.previous == ((1.0, 5.0),)


def test_a_worker_that_dies_is_said(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    stage.trainer.train()
    stage.job.alive = False
    stage.hear()
    assert not stage.trainer.active
    assert "ended by itself" in stage.said[-1][1]


def test_stop_keeps_the_best_and_damaged_files_are_named(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    stage.trainer.train()
    stage.hear({"kind": "note", "text": "BWV1.mid: damaged"})
    stage.trainer.stop()
    assert stage.job.stopped
    assert ("info", "BWV1.mid: damaged") in stage.said


@pytest.mark.parametrize(
    ("dataset", "sentence"), [("", "no dataset chosen"), ("/nowhere/at/all", "there is no folder")]
)
def test_a_wrong_folder_is_refused_in_words(tmp_path: Path, dataset: str, sentence: str) -> None:
    stage = Stage(tmp_path)
    stage.tree.text("/training/dataset").set(dataset)
    with pytest.raises(ValueError, match=sentence):
        stage.trainer.train()


def test_one_run_at_a_time_and_the_end_of_the_instrument_ends_it(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    stage.trainer.train()
    with pytest.raises(ValueError, match="stop it first"):
        stage.trainer.train()
    stage.trainer.close()
    assert stage.job.killed


def test_a_long_curve_is_thinned_but_keeps_its_ends(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    stage.trainer.train()
    for epoch in range(5000):
        stage.trainer._hear({"kind": "progress", "epoch": epoch, "train": 1.0})
    train = stage.trainer.picture(Snapshot()).training.train
    assert len(train) <= 2000
    assert (train[0][0], train[-1][0]) == (0, 4999)
