"""Gliding from one setting to another: the way is made on the faders, so a knob moves as a hand would move it.

Positions are glided, not values: half-way between 100 Hz and 1600 Hz is 400 Hz where the knob says so. Choices cannot
glide and change at the beginning, as what is struck there shall already be the new sound.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.parameter import Curve, Steps


@dataclass(frozen=True, slots=True)
class Morph:
    """A way in time.

    Attributes: `begins_s` (seconds of the clock), `lasts_s`, `start` and `goal` (knob index -> number), `curves`.
    """

    begins_s: float
    lasts_s: float
    start: Mapping[int, float]
    goal: Mapping[int, float]
    curves: Sequence[Curve]

    def share(self, seconds: float) -> float:
        """Return how much of the way is made at a time, 0..1."""
        if self.lasts_s <= 0:
            return float(seconds >= self.begins_s)
        return min(max((seconds - self.begins_s) / self.lasts_s, 0.0), 1.0)

    def at(self, seconds: float) -> dict[int, float]:
        """Return where each knob is at a time; nothing before it begins."""
        if seconds < self.begins_s:
            return {}
        share = self.share(seconds)
        return {place: self._one(place, share) for place in self.goal}

    def without(self, places: frozenset[int]) -> Morph:
        """Return the way without some knobs, which a hand has taken over."""
        goal = {place: number for place, number in self.goal.items() if place not in places}
        return Morph(self.begins_s, self.lasts_s, self.start, goal, self.curves)

    def _one(self, place: int, share: float) -> float:
        curve, start, goal = self.curves[place], self.start[place], self.goal[place]
        if share >= 1.0 or isinstance(curve, Steps):
            return goal
        here, there = curve.position(start), curve.position(goal)
        return curve.value(here + (there - here) * share)
