"""One knob of a synth as a fader on which one sees where presets are: its lane.

Ticks stand at the values of kept presets, one row of them for each label, dots (or in interval mode a bar) at the
values of the rule that sounds. Where called and varied presets may not set it, the lane is dark.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QMenu, QSizePolicy

from app.parameter import Parameter, Steps
from app.snapshot import Snapshot
from app.snapshot_rules import Value
from ui.desk import Desk, ring
from ui.face import Form, bar_box, words_box
from ui.fader import Fader
from ui.rules_book import Tick, position_of
from ui.widget.shape import label_color

LANE = Form("small", "small", "small", 15, 10, 20)
MOST_BANDS = 4  # Rows of ticks, one a label.
RANGE = "Right click: how far called and varied presets may move it"
NEVER = "None of its values stands in two presets, so rules cannot meet in this knob: snap it"


@dataclass(frozen=True, slots=True)
class LaneMarks:
    """What lies on a lane: `ticks` (values and colours), `dots` (values of the rule that sounds), `colour` (of its
    label), `is_bar` (anything between the dots may be drawn), `repeats` (whether any value stands in two presets)."""

    ticks: tuple[Tick, ...] = ()
    dots: tuple[Value, ...] = ()
    colour: int = 0
    is_bar: bool = False
    repeats: bool = True


def marks_of(desk: Desk, picture: Snapshot, place: int) -> LaneMarks:
    """Return what lies on the lane of a knob (from 0)."""
    state, page = picture.rules, desk.presets(picture)
    ticks = page.ticks[place] if place < len(page.ticks) else ()
    repeats = state.knobs[place].repeats if place < len(state.knobs) else True
    dots = desk.book.sounding(state).get(place, ())
    colour = page.colour(state.sounding.label) or 0
    return LaneMarks(ticks, dots, colour, state.sounding.mode == "interval", repeats)


class Lane(Fader):
    """Attributes: as Fader; `place` (of the knob, from 0), `marks`, `ends` (the range of called and varied presets)."""

    def __init__(self, desk: Desk, parameter: Parameter, place: int) -> None:
        super().__init__(desk, parameter, LANE)
        self.place, self.marks = place, LaneMarks()
        tree = desk.engine.tree
        self.ends = tree.number(f"/rules/low/{place + 1}"), tree.number(f"/rules/high/{place + 1}")
        self._range = (0.0, 1.0)
        self._title = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def refresh(self, picture: Snapshot) -> None:
        super().refresh(picture)
        marks = marks_of(self.desk, picture, self.place)
        span = self.span
        if (marks, span, self.parameter.title) != (self.marks, self._range, self._title):
            self.marks, self._range, self._title = marks, span, self.parameter.title
            self.title = self._title
            self.setAccessibleName(self._title)
            flag = "" if marks.repeats else f"\n{NEVER}"
            self.setToolTip(f"{self.parameter.help}  ({self.parameter.address})\n{RANGE}{flag}")
            self.update()

    @property
    def span(self) -> tuple[float, float]:
        """Where called and varied presets may set the knob, as places on its fader."""
        low, high = sorted(one.value for one in self.ends)
        return low, high

    def menu(self) -> QMenu:
        """Return the menu of a fader, and the range of the knob."""
        menu = super().menu()
        menu.addSeparator()
        low, high = self.ends
        menu.addAction("Called presets: from here up", lambda: self._limit(low))
        menu.addAction("Called presets: up to here", lambda: self._limit(high))
        free = menu.addAction("Called presets: anywhere", lambda: self._limit(None))
        free.setEnabled(self.span != (0.0, 1.0))
        return menu

    def _limit(self, end: Parameter | None) -> None:
        """Set one end of the range to where the knob is; None: both ends are free again."""
        gesture = next(self.desk.gestures)
        wanted = [(end, self.position)] if end is not None else list(zip(self.ends, (0.0, 1.0), strict=True))
        for one, place in wanted:
            self.desk.engine.set(one.address, place, "ui", gesture)

    def minimumSizeHint(self) -> QSize:
        return QSize(self.desk.look.px(96), super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look = QPainter(self), self.desk.look
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_words(painter)
        bar = bar_box(look, self.form, self.size())
        if self.hasFocus():
            ring(painter, bar.adjusted(0.5, -3, -0.5, 3), look)
            bar.adjust(4, 0, -4, 0)
        painter.setPen(QPen(look.color("outline"), 1))
        painter.setBrush(look.color("control"))
        painter.drawRoundedRect(bar, 3, 3)
        inside = bar.adjusted(4, 1, -4, -1)
        self._paint_fill(painter, inside)
        self._paint_ticks(painter, inside)
        self._paint_rule(painter, inside)
        self._paint_mark(painter, inside)

    def _paint_words(self, painter: QPainter) -> None:
        look, box = self.desk.look, words_box(self.desk.look, self.form, self.size())
        strong, font = look.font("small", True), look.font("small")
        value = QFontMetrics(strong).horizontalAdvance(self.text)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setFont(strong)
        painter.setPen(look.color("text"))
        painter.drawText(box, middle | Qt.AlignmentFlag.AlignRight, self.text)
        painter.setFont(font)
        painter.setPen(look.color("dim" if self.marks.repeats else "learning"))
        sign = "" if self.marks.repeats else "≠ "
        name = f"{sign}{self.parameter.title}"
        metrics = QFontMetrics(font)
        painter.drawText(box, middle, metrics.elidedText(name, Qt.TextElideMode.ElideRight, box.width() - value - 6))

    def _paint_fill(self, painter: QPainter, box: QRectF) -> None:
        wide = box.width() * self.position
        painter.fillRect(QRectF(box.left(), box.top(), wide, box.height()), self.desk.look.color("raised"))
        dark, (low, high) = self.desk.look.color("background"), self._range
        painter.fillRect(QRectF(box.left(), box.top(), box.width() * low, box.height()), dark)
        painter.fillRect(
            QRectF(box.left() + box.width() * high, box.top(), box.width() * (1 - high), box.height()), dark
        )

    def _x(self, box: QRectF, value: Value) -> float | None:
        position = position_of(self.parameter.curve, value)
        return None if position is None else box.left() + position * box.width()

    def _paint_ticks(self, painter: QPainter, box: QRectF) -> None:
        """Paint the values of kept presets, labels below each other so that none hides another."""
        colours = sorted({colour for _, colour in self.marks.ticks})
        bands = min(len(colours), MOST_BANDS)
        for value, colour in self.marks.ticks:
            x = self._x(box, value)
            if x is not None:
                band = colours.index(colour) % bands
                top = box.top() + box.height() * band / bands
                painter.setPen(QPen(label_color(self.desk.look, colour), 2))
                painter.drawLine(QPointF(x, top + 0.5), QPointF(x, top + box.height() / bands - 0.5))

    def _paint_rule(self, painter: QPainter, box: QRectF) -> None:
        """Paint the values of the rule that sounds: dots, or a bar where anything between them may come."""
        places = [x for x in (self._x(box, value) for value in self.marks.dots) if x is not None]
        if not places:
            return
        look, middle = self.desk.look, box.center().y()
        color = label_color(look, self.marks.colour)
        if self.marks.is_bar and not isinstance(self.parameter.curve, Steps):
            painter.setPen(QPen(color, 3))
            painter.drawLine(QPointF(min(places), middle), QPointF(max(places), middle))
        painter.setPen(QPen(look.color("background"), 1))
        painter.setBrush(color)
        for x in places:
            painter.drawEllipse(QPointF(x, middle), 4, 4)

    def _paint_mark(self, painter: QPainter, box: QRectF) -> None:
        """Paint where the knob is now, and where the hardware stands if that is elsewhere."""
        x = box.left() + self.position * box.width()
        painter.setPen(QPen(self.desk.look.color("text"), 2))
        painter.drawLine(QPointF(x, box.top() - 2), QPointF(x, box.bottom() + 2))
        if self.ghost is not None:
            x = box.left() + self.ghost * box.width()
            painter.setPen(QPen(self.desk.look.color("now"), 2))
            painter.drawLine(QPointF(x, box.top() - 3), QPointF(x, box.bottom() + 3))
