"""The examples on a plane, with a ring where the music is now; also a pad for the pointer.

Points are painted once into a picture and new ones are added to it while one records; a frame then costs one
picture and one ring, however many examples there are.
"""

from __future__ import annotations

from collections import deque

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QEnterEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QSizePolicy

from app.example import Examples
from app.frame import Frame
from app.snapshot import ListenerState, Snapshot
from ui.desk import Desk, Display
from ui.widget.plane import Plane, pad_place, plane_of
from ui.widget.shape import label_color, paint_shape

MOST_DRAWN = 3000  # More are thinned out evenly: they would only cover each other.
GROWTH = 2  # With so many times the examples of before, the plane is laid anew even while one records.
TRAIL = 14
LEAP = 6  # A step longer than this part of the width is a leap and leaves no trail.
GRID = 4
POINTER = "/listener/input/pointer/on"
HINT = "Send frames over OSC, or turn Pointer on and move here.\nHold 1 to 9, or a pad above, to record examples."
PAD_HINT = "Move here. Hold 1 to 9 to record examples under a label."


class MapView(Display):
    """Attributes: `plane`, `here` (where the newest frame is, px; None: nowhere), `marked` (ids that are ringed),
    `takes_pointer` (whether it is a pad for the pointer where that input is on)."""

    def __init__(self, desk: Desk, tall: int = 140, point: float = 9.0, takes_pointer: bool = True) -> None:
        super().__init__(desk)
        self.plane = Plane()
        self.here: QPointF | None = None
        self.marked: tuple[int, ...] = ()
        self.takes_pointer = takes_pointer
        self._tall, self._point = tall, point
        self._examples: Examples | None = None
        self._drawn = self._laid = 0
        self._picture: QPixmap | None = None
        self._key: tuple[object, ...] = ()
        self._trail: deque[QPointF] = deque(maxlen=TRAIL)
        self._pointer: QPointF | None = None
        self._has_spoken = False
        self._state = ListenerState()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Map of the examples")
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMouseTracking(True)

    def sizeHint(self) -> QSize:
        return QSize(240, self.desk.look.px(self._tall))

    def minimumSizeHint(self) -> QSize:
        return QSize(120, self.desk.look.px(self._tall))

    @property
    def box(self) -> QRectF:
        """The plane's part of the widget; points at its edge stay whole."""
        room = self._size / 2 + 2
        return QRectF(self.rect()).adjusted(room, room, -room, -room)

    @property
    def _size(self) -> float:
        return self.desk.look.px(self._point)

    @property
    def is_pad(self) -> bool:
        """Whether the pointer over it is heard."""
        parameter = self.desk.engine.tree.find(POINTER)
        return self.takes_pointer and parameter is not None and bool(parameter.value)

    # --- looking --------------------------------------------------------------------------------------

    def refresh(self, picture: Snapshot) -> None:
        state = picture.listener
        begins = state.recording != self._state.recording
        if not self._has_spoken and (begins or not state.recording):
            self._speak()  # Rest is heard as well as movement, but a take holds it once: copies teach nothing.
        self._has_spoken = False
        if state.examples is not self._examples:
            self._take(state.examples, bool(state.recording))
        elif self._examples is not None and self._laid != len(self._examples) and not state.recording:
            self._take(state.examples, False)
        self._state, before = state, (self.here, self._state.confidence)
        self.here = self._place(state.newest)
        if (self.here, state.confidence) != before:
            if self.here is not None:
                self._trail.append(self.here)
            self.update()

    def _place(self, newest: tuple[float, ...]) -> QPointF | None:
        place = self.plane.point(newest)
        if place is None:
            return None
        ax, bx, ay, by = self.plane.scale(self.box)
        x, y = ax * place[0] + bx, ay * place[1] + by
        return QPointF(round(min(max(x, 0), self.width()), 1), round(min(max(y, 0), self.height()), 1))

    def _take(self, examples: Examples | None, recording: bool) -> None:
        """Show other examples; while one records, new points are added where the plane already is."""
        is_fresh = examples is not None and len(examples) < GROWTH * self._laid
        if recording and is_fresh and self._picture is not None and grown(self._examples, examples):
            self._examples = examples
            self._add()
            self.update()
            return
        self._examples = examples
        self.plane = plane_of(examples, self.plane)
        self._drawn = self._laid = len(examples) if examples is not None else 0
        self._picture = None
        self._trail.clear()
        self.update()

    def _add(self) -> None:
        """Paint the points that came since into the picture."""
        examples = self._examples
        assert examples is not None
        assert self._picture is not None
        painter = QPainter(self._picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_points(painter, examples, np.arange(self._drawn, len(examples)))
        self._drawn = len(examples)

    def mark(self, ids: tuple[int, ...]) -> None:
        """Ring some examples."""
        if ids != self.marked:
            self.marked = ids
            self._picture = None
            self.update()

    # --- painting -------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        look, painter = self.desk.look, QPainter(self)
        key = (self.size(), self.devicePixelRatioF(), look.theme, look.scale)
        if self._picture is None or key != self._key:
            self._key, self._picture = key, self._paint_picture()
        painter.drawPixmap(0, 0, self._picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._examples is None or not len(self._examples):
            painter.setPen(look.color("dim"))
            painter.setFont(look.font("normal"))
            box = self.rect().adjusted(16, 16, -16, -16)
            words = PAD_HINT if self.is_pad else HINT
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, words)
        self._paint_cursor(painter)

    def _paint_cursor(self, painter: QPainter) -> None:
        if self.here is None:
            return
        look, state = self.desk.look, self._state
        if look.motion and len(self._trail) > 1:
            color = QColor(look.color("text"))
            for place, (one, other) in enumerate(zip(self._trail, list(self._trail)[1:], strict=False)):
                if (other - one).manhattanLength() > self.width() / LEAP:
                    continue
                color.setAlphaF(0.5 * place / TRAIL)
                painter.setPen(QPen(color, 1.5))
                painter.drawLine(one, other)
        if state.recording:
            color = look.color("learning")
        else:
            color = label_color(look, state.colour) if state.label else look.color("text")
        painter.setBrush(Qt.BrushStyle.NoBrush)
        radius = self._size * 1.35
        painter.setPen(QPen(look.color("background"), 5 + 3 * state.confidence))
        painter.drawEllipse(self.here, radius, radius)
        painter.setPen(QPen(color, 2 + 3 * state.confidence))
        painter.drawEllipse(self.here, radius, radius)

    def _paint_picture(self) -> QPixmap:
        """Paint all that does not move."""
        look, ratio = self.desk.look, self.devicePixelRatioF()
        picture = QPixmap(self.size() * ratio)
        picture.setDevicePixelRatio(ratio)
        picture.fill(look.color("panel"))
        painter = QPainter(picture)
        painter.setPen(QPen(look.color("grid"), 1))
        for line in range(1, GRID):
            x, y = self.width() * line / GRID, self.height() * line / GRID
            painter.drawLine(QPointF(x, 0), QPointF(x, self.height()))
            painter.drawLine(QPointF(0, y), QPointF(self.width(), y))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        examples = self._examples
        if examples is not None and len(examples):
            rows = np.arange(0, len(examples), -(-len(examples) // MOST_DRAWN))
            self._paint_points(painter, examples, rows)
            self._paint_marks(painter, examples)
        painter.setPen(QPen(look.color("outline"), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        painter.end()
        return picture

    def _screen(self, examples: Examples, rows: np.ndarray) -> np.ndarray:
        """Return where rows are on the screen, shape (n, 2)."""
        if examples.width != self.plane.width:
            return np.empty((0, 2))
        ax, bx, ay, by = self.plane.scale(self.box)
        return self.plane.points(examples.inputs[rows]) * (ax, ay) + (bx, by)

    def _paint_points(self, painter: QPainter, examples: Examples, rows: np.ndarray) -> None:
        """Stamp the shape of each label at its places."""
        column = next((n for n, output in enumerate(examples.outputs) if output.kind == "class"), None)
        places = self._screen(examples, rows)
        labels = examples.labels(column)[rows] if column is not None else np.ones(len(rows), int)
        half = self._size
        for number in np.unique(labels).tolist():
            label = examples.outputs[column].label(number) if column is not None else None
            stamp = self._stamp(label.colour if label else 0, bool(number))
            for x, y in places[labels == number].tolist():
                painter.drawPixmap(QPointF(x - half, y - half), stamp)

    def _stamp(self, colour: int, is_label: bool) -> QPixmap:
        """Return one point as a picture; without a label it is a grey dot."""
        look, ratio, size = self.desk.look, self.devicePixelRatioF(), self._size
        stamp = QPixmap(QSize(round(2 * size * ratio), round(2 * size * ratio)))
        stamp.setDevicePixelRatio(ratio)
        stamp.fill(Qt.GlobalColor.transparent)
        painter = QPainter(stamp)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if is_label:
            paint_shape(painter, look, colour, QPointF(size, size), size)
        else:
            paint_shape(painter, look, 0, QPointF(size, size), size / 2, look.color("dim"))
        painter.end()
        return stamp

    def _paint_marks(self, painter: QPainter, examples: Examples) -> None:
        if not self.marked:
            return
        painter.setPen(QPen(self.desk.look.color("now"), 1.5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        rows = examples.places(self.marked)[:MOST_DRAWN]
        for x, y in self._screen(examples, rows).tolist():
            painter.drawEllipse(QPointF(x, y), self._size * 0.9, self._size * 0.9)

    # --- the pointer as an input ------------------------------------------------------------------------

    def enterEvent(self, event: QEnterEvent) -> None:
        self._pointer = event.position()

    def leaveEvent(self, event: QEvent) -> None:
        self._pointer = None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._pointer = event.position()
        self._speak()

    def _speak(self) -> None:
        """Send where the pointer is, if it is over the pad."""
        if self._pointer is None or not self.is_pad:
            return
        place = np.array(pad_place(self._pointer, self.box), np.float32)
        self.desk.engine.inbox.put(Frame(self.desk.engine.clock.now(), "pointer", place))
        self._has_spoken = True


def grown(before: Examples | None, now: Examples | None) -> bool:
    """Tell whether examples are the ones before and more."""
    if before is None or now is None or not len(before) or len(now) < len(before) or now.width != before.width:
        return False
    count = len(before)
    same_ids = np.array_equal(now.ids[:count], before.ids)
    return same_ids and np.array_equal(now.targets[:count], before.targets, equal_nan=True)
