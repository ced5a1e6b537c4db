"""How examples and places on the screen belong together: a map of many features, or two features as they are.

Two features need no map: they are shown as they are, x to the right and y upwards, so that what the pointer
records lies where the pointer was. More are laid flat by the map of the examples, at one scale for both axes.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF

from app.dataset_map import Map, map_of
from app.example import Doubles, Examples

MARGIN = 0.08  # Of the spread, around all examples.
UNIT = (0.0, 0.0, 1.0, 1.0)


@dataclass(frozen=True, slots=True, eq=False)
class Plane:
    """Where examples lie.

    Attributes: `map` (None: two features as they are), `width` (features of a frame), `bounds` (left, low, right, high
    of what is shown), `equal` (one scale for both axes).
    """

    map: Map | None = None
    width: int = 2
    bounds: tuple[float, float, float, float] = UNIT
    equal: bool = False
    explained: float = field(default=1.0)

    def points(self, inputs: NDArray[np.float32]) -> Doubles:
        """Return places of rows on the plane, shape (n, 2)."""
        if self.map is not None:
            return self.map.points(inputs)
        placed: Doubles = np.nan_to_num(inputs[:, :2].astype(np.float64))
        return placed

    def point(self, values: tuple[float, ...]) -> tuple[float, float] | None:
        """Return the place of one frame; None if it has another width."""
        if len(values) != self.width or self.width < 1:
            return None
        if self.map is not None:
            return self.map.point(np.array(values, np.float32))
        return values[0], values[1]

    def scale(self, box: QRectF) -> tuple[float, float, float, float]:
        """Return (ax, bx, ay, by): a place (x, y) is at (ax x + bx, ay y + by) in a box of the screen."""
        left, low, right, high = self.bounds
        ax, ay = box.width() / max(right - left, 1e-12), box.height() / max(high - low, 1e-12)
        if self.equal:
            ax = ay = min(ax, ay)
        middle = box.center()
        return ax, middle.x() - ax * (left + right) / 2, -ay, middle.y() + ay * (low + high) / 2


def plane_of(examples: Examples | None, previous: Plane | None = None) -> Plane:
    """Return the plane on which examples lie, laid like the one before where that is possible."""
    if examples is None or not examples.width or not len(examples):
        return Plane()
    if examples.width == 2:
        bounds = _bounds(np.nan_to_num(examples.inputs.astype(np.float64)))
        inside = bounds[0] >= 0 and bounds[1] >= 0 and bounds[2] <= 1 and bounds[3] <= 1
        return Plane(None, 2, UNIT if inside else _wider(bounds), not inside)
    made = map_of(examples, previous.map if previous is not None else None)
    return Plane(made, examples.width, _wider(_bounds(made.points(examples.inputs))), True, made.explained)


def _bounds(points: Doubles) -> tuple[float, float, float, float]:
    low, high = points.min(axis=0), points.max(axis=0)
    return float(low[0]), float(low[1]), float(high[0]), float(high[1])


def _wider(bounds: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    left, low, right, high = bounds
    room = max(right - left, high - low, 1e-6) * MARGIN
    return left - room, low - room, right + room, high + room


def pad_place(at: QPointF, box: QRectF) -> tuple[float, float]:
    """Return where a point of the screen is in a box: x 0..1 to the right, y 0..1 upwards."""
    x = (at.x() - box.left()) / max(box.width(), 1.0)
    y = (box.bottom() - at.y()) / max(box.height(), 1.0)
    return min(max(x, 0.0), 1.0), min(max(y, 0.0), 1.0)
