"""The ticks of the phrase, row below row: what the model heard, what it shall play, what it played.

Source, target and prediction of one tick stand below each other, so that a wrong guess is seen as one sees a wrong
note in a score; it is crossed as well, for whoever looks from afar.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy

from app.snapshot import Snapshot
from app.snapshot_follower import TickRow
from ui.desk import Desk, Display
from ui.widget.shape import paint_shape

# Kind -> place among the data colours (its shape), colour of the window, what the screen calls it.
KINDS = {"source": (0, "active", "source"), "target": (1, "learning", "learn"), "predict": (4, "now", "predict")}
LEAST_CELL = 7.0
GAP = 10
EMPTY = "The ticks of a bar stand here: write source before one drum and learn before another"


def wrong_ticks(row: TickRow, rows: Sequence[TickRow]) -> set[int]:
    """Return the ticks on which a prediction is not what its target asks for."""
    if row.kind != "predict":
        return set()
    target = next((one.ticks for one in rows if one.kind == "target" and one.name == row.name), ())
    pairs = enumerate(zip(row.ticks, target, strict=False))
    return {tick for tick, (said, asked) in pairs if said >= 0 and asked >= 0 and said != asked}


class TickRows(Display):
    """Attributes: `rows`, `at` (the present tick), `grid` (ticks a bar), `tall` (designed px of a row), `role`."""

    def __init__(self, desk: Desk, tall: int = 24, role: str = "small") -> None:
        super().__init__(desk)
        self.rows: tuple[TickRow, ...] = ()
        self.at, self.grid, self.tall, self.role = 0, 8, tall, role
        self._playing = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Ticks of the phrase")

    def refresh(self, picture: Snapshot) -> None:
        state = picture.follower
        seen = (state.rows, state.tick, state.grid, picture.playing)
        if seen == (self.rows, self.at, self.grid, self._playing):
            return
        count = len(self.rows)
        self.rows, self.at, self.grid, self._playing = seen
        if len(self.rows) != count:
            self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, self.desk.look.px(self.tall * max(len(self.rows[:8]), 3) + self.tall * 0.8))

    def minimumSizeHint(self) -> QSize:
        return QSize(120, self.desk.look.px(self.tall * 2.8))

    # --- where things are -----------------------------------------------------------------------------

    @property
    def _left(self) -> int:
        metrics = QFontMetrics(self.desk.look.font(self.role, True))
        words = [f"{row.name} {KINDS.get(row.kind, (0, '', row.kind))[2]}" for row in self.rows]
        return min(max((metrics.horizontalAdvance(word) for word in words), default=0), self.width() // 3) + GAP

    @property
    def span(self) -> tuple[int, int]:
        """The first tick in sight and how many are: whole bars, as many as can be told apart."""
        total = max((len(row.ticks) for row in self.rows), default=self.grid)
        grid = max(self.grid, 1)
        room = (self.width() - self._left) / LEAST_CELL
        bars = max(min(int(room // grid), -(-total // grid)), 1)
        first = self.at // grid // bars * bars * grid
        return (first, bars * grid) if first < total else (0, bars * grid)

    def paintEvent(self, event: QPaintEvent) -> None:
        look, painter = self.desk.look, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(look.font(self.role))
        if not self.rows:
            painter.setPen(look.color("dim"))
            painter.drawText(self.rect(), Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignVCenter, EMPTY)
            return
        left, (first, count) = self._left, self.span
        wide = (self.width() - left) / count
        head = look.px(self.tall * 0.7)
        tall = min((self.height() - head) / len(self.rows), look.px(self.tall))
        self._paint_grid(painter, QRectF(left, 0, wide, head + tall * len(self.rows)), first, count, head)
        for place, row in enumerate(self.rows):
            top = head + place * tall
            self._paint_name(painter, row, QRectF(0, top, left - GAP / 2, tall))
            self._paint_ticks(painter, row, QRectF(left, top, wide, tall), first, count)

    def _paint_grid(self, painter: QPainter, cell: QRectF, first: int, count: int, head: float) -> None:
        """Draw bars and beats, and the column of the present tick."""
        look, wide = self.desk.look, cell.width()
        beat = max(self.grid // 4, 1)
        if self._playing and first <= self.at < first + count:
            now = QColor(look.color("now"))
            now.setAlpha(60)
            x = cell.left() + (self.at - first) * wide
            painter.fillRect(QRectF(x, head * 0.8, wide, cell.height() - head * 0.8), now)
        for tick in range(0, count, beat):
            x = cell.left() + tick * wide
            is_bar = tick % self.grid == 0
            painter.setPen(QPen(look.color("outline" if is_bar else "grid"), 1))
            painter.drawLine(QPointF(x, head * (0.2 if is_bar else 0.8)), QPointF(x, cell.height()))
            if is_bar:
                painter.setPen(look.color("dim"))
                words = QRectF(x + 4, 0, wide * self.grid, head)
                painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, f"bar {(first + tick) // self.grid + 1}")

    def _paint_name(self, painter: QPainter, row: TickRow, box: QRectF) -> None:
        look, middle = self.desk.look, Qt.AlignmentFlag.AlignVCenter
        _, color, word = KINDS.get(row.kind, (0, "text", row.kind))
        strong = look.font(self.role, True)
        painter.setFont(strong)
        painter.setPen(look.color(color))
        painter.drawText(box, middle, word)
        used = QFontMetrics(strong).horizontalAdvance(word) + 4
        painter.setFont(look.font(self.role))
        painter.setPen(look.color("text"))
        name = QFontMetrics(painter.font()).elidedText(row.name, Qt.TextElideMode.ElideRight, int(box.width() - used))
        painter.drawText(box.adjusted(used, 0, 0, 0), middle, name)

    def _paint_ticks(self, painter: QPainter, row: TickRow, cell: QRectF, first: int, count: int) -> None:
        look = self.desk.look
        colour, color, _ = KINDS.get(row.kind, (0, "text", ""))
        wrong = wrong_ticks(row, self.rows)
        size = min(cell.width() * 0.7, cell.height() * 0.62)
        for tick, value in enumerate(row.ticks[first : first + count], first):
            middle = QPointF(cell.left() + (tick - first + 0.5) * cell.width(), cell.center().y())
            if tick in wrong:
                paint_shape(painter, look, 5, middle, size * 1.2, look.color("fault"))
            elif value > 0:
                paint_shape(painter, look, colour, middle, size, look.color(color))
            elif value == 0:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(look.color("outline"))
                painter.drawEllipse(middle, 1.5, 1.5)
