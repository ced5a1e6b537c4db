"""The last ten minutes as a strip: what left above the line, what came in below, now at the right. Drag over a span.

The span is in seconds ago and wanders to the left with the music, so that what was marked stays what it was.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import log1p

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy

from app.recorder_activity import SPAN_S, SPANS
from app.recorder_state import RecorderState
from ui.desk import Desk, Display

WHOLE_S = SPAN_S * SPANS
LEAST_S, STEP_S, USUAL_S = 1.0, 5.0, 30.0
FULL = 500  # So many messages in five seconds fill the height; few are seen too.


class TapeStrip(Display):
    """Attributes: `activity` (what came in and what left, span by span), `held` (seconds that can be kept), `end` (when
    the marked span ends, on the engine's clock), `length` (its seconds), `now` (of the engine's clock)."""

    takes_return = True

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.activity: Sequence[tuple[int, int]] = ()
        self.held = self.since = self.now = 0.0
        self.end: float | None = None  # None: now, and so it stays.
        self.length = USUAL_S
        self._from: float | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("The last ten minutes")
        self.setToolTip("Drag over what you want to keep; arrows move the span, Shift changes its length, End is now")

    def sizeHint(self) -> QSize:
        return QSize(400, self.desk.look.px(76))

    def minimumSizeHint(self) -> QSize:
        return QSize(200, self.desk.look.px(56))

    @property
    def span(self) -> tuple[float, float]:
        """From and to in seconds ago, the greater first; within what is held."""
        last = 0.0 if self.end is None else max(self.now - self.end, 0.0)
        most = min(max(self.held, LEAST_S), WHOLE_S)
        last = min(last, most - LEAST_S)
        return min(last + self.length, most), last

    def follow(self, state: RecorderState, now: float) -> None:
        """Show what was noted until now."""
        self.now = now
        self.activity, self.held, self.since = state.activity, state.seconds, state.since
        self.setAccessibleDescription(span_text(*self.span))
        self.update()

    # --- places ---------------------------------------------------------------------------------------

    def _x(self, ago: float) -> float:
        return self.width() * (1 - ago / WHOLE_S)

    def _ago(self, x: float) -> float:
        return min(max((1 - x / max(self.width(), 1)) * WHOLE_S, 0.0), min(max(self.held, LEAST_S), WHOLE_S))

    # --- hands ----------------------------------------------------------------------------------------

    def mark(self, first: float, last: float) -> None:
        """Mark a span, given in seconds ago."""
        first, last = max(first, last), min(first, last)
        self.length = max(first - last, LEAST_S)
        self.end = None if last < LEAST_S / 2 else self.now - last
        self.setAccessibleDescription(span_text(*self.span))
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._from = self._ago(event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._from is not None:
            self.mark(self._from, self._ago(event.position().x()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._from = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.mark_all()

    def mark_all(self) -> None:
        """Mark all there is."""
        self.mark(min(max(self.held, LEAST_S), WHOLE_S), 0.0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        keys = Qt.Key
        way = {keys.Key_Left: STEP_S, keys.Key_Right: -STEP_S}.get(Qt.Key(event.key()))
        first, last = self.span
        if way is not None and event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.mark(max(first + way, last + LEAST_S), last)
        elif way is not None:
            way = max(way, -last)
            self.mark(first + way, last + way)
        elif event.key() == keys.Key_End:
            self.mark(first - last, 0.0)
        elif event.key() == keys.Key_Home:
            self.mark_all()
        else:
            event.ignore()

    # --- face -----------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        look, painter = self.desk.look, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), look.color("control"))
        bottom = self.height() - look.px(14)
        middle = bottom * 0.62
        self._paint_minutes(painter, bottom)
        wide = self.width() * SPAN_S / WHOLE_S
        for place, (came, left) in enumerate(reversed(self.activity)):
            x = self._x(self.since + place * SPAN_S)
            up, down = _height(left) * middle, _height(came) * (bottom - middle)
            painter.fillRect(QRectF(x, middle - up, wide - 1, up), look.color("active"))
            painter.fillRect(QRectF(x, middle, wide - 1, down), look.color("green"))
        painter.fillRect(QRectF(0, 0, self._x(min(self.held, WHOLE_S)), bottom), look.color("panel"))
        self._paint_span(painter, bottom)
        self.paint_focus(painter)

    def _paint_minutes(self, painter: QPainter, bottom: float) -> None:
        look = self.desk.look
        painter.setFont(look.font("small"))
        for minute in range(1, round(WHOLE_S / 60)):
            x = self._x(minute * 60)
            painter.setPen(QPen(look.color("grid"), 1))
            painter.drawLine(round(x), 0, round(x), round(bottom))
            painter.setPen(look.color("dim"))
            box = QRectF(x - 30, bottom, 60, look.px(14))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, f"−{minute} min")

    def _paint_span(self, painter: QPainter, bottom: float) -> None:
        look = self.desk.look
        first, last = self.span
        box = QRectF(self._x(first), 1, self._x(last) - self._x(first), bottom - 2)
        tint = QColor(look.color("now"))
        tint.setAlpha(60)
        painter.setBrush(tint)
        painter.setPen(QPen(look.color("now"), 2))
        painter.drawRoundedRect(box, 3, 3)


def _height(count: int) -> float:
    """Return the share of the height for a count: one message is seen, a storm does not hide the rest."""
    return min(log1p(count) / log1p(FULL), 1.0) if count else 0.0


def span_text(first: float, last: float) -> str:
    """Return a span in words."""
    length = f"{first - last:.0f} s"
    return f"the last {length}" if last < LEAST_S else f"{length}, from {clock(first)} to {clock(last)} ago"


def clock(seconds: float) -> str:
    """Return seconds as minutes and seconds."""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"
