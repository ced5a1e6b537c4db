"""A piano keyboard whose keys light while notes sound: the chord at a glance."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy

from app.snapshot import Snapshot
from ui.desk import Desk, Display
from ui.widget.roll import blend

LOW, HIGH = 21, 108
BLACK = {1, 3, 6, 8, 10}
# How far after its lower white neighbour's start a black key begins, in white keys.
BLACK_AT, BLACK_WIDE = 0.66, 0.66


def key_box(pitch: int) -> tuple[float, float]:
    """Return where a key starts and how wide it is, counted in white keys from pitch 0."""
    octave, step = divmod(pitch, 12)
    whites = sum(1 for lower in range(step) if lower not in BLACK)
    start = octave * 7 + whites
    return (start - 1 + BLACK_AT, BLACK_WIDE) if step in BLACK else (start, 1.0)


class Keyboard(Display):
    """All 88 keys. Attributes: `held` (pitch -> velocity of what sounds)."""

    def __init__(self, desk: Desk, tall: int = 64) -> None:
        super().__init__(desk)
        self.held: dict[int, int] = {}
        self._tall = tall
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Sounding notes")

    def sizeHint(self) -> QSize:
        return QSize(300, self.desk.look.px(self._tall))

    def minimumSizeHint(self) -> QSize:
        return QSize(200, self.desk.look.px(40))

    def refresh(self, picture: Snapshot) -> None:
        held = {note.pitch: note.velocity for note in picture.notes if note.end is None}
        if held != self.held:
            self.held = held
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        first, last = key_box(LOW)[0], key_box(HIGH)[0] + 1
        scale = self.width() / (last - first)
        for black in (False, True):
            for pitch in range(LOW, HIGH + 1):
                if (pitch % 12 in BLACK) == black:
                    start, wide = key_box(pitch)
                    tall = self.height() * (0.6 if black else 1.0)
                    box = QRectF((start - first) * scale, 0, wide * scale, tall).adjusted(0.5, 0.5, -0.5, -0.5)
                    self._paint_key(painter, pitch, black, box)

    def _paint_key(self, painter: QPainter, pitch: int, black: bool, box: QRectF) -> None:
        look, velocity = self.desk.look, self.held.get(pitch, 0)
        rest = look.color("background" if black else "control")
        fill = blend(rest, look.color("active"), 0.5 + velocity / 254) if velocity else rest
        painter.setBrush(fill)
        painter.setPen(QPen(look.color("outline"), 0.8))
        painter.drawRect(box)
        if pitch % 12 == 0 and not velocity:
            painter.setPen(look.color("dim"))
            painter.setFont(look.font("small"))
            painter.drawText(
                box.adjusted(-4, 0, 4, -2),
                Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom,
                f"{pitch // 12 - 1}",
            )
