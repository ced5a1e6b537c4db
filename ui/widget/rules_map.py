"""The two knobs of the rules as one pad: distance to the right, consistency downwards, over a map of what would come.

Each cell is as bright as the number of variations there would be, so one sees where the volume knob is before one
moves. Dragging only previews, from the map, which costs nothing; letting go commits. Right of the line distance has
no further effect: two presets that differ in k knobs fill 2 of 2^k combinations.
"""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
)
from PySide6.QtWidgets import QSizePolicy

from app.parameter import Parameter
from app.player.rules.curve import Stops
from app.snapshot import Snapshot
from app.snapshot_rules import Cell
from ui.desk import Desk, ring
from ui.widget.rules_cell import ROWS, columns_of, is_stop, row_of
from ui.widget.rules_map_face import MapFace, Place

DISTANCE, CONSISTENCY = "/rules/distance", "/rules/consistency"
HOW = (
    "Drag: look what there would be; let go: learn.  Arrows: step.  Delete: back to 1 and 1\n"
    "The figures are variations, or rules.  Right of the line more distance does nothing more"
)


class RulesMap(MapFace):
    """Attributes: as its face; `wish` (where a hand drags to, None: nobody drags), `takes_return`."""

    takes_return = False

    def __init__(self, desk: Desk, large: bool = False) -> None:
        super().__init__(desk, large)
        self._distance = desk.engine.tree.number(DISTANCE)
        self._consistency = desk.engine.tree.number(CONSISTENCY)
        self.wish: Place | None = None
        self._seen: tuple[object, ...] = ()
        self._told: tuple[Cell, ...] = ()
        self._learning = False
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

    def refresh(self, picture: Snapshot) -> None:
        state = picture.rules
        drawn = (columns_of(state, int(self._distance.value)), len(state.presets))
        if state.cells is not self._told or drawn != (self.columns, self.known):
            self._told = state.cells
            self.cells = {(cell.distance, row_of(cell.consistency)): cell for cell in state.cells}
            self.columns, self.known = drawn
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

    def paintEvent(self, event: QPaintEvent) -> None:
        ratio = self.devicePixelRatioF()
        wanted = self.size() * ratio
        if self._picture is None or self._picture.size() != wanted:
            self._picture = QPixmap(wanted)
            self._picture.setDevicePixelRatio(ratio)
            self._picture.fill(Qt.GlobalColor.transparent)
            painter = QPainter(self._picture)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self.paint_face(painter)
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
