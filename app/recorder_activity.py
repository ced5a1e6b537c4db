"""How much happened lately: counts in short spans, so that a performer finds the moment by its shape.

The counts cost a step of a list each; going through the tape for a picture every second would cost the music.
"""

from __future__ import annotations

from collections import deque

SPAN_S = 5.0
SPANS = 120  # Ten minutes.


class Activity:
    """Attributes: `spans` (what came in and what left in each, the newest last), `began` (seconds of the newest)."""

    def __init__(self, now: float) -> None:
        self.spans: deque[list[int]] = deque([[0, 0]], maxlen=SPANS)
        self.began = now

    def came(self) -> None:
        """Count something that came in."""
        self.spans[-1][0] += 1

    def left(self) -> None:
        """Count something that was sent."""
        self.spans[-1][1] += 1

    def tend(self, now: float) -> None:
        """Begin new spans as time passes; called once a second."""
        for _ in range(min(int((now - self.began) / SPAN_S), SPANS)):
            self.spans.append([0, 0])
        self.began += int((now - self.began) / SPAN_S) * SPAN_S

    def clear(self) -> None:
        """Forget everything."""
        self.spans.clear()
        self.spans.append([0, 0])

    def picture(self) -> tuple[tuple[int, int], ...]:
        """Return what came in and what left, span by span."""
        return tuple((came, left) for came, left in self.spans)
