"""A choice among names, as a button with a menu.

A stock combo box changes when the wheel passes over it, which on stage changes the music by accident.
"""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QPoint, QPointF, QSize, Qt
from PySide6.QtGui import QAction, QKeyEvent, QPainter, QPaintEvent, QPolygonF
from PySide6.QtWidgets import QMenu

from app.parameter import Parameter, Steps
from app.snapshot import Snapshot
from ui.desk import Desk
from ui.widget.pad import Pad


class Choice(Pad):
    """A pad that shows the chosen name and opens the others.

    Attributes: `parameter`, `titles` (what the screen calls names; a name without one stands for itself), `prefix`
    (stands before the name where the name alone says too little).
    """

    aside = 14  # For the arrow.

    def __init__(
        self,
        desk: Desk,
        parameter: Parameter,
        tall: int = 32,
        titles: Mapping[str, str] | None = None,
        prefix: str = "",
    ) -> None:
        self.parameter, self.titles, self.prefix = parameter, titles or {}, prefix
        super().__init__(desk, self._words(), self.open, tall)
        self.setAccessibleName(parameter.title)
        self.setToolTip(f"{parameter.help or parameter.title}  ({parameter.address})")

    def refresh(self, picture: Snapshot) -> None:
        self.light("", self._words())

    def _words(self) -> str:
        shown = self.parameter.show()
        return f"{self.prefix}{self.titles.get(shown, shown) or 'none'}"

    def open(self) -> None:
        """Show the names below the button."""
        menu = self.menu()
        menu.popup(self.mapToGlobal(QPoint(0, self.height())))

    def menu(self) -> QMenu:
        """Return a menu of the names, the chosen one ticked."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        curve = self.parameter.curve
        for name in curve.names if isinstance(curve, Steps) else ():
            title = self.titles.get(name, name)
            action = QAction(title, menu, checkable=True, checked=name == self.parameter.show())
            action.triggered.connect(lambda _=False, name=name: self.desk.engine.set(self.parameter.address, name))
            menu.addAction(action)
        return menu

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
        if event.key() in steps:
            self.desk.engine.set(self.parameter.address, self.parameter.value + steps[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        return QSize(hint.width() + self.aside, hint.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.desk.look.color("dim"))
        x, y = self.width() - 13, self.height() / 2
        painter.drawPolygon(QPolygonF([QPointF(x - 4, y - 2), QPointF(x + 4, y - 2), QPointF(x, y + 3)]))
