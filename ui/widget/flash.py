"""A ring that blinks around a control, to show where on the screen an address is."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRectF, Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from ui.desk import Desk, Display

BLINKS = 6
BLINK_MS = 180
ROOM = 4


class Flash(Display):
    """Attributes: `around` (the control; None: at rest), `blinks` (how many half periods are left)."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(desk, parent)
        self.around: QWidget | None = None
        self.blinks = 0
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._timer = QTimer(self)
        self._timer.setInterval(BLINK_MS)
        self._timer.timeout.connect(self._blink)
        self.hide()

    def show_around(self, control: QWidget) -> None:
        """Blink around a control; without motion the ring stands still for the same time."""
        self.around, self.blinks = control, BLINKS
        parent = self.parentWidget()
        corner = control.mapTo(parent, QPoint(0, 0)) if parent is not None else control.pos()
        self.setGeometry(corner.x() - ROOM, corner.y() - ROOM, control.width() + 2 * ROOM, control.height() + 2 * ROOM)
        self.raise_()
        self.show()
        self._timer.start()

    def _blink(self) -> None:
        self.blinks -= 1
        if self.blinks <= 0:
            self._timer.stop()
            self.around = None
            self.hide()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.desk.look.motion and self.blinks % 2:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self.desk.look.color("now"), 3))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1.5, 1.5, -1.5, -1.5), 6, 6)
