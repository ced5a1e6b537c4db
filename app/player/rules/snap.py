"""What counts as the same value: numbers brought onto a grid before learning.

Rules match values only when they are equal, and a knob that is turned by hand never stands twice at the same place.
Rounding to decimals or to a few levels lets presets meet; which knobs need it is told in words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.player.rules.preset import Presets, RulesError, Value


@dataclass(frozen=True, slots=True)
class Snap:
    """How one parameter is rounded. Attributes: `decimals` (negative: tens, hundreds), or `levels` (2 and more) equally
    spaced from its lowest to its highest value."""

    decimals: int | None = None
    levels: int | None = None


def snapped(presets: Presets, snaps: Mapping[int, Snap]) -> Presets:
    """Return the table with these parameters (from 0) rounded; words and switches stay. RulesError if it cannot be."""
    columns = [
        _rounded(presets.column(place), snaps[place], name) if place in snaps else presets.column(place)
        for place, name in enumerate(presets.names)
    ]
    values = list(zip(*columns, strict=True)) if columns else []
    rows = tuple(type(p)(own, p.label) for p, own in zip(presets.rows, values, strict=True))
    return Presets(presets.names, rows)


def never_matching(presets: Presets) -> tuple[str, ...]:
    """Return a sentence for each parameter whose values never repeat."""
    count = len(presets)
    found = []
    for place, name in enumerate(presets.names):
        values = len(set(presets.column(place)))
        if count > 1 and values == count:
            found.append(f"{name}: {values} values in {count} rows: this knob can never match; snap it")
    return tuple(found)


def _rounded(column: tuple[Value, ...], snap: Snap, name: str) -> tuple[Value, ...]:
    if snap.decimals is not None:
        return tuple(_decimal(value, snap.decimals) for value in column)
    if snap.levels is None:
        return column
    if snap.levels < 2:
        raise RulesError(f"{name}: {snap.levels} is no number of levels; take 2 or more")
    numbers = [value for value in column if not isinstance(value, (str, bool))]
    if len(set(numbers)) < 2:
        return column
    low, high = min(numbers), max(numbers)
    return tuple(_level(value, low, high, snap.levels) for value in column)


def _decimal(value: Value, decimals: int) -> Value:
    if isinstance(value, (str, bool)):
        return value
    rounded = round(value, decimals)
    return int(rounded) if decimals <= 0 else rounded + 0  # Plus 0: there is no -0.0 on a knob.


def _level(value: Value, low: float, high: float, levels: int) -> Value:
    if isinstance(value, (str, bool)):
        return value
    place = round((value - low) / (high - low) * (levels - 1))
    level = low + place * (high - low) / (levels - 1)
    return int(level) if isinstance(value, int) and level == int(level) else level
