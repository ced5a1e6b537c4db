"""A Wekinator project taken over and taken back as a whole, outputs moved by hand, and what a panel is told."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from app.dataset_file import project
from app.dataset_file.project import Setup
from app.example import Examples, Output, numbered
from tests.adapter.stage import Stage, free_port, wekinator


def written(folder: Path, port: int = 0) -> Path:
    outputs = (Output("wood", "class", numbered(3)), Output("height", "number", (), -1.0, 2.0))
    table = Examples.build(("a", "b"), outputs, np.ones((4, 2)), [[1, 0.5], [2, 0.25], [3, 1.5], [1, -0.5]])
    project.write(folder, table, Setup("Set", port, "/sensor", "/out", "localhost", 12345))
    return folder


def trained() -> Stage:
    stage = wekinator("classifier:2", 3)
    for label in (1, 2):
        stage.control("outputs", label)
        stage.control("startRecording")
        stage.frames((label, 0, 0), (label, 0.1, 0))
        stage.control("stopRecording")
    stage.train()
    stage.control("startRunning")
    return stage


def test_a_project_is_taken_back_as_a_whole_and_answers_as_before(tmp_path: Path) -> None:
    stage = trained()
    stage.control("selectInputsForOutput", 1, 1, 2)
    tree, mode = stage.engine.tree, stage.modes.wekinator
    stage.frames((2, 0, 0))
    assert stage.sent("/wek/outputs")[-1] == (2.0,)
    stage.engine.fire("/wekinator/open", str(written(tmp_path / "p")))
    stage.turn()
    assert (tree.text("/listener/outputs").value, mode.project.width) == ("classifier:3,regressor", 2)
    assert (mode.line.outputs, len(stage.listener.dataset)) == ("/out", 4)
    assert not stage.listener.brain.ready
    stage.engine.fire("/undo")
    stage.turn()
    assert (tree.text("/listener/outputs").value, mode.project.width) == ("classifier:2", 3)
    assert (mode.line.inputs, mode.line.outputs) == ("/wek/inputs", "/wek/outputs")
    assert (len(stage.listener.dataset), stage.listener.dataset.width) == (4, 3)
    assert stage.study.selections == {0: (0, 1)}
    stage.control("startRunning")
    stage.frames((2, 0, 0))
    assert stage.sent("/wek/outputs")[-1] == (2.0,)
    stage.engine.fire("/redo")
    stage.turn()
    assert (mode.project.width, len(stage.listener.dataset), mode.line.outputs) == (2, 4, "/out")
    assert "made room" not in stage.said()


def test_a_slider_that_moves_is_sent_although_nothing_runs_and_is_taught() -> None:
    stage = wekinator("classifier:4,regressor", 2)
    stage.put("/listener/target/2", 0.25)
    assert stage.sent("/wek/outputs") == [(1.0, 0.25)]
    stage.put("/listener/target/1", 1.0)
    assert stage.sent("/wek/outputs")[-1] == (4.0, 0.25)
    stage.put("/listener/target/9", 0.5)
    stage.control("outputs", 2, 0.75)
    assert len(stage.sent("/wek/outputs")) == 2
    stage.put("/listener/target/2", 0.5)
    assert stage.sent("/wek/outputs")[-1] == (2.0, 0.5)
    stage.control("startRecording")
    stage.frames((1, 2))
    stage.control("stopRecording")
    assert stage.listener.dataset.examples().targets.tolist() == [[2.0, 0.5]]


def test_randomize_sends_values_in_their_ranges_once() -> None:
    stage = wekinator("classifier:4,regressor,regressor", 2)
    for count in range(1, 21):
        stage.engine.fire("/wekinator/randomize")
        stage.turn()
        assert len(stage.sent("/wek/outputs")) == count
    said = np.array(stage.sent("/wek/outputs"))
    assert set(said[:, 0]) <= {1, 2, 3, 4}
    assert len(set(said[:, 1])) > 10
    assert said[:, 1:].min() >= 0
    assert said[:, 1:].max() <= 1
    assert stage.engine.tree.number("/listener/target/2").value == pytest.approx(said[-1, 1])


def test_what_the_mode_does_is_told_to_a_panel() -> None:
    stage = wekinator("classifier:4,regressor", 2)
    state = stage.engine.tree.text("/wekinator/state")
    assert state.value.startswith("hears /wek/inputs on 127.0.0.1:")
    assert state.value.endswith("answers to localhost:12000; 2 inputs, classifier:4,regressor")
    stage.put("/wekinator/out/port", 12345)
    assert "localhost:12345" in state.value
    stage.put("/rtlearner/in/port", 0)
    stage.put("/rtlearner/on", 1)
    assert state.value == ""
    assert stage.engine.tree.text("/rtlearner/state").value.startswith("hears frames on 127.0.0.1:")
    stage.put("/rtlearner/on", 0)
    assert stage.engine.tree.text("/rtlearner/state").value == ""
    stage.engine.fire("/wekinator/open", "/nowhere")
    stage.engine.fire("/wekinator/randomize")
    stage.turn()
    assert "the Wekinator mode is off; switch it on first" in stage.said()


def test_processing_is_off_in_a_mode_and_that_is_said() -> None:
    stage = Stage(listener__input__osc__process="history 3", wekinator__in__port=0, wekinator__inputs=2)
    stage.put("/wekinator/on", 1)
    assert stage.engine.tree.text("/listener/input/osc/process").value == ""
    assert "Frames are taken as they come" in stage.said()
    stage.control("startRecording")
    stage.frames((1, 2), (3, 4))
    stage.control("stopRecording")
    assert stage.listener.dataset.examples().inputs.tolist() == [[1, 2], [3, 4]]


def test_a_project_that_is_kept_goes_on_answering_beside_the_new_one(tmp_path: Path) -> None:
    stage = trained()
    first = stage.modes.wekinator.line.port
    stage.control("runNewProject", str(written(tmp_path / "p", free_port())), "KEEPCURRENTRUNNING")
    assert "goes on beside the new one" in stage.said()
    assert stage.modes.wekinator.line.port is not first
    stage.frames((2, 0, 0))
    assert stage.sent("/wek/outputs")[-1] == (2.0,)
    stage.study.finish()
    stage.turn()
    stage.hear("/sensor", 1, 1)
    assert stage.sent("/out")[-1][0] in (1.0, 2.0, 3.0)
    stage.frames((1, 0, 0))
    assert (len(stage.sent("/wek/outputs")), len(stage.sent("/out"))) == (2, 1)
    assert stage.sent("/wek/outputs")[-1] == (1.0,)
    stage.hear("/sensor", 1, 1, 1)
    assert "3 values came instead of 2" in stage.said()
    stage.engine.fire("/undo")
    stage.turn()
    stage.engine.fire("/undo")
    stage.turn()
    stage.control("startRunning")
    stage.frames((2, 0, 0))
    assert [one for one in stage.sent("/wek/outputs") if one == (2.0,)][1:] == [(2.0,)]
    stage.put("/wekinator/on", 0)
    stage.frames((2, 0, 0))
    assert len(stage.sent("/wek/outputs")) == 3
    assert first is not None
    assert first.fileno() == -1
