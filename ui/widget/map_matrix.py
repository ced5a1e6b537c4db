"""A grid of rows and columns with words in its cells, painted; moved through by arrows, opened by Return or a click.

Only what is in sight is painted, so fifty rows cost no more than six.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QFocusEvent, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QSizePolicy

from ui.desk import Desk, Display

TALL, HEAD, NAME = 22, 20, 226
WIDEST, NARROWEST = 180, 104


@dataclass(frozen=True, slots=True)
class Cell:
    """A connected cell. Attributes: `text`, `key` (what lights it)."""

    text: str
    key: tuple[str, str]


class MatrixGrid(Display):
    """Attributes: `rows` and `columns` (their titles), `cells` (row and column -> what is there), `at` (the cell that
    the keys and the hand are at, None: none yet)."""

    takes_return = True

    def __init__(
        self, desk: Desk, opened: Callable[[int, int, QPoint], None], cleared: Callable[[int, int], None]
    ) -> None:
        super().__init__(desk)
        self.rows: tuple[str, ...] = ()
        self.columns: tuple[str, ...] = ()
        self.cells: Mapping[tuple[int, int], Cell] = {}
        self.at: tuple[int, int] | None = None
        self._opened, self._cleared = opened, cleared
        self._lit: frozenset[tuple[str, str]] = frozenset()
        self._top = self._left = 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Routing matrix")
        self.setToolTip("Click a cell, or arrows and Return; Delete disconnects")

    def sizeHint(self) -> QSize:
        return QSize(400, self.desk.look.px(HEAD + 4 * TALL))

    def minimumSizeHint(self) -> QSize:
        return QSize(200, self.desk.look.px(HEAD + 2 * TALL))

    def show_cells(self, rows: Sequence[str], columns: Sequence[str], cells: Mapping[tuple[int, int], Cell]) -> None:
        """Show other rows, columns and cells."""
        if (tuple(rows), tuple(columns), cells) != (self.rows, self.columns, self.cells):
            self.rows, self.columns, self.cells = tuple(rows), tuple(columns), dict(cells)
            self._scroll(0, 0)

    def light(self, keys: frozenset[tuple[str, str]]) -> None:
        """Light the cells that were just used."""
        used = keys & {cell.key for cell in self.cells.values()}
        if used != self._lit:
            self._lit = frozenset(used)
            self.update()

    # --- places ---------------------------------------------------------------------------------------

    @property
    def _wide(self) -> int:
        """How wide a column is: all of them as wide as there is room for, within reason."""
        look = self.desk.look
        room = (self.width() - look.px(NAME)) // max(len(self.columns), 1)
        return min(max(room, look.px(NARROWEST)), look.px(WIDEST))

    @property
    def _shown(self) -> tuple[int, int]:
        """How many rows and columns are in sight."""
        look = self.desk.look
        rows = max((self.height() - look.px(HEAD)) // look.px(TALL), 1)
        return rows, max((self.width() - look.px(NAME)) // self._wide, 1)

    def box(self, row: int, column: int) -> QRect:
        """Return where a cell is; it may be out of sight."""
        look, wide = self.desk.look, self._wide
        left = look.px(NAME) + (column - self._left) * wide
        return QRect(left, look.px(HEAD) + (row - self._top) * look.px(TALL), wide, look.px(TALL))

    def _found(self, place: QPoint) -> tuple[int, int] | None:
        look = self.desk.look
        if place.x() < look.px(NAME) or place.y() < look.px(HEAD):
            return None
        row = self._top + (place.y() - look.px(HEAD)) // look.px(TALL)
        column = self._left + (place.x() - look.px(NAME)) // self._wide
        return (row, column) if row < len(self.rows) and column < len(self.columns) else None

    def _scroll(self, rows: int, columns: int) -> None:
        shown = self._shown
        self._top = min(max(self._top + rows, 0), max(len(self.rows) - shown[0], 0))
        self._left = min(max(self._left + columns, 0), max(len(self.columns) - shown[1], 0))
        self.update()

    # --- hands ----------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        found = self._found(event.position().toPoint())
        if found is not None and event.button() in (Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton):
            self.at = found
            self.update()
            self._opened(*found, event.globalPosition().toPoint())

    def wheelEvent(self, event: QWheelEvent) -> None:
        is_sideways = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        steps = -round((event.angleDelta().y() or event.angleDelta().x()) / 120)
        self._scroll(0 if is_sideways else steps, steps if is_sideways else 0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        keys = Qt.Key
        ways = {keys.Key_Down: (1, 0), keys.Key_Up: (-1, 0), keys.Key_Right: (0, 1), keys.Key_Left: (0, -1)}
        way = ways.get(Qt.Key(event.key()))
        if way is not None and self.rows and self.columns:
            self._move(*way)
        elif self.at is not None and event.key() in (keys.Key_Return, keys.Key_Enter):
            self._opened(*self.at, self.mapToGlobal(self.box(*self.at).bottomLeft()))
        elif self.at is not None and event.key() in (keys.Key_Delete, keys.Key_Backspace):
            self._cleared(*self.at)
        else:
            event.ignore()

    def _move(self, down: int, right: int) -> None:
        row, column = self.at or (0, 0)
        if self.at is not None:
            row = min(max(row + down, 0), len(self.rows) - 1)
            column = min(max(column + right, 0), len(self.columns) - 1)
        self.at = (row, column)
        shown = self._shown
        self._scroll(
            min(row - self._top, 0) or max(row - self._top - shown[0] + 1, 0),
            min(column - self._left, 0) or max(column - self._left - shown[1] + 1, 0),
        )

    def focusInEvent(self, event: QFocusEvent) -> None:
        if self.at is None and self.rows and self.columns:
            self.at = (self._top, self._left)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.update()

    # --- face -----------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        look, painter = self.desk.look, QPainter(self)
        rows, columns = self._shown
        painter.setFont(look.font("small", True))
        painter.setPen(look.color("dim"))
        if len(self.rows) > rows:
            where = f"{self._top + 1} to {self._top + rows} of {len(self.rows)}, wheel for more"
            self._paint_words(painter, QRect(6, 0, look.px(NAME) - 12, look.px(HEAD)), where)
        for column in range(self._left, min(self._left + columns, len(self.columns))):
            box = QRect(self.box(self._top, column).left(), 0, self._wide, look.px(HEAD))
            self._paint_words(painter, box.adjusted(6, 0, -4, 0), self.columns[column])
        for row in range(self._top, min(self._top + rows, len(self.rows))):
            self._paint_row(painter, row, columns)
        self.paint_focus(painter)

    def _paint_row(self, painter: QPainter, row: int, columns: int) -> None:
        look = self.desk.look
        head = QRect(6, self.box(row, 0).top(), look.px(NAME) - 12, look.px(TALL))
        painter.setFont(look.font())
        painter.setPen(look.color("text"))
        self._paint_words(painter, head, self.rows[row])
        for column in range(self._left, min(self._left + columns, len(self.columns))):
            self._paint_cell(painter, self.box(row, column).adjusted(2, 1, -2, -1), (row, column))

    def _paint_cell(self, painter: QPainter, box: QRect, at: tuple[int, int]) -> None:
        look, cell = self.desk.look, self.cells.get(at)
        fill = "control" if cell is None else "now" if cell.key in self._lit else "active"
        painter.setBrush(look.color(fill))
        is_at = at == self.at
        painter.setPen(QPen(look.color("text" if is_at else "grid"), 2 if is_at else 1))
        painter.drawRoundedRect(box, 3, 3)
        if cell is not None:
            painter.setFont(look.font("normal", True))
            painter.setPen(look.color("on_fill"))
            self._paint_words(painter, box.adjusted(6, 0, -4, 0), cell.text)

    @staticmethod
    def _paint_words(painter: QPainter, box: QRect, text: str) -> None:
        shown = QFontMetrics(painter.font()).elidedText(text, Qt.TextElideMode.ElideRight, box.width())
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, shown)
