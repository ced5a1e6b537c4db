"""What a cell of the routing matrix may do, in words, and what it does now.

A label, a hit or a word presses; a number follows in a range; a pitch may also choose by key, one key for each scene,
label, slot or name.
"""

from __future__ import annotations

from app.binding import Binding, Fire, Follow, Move, Pick, Put
from app.parameter import Parameter, Steps, TextParameter
from app.snapshot import Snapshot
from ui.desk import Desk
from ui.panel.matrix_row import Origin
from ui.panel.route import RANGES, SHARES
from ui.words import move_text

COMPOSER, SCENE, PRESET, PROGRAM = "/composer/model", "/scene/call", "/rules/call", "/follower/slot"
STRIKE = "/follower/strike"
USUAL = (
    (COMPOSER, "Composer"),
    (SCENE, "Scene"),
    (PRESET, "Preset label"),
    (PROGRAM, "Program slot"),
    (STRIKE, "Follower source"),
)
SCENES = 8
FIRST_KEYS = (36, 48, 60)
MOST_PICKED = 64


def choices(desk: Desk, picture: Snapshot, origin: Origin, address: str) -> list[tuple[str, Move]]:
    """Return what a row may do to a column, in words."""
    target = desk.engine.tree.find(address)
    if isinstance(target, Parameter) and origin.span is not None:
        low, high = origin.span
        follows: list[tuple[str, Move]] = [(text, Follow(low, high, start, end)) for text, start, end in RANGES]
        names = target.curve.names if isinstance(target.curve, Steps) else ()
        return [*_by_key(origin, tuple(names)), *follows]
    if address == SCENE:
        scenes = ((number, picture.scenes.find(number)) for number in range(1, SCENES + 1))
        single: list[tuple[str, Move]] = [
            (f"{number} {mark.name if mark else '(empty)'}", Fire((float(number),))) for number, mark in scenes
        ]
        return [*_by_key(origin, tuple(float(number) for number in range(1, SCENES + 1))), *single]
    if address == PRESET:
        labels = [count.label for count in picture.rules.labels if count.label]
        named: list[tuple[str, Move]] = [(label, Fire((label,))) for label in labels]
        return [*_by_key(origin, tuple(labels)), *(named or [("the label called last", Fire())])]
    if address == STRIKE:
        heard = dict.fromkeys(one.name for one in picture.follower.channels if one.role != "predict")
        gives = origin.span is not None and not origin.is_pitch
        return [(name, Fire((name,), gives)) for name in heard] or [("every source", Fire(gives=gives))]
    if isinstance(target, TextParameter):
        return [("= the text it has now", Put(target.value))]
    return _presses(target)


def _presses(target: Parameter | None) -> list[tuple[str, Move]]:
    if target is None:
        return [("fires", Fire())]
    if isinstance(target.curve, Steps):
        return [(name, Put(name)) for name in target.curve.names]
    values = dict.fromkeys([target.value, *(target.curve.value(share) for share in SHARES)])
    return [(f"{target.curve.show(value)} {target.unit}".strip(), Put(round(value, 6))) for value in values]


def _by_key(origin: Origin, values: tuple[float | str, ...]) -> list[tuple[str, Move]]:
    """Return how keys choose among values, from some first key upwards."""
    if not origin.is_pitch or len(values) < 2:
        return []
    picked = values[:MOST_PICKED]
    return [(f"one key each, from note {first} up", Pick(float(first), picked)) for first in FIRST_KEYS]


def cell_text(binding: Binding) -> str:
    """Return what stands in a cell."""
    match binding.move:
        case Put(value):
            return value if isinstance(value, str) else f"{value:g}"
        case Fire((argument, *_)):
            return argument if isinstance(argument, str) else f"{argument:g}"
        case Fire():
            return "●"
        case Follow(_, _, start, end):
            return f"{start:.0%} → {end:.0%}"
    return move_text(binding)
