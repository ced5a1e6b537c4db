"""The names of the MIDI ports there are, beside the field in which one may type any other.

The system is asked when somebody looks, never by the clock: listing ports may take the time of a frame.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMenu

from app.parameter import TextParameter
from ui.desk import Desk
from ui.widget.pad import Pad

NONE_YET = "No MIDI port is there: plug one in, or turn Virtual on"


class PortPad(Pad):
    """Opens the list. Attributes: `parameter` (the port's name), `names` (as last listed)."""

    def __init__(self, desk: Desk, parameter: TextParameter, names: Callable[[], list[str]] | None = None) -> None:
        """`names` lists the ports; without it, those to send to."""
        super().__init__(desk, "▾", self.open)
        self.parameter = parameter
        self._list = names
        self.names: list[str] = []
        self.setAccessibleName("MIDI ports")
        self.setToolTip("The MIDI ports there are")

    def look(self) -> None:
        """List the ports."""
        self.names = self._list() if self._list is not None else self.desk.ports.outputs()

    def open(self) -> None:
        self.look()
        self.menu().popup(self.mapToGlobal(QPoint(0, self.height())))

    def menu(self) -> QMenu:
        """Return a menu of the ports; why there is none, if so."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for name in self.names or [NONE_YET]:
            is_port = bool(self.names) and not name.startswith("unavailable:")
            action = menu.addAction(name, partial(self._take, name))
            action.setEnabled(is_port)
            action.setCheckable(is_port)
            action.setChecked(name == self.parameter.value)
        return menu

    def _take(self, name: str) -> None:
        self.desk.engine.set(self.parameter.address, name)
