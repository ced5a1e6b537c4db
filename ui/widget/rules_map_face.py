"""The face of the map of the rules' two knobs: cells, the line past which distance does no more, axes, corners.

Apart from the hands on it, because it changes only with the presets and is painted once into a picture.
"""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen

from app.player.rules.curve import Stops
from app.snapshot_rules import Cell
from ui.desk import Desk, Display
from ui.widget.rules_cell import LEAST_COLUMNS, ROWS, farthest, mixed, short

FAR = 1e6  # So many variations are as bright as it gets.
Place = tuple[int, int]  # Column and row of the map.


class MapFace(Display):
    """Attributes: `cells` (by place), `columns` (distances from 0 on), `known` (presets), `by_rules` (cells show rules
    instead of variations), `large` (for Stage)."""

    def __init__(self, desk: Desk, large: bool = False) -> None:
        super().__init__(desk)
        self.large, self.by_rules = large, False
        self.cells: dict[Place, Cell] = {}
        self.columns, self.known = LEAST_COLUMNS + 1, 0

    def paint_face(self, painter: QPainter) -> None:
        """Paint all that stays while nobody learns."""
        self._paint_cells(painter)
        self._paint_axes(painter)

    @property
    def box(self) -> QRectF:
        """Where the cells are."""
        look, role = self.desk.look, self._role
        wide = QFontMetrics(look.font(role)).horizontalAdvance("1/32") + look.px(8)
        tall = QFontMetrics(look.font(role)).height() + look.px(3)
        return QRectF(wide, tall, self.width() - wide - 1, self.height() - 3 * tall)

    @property
    def _role(self) -> str:
        return "normal" if self.large else "small"

    def cell_box(self, place: Place) -> QRectF:
        """Return where a cell is."""
        box = self.box
        wide, tall = box.width() / self.columns, box.height() / len(ROWS)
        return QRectF(box.left() + place[0] * wide, box.top() + place[1] * tall, wide, tall)

    def found(self, place: Place) -> tuple[Cell | None, bool]:
        """Return the cell of a place and True, or the nearest stricter one that is known and False."""
        column, row = place
        if place in self.cells:
            return self.cells[place], True
        last = max((known for known, _ in self.cells), default=0)
        steps = [(min(column, last), up) for up in (row, row - 1)]
        return next(((self.cells[one], False) for one in steps if one in self.cells), (None, False))

    def _paint_cells(self, painter: QPainter) -> None:
        look = self.desk.look
        painter.setFont(look.font(self._role))
        for column in range(self.columns):
            for row in range(len(ROWS)):
                box = self.cell_box((column, row)).adjusted(0.5, 0.5, -0.5, -0.5)
                cell, exact = self.found((column, row)) if column else (None, False)
                idle = column > farthest(ROWS[row]) or not column
                painter.fillRect(box, self._color(cell, idle))
                if cell is not None and exact and not idle:
                    self._paint_figure(painter, box, cell)
        self._paint_border(painter)

    def _color(self, cell: Cell | None, idle: bool) -> QColor:
        """Return the colour of a cell: the brighter, the more variations; greyed where distance does nothing more."""
        look = self.desk.look
        if cell is None or idle:
            return look.color("control" if cell is None and not idle else "grid")
        share = min(math.log10(max(cell.variations, 1)) / math.log10(FAR), 1.0)
        return mixed(look.color("control"), look.color("active"), 0.08 + 0.82 * share)

    def _paint_figure(self, painter: QPainter, box: QRectF, cell: Cell) -> None:
        look = self.desk.look
        text = short(cell.rules if self.by_rules else cell.variations)
        metrics = QFontMetrics(painter.font())
        if metrics.horizontalAdvance(text) > box.width() - 2 or metrics.ascent() > box.height():
            return
        share = math.log10(max(cell.variations, 1)) / math.log10(FAR)
        painter.setPen(look.color("on_fill" if share > 0.6 and look.theme == "dark" else "text"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)

    def _paint_border(self, painter: QPainter) -> None:
        """Draw the line right of which distance has no further effect."""
        painter.setPen(QPen(self.desk.look.color("now"), 2))
        if not self.cells:
            return
        last: QPointF | None = None
        for row, consistency in enumerate(ROWS):
            column = farthest(consistency)
            if column >= self.columns - 1:
                break
            cell = self.cell_box((int(column), row))
            if last is not None:
                painter.drawLine(last, cell.topRight())
            painter.drawLine(cell.topRight(), cell.bottomRight())
            last = cell.bottomRight()
        if last is not None and last.y() < self.box.bottom() - 1:
            painter.drawLine(last, QPointF(self.box.right(), last.y()))

    def _paint_axes(self, painter: QPainter) -> None:
        look, box = self.desk.look, self.box
        painter.setFont(look.font(self._role))
        painter.setPen(look.color("dim"))
        for row, consistency in enumerate(ROWS):
            cell = self.cell_box((0, row))
            place = QRectF(0, cell.top(), box.left() - look.px(5), cell.height())
            painter.drawText(
                place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, Stops().show(consistency)
            )
        every = 1 if self.cell_box((0, 0)).width() > QFontMetrics(look.font(self._role)).horizontalAdvance("00 ") else 2
        for column in range(0, self.columns, every):
            cell = self.cell_box((column, 0)).adjusted(-2, 0, 2, 0)
            below = QRectF(cell.left(), box.bottom(), cell.width(), box.top())
            painter.drawText(below, Qt.AlignmentFlag.AlignCenter, str(column))
        self._paint_corners(painter)

    def _paint_corners(self, painter: QPainter) -> None:
        look, box = self.desk.look, self.box
        top = QRectF(0, 0, self.width() - 2, box.top())
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setPen(look.color("text"))
        painter.drawText(top, middle, "replicate")
        if not self.cells:
            words = "Keep presets under labels: the map appears" if not self.known else "The map is being drawn…"
            painter.setPen(look.color("dim"))
            flags = int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap)
            painter.drawText(box.adjusted(10, 10, -10, -10), flags, words)
        painter.setPen(look.color("dim"))
        foot = QRectF(0, box.bottom() + box.top(), self.width() - 2, box.top())
        painter.drawText(foot, middle, "↑ consistency")
        painter.drawText(foot, Qt.AlignmentFlag.AlignCenter, "distance →")
        painter.setPen(look.color("text"))
        painter.drawText(foot, middle | Qt.AlignmentFlag.AlignRight, "adventurous")
