"""A dark glass over the whole window, for dark halls."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from ui.desk import Desk, Display


class Dimmer(Display):
    """Attributes: `amount` 0..1."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(desk, parent)
        self.amount = 0.0
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def dim(self, amount: float) -> None:
        """Darken by a share, 0.0 takes the glass away."""
        if amount != self.amount:
            self.amount = amount
            self.setVisible(amount > 0)
            self.raise_()
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), QColor(0, 0, 0, round(self.amount * 255)))
