"""One gesture of a hand: what moved, until it rests, and what the gestures before it said of the same hand.

A hand that is named instead of moved (an output of a player, a controller that lies at home) is a gesture, too.
"""

from __future__ import annotations

from collections.abc import Sequence

from app.action import Argument, finite
from app.binding import PLAYED, Source
from app.guess import KNOB, MOMENTARY, PRESS, Guess, Heard, guess

REST_S = 0.5  # A gesture is over when nothing moved for so long,
DOWN_S = 1.0  # or so long while a button may still be held.
MOST_HEARD = 256
SELECTS = ("cc98", "cc99", "cc100", "cc101")  # Choose a numbered parameter, and are nothing by themselves.


class Gesture:
    """Attributes: `moved` (since it began), `before` (what earlier gestures of the hand said), `last` (seconds)."""

    def __init__(self) -> None:
        self.moved: list[Heard] = []
        self.before: list[Heard] = []
        self.last = float("-inf")

    def add(self, fresh: Sequence[Heard], now: float) -> None:
        """Something moved."""
        self.moved += fresh
        del self.moved[:-MOST_HEARD]
        self.last = now

    def clear(self) -> None:
        """Forget what moved."""
        self.moved.clear()

    def named(self, now: float) -> None:
        """A hand was named: nothing moved, and nothing before it counts."""
        self.moved.clear()
        self.before.clear()
        self.last = now

    def rests(self, now: float) -> bool:
        """Return whether it is over."""
        return bool(self.moved) and now - self.last >= self._patience()

    def _patience(self) -> float:
        last = self.moved[-1]
        is_down = last.source.name.startswith(("cc", "note")) and last.value > 0 and len(self.moved) == 1
        return DOWN_S if is_down else REST_S

    def take(self) -> list[Heard]:
        """Return what moved and begin anew."""
        moved, self.moved = self.moved, []
        return moved

    def refine(self, moved: list[Heard]) -> Guess | None:
        """Return what the hand is, judged from all of its gestures."""
        self.before = (self.before + moved)[-MOST_HEARD:]
        return guess(self.before)


def named(arguments: tuple[Argument, ...]) -> Guess:
    """Read KIND NAME [INDEX] [KIND OF HAND] [CONTROLLER]; ValueError if that names no source."""
    if len(arguments) < 2:
        raise ValueError("give a kind and a name: output /listener/label/glass, or midi cc21 1")
    kind, name = str(arguments[0]), str(arguments[1])
    index = int(finite(arguments[2])) if len(arguments) > 2 else 0
    hand = str(arguments[3]) if len(arguments) > 3 else usual(kind, name)
    port = str(arguments[4]) if len(arguments) > 4 else ""
    return Guess(Source(kind, name, index, port), hand)


def usual(kind: str, name: str) -> str:
    """Return what a source that was named, and not moved, is taken for."""
    if kind == "key" or name.startswith("program") or (kind == "output" and "/label/" in name):
        return PRESS
    return MOMENTARY if kind == "midi" and name.startswith("note") and name != PLAYED else KNOB
