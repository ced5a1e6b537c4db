"""What an argument of a program is worth now: a number, or the position of something that moves.

Whatever moves (the pointer, a controller, a learner's output) is a position 0..1, and each kind of argument has one
law that says what a position means, so that any hand can be put on any argument without a scale of its own.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from types import MappingProxyType

from app.parameter import Linear, Parameter, Tree
from app.player.follower.program import Argument

CUT = (20.0, 5000.0)  # Hz, from 0 to 100.
PERCENT = 100.0
WIDE = 1e5  # A Parameter whose range is wider has no position; its value is read as one.
POINTER = MappingProxyType({"mousex": "/pointer/x", "mousey": "/pointer/y"})
POINTER_ON = "/pointer/on"


@dataclass(frozen=True, slots=True)
class Law:
    """What positions 0..1 mean: from `low` to `high`, in equal ratios where `ratio`; `rest` where nothing moves."""

    low: float
    high: float
    rest: float
    ratio: bool = False

    def at(self, position: float) -> float:
        position = min(max(position, 0.0), 1.0)
        if self.ratio:
            return self.low * math.pow(self.high / self.low, position)
        return self.low + (self.high - self.low) * position


LAWS = MappingProxyType(
    {
        "cut": Law(*CUT, rest=CUT[0] * (CUT[1] / CUT[0]) ** 0.71, ratio=True),
        "res": Law(0, 100, rest=50),
        "env": Law(0, 100, rest=50),
        "dist": Law(1, 20, rest=1, ratio=True),
        "amp": Law(0, 2, rest=1),
        "lpf": Law(20, 20_000, rest=20_000, ratio=True),
        "hpf": Law(20, 20_000, rest=20, ratio=True),
    }
)


class Inputs:
    """Where the positions come from. Attributes: `controllers` (MIDI controller number -> 0..1)."""

    def __init__(self, tree: Tree) -> None:
        self.controllers: dict[int, float] = {}
        self._tree = tree

    def knows(self, source: str) -> bool:
        """Return whether there is such an input, moving or not."""
        return not source.startswith("/") or isinstance(self._tree.find(source), Parameter)

    def position(self, source: str) -> float | None:
        """Return where an input stands, 0..1; None while it is off or unknown."""
        if source in POINTER:
            return self._at(POINTER[source]) if self._at(POINTER_ON) else None
        if source.startswith("cc"):
            return self.controllers.get(int(source[2:]))
        return self._at(source)

    def _at(self, address: str) -> float | None:
        found = self._tree.find(address)
        if not isinstance(found, Parameter):
            return None
        curve = found.curve
        if isinstance(curve, Linear) and curve.high - curve.low > WIDE:
            return min(max(found.value, 0.0), 1.0)
        return found.position

    def value(self, kind: str, argument: Argument) -> float:
        """Return what an argument of a kind (cut, dist, ...) is worth; cut and filters in Hz."""
        law = LAWS[kind]
        if argument.source:
            position = self.position(argument.source)
            return law.rest if position is None else law.at(position)
        if kind == "cut" and argument.value <= PERCENT:
            return law.at(argument.value / PERCENT)
        return argument.value
