"""A long night on stage: four players, bindings among them, and hands that never rest, drawn from a seed.

Everything goes through the engine's doors, as from a window or a controller, so the same night is played on the
offline clock by a test and in real time by `bench.soak`.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable

import numpy as np

from app.binding import Binding, Fire, Follow, Put, Source
from app.engine import Engine
from app.frame import Frame, MidiMessage
from app.parameter import AnyParameter, Parameter

FRAMES_HZ = 30.0
LABELS = ("rain", "storm")
# What opens a device of this computer, asks its network, or decides how long learning takes.
FORBIDDEN = (
    *("/listener/input/", "/listener/model/", "/listener/classifier", "/listener/gesture", "/listener/regressor"),
    *("/sync/", "/osc/", "/midi/", "/output/midi/", "/output/osc/", "/output/synth/on", "/training/"),
    *("/rules/budget", "/rules/synth", "/rules/distance", "/follower/grid", "/follower/bars", "/follower/steps"),
    *("/recorder/", "/doctor/", "/map/", "/listener/record", "/listener/send", "/session/"),
)
PROGRAMS = (
    "bpm 120; source kick*2; learn snare*2+0.5; closedhat*8;",
    "source kick*2; predict snare; bass*4 1 36,43,34 cut40 res60 env50;",
    "source kick 3,3,2; learn snare 2,4,2; lead*3 1 60,63,67 cut_mousex (amp:0.6);",
    'define piano osc in "/composer/note"; source piano; predict openhat; kick*7 (dist:3);',
    "source kick*5; predict snare; lead*16 1 60,72; openhat*3+0.3;",
    "kick*; not a program",
)
BINDINGS = (
    Binding(Source("output", "/listener/label/1"), "/scene/call", Fire((1.0, 2.0))),
    Binding(Source("output", "/listener/label/2"), "/composer/next", Fire()),
    Binding(Source("output", "/listener/label/3"), "/follower/surprise", Put(0.3)),
    Binding(Source("output", "/follower/hit/kick"), "/rules/call", Fire(("rain",))),
    Binding(Source("output", "/follower/hit/snare"), "/rules/call", Fire(("storm",))),
    Binding(Source("output", "/composer/note", 1), "/rules/knob/3", Follow()),
    Binding(Source("midi", "cc21"), "/composer/density", Follow()),
)


class Night:
    """Hands. Attributes: `engine`, `deeds` (how many there were)."""

    def __init__(self, engine: Engine, seed: int) -> None:
        self.engine = engine
        self.deeds = 0
        self._random = random.Random(seed)
        self._seconds = self._taught = 0.0
        self._deeds: tuple[tuple[Callable[[], None], int], ...] = (
            (self._turn, 60),
            (self._strike, 20),
            (self._evaluate, 4),
            (self._scene, 5),
            (self._preset, 8),
            (self._undo, 4),
            (self._transport, 3),
            (self._compose, 3),
        )

    def begin(self) -> None:
        """Set the stage and play."""
        engine = self.engine
        for binding in BINDINGS:
            engine.bind(binding)
        engine.set("/listener/input/osc/on", "off")
        engine.set("/listener/input/pointer/on", "on")
        engine.set("/listener/outputs", "classifier:3")
        engine.set("/listener/play", "on")
        engine.set("/recorder/memory", 1)  # What it keeps would grow for ten minutes.
        engine.fire("/follower/evaluate", PROGRAMS[0])
        engine.fire("/transport/play")

    def go_on(self, seconds: float) -> None:
        """Do what hands do within some seconds: about ten deeds a second, and a pointer that moves."""
        for _ in range(round(seconds * FRAMES_HZ)):
            self._seconds += 1 / FRAMES_HZ
            self._point()
            self._teach()
            if self._random.random() < 10 / FRAMES_HZ:
                self.deeds += 1
                deeds, weights = zip(*self._deeds, strict=True)
                self._random.choices(deeds, weights)[0]()

    def end(self) -> None:
        """Stop."""
        self.engine.fire("/transport/stop")

    # --- deeds ----------------------------------------------------------------------------------------

    def _point(self) -> None:
        where = [0.5 + 0.45 * math.sin(self._seconds * 1.3), 0.5 + 0.45 * math.cos(self._seconds * 0.7)]
        self.engine.inbox.put(Frame(self.engine.clock.now(), "pointer", np.array(where, np.float32)))

    def _teach(self) -> None:
        """Record for a moment, train, and once a minute begin anew."""
        minute, before = self._seconds % 60, self._taught
        self._taught = minute
        if minute < before:
            self.engine.fire("/listener/clear")
            self.engine.fire("/rules/clear")
        for label, begins in ((1, 2.0), (2, 6.0), (3, 10.0)):
            if before < begins <= minute:
                self.engine.set("/listener/record", label)
            if before < begins + 1 <= minute:
                self.engine.set("/listener/record", 0)
        if before < 15 <= minute:
            self.engine.fire("/listener/train")
        if before < 30 <= minute:
            self.engine.fire("/session/save")

    def _turn(self) -> None:
        """Turn something."""
        found = self._random.choice([one for one in self.engine.tree if _may_turn(one)])
        assert isinstance(found, Parameter)
        self.engine.set(found.address, found.curve.value(self._random.random()))

    def _strike(self) -> None:
        """Play a pad or turn a knob of a controller."""
        now, number = self.engine.clock.now(), self._random.choice((36, 38, 60))
        data = self._random.choice(((0x90, number, 100), (0x80, number, 0), (0xB0, 21, self._random.randrange(128))))
        self.engine.inbox.put(MidiMessage(now, "pads", data))

    def _evaluate(self) -> None:
        self.engine.fire("/follower/evaluate", self._random.choice(PROGRAMS))

    def _scene(self) -> None:
        number = self._random.randint(1, 8)
        if self._random.random() < 0.4:
            self.engine.fire("/scene/store", number)
        else:
            self.engine.fire("/scene/call", number, self._random.choice((0.0, 1.0, 8.0)))

    def _preset(self) -> None:
        label = self._random.choice(LABELS)
        self._random.choice(
            (
                lambda: self.engine.fire("/rules/keep", label),
                lambda: self.engine.fire("/rules/call", label),
                lambda: self.engine.fire("/rules/vary", 3.0),
            )
        )()

    def _undo(self) -> None:
        self.engine.fire(self._random.choice(("/undo", "/redo", "/follower/new_model", "/follower/back")))

    def _transport(self) -> None:
        self.engine.fire(self._random.choice(("/panic", "/transport/stop", "/transport/toggle")))
        self.engine.fire("/transport/play")

    def _compose(self) -> None:
        self.engine.fire(self._random.choice(("/composer/next", "/composer/previous")))


def _may_turn(one: AnyParameter) -> bool:
    return isinstance(one, Parameter) and not one.address.startswith(FORBIDDEN)
