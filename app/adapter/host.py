"""What a drop-in mode may do with the instrument.

A mode speaks somebody else's language and decides nothing: examples, takes, training and answers are the Listener's.
This is the narrow place between the two, so that both modes lean on the same few verbs.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from app.dataset import Dataset
from app.engine import Engine
from app.event import Event, Message
from app.example import Examples
from app.history import Edit
from app.parameter import Parameter
from app.player.listener.brain import Brain
from app.player.listener.capture import Capture
from app.player.listener.plan import Output
from app.player.listener.player import Listener

SOURCES = ("osc", "pointer", "midi", "audio", "serial")


class Study(Protocol):
    """Who trains.

    Attributes: `active` (a run goes on), `ended` (called with True when new predictors answer, False otherwise),
    `selections` (output -> the inputs it learns from; missing: all).
    """

    @property
    def active(self) -> bool: ...

    @property
    def ended(self) -> list[Callable[[bool], None]]: ...

    @property
    def selections(self) -> dict[int, tuple[int, ...]]: ...

    def train(self, outputs: Collection[int] | None = None) -> None:
        """Train outputs (from 0), or all; ValueError says why not."""

    def cancel(self) -> None:
        """End the run; what was learnt before goes on answering."""


@dataclass(slots=True)
class Complaint:
    """What strangers do wrong in one way. Attributes: `text` (the newest), `held` (not said yet), `said_at`."""

    text: str = ""
    held: int = 0
    said_at: float = float("-inf")


class Host:
    """The instrument as a mode sees it.

    Attributes: `engine`, `listener`, `study`, `background` (for what takes long).
    """

    def __init__(self, engine: Engine, listener: Listener, study: Study, background: Executor) -> None:
        self.engine, self.listener, self.study, self.background = engine, listener, study, background
        self._unsaid: list[str] = []
        self._complaints: dict[str, Complaint] = {}
        self._play = engine.tree.number("/listener/play")

    @property
    def dataset(self) -> Dataset:
        return self.listener.dataset

    @property
    def brain(self) -> Brain:
        return self.listener.brain

    @property
    def capture(self) -> Capture:
        return self.listener.capture

    @property
    def running(self) -> bool:
        """Whether frames are answered."""
        return bool(self._play.value)

    def run(self, on: bool, origin: str) -> None:
        """Answer frames, or cease to."""
        self._play.set(float(on), origin)

    def number(self, address: str) -> Parameter:
        return self.engine.tree.number(address)

    def text(self, address: str) -> str:
        return self.engine.tree.text(address).value

    def say(self, text: str, level: str = "info") -> None:
        self.engine.say(level, text)

    def announce(self, text: str) -> None:
        """Say something as soon as the engine runs and somebody can read it."""
        self._unsaid.append(text)

    def tend(self) -> None:
        """Say what was announced, and what was held back long enough; called each turn."""
        while self._unsaid:
            self.say(self._unsaid.pop(0))
        for complaint in self._complaints.values():
            if complaint.held:
                self._say_now_and_then(complaint)

    def complain(self, topic: str, text: str) -> None:
        """Count what a stranger did wrong and say it: at once, then at most once a second, the newest."""
        self.engine.monitor.counts[topic] += 1
        complaint = self._complaints.setdefault(topic, Complaint())
        complaint.text = text
        complaint.held += 1
        self._say_now_and_then(complaint)

    def _say_now_and_then(self, complaint: Complaint) -> None:
        now = self.engine.clock.now()
        if now - complaint.said_at < 1.0:
            return
        more = f" ({complaint.held} such since the last time)" if complaint.held > 1 else ""
        self.say(complaint.text + more, "warning")
        complaint.said_at, complaint.held = now, 0

    def send(self, *messages: Message) -> None:
        """Send at once, outside of any answer."""
        now = self.engine.clock.now()
        self.engine.outputs.play((now, message) for message in messages)

    def own(self, events: Callable[[], list[Event]]) -> list[Event]:
        """Return the Listener's own messages if something of the instrument is bound to what it says.

        Otherwise only the original's messages leave, as its receivers expect, and a frame costs half as much.
        """
        return events() if self.engine.bindings.any_of("output") else []

    def push(self, edit: Edit | None) -> None:
        """Let a change of the examples be one step of undo."""
        if edit is not None:
            self.engine.note_step(edit)

    def choose_classifier(self, name: str) -> None:
        """Let classes be learnt by this model."""
        self.number("/listener/classifier").set(name)

    # --- the Listener's shape ---------------------------------------------------------------------------

    def begin(self) -> None:
        """Prepare the Listener for a mode: it hears OSC alone, and answers as plainly as the originals do."""
        for source in SOURCES[1:]:
            self.number(f"/listener/input/{source}/on").set(0)
        self._take_as_they_come()
        self.forget_inputs()
        for address in ("/listener/smoothing", "/listener/margin", "/listener/confidence"):
            self.number(address).set(0)

    def _take_as_they_come(self) -> None:
        """Frames of a mode's clients are whole as they are: what was done to OSC's is left out, and said."""
        tree = self.engine.tree
        texts = [tree.text("/listener/input/osc/process"), tree.text("/listener/columns")]
        if any(text.value for text in texts):
            self.say("Frames are taken as they come: the processing of OSC and the choice of values are off", "warning")
        for text in texts:
            text.set("")
        tree.number("/listener/input/osc/policy").reset()

    def forget_inputs(self) -> None:
        """Let the next frame say anew how wide frames are."""
        self.number("/listener/input/osc/on").set(1)
        self.engine.watcher.poll()
        self.listener.inputs.forget("osc")

    def have_features(self, names: tuple[str, ...]) -> None:
        """Have these features. Examples of another width make room; undo brings them back."""
        dataset = self.dataset
        if dataset.width == len(names) and (len(dataset) or dataset.features == names):
            return
        if not len(dataset):
            dataset.set_features(names)
            return
        self.capture.end()
        self.say(
            f"The examples had {dataset.width} values and {len(names)} are wanted now: they made room, undo brings "
            "them back",
            "warning",
        )
        nothing = Examples.build(names, dataset.outputs, np.empty((0, len(names))), np.empty((0, len(dataset.outputs))))
        self.push(dataset.replace(nothing, "New features"))

    def have_examples(self, examples: Examples, plan: Sequence[Output], title: str) -> None:
        """Have these examples and outputs instead of all that is here: one step of undo."""
        self.listener.take_over(examples, plan, title, fresh=True)
        self.forget_inputs()

    def retarget(self) -> None:
        """Let an open take go on with the targets as they are now."""
        if self.capture.open:
            self.capture.begin()
