"""A menu of all that can be moved, part by part: the same tables that OSC and sessions know.

Not everything has a control in the window, and none of it may need code to be reached.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu, QWidget

from app.action import Action
from app.parameter import AnyParameter
from ui.desk import Desk

OWN = "/map/"  # Map mode's own verbs are its window's.


def everything(desk: Desk) -> dict[str, list[AnyParameter | Action]]:
    """Return all that can be mapped, by part and address."""
    parts: dict[str, list[AnyParameter | Action]] = {}
    for one in sorted((*desk.engine.tree, *desk.engine.actions), key=lambda one: one.address):
        if not one.address.startswith(OWN):
            parts.setdefault(one.address.split("/")[1], []).append(one)
    return parts


def target_menu(parent: QWidget, desk: Desk, chosen: Callable[[str], None]) -> QMenu:
    """Return a menu of it; `chosen` is called with an address."""
    menu = QMenu(parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    for part, found in everything(desk).items():
        inner = menu.addMenu(part.capitalize())
        inner.aboutToShow.connect(partial(_fill, inner, found, chosen))
    return menu


def _fill(menu: QMenu, found: list[AnyParameter | Action], chosen: Callable[[str], None]) -> None:
    if not menu.actions():
        for one in found:
            menu.addAction(f"{one.title}\t{one.address}", partial(chosen, one.address))
