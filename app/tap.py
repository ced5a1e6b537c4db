"""Tempo from taps: the pace of a hand.

Each tap after the first gives a tempo at once and every further one makes it steadier; a pause begins anew.
"""

from __future__ import annotations

from statistics import median

PAUSE_S = 2.0  # Slower than 30 BPM is a new beginning.
MOST = 8
FAR = 0.3  # An interval that differs so much from the usual one is a slip, or the beginning of another tempo.


class Tap:
    """Attributes: `times` (of the taps that count, seconds)."""

    def __init__(self) -> None:
        self.times: list[float] = []
        self._odd = 0

    def tap(self, seconds: float) -> float | None:
        """Take a tap at a time of the clock; return the tempo in BPM, None after the first."""
        if self.times and not 0 < seconds - self.times[-1] < PAUSE_S:
            self.times.clear()
        if self._is_odd(seconds):
            self.times = self.times[-1:]
        self.times = [*self.times[-MOST + 1 :], seconds]
        if len(self.times) < 2:
            return None
        return 60.0 * (len(self.times) - 1) / (self.times[-1] - self.times[0])

    def _is_odd(self, seconds: float) -> bool:
        if len(self.times) < 3:
            return False
        steps = [after - before for before, after in zip(self.times, self.times[1:], strict=False)]
        usual = median(steps)
        return abs(seconds - self.times[-1] - usual) > FAR * usual
