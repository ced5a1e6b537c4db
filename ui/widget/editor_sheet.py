"""The sheet of an editor: type, margin, the marks of faults, the flash of what was taken.

What one sees stands apart from what the hand does, so that either can be read alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTextCharFormat,
    QTextCursor,
    QTextFormat,
)
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QSizePolicy, QTextEdit

from ui.desk import Desk, Live
from ui.widget.editor_color import utf16
from ui.widget.editor_gutter import Gutter, Mark

FLASH_FRAMES = 12
TINT = 90  # Of 255, at its strongest.
FAULT_TINT = 150


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in the text: `line` and `column` count from 1, `end` is the column after it."""

    line: int
    column: int
    end: int


class Sheet(QPlainTextEdit, Live):
    """Attributes: `desk`, `role` (font size), `scale` (of it, by design), `zoom` (by hand), `gutter`, `spot` (where the
    fault is, or None)."""

    def __init__(self, desk: Desk, role: str = "normal", figures: str = "small", scale: float = 1.0) -> None:
        super().__init__()
        self.desk, self.role = desk, role
        self.zoom, self.scale = 1.0, scale
        self.spot: Spot | None = None
        self._flash: tuple[int, int, int] = (0, 0, 0)  # First line, last line, frames left.
        self._flash_color = "active"
        self.gutter = Gutter(desk, self, self, figures)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.WidgetWidth)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.updateRequest.connect(self._follow_scroll)
        self.restyle()

    # --- look -----------------------------------------------------------------------------------------

    def restyle(self) -> None:
        look = self.desk.look
        font = QFont(look.font(self.role))
        font.setPixelSize(max(round(font.pixelSize() * self.scale * self.zoom), 8))
        self.setFont(font)
        self.document().setDefaultFont(font)
        self.setCursorWidth(max(look.px(3), 2))
        self._lay_out()

    def _lay_out(self) -> None:
        wide = self.gutter.wide
        self.setViewportMargins(wide, 0, 0, 0)
        inside = self.contentsRect()
        self.gutter.setGeometry(inside.left(), inside.top(), wide, inside.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out()

    def _follow_scroll(self, rect: QRect, dy: int) -> None:
        self.gutter.update()

    def line_boxes(self) -> list[tuple[int, QRectF]]:
        """Return the lines in sight, counted from 1, with the place of their first row."""
        boxes = []
        block, offset = self.firstVisibleBlock(), self.contentOffset()
        while block.isValid():
            box = self.blockBoundingGeometry(block).translated(offset)
            if box.top() > self.viewport().height():
                break
            row = block.layout().lineAt(0).height() if block.layout().lineCount() else box.height()
            boxes.append((block.blockNumber() + 1, QRectF(0, box.top(), box.width(), row)))
            block = block.next()
        return boxes

    def lines_in_sight(self) -> range:
        """Return the lines that may be in sight, counted from 1."""
        first = self.firstVisibleBlock().blockNumber() + 1
        return range(first, first + self.viewport().height() // max(self.fontMetrics().height(), 1) + 2)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self.toPlainText():
            painter = QPainter(self.viewport())
            painter.setFont(self.font())
            painter.setPen(self.desk.look.color("dim"))
            room = self.viewport().rect().adjusted(8, 4, -8, -4)
            painter.drawText(room, Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignTop, self.hint())

    def hint(self) -> str:
        """Return what an empty page says."""
        return ""

    # --- marks ----------------------------------------------------------------------------------------

    def show_marks(self, marks: Mapping[int, Mark]) -> None:
        """Show what the lines are doing."""
        self.gutter.show_marks(marks)

    def show_spot(self, spot: Spot | None) -> None:
        """Underline where a fault is; None takes the mark away."""
        if spot != self.spot:
            self.spot = spot
            self._paint_selections()

    def flash(self, first: int, last: int, color: str = "active") -> None:
        """Light lines up for a moment."""
        self._flash, self._flash_color = (first, last, FLASH_FRAMES), color
        self._paint_selections()

    def fade(self) -> None:
        """Let a flash go, a frame at a time."""
        first, last, frames = self._flash
        if frames:
            self._flash = (first, last, frames - 1)
            self._paint_selections()

    @property
    def is_flashing(self) -> bool:
        return self._flash[2] > 0

    def _paint_selections(self) -> None:
        found = []
        first, last, frames = self._flash
        if frames:
            found += [self._band(line, self._flash_color, frames / FLASH_FRAMES) for line in range(first, last + 1)]
        if self.spot is not None:
            found += [self._band(self.spot.line, "fault", 0.5), self._wave(self.spot)]
        self.setExtraSelections(found)

    def _band(self, line: int, color: str, strength: float) -> QTextEdit.ExtraSelection:
        """Return a tint over the whole width of a line."""
        made = QTextEdit.ExtraSelection()
        tint = QColor(self.desk.look.color(color))
        tint.setAlpha(round(TINT * (strength if self.desk.look.motion else 1)))
        style = QTextCharFormat()
        style.setBackground(tint)
        style.setProperty(QTextFormat.Property.FullWidthSelection, True)
        made.format = style
        made.cursor = self.cursor_at(line, 1)
        return made

    def _wave(self, spot: Spot) -> QTextEdit.ExtraSelection:
        """Return a wavy line under a place; under the last character where the fault is the end of the line."""
        made = QTextEdit.ExtraSelection()
        style = QTextCharFormat()
        ground = QColor(self.desk.look.color("fault"))
        ground.setAlpha(FAULT_TINT)
        style.setBackground(ground)
        style.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
        style.setUnderlineColor(self.desk.look.color("fault"))
        cursor = self.cursor_at(spot.line, spot.column)
        room = cursor.block().length() - 1 - cursor.positionInBlock()
        wanted = min(max(spot.end - spot.column, 1), room)
        if wanted > 0:
            cursor.movePosition(QTextCursor.MoveOperation.Right, QTextCursor.MoveMode.KeepAnchor, wanted)
        elif cursor.positionInBlock():
            cursor.movePosition(QTextCursor.MoveOperation.Left, QTextCursor.MoveMode.KeepAnchor)
        made.format, made.cursor = style, cursor
        return made

    def ensure_seen(self, line: int) -> None:
        """Scroll until a line is in sight; the cursor stays where it is."""
        first, bar = self.firstVisibleBlock().blockNumber() + 1, self.verticalScrollBar()
        if not first <= line < first + max(bar.pageStep(), 1):
            bar.setValue(line - 1)

    def cursor_at(self, line: int, column: int) -> QTextCursor:
        """Return a cursor at a place that counts from 1, or at the nearest there is."""
        document = self.document()
        block = document.findBlockByNumber(min(max(line, 1), document.blockCount()) - 1)
        cursor = QTextCursor(block)
        cursor.setPosition(block.position() + utf16(block.text()[: max(column - 1, 0)]))
        return cursor
