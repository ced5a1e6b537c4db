"""The values that make a frame, one below the other: live, with the range seen, each with its switch and its name.

What a learner hears is chosen here, beside the pads that record it: a value that trembles without meaning anything is
left out with a click. One widget paints all rows, as in the other bars, because they move thirty times a second.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QWheelEvent,
)
from PySide6.QtWidgets import QMenu, QSizePolicy

from app.input import InputState
from app.mixer import Column
from app.snapshot import ListenerState, Snapshot
from ui.desk import Desk, Display
from ui.panel.input import bar_of, short
from ui.widget.bars import BarRow, paint_row
from ui.widget.field import ValueField

TALL = 22
BOX = 26  # Designed px of the switch before each row.
EMPTY = "The values of a frame stand here as soon as an input sends"


@dataclass(frozen=True, slots=True)
class ColumnRow:
    """One value. Attributes: `column`, `bar` (what is painted), `alive` (False: missing, or its input is silent)."""

    column: Column
    bar: BarRow
    alive: bool


def column_rows(state: ListenerState) -> tuple[ColumnRow, ...]:
    """Return a row for each value of the inputs, in the order of the frame."""
    inputs = {one.source: one for one in state.inputs}
    places = {source: {name: at for at, name in enumerate(one.names)} for source, one in inputs.items()}
    rows = []
    for column in state.columns:
        source = inputs.get(column.source)
        at = places.get(column.source, {}).get(column.feature)
        rows.append(_row(column, source, at))
    return tuple(rows)


def _row(column: Column, source: InputState | None, at: int | None) -> ColumnRow:
    if source is None or at is None or at >= len(source.values) or not isfinite(source.values[at]):
        return ColumnRow(column, BarRow(column.name, "missing", 0.0), False)
    value, low, high = float(source.values[at]), float(source.low[at]), float(source.high[at])
    bar = bar_of(column.name, value, low, high)
    return ColumnRow(column, bar if column.enabled else BarRow(column.name, short(value), 0.0), not source.trouble)


class ColumnList(Display):
    """Attributes: `rows`, `chosen` (the name of the marked row, "" for none), `takes_return`."""

    takes_return = True

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.rows: tuple[ColumnRow, ...] = ()
        self.chosen = ""
        self._top = 0
        self._field: ValueField | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Values of a frame")
        self.setToolTip("Click a box: in or out. Double click or Ctrl+N: name it. Ctrl+Up, Ctrl+Down: move it")

    def sizeHint(self) -> QSize:
        return QSize(200, self.desk.look.px(TALL * 6))

    def minimumSizeHint(self) -> QSize:
        return QSize(120, self.desk.look.px(TALL * 2))

    def refresh(self, picture: Snapshot) -> None:
        rows = column_rows(picture.listener)
        if rows != self.rows:
            self.rows = rows
            self._scroll(0)
            self.update()

    # --- what is done -----------------------------------------------------------------------------------

    @property
    def _at(self) -> int | None:
        return next((at for at, row in enumerate(self.rows) if row.column.name == self.chosen), None)

    def switch(self, at: int) -> None:
        """Take a value into the frame, or leave it out."""
        column = self.rows[at].column
        self.desk.engine.fire("/listener/column/enable", column.name, float(not column.enabled))

    def shift(self, at: int, by: int) -> None:
        """Put a value further up or down."""
        if 0 <= at + by < len(self.rows):
            self.desk.engine.fire("/listener/column/move", self.rows[at].column.name, float(at + by + 1))

    def rename(self, at: int) -> None:
        """Open a field for the name over the row."""
        if self._field is None:
            self._field = ValueField(self, self._take_name)
            self._field.setAlignment(Qt.AlignmentFlag.AlignLeft)
        self.choose(at)
        box = self._box(at)
        self._field.setGeometry(box.left(), box.top(), max(box.width() // 2, 80), box.height())
        self._field.open(self.chosen, self.desk.look.font("small", True))

    def _take_name(self, text: str) -> str:
        name = text.strip()
        if not name:
            return "A value needs a name"
        if any(row.column.name == name for row in self.rows if row.column.name != self.chosen):
            return f"Another value is called {name} already"
        if name != self.chosen:
            self.desk.engine.fire("/listener/column/rename", self.chosen, name)
            self.chosen = name
        return ""

    def choose(self, at: int) -> None:
        """Mark a row and bring it into sight."""
        self.chosen = self.rows[at].column.name
        self._scroll(min(at - self._top, 0) or max(at - self._top - self._room + 1, 0))
        self.update()

    # --- hands ------------------------------------------------------------------------------------------

    @property
    def _room(self) -> int:
        return max(self.height() // self.desk.look.px(TALL), 1)

    def _scroll(self, rows: int) -> None:
        self._top = min(max(self._top + rows, 0), max(len(self.rows) - self._room, 0))

    def _box(self, at: int) -> QRect:
        """Return where a row stands, without its switch."""
        tall, left = self.desk.look.px(TALL), self.desk.look.px(BOX)
        return QRect(left, (at - self._top) * tall, self.width() - left - 6, tall)

    def _under(self, place: QPoint) -> int | None:
        at = self._top + place.y() // self.desk.look.px(TALL)
        return at if 0 <= at < len(self.rows) else None

    def wheelEvent(self, event: QWheelEvent) -> None:
        self._scroll(-round(event.angleDelta().y() / 40))
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        place = event.position().toPoint()
        at = self._under(place)
        if at is None or event.button() != Qt.MouseButton.LeftButton:
            return
        self.choose(at)
        if place.x() < self.desk.look.px(BOX):
            self.switch(at)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        at = self._under(event.position().toPoint())
        if at is not None:
            over_box = event.position().x() < self.desk.look.px(BOX)
            self.switch(at) if over_box else self.rename(at)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        keys, at = Qt.Key, self._at
        by = {keys.Key_Down: 1, keys.Key_Up: -1}.get(Qt.Key(event.key()), 0)
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if not self.rows:
            event.ignore()
        elif by and control and at is not None:
            self.shift(at, by)
        elif by:
            self.choose(0 if at is None else min(max(at + by, 0), len(self.rows) - 1))
        elif event.key() in (keys.Key_Return, keys.Key_Enter) and at is not None:
            self.switch(at)
        elif event.key() == keys.Key_N and control and at is not None:
            self.rename(at)
        else:
            event.ignore()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        at = self._under(event.pos())
        if at is not None:
            self.menu(at).popup(event.globalPos())

    def menu(self, at: int) -> QMenu:
        """Return what can be done with a value."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction("Leave it out" if self.rows[at].column.enabled else "Take it in", lambda: self.switch(at))
        menu.addAction("Name it\tCtrl+N", lambda: self.rename(at))
        menu.addAction("Further up\tCtrl+Up", lambda: self.shift(at, -1)).setEnabled(at > 0)
        menu.addAction("Further down\tCtrl+Down", lambda: self.shift(at, 1)).setEnabled(at + 1 < len(self.rows))
        return menu

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.update()

    # --- painting ---------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        look, painter = self.desk.look, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not self.rows:
            painter.setPen(look.color("dim"))
            painter.setFont(look.font("small"))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap, EMPTY)
        for at in range(self._top, min(self._top + self._room, len(self.rows))):
            self._paint_row(painter, at)
        if len(self.rows) > self._room:
            self._paint_place(painter)
        self.paint_focus(painter)

    def _paint_place(self, painter: QPainter) -> None:
        """Show at the edge which part of the values is in sight."""
        tall, count = self.height(), len(self.rows)
        box = QRectF(self.width() - 3, tall * self._top / count, 3, tall * self._room / count)
        painter.fillRect(box, self.desk.look.color("outline"))

    def _paint_row(self, painter: QPainter, at: int) -> None:
        look, row, box = self.desk.look, self.rows[at], self._box(at)
        if row.column.name == self.chosen:
            painter.fillRect(QRect(0, box.top(), self.width(), box.height()), look.color("raised"))
        size = look.px(12)
        square = QRectF(look.px(6) + 0.5, box.center().y() - size / 2 + 0.5, size, size)
        painter.setPen(QPen(look.color("active" if row.column.enabled else "dim"), 1.5))
        painter.setBrush(look.color("active") if row.column.enabled else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(square, 2, 2)
        painter.setOpacity(1.0 if row.column.enabled and row.alive else 0.55)
        paint_row(painter, look, box, row.bar, None)
        painter.setOpacity(1.0)
