"""The kinds of processing of an input, each a small class with a memory.

A step takes one frame's values and answers with what comes out now, or None. Time is that of the frames,
so the same take gives the same result on stage, in a test and when a recording is read again. A step invents no values:
until it has heard enough it answers nothing.
"""

from __future__ import annotations

import math
from collections import deque
from typing import Protocol

import numpy as np

from app.frame import Names, Values

SLACK_S = 1e-6  # Times that should fall together differ by rounding.


class Step(Protocol):
    """One kind of processing."""

    def names(self, names: Names) -> Names:
        """Return the names of what comes out for the names of what goes in; ValueError if they do not suit."""

    def feed(self, values: Values, seconds: float) -> Values | None:
        """Take one frame's values; return what comes out, None if nothing does now."""

    def reset(self) -> None:
        """Forget what was fed."""


class Smooth:
    """A one-pole low-pass that follows the time of the frames, not their number."""

    def __init__(self, time: float) -> None:
        """`time` in ms: after so long 63 % of a jump are made."""
        self._time_s = time / 1000
        self.reset()

    def reset(self) -> None:
        self._state: Values | None = None
        self._seconds = 0.0

    def names(self, names: Names) -> Names:
        return names

    def feed(self, values: Values, seconds: float) -> Values:
        if self._state is None or self._time_s <= 0:
            self._state = values
        else:
            share = -math.expm1(-max(seconds - self._seconds, 0.0) / self._time_s)
            self._state = self._state + (values - self._state) * np.float32(share)
        self._seconds = seconds
        return self._state


class Window:
    """Statistics over the last frames; while there are fewer, over those.

    Put out in this order: the values themselves, minimum, maximum, mean, (population) standard deviation.
    """

    STATISTICS = (("minimum", np.min), ("maximum", np.max), ("mean", np.mean), ("deviation", np.std))

    def __init__(self, frames: float, keep: float = 0, **wanted: float) -> None:
        self._limit, self._keep = int(frames), bool(keep)
        self._statistics = [(name, measure) for name, measure in self.STATISTICS if wanted.get(name)]
        if not self._statistics:
            raise ValueError("window: switch on at least one of minimum, maximum, mean, deviation")
        self.reset()

    def reset(self) -> None:
        self._ring: Values | None = None
        self._count = 0

    def names(self, names: Names) -> Names:
        kept = names if self._keep else ()
        return kept + tuple(f"{name} {statistic}" for statistic, _ in self._statistics for name in names)

    def feed(self, values: Values, seconds: float) -> Values:
        if self._ring is None:
            self._ring = np.empty((self._limit, values.size), np.float32)
        self._ring[self._count % self._limit] = values
        self._count += 1
        there = self._ring[: self._count]
        parts = [values] if self._keep else []
        parts += [measure(there, axis=0) for _, measure in self._statistics]
        return np.concatenate(parts)


class Average:
    """The mean of the last frames; while there are fewer, of those."""

    def __init__(self, frames: float) -> None:
        self._window = Window(frames, mean=1)

    def reset(self) -> None:
        self._window.reset()

    def names(self, names: Names) -> Names:
        return names

    def feed(self, values: Values, seconds: float) -> Values:
        return self._window.feed(values, seconds)


class Difference:
    """How values change from frame to frame, and how their change changes. Begins when there is enough."""

    def __init__(self, first: float, second: float, keep: float) -> None:
        self._first, self._second, self._keep = bool(first), bool(second), bool(keep)
        if not (first or second):
            raise ValueError("difference: switch on first, second or both")
        self.reset()

    def reset(self) -> None:
        self._past: deque[Values] = deque(maxlen=3 if self._second else 2)

    def names(self, names: Names) -> Names:
        kept = names if self._keep else ()
        first = tuple(f"{name} diff" for name in names) if self._first else ()
        return kept + first + (tuple(f"{name} diff2" for name in names) if self._second else ())

    def feed(self, values: Values, seconds: float) -> Values | None:
        self._past.append(values)
        if len(self._past) < (self._past.maxlen or 0):
            return None
        parts = [values] if self._keep else []
        if self._first:
            parts.append(values - self._past[-2])
        if self._second:
            parts.append(values - 2 * self._past[-2] + self._past[-3])
        return np.concatenate(parts)


class History:
    """The last frames side by side, the newest first. Begins when there are enough."""

    def __init__(self, frames: float) -> None:
        self._limit = int(frames)
        self.reset()

    def reset(self) -> None:
        self._past: deque[Values] = deque(maxlen=self._limit)

    def names(self, names: Names) -> Names:
        return names + tuple(f"{name} -{back}" for back in range(1, self._limit) for name in names)

    def feed(self, values: Values, seconds: float) -> Values | None:
        self._past.appendleft(values)
        return np.concatenate(tuple(self._past)) if len(self._past) == self._limit else None


class Decimate:
    """Every n-th frame, the first included."""

    def __init__(self, every: float) -> None:
        self._every = int(every)
        self.reset()

    def reset(self) -> None:
        self._count = 0

    def names(self, names: Names) -> Names:
        return names

    def feed(self, values: Values, seconds: float) -> Values | None:
        self._count += 1
        return values if (self._count - 1) % self._every == 0 else None


class Interval:
    """One frame at an interval: the newest, or the mean of those that came since the last."""

    def __init__(self, time: float, of: float) -> None:
        """`time` in ms; `of`: 0 the newest, 1 the mean."""
        self._interval_s, self._mean = time / 1000, bool(of)
        self.reset()

    def reset(self) -> None:
        self._sum: np.ndarray | None = None
        self._count = 0
        self._due = -math.inf

    def names(self, names: Names) -> Names:
        return names

    def feed(self, values: Values, seconds: float) -> Values | None:
        if self._due == -math.inf and self._mean:
            self._due = seconds + self._interval_s
        if self._mean:
            self._sum = values.astype(np.float64) if self._sum is None else self._sum + values
            self._count += 1
        if seconds < self._due - SLACK_S:
            return None
        late_s = max(seconds - self._due, 0.0)
        self._due = seconds + self._interval_s - (late_s if late_s < self._interval_s else 0.0)
        if self._sum is not None:
            values = (self._sum / self._count).astype(np.float32)
            self._sum, self._count = None, 0
        return values


class Event:
    """One frame per sound or gesture: the mean of its frames from onset to offset.

    It begins when the watched level rises above one threshold and ends when it falls below another, lower one.
    The level is the size of one value, or of the whole frame (the root of the mean square).
    """

    def __init__(
        self, watch: float, above: float, below: float, shortest: float, longest: float, leave_out: float
    ) -> None:
        """`watch`: which value, from 1; 0 is the whole frame. `shortest` and `longest` in ms, 0 is no limit."""
        self._watch, self._above, self._below = int(watch), above, min(below, above)
        self._shortest_s, self._longest_s = shortest / 1000, longest / 1000 or math.inf
        self._leave_out = bool(leave_out and watch)
        self.reset()

    def reset(self) -> None:
        self._sum: np.ndarray | None = None
        self._count = 0
        self._began = 0.0

    def names(self, names: Names) -> Names:
        if self._watch > len(names):
            raise ValueError(f"event: there are {len(names)} values, so none is number {self._watch} to be watched")
        return names[: self._watch - 1] + names[self._watch :] if self._leave_out else names

    def feed(self, values: Values, seconds: float) -> Values | None:
        level = self._level(values)
        if self._sum is None:
            if level > self._above:
                self._begin(values, seconds)
            return None
        if level < self._below:
            return self._end(seconds)
        if seconds - self._began >= self._longest_s - SLACK_S:
            part = self._end(seconds)
            self._begin(values, seconds)
            return part
        self._sum += values
        self._count += 1
        return None

    def _level(self, values: Values) -> float:
        if self._watch:
            return abs(float(values[self._watch - 1]))
        return math.sqrt(float(values.dot(values)) / values.size)

    def _begin(self, values: Values, seconds: float) -> None:
        self._sum, self._count, self._began = values.astype(np.float64), 1, seconds

    def _end(self, seconds: float) -> Values | None:
        total, self._sum = self._sum, None
        if total is None or seconds - self._began < self._shortest_s - SLACK_S:
            return None
        mean: Values = (total / self._count).astype(np.float32)
        return np.delete(mean, self._watch - 1) if self._leave_out else mean
