"""When a pattern strikes: the closed formula of cycles, offset and ratios.

Every hit is computed from its number and never from the hit before it, so a pattern can be asked about any stretch
of time, at any tempo, as often as one likes, and always answers the same. Beats are rounded to a thousandth of a
millionth, so that a hit which belongs on a line is on it and falls into exactly one of two neighbouring stretches.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from fractions import Fraction

BAR = 4  # Beats in a bar of a program, whatever the transport counts.
DIGITS = 9
EARLY = 1e-6  # A hit that is this share of a tick early belongs to the tick.


@dataclass(frozen=True, slots=True)
class Pattern:
    """Cycles divided by ratios.

    Attributes: `cycles` a bar (0 or less: never strikes), `offset` in cycles (hits come that much earlier),
    `ratios` of the parts of a cycle (not negative), `places` (where in a cycle it strikes, 0..1, in order).
    """

    cycles: float = 1.0
    offset: float = 0.0
    ratios: tuple[float, ...] = (1.0,)
    places: tuple[float, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "places", _places(self.offset, self.ratios))

    def hits(self, start: float, end: float) -> list[float]:
        """Return the beats in [start, end) at which it strikes, in order: B = (k + ((b - o) mod 1)) / m bars."""
        if self.cycles <= 0 or not self.places:
            return []
        rate = self.cycles / BAR
        found: list[float] = []
        for place in self.places:
            number = math.ceil(start * rate - place - EARLY)
            while (beat := round((number + place) / rate, DIGITS)) < end:
                if beat >= start:
                    found.append(beat)
                number += 1
        return sorted(found)

    def row(self, grid: int, start: int = 0, ticks: int = 0) -> tuple[bool, ...]:
        """Return for each of `ticks` ticks (a bar unless given) from tick `start` on whether a hit falls into it."""
        ticks = ticks or grid
        hits = self.hits(beat_of(start, grid) - EARLY, beat_of(start + ticks, grid))
        struck = {tick_at(beat, grid) for beat in hits}
        return tuple(tick in struck for tick in range(start, start + ticks))


def _places(offset: float, ratios: tuple[float, ...]) -> tuple[float, ...]:
    """Return where a cycle is struck; parts of no length merge with the next, and none at all never strike."""
    parts = [_exact(ratio) for ratio in ratios]
    total = sum(parts)
    if not total:
        return ()
    early, reached = _exact(offset), Fraction(0)
    bounds: set[Fraction] = set()
    for part in parts:
        bounds.add((reached / total - early) % 1)
        reached += part
    return tuple(float(bound) for bound in sorted(bounds))


def _exact(number: float) -> Fraction:
    """Return a number as it was written: 0.1 is a tenth."""
    return Fraction(repr(float(number)))


def beat_of(tick: int, grid: int) -> float:
    """Return the beat at which a tick begins."""
    return round(tick * BAR / grid, DIGITS)


def tick_at(beat: float, grid: int) -> int:
    """Return the tick into which a beat falls."""
    return math.floor(grid * beat / BAR + EARLY)


def nearest_tick(beat: float, grid: int) -> int:
    """Return the tick that lies nearest to a beat."""
    return math.floor(grid * beat / BAR + 0.5)
