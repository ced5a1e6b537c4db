"""What of the window can be mapped, and the words for it in a control's menu."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRect
from PySide6.QtWidgets import QMenu, QWidget

from app.action import Argument
from app.engine import Engine
from app.parameter import Parameter
from ui.desk import Desk

# Live in Map mode too: what leaves it, what looks around, and what must never wait.
ALIVE = ("/map/", "/window/", "/panic", "/quit", "/undo", "/redo")


@dataclass(frozen=True, slots=True)
class Target:
    """A control that can be mapped. Attributes: `widget`, `address`, `arguments` (of an Action)."""

    widget: QWidget
    address: str
    arguments: tuple[Argument, ...] = ()

    @property
    def box(self) -> QRect:
        """Where it is in the window."""
        return QRect(self.widget.mapTo(self.widget.window(), self.widget.rect().topLeft()), self.widget.size())


def target_of(engine: Engine, widget: QWidget) -> Target | None:
    """Return what a control moves or fires, None if it cannot be mapped."""
    owner = getattr(widget, "parameter", None) or widget
    address = getattr(owner, "address", "")
    if not isinstance(address, str) or not address or address.startswith(ALIVE):
        return None
    if isinstance(engine.tree.find(address), Parameter) or engine.actions.find(address) is not None:
        return Target(widget, address, tuple(getattr(widget, "arguments", ())))
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
