"""How the consistency is laid out: the useful stops at equal distances, from 0 at the bottom to 1 at the top.

What matters happens near 0, where a linear fader would have no room. A hand glides from stop to stop; a typed number
or a message may stand anywhere between.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from fractions import Fraction

from app.parameter import Linear

STOPS = tuple(float(Fraction(text)) for text in ("0", "1/32", "1/16", "1/8", "1/4", "1/3", "1/2", "2/3", "3/4", "1"))


@dataclass(frozen=True, slots=True)
class Stops:
    """A curve through stops, ascending. Values between are allowed; a position takes the nearest stop."""

    stops: tuple[float, ...] = STOPS

    def clamp(self, value: float) -> float:
        return min(max(value, self.stops[0]), self.stops[-1])

    def position(self, value: float) -> float:
        value = self.clamp(value)
        above = max(bisect_left(self.stops, value), 1)
        low, high = self.stops[above - 1], self.stops[above]
        return (above - 1 + (value - low) / (high - low)) / (len(self.stops) - 1)

    def value(self, position: float) -> float:
        return self.stops[round(min(max(position, 0.0), 1.0) * (len(self.stops) - 1))]

    def show(self, value: float) -> str:
        near = Fraction(value).limit_denominator(32)
        return str(near) if abs(float(near) - value) < 1e-9 else f"{value:.4g}"

    def read(self, text: str) -> float:
        head, slash, tail = text.partition("/")
        if slash and head.strip().isdigit() and tail.strip().isdigit() and int(tail):
            return int(head) / int(tail)
        return Linear(0.0, 1.0).read(text)
