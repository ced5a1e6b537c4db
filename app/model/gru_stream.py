"""Endless practice for the recurrent network: streams made of the takes and of everything that is not a gesture.

A performer records a handful of takes and nothing of what lies between them, so that is made up: ways from the end
of one gesture to the beginning of another, pauses, gestures broken off, wandering about, and whatever was recorded
under no label. Takes are varied in speed, size and place, as no one ever moves twice in the same way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from app.model.base import Floats, Integers

IGNORED = -1  # no answer is asked: a gesture that has only begun may be any
BEGINNING = 0.4  # share of a gesture in which no answer is asked
AFTER = 2  # frames after a gesture in which no answer is asked
NOISE = 0.04


@dataclass(slots=True, eq=False)
class Practice:
    """Makes streams.

    Attributes: `takes` (each (length, width), scaled), `places` (takes,) of their classes, 0 for none, `random`.
    """

    takes: Sequence[Floats]
    places: Integers
    random: np.random.Generator

    def stream(self, length: int) -> tuple[Floats, Integers]:
        """Return frames (length, width) and the answers wanted (length,)."""
        first, none = _none(self._still(self._anywhere()))
        frames, wanted, count = [first], [none], len(first)
        while count < length + 1:
            for piece, answer in self._next(frames[-1][-1]):
                frames.append(piece)
                wanted.append(answer)
                count += len(piece)
        offset = int(self.random.integers(0, max(1, count - length)))
        joined, answers = np.concatenate(frames), np.concatenate(wanted)
        joined = joined + NOISE * self.random.standard_normal(joined.shape)
        return joined[offset : offset + length], answers[offset : offset + length]

    def _next(self, here: Floats) -> list[tuple[Floats, Integers]]:
        """Return what comes after the body was somewhere: (frames, answers) one after another."""
        if self.random.random() < 0.2:
            return [_none(self._wander(here))]
        take = self._varied(chosen := int(self.random.integers(len(self.takes))))
        pieces = []
        if self.random.random() < 0.85:  # at times one gesture begins where another ended
            pieces.append(_none(self._way(here, take[0])))
        if self.random.random() < 0.4:
            pieces.append(_none(self._still(take[0])))
        place = int(self.places[chosen])
        if place and self.random.random() < 0.2:
            return [*pieces, _none(take[: max(2, int(self.random.uniform(0.1, 0.35) * len(take)))])]
        pieces.append(_gesture(take, place) if place else _none(take))
        if place:
            rest = self._still(take[-1])[:AFTER]
            pieces.append((rest, np.full(len(rest), IGNORED)))
        return pieces

    def _anywhere(self) -> Floats:
        take = self.takes[int(self.random.integers(len(self.takes)))]
        return np.asarray(take[int(self.random.integers(len(take)))])

    def _varied(self, chosen: int) -> Floats:
        take, random = self.takes[chosen], self.random
        length = max(3, round(len(take) * random.uniform(0.75, 1.33)))
        middle = take.mean(axis=0)
        moved = 0.1 * random.standard_normal(take.shape[1])
        return np.asarray((stretched(take, length) - middle) * random.uniform(0.85, 1.15) + middle + moved)

    def _way(self, here: Floats, there: Floats) -> Floats:
        """Go from one place to another, slowly at both ends, not quite straight."""
        length = int(self.random.integers(3, 16))
        share = np.linspace(0.0, 1.0, length)[:, None]
        bow = 0.3 * self.random.standard_normal(here.shape) * np.sin(np.pi * share)
        return np.asarray(here + (there - here) * (share * share * (3.0 - 2.0 * share)) + bow)

    def _still(self, here: Floats) -> Floats:
        return np.repeat(here[None], int(self.random.integers(2, 16)), axis=0)

    def _wander(self, here: Floats) -> Floats:
        """Move smoothly through the space in which the takes lie."""
        stops = [here, *(self._anywhere() + 0.3 * self.random.standard_normal(here.shape) for _ in range(3))]
        return np.concatenate([self._way(one, other) for one, other in pairwise(stops)])


def _none(frames: Floats) -> tuple[Floats, Integers]:
    return frames, np.zeros(len(frames), np.int64)


def _gesture(take: Floats, place: int) -> tuple[Floats, Integers]:
    answers = np.full(len(take), place, np.int64)
    answers[: round(BEGINNING * len(take))] = IGNORED
    return take, answers


def stretched(take: Floats, length: int) -> Floats:
    """Return a movement (n, width) in another number of frames, by straight lines between its own."""
    at = np.linspace(0.0, len(take) - 1.0, length)
    return np.stack([np.interp(at, np.arange(len(take)), column) for column in take.T], axis=1)
