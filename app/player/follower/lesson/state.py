"""What a network sees at a tick, as a key to remember it by and as the values that go in.

The state of a tick is known one tick ahead: its place in the phrase, and what every source did in the bar before it.
As a key that is a few whole numbers, one bit a tick, so a thousand examples are small and can be compared; the
network sees -1 and 1 instead.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from app.model.base import Floats
from app.player.follower.lesson.shape import Shape

Key = tuple[int, ...]  # place in the phrase, then the past of each source: bit k is set if it hit k + 1 ticks before


class Example(NamedTuple):
    """What was right once. Attributes: `key` (the state), `target` (a hit), `teaching` (number of its teaching)."""

    key: Key
    target: bool
    teaching: int


def vector(key: Key, shape: Shape) -> Floats:
    """Return a state as the network sees it (inputs,), each -1 or 1: the tick, the bar, each source newest first."""
    seen = np.full(shape.inputs, -1.0)
    bar, tick = divmod(key[0], shape.grid)
    seen[tick] = 1.0
    start = shape.grid
    if shape.bars > 1:
        seen[start + bar] = 1.0
        start += shape.bars
    for past in key[1:]:
        while past:
            lowest = past & -past
            seen[start + lowest.bit_length() - 1] = 1.0
            past ^= lowest
        start += shape.grid
    return seen


def fits(key: Key, shape: Shape) -> bool:
    """Return whether a key is a state of a shape."""
    longest = 1 << shape.grid
    return len(key) == 1 + shape.sources and 0 <= key[0] < shape.phrase and all(0 <= past < longest for past in key[1:])


class History:
    """What the sources did in the last bar. Attributes: `tick` (the last one heard, None before the first)."""

    def __init__(self, shape: Shape) -> None:
        self.tick: int | None = None
        self._shape = shape
        self._pasts = [0] * shape.sources
        self._mask = (1 << shape.grid) - 1

    def follows(self, tick: int) -> bool:
        """Return whether a tick goes on from the last one, be it some phrases later."""
        return self.tick is None or (tick - self.tick - 1) % self._shape.phrase == 0

    def forget(self) -> None:
        """Begin with a bar of rests."""
        self.tick, self._pasts = None, [0] * self._shape.sources

    def hear(self, tick: int, sources: Sequence[bool]) -> None:
        """Take in a tick."""
        self.tick = tick
        self._pasts = [(past << 1 | bool(hit)) & self._mask for past, hit in zip(self._pasts, sources, strict=True)]

    def key(self, tick: int) -> Key:
        """Return the state of a tick; what was not heard since the last one counts as rests."""
        missed = 0 if self.tick is None or self.follows(tick) else max(0, min(tick - self.tick - 1, self._shape.grid))
        return tick % self._shape.phrase, *((past << missed) & self._mask for past in self._pasts)

    def moved(self, shape: Shape) -> History:
        """Return the same past for another shape; another grid begins with none."""
        other = History(shape)
        if shape.grid == self._shape.grid:
            other.tick = self.tick
            other._pasts = (self._pasts + [0] * shape.sources)[: shape.sources]
        return other
