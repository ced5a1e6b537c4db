"""The two knobs of the rules as one pad: distance to the right, consistency downwards, over a map of what would come.

Each cell is as bright as the number of variations there would be, so one sees where the volume knob is before one
moves. Dragging only previews, from the map, which costs nothing; letting go commits. Right of the line distance has
no further effect: two presets that differ in k knobs fill 2 of 2^k combinations.
"""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
)
from PySide6.QtWidgets import QSizePolicy

from app.parameter import Parameter
from app.player.rules.curve import STOPS, Stops
from app.snapshot import Snapshot
from app.snapshot_rules import Cell, RulesState
from ui.desk import Desk, Display, ring

DISTANCE, CONSISTENCY = "/rules/distance", "/rules/consistency"
ROWS = tuple(reversed(STOPS))  # From the top.
LEAST_COLUMNS, MOST_DISTANCE = 4, 16
FAR = 1e6  # So many variations are as bright as it gets.
HOW = (
    "Drag: look what there would be; let go: learn.  Arrows: step.  Delete: back to 1 and 1\n"
    "The figures are variations, or rules.  Right of the line more distance does nothing more"
)
Place = tuple[int, int]  # Column and row of the map.


def farthest(consistency: float) -> float:
    """Return the distance above which nothing more is joined from single presets."""
    return math.ceil(1 + math.log2(1 / consistency) - 1e-9) if consistency > 0 else math.inf


def short(count: int) -> str:
    """Return a count in four letters at most: 48, 9.2k, 331k, 2M."""
    if count < 1000:
        return str(count)
    for size, sign in ((1e3, "k"), (1e6, "M"), (1e9, "G"), (1e12, "T")):
        if count < size * 999.5:
            share = count / size
            return f"{share:.1f}{sign}" if share < 9.95 else f"{share:.0f}{sign}"
    return "∞"


class RulesMap(Display):
    """Attributes: `cells` (by place), `wish` (where a hand drags to, None: nobody drags), `by_rules` (cells show rules
    instead of variations), `large` (for Stage), `takes_return`."""

    takes_return = False

    def __init__(self, desk: Desk, large: bool = False) -> None:
        super().__init__(desk)
        self._distance = desk.engine.tree.number(DISTANCE)
        self._consistency = desk.engine.tree.number(CONSISTENCY)
        self.large, self.by_rules = large, False
        self.cells: dict[Place, Cell] = {}
        self.wish: Place | None = None
        self.columns = LEAST_COLUMNS + 1
        self._seen: tuple[object, ...] = ()
        self._told: tuple[Cell, ...] = ()
        self._known = 0
        self._learning = False
        self._gesture = 0
        self._picture: QPixmap | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Distance and consistency")
        self.setToolTip(HOW)

    # --- what it shows --------------------------------------------------------------------------------

    @property
    def parameters(self) -> tuple[Parameter, Parameter]:
        return self._distance, self._consistency

    @property
    def here(self) -> Place:
        """The cell of the present settings."""
        return int(self._distance.value), row_of(self._consistency.value)

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

    def refresh(self, picture: Snapshot) -> None:
        state = picture.rules
        drawn = (columns_of(state, int(self._distance.value)), len(state.presets))
        if state.cells is not self._told or drawn != (self.columns, self._known):
            self._told = state.cells
            self.cells = {(cell.distance, row_of(cell.consistency)): cell for cell in state.cells}
            self.columns, self._known = drawn
            self._picture = None
        seen = (self._picture is None, self.here, self._consistency.value, state.learning)
        if seen != self._seen:
            self._seen, self._learning = seen, state.learning
            self.setAccessibleDescription(self.words)
            self.update()

    @property
    def words(self) -> str:
        """What there is, or would be, at the settings shown."""
        place = self.wish or self.here
        consistency = ROWS[place[1]] if self.wish else self._consistency.value
        head = f"distance {place[0]}, consistency {Stops().show(consistency)}"
        return f"{head}: {self.figures}" if self.figures else head

    @property
    def figures(self) -> str:
        """How many rules and variations there are, or would be; "" while that is not known."""
        cell, exact = self.found(self.wish or self.here)
        if cell is None:
            return ""
        about = "" if exact and (self.wish or is_stop(self._consistency.value)) else "about "
        return f"{about}{cell.rules} rules, {cell.variations:,} variations"

    def found(self, place: Place) -> tuple[Cell | None, bool]:
        """Return the cell of a place and True, or the nearest stricter one that is known and False."""
        column, row = place
        if place in self.cells:
            return self.cells[place], True
        last = max((known for known, _ in self.cells), default=0)
        steps = [(min(column, last), up) for up in (row, row - 1)]
        return next(((self.cells[one], False) for one in steps if one in self.cells), (None, False))

    def show_rules(self, by_rules: bool) -> None:
        """Let the cells tell rules instead of variations."""
        self.by_rules, self._picture = by_rules, None
        self.update()

    # --- hands ----------------------------------------------------------------------------------------

    def place_at(self, at: QPointF) -> Place:
        """Return the cell at a point, the nearest one beside the map."""
        box = self.box
        column = int((at.x() - box.left()) / max(box.width(), 1) * self.columns)
        row = int((at.y() - box.top()) / max(box.height(), 1) * len(ROWS))
        return min(max(column, 0), self.columns - 1), min(max(row, 0), len(ROWS) - 1)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.wish = self.place_at(event.position())
            self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self.wish is not None:
            self.wish = self.place_at(event.position())
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self.wish is not None and event.button() == Qt.MouseButton.LeftButton:
            wish, self.wish = self.wish, None
            self.commit(wish)

    def commit(self, place: Place) -> None:
        """Ask for these settings, as one step of undo."""
        gesture = next(self.desk.gestures)
        if place[0] != int(self._distance.value):
            self.desk.engine.set(DISTANCE, float(place[0]), "ui", gesture)
        if place[1] != row_of(self._consistency.value) or not is_stop(self._consistency.value):
            self.desk.engine.set(CONSISTENCY, ROWS[place[1]], "ui", gesture)
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        keys = Qt.Key
        steps = {keys.Key_Left: (-1, 0), keys.Key_Right: (1, 0), keys.Key_Up: (0, -1), keys.Key_Down: (0, 1)}
        if event.key() in steps:
            column, row = steps[Qt.Key(event.key())]
            here = self.here
            limit = max(self.columns - 1, here[0])
            self.commit((min(max(here[0] + column, 0), limit), min(max(here[1] + row, 0), len(ROWS) - 1)))
        elif event.key() in (keys.Key_Delete, keys.Key_Backspace):
            self.commit((1, 0))
        elif event.key() == keys.Key_Escape and self.wish is not None:
            self.wish = None
            self.update()
        else:
            event.ignore()

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.update()

    # --- face -----------------------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        return QSize(self.desk.look.px(260), self.desk.look.px(200))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.desk.look.px(160), self.desk.look.px(120))

    def restyle(self) -> None:
        self._picture = None
        super().restyle()

    def cell_box(self, place: Place) -> QRectF:
        """Return where a cell is."""
        box = self.box
        wide, tall = box.width() / self.columns, box.height() / len(ROWS)
        return QRectF(box.left() + place[0] * wide, box.top() + place[1] * tall, wide, tall)

    def paintEvent(self, event: QPaintEvent) -> None:
        ratio = self.devicePixelRatioF()
        wanted = self.size() * ratio
        if self._picture is None or self._picture.size() != wanted:
            self._picture = QPixmap(wanted)
            self._picture.setDevicePixelRatio(ratio)
            self._picture.fill(Qt.GlobalColor.transparent)
            painter = QPainter(self._picture)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint_cells(painter)
            self._paint_axes(painter)
            painter.end()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.drawPixmap(0, 0, self._picture)
        self._paint_places(painter)
        if not self.large:
            self._paint_figures(painter)
        if self.hasFocus():
            ring(painter, self.box.adjusted(-2, -2, 1, 2), self.desk.look)

    def _paint_figures(self, painter: QPainter) -> None:
        """Tell above the map what there is, or would be where a hand drags to."""
        look = self.desk.look
        painter.setFont(look.font(self._role, self.wish is not None))
        painter.setPen(look.color("now" if self.wish is not None else "text"))
        top = QRectF(0, 0, self.width() - 2, self.box.top())
        painter.drawText(top, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, self.figures)

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
            words = "Keep presets under labels: the map appears" if not self._known else "The map is being drawn…"
            painter.setPen(look.color("dim"))
            flags = int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap)
            painter.drawText(box.adjusted(10, 10, -10, -10), flags, words)
        painter.setPen(look.color("dim"))
        foot = QRectF(0, box.bottom() + box.top(), self.width() - 2, box.top())
        painter.drawText(foot, middle, "↑ consistency")
        painter.drawText(foot, Qt.AlignmentFlag.AlignCenter, "distance →")
        painter.setPen(look.color("text"))
        painter.drawText(foot, middle | Qt.AlignmentFlag.AlignRight, "adventurous")

    def _paint_places(self, painter: QPainter) -> None:
        """Paint where the settings are, and where a hand drags to."""
        look = self.desk.look
        column, row = self.here
        box = self.cell_box((min(column, self.columns - 1), row))
        if not is_stop(self._consistency.value):
            above = self._consistency.curve.position(self._consistency.value)
            box.moveTop(self.box.top() + (1 - above) * (self.box.height() - box.height()))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(look.color("background"), 5))
        painter.drawRoundedRect(box, 3, 3)
        painter.setPen(QPen(look.color("learning" if self._learning else "text"), 3))
        painter.drawRoundedRect(box, 3, 3)
        if self.wish is not None:
            wish = self.cell_box(self.wish)
            painter.setPen(QPen(look.color("now"), 3, Qt.PenStyle.DotLine))
            painter.drawRoundedRect(wish, 3, 3)


def mixed(one: QColor, other: QColor, share: float) -> QColor:
    """Return a colour between two."""
    pairs = zip(one.getRgb()[:3], other.getRgb()[:3], strict=True)  # type: ignore[index]
    return QColor(*(round(a + (b - a) * share) for a, b in pairs))


def row_of(consistency: float) -> int:
    """Return the row nearest to a consistency."""
    return round((1 - Stops().position(consistency)) * (len(ROWS) - 1))


def is_stop(consistency: float) -> bool:
    """Whether a consistency is one of the map's own."""
    return min(abs(consistency - stop) for stop in STOPS) < 1e-9


def columns_of(state: RulesState, distance: int) -> int:
    """Return how many distances the map has: from 0 to the knobs there are."""
    knobs = len(state.names) or len(state.knobs)
    return max(min(knobs, MOST_DISTANCE), distance, LEAST_COLUMNS) + 1
