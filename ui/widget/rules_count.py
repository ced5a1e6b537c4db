"""The figures of a model by label: presets, rules, variations, how many of those are new, and what changed."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy

from app.snapshot import Snapshot
from app.snapshot_rules import LabelCount
from ui.desk import Desk, Display
from ui.widget.rules_cell import short
from ui.widget.shape import paint_shape

HEADS = ("", "presets", "rules", "variations", "new")
SHARES = (0.26, 0.16, 0.19, 0.24, 0.15)
MOST_COUNTS = 6


def change_text(number: int) -> str:
    """Return a change against the model before: +3, −2, or nothing."""
    return f" {number:+d}".replace("-", "−") if number else ""


def count_cells(count: LabelCount) -> tuple[str, ...]:
    """Return the figures of a label."""
    more = count.variations_change
    changed = f" {'+' if more > 0 else '−'}{short(abs(more))}" if more else ""
    rules = f"{count.rules}{change_text(count.rules_change)}"
    return str(count.presets), rules, f"{short(count.variations)}{changed}", short(count.new)


class Counts(Display):
    """Figures by label: presets, rules, variations, of those new; with the change against the model before.

    Attributes: `rows` (cells by label).
    """

    def __init__(self, desk: Desk, role: str = "small") -> None:
        super().__init__(desk)
        self.role = role
        self.rows: tuple[tuple[str, int, tuple[str, ...]], ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Counts by label")

    @property
    def _line(self) -> int:
        return QFontMetrics(self.desk.look.font(self.role)).height() + 2

    def sizeHint(self) -> QSize:
        return QSize(200, self._line * (1 + max(min(len(self.rows), MOST_COUNTS), 1)))

    def minimumSizeHint(self) -> QSize:
        return QSize(100, self.sizeHint().height())

    def refresh(self, picture: Snapshot) -> None:
        page = self.desk.presets(picture)
        counts = {count.label: count for count in picture.rules.labels}
        rows = tuple(
            (label, page.colours[label], count_cells(counts[label])) for label in page.labels if label in counts
        )
        if rows != self.rows:
            grows = len(rows) != len(self.rows)
            self.rows = rows
            self.setAccessibleDescription("; ".join(f"{label}: {', '.join(cells)}" for label, _, cells in rows))
            if grows:
                self.updateGeometry()
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        look, painter = self.desk.look, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(look.font(self.role))
        painter.setPen(look.color("dim"))
        if self.rows:
            self._paint_cells(painter, 0, HEADS)
        for number, (label, colour, cells) in enumerate(self.rows[:MOST_COUNTS], 1):
            top = number * self._line
            size = look.px(10)
            paint_shape(painter, look, colour, QPointF(size / 2 + 1, top + self._line / 2), size)
            painter.setPen(look.color("text"))
            self._paint_cells(painter, top, (label, *cells), size + look.px(6))

    def _paint_cells(self, painter: QPainter, top: int, cells: tuple[str, ...], indent: int = 0) -> None:
        left, metrics = 0.0, QFontMetrics(painter.font())
        for place, (cell, share) in enumerate(zip(cells, SHARES, strict=True)):
            wide = self.width() * share
            box = QRect(
                round(left) + (indent if not place else 0), top, round(wide) - (indent if not place else 0), self._line
            )
            side = Qt.AlignmentFlag.AlignLeft if not place else Qt.AlignmentFlag.AlignRight
            text = metrics.elidedText(cell, Qt.TextElideMode.ElideRight, box.width())
            painter.drawText(box, side | Qt.AlignmentFlag.AlignVCenter, text)
            left += wide
