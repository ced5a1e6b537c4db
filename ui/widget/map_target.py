"""What of the window can be mapped, and the words for it in a control's menu."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRect
from PySide6.QtWidgets import QLineEdit, QMenu, QWidget

from app.action import Argument
from app.engine import Engine
from app.parameter import Parameter, TextParameter
from ui.desk import Desk

OWN = "/map/"  # Map mode's own.
# Live in Map mode too: what looks around, and what must never wait. Mapped by the menu (right click) alone.
ALIVE = ("/window/", "/panic", "/quit", "/undo", "/redo")


@dataclass(frozen=True, slots=True)
class Target:
    """A control that can be mapped.

    Attributes: `widget`, `address`, `arguments` (of an Action), `alive` (a click does in Map mode what it always does),
    `covered` (px of its foot that lie below another panel).
    """

    widget: QWidget
    address: str
    arguments: tuple[Argument, ...] = ()
    alive: bool = False
    covered: int = 0

    @property
    def box(self) -> QRect:
        """Where it is in the window."""
        shown = self.widget.rect().adjusted(0, 0, 0, -self.covered)
        return QRect(self.widget.mapTo(self.widget.window(), shown.topLeft()), shown.size())


def target_of(engine: Engine, widget: QWidget) -> Target | None:
    """Return what a control moves or fires, None if it cannot be mapped."""
    owner = getattr(widget, "parameter", None) or widget
    address = getattr(owner, "address", "")
    if not isinstance(address, str) or not address or address.startswith(OWN):
        return None
    found = engine.tree.find(address)
    is_field = isinstance(found, TextParameter) and isinstance(widget, QLineEdit)  # A program is typed, not mapped.
    if is_field or isinstance(found, Parameter) or engine.actions.find(address) is not None:
        return Target(widget, address, tuple(getattr(widget, "arguments", ())), address.startswith(ALIVE))
    return None


def add_map_items(menu: QMenu, desk: Desk, address: str, arguments: tuple[Argument, ...] = ()) -> None:
    """Add what maps a control, and what takes its hands away, to a menu."""
    is_locked = desk.engine.snapshot.mapping.locked
    title = "Map… (locked on Stage)" if is_locked else "Map…"
    menu.addAction(title, lambda: desk.map_control(address, arguments)).setEnabled(not is_locked)
    hands = [one for one in desk.engine.bindings.for_target(address) if not one.factory]
    if hands and not is_locked:
        names = ", ".join(one.label for one in hands[:3])
        menu.addAction(f"Unmap {names}", lambda: desk.engine.fire("/map/clear", address))
