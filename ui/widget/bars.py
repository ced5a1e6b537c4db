"""Live bars: how sure each label is, and what the other outputs say.

One widget paints all rows, because a dozen widgets that repaint thirty times a second cost more than the picture.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy

from app.snapshot import Snapshot
from ui.desk import Desk, Display
from ui.theme import Look
from ui.widget.shape import label_color, paint_shape

NAMES = 0.34  # Of the width.


@dataclass(frozen=True, slots=True)
class BarRow:
    """One row.

    Attributes: `name`, `text` (its figures), `share` 0..1 of the bar, `colour` of its label (None: no label), `low` and
    `high` 0..1 (marks of the range seen, None: no marks), `strong` (it is the one that counts now).
    """

    name: str
    text: str
    share: float
    colour: int | None = None
    low: float | None = None
    high: float | None = None
    strong: bool = False


class Bars(Display):
    """Attributes: `rows`, `mark` (0..1: a line through all bars; None: no line), `empty` (said when there is none)."""

    def __init__(self, desk: Desk, empty: str, tall: int = 22, least: int = 2, name: str = "") -> None:
        super().__init__(desk)
        self.rows: tuple[BarRow, ...] = ()
        self.mark: float | None = None
        self.empty, self.tall, self.least = empty, tall, least
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(name)

    def sizeHint(self) -> QSize:
        return QSize(160, self.desk.look.px(self.tall * max(len(self.rows), self.least)))

    def minimumSizeHint(self) -> QSize:
        return QSize(100, self.desk.look.px(self.tall * self.least))

    def show_rows(self, rows: tuple[BarRow, ...], mark: float | None = None) -> None:
        """Show other rows."""
        if rows != self.rows or mark != self.mark:
            self.rows, self.mark = rows, mark
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        look, painter = self.desk.look, QPainter(self)
        if not self.rows:
            painter.setPen(look.color("dim"))
            painter.setFont(look.font("small"))
            flags = Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
            painter.drawText(self.rect(), flags, self.empty)
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tall = look.px(self.tall)
        room = max(self.height() // tall, 1)
        shown = self.rows if len(self.rows) <= room else self.rows[: room - 1]
        for place, row in enumerate(shown):
            paint_row(painter, look, QRect(0, place * tall, self.width(), tall), row, self.mark)
        if len(shown) < len(self.rows):
            painter.setFont(look.font("small"))
            painter.setPen(look.color("dim"))
            box = QRect(0, len(shown) * tall, self.width(), tall)
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, f"and {len(self.rows) - len(shown)} more")


def paint_row(painter: QPainter, look: Look, box: QRect, row: BarRow, mark: float | None) -> None:
    """Paint one row: shape, name, bar with its marks, figures."""
    left = 0
    if row.colour is not None:
        paint_shape(painter, look, row.colour, QPointF(look.px(7), box.center().y() + 0.5), look.px(10))
        left = look.px(18)
    font = look.font("small", row.strong)
    metrics = QFontMetrics(font)
    names = round(box.width() * NAMES)
    painter.setFont(font)
    painter.setPen(look.color("text" if row.strong or row.colour is None else "dim"))
    text = metrics.elidedText(row.name, Qt.TextElideMode.ElideRight, names - left - 6)
    painter.drawText(box.adjusted(left, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, text)
    painter.setPen(look.color("text"))
    painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, row.text)
    figures = QFontMetrics(look.font("small", True)).horizontalAdvance("−0.000")
    bar = QRectF(names, box.top() + box.height() * 0.24, box.width() - names - figures - 8, box.height() * 0.52)
    painter.fillRect(bar, look.color("control"))
    color = look.color("active") if row.colour is None else label_color(look, row.colour)
    painter.fillRect(QRectF(bar.left(), bar.top(), bar.width() * min(max(row.share, 0), 1), bar.height()), color)
    painter.setPen(QPen(look.color("outline"), 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(bar)
    for at in (row.low, row.high):
        if at is not None:
            _tick(painter, look, bar, at, "now")
    if mark:
        _tick(painter, look, bar, mark, "text")


def _tick(painter: QPainter, look: Look, bar: QRectF, at: float, role: str) -> None:
    x = bar.left() + bar.width() * min(max(at, 0), 1)
    painter.setPen(QPen(look.color(role), 1.5))
    painter.drawLine(QPointF(x, bar.top() - 1.5), QPointF(x, bar.bottom() + 1.5))


class ChanceBars(Bars):
    """How sure each label is, and the values of the outputs that are numbers."""

    def __init__(self, desk: Desk, least: int = 4) -> None:
        super().__init__(desk, "Train, then turn Answer on: the chances of each label stand here", 24, least, "Chances")

    def refresh(self, picture: Snapshot) -> None:
        state, page = picture.listener, self.desk.page(picture)
        rows = []
        for number, chance in state.probabilities:
            label = page.label(number)
            chance = round(chance, 3)
            rows.append(BarRow(label.name, f"{chance:.2f}", chance, label.colour, strong=number == state.label))
        rows += value_rows(picture, self.desk)
        gate = self.desk.engine.tree.find("/listener/confidence")
        mark = float(gate.value) if gate is not None and state.probabilities else None
        self.show_rows(tuple(rows), mark)


def value_rows(picture: Snapshot, desk: Desk) -> list[BarRow]:
    """Return a row for each output that is a number."""
    page, values = desk.page(picture), picture.listener.values
    if page.examples is None or not picture.listener.ready:
        return []
    rows = []
    for place in page.numbers[: len(values)]:
        output = page.examples.outputs[place]
        value = values[place] if place < len(values) else 0.0
        share = (value - output.low) / (output.high - output.low or 1.0)
        rows.append(BarRow(output.name, f"{value:.2f}".replace("-", "−"), round(share, 3)))
    return rows
