"""Inputs through the whole Listener: processing as text, policies and columns, live, kept and taken back."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from app.frame import Frame
from app.inbox import Packet
from app.instrument import Instrument
from app.session import gather
from tests.instrument import offline


class Stage:
    """The instrument offline, and every frame that its Listener made. Attributes: `made` (time, values)."""

    def __init__(self, **values: float | str) -> None:
        self.instrument: Instrument = offline(Path("/nonexistent/session"))
        self.engine, self.listener = self.instrument.engine, self.instrument.listener
        self.made: list[tuple[float, ...]] = []
        take = self.listener.inputs.take

        def noted(frame: Frame) -> object:
            merged = take(frame)
            if merged is not None:
                self.made.append(tuple(round(float(one), 4) for one in merged))
            return merged

        self.listener.inputs.take = noted  # type: ignore[method-assign, assignment]
        for name, value in values.items():
            self.put("/listener/" + name.replace("__", "/"), value)

    def put(self, address: str, value: float | str) -> None:
        self.engine.set(address, value)
        self.turn()

    def fire(self, address: str, *arguments: float | str) -> None:
        self.engine.fire(address, *arguments)
        self.turn()

    def turn(self, seconds: float = 0.02) -> None:
        self.engine.run_until(self.engine.clock.now() + seconds)

    def osc(self, *values: float) -> None:
        now = self.engine.clock.now()
        self.engine.inbox.put(Packet(now, "/listener/in", values, ("127.0.0.1", 1), lambda *_: None))

    def pointer(self, *values: float) -> None:
        self.engine.inbox.put(Frame(self.engine.clock.now(), "pointer", np.array(values, np.float32)))

    def play(self, frames: Sequence[Sequence[float]], every: float = 0.05) -> list[tuple[float, ...]]:
        """Send frames at a rate; return what was made of them."""
        before = len(self.made)
        for values in frames:
            self.osc(*values)
            self.turn(every)
        return self.made[before:]

    @property
    def names(self) -> tuple[str, ...]:
        return self.listener.inputs.mixer.names

    def said(self) -> str:
        return " | ".join(line.text for line in self.engine.monitor.log)

    def undo(self) -> None:
        self.fire("/undo")


def ramp(count: int) -> list[tuple[float]]:
    return [(float(one),) for one in range(count)]


@pytest.mark.parametrize(
    ("chain", "sent", "made"),
    [
        ("", [1, 4], [(1,), (4,)]),
        ("average 2", [1, 3, 7], [(1,), (2,), (5,)]),
        ("window 3 minimum maximum", [5, 1, 3, 9], [(5, 5), (1, 5), (1, 5), (1, 9)]),
        ("window 2 mean deviation", [2, 6], [(2, 0), (4, 2)]),
        ("difference first", [1, 4, 2], [(3,), (-2,)]),
        ("difference second", [1, 4, 2], [(-5,)]),
        ("difference first second keep", [1, 4, 2], [(2, -2, -5)]),
        ("history 3", [1, 2, 3, 4], [(3, 2, 1), (4, 3, 2)]),
        ("every 3", [1, 2, 3, 4, 5, 6, 7], [(1,), (4,), (7,)]),
        ("difference first, average 2", [1, 3, 7], [(2,), (3,)]),
        ("event above 0.5 below 0.2", [0, 1, 3, 0, 0, 2, 0], [(2,), (2,)]),
    ],
)
def test_a_chain_through_the_whole_listener(chain: str, sent: list[float], made: list[tuple[float, ...]]) -> None:
    stage = Stage(input__osc__process=chain)
    assert stage.play([(one,) for one in sent]) == made
    assert len(stage.names) == len(made[0])


def test_smoothing_makes_63_percent_of_a_jump_in_its_time() -> None:
    stage = Stage(input__osc__process="smooth 0.1 s")
    made = stage.play([(0.0,), *[(1.0,)] * 10], 0.01)
    assert made[-1][0] == pytest.approx(1 - np.exp(-1), abs=0.02)


@pytest.mark.parametrize("interval", [100, 250, 500, 1000])
def test_at_an_interval_one_frame_comes_each_time(interval: int) -> None:
    stage = Stage(input__osc__process=f"interval {interval} ms mean")
    made = stage.play(ramp(201), 0.01)
    assert len(made) == pytest.approx(2000 / interval, abs=1)
    steps = np.diff([one[0] for one in made])
    assert steps == pytest.approx(interval / 10, rel=0.05)


def test_an_event_is_recorded_as_one_example_and_features_have_the_columns_names() -> None:
    stage = Stage(input__osc__process="event watch 1 above 0.5 below 0.2 leave_out, window 5 mean maximum")
    stage.put("/listener/record", 1)
    stage.play([(0, 7), (1, 2), (1, 4), (0, 7)])
    stage.put("/listener/record", 0)
    examples = stage.listener.dataset.examples()
    assert examples.features == ("osc 2 maximum", "osc 2 mean")
    assert examples.inputs.tolist() == [[3.0, 3.0]]


def test_processing_and_frames_may_come_in_one_breath() -> None:
    stage = Stage()
    sent = [("/listener/input/osc/process", ("history 2",)), ("/listener/in", (1.0,)), ("/listener/in", (2.0,))]
    sent += [("/listener/input/osc/process", ("",)), ("/listener/in", (3.0,))]
    for address, values in sent:
        stage.engine.inbox.put(Packet(10.0, address, values, ("127.0.0.1", 1), lambda *_: None))
    stage.turn()
    assert stage.made == [(2, 1), (3,)]


@pytest.mark.parametrize("origin", ["session", "osc 127.0.0.1:1"])
def test_an_input_that_is_switched_on_and_processed_in_one_breath_is_both(origin: str) -> None:
    stage = Stage(input__osc__on=0)
    stage.engine.tree.text("/listener/input/pointer/process").set("history 2", origin)
    stage.engine.tree.number("/listener/input/pointer/on").set(1, origin)
    stage.turn()
    for values in ((1, 2), (3, 4)):
        stage.pointer(*values)
        stage.turn()
    assert stage.made == [(3, 4, 1, 2)]
    assert "fault" not in stage.said()


def test_a_wrong_text_is_said_with_its_place_and_changes_nothing() -> None:
    stage = Stage(input__osc__process="history 2")
    stage.put("/listener/input/osc/process", "history 2, smooht 10")
    assert "step 2 (smooht 10): 'smooht' is no processing" in stage.said()
    stage.put("/listener/input/osc/process", "history 1000")
    assert "frames cannot be 1000; the nearest possible is 100" in stage.said()
    assert stage.engine.tree.text("/listener/input/osc/process").value == "history 2"
    assert stage.play([(1,), (2,)]) == [(2, 1)]


def test_wrong_texts_of_a_session_are_said_and_leave_what_was() -> None:
    stage = Stage(input__osc__process="history 2")
    stage.engine.tree.text("/listener/input/osc/process").set("history 2, nonsense", "session")
    stage.engine.tree.text("/listener/columns").set("nonsense", "session")
    stage.turn()
    assert stage.engine.tree.text("/listener/input/osc/process").value == "history 2"
    assert stage.engine.tree.text("/listener/columns").value == ""
    assert stage.play([(1,), (2,)]) == [(2, 1)]
    assert "step 2 (nonsense)" in stage.said()
    assert "columns are rows of" in stage.said()


def test_a_step_that_does_not_suit_the_values_is_taken_back() -> None:
    stage = Stage()
    stage.play([(1, 2)])
    stage.put("/listener/input/osc/process", "event watch 5")
    assert "there are 2 values, so none is number 5" in stage.said()
    assert stage.engine.tree.text("/listener/input/osc/process").value == ""
    assert stage.play([(3, 4)]) == [(3, 4)]


def test_a_step_that_does_not_suit_the_first_frame_says_so_at_the_input() -> None:
    stage = Stage(input__osc__process="event watch 5")
    assert stage.play([(1, 2)]) == []
    assert "none is number 5" in stage.listener.inputs.states(stage.engine.clock.now())[0].trouble


def test_a_change_leaves_the_other_inputs_their_values() -> None:
    stage = Stage(input__pointer__on=1)
    stage.pointer(0.5, 0.25)
    stage.turn()
    assert stage.play([(1,)]) == [(0.5, 0.25, 1)]
    stage.put("/listener/input/osc/process", "difference first keep")
    assert stage.play([(2,), (5,)]) == [(0.5, 0.25, 5, 3)]
    stage.put("/listener/input/midi/on", 1)
    stage.put("/listener/input/midi/on", 0)
    assert stage.play([(6,)]) == [(0.5, 0.25, 6, 1)]


def test_names_and_switches_of_columns_outlive_a_change_of_the_chain() -> None:
    stage = Stage()
    stage.play([(1, 2, 3)])
    stage.fire("/listener/column/rename", "osc 1", "tilt")
    stage.fire("/listener/column/enable", "osc 2", 0.0)
    assert stage.names == ("tilt", "osc 3")
    stage.put("/listener/input/osc/process", "window 4 mean")
    assert stage.play([(1, 2, 3)]) == [(1, 2, 3)]
    stage.put("/listener/input/osc/process", "window 4 mean keep")
    assert stage.names == ("tilt", "osc 3", "osc 1 mean", "osc 2 mean", "osc 3 mean")
    stage.put("/listener/input/osc/process", "")
    assert stage.names == ("tilt", "osc 3")


def test_columns_are_renamed_moved_ordered_and_switched_each_as_one_step_of_undo() -> None:
    stage = Stage()
    stage.play([(1, 2, 3)])
    stage.fire("/listener/column/rename", "osc 3", "pressure")
    stage.fire("/listener/column/move", "pressure", 1.0)
    assert stage.play([(1, 2, 3)]) == [(3, 1, 2)]
    stage.fire("/listener/column/order", "osc 2", "osc 1", "pressure")
    stage.fire("/listener/column/enable", "osc 1", 0.0)
    assert stage.play([(1, 2, 3)]) == [(2, 3)]
    for expected in [(2, 1, 3), (3, 1, 2), (1, 2, 3)]:
        stage.undo()
        assert stage.play([(1, 2, 3)]) == [expected]
    assert stage.names == ("osc 1", "osc 2", "pressure")
    stage.undo()
    assert stage.names == ("osc 1", "osc 2", "osc 3")
    stage.fire("/redo")
    assert stage.names[2] == "pressure"


def test_wrong_columns_are_told_and_change_nothing() -> None:
    stage = Stage()
    stage.play([(1, 2)])
    for address, arguments in (
        ("/listener/column/rename", ("osc 1", "osc 2")),
        ("/listener/column/rename", ("nobody", "x")),
        ("/listener/column/enable", ("nobody", 1.0)),
        ("/listener/column/enable", ("osc 1", "perhaps")),
        ("/listener/column/move", ("osc 1", 3.0)),
        ("/listener/column/order", ("osc 1",)),
        ("/listener/column/rename", ("osc 1",)),
    ):
        before = len(stage.engine.monitor.log)
        stage.fire(address, *arguments)
        assert len(stage.engine.monitor.log) > before
    stage.put("/listener/columns", '[["osc", 3]]')
    assert "row 1: columns are rows of" in stage.said()
    assert stage.names == ("osc 1", "osc 2")


def test_steps_are_added_and_removed_by_actions_and_taken_back() -> None:
    stage = Stage()
    process = stage.engine.tree.text("/listener/input/osc/process")
    stage.fire("/listener/process/add", "osc", "history 2")
    stage.fire("/listener/process/add", "osc", "average 3", 1.0)
    assert process.value == "average 3, history 2"
    stage.fire("/listener/process/remove", "osc", 2.0)
    assert process.value == "average 3"
    stage.undo()
    stage.undo()
    assert process.value == "history 2"
    assert stage.play([(1,), (2,)]) == [(2, 1)]
    stage.fire("/listener/process/remove", "osc", 4.0)
    stage.fire("/listener/process/add", "nose", "history 2")
    assert "so there is no step 4" in stage.said()
    assert "there is no input 'nose'" in stage.said()


def test_a_policy_chooses_who_triggers() -> None:
    stage = Stage(input__pointer__on=1)
    stage.osc(1)
    stage.pointer(0.5, 0.5)
    stage.turn()
    assert stage.made == []
    stage.put("/listener/input/pointer/policy", "trigger")
    stage.osc(2)
    stage.turn()
    assert stage.made == []
    stage.pointer(0.25, 0.5)
    stage.turn()
    assert stage.made == [(0.25, 0.5, 2)]
    stage.put("/listener/input/osc/policy", "trigger")
    assert stage.play([(3,)]) == [(0.25, 0.5, 3)]
    stage.put("/listener/input/osc/policy", "hold")
    stage.put("/listener/input/pointer/policy", "hold")
    assert stage.play([(4,)]) == []
    assert "every input is on hold" in stage.listener.inputs.states(stage.engine.clock.now())[0].trouble


def test_examples_of_other_columns_are_told() -> None:
    stage = Stage()
    stage.put("/listener/record", 1)
    stage.play([(1, 2)])
    stage.put("/listener/record", 0)
    stage.put("/listener/input/osc/process", "history 2")
    assert "Frames have 4 values now (osc 1, osc 2, osc 1 -1, osc 2 -1), the 1 examples have 2" in stage.said()
    stage.put("/listener/record", 1)
    stage.play([(1, 2), (1, 2)])
    stage.put("/listener/record", 0)
    assert "A frame has 4 values, the dataset 2 (in1, in2): change the inputs back" in stage.said()
    assert len(stage.listener.dataset) == 1


def test_processing_policies_and_columns_are_kept_in_a_session() -> None:
    stage = Stage(input__osc__process="difference first keep", input__pointer__policy="trigger")
    stage.play([(1, 2), (2, 3)])
    stage.fire("/listener/column/rename", "osc 1 diff", "speed")
    stage.fire("/listener/column/enable", "osc 2", 0.0)
    kept = gather(stage.engine.hands, {})["parameters"]
    other = Stage()
    for address in ("/listener/input/osc/process", "/listener/input/pointer/policy", "/listener/columns"):
        other.put(address, kept[address])
    other.play([(1, 2), (2, 3)])
    assert other.names == stage.names == ("osc 1", "speed", "osc 2 diff")
