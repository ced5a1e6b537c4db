"""The Listener as a player: frames in, examples kept, answers out.

Frames are recorded one by one as they come; only the newest of a turn is answered, because a late answer to an old
frame is worse than none; what was passed over is counted. It listens whether the music plays or stands.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil, floor

import numpy as np
from numpy.typing import NDArray

from app.dataset import Dataset
from app.event import NOW, Event
from app.example import Examples, Output
from app.frame import Frame
from app.history import Edit
from app.model.base import ModelError, Spot, Spotter
from app.parameter import Tree
from app.player.base import NEVER
from app.player.listener.brain import Answer, Brain
from app.player.listener.capture import Capture
from app.player.listener.decision import Settings
from app.player.listener.destination import PARTS, Destinations
from app.player.listener.inputs import Inputs
from app.player.listener.panel import OUTPUTS, add_panel
from app.player.listener.plan import MOST_CLASSES, PlanError, read_plan
from app.player.listener.plan import Output as Plan
from app.player.listener.recorder import Recorder
from app.player.listener.speech import Speech
from app.player.listener.takeover import take_over
from app.transport import Transport
from app.watch import Watcher

Values = NDArray[np.float32]
Shape = tuple[tuple[str, str], ...]  # Name and kind of each output.


@dataclass(slots=True)
class Counts:
    """What happened to frames: `heard`, `answered`, `passed_over` (older than the newest), `refused`."""

    heard: int = 0
    answered: int = 0
    passed_over: int = 0
    refused: int = 0


class Listener:
    """Learns from examples what frames mean, and says it.

    Attributes: `part`, `parts` (of its events), `tree`, `inputs`, `dataset`, `recorder`, `brain`, `counts`, `newest`
    (the last merged vector), `merged` (who is told of each), `answer` and `spot` (the last ones), `gestures` (whether
    takes are learnt as sequences), `destinations` (where single outputs leave), `speak` and `speak_spot` (turn answers
    into events; a drop-in mode puts its own here).
    """

    part = "listener"
    answers_frames = True
    parts = PARTS

    def __init__(
        self,
        tree: Tree,
        watcher: Watcher,
        dataset: Dataset,
        push: Callable[[Edit], None],
        say: Callable[[str, str], None],
        transport: Transport,
    ) -> None:
        self.tree, self.dataset, self.say = tree, dataset, say
        self.inputs = Inputs(tree, watcher, say, dataset)
        self._push, self._transport = push, transport
        self._panel = add_panel(tree)
        self.counts = Counts()
        self.merged: list[Callable[[float, Values], None]] = []
        self.newest: Values = np.zeros(0, np.float32)
        self.answer: Answer | None = None
        self.spot: Spot | None = None
        self.speech = Speech(self.part, dataset, self._panel.send, transport)
        self.destinations = Destinations(tree, watcher, OUTPUTS, transport, say)
        self.speak: Callable[[Answer], list[Event]] = self.own_words
        self.speak_spot: Callable[[float, Spot], list[Event]] = self.own_spot
        self.gestures = False
        self._pending: list[tuple[float, Values]] = []
        self._plan, self._speaking, self._silent = "", False, False
        self._outputs = dataset.outputs
        self._pulse, self._next = "", NEVER
        self.recorder = Recorder(self._panel, dataset, push, transport)
        self.brain = Brain(dataset.outputs)
        self._former: dict[Shape, Brain] = {}
        watcher.on(("/transport/bpm",), self.recorder.arming.follow_tempo)
        self._follow_plan()

    @property
    def capture(self) -> Capture:
        return self.recorder.capture

    @capture.setter
    def capture(self, capture: Capture) -> None:
        self.recorder.capture = capture

    # --- the seam -------------------------------------------------------------------------------------

    def start(self, beat: float) -> None:
        """The transport started; a Listener listens all the time, and speaks on beats if asked to."""
        self._pulse = self.speech.pulse
        self._next = self._pulse_from(beat) if self._pulse and self._speaking else NEVER
        self.destinations.start()

    def stop(self) -> None:
        """The transport stopped; a Listener listens on."""
        self._next = NEVER
        self.recorder.arming.stop()
        self.destinations.stop()

    def due(self) -> float:
        pulse = self.speech.pulse if self._speaking else ""
        if pulse != self._pulse:
            self._pulse = pulse
            self._next = self._pulse_from(self._transport.beat) if pulse else NEVER
        return self._next

    def step(self) -> list[Event]:
        beat = self._next
        if beat == NEVER:
            return []
        self._next = self._pulse_from(floor(beat) + 1.0)
        return [*self.speech.on_pulse(beat), *self._own_ways(beat, always=True)]

    def _pulse_from(self, beat: float) -> float:
        """Return the first beat, or bar line, at or after a beat."""
        return self._transport.next_bar(beat) if self._pulse == "bar" else float(ceil(round(beat, 9)))

    def hear(self, frame: Frame) -> None:
        """Take a frame of any input; engine thread."""
        self.counts.heard += 1
        merged = self.inputs.take(frame)
        if merged is None:
            return
        for tell in self.merged:
            tell(frame.seconds, merged)
        self._keep_up(frame.seconds)
        why = self.recorder.add(merged, frame.seconds)
        if why:
            self.counts.refused += 1
            self.say("warning", why)
        self._pending.append((frame.seconds, merged))

    def tend(self) -> list[Event]:
        self._keep_up(self._transport.clock.now())
        events = [*self.recorder.clicks(), *self.destinations.tend()]
        speaking = bool(self._panel.play.value) and self.brain.ready
        if self._speaking and (self._silent or not speaking):
            self.speech.forget()
            events += self.destinations.release()
        self._speaking, self._silent = speaking, False
        if not self._pending:
            return events
        frames, self._pending = self._pending, []
        self.newest = frames[-1][1]
        return [*events, *self._answer_all(frames)] if speaking else events

    def _keep_up(self, seconds: float) -> None:
        """Follow what moved since the last frame, before a frame of this time is dealt with."""
        if self._panel.plan.value != self._plan:
            self._follow_plan()
        if self.dataset.outputs is not self._outputs:
            self.settled()
        self.recorder.follow(seconds)

    def arm(self, label: float | str = 1) -> None:
        """Record a label, given by name or number, after the count-in; ValueError if there is no such label."""
        named = [one.number for output in self.dataset.outputs for one in output.labels if one.name == label]
        number = named[0] if named else int(label) if str(label).removesuffix(".0").isdecimal() else 0
        if not 1 <= number <= MOST_CLASSES:
            raise ValueError(f"there is no label {label!r}: give its name, or a number from 1 to {MOST_CLASSES}")
        self.recorder.arm(number)

    # --- answering ------------------------------------------------------------------------------------

    def _settings(self) -> Settings:
        panel = self._panel
        reject = panel.reject.value or float("inf")
        return Settings(panel.smoothing.value, panel.confidence.value, panel.margin.value, reject)

    def _answer_all(self, frames: list[tuple[float, Values]]) -> list[Event]:
        spotter = self.brain.spotter
        if spotter is not None:
            return [event for frame in frames for event in self._follow(spotter, *frame)]
        self.counts.passed_over += len(frames) - 1
        return self._answer(*frames[-1])

    def _answer(self, seconds: float, values: Values) -> list[Event]:
        answer = self.brain.answer(seconds, values, self._settings())
        if answer is None:
            self.counts.refused += 1
            self.say("warning", f"The Listener cannot answer: {self.brain.fault}")
            return []
        self.counts.answered += 1
        self.answer = answer
        # The outputs are Parameters too, so that anything can follow them.
        for place, value in enumerate(answer.values[:OUTPUTS]):
            self._panel.out[place].set(value, self.part)
        events = self.speak(answer)
        return [*events, *self._through_own_ways(answer.values)] if self.destinations.active else events

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
        self._panel.out[0].set(spot.label, self.part)
        events = self.speak_spot(seconds, spot)
        return [*events, *self._through_own_ways((float(spot.label),))] if self.destinations.active else events

    # --- speaking -------------------------------------------------------------------------------------

    def own_words(self, answer: Answer) -> list[Event]:
        """Return the Listener's own messages for an answer."""
        return self.speech.words(answer)

    def own_spot(self, _seconds: float, spot: Spot) -> list[Event]:
        """Return the Listener's own messages for a gesture."""
        return self.speech.gesture(spot)

    def _through_own_ways(self, values: tuple[float, ...]) -> list[Event]:
        """Let the outputs that have a way of their own take it, now or at the next beat."""
        for place, way in self.destinations.active.items():
            if place < len(values):
                output, value = self.dataset.outputs[place], values[place]
                name = output.label(int(value)).name if output.kind == "class" else ""
                way.hear(value, name, (value - output.low) / ((output.high - output.low) or 1.0))
        return [] if self.speech.pulse else self._own_ways(NOW, self.speech.always)

    def _own_ways(self, beat: float, always: bool) -> list[Event]:
        return self.destinations.say(beat, always, range(len(self.dataset.outputs)))

    # --- outputs --------------------------------------------------------------------------------------

    def settled(self) -> Brain:
        """Return the brain after making sure that it fits the outputs there are now."""
        if self._panel.plan.value != self._plan:
            self._follow_plan()
        self._outputs = self.dataset.outputs
        if _shape(self.brain.outputs) != _shape(self._outputs):
            self._begin_anew()
        self.brain.outputs = self._outputs  # Their limits and labels may be others.
        return self.brain

    def _follow_plan(self) -> None:
        """Have the outputs that the text names; a wrong text is said and changes nothing."""
        self._plan = self._panel.plan.value
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
        if _shape(outputs) == _shape(self.dataset.outputs):
            return
        self.capture.end()
        edit = self.dataset.set_outputs(outputs)
        if edit is not None and len(self.dataset):
            self._push(edit)
        self._begin_anew()

    def take_over(self, examples: Examples, plan: Sequence[Plan], title: str, fresh: bool = False) -> None:
        """Have these examples, and outputs as planned, instead of all that is here: one step of undo as a whole.

        What was learnt for outputs of the same kinds stays, unless it shall begin `fresh`.
        """
        self._push(take_over(self, examples, plan, title, fresh))

    def renew(self, brain: Brain, gestures: bool) -> None:
        """Record and answer for the dataset's outputs as they are now, by this brain."""
        self.gestures = gestures
        self.recorder.renew()
        self.brain = brain
        self.answer = self.spot = None

    def forget(self) -> None:
        """Say nothing of what was heard until now, and know nothing of outputs that were: another session is here."""
        self._former.clear()
        self._pending.clear()
        self.answer = self.spot = None
        self._silent = True

    def _begin_anew(self) -> None:
        """Know nothing of the outputs that were; if they come back, so does what they had learnt."""
        self._former[_shape(self.brain.outputs)] = self.brain
        self.recorder.renew()
        outputs = self.dataset.outputs
        known = _shape(outputs)
        self.brain = self._former.pop(known) if known in self._former else Brain(outputs)
        self.brain.outputs = outputs
        self.answer = self.spot = None


def _shape(outputs: tuple[Output, ...]) -> Shape:
    return tuple((output.name, output.kind) for output in outputs)
