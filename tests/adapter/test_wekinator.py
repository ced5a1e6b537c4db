"""Wekinator's messages, one by one, as its documentation and measurements of it say."""

from __future__ import annotations

import csv
import math
from pathlib import Path

import pytest

from app.adapter.control import PREFIX, RULES
from app.binding import Binding, Follow, Source
from app.device.osc_in import OscIn
from tests.adapter.stage import CONTROL, Stage, free_port, wekinator

INF = float("inf")


def recorded(stage: Stage) -> list[list[float]]:
    examples = stage.listener.dataset.examples()
    return [[*row, *targets] for row, targets in zip(examples.inputs.tolist(), examples.targets.tolist(), strict=True)]


def taught(plan: str = "classifier:4,regressor,regressor", **values: float | str) -> Stage:
    """Return a stage that has learnt two places."""
    stage = wekinator(plan, **values)
    for label, value in ((1.0, 0.0), (3.0, 1.0)):
        stage.control("outputs", *(label, 0.25 * label, -label)[: plan.count(",") + 1])
        stage.control("startRecording")
        stage.frames((value, 0.0, 0.0), (value, 0.0, 0.5))
        stage.control("stopRecording")
    stage.train()
    return stage


def test_every_message_of_the_original_is_in_the_table() -> None:
    named = """outputs startRecording stopRecording startDtwRecording stopDtwRecording train cancelTrain startRunning
    stopRunning deleteAllExamples deleteExamplesForOutput enableModelRecording disableModelRecording enableModelRunning
    disableModelRunning setInputNames setOutputNames selectInputsForOutput loadModelFromFile saveModelToFile
    runNewProject enablePerformanceMode disablePerformanceMode"""
    assert {PREFIX + name for name in named.split()} == set(RULES)


def test_the_defaults_are_the_originals() -> None:
    stage = Stage()
    tree = stage.engine.tree
    assert [tree.number(f"/wekinator/{way}/port").value for way in ("in", "out", "bundle")] == [6448, 12000, 12001]
    assert (tree.text("/wekinator/in/address").value, tree.text("/wekinator/out/host").value) == (
        "/wek/inputs",
        "localhost",
    )


def test_frames_are_recorded_with_the_present_targets() -> None:
    stage = wekinator()
    stage.frames((9.0, 9.0, 9.0))
    stage.control("outputs", 2.0, 0.5, 0.75)
    stage.control("startRecording")
    stage.frames((0.5, 0.25, 1.0))
    stage.control("outputs", 3.0, 0.5, 0.75)
    stage.frames((1.5, 0.25, 1.0))
    stage.control("stopRecording")
    stage.frames((9.0, 9.0, 9.0))
    assert recorded(stage) == [[0.5, 0.25, 1.0, 2.0, 0.5, 0.75], [1.5, 0.25, 1.0, 3.0, 0.5, 0.75]]
    assert stage.listener.dataset.features == ("inputs-1", "inputs-2", "inputs-3")


def test_a_client_may_say_all_in_one_breath() -> None:
    stage = wekinator()
    for label in (1, 2, 3):
        stage.packet(CONTROL + "outputs", float(label), 0.1, 0.2)
        stage.packet(CONTROL + "startRecording")
        for value in range(20):
            stage.packet("/wek/inputs", float(label), value / 20, 0.0)
        stage.packet(CONTROL + "stopRecording")
    stage.turn()
    counts = stage.listener.dataset.counts(0)
    assert dict(counts) == {1: 20, 2: 20, 3: 20}
    assert all(row[0] == row[3] for row in recorded(stage))


def test_numbers_of_the_other_kind_are_understood() -> None:
    stage = wekinator()
    stage.control("outputs", 2, 1, 0.5)
    stage.control("disableModelRecording", 3.0)
    stage.control("startRecording", 1)
    stage.frames((1, True, 0.5))
    row = recorded(stage)[0]
    assert row[:5] == [1.0, 1.0, 0.5, 2.0, 1.0]
    assert math.isnan(row[5])


@pytest.mark.parametrize(
    ("arguments", "kept", "why"),
    [
        ((5.0, 0.5, 0.5), [1.0, 0.5, 0.5], "5 is no class; they count from 1 to 4"),
        ((2.5, 0.5, 0.5), [1.0, 0.5, 0.5], "2.5 is no class"),
        ((2.0, "x", 0.5), [2.0, 0.0, 0.5], "a number is wanted, 'x' came"),
        ((2.0, float("nan"), 0.5), [2.0, 0.0, 0.5], "nan is no target"),
        ((2.0, 0.5), [1.0, 0.0, 0.0], "2 values came for 3 outputs"),
        ((0.0, 0.5, 7.0), [0.0, 0.5, 7.0], ""),
    ],
)
def test_wrong_targets_keep_their_old_value(arguments: tuple[object, ...], kept: list[float], why: str) -> None:
    stage = wekinator()
    stage.control("outputs", *arguments)
    assert stage.listener.capture.targets == kept
    assert why in stage.said()
    assert stage.left() == []


def test_while_running_each_frame_is_answered_once_by_all_outputs() -> None:
    stage = taught()
    assert stage.left() == [("/wekinator/status/done-training",)]
    stage.frames((0.0, 0.0, 0.0))
    assert len(stage.left()) == 1
    stage.control("startRunning")
    for value in (0.1, 0.9, 0.9):
        stage.packet("/wek/inputs", value, 0.0, 0.0)
    stage.turn()
    assert stage.left(1) == [
        ("/wek/outputs", 1.0, 0.25, -1.0),
        ("/wek/outputs", 3.0, 0.75, -3.0),
        ("/wek/outputs", 3.0, 0.75, -3.0),
    ]
    stage.control("stopRunning")
    stage.frames((0.0, 0.0, 0.0))
    assert len(stage.left()) == 4


def test_under_a_flood_the_newest_is_answered_and_the_others_are_counted() -> None:
    stage = taught()
    stage.control("startRunning")
    for number in range(200):
        stage.packet("/wek/inputs", float(number % 2), 0.0, 0.0)
    stage.turn()
    assert stage.sent("/wek/outputs") == [(3.0, 0.75, -3.0)]
    assert stage.modes.wekinator.passed_over == 199


def test_running_is_refused_until_something_is_trained() -> None:
    stage = wekinator()
    stage.control("startRunning")
    assert not stage.engine.tree.number("/listener/play").value
    assert "nothing is trained yet" in stage.said()
    stage.control("train")
    assert "nothing to learn from yet" in stage.said()


def test_recording_does_not_stop_running_and_starting_to_run_ends_it() -> None:
    stage = taught()
    stage.control("startRunning")
    stage.control("startRecording")
    assert "goes on answering" in stage.said()
    stage.frames((0.0, 0.0, 0.0))
    assert len(stage.sent("/wek/outputs")) == 1
    assert len(stage.listener.dataset) == 5
    stage.control("startRunning")
    assert not stage.listener.capture.open
    stage.control("stopRecording")  # A teaching proxy means stopRunning by it; the original ran on, and so do we.
    stage.frames((0.0, 0.0, 0.0))
    assert len(stage.sent("/wek/outputs")) == 2


def test_training_tells_when_it_is_done_and_can_be_given_up() -> None:
    stage = taught()
    stage.control("train")
    stage.control("startRunning")
    stage.frames((0.0, 0.0, 0.0))
    assert len(stage.sent("/wek/outputs")) == 1
    stage.control("cancelTrain")
    assert stage.study.cancelled == 1
    assert len(stage.sent("/wekinator/status/done-training")) == 1


def test_distributions_have_no_class_first_and_untrained_ones_only_zeros() -> None:
    stage = taught("classifier:4,classifier:3,regressor", wekinator__distributions=1)
    stage.listener.brain.learnt.pop(1)
    stage.control("startRunning")
    stage.frames((0.0, 0.0, 0.0))
    first, one, two = stage.left(1)
    assert first[0] == "/wek/outputs"
    assert one[0] == "/outputs-1"
    assert one[1:] == (0.0, pytest.approx(0.731, abs=1e-3), 0.0, pytest.approx(0.269, abs=1e-3), 0.0)
    assert two == ("/outputs-2", 0.0, 0.0, 0.0)


def test_a_disabled_output_repeats_its_value_and_can_be_driven() -> None:
    stage = taught(wekinator__distributions=1)
    stage.control("startRunning")
    stage.control("disableModelRunning", 1, 2)
    stage.control("outputs", 4.0, 0.125, 0.0)
    stage.frames((0.0, 0.0, 0.0))
    assert stage.sent("/wek/outputs") == [(4.0, 0.125, -1.0)]
    assert stage.sent("/outputs-1")[0][1] > 0.7
    stage.control("enableModelRunning", 1)
    stage.frames((0.0, 0.0, 0.0))
    assert stage.sent("/wek/outputs")[-1] == (1.0, 0.125, -1.0)


def test_one_bad_number_rejects_the_whole_message() -> None:
    stage = wekinator()
    stage.control("disableModelRecording", 1, 4)
    stage.control("disableModelRunning", 2, 0)
    assert stage.listener.capture.recording == stage.listener.brain.running == {0, 1, 2}
    assert "there is no output 4; they count from 1 to 3" in stage.said()
    assert "there is no output 0" in stage.said()
    assert stage.modes.wekinator.wrong == 2


def test_examples_are_deleted_and_models_go_on() -> None:
    stage = taught()
    stage.control("startRunning")
    stage.control("deleteExamplesForOutput", 2)
    examples = stage.listener.dataset.examples()
    assert len(examples.rows(1)) == 0
    assert len(examples.rows(0)) == 4
    stage.control("deleteAllExamples")
    assert len(stage.listener.dataset) == 0
    stage.frames((1.0, 0.0, 0.0))
    assert stage.sent("/wek/outputs") == [(3.0, 0.75, -3.0)]
    stage.engine.fire("/undo")
    stage.turn()
    assert len(stage.listener.dataset) == 4


def test_inputs_are_chosen_and_count_after_the_next_training() -> None:
    stage = taught()
    stage.control("selectInputsForOutput", 1, 3, 1.0)
    assert stage.study.selections == {0: (0, 2)}
    stage.train()
    assert stage.listener.brain.learnt[0].selection == (0, 2)
    stage.control("selectInputsForOutput", 1, 4)
    stage.control("selectInputsForOutput", 9, 1)
    assert "there is no input 4" in stage.said()
    assert "there is no output 9" in stage.said()


def test_names_can_be_given_before_the_first_example() -> None:
    stage = wekinator("classifier:2", inputs=0, wekinator__distributions=1)
    stage.control("setInputNames", "left", "left")
    assert "two are called 'left'" in stage.said()
    stage.control("setInputNames", "left", "right")
    stage.control("setOutputNames", "sound")
    for label in (1.0, 2.0):
        stage.control("outputs", label)
        stage.control("startRecording")
        stage.frames((label, label))
        stage.control("stopRecording")
    stage.control("setInputNames", "a", "b")
    assert "before the first example" in stage.said()
    stage.train()
    stage.control("startRunning")
    stage.frames((1.0, 1.0))
    assert stage.listener.dataset.features == ("left", "right")
    assert stage.left(1)[1][0] == "/sound"


def test_the_first_frame_says_how_wide_frames_are() -> None:
    stage = wekinator("regressor", inputs=0)
    stage.frames((0.0, 1.0), (0.0, 1.0, 2.0))
    assert stage.engine.tree.number("/wekinator/inputs").value == 2
    assert "3 values came instead of 2" in stage.said()


def test_wrong_frames_are_dropped_counted_and_said() -> None:
    stage = wekinator()
    stage.control("startRecording")
    stage.frames((0.1, 0.2), ("a", 0.1, 0.2), (), (0.1, 0.2, 0.3, 0.4), (b"blob", 1, 1), (0.1, 0.2, 0.3))
    assert len(stage.listener.dataset) == 1
    assert stage.modes.wekinator.wrong == 5
    assert stage.engine.monitor.counts["wekinator inputs refused"] == 5
    assert "2 values came instead of 3" in stage.said()


def test_other_frames_elsewhere_do_not_shut_these_out() -> None:
    stage = wekinator()
    stage.hear("/listener/in", 0.5, 0.5)
    stage.control("startRecording")
    stage.frames((0.1, 0.2, 0.3))
    assert len(stage.listener.dataset) == 1


def test_addresses_that_are_nearly_right_are_nobodys() -> None:
    stage = wekinator()
    for address in ("/wek/inputs/", "/wek/*", "/wekinator/control/ train", "/wekinator/control/Train"):
        stage.hear(address, 1.0, 1.0, 1.0)
    assert stage.engine.monitor.counts["osc unknown"] == 4
    assert stage.modes.wekinator.wrong == 0


def test_control_can_be_switched_off() -> None:
    stage = wekinator(wekinator__control=0)
    stage.control("startRecording")
    stage.frames((0.1, 0.2, 0.3))
    assert len(stage.listener.dataset) == 0
    assert "switched off" in stage.said()


def test_a_model_is_saved_and_loaded_with_its_examples(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from app.model.registry import MODELS
    from app.player.listener.brain import Learnt

    stage = taught()
    examples = stage.listener.dataset.examples()
    fitted = MODELS["bayes"].make({}).fit(examples.X(0), examples.y(0)).compile()
    stage.listener.brain.take(0, Learnt(fitted, None, {"title": "Bayes"}))
    file = tmp_path / "model1.xml"
    stage.control("saveModelToFile", 1, str(file))
    stage.turn()
    other = wekinator()
    other.control("loadModelFromFile", 1, str(file), "WITHDATA")
    other.turn()
    assert dict(other.listener.dataset.counts(0)) == {1: 2, 3: 2}
    other.control("startRunning")
    other.frames((1.0, 0.0, 0.2))
    assert other.sent("/wek/outputs") == [(3.0, 0.0, 0.0)]
    other.control("loadModelFromFile", 2, str(file))
    other.control("loadModelFromFile", 1, str(tmp_path / "nothing"))
    other.control("loadModelFromFile", 1, str(file), "PERHAPS")
    other.control("saveModelToFile", 3, str(file))
    other.turn()
    for sentence in ("does not fit output 2", "There is no model in", "neither WITHOUTDATA nor", "output 3 has"):
        assert sentence in other.said()


def test_a_table_is_recorded_and_answered_from_its_file(tmp_path: Path) -> None:
    table = tmp_path / "frames.csv"
    table.write_text("0.0, 0.0, 0.0\n1.0,0,0,\nx,1,1\n\n0,0\n" + "1,0,0\n" * 300)
    stage = taught()
    stage.hear("/wek/inputs/bundle", str(table))
    assert "nothing is recording or running" in stage.said()
    stage.control("startRunning")
    stage.hear("/wek/inputs/bundle", str(table))
    stage.turn(0.5)
    (answered,) = stage.sent("/wek/outputs/bundle")
    with open(answered[0], newline="") as file:
        rows = [[float(cell) for cell in row] for row in csv.reader(file)]
    assert rows[:2] == [[1.0, 0.25, -1.0], [3.0, 0.75, -3.0]]
    assert len(rows) == 302
    assert "302 frames of frames.csv done, 2 rows that are no frame were left out" in stage.said()
    assert stage.sent("/wek/outputs") == []
    stage.control("stopRunning")
    stage.control("startRecording")
    stage.hear("/wek/inputs/bundle", str(table))
    stage.turn(0.5)
    assert len(stage.listener.dataset) == 4 + 302
    stage.hear("/wek/inputs/bundle", str(tmp_path / "nowhere.csv"))
    stage.hear("/wek/inputs/bundle", 3)
    assert "nowhere.csv" in stage.said()
    assert "the path of a file is wanted" in stage.said()
    stage.put("/wekinator/on", 0)
    assert not Path(answered[0]).exists()


def test_a_project_of_the_original_is_taken_over_trained_and_run(tmp_path: Path) -> None:
    from app.dataset_file import project
    from app.example import Examples, Output, numbered

    outputs = (Output("glass", "class", numbered(3)), Output("size", "number", (), 0.0, 2.0, hard=True))
    examples = Examples.build(("x", "y"), outputs, [[0, 0], [1, 1]], [[1, 0.5], [3, 5.0]])
    port = free_port()
    setup = project.Setup("Set", port, "/sensor", "/out", "localhost", 12345, ("x", "y"), outputs, (True, False))
    project.write(tmp_path, examples, setup)
    stage = wekinator()
    stage.control("runNewProject", str(tmp_path / "Set.wekproj"), "KEEPCURRENTRUNNING")
    stage.turn()
    assert stage.study.asked
    stage.study.finish()
    stage.turn()
    line = stage.modes.wekinator.line
    assert (line.port.port if line.port else 0, line.inputs, line.receiver) == (port, "/sensor", ("localhost", 12345))
    stage.hear("/sensor", 0.9, 1.0)
    assert stage.left(1)[0] == ("/out", 3.0, 2.0)
    assert stage.left(1)[1][:2] == ("/glass", 0.0)
    assert "one project runs at a time" in stage.said()
    stage.control("runNewProject", str(tmp_path / "none.wekproj"))
    stage.control("runNewProject", "x", "SOMETIMES")
    stage.turn()
    assert "SOMETIMES" in stage.said()
    assert stage.engine.tree.text("/listener/outputs").value == "classifier:3,regressor"


def test_switching_off_gives_everything_back() -> None:
    stage = taught()
    stage.control("startRunning")
    stage.put("/wekinator/on", 0)
    assert not stage.modes.wekinator.line.open
    assert not stage.engine.tree.number("/listener/play").value
    stage.put("/listener/play", 1)
    stage.hear("/listener/in", 1.0, 0.0, 0.0)
    assert stage.sent("/listener/out")[-1] == (3.0, 0.75, -3.0)
    assert stage.sent("/wek/outputs") == []
    stage.control("train")
    assert "is not known here" in stage.said()


def test_an_address_that_was_somebodys_is_given_back() -> None:
    stage = wekinator("regressor", 2, wekinator__in__address="listener/in")
    stage.control("startRecording")
    stage.hear("/listener/in", 0.5, 0.5)
    assert len(stage.listener.dataset) == 1
    stage.put("/wekinator/on", 0)
    stage.put("/listener/record", 1)
    stage.hear("/listener/in", 0.5, 0.5)
    assert len(stage.listener.dataset) == 2


def test_what_is_bound_to_the_listener_still_follows_it() -> None:
    stage = taught()
    stage.engine.bind(Binding(Source("output", "/listener/out", 1), "/composer/density", Follow(0, 1)))
    stage.control("startRunning")
    stage.frames((1.0, 0.0, 0.0))
    assert stage.engine.tree.number("/composer/density").value == pytest.approx(0.75)
    assert stage.sent("/wek/outputs") == [(3.0, 0.75, -3.0)]


def test_a_taken_port_is_said_and_the_mode_stays_off() -> None:
    stage = Stage()
    taken = OscIn(stage.engine.clock, 0)
    port = taken.open()
    stage.put("/wekinator/in/port", port)
    stage.put("/wekinator/on", 1)
    assert not stage.engine.tree.number("/wekinator/on").value
    assert f"Wekinator mode cannot listen on 127.0.0.1:{port}" in stage.said()
    taken.close()


def test_the_modes_exclude_each_other() -> None:
    stage = wekinator()
    stage.put("/rtlearner/in/port", 0)
    stage.put("/rtlearner/on", 1)
    stage.turn()
    assert not stage.modes.wekinator.line.open
    assert stage.modes.rtlearner.port is not None
    stage.put("/wekinator/on", 1)
    stage.turn()
    assert stage.modes.wekinator.line.open
    assert stage.modes.rtlearner.port is None


def gestures(count: int = 3, **values: float | str) -> Stage:
    """Return a stage that was shown gesture 1, a way up, and gesture 2, a way down."""
    stage = wekinator(f"dtw:{count}", 1, **values)
    for label, steps in ((1, range(20)), (2, range(20, 0, -1))):
        stage.control("startDtwRecording", label)
        stage.frames(*((value / 4,) for value in steps))
        stage.control("stopDtwRecording")
    return stage


def test_gestures_are_told_before_their_distances_and_only_when_the_match_changes() -> None:
    stage = gestures()
    stage.control("train")
    assert "not for a project of gestures" in stage.said()
    stage.control("startRunning")
    stage.frames(*((value / 4,) for value in range(20)))
    told = stage.left()
    assert told[0] == ("/wek/outputs", INF, INF, INF)
    assert [message[0] for message in told].count("/output_1") == 1
    at = [message[0] for message in told].index("/output_1")
    assert told[at] == ("/output_1",)
    assert told[at + 1][0] == "/wek/outputs"
    assert told[at + 1][1] < 5.0
    assert all(message[3] == INF for message in told if message[0] == "/wek/outputs")
    assert len(stage.sent("/wek/outputs")) == 10
    stage.frames(*((value / 4,) for value in range(20, 0, -1)))
    assert [message[0] for message in stage.left()].count("/output_2") == 1


def test_a_gesture_that_is_deleted_or_switched_off_is_infinitely_far() -> None:
    stage = gestures()
    stage.control("startRunning")
    stage.frames(*((value / 4,) for value in range(20)))
    assert stage.sent("/wek/outputs")[-1][1] < INF
    stage.control("disableModelRunning", 2)
    stage.frames((9.0,), (9.0,))
    assert stage.sent("/wek/outputs")[-1][1:] == (INF, INF)
    stage.control("deleteExamplesForOutput", 1)
    stage.control("enableModelRunning", 2.0)
    stage.frames(*((value / 4,) for value in range(20)))
    assert stage.sent("/wek/outputs")[-1][0] == INF
    assert stage.sent("/wek/outputs")[-1][1] < INF
    stage.control("deleteAllExamples")
    stage.frames((1.0,), (1.0,))
    assert stage.sent("/wek/outputs")[-1] == (INF, INF, INF)


def test_once_means_one_answer_when_running_stops() -> None:
    stage = gestures(2, wekinator__dtw__mode="once")
    for repeat, expected in ((0, ["/output_1", "/wek/outputs", "/wek/outputs"]), (1, ["/output_1", "/wek/outputs"])):
        stage.put("/wekinator/dtw/repeat", repeat)
        before = len(stage.left())
        for _ in range(2 - repeat):
            stage.control("startRunning")
            stage.frames(*((value / 4,) for value in range(20)))
            assert len([m for m in stage.left(before) if m[0] == "/wek/outputs"]) == _
            stage.control("stopRunning")
        assert [message[0] for message in stage.left(before)] == expected


def test_gesture_messages_have_their_argument_rules() -> None:
    stage = gestures()
    stage.control("startDtwRecording", 4)
    stage.control("startDtwRecording", 1.5)
    stage.control("startDtwRecording")
    stage.control("startDtwRecording", 1.0)
    stage.control("stopDtwRecording")
    for sentence in (
        "there is no gesture 4; they count from 1 to 3",
        "a whole number is wanted, 1.5 came",
        "one whole number is wanted, 0 values came",
        "no frame came while the gesture was recorded",
    ):
        assert sentence in stage.said()
    stage.control("startRecording")
    stage.control("outputs", 1.0)
    assert not stage.listener.capture.open
    assert len(stage.listener.dataset) == 40


def test_gestures_are_not_for_other_projects() -> None:
    stage = wekinator()
    stage.control("startDtwRecording", 1)
    assert "only for a project of gestures" in stage.said()
