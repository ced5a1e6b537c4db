"""The margin of the editor: what each line is doing now.

Beside each line that plays stands the sign of its role; it lights up with every hit. What a model knows of a line
stands beside that in figures. So a performer sees which line is heard without leaving the text with the eye.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from ui.desk import Desk, Display
from ui.widget.shape import paint_shape

# Role -> place among the data colours, for its shape, and the colour of the window that goes with it.
SIGNS = {"source": (0, "active"), "learn": (1, "learning"), "predict": (4, "now"), "": (0, "text")}
REST, LIT = 5, 13  # Designed px of a sign at rest and at a hit.
FIGURES = "<0.001  100%"
EDGE = 3


@dataclass(frozen=True, slots=True)
class Mark:
    """What the margin says of one line.

    `role` is "source", "learn", "predict" or "" of a channel that plays, None: nothing plays there; `level` 0..1 is
    the light of its last hit; `text` are figures; `fresh`: written since, it does not play yet; `waits`: it is about
    to play; `faulty`: it was not understood.
    """

    role: str | None = None
    level: float = 0.0
    text: str = ""
    fresh: bool = False
    waits: bool = False
    faulty: bool = False


class Page(Protocol):
    """Where the lines of a text are on the screen."""

    def line_boxes(self) -> list[tuple[int, QRectF]]:
        """Return the lines in sight, counted from 1, with the place of their first row."""


class Gutter(Display):
    """Attributes: `marks` (line -> mark), `role` (font of the figures)."""

    def __init__(self, desk: Desk, parent: QWidget, page: Page, role: str = "small") -> None:
        super().__init__(desk, parent)
        self.marks: Mapping[int, Mark] = {}
        self.role = role
        self._page = page
        self.setAccessibleName("What the lines play")

    @property
    def wide(self) -> int:
        """The room it needs, in px; always the same, so that the text never shifts."""
        return QFontMetrics(self.desk.look.font(self.role)).horizontalAdvance(FIGURES) + self.desk.look.px(LIT + 18)

    def sizeHint(self) -> QSize:
        return QSize(self.wide, 0)

    def show_marks(self, marks: Mapping[int, Mark]) -> None:
        """Show other marks; repaint only if they are others."""
        if marks != self.marks:
            self.marks = marks
            self.setAccessibleDescription("; ".join(f"line {n}: {m.text}" for n, m in marks.items() if m.text))
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        look, painter = self.desk.look, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), look.color("panel"))
        for line, box in self._page.line_boxes():
            mark = self.marks.get(line)
            if mark is not None:
                self._paint_mark(painter, mark, box)

    def _paint_mark(self, painter: QPainter, mark: Mark, box: QRectF) -> None:
        look = self.desk.look
        edge = "fault" if mark.faulty else "now" if mark.waits else "learning" if mark.fresh else ""
        if edge:
            painter.fillRect(QRectF(0, box.top(), EDGE, box.height()), look.color(edge))
        if mark.role is not None:
            self._paint_sign(painter, mark, QPointF(look.px(LIT / 2 + 6), box.center().y()))
        if mark.text:
            painter.setFont(look.font(self.role))
            painter.setPen(look.color("dim"))
            words = QRect(0, round(box.top()), self.width() - look.px(8), round(box.height()))
            painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, mark.text)

    def _paint_sign(self, painter: QPainter, mark: Mark, middle: QPointF) -> None:
        look = self.desk.look
        colour, role = SIGNS.get(mark.role or "", SIGNS[""])
        fill = QColor(look.color(role))
        fill.setAlphaF(0.45 + 0.55 * mark.level)
        size = REST + (LIT - REST) * mark.level if look.motion else (LIT if mark.level > 0 else REST)
        paint_shape(painter, look, colour, middle, look.px(size), fill)
