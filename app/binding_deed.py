"""What a source does to its target: lead it, turn it, set it, hold it, turn it over, pick from a row, fire it.

A line of the table of bindings is a source, a target and one of these. They are plain values that say what is meant;
`app.hand` carries them out, so that a session, the screen and a test read the same words.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.action import Argument


def bent(share: float, curve: float) -> float:
    """Return a share 0..1 on a curve from -1 (rises fast, then slowly) over 0 (straight) to 1 (slowly, then fast)."""
    return float(share ** (8.0**curve)) if curve else share


def bent_back(share: float, curve: float) -> float:
    """Return the share that `bent` takes to this one."""
    return float(share ** (8.0**-curve)) if curve else share


@dataclass(frozen=True, slots=True)
class Follow:
    """The target follows the source: source `low`..`high` covers the target's positions `start`..`end`.

    `curve` is between -1 and 1 (see `bent`). `take_over`: what happens where the hand and the target stand apart (see
    `app.take_over`), "" as is set for all.
    """

    low: float = 0.0
    high: float = 1.0
    start: float = 0.0
    end: float = 1.0
    curve: float = 0.0
    take_over: str = ""

    def position(self, value: float) -> float:
        """Return the target's position 0..1 for a source value."""
        span = self.high - self.low
        share = min(max((value - self.low) / span, 0.0), 1.0) if span else 0.0
        return self.start + bent(share, self.curve) * (self.end - self.start)

    def value(self, position: float) -> float:
        """Return the source value that puts the target at a position; the nearest if none does."""
        way = self.end - self.start
        share = min(max((position - self.start) / way, 0.0), 1.0) if way else 0.0
        return self.low + bent_back(share, self.curve) * (self.high - self.low)


@dataclass(frozen=True, slots=True)
class Turn:
    """An endless encoder moves the target between its positions `start` and `end`, backwards if `start` is the greater.

    `encoding` is one of `app.encoder`'s, `amount` the share of the range of one step, `acceleration` how much faster
    turning makes larger steps (0: not at all).
    """

    encoding: str = "twos"
    start: float = 0.0
    end: float = 1.0
    amount: float = 1 / 128
    acceleration: float = 1.0


@dataclass(frozen=True, slots=True)
class Step:
    """Each press adds `amount` to the target's value."""

    amount: float


@dataclass(frozen=True, slots=True)
class Put:
    """Each press sets the target to `value`, a number or the name of a choice."""

    value: float | str


@dataclass(frozen=True, slots=True)
class Hold:
    """The target is `value` while the source is down, and `rest` when it is let go."""

    value: float | str
    rest: float | str = 0.0


@dataclass(frozen=True, slots=True)
class Flip:
    """Each press turns a switch over, or takes the next name of a choice."""


@dataclass(frozen=True, slots=True)
class Pick:
    """The keys from the pitch `first` upwards choose among `values`, one each: the source says a pitch as p / 127.

    A Parameter is set to the value of the key, an Action is fired with it; other keys do nothing.
    """

    first: float = 36.0
    values: tuple[Argument, ...] = ()

    def chosen(self, value: float) -> Argument | None:
        """Return what a source value chooses, None for nothing."""
        place = round(value * 127 - self.first)
        return self.values[place] if 0 <= place < len(self.values) else None


@dataclass(frozen=True, slots=True)
class Fire:
    """Each press fires the target, an Action, with `arguments`, and with the source's value after them if `gives`."""

    arguments: tuple[Argument, ...] = ()
    gives: bool = False


Move = Follow | Turn | Step | Put | Hold | Flip | Pick | Fire
MOVES: dict[str, type[Move]] = {
    "follow": Follow,
    "turn": Turn,
    "step": Step,
    "put": Put,
    "hold": Hold,
    "flip": Flip,
    "pick": Pick,
    "fire": Fire,
}
