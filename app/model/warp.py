"""Dynamic time warping: how far apart two movements are when either may hurry or linger.

Two forms are needed. `distance` compares two whole movements within a band, and gives up as soon as the answer
cannot matter. `Column` follows a stream: it compares every template with the best stretch of the stream that ends
now, wherever that began, in one pass over the templates per frame instead of one over every window.

Sources: Sakoe and Chiba, 1978 (band); Rakthanmanon and others, 2012 (early abandoning); Sakurai, Faloutsos and
Yamamuro, Stream Monitoring under the Time Warping Distance, 2007.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.model.base import Floats

INFINITE = float("inf")


def distance(one: NDArray[Any], other: NDArray[Any], radius: int, limit: float = INFINITE) -> float:
    """Return the cost of the best path between movements (n, width) and (m, width): the sum of its distances.

    The path keeps within `radius` points of the diagonal. Infinite if it would cost more than `limit`.
    """
    gaps = np.sqrt(((one[:, None, :] - other[None, :, :]) ** 2).sum(axis=2)).tolist()
    count, width = len(one), len(other)
    slope = (width - 1) / max(count - 1, 1)
    reach = max(radius, slope, 1.0)
    before = [0.0] + [INFINITE] * width
    for row, costs in enumerate(gaps):
        centre = row * slope
        first = max(0, int(np.ceil(centre - reach)))
        last = min(width - 1, int(centre + reach))
        now = [INFINITE] * (width + 1)
        for column in range(first, last + 1):
            now[column + 1] = costs[column] + min(before[column], before[column + 1], now[column])
        if min(now) > limit:
            return INFINITE
        before = now
    return before[width]


class Column:
    """The costs of all templates' points, each for the best stretch of the stream that ends at that point now.

    Attributes: `ends` (templates,) the cost of each whole template, infinite before the first frame.
    """

    def __init__(self, templates: Sequence[Floats]) -> None:
        """`templates`: movements (length, width), lengths may differ."""
        self._lengths = np.array([len(template) for template in templates], np.intp)
        longest = int(self._lengths.max())
        # A shorter template is filled up with its last point; only its own end is ever read.
        filled = [np.vstack([t, np.repeat(t[-1:], longest - len(t), axis=0)]) for t in templates]
        self._points = np.ascontiguousarray(np.stack(filled, axis=1))  # (longest, templates, width)
        self._last = (self._lengths - 1) * len(templates) + np.arange(len(templates))
        self._costs = np.full(self._points.shape[:2], INFINITE)
        self.ends: Floats = np.full(len(templates), INFINITE)

    def reset(self) -> None:
        """Forget the stream."""
        self._costs.fill(INFINITE)
        self.ends = np.full(len(self._lengths), INFINITE)

    def feed(self, frame: Floats) -> Floats:
        """Hear a frame (width,); return `ends`."""
        gaps = self._points - frame
        apart = np.sqrt(np.einsum("ijk,ijk->ij", gaps, gaps))
        costs = self._costs
        held = np.minimum(costs[1:], costs[:-1])  # the frame before stood at this point, or at the one before it
        costs[0] = before = apart[0]  # a match may begin at any frame
        for row in range(1, len(costs)):
            # ... or this very frame passes both points.
            before = np.add(apart[row], np.minimum(held[row - 1], before), out=costs[row])
        self.ends = costs.take(self._last)
        return self.ends
