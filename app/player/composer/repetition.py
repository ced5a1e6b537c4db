"""What comes again and again: the repetition penalty that keeps the Composer from getting stuck.

A network that hears its own output can lock onto one note or one bar: every repeat makes the next one likelier. Two
things are watched over four common bars, a loop of any length (steps in a row that are those of some steps before)
and narrow material (many strikes on few pitches). Each drives a penalty in nats that grows while it lasts and fades
by half in two bars once the music moves. A loop lowers the keys that would continue it, narrow material lowers keys
by their share of what was struck lately: the frequency penalty of language models, but gated, because music may repeat.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from app.player.composer.feature import HISTORY, PITCHES, Bytes, Floats

BAR = 16  # steps
ENOUGH = 10  # different pitches in the window: from here on nothing is narrow
STRIKES_EACH = 2  # strikes per pitch that make a window narrow at all: few notes are few pitches
FADE: float = 0.5 ** (1.0 / (2 * BAR))
MOST = 12.0  # nats, at a drive of 1 that lasts; it goes by the square, so what is a little narrow is hardly touched
LOOP = 2 * BAR  # steps of a loop beyond the allowed ones: the full drive

_LAG = np.arange(1, HISTORY + 1)
_ALLOWED = np.maximum(BAR, 2 * _LAG)  # a pattern may be heard three times


@dataclass(frozen=True, slots=True, eq=False)
class Repetition:
    """The memory of the penalty; a value: `advance` returns the next one, so undoing is keeping the old one.

    Attributes:
        rows: checksum of the strikes of the last 64 steps, newest first, -1 before the first, shape (64,).
        counts: their numbers of strikes, shape (64,).
        again: for each lag of 1..64 steps, how many steps in a row were those of that lag before, shape (64,).
        since: steps since each key was struck, at most 255, shape (88,).
        mass: strikes of each key, those of two bars ago by half, shape (88,).
        lag: of the loop last seen, in steps. loop, narrow: present penalties in nats, 0..12.
    """

    rows: NDArray[np.int64]
    counts: Bytes
    again: NDArray[np.int64]
    since: Bytes
    mass: Floats
    lag: int = BAR
    loop: float = 0.0
    narrow: float = 0.0

    @classmethod
    def none(cls) -> Repetition:
        """Return the memory before the first note."""
        zeros = np.zeros(HISTORY, np.int64)
        keys = np.zeros(PITCHES, np.float32)
        return cls(zeros - 1, zeros.astype(np.uint8), zeros, np.full(PITCHES, 255, np.uint8), keys)

    def advance(self, struck: NDArray[np.bool_]) -> Repetition:
        """Return the memory after one more step, whose struck keys are given, shape (88,)."""
        row = crc32(struck.tobytes())
        again = np.where(self.rows == row, self.again + 1, 0)
        since = np.where(struck, 0, np.minimum(self.since, 254) + 1).astype(np.uint8)
        counts = _pushed(self.counts, int(np.count_nonzero(struck)))
        beyond = again - _ALLOWED
        place = int(beyond.argmax())
        late = int(beyond[place])
        return Repetition(
            rows=_pushed(self.rows, row),
            counts=counts,
            again=again,
            since=since,
            mass=self.mass * np.float32(FADE) + struck,
            lag=place + 1 if late > 0 else self.lag,
            loop=_drawn(self.loop, late / LOOP),
            narrow=_drawn(self.narrow, _shortage(since, counts)),
        )

    def penalty(self, recent: tuple[NDArray[np.bool_], ...], strength: float) -> Floats | None:
        """Return by how many nats each key's logit is lowered in the coming step, shape (88,); None for not at all.

        Args:
            recent: strikes of the last steps, oldest first, as in `FeatureState`.
            strength: 0 is off, 1 the full penalty.
        """
        if strength <= 0.0 or max(self.loop, self.narrow) < 0.01:
            return None
        lowered = self.mass * (self.narrow / max(1.0, float(self.mass.max())))
        if self.lag <= len(recent):
            lowered = np.maximum(lowered, np.where(recent[-self.lag], self.loop, 0.0))
        return np.asarray(lowered * strength, np.float32)


def _drawn(level: float, drive: float) -> float:
    """Return a penalty one step on, drawn towards `MOST` times the square of a drive of 0..1."""
    return level * FADE + (1.0 - FADE) * MOST * min(1.0, max(0.0, drive)) ** 2


def _shortage(since: Bytes, counts: Bytes) -> float:
    """Return how narrow the window is, 0..1: the share of the pitches to be expected that are missing."""
    pitches = int(np.count_nonzero(since < HISTORY))
    enough = max(1, min(ENOUGH, int(counts.sum(dtype=np.int64)) // STRIKES_EACH))
    return max(0, enough - pitches) / enough


def _pushed(values: NDArray[Any], newest: int) -> NDArray[Any]:
    pushed = np.empty_like(values)
    pushed[0], pushed[1:] = newest, values[:-1]
    return pushed
