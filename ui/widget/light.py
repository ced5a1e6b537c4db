"""A small light for one direction of a port: filled while something passes, hollow while it rests.

One that was wanted and does not work is no port that is off: it is broken, in the colour of a warning.
"""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen

from app.snapshot import Snapshot
from ui.desk import Desk
from ui.widget.pad import Pad

LIT_S = 0.12
LOST = ("waiting", "failed")
COLORS = {"closed": "outline", "lost": "learning"}


class Light(Pad):
    """Attributes: `name` (key into the picture's lights), `state`: "lit", "open", "lost" or "closed"."""

    def __init__(self, desk: Desk, name: str) -> None:
        super().__init__(desk, name.replace("osc", "OSC").replace("midi", "MIDI"), lambda: desk.show_port(name))
        self.name, self.state = name, "closed"
        self.setToolTip("Show what passes here")

    def refresh(self, picture: Snapshot) -> None:
        since = picture.lights.get(self.name)
        state = self._rest(picture) if since is None else "lit" if since < LIT_S else "open"
        if state != self.state:
            self.state = state
            self.setAccessibleDescription("open" if state == "lit" else state)
            self.update()

    def _rest(self, picture: Snapshot) -> str:
        """Return whether a port through which nothing can pass is off, or was wanted and is lost."""
        port = self.name.removesuffix(" out")
        return "lost" if any(one.name == port and one.state in LOST for one in picture.devices) else "closed"

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
        line = Qt.PenStyle.DotLine if self.state == "lost" else Qt.PenStyle.SolidLine
        painter.setPen(QPen(look.color(COLORS.get(self.state, "now")), 1.5, line))
        painter.setBrush(look.color("now") if self.state == "lit" else Qt.BrushStyle.NoBrush)
        if is_closed:
            painter.drawLine(QPointF(middle.x() - radius, middle.y()), QPointF(middle.x() + radius, middle.y()))
        else:
            painter.drawEllipse(middle, radius, radius)
        painter.setFont(look.font("small"))
        painter.setPen(look.color({"closed": "dim", "lost": "learning"}.get(self.state, "text")))
        words = QRectF(look.px(21), 0, self.width(), self.height())
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, self.text())
        if self.hasFocus():
            self._paint_ring(painter)
