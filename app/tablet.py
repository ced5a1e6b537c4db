"""The instrument as a session of Open Stage Control: a tab for each part, a widget for each value and verb.

Made from the same two tables as everything else, so a tablet shows what there is and nothing has to be wired by hand.
Source: the widgets' properties as Open Stage Control 1.25 reads them from a session's JSON; what is not written has
its default there.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

from app.action import Action
from app.parameter import AnyParameter, Linear, Log, Parameter, Steps, title_of

Widget = dict[str, Any]
Named = AnyParameter | Action

VERSION = "1.25.0"  # A newer program converts what has changed since.
RATE_HZ = 10
MOST_IN_A_TAB = 48
WIDTH, HEIGHT = 220, 64
SIZE: Widget = {"width": WIDTH, "height": HEIGHT}
DIGITS = 3


def session(known: Sequence[Named]) -> dict[str, Any]:
    """Return a session, ready for JSON, that moves what is `known` and is told what others moved.

    It names no receiver: everything goes to where the program sends by default (its option `send`).
    """
    root: Widget = {
        **_container("root", "root"),
        "onCreate": f"send('/subscribe', '//*', {RATE_HZ})",
        "tabs": [_tab(title, part, depth=1) for title, part in _parts(known, 1).items()],
    }
    return {"createdWith": "Open Stage Control", "version": VERSION, "type": "session", "content": root}


def addresses(widget: Widget) -> set[str]:
    """Return every address that a widget and those in it move."""
    own = {widget["address"]} if not widget.get("bypass") else set()
    return own.union(*(addresses(child) for kind in ("tabs", "widgets") for child in widget.get(kind, ())))


def _parts(known: Iterable[Named], depth: int) -> dict[str, list[Named]]:
    """Return what there is by the part of its address at a depth; what ends before it comes under ""."""
    parts: dict[str, list[Named]] = {}
    for one in known:
        words = one.address.strip("/").split("/")
        parts.setdefault(words[depth - 1] if len(words) > depth else "", []).append(one)
    return parts


def _tab(title: str, known: list[Named], depth: int) -> Widget:
    """Return a tab; what is too much for one is divided by the next part of its addresses."""
    words = known[0].address.strip("/").split("/")[:depth] if title else ["general", str(depth)]
    tab = {**_container("tab", "tab " + " ".join(words)), "label": title_of(title) if title else "General"}
    parts = _parts(known, depth + 1)
    if len(known) > MOST_IN_A_TAB and len(parts) > 1:
        return {**tab, "tabs": [_tab(name, part, depth + 1) for name, part in parts.items()]}
    return {**tab, "widgets": [widget for one in known for widget in _widgets(one)]}


def _container(kind: str, name: str) -> Widget:
    """Return what holds others and sends nothing itself."""
    return {"type": kind, "id": name, "bypass": True}


def _widgets(one: Named) -> list[Widget]:
    told = f"{one.address}: {one.help or one.title}"
    base: Widget = {"id": one.address.strip("/"), "address": one.address, "comments": told, **SIZE}
    if isinstance(one, Action):
        button = {**base, "type": "button", "mode": "momentary", "label": one.title}
        return [button, _asking(base, one)] if asks(one) else [button]
    return [{**base, "html": one.title, **_value(one)}]


def asks(action: Action) -> bool:
    """Return whether a verb can be given an argument."""
    return action.asks and not action.help.startswith("Nothing")


def _asking(base: Widget, action: Action) -> Widget:
    """Return a field for a verb's argument; several are written as [1, "name"]."""
    return {**base, "id": f"{base['id']} with", "type": "input", "html": f"{action.title}: {action.help}"}


def _value(one: AnyParameter) -> Widget:
    """Return what a widget needs to show and move a value."""
    if not isinstance(one, Parameter):
        return {"type": "input", "typeTags": "s"}
    curve = one.curve
    if isinstance(curve, Steps):
        return _choice(one, curve)
    low, high = curve.value(0.0), curve.value(1.0)
    fader = {"type": "fader", "horizontal": True, "design": "compact", "range": {"min": low, "max": high}}
    fader |= {"default": one.default, "doubleTap": True}
    if isinstance(curve, Linear) and curve.step == 1:
        return {**fader, "typeTags": "i", "decimals": 0, "steps": round(high - low) + 1}
    return {**fader, "typeTags": "f", "decimals": digits(low), "logScale": isinstance(curve, Log)}


def digits(low: float) -> int:
    """Return how many decimals a range needs that begins at `low`."""
    return DIGITS + max(0, -math.floor(math.log10(low))) if 0 < low < 1 else DIGITS


def _choice(one: Parameter, curve: Steps) -> Widget:
    """Return a switch or a list. A choice is sent by its number, which is also how it is told."""
    if curve.names == ("off", "on"):
        return {"type": "button", "mode": "toggle", "label": one.title, "html": "", "typeTags": "i", "on": 1, "off": 0}
    # A label of digits alone would be sorted before the others.
    values = {f"{name} " if name.isdigit() else name: number for number, name in enumerate(curve.names)}
    return {"type": "dropdown", "typeTags": "i", "values": values}
