"""The key sheet: every key, every action, every gesture, over the window and not in its way.

It is a picture and not a dialog: the music goes on, and so do the keys it shows.
"""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFontMetrics, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from app.snapshot import Snapshot
from ui.desk import Desk, Display
from ui.words import Row, key_sheet

COLUMNS = 3
GAP = 32


class KeySheet(Display):
    """Attributes: `sheet` (heading -> rows), read anew each time it opens."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(desk, parent)
        self.sheet: dict[str, list[Row]] = {}
        self.setAccessibleName("Key sheet")
        self.hide()

    def open(self) -> None:
        """Show the tables as they are now."""
        self.sheet = key_sheet(self.desk.engine)
        self.setAccessibleDescription(
            "; ".join(f"{row.key}: {row.title}" for rows in self.sheet.values() for row in rows)
        )
        self.setGeometry(self.parentWidget().rect())
        self.raise_()
        self.show()

    def tick(self, picture: Snapshot) -> None:
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.desk.engine.set("/window/keys", 0.0)

    def paintEvent(self, event: QPaintEvent) -> None:
        look, painter = self.desk.look, QPainter(self)
        painter.fillRect(self.rect(), look.color("background"))
        left = look.px(40)
        painter.setPen(look.color("text"))
        painter.setFont(look.font("large", True))
        painter.drawText(QRect(left, look.px(18), self.width(), look.px(28)), Qt.AlignmentFlag.AlignVCenter, "Keys")
        painter.setPen(look.color("dim"))
        painter.setFont(look.font("normal"))
        hint = "Esc, ? or a click closes.  The keys work while this is open."
        painter.drawText(
            QRect(left + look.px(70), look.px(19), self.width(), look.px(28)), Qt.AlignmentFlag.AlignVCenter, hint
        )
        self._paint_columns(painter, left, look.px(60))

    def _paint_columns(self, painter: QPainter, left: int, top: int) -> None:
        look = self.desk.look
        wide = (self.width() - 2 * left - (COLUMNS - 1) * look.px(GAP)) // COLUMNS
        room = self.height() - top - look.px(16)
        entries = [entry for heading, rows in self.sheet.items() for entry in (heading, *rows, None)]
        # As tall as fits: the rows of the fullest column share the height.
        per_column = -(-len(entries) // COLUMNS) + 2
        tall = min(look.px(28), room // per_column)
        end = top + per_column * tall
        x, y = left, top
        for entry in entries:
            is_orphan = isinstance(entry, str) and y + 3 * tall > end
            if y + tall > end or is_orphan:
                x, y = x + wide + look.px(GAP), top
            if entry is None and y == top:
                continue
            self._paint_entry(painter, entry, QRect(x, y, wide, tall))
            y += tall

    def _paint_entry(self, painter: QPainter, entry: Row | str | None, box: QRect) -> None:
        look, middle = self.desk.look, Qt.AlignmentFlag.AlignVCenter
        if entry is None:
            return
        if isinstance(entry, str):
            painter.setFont(look.font("normal", True))
            painter.setPen(look.color("active"))
            painter.drawText(box, middle, entry)
            return
        keys_wide = box.width() * (50 if not entry.address else 32) // 100
        painter.setFont(look.font("normal", True))
        painter.setPen(look.color("text" if entry.key else "outline"))
        painter.drawText(box, middle, entry.key or "–")
        words = box.adjusted(keys_wide, 0, 0, 0)
        painter.setFont(look.font("small"))
        painter.setPen(look.color("dim"))
        painter.drawText(words, middle | Qt.AlignmentFlag.AlignRight, entry.address)
        address_wide = QFontMetrics(look.font("small")).horizontalAdvance(entry.address)
        painter.setFont(look.font("normal"))
        painter.setPen(look.color("text"))
        title = QFontMetrics(look.font("normal")).elidedText(
            entry.title, Qt.TextElideMode.ElideRight, words.width() - address_wide - 8
        )
        painter.drawText(words, middle, title)
