"""Frames of a JACK server as seconds of our clock, and back, finer than a frame.

A cycle wakes us when its first frame comes, or later when the machine is busy. So of half a second of wake-ups only a
prompt one is believed, and a straight line through those of the last half minute tells both where a frame lies and how
the sound card's crystal differs from the computer's. JACK's own conversion follows each wake-up and moves by many
frames when one is late.
"""

from __future__ import annotations

from collections import deque
from itertools import islice
from statistics import median

WINDOW_S = 0.5
MOST = 60  # Windows: half a minute.
FEW = 8  # Windows before the crystals' difference is believed.
PROMPT = 0.1  # Rank among a window's wake-ups; the very first is some microseconds of luck.
FAR_S = 0.001  # A window so far off the line: the server stumbled, and its frames have another place in time.
STRAY_S = 0.00005  # A window so far off the others tells nothing.
WRAP = 1 << 32

Low = tuple[int, float]  # Frame, and by how much its wake-up is later than frames alone would tell.


class Ruler:
    """Attributes: `rate` (frames a second)."""

    def __init__(self, rate: int) -> None:
        self.rate = rate
        self._frame = 0  # Of the newest cycle, counted on where JACK's 32 bits begin anew (after a day).
        self._lows: deque[Low] = deque(maxlen=MOST)
        self._window: list[float] = []
        self._began = 0
        self._misfits: list[Low] = []
        self._anchor, self._late, self._slope = 0, 0.0, 0.0

    def mark(self, frame: int, seconds: float) -> int:
        """Take the first frame of a cycle (32 bits) and when it woke us; return the frame, counted on."""
        self._frame += (frame - self._frame) % WRAP
        late = seconds - self._frame / self.rate
        if not self._window:
            self._began = self._frame
        self._window.append(late)
        if not self._lows:  # Until something better is known.
            self._anchor, self._late = self._frame, min(self._window)
        if self._frame - self._began >= WINDOW_S * self.rate:
            self._window.sort()
            self._take((self._frame, self._window[int(PROMPT * len(self._window))]))
            self._window.clear()
        return self._frame

    def frame_at(self, seconds: float) -> float:
        """Return the frame at a time of the clock, counted on as by `mark`."""
        return (seconds - self._late + self._slope * self._anchor) / (1 / self.rate + self._slope)

    def seconds_at(self, frame: float) -> float:
        """Return when a frame comes, in seconds of the clock."""
        return frame / self.rate + self._expected(frame)

    def _expected(self, frame: float) -> float:
        return self._late + self._slope * (frame - self._anchor)

    def _take(self, low: Low) -> None:
        """Take what a window told; one that is far off is believed if the next one says the same."""
        away = low[1] - self._expected(low[0])
        if self._lows and abs(away) > FAR_S:
            self._misfits.append(low)
            if len(self._misfits) < 2:
                return
            self._lows = deque(((frame, late + away) for frame, late in self._lows), maxlen=MOST)
        else:
            self._lows.append(low)
        self._misfits.clear()
        self._fit()

    def _fit(self) -> None:
        """Lay the line through what agrees."""
        lows = list(self._lows)
        self._anchor = lows[-1][0]
        if len(lows) < FEW:
            self._late, self._slope = median(late for _, late in lows), 0.0
            return
        half = len(lows) // 2
        pairs = zip(lows, islice(lows, half, None), strict=False)
        self._slope = median((last - first) / (end - begin) for (begin, first), (end, last) in pairs)
        self._late = median(late - self._slope * (frame - self._anchor) for frame, late in lows)
        agreed = [low for low in lows if abs(low[1] - self._expected(low[0])) < STRAY_S]
        if len(agreed) >= FEW:
            self._late, self._slope = _line(agreed, self._anchor)


def _line(lows: list[Low], anchor: int) -> tuple[float, float]:
    """Return height at the anchor and slope of the line of least squares."""
    count = len(lows)
    middle = sum(frame - anchor for frame, _ in lows) / count
    height = sum(late for _, late in lows) / count
    width = sum((frame - anchor - middle) ** 2 for frame, _ in lows)
    slope = sum((frame - anchor - middle) * (late - height) for frame, late in lows) / width
    return height - slope * middle, slope
