"""The knobs in front of the performer: Parameters that take on the shape of the synth that is chosen.

A fader, a controller or a message moves `/rules/knob/3` whatever the third knob of the synth is called, so bindings
survive a change of synth. The board also knows what moved since it was last asked, which is all that must be sent.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from app.parameter import Linear, Parameter, Steps, Tree, switch
from app.player.rules.synth import MOST_KNOBS, Knob, Synth, Value

ROOT = "/rules"
UNUSED = Linear(0.0, 1.0)
Span = tuple[float, float]
Limits = tuple[float, float]


class Board:
    """Knobs and what binds them. Attributes: `synth`, `knobs`, `locks`, `lows`, `highs` (Parameters)."""

    def __init__(self, tree: Tree, synth: Synth) -> None:
        numbers = range(1, MOST_KNOBS + 1)
        # The memory of the Rules keeps them: their range must be known before a value can be read.
        self.knobs = [
            tree.add(Parameter(f"{ROOT}/knob/{n}", 0, UNUSED, title=f"Knob {n}", kept=False)) for n in numbers
        ]
        lock = "Keeps this knob where it is, whatever is called or varied"
        self.locks = [
            tree.add(Parameter(f"{ROOT}/lock/{n}", 0, switch(), title=f"Lock {n}", help=lock, kept=False))
            for n in numbers
        ]
        self.lows, self.highs = self._ends(tree, "low", 0.0), self._ends(tree, "high", 1.0)
        self.synth = synth
        self._seen: list[int] = [0] * MOST_KNOBS
        self.use(synth)

    @staticmethod
    def _ends(tree: Tree, name: str, default: float) -> list[Parameter]:
        told = f"How {name} called and varied presets may set this knob, as a place on its fader"
        return [
            tree.add(Parameter(f"{ROOT}/{name}/{n}", default, UNUSED, "", f"{name.title()} {n}", told, kept=False))
            for n in range(1, MOST_KNOBS + 1)
        ]

    def use(self, synth: Synth) -> None:
        """Let the knobs be those of another synth, at its own defaults."""
        self.synth = synth
        for place, parameter in enumerate(self.knobs):
            if place < len(synth.knobs):
                _shape(parameter, synth.knobs[place], place)
            else:
                _blank(parameter, place)
            locked = place < len(synth.knobs) and synth.knobs[place].locked
            self.locks[place].set(float(locked), "rules")
            self.lows[place].reset("rules")
            self.highs[place].reset("rules")

    @property
    def count(self) -> int:
        return len(self.synth.knobs)

    @property
    def numbers(self) -> tuple[float, ...]:
        """The Parameters' numbers of the knobs that the synth has."""
        return tuple(parameter.value for parameter in self.knobs[: self.count])

    @property
    def values(self) -> tuple[Value, ...]:
        """What a preset of this moment would hold, one value a knob."""
        return tuple(knob.value(number) for knob, number in zip(self.synth.knobs, self.numbers, strict=True))

    @property
    def locked(self) -> frozenset[int]:
        return frozenset(place for place in range(self.count) if self.locks[place].value)

    @property
    def spans(self) -> dict[int, Span]:
        """The knobs that the performer narrowed, each with the lowest and highest place on its fader, 0..1."""
        pairs = ((self.lows[place].value, self.highs[place].value) for place in range(self.count))
        return {place: (min(pair), max(pair)) for place, pair in enumerate(pairs) if pair != (0.0, 1.0)}

    @property
    def limits(self) -> dict[int, Limits]:
        """The lowest and highest value of each knob that has numbers, as a preset would hold them."""
        numbers = [(place, knob) for place, knob in enumerate(self.synth.knobs) if not isinstance(knob.curve, Steps)]
        limits = {place: (knob.curve.clamp(float("-inf")), knob.curve.clamp(float("inf"))) for place, knob in numbers}
        for place, knob in numbers:
            if place in self.spans:
                low, high = (float(knob.value(knob.curve.value(end))) for end in self.spans[place])
                limits[place] = (low, high)
        return limits

    def narrowed(self, numbers: Mapping[int, float]) -> dict[int, float]:
        """Return numbers of the knobs within the ranges that the performer gave them."""
        spans, held = self.spans, dict(numbers)
        for place in held.keys() & spans.keys():
            low, high = (self.knobs[place].curve.value(end) for end in spans[place])
            held[place] = min(max(held[place], low), high)
        return held

    def put(self, numbers: Mapping[int, float], origin: object, through_locks: bool = False) -> None:
        """Set some knobs by index; locked ones stay unless `through_locks`."""
        held = frozenset() if through_locks else self.locked
        for place, number in numbers.items():
            if place < self.count and place not in held:
                self.knobs[place].set(number, origin)

    def changed(self) -> list[int]:
        """Return the knobs (indices) that moved since the last call, whoever moved them."""
        moved = [place for place in range(self.count) if self.knobs[place].version != self._seen[place]]
        for place in moved:
            self._seen[place] = self.knobs[place].version
        return moved

    def origins(self, places: Iterable[int]) -> set[object]:
        """Return who moved some knobs last."""
        return {self.knobs[place].origin for place in places}


def _shape(parameter: Parameter, knob: Knob, place: int) -> None:
    parameter.curve, parameter.unit, parameter.title = knob.curve, knob.unit, knob.name
    parameter.help = f"Knob {place + 1} of the synth"
    parameter.default = parameter.value = knob.default
    parameter.origin, parameter.version = "rules", parameter.version + 1


def _blank(parameter: Parameter, place: int) -> None:
    parameter.curve, parameter.unit, parameter.title = UNUSED, "", f"Knob {place + 1}"
    parameter.help = "The synth has no such knob"
    parameter.default = parameter.value = 0.0
    parameter.origin, parameter.version = "rules", parameter.version + 1
