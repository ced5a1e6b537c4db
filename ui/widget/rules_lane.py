"""One knob of a synth as a fader on which one sees where presets are: its lane.

Ticks stand at the values of kept presets, one row of them for each label, dots (or in interval mode a bar) at the
values of the rule that sounds. Beside it stand a lock and a die.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy

from app.parameter import Parameter, Steps
from app.snapshot import Snapshot
from app.snapshot_rules import Value
from ui.desk import Desk, ring
from ui.face import Form, bar_box, words_box
from ui.fader import Fader
from ui.rules_book import Tick, position_of
from ui.widget.pad import Pad, SwitchPad
from ui.widget.shape import label_color

LANE = Form("small", "small", "small", 15, 10, 20)
MOST_BANDS = 4  # Rows of ticks, one a label.
SQUARE = 28
THROW = "Puts this knob at another of its few values"
SNAP = "Snaps the kept values of this knob to a few, so that rules can meet in it; it can be undone"
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
    """Attributes: as Fader; `place` (of the knob, from 0), `marks`."""

    def __init__(self, desk: Desk, parameter: Parameter, place: int) -> None:
        super().__init__(desk, parameter, LANE)
        self.place, self.marks = place, LaneMarks()
        self._title = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def refresh(self, picture: Snapshot) -> None:
        super().refresh(picture)
        marks = marks_of(self.desk, picture, self.place)
        if marks != self.marks or self.parameter.title != self._title:
            self.marks, self._title = marks, self.parameter.title
            self.title = self._title
            self.setAccessibleName(self._title)
            flag = "" if marks.repeats else f"\n{NEVER}"
            self.setToolTip(f"{self.parameter.help}  ({self.parameter.address}){flag}")
            self.update()

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


class LockPad(SwitchPad):
    """Keeps a knob where it is. A closed padlock is a state that colour alone would not tell."""

    def __init__(self, desk: Desk, parameter: Parameter) -> None:
        super().__init__(desk, parameter, color="learning", tall=SQUARE)

    def sizeHint(self) -> QSize:
        return QSize(self.desk.look.px(SQUARE), self.desk.look.px(SQUARE))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def refresh(self, picture: Snapshot) -> None:
        is_on = bool(self.parameter.value)
        self.light(self.color if is_on else "", "")
        if self.isChecked() != is_on:
            self.setChecked(is_on)
        if self.text():
            self.setText("")

    def name_after(self, title: str) -> None:
        """Be called after the knob."""
        if self.accessibleName() != f"Lock {title}":
            self.setAccessibleName(f"Lock {title}")

    def _paint_text(self, painter: QPainter) -> None:
        look, size = self.desk.look, self.desk.look.px(12)
        color = look.color("on_fill" if self.fill else "dim")
        box = QRectF(self.rect().center().x() - size / 2 + 1, self.rect().center().y() - 1, size, size * 0.6)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        painter.drawRoundedRect(box, 1.5, 1.5)
        painter.setPen(QPen(color, 1.6))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        lift = 0 if self.fill else -1.5
        arch = QRectF(box.left() + 2.5, box.top() - size * 0.45 + lift, size - 5, size * 0.9)
        painter.drawArc(arch, 0 if self.fill else -20 * 16, 180 * 16)


class DicePad(Pad):
    """Puts one knob somewhere else: among a few values, so that presets may meet, or anywhere within its range.

    Where no value of the knob stands in two presets, it snaps the knob first: its kept values become few.
    Attributes: `snaps` (whether that is what a press does now).
    """

    def __init__(self, desk: Desk, parameter: Parameter) -> None:
        super().__init__(desk, "", self.throw, SQUARE)
        self._parameter = parameter
        self._random = random.Random()
        self._number = int(parameter.address.rsplit("/", 1)[-1])
        tree = desk.engine.tree
        self._levels = tree.number("/rules/levels")
        self._range = tree.number(f"/rules/low/{self._number}"), tree.number(f"/rules/high/{self._number}")
        self.snaps = False
        self.setAccessibleName("Random knob")
        self.setToolTip(THROW)

    def sizeHint(self) -> QSize:
        return QSize(self.desk.look.px(SQUARE), self.desk.look.px(SQUARE))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def throw(self) -> None:
        """Ask for another value, or for values that can meet."""
        if self.snaps:
            self.desk.engine.fire("/rules/snap_knob", float(self._number))
            return
        low, high = sorted(one.value for one in self._range)
        position = min(max(other_position(self._parameter, int(self._levels.value), self._random), low), high)
        value = self._parameter.curve.value(position)
        self.desk.engine.set(self._parameter.address, value, "ui", next(self.desk.gestures))

    def refresh(self, picture: Snapshot) -> None:
        knobs = picture.rules.knobs
        snaps = self._number <= len(knobs) and not knobs[self._number - 1].repeats
        name = f"{'Snap' if snaps else 'Random'} {self._parameter.title}"
        if snaps != self.snaps or self.accessibleName() != name:
            self.snaps = snaps
            self.setAccessibleName(name)
            self.setToolTip(f"{SNAP}  (/rules/snap_knob {self._number})" if snaps else THROW)
            self.update()

    def _paint_text(self, painter: QPainter) -> None:
        look, size = self.desk.look, self.desk.look.px(14)
        middle = QPointF(self.rect().center()) + QPointF(0.5, 0.5)
        if self.snaps:
            self._paint_snap(painter, middle, size)
            return
        painter.setPen(QPen(look.color("dim"), 1.4))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(middle.x() - size / 2, middle.y() - size / 2, size, size), 3, 3)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.color("dim"))
        for step in (-1, 0, 1):
            painter.drawEllipse(middle + QPointF(step, step) * (size * 0.25), 1.4, 1.4)


    def _paint_snap(self, painter: QPainter, middle: QPointF, size: float) -> None:
        """Paint a value that falls onto the nearest of a few."""
        painter.setPen(QPen(self.desk.look.color("learning"), 1.6))
        for step in (-1, 0, 1):
            x = middle.x() + step * size * 0.42
            painter.drawLine(QPointF(x, middle.y() + size * 0.1), QPointF(x, middle.y() + size * 0.5))
        painter.setBrush(self.desk.look.color("learning"))
        painter.drawEllipse(middle + QPointF(size * 0.18, -size * 0.25), 2.0, 2.0)


def other_position(parameter: Parameter, levels: int, chance: random.Random) -> float:
    """Return another place on a knob's fader, one of so many even ones; below 2 anywhere."""
    curve = parameter.curve
    if isinstance(curve, Steps):
        levels = len(curve.names)
    if levels < 2:
        return chance.random()
    places = [level / (levels - 1) for level in range(levels)]
    others = [place for place in places if curve.show(curve.value(place)) != curve.show(parameter.value)]
    return chance.choice(others) if others else parameter.position
