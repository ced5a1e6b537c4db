"""A sentence that is never cut: it breaks into lines within a room that stays the same.

What went wrong and what to do is told at the end of a sentence, so an ellipsis there would cost the answer.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy

from app.snapshot import Snapshot
from ui.desk import Desk, Display

Said = Callable[[Snapshot], tuple[str, str]]
SIGNS = {"fault": "× "}


class Sentence(Display):
    """Attributes: `said` (gives the words and their colour), `text`, `color`, `role` (font), `lines` (of room),
    `least` (lines it can live with where the room is small).
    """

    def __init__(self, desk: Desk, said: Said, role: str = "normal", lines: int = 2, least: int = 0) -> None:
        super().__init__(desk)
        self.said, self.role, self.lines, self.least = said, role, lines, least or lines
        self.text, self.color = "", "dim"
        tall = QSizePolicy.Policy.Preferred if least else QSizePolicy.Policy.Fixed
        self.setSizePolicy(QSizePolicy.Policy.Expanding, tall)

    def refresh(self, picture: Snapshot) -> None:
        text, color = self.said(picture)
        if (text, color) != (self.text, self.color):
            self.text, self.color = text, color
            self.setAccessibleName(text)
            self.setToolTip(text)
            self.update()

    def sizeHint(self) -> QSize:
        return self._room(self.lines)

    def minimumSizeHint(self) -> QSize:
        return self._room(self.least)

    def _room(self, lines: int) -> QSize:
        return QSize(100, QFontMetrics(self.desk.look.font(self.role)).lineSpacing() * lines + 2)

    def paintEvent(self, event: QPaintEvent) -> None:
        look, painter = self.desk.look, QPainter(self)
        flags = int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignTop)
        for role in (self.role, "small"):
            painter.setFont(look.font(role))
            text = SIGNS.get(self.color, "") + self.text
            if painter.boundingRect(self.rect(), flags, text).height() <= self.height():
                break
        painter.setPen(look.color("text" if self.color == "fault" else self.color))
        tall = painter.fontMetrics().lineSpacing()
        painter.setClipRect(0, 0, self.width(), max(self.height() // tall, 1) * tall)  # No half lines.
        painter.drawText(self.rect(), flags, text)
