"""Undo and redo of everything a hand does: back to the very beginning, and again to the very end."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import numpy as np
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from app.binding import Binding, Fire, Follow, Put, Source
from app.device.dummy import Dummy
from app.frame import Frame
from app.inline import Inline
from app.instrument import Instrument, assemble
from app.offline import DirectSink
from app.transport import OfflineClock
from tests.test_recall import picture
from tests.ui.inline import InlineWorker

NUMBERS = ("/composer/density", "/composer/temperature", "/listener/smoothing", "/scene/morph", "/rules/knob/1")
CHOICES = ("/composer/model", "/listener/train_on_open", "/composer/mute", "/scene/quantise")
WORDS = ("rain", "storm", "☂")
SOURCES = (
    Source("key", "X"),
    Source("osc", "/hand", 1),
    Source("midi", "cc21", 1),
    Source("output", "/rules/label/rain"),
)
PRESETS = ("keep", "delete", "relabel", "rename", "clear", "vary", "recall")
MOVES = (Follow(0, 1, 0.2, 0.8), Put(0.5), Fire((1.0,)))
shares = st.floats(0, 1)


def made(folder: Path) -> Instrument:
    clock = OfflineClock(10.0)
    sink = DirectSink(lambda spec: Dummy(spec, clock), clock)
    instrument = assemble(clock, sink, None, Inline(), 0, folder, learning=InlineWorker())
    instrument.engine.outputs.open()
    instrument.engine.turn()
    return instrument


class Gestures(RuleBasedStateMachine):
    """Any sequence of gestures, with steps back and forth in between."""

    @initialize()
    def begin(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="undo-"))
        self.one = made(self.folder / "set")
        self.engine = self.one.engine
        self.press = 0
        self.engine.set("/listener/input/osc/on", "off", "other")
        self.engine.set("/listener/input/pointer/on", "on", "other")
        self.turn(0.1)
        self.take(1, 1, 0.5)  # The first frame names the features, for good.
        self.engine.history.clear()
        self.start = self.state()

    def turn(self, seconds: float = 0.05) -> None:
        self.engine.run_until(self.engine.clock.now() + seconds)

    def state(self) -> dict[str, object]:
        found = picture(self.one)
        found.pop("called")  # What a model says of a setting is no state of its own.
        models = {place: id(one) for place, one in self.one.listener.brain.learnt.items()}
        return {**found, "models": models}

    # --- gestures ---------------------------------------------------------------------------------------

    @rule(address=st.sampled_from(NUMBERS), places=st.lists(shares, min_size=1, max_size=4), pause=st.booleans())
    def drag(self, address: str, places: list[float], pause: bool) -> None:
        self.press += 1
        curve = self.engine.tree.number(address).curve
        for place in places:
            self.engine.set(address, curve.value(place), "ui", self.press)
            self.turn(1.5 if pause else 0.02)

    @rule(address=st.sampled_from(CHOICES), share=shares)
    def choose(self, address: str, share: float) -> None:
        self.engine.set(address, self.engine.tree.number(address).curve.value(share))
        self.turn()

    @rule(address=st.sampled_from(NUMBERS))
    def reset(self, address: str) -> None:
        self.engine.reset(address)
        self.turn()

    @rule(text=st.sampled_from(("kick*4;", "bpm 99; snare;", "")))
    def write(self, text: str) -> None:
        self.engine.set("/follower/text/1", text)
        self.turn()

    @rule(source=st.sampled_from(SOURCES), aim=st.sampled_from((*NUMBERS, "/scene/call")), move=st.sampled_from(MOVES))
    def bind(self, source: Source, aim: str, move: object) -> None:
        self.engine.bind(Binding(source, aim, move))  # type: ignore[arg-type]
        self.turn()

    @rule(place=st.integers(0, 9))
    def unbind(self, place: int) -> None:
        own = [one for one in self.engine.bindings if one.source in SOURCES]
        if own:
            self.engine.unbind(own[place % len(own)])
            self.turn()

    @rule(verb=st.sampled_from(("store", "call", "forget", "name", "follow")), number=st.integers(1, 3))
    def scene(self, verb: str, number: int) -> None:
        more = {"name": ("☂",), "follow": (number % 3 + 1, 4.0), "call": (0.0,)}.get(verb, ())
        self.engine.fire(f"/scene/{verb}", float(number), *more)
        self.turn()

    @rule(address=st.sampled_from(NUMBERS))
    def lock(self, address: str) -> None:
        self.engine.fire("/scene/lock", address)
        self.turn()

    @rule(label=st.integers(1, 3), count=st.integers(1, 4), value=shares)
    def take(self, label: int, count: int, value: float) -> None:
        self.engine.set("/listener/record", label, "other")
        self.turn()
        for step in range(count):
            frame = np.array([value, step / 4 + label], np.float32)
            self.engine.inbox.put(Frame(self.engine.clock.now(), "pointer", frame))
            self.turn(0.02)
        self.engine.set("/listener/record", 0, "other")
        self.turn()

    @rule(verb=st.sampled_from(("clear", "forget", "name", "delete", "relabel")), number=st.integers(1, 6))
    def edit(self, verb: str, number: int) -> None:
        more = {"name": ("☂ word",), "relabel": (2.0, float(number))}.get(verb, ())
        self.engine.fire(f"/listener/{verb}", float(number if verb != "relabel" else 1), *more)
        self.turn()

    @rule()
    def train(self) -> None:
        self.engine.fire("/listener/train")
        self.turn(0.3)

    @rule()
    def earlier_model(self) -> None:
        self.engine.fire("/listener/back")
        self.turn()

    @rule(verb=st.sampled_from(PRESETS), word=st.sampled_from(WORDS))
    def preset(self, verb: str, word: str) -> None:
        given = {"keep": (word,), "delete": (1.0,), "relabel": (word, 1.0), "rename": ("rain", word), "recall": (1.0,)}
        self.engine.fire(f"/rules/{verb}", *given.get(verb, ()))
        self.turn(0.3)

    # --- back and forth ---------------------------------------------------------------------------------

    @rule(steps=st.integers(1, 4))
    def back_and_forth(self, steps: int) -> None:
        before = self.state()
        done = 0
        while done < steps and self.engine.history.next_undo:
            self.engine.fire("/undo")
            self.turn()
            done += 1
        for _ in range(done):
            self.engine.fire("/redo")
            self.turn()
        same(before, self.state())

    @precondition(lambda self: self.engine.history.next_undo)
    @rule()
    def back(self) -> None:
        self.engine.fire("/undo")
        self.turn()

    def teardown(self) -> None:
        if not hasattr(self, "one"):
            return
        while self.engine.history.next_redo:
            self.go("/redo")
        end = self.state()
        self.all_the_way("undo")
        same(self.start, self.state())
        self.all_the_way("redo")
        same(end, self.state())
        self.one.close()
        shutil.rmtree(self.folder)

    def go(self, verb: str) -> None:
        self.engine.fire(verb)
        self.turn()

    def all_the_way(self, verb: str) -> None:
        for _ in range(1000):
            if not getattr(self.engine.history, f"next_{verb}"):
                return
            self.go(f"/{verb}")
        raise AssertionError(f"{verb} has no end")


def same(before: dict[str, object], after: dict[str, object]) -> None:
    """Compare part by part, so that a difference can be read."""
    for name, kept in before.items():
        if name == "parameters":
            now: dict[str, object] = after[name]  # type: ignore[assignment]
            wrong = {one: (value, now[one]) for one, value in kept.items() if now[one] != value}  # type: ignore[attr-defined]
            assert not wrong, wrong
        assert after[name] == kept, (name, kept, after[name])


Gestures.TestCase.settings = settings(
    max_examples=40,
    stateful_step_count=16,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),  # To shrink a performance takes minutes.
    suppress_health_check=list(HealthCheck),
)
TestGestures = Gestures.TestCase
