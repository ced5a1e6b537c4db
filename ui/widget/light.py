"""A small light for one direction of a port: filled while something passes, hollow while it rests."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen

from app.snapshot import Snapshot
from ui.desk import Desk
from ui.widget.pad import Pad

LIT_S = 0.12


class Light(Pad):
    """Attributes: `name` (key into the picture's lights), `state`: "lit", "open" or "closed"."""

    def __init__(self, desk: Desk, name: str) -> None:
        super().__init__(desk, name.replace("osc", "OSC").replace("midi", "MIDI"), lambda: desk.show_port(name))
        self.name, self.state = name, "closed"
        self.setToolTip("Show what passes here")

    def refresh(self, picture: Snapshot) -> None:
        since = picture.lights.get(self.name)
        state = "closed" if since is None else "lit" if since < LIT_S else "open"
        if state != self.state:
            self.state = state
            self.setAccessibleDescription("closed" if state == "closed" else "open")
            self.update()

    def sizeHint(self) -> QSize:
        look = self.desk.look
        return QSize(QFontMetrics(look.font("small")).horizontalAdvance(self.text()) + look.px(26), look.px(32))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        look, painter = self.desk.look, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle = QPointF(look.px(11), self.height() / 2)
        radius = look.px(5)
        is_closed = self.state == "closed"
        painter.setPen(QPen(look.color("outline" if is_closed else "now"), 1.5))
        painter.setBrush(look.color("now") if self.state == "lit" else Qt.BrushStyle.NoBrush)
        if is_closed:
            painter.drawLine(QPointF(middle.x() - radius, middle.y()), QPointF(middle.x() + radius, middle.y()))
        else:
            painter.drawEllipse(middle, radius, radius)
        painter.setFont(look.font("small"))
        painter.setPen(look.color("dim" if is_closed else "text"))
        words = QRectF(look.px(21), 0, self.width(), self.height())
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, self.text())
        if self.hasFocus():
            self._paint_ring(painter)
