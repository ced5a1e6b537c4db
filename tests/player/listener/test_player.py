"""The Listener in the whole instrument, offline: frames are recorded, answered, and move what is bound."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from app.binding import Binding, Follow, Put, Source
from app.device.dummy import Dummy
from app.event import Message
from app.frame import Frame
from app.inbox import Packet
from app.instrument import Instrument
from app.model.base import Spot
from app.player.listener.brain import Learnt
from tests.instrument import offline, port_of


@dataclass(frozen=True)
class Sides:
    """A predictor that says 1 left of the middle and 2 right of it, surer the farther."""

    inputs: int = 2
    classes: tuple[int, ...] = (1, 2)

    def predict(self, values: NDArray[np.float32]) -> NDArray[np.float64]:
        return np.array([1.0 - values[0], values[0]], np.float64)

    def novelty(self, values: NDArray[np.float32]) -> float:
        return float(values[1])


@dataclass(frozen=True)
class Sum:
    """A predictor that adds its inputs."""

    inputs: int = 2
    classes: tuple[int, ...] = ()

    def predict(self, values: NDArray[np.float32]) -> NDArray[np.float64]:
        return np.array([values.sum()], np.float64)

    def novelty(self, values: NDArray[np.float32]) -> float:
        return 0.0


class Stage:
    """The instrument with a Listener that gets OSC frames."""

    def __init__(self, plan: str = "classifier:2") -> None:
        self.instrument: Instrument = offline(Path("/nonexistent/session"))
        self.engine, self.listener = self.instrument.engine, self.instrument.listener
        self.put("/listener/outputs", plan)
        self.put("/listener/smoothing", 0)
        self.put("/listener/margin", 0)

    def put(self, address: str, value: float | str) -> None:
        self.engine.set(address, value)
        self.turn()

    def turn(self, seconds: float = 0.05) -> None:
        self.engine.run_until(self.engine.clock.now() + seconds)

    def frame(self, *values: object) -> None:
        now = self.engine.clock.now()
        self.engine.inbox.put(Packet(now, "/listener/in", values, ("127.0.0.1", 1), lambda *_: None))

    def frames(self, *several: tuple[object, ...]) -> None:
        for values in several:
            self.frame(*values)
            self.turn(0.01)

    def sent(self, address: str) -> list[tuple[object, ...]]:
        port: Dummy = port_of(self.instrument)
        return [e.arguments for _, e in port.sent if isinstance(e, Message) and e.address == address]

    def said(self) -> str:
        return " | ".join(line.text for line in self.engine.monitor.log)


def test_a_held_key_records_one_take_and_one_step() -> None:
    stage = Stage()
    stage.put("/listener/record", 1)
    stage.frames((0.1, 0.2), (0.2, 0.2), (0.3, 0.1))
    stage.put("/listener/record", 0)
    stage.frames((0.9, 0.9))
    stage.put("/listener/record", 2)
    stage.frames((0.8, 0.7))
    stage.put("/listener/record", 0)
    dataset = stage.listener.dataset
    assert dict(dataset.counts()) == {1: 3, 2: 1}
    stage.engine.fire("/undo")
    stage.turn()
    assert dict(dataset.counts()) == {1: 3}
    stage.engine.fire("/undo")
    stage.turn()
    assert len(dataset) == 0
    stage.engine.fire("/redo")
    stage.turn()
    assert dict(dataset.counts()) == {1: 3}


def test_every_frame_of_a_burst_is_recorded_and_the_newest_answered() -> None:
    stage = Stage()
    stage.listener.brain.take(0, Learnt(Sides()))
    stage.put("/listener/play", 1)
    stage.put("/listener/record", 1)
    for value in range(10):
        stage.frame(value / 10, 0)
    stage.turn()
    counts = stage.listener.counts
    assert len(stage.listener.dataset) == 10
    assert (counts.answered, counts.passed_over) == (1, 9)
    assert stage.sent("/listener/out") == [(2.0,)]


def test_a_label_heard_switches_the_composer() -> None:
    stage = Stage()
    stage.listener.brain.take(0, Learnt(Sides()))
    chosen = stage.instrument.composer.entries[-1].name
    stage.engine.bind(Binding(Source("output", "/listener/label/2"), "/composer/model", Put(chosen)))
    stage.put("/listener/play", 1)
    stage.frames((0.1, 0), (0.2, 0))
    assert stage.engine.tree.number("/composer/model").show() != chosen
    stage.frames((0.9, 0))
    assert stage.engine.tree.number("/composer/model").show() == chosen
    assert stage.sent("/listener/label") == [("1",), ("2",)]


def test_a_regression_drives_density() -> None:
    stage = Stage("regressor")
    stage.listener.brain.take(0, Learnt(Sum()))
    stage.engine.bind(Binding(Source("output", "/listener/out"), "/composer/density", Follow(0, 2)))
    stage.put("/listener/play", 1)
    stage.frames((0.5, 0.5))
    assert stage.engine.tree.number("/composer/density").value == pytest.approx(0.5)
    assert stage.engine.tree.number("/listener/out/1").value == pytest.approx(1.0)


def test_what_does_not_fit_is_said_and_nothing_stops() -> None:
    stage = Stage()
    stage.listener.brain.take(0, Learnt(Sides()))
    stage.put("/listener/play", 1)
    stage.frames((0.1, 0.2), (0.1,), ("a", 0.2), (float("nan"), 0.1), (0.9, 0.9, 0.9), (0.9, 0.1))
    assert stage.sent("/listener/out")[-1] == (2.0,)
    assert "is the text 'a'" in stage.said()
    state = stage.listener.inputs.states(stage.engine.clock.now())[0]
    assert (state.wrong_size, state.not_numbers) == (2, 1)


def test_outputs_are_a_text_and_a_wrong_one_changes_nothing() -> None:
    stage = Stage("classifier:3,regressor,regressor")
    assert [output.kind for output in stage.listener.dataset.outputs] == ["class", "number", "number"]
    stage.put("/listener/outputs", "svm")
    assert len(stage.listener.dataset.outputs) == 3
    assert "'svm' is no output" in stage.said()


def test_targets_are_what_the_faders_say() -> None:
    stage = Stage("regressor,regressor")
    stage.put("/listener/target/2", 0.75)
    stage.put("/listener/record", 1)
    stage.frames((0.1, 0.2))
    stage.put("/listener/record", 0)
    assert stage.listener.dataset.examples().targets.tolist() == [[0.0, 0.75]]


def test_the_input_address_can_be_moved() -> None:
    stage = Stage()
    stage.put("/listener/input/osc/address", "/sensor")
    now = stage.engine.clock.now()
    stage.engine.inbox.put(Packet(now, "/sensor", (0.5, 1, True), ("127.0.0.1", 1), lambda *_: None))
    stage.frame(0.1, 0.2)
    stage.turn()
    assert stage.listener.newest.tolist() == [0.5, 1.0, 1.0]
    assert "/listener/in from 127.0.0.1 is not known here" in stage.said()


def test_the_picture_shows_it() -> None:
    stage = Stage()
    stage.listener.brain.take(0, Learnt(Sides()))
    stage.put("/listener/play", 1)
    stage.frames((0.9, 0.1))
    stage.turn(0.1)
    state = stage.engine.snapshot.listener
    assert (state.label, state.name, state.newest) == (2, "2", (pytest.approx(0.9), pytest.approx(0.1)))
    assert state.probabilities == ((1, pytest.approx(0.1)), (2, pytest.approx(0.9)))
    assert state.ready


def test_a_pointer_taken_along_with_a_sensor() -> None:
    stage = Stage()
    stage.put("/listener/input/pointer/on", 1)
    stage.frames((0.1, 0.2))
    assert stage.listener.newest.size == 0
    now = stage.engine.clock.now()
    stage.engine.inbox.put(Frame(now, "pointer", np.array([0.7, 0.8], np.float32)))
    stage.frames((0.3, 0.4))
    assert stage.listener.newest.tolist() == [pytest.approx(value) for value in (0.7, 0.8, 0.3, 0.4)]
    stage.put("/listener/input/osc/on", 0)
    stage.engine.inbox.put(Frame(now, "pointer", np.array([0.5, 0.6], np.float32)))
    stage.turn()
    assert stage.listener.newest.tolist() == [0.5, pytest.approx(0.6)]


def test_what_resembles_nothing_is_rejected_when_asked_for() -> None:
    stage = Stage()
    stage.listener.brain.take(0, Learnt(Sides()))
    stage.put("/listener/play", 1)
    stage.put("/listener/reject", 1.5)
    stage.frames((0.9, 0.5), (0.9, 3.0))
    assert stage.sent("/listener/out") == [(2.0,), (0.0,)]
    assert stage.sent("/listener/label") == [("2",), ("none",)]


class Rising:
    """A spotter that starts a gesture when its value passes 0.5 and ends it below."""

    inputs, classes, measure = 2, (1, 2), "distance"

    def __init__(self) -> None:
        self.going = False

    def feed(self, values: NDArray[np.float32]) -> Spot:
        was, self.going = self.going, bool(values[0] > 0.5)
        event = "" if was == self.going else "start" if self.going else "end"
        return Spot(np.array([np.inf, 1.0 - values[0]]), 2 if self.going else 0, event)  # type: ignore[arg-type]

    def reset(self) -> None:
        self.going = False


def test_a_gesture_hears_every_frame_and_says_its_start_and_end() -> None:
    stage = Stage("dtw:2")
    stage.listener.brain.take(0, Learnt(Rising()))
    stage.put("/listener/play", 1)
    for value in (0.1, 0.7, 0.9, 0.2):
        stage.frame(value, 0)
    stage.turn()
    assert stage.sent("/listener/label") == [("2",), ("none",)]
    assert len(stage.sent("/listener/scores")) == 4
    assert stage.sent("/listener/scores")[0] == (np.inf, pytest.approx(0.9))
    assert stage.listener.counts.passed_over == 0


def test_takes_are_learnt_as_sequences() -> None:
    stage = Stage("dtw:2")
    for label in (1, 2):
        stage.put("/listener/record", label)
        stage.frames(*[(label * 0.3 + step / 50, step / 10) for step in range(8)])
        stage.put("/listener/record", 0)
    task = stage.instrument.study._task(stage.listener.dataset.examples(), 0)
    assert task is not None
    assert ([len(one) for one in task.X], task.y.tolist(), task.model) == ([8, 8], [1, 2], "dtw")


def test_verbs_name_relabel_correct_delete_and_are_taken_back(tmp_path: Path) -> None:
    stage = Stage()
    stage.put("/listener/record", 1)
    stage.frames((0.1, 0.2), (0.2, 0.2))
    stage.put("/listener/record", 0)
    dataset = stage.listener.dataset
    ids = [float(one) for one in dataset.examples().ids]

    def fire(address: str, *arguments: float | str) -> None:
        stage.engine.fire(address, *arguments)
        stage.turn()

    fire("/listener/name", 2.0, "glass")
    fire("/listener/relabel", 1.0, 2.0, ids[0])
    assert dict(dataset.counts()) == {1: 1, 2: 1}
    assert dataset.outputs[0].label(2).name == "glass"
    fire("/listener/edit", ids[1], "in1", 0.5)
    assert dataset.examples().inputs[1, 0] == 0.5
    fire("/listener/export", str(tmp_path / "set.csv"))
    fire("/listener/delete", ids[0])
    assert len(dataset) == 1
    fire("/listener/import", str(tmp_path / "set.csv"))
    assert len(dataset) == 2
    fire("/listener/clear")
    assert len(dataset) == 0
    for _ in range(6):
        fire("/undo")
    assert dict(dataset.counts()) == {1: 2}
    for address, arguments in (
        ("/listener/edit", (1.0,)),
        ("/listener/import", ("/nowhere.csv",)),
        ("/listener/use", (9.0,)),
    ):
        fire(address, *arguments)
    assert "/listener/edit needs: Its id, a feature, a value" in stage.said()
    assert "fault" not in stage.said().lower()
