"""How the settings of the rules lie on their map, and how many variations are said in few letters.

Apart from the map's painting, because lists and pads say the same counts and tests ask for the same places.
"""

from __future__ import annotations

import math

from PySide6.QtGui import QColor

from app.player.rules.curve import STOPS, Stops
from app.snapshot_rules import RulesState

ROWS = tuple(reversed(STOPS))  # From the top.
LEAST_COLUMNS, MOST_DISTANCE = 4, 16


def farthest(consistency: float) -> float:
    """Return the distance above which nothing more is joined from single presets."""
    return math.ceil(1 + math.log2(1 / consistency) - 1e-9) if consistency > 0 else math.inf


def short(count: int) -> str:
    """Return a count in four letters at most: 48, 9.2k, 331k, 2M."""
    if count < 1000:
        return str(count)
    for size, sign in ((1e3, "k"), (1e6, "M"), (1e9, "G"), (1e12, "T")):
        if count < size * 999.5:
            share = count / size
            return f"{share:.1f}{sign}" if share < 9.95 else f"{share:.0f}{sign}"
    return "∞"


def mixed(one: QColor, other: QColor, share: float) -> QColor:
    """Return a colour between two."""
    pairs = zip(one.getRgb()[:3], other.getRgb()[:3], strict=True)  # type: ignore[index]
    return QColor(*(round(a + (b - a) * share) for a, b in pairs))


def row_of(consistency: float) -> int:
    """Return the row nearest to a consistency."""
    return round((1 - Stops().position(consistency)) * (len(ROWS) - 1))


def is_stop(consistency: float) -> bool:
    """Whether a consistency is one of the map's own."""
    return min(abs(consistency - stop) for stop in STOPS) < 1e-9


def columns_of(state: RulesState, distance: int) -> int:
    """Return how many distances the map has: from 0 to the knobs there are."""
    knobs = len(state.names) or len(state.knobs)
    return max(min(knobs, MOST_DISTANCE), distance, LEAST_COLUMNS) + 1
