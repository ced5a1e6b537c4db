"""A knob's own grid: where a hand that stands anywhere is brought to, so that presets can meet.

Levels lie evenly along the fader, as the knob is laid out, so that frequencies are snapped by their ratio. A value
that is kept already draws the ones beside it: what is nearly the same shall be the same.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from app.parameter import Steps
from app.player.rules.call import columns
from app.player.rules.snap import Snap
from app.player.rules.synth import Knob, Synth, Value
from app.player.rules.table import Table

USUAL = Snap(levels=8)


def snap_kept(table: Table, synth: Synth, number: int, snap: Snap | None) -> str:
    """Round what is kept of a knob (from 1), one step of undo; return a sentence. ValueError if that cannot be."""
    if not 1 <= number <= len(synth.knobs):
        raise ValueError(f"{synth.title} has knobs 1 to {len(synth.knobs)}, not {number}")
    places = columns(table.names, synth)
    if number - 1 not in places or not len(table):
        raise ValueError("no kept preset has this knob: keep some first")
    column, knob = places.index(number - 1), synth.knobs[number - 1]
    before = _kept(table, column)
    gone = table.snap(column, column_on_grid(before, knob, snap) if snap is not None else _coarse_enough(before, knob))
    fewer = f"; {gone} presets became equal to others and went" if gone else ""
    return f"{knob.name}: {len(before)} values were snapped to {len(_kept(table, column))}{fewer}"


def settled(table: Table, synth: Synth, goal: Sequence[Value], snap: Snap) -> dict[int, float]:
    """Return where the knobs (by index) go from `goal`, each to a kept value nearby or onto the grid."""
    places, numbers = columns(table.names, synth), {}
    for place, knob in enumerate(synth.knobs):
        here = knob.number(goal[place])
        if here is not None:
            kept = _kept(table, places.index(place)) if place in places else set()
            numbers[place] = on_grid(here, knob, kept, snap)
    return numbers


def _coarse_enough(values: Collection[Value], knob: Knob) -> dict[Value, Value]:
    """Return where the values go on the finest usual grid on which some of them meet."""
    for levels in range(USUAL.levels or 2, 1, -1):
        found = column_on_grid(values, knob, Snap(levels=levels))
        if len({found.get(value, value) for value in values}) < len(set(values)):
            return found
    return {}


def _kept(table: Table, column: int) -> set[Value]:
    return {row.values[column] for row in table.rows}


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
