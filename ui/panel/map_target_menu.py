"""A menu of all that can be moved, part by part: the same tables that OSC and sessions know.

Not everything has a control in the window, and none of it may need code to be reached.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu, QWidget

from app.action import Action
from app.parameter import AnyParameter
from ui.desk import Desk

OWN = "/map/"  # Map mode's own verbs are its window's.
# What one plays with stands first; the rest of the parts is a menu further on.
FIRST = ("composer", "scene", "rules", "follower", "listener", "transport", "output")


def everything(desk: Desk) -> dict[str, list[AnyParameter | Action]]:
    """Return all that can be mapped, by part and address."""
    parts: dict[str, list[AnyParameter | Action]] = {}
    for one in sorted((*desk.engine.tree, *desk.engine.actions), key=lambda one: one.address):
        if not one.address.startswith(OWN):
            parts.setdefault(one.address.split("/")[1], []).append(one)
    return parts


def part_menus(menu: QMenu, parts: Iterable[str]) -> dict[str, QMenu]:
    """Fill a menu with one for each part, those that are played with first; return them by part."""
    there = set(parts)
    made = {part: menu.addMenu(part.capitalize()) for part in FIRST if part in there}
    rest = sorted(there.difference(FIRST))
    if rest:
        menu.addSeparator()
        more = menu.addMenu("More")
        made |= {part: more.addMenu(part.capitalize()) for part in rest}
    return made


def target_menu(parent: QWidget, desk: Desk, chosen: Callable[[str], None]) -> QMenu:
    """Return a menu of it; `chosen` is called with an address."""
    menu = QMenu(parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    parts = everything(desk)
    for part, inner in part_menus(menu, parts).items():
        inner.aboutToShow.connect(partial(_fill, inner, parts[part], chosen))
    return menu


def _fill(menu: QMenu, found: list[AnyParameter | Action], chosen: Callable[[str], None]) -> None:
    if not menu.actions():
        for one in found:
            menu.addAction(f"{one.title}\t{one.address}", partial(chosen, one.address))
