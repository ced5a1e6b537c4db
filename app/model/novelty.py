"""How unlike everything that was shown a frame is.

Probabilities always sum to 1, so a classifier names a class even for nonsense. The distance to the nearest example,
in units of what is usual between examples, tells nonsense apart whatever the model is.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from app.model.base import Floats

MOST_POINTS = 512
USUAL = 95.0  # percentile of the examples' own distances that counts as 1
LEAST = 0.02  # of the root of the width: examples that all but coincide must not make every breath a novelty


@dataclass(frozen=True, slots=True, eq=False)
class Neighbourhood:
    """Where the examples are.

    Attributes: `points` (at most 512, width) scaled examples, `squares` their squared lengths, `reach` the
    distance that counts as 1.
    """

    points: Floats
    squares: Floats
    reach: float

    @classmethod
    def of(cls, scaled: Floats, seed: int = 0) -> Neighbourhood:
        """Remember scaled examples (n, width), or an even choice of them if they are many."""
        if len(scaled) > MOST_POINTS:
            scaled = scaled[np.random.default_rng(seed).choice(len(scaled), MOST_POINTS, replace=False)]
        points = np.ascontiguousarray(scaled)
        squares = np.einsum("ij,ij->i", points, points)
        apart = squares[:, None] + squares - 2.0 * points @ points.T
        np.fill_diagonal(apart, np.inf)
        nearest = np.sqrt(np.maximum(apart.min(axis=1), 0.0))
        usual = float(np.percentile(nearest, USUAL)) if len(points) > 1 else 0.0
        return cls(points, squares, max(usual, LEAST * float(np.sqrt(max(points.shape[1], 1)))))

    def novelty(self, scaled: Floats) -> float:
        """Return the distance from a scaled frame (width,) to the nearest example, in units of `reach`."""
        squared = float((self.squares - 2.0 * (self.points @ scaled)).min() + scaled @ scaled)
        return math.sqrt(max(squared, 0.0)) / self.reach
