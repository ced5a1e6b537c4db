"""The Listener as a player: frames in, examples kept, answers out.

Frames are gathered as they come and dealt with once per turn of the engine. All of them are recorded; only the
newest is answered, because a late answer to an old frame is worse than none; what was passed over is counted.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.dataset import Dataset
from app.event import NOW, Event, Message
from app.example import Output
from app.frame import Frame
from app.history import Edit
from app.model.base import ModelError, Spot, Spotter
from app.parameter import Linear, Parameter, Steps, TextParameter, Tree, switch
from app.player.base import NEVER
from app.player.listener.brain import Answer, Brain
from app.player.listener.capture import Capture
from app.player.listener.decision import Settings
from app.player.listener.inputs import Inputs
from app.player.listener.plan import PlanError, read_plan
from app.watch import Watcher

OUTPUTS = 16  # That many have Parameters of their own; more are possible and leave as messages only.
DEFAULT_PLAN = "classifier:4"

Values = NDArray[np.float32]


@dataclass(slots=True)
class Counts:
    """What happened to frames: `heard`, `answered`, `passed_over` (older than the newest), `refused`."""

    heard: int = 0
    answered: int = 0
    passed_over: int = 0
    refused: int = 0


class Listener:
    """Learns from examples what frames mean, and says it.

    Attributes: `part`, `tree`, `inputs`, `dataset`, `capture`, `brain`, `counts`, `newest` (the last merged vector),
    `answer` and `spot` (the last ones), `gestures` (whether takes are learnt as sequences), `speak` and `speak_spot`
    (turn answers into events; a drop-in mode puts its own here).
    """

    part = "listener"

    def __init__(
        self,
        tree: Tree,
        watcher: Watcher,
        dataset: Dataset,
        push: Callable[[Edit], None],
        say: Callable[[str, str], None],
    ) -> None:
        self.tree, self.dataset, self.say = tree, dataset, say
        self.inputs = Inputs(tree, watcher)
        self._push = push
        self.counts = Counts()
        self.newest: Values = np.zeros(0, np.float32)
        self.answer: Answer | None = None
        self.spot: Spot | None = None
        self.speak: Callable[[Answer], list[Event]] = self.own_words
        self.speak_spot: Callable[[float, Spot], list[Event]] = self.own_spot
        self._pending: list[tuple[float, Values]] = []
        self._recorded = 0.0
        self._plan = ""
        self.gestures = False
        self._add_parameters()
        self.capture = Capture(dataset, push)
        self.brain = Brain(dataset.outputs)
        self._follow_plan()

    def _add_parameters(self) -> None:
        add = self.tree.add
        plan = "Outputs, such as classifier:4,regressor or dtw:5"
        self._plan_text = self.tree.add_text(TextParameter("/listener/outputs", DEFAULT_PLAN, "Outputs", plan))
        self._play = add(Parameter("/listener/play", 0, switch(), title="Answer", help="Answer frames as they come"))
        record = "Records under this label while it is not 0"
        self._record = add(
            Parameter("/listener/record", 0, Linear(0, 9, 1, 0), "", "Record", record, kept=False, undoable=False)
        )
        self._smoothing = add(Parameter("/listener/smoothing", 0.5, Linear(0, 0.99), title="Smoothing"))
        self._confidence = add(Parameter("/listener/confidence", 0.0, Linear(0, 1), title="Confidence"))
        self._margin = add(Parameter("/listener/margin", 0.1, Linear(0, 1), title="Margin"))
        reject = "None of the labels, if so unlike all examples (1: the edge of what was shown); 0: never"
        self._reject = add(Parameter("/listener/reject", 0, Linear(0, 5), title="Reject", help=reject))
        policy = Steps(("change", "frame"))
        self._policy = add(Parameter("/listener/send", 1, policy, title="Send", help="On each change or each frame"))
        wide = Linear(-1e6, 1e6)  # A label's number, or a value, which may leave the range it was taught.
        self._out = [
            add(Parameter(f"/listener/out/{n}", 0, wide, title=f"Output {n}", kept=False, undoable=False))
            for n in range(1, OUTPUTS + 1)
        ]
        for n in range(1, OUTPUTS + 1):
            add(Parameter(f"/listener/target/{n}", 0, Linear(0, 1), title=f"Target {n}", kept=False))

    # --- the seam -------------------------------------------------------------------------------------

    def start(self, beat: float) -> None:
        """The transport started; a Listener listens all the time."""

    def stop(self) -> None:
        """The transport stopped; a Listener listens on."""

    def due(self) -> float:
        return NEVER

    def step(self) -> list[Event]:
        return []

    def hear(self, frame: Frame) -> None:
        """Take a frame of any input; engine thread."""
        self.counts.heard += 1
        merged = self.inputs.take(frame)
        if merged is not None:
            self._pending.append((frame.seconds, merged))

    @property
    def recording(self) -> float:
        """The label asked for by `/listener/record`, 0 for none."""
        return self._record.value

    def tend(self) -> list[Event]:
        if self._plan_text.value != self._plan:
            self._follow_plan()
        if self._record.value != self._recorded:
            self._follow_record()
        if not self._pending:
            return []
        frames, self._pending = self._pending, []
        self.newest = frames[-1][1]
        if self.capture.open:
            self._keep(frames)
        if not self._play.value or not self.brain.ready:
            return []
        spotter = self.brain.spotter
        if spotter is not None:
            return [event for frame in frames for event in self._follow(spotter, *frame)]
        self.counts.passed_over += len(frames) - 1
        return self._answer(*frames[-1])

    # --- recording ------------------------------------------------------------------------------------

    def _follow_record(self) -> None:
        self._recorded = self._record.value
        if self._recorded:
            self._teach(int(self._recorded))
            self.capture.begin()
        else:
            self.capture.end()

    def _teach(self, label: int) -> None:
        """Let the open targets be what the faders say, and the first class output the label of the held key."""
        for place, output in enumerate(self.dataset.outputs[:OUTPUTS]):
            if output.kind == "number":
                position = self.tree.number(f"/listener/target/{place + 1}").value
                self.capture.targets[place] = output.low + position * (output.high - output.low)
        first = next((place for place, output in enumerate(self.dataset.outputs) if output.kind == "class"), None)
        if first is not None:
            self.capture.targets[first] = float(label)

    def _keep(self, frames: list[tuple[float, Values]]) -> None:
        for seconds, values in frames:
            why = self.capture.add(values, seconds)
            if why:
                self.counts.refused += 1
                self.say("warning", why)

    # --- answering ------------------------------------------------------------------------------------

    def _settings(self) -> Settings:
        reject = self._reject.value or float("inf")
        return Settings(self._smoothing.value, self._confidence.value, self._margin.value, reject)

    def _answer(self, seconds: float, values: Values) -> list[Event]:
        answer = self.brain.answer(seconds, values, self._settings())
        if answer is None:
            self.counts.refused += 1
            self.say("warning", f"The Listener cannot answer: {self.brain.fault}")
            return []
        self.counts.answered += 1
        self.answer = answer
        self._show(answer)
        return self.speak(answer)

    def _follow(self, spotter: Spotter, seconds: float, values: Values) -> list[Event]:
        """Let a gesture follow the stream: every frame counts, for it has a place in time."""
        try:
            spot = spotter.feed(values)
        except ModelError as error:
            self.counts.refused += 1
            self.say("warning", str(error))
            return []
        if spot is None:
            return []
        self.counts.answered += 1
        self.spot = spot
        self.brain.values[0] = float(spot.label)
        self._out[0].set(spot.label, self.part)
        return self.speak_spot(seconds, spot)

    def own_spot(self, _seconds: float, spot: Spot) -> list[Event]:
        """Return the Listener's own messages for a gesture: how near each is, and its name as it starts and ends."""
        scores = tuple(float(score) for score in spot.scores)
        events: list[Event] = [Message(NOW, self.part, "/listener/scores", scores)]
        if spot.event:
            label = spot.label if spot.event == "start" else 0
            events.append(Message(NOW, self.part, "/listener/label", (self.dataset.outputs[0].label(label).name,)))
        return events

    def _show(self, answer: Answer) -> None:
        """Let the outputs be Parameters too, so that anything can follow them."""
        for place, value in enumerate(answer.values[:OUTPUTS]):
            self._out[place].set(value, self.part)

    def own_words(self, answer: Answer) -> list[Event]:
        """Return the Listener's own messages: all values, and the first label by name when it changes."""
        events: list[Event] = []
        if self._policy.show() == "frame" or answer.changed:
            events.append(Message(NOW, self.part, "/listener/out", answer.values))
        for place, verdict in enumerate(answer.verdicts):
            if verdict is not None and verdict.changed:
                name = self.dataset.outputs[place].label(verdict.label).name
                address = "/listener/label" if place == 0 else f"/listener/label/{place + 1}"
                events.append(Message(NOW, self.part, address, (name,)))
                events.append(Message(NOW, self.part, "/listener/sure", (float(verdict.confidence),)))
        return events

    # --- outputs --------------------------------------------------------------------------------------

    def _follow_plan(self) -> None:
        """Have the outputs that the text names; a wrong text is said and changes nothing."""
        self._plan = self._plan_text.value
        try:
            plan = read_plan(self._plan)
        except PlanError as error:
            self.say("warning", f"/listener/outputs: {error}")
            return
        self.gestures = plan[0].kind == "dtw"
        names = ["label" if len(plan) == 1 and one.kind != "regressor" else f"out{n}" for n, one in enumerate(plan, 1)]
        outputs = tuple(
            Output(name, "number" if one.kind == "regressor" else "class")
            for name, one in zip(names, plan, strict=True)
        )
        if tuple((o.name, o.kind) for o in outputs) == tuple((o.name, o.kind) for o in self.dataset.outputs):
            return
        self.capture.end()
        edit = self.dataset.set_outputs(outputs)
        if edit is not None and len(self.dataset):
            self._push(edit)
        self.capture = Capture(self.dataset, self._push)
        self.brain = Brain(self.dataset.outputs)
        self.answer = self.spot = None
        self.answer = self.spot = None
