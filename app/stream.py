"""Sources that speak all the time: sensors and learners' outputs, told from hands by the range they keep to.

A hand is quiet until somebody moves it. A sensor is never quiet, so it counts as moved only when it leaves by far what
it said before anybody asked.
"""

from __future__ import annotations

from app.binding import Source
from app.guess import Heard

SETTLE_S = 0.5  # What comes in unasked so soon is a stream.
MARGIN = 0.25
LEAST = 0.01
MOST = 1024


class Streams:
    """The ranges of what comes in unasked."""

    def __init__(self) -> None:
        self._ranges: dict[Source, tuple[float, float]] = {}
        self._began = float("-inf")

    def begin(self, seconds: float) -> None:
        """Forget all and listen anew."""
        self._ranges.clear()
        self._began = seconds

    def swallows(self, one: Heard, is_asked: bool) -> bool:
        """Return whether a value is only what its source says all the time; `is_asked`: a hand is waited for now."""
        known = self._ranges.get(one.source)
        settled = one.seconds - self._began > SETTLE_S
        if known is None and (is_asked or settled or len(self._ranges) >= MOST):
            return False
        low, high = known or (one.value, one.value)
        margin = MARGIN * max(high - low, abs(high), abs(low), LEAST)
        if is_asked and not low - margin <= one.value <= high + margin:
            del self._ranges[one.source]
            return False
        self._ranges[one.source] = (min(low, one.value), max(high, one.value))
        return True
