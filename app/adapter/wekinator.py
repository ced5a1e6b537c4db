"""Wekinator's place: features in on UDP 6448, answers out to 12000, its control messages understood, no screen needed.

The mode is a player without a time of its own: it borrows the Listener, gives it inputs and outputs as the original has
them, and lets it speak the original's addresses while the mode is on.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

from app.adapter.bundle import Bundles
from app.adapter.companion import Companions, words
from app.adapter.hand import TARGETS, Hand
from app.adapter.host import Host
from app.adapter.intake import INPUTS, MOST_INPUTS, Intake
from app.adapter.line import HEARS, PART, TELLS, Line
from app.adapter.opening import Opening
from app.adapter.project import Project
from app.adapter.recognition import SETTINGS, Recognition
from app.adapter.shelf import Shelf
from app.adapter.timeless import Timeless
from app.device.base import DeviceError
from app.event import Event
from app.parameter import Linear, Parameter, TextParameter, Tree, switch
from app.player.listener.brain import Answer
from app.player.listener.plan import PlanError, read_plan, show_plan

STATE = "/wekinator/state"


class Wekinator(Timeless):
    """The mode as a player.

    Attributes: `part`, `host`, `line`, `project`, `recognition` (of gestures), `wrong` (messages refused).
    """

    part = PART
    answers_frames = True

    def __init__(self, host: Host) -> None:
        self.host, self.line = host, Line(host)
        self.project = Project((), 0)
        self.wrong = 0
        self.recognition = Recognition(host, self.line, partial(self._refuse, "gestures"))
        self._shelf = Shelf(host, partial(self._refuse, "files"))
        self._bundles = Bundles(host, self._tell_bundle, partial(self._refuse, "files"))
        self._beside = Companions()
        self._opening = Opening(self, self._shelf, self._beside)
        self._hand = Hand(host, self.line, lambda: self.project)
        _add_parameters(host.engine.tree)
        self._state = host.engine.tree.text(STATE)
        self._add_actions()
        self._all = host.number("/wekinator/distributions")
        self._intake = Intake(self, self._beside, self._bundles, self._refuse)
        host.study.ended.append(self._ended)
        for addresses, act in (
            (TELLS, self._follow_receiver),
            (HEARS, self._follow_ports),
            ((INPUTS, "/listener/outputs"), self.follow_shape),
            (SETTINGS, self.recognition.follow_settings),
            (("/listener/play",), self.recognition.follow_play),
            (TARGETS, self._hand.follow),
        ):
            host.engine.watcher.on(addresses, act)

    @property
    def passed_over(self) -> int:
        """Frames that newer ones overtook."""
        return self._intake.passed_over

    def _add_actions(self) -> None:
        add, group = self.host.engine.actions, "Wekinator"
        opened = "A project's folder or its .wekproj: takes it over, trains, answers"
        add.add_with("/wekinator/open", self._open, "Open Wekinator project", opened, group)
        chance = "Random values for all outputs, sent at once"
        add.add("/wekinator/randomize", self._hand.randomize, "Randomize outputs", chance, group)

    def _open(self, arguments: tuple[float | str, ...]) -> None:
        if not self.line.open:
            raise ValueError("the Wekinator mode is off; switch it on first (/wekinator/on)")
        if not arguments:
            raise ValueError("/wekinator/open needs a project's folder or its .wekproj")
        self.open_project(Path(str(arguments[0])).expanduser())

    # --- on and off -------------------------------------------------------------------------------------

    def follow(self) -> None:
        """Be on or off as the Parameters say; DeviceError if the port cannot be had."""
        was_open = self.line.open
        if self.host.number(HEARS[0]).value:
            self.host.number("/rtlearner/on").set(0)
        self.line.follow()
        if self.line.open and not was_open:
            self.host.begin()
            self.host.run(False, self.part)
            self.host.listener.speak, self.host.listener.speak_spot = self._speak, self.recognition.speak
            self.follow_shape()
        elif was_open and not self.line.open:
            self.close()
        self.show()

    def _follow_receiver(self) -> None:
        self.line.follow_receiver()
        self.show()

    def show(self) -> None:
        """Say in a Parameter what the mode does, for a panel."""
        project, width = self.project, self.project.width or "any number of"
        shape = f"; {width} inputs, {show_plan(project.plan)}" if project.plan else ""
        self._state.set(self.line.state + shape if self.line.open else "")

    def close(self) -> None:
        """Let the port go and the Listener speak for itself."""
        self._bundles.close()
        self._shelf.close()
        self._beside.clear()
        if self.host.listener.speak == self._speak:
            listener = self.host.listener
            listener.speak, listener.speak_spot = listener.own_words, listener.own_spot
            self.host.run(False, self.part)
        self.line.close()

    def _follow_ports(self) -> None:
        try:
            self.follow()
        except DeviceError as error:
            self.host.number(HEARS[0]).set(0)
            self.host.say(str(error), "error")

    # --- the project ------------------------------------------------------------------------------------

    def follow_shape(self) -> None:
        """Have the inputs and outputs that the Parameters say; names stay where their number stays."""
        try:
            plan = read_plan(self.host.text("/listener/outputs"))
        except PlanError:
            return  # The Listener says so, and its outputs stay as they are.
        width = int(self.host.number(INPUTS).value) or self.project.width
        if self.line.open and (plan, width) != (self.project.plan, self.project.width):
            self.have(Project(plan, width))

    def have(self, project: Project) -> None:
        self.project = project
        self.host.study.selections.clear()
        if project.width:
            self.host.have_features(project.inputs)
        self.host.forget_inputs()
        self.recognition.have(project)
        self.show()

    def open_project(self, file: Path, keep: bool = False) -> None:
        self._opening.begin(file, keep)

    def save(self, output: int, file: Path) -> None:
        self._shelf.save(output, file)

    def restore(self, output: int, file: Path, examples: bool) -> None:
        self._shelf.restore(output, file, examples)

    # --- running ----------------------------------------------------------------------------------------

    def run(self, on: bool) -> None:
        host = self.host
        if on and not self.project.gestures and not host.brain.ready:
            raise ValueError("nothing is trained yet; record examples and train first")
        if on and self.project.gestures and not len(host.dataset):
            raise ValueError("no gesture is recorded yet; record some first")
        if on:
            host.capture.end()
        host.run(on, self.part)
        self.recognition.follow_play()

    def refit(self) -> None:
        self.recognition.refit()

    def look_for(self, gesture: int, on: bool) -> None:
        if self.recognition.gestures is not None:
            self.recognition.gestures.look_for(gesture, on)

    def _ended(self, good: bool) -> None:
        if not self.line.open or not good:
            return
        self.host.send(self.line.message("/wekinator/status/done-training", ()))
        if self._opening.run_then:
            self._opening.run_then = False
            self.run(True)

    # --- the seam ---------------------------------------------------------------------------------------

    def tend(self) -> list[Event]:
        if not self.line.open:
            return []
        self.host.tend()
        self._shelf.tend()
        self._bundles.tend()
        return self._intake.work_off(self.line.take()) if self.line.queue else []

    def _refuse(self, what: str, why: str) -> None:
        self.wrong += 1
        self.host.complain(f"wekinator {what} refused", f"Wekinator mode: {why}")

    # --- speaking ---------------------------------------------------------------------------------------

    def _speak(self, answer: Answer) -> list[Event]:
        told = range(len(self.project.plan)) if self._all.value else self.project.distributions
        said = words(self.project, self.host.brain, answer, self.line.outputs, self.line.receiver, told)
        return [*said, *self.host.own(lambda: self.host.listener.own_words(answer))]

    def _tell_bundle(self, path: str) -> None:
        self.host.send(self.line.bundle(path))


def _add_parameters(tree: Tree) -> None:
    for address, default, curve, title, told in (
        ("control", 1.0, switch(), "Control messages", "Off: only frames are heard"),
        ("inputs", 0.0, Linear(0, MOST_INPUTS, 1, 0), "Inputs", "0: as many as the first frame has"),
        ("distributions", 0.0, switch(), "Class chances", "Each classifier tells all its chances too"),
    ):
        tree.add(Parameter(f"/wekinator/{address}", default, curve, title=title, help=told, undoable=False))
    told = "Where it listens and answers, and what it knows; empty while it is off"
    tree.add_text(TextParameter(STATE, "", "Wekinator state", told, kept=False, undoable=False))
