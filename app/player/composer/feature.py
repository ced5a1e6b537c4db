"""What the Composer's network is told about the past: features carried by hand from step to step.

The recent strikes, what sounds and since when, pitch-class memories, rates, velocities and the place in the bar are
kept outside the network, so that a freshly loaded model is at nearly full strength at once and a swap of models loses
nothing. Training runs the very same code over each piece, hence what is learnt is what is played.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

FEATURE_VERSION = 1
STEPS_PER_QUARTER = 4
LOWEST_PITCH, PITCHES = 21, 88
HISTORY = 64  # steps remembered: at least two of the longest bars

Floats = NDArray[np.float32]
Bytes = NDArray[np.uint8]
T = TypeVar("T", bound=np.generic)

_PLACES, _METRES, _LAGS = 24, 5, 4
_BLOCKS = 3 + _LAGS  # struck, sounding, age, then the strikes one lag ago
_SUMMARY = 6
SMALL = 5 * 12 + _SUMMARY + 4 + _PLACES + _METRES
WIDTH = _BLOCKS * PITCHES + SMALL
CLASS_BLOCKS = 5  # leading blocks of 12 in the small part: they turn when a piece is transposed

_PITCH_CLASS = (np.arange(PITCHES) + LOWEST_PITCH) % 12
_FOLD: Floats = np.eye(12, dtype=np.float32)[_PITCH_CLASS]
_AGE_SCALE: Floats = (np.log1p(np.arange(256)) / np.log(65.0)).astype(np.float32)


@dataclass(frozen=True, slots=True)
class Metre:
    """The time signature of a bar on the grid of sixteenths.

    Attributes:
        numerator: upper figure, 1 or more.
        denominator: lower figure, a power of two.
    """

    numerator: int = 4
    denominator: int = 4

    @property
    def bar(self) -> int:
        """Length of a bar in steps, at least 1 and at most the history."""
        return max(1, min(HISTORY, round(self.numerator * 16 / self.denominator)))

    @property
    def compound(self) -> bool:
        """Whether three eighths make a beat, as in 6/8."""
        return self.denominator >= 8 and self.numerator % 3 == 0 and self.numerator > 3

    @property
    def beat(self) -> int:
        """Length of a beat in steps."""
        return 6 if self.compound else 4

    @property
    def kind(self) -> int:
        """Class of metre for the network: common, triple, duple, compound, other."""
        if self.compound:
            return 3
        return {16: 0, 12: 1, 24: 1, 8: 2}.get(self.bar, 4)

    @property
    def lags(self) -> tuple[int, ...]:
        """How many steps ago the network looks for a pattern: one beat, two beats, one bar, two bars."""
        return self.beat, min(HISTORY, 2 * self.beat), self.bar, min(HISTORY, 2 * self.bar)


COMMON_TIME = Metre()


@dataclass(frozen=True, slots=True)
class FeatureState:
    """The past as the network sees it; a value: `advance` returns the next one, so undoing is keeping the old one.

    Attributes:
        struck: velocity 1..127 of each key struck in the last step, 0 elsewhere, shape (88,).
        age: steps since each sounding key was struck plus one, 0 where silent, shape (88,), at most 255.
        recent: strikes of the last steps, oldest first, each a boolean (88,).
        near, far: pitch-class memories with a decay of 0.85 and 0.98 per step, shape (12,).
        rates: decayed strikes per step, same two decays.
        velocities: decayed mean velocities (0..1) over about 1, 4 and 16 striking steps.
        quiet: steps since the last strike, at most 255.
    """

    struck: Bytes
    age: Bytes
    recent: tuple[NDArray[np.bool_], ...]
    near: Floats
    far: Floats
    rates: tuple[float, float]
    velocities: tuple[float, float, float]
    quiet: int

    @classmethod
    def silent(cls) -> FeatureState:
        """Return the state before the first note."""
        none = np.zeros(PITCHES, np.uint8)
        twelve = np.zeros(12, np.float32)
        return cls(none, none, (), twelve, twelve, (0.0, 0.0), (0.5, 0.5, 0.5), 0)

    def advance(self, struck: Bytes, held: NDArray[np.bool_]) -> FeatureState:
        """Return the state after one more step.

        Args:
            struck: velocity of each key struck, 0 elsewhere, shape (88,).
            held: keys that go on sounding from the step before, shape (88,).
        """
        on = struck > 0
        count = int(np.count_nonzero(on))
        classes = on.astype(np.float32) @ _FOLD
        older = np.minimum(self.age, 254) + 1
        age = np.where(on, 1, np.where(held & (self.age > 0), older, 0)).astype(np.uint8)
        return FeatureState(
            struck=struck,
            age=age,
            recent=(*self.recent[-HISTORY + 1 :], on),
            near=self.near * np.float32(0.85) + classes * np.float32(0.15),
            far=self.far * np.float32(0.98) + classes * np.float32(0.02),
            rates=(self.rates[0] * 0.85 + count * 0.15, self.rates[1] * 0.98 + count * 0.02),
            velocities=self._louder(struck, count),
            quiet=0 if count else min(255, self.quiet + 1),
        )

    def _louder(self, struck: Bytes, count: int) -> tuple[float, float, float]:
        if not count:
            return self.velocities
        mean = float(struck.sum(dtype=np.int64)) / (127.0 * count)
        _, four, sixteen = self.velocities
        return mean, four + (mean - four) / 4.0, sixteen + (mean - sixteen) / 16.0

    def shifted(self, semitones: int) -> FeatureState:
        """Return the same past transposed; keys pushed off the keyboard are lost."""
        return replace(
            self,
            struck=shift(self.struck, semitones),
            age=shift(self.age, semitones),
            recent=tuple(shift(row, semitones) for row in self.recent),
            near=np.roll(self.near, semitones),
            far=np.roll(self.far, semitones),
        )

    def small(self, place: int, metre: Metre) -> Floats:
        """Return the part of the features that is not one value per key, shape (SMALL,).

        Args:
            place: position in the bar, in steps, of the step about to be played.
            metre: metre of that bar.
        """
        vector = np.zeros(SMALL, np.float32)
        vector[0:12] = (self.struck > 0).astype(np.float32) @ _FOLD
        sounding = self.age > 0
        vector[12:24] = sounding.astype(np.float32) @ _FOLD
        if sounding.any():
            vector[24 + _PITCH_CLASS[int(sounding.argmax())]] = 1.0  # the bass names the harmony
        vector[36:48] = self.near * np.float32(2.0)
        vector[48:60] = self.far * np.float32(4.0)
        vector[60:62] = self.rates
        vector[62:65] = self.velocities
        vector[65] = _AGE_SCALE[self.quiet]
        vector[66 + place % metre.beat * 4 // metre.beat] = 1.0
        vector[70 + place % _PLACES] = 1.0
        vector[70 + _PLACES + metre.kind] = 1.0
        return vector

    def lagged(self, metre: Metre) -> NDArray[np.bool_]:
        """Return what was struck one beat, two beats, a bar and two bars before the coming step, shape (4, 88)."""
        rows = np.zeros((_LAGS, PITCHES), np.bool_)
        for row, lag in enumerate(metre.lags):
            if lag <= len(self.recent):
                rows[row] = self.recent[-lag]
        return rows

    def vector(self, place: int, metre: Metre) -> Floats:
        """Return all features of the coming step, shape (WIDTH,)."""
        return assemble(self.struck, self.age, self.lagged(metre), self.small(place, metre))


def assemble(struck: Bytes, age: Bytes, lagged: NDArray[np.bool_], small: Floats) -> Floats:
    """Lay out feature vectors from their parts; any leading axes are kept.

    Args:
        struck, age: shape (..., 88).
        lagged: shape (..., 4, 88).
        small: shape (..., SMALL).
    """
    lead = struck.shape[:-1]
    vectors = np.empty((*lead, WIDTH), np.float32)
    vectors[..., 0:PITCHES] = struck > 0
    vectors[..., PITCHES : 2 * PITCHES] = age > 0
    vectors[..., 2 * PITCHES : 3 * PITCHES] = _AGE_SCALE[age]
    vectors[..., 3 * PITCHES : _BLOCKS * PITCHES] = lagged.reshape(*lead, _LAGS * PITCHES)
    vectors[..., _BLOCKS * PITCHES :] = small
    return vectors


def shift(keys: NDArray[T], semitones: int) -> NDArray[T]:
    """Move the last axis (88 keys) up or down; what leaves the keyboard is lost."""
    moved = np.zeros_like(keys)
    if semitones > 0:
        moved[..., semitones:] = keys[..., :-semitones]
    elif semitones < 0:
        moved[..., :semitones] = keys[..., -semitones:]
    else:
        moved[...] = keys
    return moved


def keys(pitches: Iterable[int]) -> NDArray[np.bool_]:
    """Return a row of 88 keys with the given MIDI pitches set; pitches off the keyboard are left out."""
    row = np.zeros(PITCHES, np.bool_)
    for pitch in pitches:
        if 0 <= pitch - LOWEST_PITCH < PITCHES:
            row[pitch - LOWEST_PITCH] = True
    return row
