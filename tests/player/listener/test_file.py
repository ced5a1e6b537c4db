"""Files of examples through the whole Listener: one step of undo with their outputs, told, and given up."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

from app.dataset import Dataset
from app.dataset_file import project
from app.example import Examples, Output, numbered
from app.player.listener.brain import Learnt
from app.player.listener.file import PROGRESS, STATE, Files
from tests.condition import wait_for
from tests.player.listener.test_player import Sides, Stage


class Later(Executor):
    """Work that is done when told. Attributes: `waiting`."""

    def __init__(self) -> None:
        self.waiting: list[tuple[Future[Any], Callable[..., Any]]] = []

    def submit(self, work: Callable[..., Any], /, *arguments: Any, **named: Any) -> Future[Any]:
        future: Future[Any] = Future()
        self.waiting.append((future, work))
        return future

    def finish(self) -> None:
        for future, work in self.waiting:
            try:
                future.set_result(work())
            except Exception as error:  # noqa: BLE001 - as every executor
                future.set_exception(error)
        self.waiting.clear()


def taught(stage: Stage, count: int = 2) -> Dataset:
    stage.put("/listener/record", 1)
    stage.frames(*[(0.1, 0.2)] * count)
    stage.put("/listener/record", 0)
    stage.listener.brain.take(0, Learnt(Sides()))
    return stage.listener.dataset


def fire(stage: Stage, address: str, *arguments: float | str) -> None:
    stage.engine.fire(address, *arguments)
    stage.turn()


def wood_and_value(folder: Path) -> Path:
    """Write a project with other outputs: a class of three, and a number."""
    outputs = (Output("wood", "class", numbered(3)), Output("height", "number", (), -1.0, 2.0))
    table = Examples.build(("a", "b", "c"), outputs, np.ones((4, 3)), [[1, 0.5], [2, 0.25], [3, 1.5], [1, -0.5]])
    project.write(folder, table)
    return folder


def test_an_import_with_other_outputs_is_one_step_as_a_whole(tmp_path: Path) -> None:
    stage = Stage("classifier:2")
    dataset = taught(stage)
    before, brain = dataset.examples(), stage.listener.brain
    fire(stage, "/listener/import", str(wood_and_value(tmp_path / "p")))
    plan = stage.engine.tree.text("/listener/outputs")
    assert plan.value == "classifier:3,regressor"
    assert [(one.name, one.kind, one.low, one.high) for one in dataset.outputs][1] == ("out2", "number", -1.0, 2.0)
    assert (len(dataset), dataset.features, stage.listener.brain.ready) == (4, ("a", "b", "c"), False)
    assert len(stage.listener.capture.targets) == 2
    fire(stage, "/undo")
    assert plan.value == "classifier:2"
    assert dataset.examples() is before or np.array_equal(dataset.examples().inputs, before.inputs)
    assert stage.listener.brain is brain
    assert stage.listener.brain.ready
    assert len(stage.listener.capture.targets) == 1
    fire(stage, "/redo")
    assert (plan.value, len(dataset), len(stage.listener.brain.outputs)) == ("classifier:3,regressor", 4, 2)
    fire(stage, "/undo")
    fire(stage, "/undo")
    assert len(dataset) == 0


def test_recording_goes_on_under_the_outputs_that_came(tmp_path: Path) -> None:
    stage = Stage("classifier:2")
    fire(stage, "/listener/import", str(wood_and_value(tmp_path / "p")))
    stage.put("/listener/record", 3)
    stage.frame(1.0, 2.0, 3.0)
    stage.turn()
    stage.put("/listener/record", 0)
    assert stage.listener.dataset.examples().targets[-1, 0] == 3
    assert len(stage.listener.dataset) == 5


def test_an_import_of_the_same_kinds_keeps_what_was_learnt(tmp_path: Path) -> None:
    stage = Stage("classifier:2")
    dataset = taught(stage)
    fire(stage, "/listener/export", str(tmp_path / "set.csv"))
    fire(stage, "/listener/clear")
    fire(stage, "/listener/import", str(tmp_path / "set.csv"))
    assert len(dataset) == 2
    assert stage.listener.brain.ready
    assert stage.engine.tree.text("/listener/outputs").value == "classifier:2"


def test_gestures_stay_gestures(tmp_path: Path) -> None:
    stage = Stage("dtw:2")
    taught(stage, 12)
    fire(stage, "/listener/export", str(tmp_path / "set.csv"), "gestures")
    stage.put("/listener/outputs", "regressor")
    assert not stage.listener.gestures
    fire(stage, "/listener/import", str(tmp_path / "set.csv"))
    assert stage.listener.gestures
    assert stage.engine.tree.text("/listener/outputs").value.startswith("dtw")
    fire(stage, "/undo")
    assert not stage.listener.gestures


def test_what_goes_on_is_told_and_one_file_waits_for_the_other(tmp_path: Path) -> None:
    stage = Stage("classifier:2")
    dataset, later = taught(stage), Later()
    fire(stage, "/listener/export", str(tmp_path / "set.csv"))
    files = stage.instrument.listening.files
    files._background = later
    fire(stage, "/listener/clear")
    fire(stage, "/listener/import", str(tmp_path / "set.csv"))
    assert stage.engine.tree.text(STATE).value == "reading set.csv"
    files._tell(0.5)
    stage.turn()
    assert stage.engine.tree.number(PROGRESS).value == 0.5
    fire(stage, "/listener/import", str(tmp_path / "other.csv"))
    assert "reading set.csv: wait for it, or stop it with /listener/file/stop" in stage.said()
    assert len(dataset) == 0
    later.finish()
    stage.turn()
    assert len(dataset) == 2
    assert (stage.engine.tree.text(STATE).value, stage.engine.tree.number(PROGRESS).value) == ("", 0)


def test_a_wrong_file_changes_nothing(tmp_path: Path) -> None:
    stage = Stage("classifier:2")
    dataset = taught(stage)
    (tmp_path / "bad.csv").write_text("a,b\n1,x,3\n")
    for given in (tmp_path / "bad.csv", tmp_path / "nowhere.csv", tmp_path):
        fire(stage, "/listener/import", str(given))
    fire(stage, "/listener/export", str(tmp_path / "x.csv"), "papyrus")
    assert "there is no format 'papyrus'" in stage.said()
    errors = [line for line in stage.engine.monitor.log if line.level == "error"]
    assert len(errors) == 4
    assert len(dataset) == 2


def test_a_large_import_is_stopped_in_a_process_and_the_examples_stay(tmp_path: Path) -> None:
    stage = Stage("classifier:2")
    dataset = taught(stage)
    (tmp_path / "big.csv").write_text("a,b,label\n" + "0.25,0.5,1\n" * 500_000)
    with ThreadPoolExecutor(1) as pool:
        files = stage.instrument.listening.files
        files._background = pool
        fire(stage, "/listener/import", str(tmp_path / "big.csv"))
        wait_for(lambda: files._share > 0.05, 20.0)
        fire(stage, "/listener/file/stop")
        wait_for(lambda: stage.turn() or not files.active, 20.0)
    assert "big.csv was given up; the examples are as they were" in stage.said()
    assert len(dataset) == 2


def test_a_large_import_is_taken_over_while_the_engine_turns(tmp_path: Path) -> None:
    stage = Stage("classifier:2")
    (tmp_path / "big.csv").write_text("a,b,label\n" + "0.25,0.5,1\n" * 50_000)
    with ThreadPoolExecutor(1) as pool:
        files: Files = stage.instrument.listening.files
        files._background = pool
        fire(stage, "/listener/import", str(tmp_path / "big.csv"))
        assert files.active
        wait_for(lambda: stage.turn() or not files.active, 20.0)
    assert len(stage.listener.dataset) == 50_000
