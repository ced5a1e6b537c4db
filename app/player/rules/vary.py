"""Exploring around a setting: one knob, two, or all, from a few values each.

Rules form where presets share values, so variation starts from the same base again and again and draws each knob from
a few levels. Fully random presets never share anything; whoever asks for them is told so.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence

import numpy as np

from app.parameter import Steps
from app.player.rules.synth import Knob

LIKELY = 0.05  # Below this chance that two presets can meet, a warning is due.


Span = tuple[float, float]
WHOLE: Span = (0.0, 1.0)


def levels_of(knob: Knob, levels: int, span: Span = WHOLE) -> list[float]:
    """Return the few values that a knob is varied among, evenly along its fader between two places on it."""
    low, high = span
    if isinstance(knob.curve, Steps):
        first, last = (int(knob.curve.value(end)) for end in span)
        return [float(index) for index in range(first, last + 1)]
    found = [knob.curve.value(low + (high - low) * level / (levels - 1)) for level in range(levels)]
    return sorted({knob.number(knob.value(number)) or 0.0 for number in found})


def varied(
    knobs: Sequence[Knob],
    base: Sequence[float],
    free: Collection[int],
    count: int,
    levels: int,
    random: np.random.Generator,
    spans: Mapping[int, Span] | None = None,
) -> dict[int, float]:
    """Return a setting that differs from `base` in `count` of the free knobs (0 or more than there are: all).

    `levels`: how many values each knob is drawn from; below 2 it may stand anywhere. `spans`: which part of its fader.
    """
    spans = spans or {}
    places = sorted(free)
    if 0 < count < len(places):
        places = sorted(int(place) for place in random.choice(places, count, replace=False))
    changed = {place: _other(knobs[place], base[place], levels, random, spans.get(place, WHOLE)) for place in places}
    return dict(enumerate(base)) | changed


def _other(knob: Knob, present: float, levels: int, random: np.random.Generator, span: Span) -> float:
    if levels < 2 and not isinstance(knob.curve, Steps):
        anywhere = knob.curve.value(span[0] + (span[1] - span[0]) * float(random.random()))
        return knob.number(knob.value(anywhere)) or 0.0
    choices = [value for value in levels_of(knob, max(levels, 2), span) if knob.value(value) != knob.value(present)]
    return float(random.choice(choices)) if choices else present


def chance(knobs: int, levels: int, distance: int) -> float:
    """Return how likely two random presets of `levels` values a knob differ in at most `distance` knobs."""
    if levels < 2:
        return 1.0 if distance >= knobs else 0.0
    same = 1.0 / levels
    return sum(math.comb(knobs, k) * (1.0 - same) ** k * same ** (knobs - k) for k in range(min(distance, knobs) + 1))


def warning(free: int, count: int, levels: int, distance: int) -> str:
    """Return the sentence that is due after varying like this, "" if none is."""
    moved = free if count <= 0 else min(count, free)
    # Two variations of one base differ in at most twice the knobs that each changed.
    likely = 1.0 if 2 * moved <= distance else chance(moved, levels, distance)
    if likely >= LIKELY or moved <= 2:
        return ""
    how = "anywhere" if levels < 2 else f"among {levels} values each"
    return f"random presets will not form rules ({moved} knobs {how}): vary one or two knobs of one preset"
