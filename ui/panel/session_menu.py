"""Other sessions: those that came with the instrument, and any folder.

A factory session opens as a copy among one's own, so trying one costs nothing; the dialog for a folder leaves the music
and the window usable.
"""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QFileDialog, QMenu

from app.parameter import Parameter, Steps
from ui.desk import Desk
from ui.widget.pad import Pad

FACTORY, OPEN = "/session/factory", "/session/open"


class OpenPad(Pad):
    """Opens the menu of sessions."""

    def __init__(self, desk: Desk, tall: int = 28) -> None:
        super().__init__(desk, "Open ▾", self.open, tall, "small")
        self.setAccessibleName("Open a session")
        self.setToolTip("Factory sessions, or a folder of yours. What is open now is saved first  (/session/open)")

    def open(self) -> None:
        self.menu().popup(self.mapToGlobal(QPoint(0, self.height())))

    def names(self) -> tuple[str, ...]:
        """Return what came with the instrument."""
        found = self.desk.engine.tree.find(FACTORY)
        curve = found.curve if isinstance(found, Parameter) else None
        return curve.names[1:] if isinstance(curve, Steps) else ()

    def menu(self) -> QMenu:
        """Return the menu."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction("Opens as a copy of yours").setEnabled(False)
        for name in self.names():
            menu.addAction(name.capitalize(), partial(self.take, name))
        menu.addSeparator()
        menu.addAction("A folder…", self.ask)
        return menu

    def take(self, name: str) -> None:
        """Ask for a session by its name or folder."""
        self.desk.engine.fire(OPEN, name)

    def ask(self) -> None:
        """Ask for a session's folder."""
        dialog = QFileDialog(self.window(), "Open a session: its folder holds session.json")
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setModal(False)
        dialog.fileSelected.connect(self.take)
        dialog.finished.connect(dialog.deleteLater)
        dialog.show()
