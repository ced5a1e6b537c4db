"""The tempo and the place of a MIDI clock, made smooth.

A clock message comes 24 times a quarter note and is early or late by milliseconds. A straight line through the last
two bars of them tells the tempo to a hundredth, where two neighbours tell it to several BPM; when the master changes
its tempo, the line starts anew from the messages that no longer fit.
Source: MIDI 1.0 (system real time messages; song position in sixteenths).
"""

from __future__ import annotations

from collections import deque

import numpy as np

PER_BEAT = 24
MOST = 8 * PER_BEAT  # Two bars of four.
FEW = 4  # Messages before there is a tempo.
MISFITS = 6  # So many in a row off to one side are another tempo and no jitter.
OFF_S = 0.005
LOST_S = 0.5  # Without a message for so long there is no clock.
SLOWEST, FASTEST = 20.0, 300.0


class ClockFollower:
    """Follows the clock of one master.

    Attributes: `running` (between start and stop), `bpm` (None: not known yet), `jitter_ms` (root mean square),
    `started` (counts starts and continues).
    """

    def __init__(self) -> None:
        self.running = False
        self.bpm: float | None = None
        self.jitter_ms = 0.0
        self.started = 0
        self._ticks: deque[tuple[int, float]] = deque(maxlen=MOST)
        self._count = 0  # Of the next message since the song began.
        self._song = 0
        self._line = (0.0, 0.0)  # Seconds at message 0, seconds a message.
        self._fresh = False

    def take(self, data: tuple[int, ...], seconds: float) -> bool:
        """Take a MIDI message; return whether it belongs to the clock."""
        match data:
            case (0xF8,):
                self._tick(seconds)
            case (0xFA,):
                self._begin(0)
            case (0xFB,):
                self._begin(self._song)
            case (0xFC,):
                self.running = False
                self._song = self._count
            case (0xF2, low, high):
                self._song = (low + 128 * high) * PER_BEAT // 4
            case _:
                return False
        return True

    def _begin(self, count: int) -> None:
        self.running = True
        self.started += 1
        if self._ticks:  # The tempo goes on; only the numbers are others.
            shift = count - self._count
            self._ticks = deque(((number + shift, at) for number, at in self._ticks), maxlen=MOST)
        self._count = count
        self._fresh = False

    def _tick(self, seconds: float) -> None:
        if self._ticks and seconds - self._ticks[-1][1] > LOST_S:
            self._ticks.clear()
        self._ticks.append((self._count, seconds))
        self._count += 1
        self._fresh = False

    def beat_at(self, seconds: float) -> float | None:
        """Return the master's beat at a time of the clock; None while its tempo is not known."""
        self._fit()
        if self.bpm is None:
            return None
        start, step = self._line
        return (seconds - start) / step / PER_BEAT

    def tend(self, seconds: float) -> None:
        """Notice that the master fell silent, and look at the newest messages."""
        if self._ticks and seconds - self._ticks[-1][1] > LOST_S:
            self._ticks.clear()
            self.bpm, self._fresh = None, False
        self._fit()

    def _fit(self) -> None:
        if self._fresh:
            return
        self._fresh = True
        if len(self._ticks) < FEW:
            self.bpm = None if not self._ticks else self.bpm
            return
        numbers, times = (np.array(column, float) for column in zip(*self._ticks, strict=True))
        if self._strayed(numbers, times):
            self._ticks = deque(list(self._ticks)[-MISFITS:], maxlen=MOST)
            numbers, times = numbers[-MISFITS:], times[-MISFITS:]
        step, start = np.polyfit(numbers - numbers[-1], times - times[-1], 1)
        off = times - times[-1] - start - step * (numbers - numbers[-1])
        self.jitter_ms = float(np.sqrt(np.mean(off**2)) * 1000)
        bpm = 60.0 / (step * PER_BEAT) if step > 0 else 0.0
        if SLOWEST <= bpm <= FASTEST:
            self.bpm = float(bpm)
            self._line = (float(times[-1] + start - step * numbers[-1]), float(step))

    def _strayed(self, numbers: np.ndarray, times: np.ndarray) -> bool:
        """Whether the newest messages all miss the line of those before, to one side."""
        if len(numbers) < 3 * MISFITS:
            return False
        step, start = np.polyfit(numbers[:-MISFITS], times[:-MISFITS], 1)
        off = times[-MISFITS:] - start - step * numbers[-MISFITS:]
        return bool(abs(off.mean()) > OFF_S and (np.all(off > 0) or np.all(off < 0)))
