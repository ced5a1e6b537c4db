"""How the controls bend the model's choices: temperature and density act on the logits, nothing is muted afterwards.

Temperature flattens each decision, pitch fully and rhythm by a root of it, so that a wild setting does not also stop
the music. Density shifts the gate and, by a third, END; with the same random numbers a higher density strikes all that
a lower one would have struck in that step. Below the model's own rate notes still end as the model wants, they are
just not replaced, so a low density grows silent and hangs no chord.
"""

from __future__ import annotations

import math
from bisect import bisect
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.player.composer.feature import PITCHES, Floats
from app.player.composer.inference import END

DRAWS = 1 + PITCHES + (PITCHES + 1) + PITCHES + PITCHES
_HOLD, _END, _KEY, _LOUD = 1, 1 + PITCHES, 2 + 2 * PITCHES, 2 + 3 * PITCHES
_DENSITY = (0.0, 0.05, 0.15, 0.3, 0.5, 0.65, 0.8, 0.9, 1.0)
_SHIFT = (-12.0, -4.5, -2.8, -1.7, -0.45, 0.0, 0.25, 1.2, 3.5)
END_SHARE = 1.0 / 3.0
DEFAULT_INTENSITY = 0.8


def shift_of(density: float) -> float:
    """Return the shift of the gate's logit for a density of 0..1; strictly rising, 0 at 0.65."""
    upper = min(max(bisect(_DENSITY, density), 1), len(_DENSITY) - 1)
    left, right = _DENSITY[upper - 1], _DENSITY[upper]
    share = min(1.0, max(0.0, (density - left) / (right - left)))
    return _SHIFT[upper - 1] + share * (_SHIFT[upper] - _SHIFT[upper - 1])


def rhythm_of(temperature: float) -> float:
    """Return the temperature of gate, holds and END: it goes along less, so that wild music does not stop."""
    return float(temperature ** (0.5 if temperature < 1.0 else 0.1))


def logistic(value: float) -> float:
    """Return 1 / (1 + e^-x) without overflow."""
    return 0.5 + 0.5 * math.tanh(0.5 * value) if value > -30 else math.exp(max(value, -700.0))


def binary_entropy(chance: float) -> float:
    """Return the entropy of a coin in nats."""
    rest = 1.0 - chance
    return -(chance * math.log(chance) if chance > 0 else 0.0) - (rest * math.log(rest) if rest > 0 else 0.0)


def softened(logits: Floats, temperature: float) -> NDArray[np.float64]:
    """Return the distribution of logits at a temperature, safe from 0.01 to 10; minus infinity stays impossible."""
    scaled = (logits - logits.max()).astype(np.float64) / temperature
    weights = np.exp(scaled)
    return np.asarray(weights / weights.sum(), np.float64)


def bent_velocity(velocity: float, intensity: float) -> int:
    """Bend a velocity of 1..127 by an intensity of 0.1..1.5; 0.8 leaves it as it is, contrast survives."""
    share = velocity / 127.0
    if intensity <= DEFAULT_INTENSITY:
        share *= intensity / DEFAULT_INTENSITY
    else:
        share = share ** ((DEFAULT_INTENSITY / intensity) ** 2.5)
    return min(127, max(1, round(share * 127.0)))


@dataclass(slots=True)
class Sampler:
    """Decides one frame by chance.

    Attributes:
        draws: uniform numbers 0..1, shape (DRAWS,); each decision has its own, whatever came before.
        pitch, rhythm: the two temperatures.
        shift: of the gate's logit, by density and guards.
        overdue: keys that must be let go now.
        penalty: nats by which each key's logit is lowered, shape (88,), None for not at all.
        entropy: nats of the decisions met so far. surprise: nats of the answers given.
        striking: whether the gate lets strikes through, below the model's own rate less often than changes.
    """

    draws: NDArray[np.float64]
    pitch: float
    rhythm: float
    shift: float
    overdue: frozenset[int] = frozenset()
    penalty: Floats | None = None
    entropy: float = 0.0
    surprise: float = 0.0
    striking: bool = True

    def gate(self, logit: float) -> bool:
        """Open for a change; with a negative shift, releases go by the model's own chance."""
        strikes = logistic((logit + self.shift) / self.rhythm)
        changes = max(strikes, logistic(logit / self.rhythm))
        self.entropy += binary_entropy(changes)
        self.striking = bool(self.draws[0] < strikes)
        opened = self._tossed(changes, self.draws[0])
        return opened or bool(self.overdue)

    def hold(self, key: int, logit: float) -> bool:
        """Hold by the model's chance; density does not touch it."""
        chance = logistic(logit / self.rhythm)
        self.entropy += binary_entropy(chance)
        return self._tossed(chance, self.draws[_HOLD + key]) and key not in self.overdue

    def strike(self, logits: Floats, number: int) -> int:
        """Decide END first, then the key, so that density never changes which keys are likely."""
        if not self.striking:
            return END
        if self._tossed(self.end_chance(logits), self.draws[_END + number]):
            return END
        # END is decided by what the model thinks: a penalty changes which key is struck, not how many are.
        keys = logits[:END] if self.penalty is None else logits[:END] - self.penalty
        chances = softened(keys, self.pitch)
        answer = int(np.searchsorted(np.cumsum(chances), self.draws[_KEY + number] * (1 - 1e-12), side="right"))
        answer = min(answer, int(np.flatnonzero(chances)[-1]))
        likely = chances[chances > 0]
        self.entropy -= float(likely @ np.log(likely))
        self.surprise -= math.log(max(chances[answer], 1e-300))
        return answer

    def end_chance(self, logits: Floats) -> float:
        """Return the chance of END, its odds against all keys together bent by rhythm and shift."""
        if logits[END] == -np.inf:
            return 0.0
        top = float(logits[:END].max())
        keys = top + math.log(float(np.exp(logits[:END] - np.float32(top)).sum()))
        chance = logistic((float(logits[END]) - keys - self.shift * END_SHARE) / self.rhythm)
        self.entropy += binary_entropy(chance)
        return chance

    def loudness(self, key: int, logits: Floats, number: int) -> int:
        """Draw a velocity bin, never wilder than the model itself."""
        chances = softened(logits, min(1.0, self.pitch))
        return int(min(np.searchsorted(np.cumsum(chances), self.draws[_LOUD + number]), len(chances) - 1))

    def _tossed(self, chance: float, draw: float) -> bool:
        happens = bool(draw < chance)
        self.surprise -= math.log(max(chance if happens else 1.0 - chance, 1e-300))
        return happens


@dataclass(slots=True)
class Reader:
    """Follows a given frame and adds up its negative log-likelihood: the measure, not the music.

    Attributes:
        held, struck: the keys of the frame, boolean (88,). change: whether anything starts or stops.
        nats: of gate, holds and strikes so far.
    """

    held: NDArray[np.bool_]
    struck: NDArray[np.bool_]
    change: bool
    nats: float = 0.0

    def gate(self, logit: float) -> bool:
        """Follow the gate."""
        self.nats += float(np.logaddexp(0.0, -logit if self.change else logit))
        return self.change

    def hold(self, key: int, logit: float) -> bool:
        """Follow a hold."""
        self.nats += float(np.logaddexp(0.0, -logit if self.held[key] else logit))
        return bool(self.held[key])

    def strike(self, logits: Floats, number: int) -> int:
        """Follow the next strike or END."""
        left = np.flatnonzero(self.struck)[::-1]
        answer = int(left[number]) if number < len(left) else END
        wide = logits.astype(np.float64)
        top = wide.max()
        self.nats += float(top + np.log(np.exp(wide - top).sum()) - wide[answer])
        return answer

    def loudness(self, key: int, logits: Floats, number: int) -> int:
        """Answer anything: velocities are not measured here."""
        return int(np.argmax(logits))
