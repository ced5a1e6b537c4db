"""What stands beside a knob's lane: its lock, and its die, which snaps the knob where its values never meet."""

from __future__ import annotations

import random

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPen

from app.parameter import Parameter, Steps
from app.snapshot import Snapshot
from ui.desk import Desk
from ui.widget.pad import Pad, SwitchPad

SQUARE = 28
THROW = "Puts this knob at another of its few values"
SNAP = "Snaps the kept values of this knob to a few, so that rules can meet in it; it can be undone"


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
