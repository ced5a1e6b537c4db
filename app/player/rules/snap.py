"""What counts as the same value: numbers brought onto a grid before learning.

Rules match values only when they are equal, and a knob that is turned by hand never stands twice at the same place.
Rounding to decimals or to a few levels lets presets meet; which knobs need it is told in words. A column of few values
is on a grid already and is left as it is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.player.rules.preset import Presets, RulesError, Value

OFF = "off"
CHOICES = (OFF, "0 decimals", "1 decimal", "2 decimals", "3 decimals", "4 levels", "8 levels", "16 levels", "32 levels")
WISH = re.compile(
    r"(?P<count>-?\d{1,3}) *(?P<unit>decimal|level)s?|(?P<word>decimal|level)s?[: ] *(?P<number>-?\d{1,3})"
)
FEW = 2  # Of so few presets none needs to match.


@dataclass(frozen=True, slots=True)
class Snap:
    """How one parameter is rounded. Attributes: `decimals` (negative: tens, hundreds), or `levels` (2 and more) equally
    spaced from its lowest to its highest value."""

    decimals: int | None = None
    levels: int | None = None


def read(text: str) -> Snap | None:
    """Return how a text such as "8 levels", "decimals:2" or "off" rounds; RulesError if it is none of that."""
    text = text.strip().casefold()
    if text in ("", OFF):
        return None
    found = WISH.fullmatch(text)
    if found is None:
        raise RulesError(f"{text!r} is no way of snapping; write off, 2 decimals or 8 levels")
    count = int(found["count"] or found["number"])
    if (found["unit"] or found["word"]) == "decimal":
        return Snap(decimals=count)
    if count < 2:
        raise RulesError(f"{count} is no number of levels; take 2 or more")
    return Snap(levels=count)


def ingested(presets: Presets, wishes: Sequence[str]) -> tuple[Presets, tuple[str, ...]]:
    """Return the table as it is taken in, and sentences about what was rounded.

    A wish is for all parameters ("8 levels"), where those with no more values than levels stay, or for one
    ("cutoff=2 decimals"); later wishes stand above earlier ones. RulesError if one cannot be met.
    """
    snaps: dict[int, Snap] = {}
    for wish in wishes:
        name, named, how = wish.rpartition("=")
        snap = read(how)
        if named and name.strip() not in presets.names:
            raise RulesError(f"there is no parameter {name.strip()!r} to snap; there are {', '.join(presets.names)}")
        places = [presets.names.index(name.strip())] if named else range(len(presets.names))
        for place in places:
            snaps.pop(place, None)
            if snap is not None and (named or _needs(presets.column(place), snap)):
                snaps[place] = snap
    after = snapped(presets, snaps)
    notes = []
    for place in sorted(snaps):
        before, now = len(set(presets.column(place))), len(set(after.column(place)))
        if before != now:
            notes.append(f"{presets.names[place]}: {before} values were snapped to {now}")
    return after, tuple(notes)


def _needs(column: tuple[Value, ...], snap: Snap) -> bool:
    return snap.levels is None or len(set(column)) > snap.levels


def snapped(presets: Presets, snaps: Mapping[int, Snap]) -> Presets:
    """Return the table with these parameters (from 0) rounded; words and switches stay. RulesError if it cannot be."""
    columns = [
        _rounded(presets.column(place), snaps[place], name) if place in snaps else presets.column(place)
        for place, name in enumerate(presets.names)
    ]
    values = list(zip(*columns, strict=True)) if columns else []
    rows = tuple(type(p)(own, p.label) for p, own in zip(presets.rows, values, strict=True))
    return Presets(presets.names, rows, presets.numbers)


def never_matching(presets: Presets) -> tuple[str, ...]:
    """Return a sentence for each parameter whose values never repeat."""
    return never_said(presets.names, repeats(presets), len(presets))


def never_said(names: Sequence[str], repeat: Sequence[bool], count: int) -> tuple[str, ...]:
    """Return those sentences for parameters of which it is known whether they repeat."""
    if count <= FEW:
        return ()
    never = (name for name, again in zip(names, repeat, strict=True) if not again)
    return tuple(f"{name}: {count} values in {count} presets: this knob can never match; snap it" for name in never)


def repeats(presets: Presets) -> tuple[bool, ...]:
    """Return, by parameter, whether any value stands in two presets; one that never repeats can never be matched."""
    return tuple(len(set(presets.column(place))) < len(presets) for place in range(len(presets.names)))


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
