"""How late events left, counted into narrow boxes: hours of music in a few kilobytes, and honest percentiles.

An average hides what is heard, one late note among a thousand; so the worst and the far percentiles are what is asked
for. Early and late by less than a box count as on time.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

STEP_MS = 0.02
BOXES = 5000  # Up to 100 ms; what is later is only counted and remembered as the worst.


class Lateness:
    """Attributes: `count`, `worst_ms`."""

    def __init__(self) -> None:
        self.count = 0
        self.worst_ms = 0.0
        self._boxes = np.zeros(BOXES + 1, np.int64)

    def add(self, samples_ms: Iterable[float]) -> None:
        """Take the lateness of events, in ms; a negative one is early."""
        given = np.fromiter(samples_ms, np.float64)
        if not len(given):
            return
        self.count += len(given)
        self.worst_ms = max(self.worst_ms, float(given.max()))
        boxes = np.clip(np.nan_to_num(np.abs(given) / STEP_MS), 0, BOXES).astype(np.int64)
        self._boxes += np.bincount(boxes, minlength=BOXES + 1)

    def percentile_ms(self, share: float) -> float:
        """Return the lateness that a share 0..1 of all events did not exceed, rounded up to a box; 0.0 if none left."""
        if not self.count:
            return 0.0
        box = int(np.searchsorted(np.cumsum(self._boxes), share * self.count))
        return self.worst_ms if box >= BOXES else min((box + 1) * STEP_MS, max(self.worst_ms, STEP_MS))

    def count_over(self, ms: float) -> int:
        """Return how many events were later than this, up to a box; what is above 100 ms counts as 100."""
        return int(self._boxes[min(int(ms / STEP_MS), BOXES) :].sum())

    def jitter_ms(self) -> float:
        """Return how far apart the 1st and the 99th percentile lie, in ms: how unsteady it was."""
        return self.percentile_ms(0.99) - self.percentile_ms(0.01)
