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
    """Attributes: `said` (gives the words and their colour), `text`, `color`, `role` (font), `lines` (of room)."""

    def __init__(self, desk: Desk, said: Said, role: str = "normal", lines: int = 2) -> None:
        super().__init__(desk)
        self.said, self.role, self.lines = said, role, lines
        self.text, self.color = "", "dim"
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def refresh(self, picture: Snapshot) -> None:
        text, color = self.said(picture)
        if (text, color) != (self.text, self.color):
            self.text, self.color = text, color
            self.setAccessibleName(text)
            self.setToolTip(text)
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(100, QFontMetrics(self.desk.look.font(self.role)).lineSpacing() * self.lines + 2)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        look, painter = self.desk.look, QPainter(self)
        flags = int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignTop)
        for role in (self.role, "small"):
            painter.setFont(look.font(role))
            text = SIGNS.get(self.color, "") + self.text
            if painter.boundingRect(self.rect(), flags, text).height() <= self.height():
                break
        painter.setPen(look.color("text" if self.color == "fault" else self.color))
        painter.drawText(self.rect(), flags, text)
