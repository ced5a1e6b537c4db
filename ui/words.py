"""The tables of the instrument in words: what a binding does, what a key is for.

The key sheet, the bindings panel and the badges are generated from the same tables that carry the keys out, so
they cannot tell anything else than what happens.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from app.binding import Binding, Fire, Flip, Follow, Put, Step
from app.engine import Engine

FADER_GESTURES = (
    ("Drag", "moves it, without a jump"),
    ("Ctrl, Ctrl+Shift", "ten, hundred times finer"),
    ("Double click, Delete", "resets it"),
    ("Return", "types a value"),
    ("Arrows, Page, Home, End", "step, when it has the focus"),
    ("Right click", "menu, OSC address"),
)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the key sheet. Attributes: `key` ("" = none), `title`, `address` ("" for a gesture)."""

    key: str
    title: str
    address: str


def move_text(binding: Binding) -> str:
    """Return what a binding does to its target."""
    match binding.move:
        case Step(amount):
            return f"{'+' if amount > 0 else '−'}{abs(amount):g}"
        case Put(value):
            return f"= {value}"
        case Flip():
            return "turns over"
        case Follow(_, _, start, end):
            return "follows" if (start, end) == (0.0, 1.0) else f"follows {start:g} to {end:g}"
        case Fire():
            return "fires"


def target_title(engine: Engine, address: str) -> str:
    """Return what the screen calls a Parameter or an Action; the address if nobody knows it."""
    found = engine.tree.find(address) or engine.actions.find(address)
    return found.title if found is not None else address


def value_text(engine: Engine, address: str) -> str:
    """Return the present value of a Parameter, "" for an Action."""
    found = engine.tree.find(address)
    return found.show() if found is not None else ""


def key_sheet(engine: Engine) -> dict[str, list[Row]]:
    """Return the rows of the key sheet by heading: every bound key, and every Action even without one."""
    sheet: dict[str, list[Row]] = {}
    bound: set[str] = set()
    for binding in _keys(engine):
        action = engine.actions.find(binding.target)
        title = target_title(engine, binding.target)
        if action is None:
            title = f"{title} {move_text(binding)}".replace(" turns over", "")
        heading = action.group if action else binding.target.split("/")[1].capitalize()
        bound.add(binding.target)
        sheet.setdefault(heading, []).append(Row(binding.source.name, title, binding.target))
    for action in engine.actions:
        if action.address not in bound:
            sheet.setdefault(action.group, []).append(Row("", action.title, action.address))
    sheet["Faders"] = [Row(gesture, deed, "") for gesture, deed in FADER_GESTURES]
    return sheet


def _keys(engine: Engine) -> Iterator[Binding]:
    return (binding for binding in engine.bindings if binding.source.kind == "key")
