"""Wekinator's place: features in on UDP 6448, answers out to 12000, its control messages understood, no screen needed.

What comes in is worked off in the order in which it came, a frame and its answer before the next control message, so
that a client may send "target, record, frame, stop" in one breath. When frames come faster than they can be answered,
the newest is, and the others are counted.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

from app.adapter.bundle import BUNDLE_IN, Bundles
from app.adapter.companion import Companion, Companions, words
from app.adapter.control import RULES, obey
from app.adapter.hand import TARGETS, Hand
from app.adapter.host import Host
from app.adapter.line import HEARS, PART, TELLS, Line
from app.adapter.project import Project
from app.adapter.recognition import SETTINGS, Recognition
from app.adapter.shelf import Shelf
from app.dataset_file.project import Setup
from app.dataset_job import Fetched
from app.device.base import DeviceError
from app.event import Event
from app.example import DatasetError
from app.frame import Frame, Values, numbers
from app.inbox import Packet
from app.parameter import Linear, Parameter, TextParameter, Tree, switch
from app.player.base import NEVER
from app.player.listener.brain import Answer
from app.player.listener.plan import PlanError, read_plan, show_plan
from app.player.listener.takeover import Swap, Together, moved, take_over

CALM = 8  # So many frames at once are all answered; of more, only the newest.
MOST_INPUTS = 1024
INPUTS = "/wekinator/inputs"
STATE = "/wekinator/state"


class Wekinator:
    """The mode as a player.

    Attributes: `part`, `host`, `line`, `project`, `recognition` (of gestures), `wrong` (messages refused),
    `passed_over` (frames that newer ones overtook).
    """

    part = PART
    answers_frames = True

    def __init__(self, host: Host) -> None:
        self.host, self.line = host, Line(host)
        self.project = Project((), 0)
        self.wrong = self.passed_over = 0
        self.recognition = Recognition(host, self.line, partial(self._refuse, "gestures"))
        self._shelf = Shelf(host, partial(self._refuse, "files"))
        self._bundles = Bundles(host, self._tell_bundle, partial(self._refuse, "files"))
        self._run_then = False
        self._beside = Companions()
        self._hand = Hand(host, self.line, lambda: self.project)
        _add_parameters(host.engine.tree)
        self._state = host.engine.tree.text(STATE)
        self._add_actions()
        self._all, self._control = host.number("/wekinator/distributions"), host.number("/wekinator/control")
        host.study.ended.append(self._ended)
        for addresses, act in (
            (TELLS, self._follow_receiver),
            (HEARS, self._follow_ports),
            ((INPUTS, "/listener/outputs"), self._follow_shape),
            (SETTINGS, self.recognition.follow_settings),
            (("/listener/play",), self.recognition.follow_play),
            (TARGETS, self._hand.follow),
        ):
            host.engine.watcher.on(addresses, act)

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
            self._follow_shape()
        elif was_open and not self.line.open:
            self.close()
        self._show()

    def _follow_receiver(self) -> None:
        self.line.follow_receiver()
        self._show()

    def _show(self) -> None:
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

    def _follow_shape(self) -> None:
        """Have the inputs and outputs that the Parameters say; names stay where their number stays."""
        try:
            plan = read_plan(self.host.text("/listener/outputs"))
        except PlanError:
            return  # The Listener says so, and its outputs stay as they are.
        width = int(self.host.number(INPUTS).value) or self.project.width
        if self.line.open and (plan, width) != (self.project.plan, self.project.width):
            self._have(Project(plan, width))

    def _have(self, project: Project) -> None:
        self.project = project
        self.host.study.selections.clear()
        if project.width:
            self.host.have_features(project.inputs)
        self.host.forget_inputs()
        self.recognition.have(project)
        self._show()

    def open_project(self, file: Path, keep: bool = False) -> None:
        self._shelf.open(file, partial(self._take, keep))

    def _keep_running(self) -> None:
        """Let the present project go on beside the one that comes."""
        host, line = self.host, self.line
        if not host.running or not host.brain.ready or self.project.gestures:
            why = "recognises gestures" if self.project.gestures else "does not run"
            host.say(f"Wekinator mode: one project runs at a time here, for the present one {why}", "warning")
            return
        self._beside.keep(Companion(self.project, host.brain, line.inputs, line.outputs, line.receiver))
        line.keep()
        host.say("Wekinator mode: the project before goes on beside the new one until the mode is off")

    def _take(self, keep: bool, setup: Setup, found: Fetched) -> None:
        """Take a project over as read from its files, train it, run it."""
        if keep:
            self._keep_running()
        host, project, tree = self.host, Project.of(setup), self.host.engine.tree
        host.run(False, self.part)
        self.recognition.follow_play()
        swap = Swap(self._return_to, (self.project, dict(host.study.selections)), (project, {}))
        self.project = project  # First: whoever follows the Parameters finds that they agree with it.
        inputs = moved(tree, {INPUTS: project.width})
        shape = take_over(host.listener, found.examples, project.plan, setup.name, fresh=True)
        host.forget_inputs()
        self._have(project)
        rest = moved(tree, {SETTINGS[0]: setup.threshold, **self.line.wanted(setup)})
        host.push(Together(f"Open {setup.name}", (swap, *inputs, shape, *rest)))
        for note in found.notes:
            host.say(f"{setup.name}: {note}")
        if project.gestures:
            self.run(True)
            return
        host.study.train()
        self._run_then = True

    def _return_to(self, kept: tuple[Project, dict[int, tuple[int, ...]]]) -> None:
        """Have a project again that was taken back, or taken over once more."""
        self.project, selections = kept
        self._beside.drop(self.project)
        self.host.study.selections.clear()
        self.host.study.selections.update(selections)
        self.host.listener.inputs.forget("osc")
        self.recognition.have(self.project)
        self._show()

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
        if self._run_then:
            self._run_then = False
            self.run(True)

    # --- the seam ---------------------------------------------------------------------------------------

    def start(self, beat: float) -> None:
        """The transport started; the mode has no time of its own."""

    def stop(self) -> None:
        """The transport stopped; frames are answered all the same."""

    def due(self) -> float:
        return NEVER

    def step(self) -> list[Event]:
        return []

    def tend(self) -> list[Event]:
        if not self.line.open:
            return []
        self.host.tend()
        self._shelf.tend()
        self._bundles.tend()
        return self._work_off(self.line.take()) if self.line.queue else []

    def _work_off(self, packets: list[Packet]) -> list[Event]:
        """Deal with messages in their order: before each control message, with the frames that came before it."""
        inputs = self.line.inputs
        calm = sum(packet.address == inputs for packet in packets) <= CALM
        events: list[Event] = []
        waiting = 0
        for packet in packets:
            if len(self._beside) and (calm or packet is packets[-1]) and self._answered_beside(packet, events):
                continue
            if packet.address == inputs:
                waiting += self._hear(packet)
                if not calm:
                    continue
            waiting = self._settle(waiting, events)
            if packet.address != inputs:
                self._obey(packet)
        self._settle(waiting, events)
        return events

    def _answered_beside(self, packet: Packet, events: list[Event]) -> bool:
        """Let the kept projects answer; return whether the frame was for them alone."""
        messages = self._beside.answer(packet)
        events += messages
        mine = packet.address == self.line.inputs and len(packet.arguments) == (self.project.width or -1)
        return bool(messages) and not mine

    def _settle(self, waiting: int, events: list[Event]) -> int:
        """Let the Listener deal with the frames it was given; return how many wait then."""
        if waiting:
            events += self.host.listener.tend()
            if not self.project.gestures:
                self.passed_over += waiting - 1
        return 0

    def _hear(self, packet: Packet) -> bool:
        """Take a frame in; return whether the Listener has it now."""
        try:
            values = self._fitting(numbers(packet.arguments))
        except ValueError as error:
            self._refuse("inputs", f"{packet.address} from {packet.sender[0]}: {error}")
            return False
        self.host.listener.hear(Frame(packet.seconds, "osc", values))
        return True

    def _fitting(self, values: Values) -> Values:
        width = self.project.width
        if len(values) > MOST_INPUTS:
            raise ValueError(f"{len(values)} values came, at most {MOST_INPUTS} are possible")
        if not width:
            self.host.number(INPUTS).set(len(values))
            self._follow_shape()
        elif len(values) != width:
            raise ValueError(f"{len(values)} values came instead of {width}; the frame was dropped")
        if self.host.listener.inputs.mixer.width not in (0, len(values)):
            self.host.forget_inputs()
        return values

    def _obey(self, packet: Packet) -> None:
        try:
            if packet.address == BUNDLE_IN:
                self._bundles.add(packet.arguments, self.project.width)
            elif not self._control.value:
                raise ValueError("control messages are switched off (/wekinator/control)")
            else:
                obey(self, RULES[packet.address], packet.arguments)
        except (ValueError, OSError, DatasetError) as error:
            self._refuse("control", f"{packet.address} from {packet.sender[0]}: {error}")

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
