"""Wekinator's control messages as a table: address, arguments, what it is for, what is done.

The rules are those of the original, measured on it, with three mercies: numbers of the other kind are understood, a
wrong message costs itself only, and recording does not stop the answers.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol

from app.adapter import argument
from app.adapter.argument import Reader, shown
from app.adapter.host import Host
from app.adapter.project import Project

Scope = Literal["any", "supervised", "gestures"]
PREFIX = "/wekinator/control/"


class Room(Protocol):
    """The mode, as far as control messages need it.

    Attributes: `host`, `project`.
    """

    @property
    def host(self) -> Host: ...

    @property
    def project(self) -> Project: ...

    def run(self, on: bool) -> None:
        """Answer frames, or cease to; ValueError why it cannot."""

    def refit(self) -> None:
        """Take note that gesture examples changed, or which gestures are looked for."""

    def save(self, output: int, file: Path) -> None:
        """Write what an output (from 0) learnt; ValueError if that is nothing."""

    def restore(self, output: int, file: Path, examples: bool) -> None:
        """Let an output (from 0) answer by a stored model."""

    def open_project(self, file: Path, keep: bool = False) -> None:
        """Take a project over, train it, run it; `keep` the present one running beside it."""

    def look_for(self, gesture: int, on: bool) -> None:
        """Look for a gesture (from 1), or cease to."""


Deed = Callable[[Room, tuple[Any, ...]], None]


@dataclass(frozen=True, slots=True)
class Rule:
    """One message. Attributes: `name` (end of its address), `read` (its arguments), `act`, `scope`, `help`."""

    name: str
    read: Reader
    act: Deed
    scope: Scope
    help: str


def obey(room: Room, rule: Rule, arguments: tuple[object, ...]) -> None:
    """Carry a message out; ValueError says why not, and then nothing has changed."""
    gestures = bool(room.project.gestures)
    if rule.scope == "supervised" and gestures:
        raise ValueError("it is not for a project of gestures")
    if rule.scope == "gestures" and not gestures:
        raise ValueError("it is only for a project of gestures (dtw)")
    rule.act(room, rule.read(arguments))


# --- targets and recording --------------------------------------------------------------------------------


def _outputs(room: Room, values: tuple[Any, ...]) -> None:
    """Set the targets; each that cannot be keeps its old value."""
    project, host = room.project, room.host
    if len(values) != len(project.plan):
        raise ValueError(f"{len(values)} values came for {len(project.plan)} outputs")
    before, wrong = tuple(host.capture.targets), []
    for place, value in enumerate(values):
        try:
            target = _target(room, place, value)
        except ValueError as error:
            wrong.append(f"output {place + 1}: {error}")
            continue
        host.capture.targets[place] = host.brain.values[place] = target
    if tuple(host.capture.targets) != before:
        host.retarget()
    if wrong:
        raise ValueError("; ".join(wrong))


def _target(room: Room, place: int, value: object) -> float:
    number, planned, output = argument.real(value), room.project.plan[place], room.host.dataset.outputs[place]
    if not math.isfinite(number):
        raise ValueError(f"{shown(value)} is no target")
    if planned.kind != "regressor":
        if number != int(number) or not 0 <= number <= planned.classes:
            raise ValueError(f"{number:g} is no class; they count from 1 to {planned.classes}")
        return number
    if output.hard:
        number = min(max(number, output.low), output.high)
    return float(int(number)) if output.whole else number


def _start_recording(room: Room, _: tuple[Any, ...]) -> None:
    host = room.host
    host.capture.begin()
    if host.running:
        host.say("Wekinator mode: records, and goes on answering meanwhile (the original would stop)")


def _stop_recording(room: Room, _: tuple[Any, ...]) -> None:
    taken = room.host.capture.end()
    if taken:
        room.host.say(f"Wekinator mode: {taken} examples recorded")


def _start_gesture(room: Room, numbers: tuple[Any, ...]) -> None:
    capture = room.host.capture
    capture.targets[0] = float(room.project.gesture(numbers[0]))
    capture.begin()


def _stop_gesture(room: Room, _: tuple[Any, ...]) -> None:
    if not room.host.capture.end():
        raise ValueError("no frame came while the gesture was recorded; it was not kept")
    room.refit()


def _record_outputs(room: Room, numbers: tuple[Any, ...], on: bool) -> None:
    places = {room.project.place(number) for number in numbers}
    recording = room.host.capture.recording
    recording.update(places) if on else recording.difference_update(places)
    room.host.retarget()


def _delete_all(room: Room, _: tuple[Any, ...]) -> None:
    room.host.push(room.host.dataset.clear())
    room.refit()


def _delete_for(room: Room, numbers: tuple[Any, ...]) -> None:
    host, project = room.host, room.project
    if project.gestures:
        host.push(host.dataset.clear_label(project.gesture(numbers[0])))
        room.refit()
    else:
        host.push(host.dataset.forget(project.place(numbers[0])))


# --- training and running ---------------------------------------------------------------------------------


def _train(room: Room, _: tuple[Any, ...]) -> None:
    room.host.study.train()


def _cancel(room: Room, _: tuple[Any, ...]) -> None:
    room.host.study.cancel()


def _run_outputs(room: Room, numbers: tuple[Any, ...], on: bool) -> None:
    if room.project.gestures:
        for gesture in [room.project.gesture(number) for number in numbers]:
            room.look_for(gesture, on)
        return
    places = {room.project.place(number) for number in numbers}
    running = room.host.brain.running
    running.update(places) if on else running.difference_update(places)


def _select(room: Room, numbers: tuple[Any, ...]) -> None:
    if len(numbers) < 2:
        raise ValueError("an output and its inputs are wanted, one number came")
    project = room.project
    place, chosen = project.place(numbers[0]), tuple(sorted({project.input(number) for number in numbers[1:]}))
    room.host.study.selections[place] = chosen
    room.host.say(f"Wekinator mode: output {place + 1} learns from {len(chosen)} inputs from its next training on")


# --- names, models, projects ------------------------------------------------------------------------------


def _name_inputs(room: Room, names: tuple[Any, ...]) -> None:
    _too_late(room)
    room.project.name_inputs(names)
    room.host.have_features(room.project.inputs)
    room.host.number("/wekinator/inputs").set(room.project.width)


def _name_outputs(room: Room, names: tuple[Any, ...]) -> None:
    _too_late(room)
    room.project.name_outputs(names)


def _too_late(room: Room) -> None:
    if len(room.host.dataset) or room.host.brain.ready:
        raise ValueError("names can be given before the first example is recorded, not afterwards")


def _save(room: Room, values: tuple[Any, ...]) -> None:
    room.save(room.project.place(values[0]), Path(values[1]).expanduser())


def _load(room: Room, values: tuple[Any, ...]) -> None:
    words = ("WITHOUTDATA", "WITHDATA")
    word = values[2].upper() if len(values) > 2 else words[0]
    if word not in words:
        raise ValueError(f"{values[2]!r} is neither {words[0]} nor {words[1]}")
    room.restore(room.project.place(values[0]), Path(values[1]).expanduser(), word == words[1])


def _new_project(room: Room, values: tuple[Any, ...]) -> None:
    words = ("CLOSECURRENT", "STOPCURRENTLISTENING", "KEEPCURRENTRUNNING")
    word = values[1].upper() if len(values) > 1 else words[0]
    if word not in words:
        raise ValueError(f"{values[1]!r} is none of {', '.join(words)}")
    room.open_project(Path(values[0]).expanduser(), word == words[2])


def _view(room: Room, on: bool) -> None:
    room.host.number("/window/view").set("stage" if on else "studio")


def _switched(act: Callable[[Room, tuple[Any, ...], bool], None], on: bool) -> Deed:
    return lambda room, numbers: act(room, numbers, on)


RULES: dict[str, Rule] = {
    PREFIX + rule.name: rule
    for rule in (
        Rule("outputs", argument.anything, _outputs, "supervised", "Set the present targets"),
        Rule("startRecording", argument.nothing, _start_recording, "supervised", "Record frames as examples"),
        Rule("stopRecording", argument.nothing, _stop_recording, "supervised", "Record no more"),
        Rule("startDtwRecording", argument.one_whole, _start_gesture, "gestures", "Record a gesture, from 1"),
        Rule("stopDtwRecording", argument.nothing, _stop_gesture, "gestures", "The gesture is whole"),
        Rule("train", argument.nothing, _train, "supervised", "Learn from the examples"),
        Rule("cancelTrain", argument.nothing, _cancel, "supervised", "Give the training up"),
        Rule("startRunning", argument.nothing, lambda room, _: room.run(True), "any", "Answer frames"),
        Rule("stopRunning", argument.nothing, lambda room, _: room.run(False), "any", "Answer no more"),
        Rule("deleteAllExamples", argument.nothing, _delete_all, "any", "Models go on answering"),
        Rule("deleteExamplesForOutput", argument.one_whole, _delete_for, "any", "Of an output or gesture, from 1"),
        Rule("enableModelRecording", argument.wholes, _switched(_record_outputs, True), "supervised", "From 1"),
        Rule("disableModelRecording", argument.wholes, _switched(_record_outputs, False), "supervised", "From 1"),
        Rule("enableModelRunning", argument.wholes, _switched(_run_outputs, True), "any", "From 1"),
        Rule("disableModelRunning", argument.wholes, _switched(_run_outputs, False), "any", "From 1"),
        Rule("setInputNames", argument.texts, _name_inputs, "any", "Before the first example"),
        Rule("setOutputNames", argument.texts, _name_outputs, "any", "Before the first example"),
        Rule("selectInputsForOutput", argument.wholes, _select, "supervised", "Output, then its inputs, from 1"),
        Rule("saveModelToFile", argument.whole_and_texts, _save, "supervised", "Output, file"),
        Rule("loadModelFromFile", argument.whole_and_texts, _load, "supervised", "Output, file, WITHDATA or not"),
        Rule("runNewProject", argument.texts, _new_project, "any", "A .wekproj"),
        Rule("enablePerformanceMode", argument.nothing, lambda room, _: _view(room, True), "any", "Shows the Stage"),
        Rule("disablePerformanceMode", argument.nothing, lambda room, _: _view(room, False), "any", "The Studio"),
    )
}
