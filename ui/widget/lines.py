"""Lines of text in columns: monitor, log, bindings, lists.

Only the lines in sight are painted, so a flood of messages costs no more than a dozen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFocusEvent, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QSizePolicy

from ui.desk import Desk, Display


@dataclass(frozen=True, slots=True)
class Line:
    """One line. Attributes: `cells` (one text per column), `color` of the first cell, `key` (what it stands for)."""

    cells: tuple[str, ...]
    color: str = "text"
    key: str = ""


class Lines(Display):
    """Attributes: `lines`, `columns` (share of the width of each column), `empty` (said when there are none),
    `tail` (True: the end stays in sight), `chosen` (key of the marked line), `role` (font)."""

    takes_return = True

    def __init__(
        self,
        desk: Desk,
        columns: Sequence[float],
        empty: str,
        tail: bool = False,
        tall: int = 24,
        name: str = "",
        role: str = "normal",
    ) -> None:
        super().__init__(desk)
        self.role = role
        self.columns, self.empty, self.tail, self.tall = tuple(columns), empty, tail, tall
        self.lines: tuple[Line, ...] = ()
        self.chosen: str | None = None
        self._top = 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(name)

    def sizeHint(self) -> QSize:
        return QSize(200, self.desk.look.px(self.tall * 5))

    def minimumSizeHint(self) -> QSize:
        return QSize(100, self.desk.look.px(self.tall * 2))

    def show_lines(self, lines: Sequence[Line]) -> None:
        """Show other lines; a reader who scrolled up stays where he is."""
        new = tuple(lines)
        if new == self.lines:
            return
        at_end = self._top >= self._last_top
        self.lines = new
        self._top = self._last_top if self.tail and at_end else min(self._top, self._last_top)
        self.update()

    def choose(self, line: Line) -> None:
        """A line was clicked or chosen by key; to be overridden where that means something."""

    @property
    def _shown(self) -> int:
        return max(self.height() // self.desk.look.px(self.tall), 1)

    @property
    def _last_top(self) -> int:
        return max(len(self.lines) - self._shown, 0)

    def _scroll(self, lines: int) -> None:
        self._top = min(max(self._top + lines, 0), self._last_top)
        self.update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        self._scroll(-round(event.angleDelta().y() / 40))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = self._top + int(event.position().y()) // self.desk.look.px(self.tall)
        if at < len(self.lines):
            self.choose(self.lines[at])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        keys = Qt.Key
        steps = {keys.Key_Down: 1, keys.Key_Up: -1, keys.Key_PageDown: self._shown, keys.Key_PageUp: -self._shown}
        if event.key() in steps:
            self._move(steps[Qt.Key(event.key())])
        elif event.key() in (keys.Key_Home, keys.Key_End):
            self._move(-len(self.lines) if event.key() == keys.Key_Home else len(self.lines))
        else:
            event.ignore()

    def _move(self, steps: int) -> None:
        if self.chosen is None:
            self._scroll(steps)
            return
        at = next((index for index, line in enumerate(self.lines) if line.key == self.chosen), 0)
        at = min(max(at + steps, 0), len(self.lines) - 1)
        if self.lines:
            self.choose(self.lines[at])
            self._scroll(min(at - self._top, 0) or max(at - self._top - self._shown + 1, 0))

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        look, painter = self.desk.look, QPainter(self)
        painter.setFont(look.font(self.role))
        if not self.lines:
            painter.setPen(look.color("dim"))
            flags = Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWordWrap
            painter.drawText(self.rect().adjusted(6, 6, -6, -6), flags, self.empty)
        for row, line in enumerate(self.lines[self._top : self._top + self._shown]):
            self._paint_line(painter, line, row * look.px(self.tall))
        self.paint_focus(painter)

    def _paint_line(self, painter: QPainter, line: Line, top: int) -> None:
        look, tall = self.desk.look, self.desk.look.px(self.tall)
        is_chosen = self.chosen is not None and line.key == self.chosen
        if is_chosen:
            painter.fillRect(QRect(2, top, self.width() - 4, tall), look.color("raised"))
            painter.fillRect(QRect(2, top, 3, tall), look.color("active"))
        left = 10
        metrics = QFontMetrics(painter.font())
        for index, (cell, share) in enumerate(zip(line.cells, self.columns, strict=False)):
            wide = round((self.width() - 16) * share)
            painter.setPen(look.color(line.color if index == 0 else "text"))
            text = metrics.elidedText(cell, Qt.TextElideMode.ElideRight, wide - 8)
            painter.drawText(QRect(left, top, wide, tall), Qt.AlignmentFlag.AlignVCenter, text)
            left += wide
