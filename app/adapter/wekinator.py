"""Wekinator's place: features in on UDP 6448, answers out to 12000, its control messages understood, no screen needed.

What comes in is worked off in the order in which it came, a frame and its answer before the next control message, so
that a client may send "target, record, frame, stop" in one breath. When frames come faster than they can be answered,
the newest is, and the others are counted.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from pathlib import Path
from typing import Any

from app.adapter import store
from app.adapter.bundle import MOST_KEPT, Bundle
from app.adapter.control import RULES, obey
from app.adapter.gesture import Gestures, Matcher, Nothing, Words, matcher
from app.adapter.host import Host
from app.adapter.project import Project, spelled
from app.dataset_file import project as project_file
from app.dataset_file.imported import Import
from app.dataset_file.project import Setup
from app.device.base import DeviceError
from app.device.osc_in import OscIn
from app.event import NOW, Event, Message
from app.example import DatasetError
from app.frame import Frame, Values, numbers
from app.inbox import Packet
from app.model.base import ModelError
from app.parameter import Linear, Parameter, Steps, TextParameter, Tree, switch
from app.player.base import NEVER
from app.player.listener.brain import Answer
from app.player.listener.decision import Settings
from app.player.listener.plan import PlanError, read_plan
from app.watch import Watcher

IN_PORT, OUT_PORT, BUNDLE_PORT = 6448, 12000, 12001
CALM = 8  # So many frames at once are all answered; of more, only the newest.
MOST_INPUTS = 1024
BUNDLE_IN = "/wek/inputs/bundle"  # Whatever the input address is.
PORTS = ("/wekinator/on", "/wekinator/in/host", "/wekinator/in/port", "/wekinator/in/address")
SHAPE = ("/wekinator/inputs", "/listener/outputs")
RECEIVER = ("/wekinator/out/host", "/wekinator/out/port", "/wekinator/out/address", "/wekinator/bundle/port")
GESTURES = ("/wekinator/dtw/threshold", "/wekinator/dtw/mode", "/wekinator/dtw/repeat")

Job = tuple[Future[Any], Callable[[Any], None]]


class Wekinator:
    """The mode as a player.

    Attributes: `part`, `host`, `project`, `gestures` (None in a project that answers each frame), `port` (the open
    one, None while off), `wrong` (messages refused), `passed_over` (frames that newer ones overtook).
    """

    part = "wekinator"

    def __init__(self, host: Host) -> None:
        self.host = host
        self.project = Project((), 0)
        self.gestures: Gestures | None = None
        self.port: OscIn | None = None
        self.wrong = self.passed_over = 0
        self._queue: list[Packet] = []
        self._ears: tuple[str, ...] = ()
        self._bundles: list[Bundle] = []
        self._written: list[Path] = []
        self._jobs: list[Job] = []
        self._run_then = False
        _add_parameters(host.engine.tree)
        self._on, self._all = host.number("/wekinator/on"), host.number("/wekinator/distributions")
        self._play, self._control = host.number("/listener/play"), host.number("/wekinator/control")
        self._inputs, self._outputs = "", ""
        self._to = self._bundle_to = ("", 0)
        host.study.ended.append(self._ended)
        self._watcher = Watcher(host.engine.tree)
        self._watcher.on(RECEIVER, self._follow_receiver)
        self._watcher.on(PORTS, self._follow_ports)
        self._watcher.on(SHAPE, self._follow_shape)
        self._watcher.on(GESTURES, self._follow_gestures)
        self._watcher.on(("/listener/play",), self._follow_play)
    # --- on and off -------------------------------------------------------------------------------------

    def open(self) -> None:
        """Listen where the Parameters say; DeviceError if that cannot be."""
        host = self.host
        fresh = self.port is None
        place, number = host.text(PORTS[1]), int(host.number(PORTS[2]).value)
        port = OscIn(host.engine.clock, number, place)
        self._release()
        try:
            port.open()
        except DeviceError as error:
            port.close()
            raise DeviceError(
                f"Wekinator mode cannot listen on {place}:{number}; close Wekinator itself or whatever else uses this "
                "port, or choose another with --wekinator-in"
            ) from error
        host.engine.inbox.watch(port)
        self.port = port
        self._listen_for(host.text(PORTS[3]))
        if fresh:
            self._begin()
        host.say(f"Wekinator mode: hears {self._inputs} on {port.host}:{port.port}, answers to {_shown(self._to)}")

    def close(self) -> None:
        """Let the port go and the Listener speak for itself."""
        if self.port is None:
            return
        self._release()
        self.host.run(False, self.part)
        self.host.listener.speak = self.host.listener.own_words
        while self._bundles:
            self._bundles.pop().close()
        for written in self._written:
            written.unlink(missing_ok=True)

    def _begin(self) -> None:
        self.host.begin()
        self.host.run(False, self.part)
        self.host.listener.speak = self._speak
        self._follow_shape()

    def _release(self) -> None:
        if self.port is not None:
            self.host.engine.inbox.unwatch(self.port)
            self.port.close()
            self.port = None
        self._listen_for(None)

    def _listen_for(self, inputs: str | None) -> None:
        """Take the messages of these addresses, on whatever port they come; None takes none."""
        ears = self.host.engine.ears
        for address in self._ears:
            ears.pop(address, None)
        self._inputs = inputs or ""
        self._ears = (inputs, BUNDLE_IN, *RULES) if inputs else ()
        for address in self._ears:
            ears[address] = self._queue.append

    def _follow_ports(self) -> None:
        try:
            self.follow()
        except DeviceError as error:
            self._on.set(0)
            self.host.say(str(error), "error")

    def follow(self) -> None:
        """Be on or off, and listen, as the Parameters say; DeviceError if the port cannot be had."""
        host = self.host
        wanted = (host.text(PORTS[1]), int(host.number(PORTS[2]).value))
        if not self._on.value:
            self.close()
        elif self.port is None or (wanted[0], wanted[1] or self.port.port) != (self.port.host, self.port.port):
            host.number("/rtlearner/on").set(0)
            self._follow_receiver()
            self.open()
        elif host.text(PORTS[3]) != self._inputs:
            self._listen_for(host.text(PORTS[3]))

    def _follow_receiver(self) -> None:
        host = self.host
        self._to = (host.text(RECEIVER[0]), int(host.number(RECEIVER[1]).value))
        self._outputs = spelled(host.text(RECEIVER[2]))
        self._bundle_to = ("127.0.0.1", int(host.number(RECEIVER[3]).value))
        if self.gestures is not None:
            self.gestures.address = self._outputs

    # --- the project ------------------------------------------------------------------------------------

    def _follow_shape(self) -> None:
        """Have the inputs and outputs that the Parameters say; names stay where their number stays."""
        if self.port is None:
            return
        try:
            plan = read_plan(self.host.text(SHAPE[1]))
        except PlanError:
            return  # The Listener says so, and its outputs stay as they are.
        width = int(self.host.number(SHAPE[0]).value) or self.project.width
        if (plan, width) != (self.project.plan, self.project.width):
            self._have(Project(plan, width))

    def _have(self, project: Project) -> None:
        self.project = project
        self.host.study.selections.clear()
        if project.width:
            self.host.have_features(project.inputs)
        self.host.forget_inputs()
        self.gestures = Gestures(project.messages, self._outputs) if project.gestures else None
        self._follow_gestures()

    def _follow_gestures(self) -> None:
        if self.gestures is not None:
            self.gestures.once = self.host.number(GESTURES[1]).show() == "once"
            self.gestures.repeats = bool(self.host.number(GESTURES[2]).value)
            self.refit()

    def open_project(self, file: Path) -> None:
        self._later(partial(project_file.read, file), lambda found: self._take(*found))

    def _take(self, setup: Setup, found: Import) -> None:
        """Take a project over as read from its files, train it, run it."""
        host, project = self.host, Project.of(setup)
        host.run(False, self.part)
        self._have(project)
        host.have_examples(found.examples, project.plan, f"Open {setup.name}")
        self._set(setup)
        for note in found.notes:
            host.say(f"{setup.name}: {note}")
        if project.gestures:
            self.run(True)
            return
        host.study.train()
        self._run_then = True

    def _set(self, setup: Setup) -> None:
        tree = self.host.engine.tree
        tree.number(SHAPE[0]).set(len(setup.inputs))
        tree.number("/wekinator/dtw/threshold").set(setup.threshold)
        tree.number(PORTS[2]).set(setup.port)
        tree.text(PORTS[3]).set(spelled(setup.input_address))
        for address, value in zip(RECEIVER[:2], (setup.host, setup.output_port), strict=True):
            tree.text(address).set(value) if isinstance(value, str) else tree.number(address).set(value)
        tree.text(RECEIVER[2]).set(spelled(setup.output_address))

    def save(self, output: int, file: Path) -> None:
        learnt = self.host.brain.learnt.get(output)
        if learnt is None:
            raise ValueError(f"output {output + 1} has not learnt anything yet")
        examples = store.taught(self.host.dataset.examples(), output)
        self._later(
            partial(store.write, file, learnt, examples),
            lambda _: self.host.say(f"Wekinator mode: output {output + 1} was saved in {file}"),
        )

    def restore(self, output: int, file: Path, examples: bool) -> None:
        self._later(partial(store.read, file, examples), lambda stored: self._take_model(output, file, stored))

    def _take_model(self, output: int, file: Path, stored: store.Stored) -> None:
        host = self.host
        why = store.misfit(stored, host.dataset.features, host.dataset.outputs[output])
        if why:
            raise ValueError(f"the model in {file} does not fit output {output + 1}: {why}")
        host.brain.take(output, stored.learnt)
        if stored.examples is not None:
            host.push(host.dataset.add(store.spread(stored.examples, host.dataset.outputs, output), "Load examples"))
        host.say(f"Wekinator mode: output {output + 1} answers by the model in {file}")

    def _later(self, work: Callable[[], Any], then: Callable[[Any], None]) -> None:
        self._jobs.append((self.host.background.submit(work), then))

    def _finish_jobs(self) -> None:
        for job in [job for job in self._jobs if job[0].done()]:
            self._jobs.remove(job)
            try:
                job[1](job[0].result())
            except (ValueError, OSError, DatasetError) as error:
                self._refuse("files", str(error))

    # --- running ----------------------------------------------------------------------------------------

    def run(self, on: bool) -> None:
        host = self.host
        if on:
            if self.gestures is None and not host.brain.ready:
                raise ValueError("nothing is trained yet; record examples and train first")
            if self.gestures is not None and not len(host.dataset):
                raise ValueError("no gesture is recorded yet; record some first")
            host.capture.end()
        host.run(on, self.part)
        self._say_words(self._turned())

    def _follow_play(self) -> None:
        """Running was switched by another hand."""
        self._say_words(self._turned())

    def _turned(self) -> list[Words]:
        gestures = self.gestures
        if gestures is None or self.port is None or bool(self._play.value) == gestures.listening:
            return []
        if not self._play.value:
            return gestures.finish()
        gestures.start(self._matcher())
        return []

    def _matcher(self) -> Matcher:
        shown = tuple(gesture for gesture in self.host.dataset.examples().gestures(0) if gesture.label > 0)
        try:
            return matcher(shown, self.host.number(GESTURES[0]).value)
        except ModelError as error:
            self._refuse("gestures", str(error))
            return Nothing()

    def refit(self) -> None:
        if self.gestures is not None and self.gestures.listening:
            self.gestures.start(self._matcher())

    def look_for(self, gesture: int, on: bool) -> None:
        if self.gestures is not None:
            self.gestures.look_for(gesture, on)

    def _ended(self, good: bool) -> None:
        if self.port is None or not good:
            return
        self.host.send(Message(NOW, self.part, "/wekinator/status/done-training", (), self._to))
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
        self._watcher.poll()
        if self._jobs:
            self._finish_jobs()
        if self._bundles and self._bundles[0].go_on():
            self._end_bundle(self._bundles.pop(0))
        # The same list all the time: the ears put into it.
        queue = self._queue[:]
        self._queue.clear()
        return self._work_off(queue) if queue and self.port is not None else []

    def _work_off(self, queue: list[Packet]) -> list[Event]:
        """Deal with messages in their order: before each control message, with the frames that came before it."""
        frames = sum(packet.address == self._inputs for packet in queue)
        calm = frames <= CALM
        events: list[Event] = []
        waiting = 0
        for packet in queue:
            if packet.address == self._inputs:
                waiting += self._hear(packet, events)
                if not calm:
                    continue
            if waiting:
                events += self.host.listener.tend()
                self.passed_over += waiting - 1
                waiting = 0
            if packet.address != self._inputs:
                self._obey(packet)
        if waiting:
            events += self.host.listener.tend()
            self.passed_over += waiting - 1
        return events

    def _hear(self, packet: Packet, events: list[Event]) -> bool:
        """Take a frame in; return whether the Listener has it now."""
        try:
            values = self._fitting(numbers(packet.arguments))
            if self.gestures is not None and self.gestures.listening:
                events += self._messages(self.gestures.hear(values))
        except ValueError as error:
            self._refuse("inputs", f"{packet.address} from {packet.sender[0]}: {error}")
            return False
        self.host.listener.hear(Frame(packet.seconds, "osc", values))
        return True

    def _fitting(self, values: Values) -> Values:
        width = self.project.width
        if not width:
            if len(values) > MOST_INPUTS:
                raise ValueError(f"{len(values)} values came, at most {MOST_INPUTS} are possible")
            self.host.number(SHAPE[0]).set(len(values))
            self._follow_shape()
        elif len(values) != width:
            raise ValueError(f"{len(values)} values came instead of {width}; the frame was dropped")
        if self.host.listener.inputs.mixer.width not in (0, len(values)):
            self.host.forget_inputs()
        return values

    def _obey(self, packet: Packet) -> None:
        try:
            if packet.address == BUNDLE_IN:
                self._open_bundle(packet.arguments)
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
        events: list[Event] = [Message(NOW, self.part, self._outputs, answer.values, self._to)]
        told = range(len(self.project.plan)) if self._all.value else sorted(self.project.distributions)
        events += [self._distribution(answer, place) for place in told if self.project.plan[place].classes]
        return [*events, *self.host.listener.own_words(answer)]

    def _distribution(self, answer: Answer, place: int) -> Message:
        chances, learnt = answer.probabilities[place], self.host.brain.learnt.get(place)
        classes = () if learnt is None or chances is None else learnt.predictor.classes
        spread = self.project.spread(place, classes, () if chances is None else chances.tolist())
        return Message(NOW, self.part, spelled(self.project.outputs[place]), spread, self._to)

    def _messages(self, words: list[Words]) -> list[Event]:
        return [Message(NOW, self.part, address, arguments, self._to) for address, arguments in words]

    def _say_words(self, words: list[Words]) -> None:
        self.host.send(*(Message(NOW, self.part, address, arguments, self._to) for address, arguments in words))

    # --- file bundles -----------------------------------------------------------------------------------

    def _open_bundle(self, arguments: tuple[object, ...]) -> None:
        if len(arguments) != 1 or not isinstance(arguments[0], str):
            raise ValueError("the path of a file is wanted")
        records, answers = self.host.capture.open, self.host.running and self.host.brain.ready
        if not records and not answers:
            raise ValueError("nothing is recording or running; the file was left alone")
        path = Path(arguments[0]).expanduser()
        self._bundles.append(
            Bundle(path, self.project.width, self._record if records else None, self._answer if answers else None)
        )

    def _record(self, values: Values) -> None:
        why = self.host.capture.add(values, self.host.engine.clock.now())
        if why:
            self._refuse("inputs", why)

    def _answer(self, values: Values) -> tuple[float, ...] | None:
        answer = self.host.brain.answer(self.host.engine.clock.now(), values, Settings())
        return None if answer is None else answer.values

    def _end_bundle(self, bundle: Bundle) -> None:
        left = f", {bundle.skipped} rows that are no frame were left out" if bundle.skipped else ""
        self.host.say(f"Wekinator mode: {bundle.rows} frames of {bundle.path.name} done{left}")
        if bundle.answers is None:
            return
        self._written.append(bundle.answers)
        for old in self._written[:-MOST_KEPT]:
            old.unlink(missing_ok=True)
        del self._written[:-MOST_KEPT]
        answer = Message(NOW, self.part, f"{self._outputs}/bundle", (str(bundle.answers),), self._bundle_to)
        self.host.send(answer)


def _shown(receiver: tuple[str, int]) -> str:
    return f"{receiver[0]}:{receiver[1]}"


def _add_parameters(tree: Tree) -> None:
    port, once = Linear(0, 65535, 1, 0), "Once: one answer, when running stops"
    for address, default, curve, title, told in (
        ("on", 0, switch(), "Wekinator mode", "Understands Wekinator's messages"),
        ("control", 1, switch(), "Control messages", "Off: only frames are heard"),
        ("inputs", 0, Linear(0, MOST_INPUTS, 1, 0), "Inputs", "0: as many as the first frame has"),
        ("in/port", IN_PORT, port, "Wekinator port in", "0 takes a free one"),
        ("out/port", OUT_PORT, port, "Wekinator port out", ""),
        ("bundle/port", BUNDLE_PORT, port, "Bundle port", "Where the paths of answered files go"),
        ("distributions", 0, switch(), "Class chances", "Each classifier tells all chances too"),
        ("dtw/threshold", 5, Linear(0, 1000), "Gesture threshold", "The greatest distance of a match"),
        ("dtw/mode", 0, Steps(("continuous", "once")), "Gesture mode", once),
        ("dtw/repeat", 0, switch(), "Tell repeats", "Once: the same gesture again is told again"),
    ):
        tree.add(Parameter(f"/wekinator/{address}", default, curve, title=title, help=told, undoable=False))
    for address, text, title, told in (
        ("in/host", "127.0.0.1", "Hears on", "0.0.0.0 hears other computers too"),
        ("in/address", "/wek/inputs", "Input address", "Where frames come"),
        ("out/host", "127.0.0.1", "Answers to", ""),
        ("out/address", "/wek/outputs", "Output address", "Where answers go"),
    ):
        tree.add_text(TextParameter(f"/wekinator/{address}", text, title, told))
