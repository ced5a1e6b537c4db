"""Inputs brought to one scale: mean 0 and deviation 1 over the examples.

One feature in Hz beside thirteen of about 10 ruins every model that measures distances, so nothing is learnt from
unscaled numbers. A column that never changed says nothing and is left out (factor 0): a unit scale would let the
first change on stage outweigh all the rest.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.model.base import Floats


@dataclass(frozen=True, slots=True, eq=False)
class Scale:
    """Attributes: `mean`, `factor`, both (width,); a factor of 0 leaves the column out."""

    mean: Floats
    factor: Floats

    @classmethod
    def of(cls, table: NDArray[Any]) -> Scale:
        """Measure the columns of a table (n, width), n at least 1."""
        table = np.asarray(table, np.float64)
        mean, deviation = table.mean(axis=0), table.std(axis=0)
        # The mean of equal numbers is off by rounding; what is left must not be blown up to a deviation of 1.
        varies = deviation > 10 * np.finfo(np.float64).eps * np.maximum(np.abs(mean), np.finfo(np.float64).tiny)
        varies &= table.min(axis=0) < table.max(axis=0)
        return cls(mean, np.divide(1.0, deviation, out=np.zeros_like(deviation), where=varies))

    def apply(self, values: NDArray[Any]) -> Floats:
        """Return values of shape (width,) or (n, width), scaled."""
        return (values - self.mean) * self.factor

    @property
    def spread(self) -> Floats:
        """The deviations, 1 for a column left out."""
        return np.divide(1.0, self.factor, out=np.ones_like(self.factor), where=self.factor > 0)
