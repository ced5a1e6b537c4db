"""The level of the built-in synth, in decibels, with the peak held for a moment."""

from __future__ import annotations

import math

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy

from app.snapshot import Snapshot
from ui.desk import Desk, Display

FLOOR_DB = -54.0
HOT_DB = -3.0
FALL_DB = 0.8
HOLD_FRAMES = 45


def decibels(peak: float) -> float:
    """Return a peak 0..1 in dB, at least the floor of the meter."""
    return max(20 * math.log10(peak), FLOOR_DB) if peak > 0 else FLOOR_DB


class Meter(Display):
    """Two bars. Attributes: `shown` (dB left and right, falling slowly), `held` (the peak in dB)."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.shown = [FLOOR_DB, FLOOR_DB]
        self.held = FLOOR_DB
        self._age = 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Level of the built-in synth")

    def sizeHint(self) -> QSize:
        return QSize(120, self.desk.look.px(20))

    def minimumSizeHint(self) -> QSize:
        return QSize(60, self.desk.look.px(20))

    def refresh(self, picture: Snapshot) -> None:
        before = (*self.shown, self.held)
        for side, peak in enumerate(picture.level):
            self.shown[side] = max(decibels(peak), self.shown[side] - FALL_DB)
        self._age += 1
        if max(self.shown) >= self.held or self._age > HOLD_FRAMES:
            self.held, self._age = max(self.shown), 0
        if (*self.shown, self.held) != before:
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        look, painter = self.desk.look, QPainter(self)
        words = look.px(52)
        wide, gap = self.width() - words, 3
        tall = (self.height() - gap) / 2
        for side, level in enumerate(self.shown):
            box = QRectF(0, side * (tall + gap), wide, tall)
            painter.fillRect(box, look.color("control"))
            box.setWidth(wide * (1 - level / FLOOR_DB))
            painter.fillRect(box, look.color("learning" if level > HOT_DB else "active"))
        x = wide * (1 - self.held / FLOOR_DB)
        painter.setPen(QPen(look.color("text"), 1))
        painter.drawLine(round(x), 0, round(x), self.height())
        painter.setFont(look.font("small"))
        painter.setPen(look.color("dim"))
        text = "silent" if self.held <= FLOOR_DB else f"{self.held:.0f} dB".replace("-", "−")
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
