"""A knob's own grid: where a hand that stands anywhere is brought to, so that presets can meet.

Levels lie evenly along the fader, as the knob is laid out, so that frequencies are snapped by their ratio. A value
that is kept already draws the ones beside it: what is nearly the same shall be the same.
"""

from __future__ import annotations

from collections.abc import Collection

from app.parameter import Steps
from app.player.rules.snap import Snap
from app.player.rules.synth import Knob, Value

USUAL = Snap(levels=8)


def column_on_grid(values: Collection[Value], knob: Knob, snap: Snap) -> dict[Value, Value]:
    """Return for each number among kept values where it goes: onto levels between the lowest and the highest of them.

    Words stay, and so does a column that has no more values than the grid has levels.
    """
    numbers = sorted({value for value in values if not isinstance(value, str | bool)})
    if isinstance(knob.curve, Steps) or (snap.levels is not None and len(numbers) <= snap.levels):
        return {}
    if snap.levels is None:
        return {number: _rounded(number, knob, snap) for number in numbers}
    low, high = knob.curve.position(numbers[0]), knob.curve.position(numbers[-1])
    step = (high - low) / (snap.levels - 1)
    if not step:
        return {}
    places = {number: low + round((knob.curve.position(number) - low) / step) * step for number in numbers}
    return {number: knob.value(knob.curve.value(place)) for number, place in places.items()}


def on_grid(number: float, knob: Knob, kept: Collection[Value], snap: Snap) -> float:
    """Return where a knob goes that stands at `number`: to a kept value nearby, or to its nearest level."""
    if isinstance(knob.curve, Steps):
        return number
    if snap.levels is None:
        return knob.number(_rounded(number, knob, snap)) or 0.0
    here, last = knob.curve.position(number), snap.levels - 1
    level = knob.curve.value(round(here * last) / last)
    numbers = [knob.curve.clamp(value) for value in kept if not isinstance(value, str | bool)]
    near = min(numbers, key=lambda value: abs(knob.curve.position(value) - here), default=level)
    goal = near if abs(knob.curve.position(near) - here) <= 0.5 / last else level
    return knob.number(knob.value(goal)) or 0.0


def _rounded(number: float, knob: Knob, snap: Snap) -> Value:
    return knob.value(knob.curve.clamp(round(number, snap.decimals or 0)))
