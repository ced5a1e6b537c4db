"""The words that may come next, listed at the cursor.

It is a picture over the text and no window of its own: a popup would take the keys away from panic and transport,
and on a stage nothing may do that. The editor has the keys and moves the mark.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QFontMetrics, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from ui.desk import Desk, Display
from ui.widget.editor_word import Offer

MOST = 8
GAP = 14


class WordList(Display):
    """Attributes: `offers`, `at` (the marked one; -1: none), `is_asked` (it was called, and did not come by itself)."""

    def __init__(self, desk: Desk, parent: QWidget, take: Callable[[], None]) -> None:
        super().__init__(desk, parent)
        self.offers: tuple[Offer, ...] = ()
        self.at = 0
        self.is_asked = False
        self._take, self._parent = take, parent
        self.setAccessibleName("Words")
        self.hide()

    @property
    def offer(self) -> Offer | None:
        """The marked word, while the list is open."""
        return self.offers[self.at] if self.isVisible() and self.offers else None

    def open(self, offers: Sequence[Offer], cursor: QRect, is_asked: bool) -> None:
        """Show words below the cursor, or above it where there is no room below."""
        kept = self.offer
        self.offers, self.is_asked = tuple(offers), is_asked
        self.at = self.offers.index(kept) if kept in self.offers else 0
        room = self._parent
        wide = min(self._wide(), room.width())
        tall = self._row * min(len(self.offers), MOST) + 4
        top = cursor.bottom() + 3
        if top + tall > room.height() and cursor.top() - 3 - tall >= 0:
            top = cursor.top() - 3 - tall
        self.setGeometry(max(min(cursor.left(), room.width() - wide), 0), top, wide, tall)
        self.raise_()
        self.show()
        self.update()

    def close_list(self) -> None:
        """Go away."""
        self.hide()
        self.offers, self.at = (), 0

    def move_mark(self, steps: int) -> None:
        """Mark another word, round and round."""
        if self.offers:
            self.at = (self.at + steps) % len(self.offers)
            self.is_asked = True  # Whoever moved the mark means the list, not the text.
            self.update()

    @property
    def _row(self) -> int:
        return QFontMetrics(self.desk.look.font()).height() + 6

    @property
    def _top(self) -> int:
        """The first word in sight."""
        return min(max(self.at - MOST + 1, 0), max(len(self.offers) - MOST, 0))

    def _wide(self) -> int:
        words, hints = QFontMetrics(self.desk.look.font("normal", True)), QFontMetrics(self.desk.look.font("small"))
        return max(words.horizontalAdvance(o.word) + hints.horizontalAdvance(o.hint) for o in self.offers) + 20 + GAP

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.at = min(self._top + int(event.position().y()) // self._row, len(self.offers) - 1)
        self._take()

    def paintEvent(self, event: QPaintEvent) -> None:
        look, painter = self.desk.look, QPainter(self)
        painter.fillRect(self.rect(), look.color("raised"))
        painter.setPen(QPen(look.color("outline"), 1))
        painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))
        for place, offer in enumerate(self.offers[self._top : self._top + MOST]):
            box = QRect(2, 2 + place * self._row, self.width() - 4, self._row)
            self._paint_offer(painter, offer, box, self._top + place == self.at)

    def _paint_offer(self, painter: QPainter, offer: Offer, box: QRect, is_marked: bool) -> None:
        look, middle = self.desk.look, Qt.AlignmentFlag.AlignVCenter
        if is_marked:
            painter.fillRect(box, look.color("active"))
        inside = box.adjusted(8, 0, -8, 0)
        painter.setFont(look.font("normal", True))
        painter.setPen(look.color("on_fill" if is_marked else "text"))
        painter.drawText(inside, middle, offer.word)
        painter.setFont(look.font("small"))
        painter.setPen(look.color("on_fill" if is_marked else "dim"))
        painter.drawText(inside, middle | Qt.AlignmentFlag.AlignRight, offer.hint)
