"""The range of a binding as a bar with two ends: drag an end, or the bar between them; crossed ends turn it round.

It is no Parameter: it belongs to whichever line is marked, and asks for a change when the hand lets go.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy

from ui.desk import Desk, Display

STEP, FINE = 0.05, 0.01
PATIENCE = 10  # Refreshes after which a wish that nobody followed is given up.
NEAR_PX = 10


class RangeBar(Display):
    """Attributes: `span` (positions 0..1 of the start and the end; None: there is nothing to set), `value` (where the
    hand stands on its own way, 0..1), `end` (which one the keys move: 0 the start, 1 the end)."""

    takes_return = True

    def __init__(self, desk: Desk, changed: Callable[[float, float], None]) -> None:
        super().__init__(desk)
        self.span: tuple[float, float] | None = None
        self.value: float | None = None
        self.end = 1
        self._changed = changed
        self._drag: tuple[float, float] | None = None
        self._wish: tuple[float, float] | None = None
        self._waited = 0
        self._grip = -1
        self._from = 0.0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Range of the binding")
        self.setToolTip("Drag an end or the bar; arrows move an end, Return takes the other  (/map/range)")

    def sizeHint(self) -> QSize:
        return QSize(self.desk.look.px(160), self.desk.look.px(38))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.desk.look.px(80), self.desk.look.px(38))

    def follow(self, span: tuple[float, float] | None, value: float | None) -> None:
        """Show another range."""
        if self._wish is not None:
            self._waited += 1
            if self._wish == span or self._waited > PATIENCE:
                self._wish = None
        if (span, value) != (self.span, self.value):
            self.span, self.value = span, value
            self.setEnabled(span is not None)
            self.update()

    @property
    def shown(self) -> tuple[float, float]:
        """The range as the hand has it now."""
        return self._drag or self._wish or self.span or (0.0, 1.0)

    @property
    def bar(self) -> QRectF:
        """Where the bar is."""
        tall = self.desk.look.px(14)
        return QRectF(8, self.height() - tall - 6, self.width() - 16, tall)

    def _place(self, x: float) -> float:
        return min(max((x - self.bar.left()) / max(self.bar.width(), 1), 0.0), 1.0)

    # --- moving it ------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self.span is None or event.button() != Qt.MouseButton.LeftButton:
            return
        x = event.position().x()
        ends = [abs(x - self.bar.left() - place * self.bar.width()) for place in self.span]
        self._grip = ends.index(min(ends)) if min(ends) <= NEAR_PX else 2
        self.end = self._grip if self._grip < 2 else self.end
        self._drag, self._from = self.span, self._place(x)
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._drag is None or self.span is None:
            return
        place = self._place(event.position().x())
        if self._grip == 2:
            low, high = sorted(self.span)
            moved = min(max(place - self._from, -low), 1.0 - high)
            self._drag = (self.span[0] + moved, self.span[1] + moved)
        else:
            self._drag = (place, self._drag[1]) if self._grip == 0 else (self._drag[0], place)
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        drag, self._drag = self._drag, None
        if drag is not None and drag != self.span:
            self._ask(*drag)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self.span is not None:
            self._ask(0.0, 1.0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        keys = Qt.Key
        sign = {keys.Key_Right: 1, keys.Key_Up: 1, keys.Key_Left: -1, keys.Key_Down: -1}.get(Qt.Key(event.key()))
        if self.span is None:
            event.ignore()
        elif sign is not None:
            step = FINE if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else STEP
            span = list(self.shown)
            span[self.end] = min(max(span[self.end] + sign * step, 0.0), 1.0)
            self._ask(*span)
        elif event.key() in (keys.Key_Return, keys.Key_Enter):
            self.end = 1 - self.end
            self.update()
        elif event.key() in (keys.Key_Delete, keys.Key_Backspace):
            self._ask(0.0, 1.0)
        else:
            event.ignore()

    def _ask(self, start: float, end: float) -> None:
        self._wish, self._waited = (round(start, 3), round(end, 3)), 0
        self._changed(*self._wish)
        self.update()

    # --- face -----------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        look, painter = self.desk.look, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        bar, (start, end) = self.bar, self.shown
        painter.setPen(QPen(look.color("outline"), 1))
        painter.setBrush(look.color("control"))
        painter.drawRoundedRect(bar, 3, 3)
        painter.setFont(look.font("small"))
        painter.setPen(look.color("dim"))
        words = f"range {start:.0%} to {end:.0%}{', inverted' if start > end else ''}" if self.span else "no range"
        painter.drawText(QRectF(8, 0, self.width() - 16, bar.top() - 2), Qt.AlignmentFlag.AlignVCenter, words)
        if self.span is not None:
            self._paint_span(painter, bar, start, end)
        self.paint_focus(painter)

    def _paint_span(self, painter: QPainter, bar: QRectF, start: float, end: float) -> None:
        look = self.desk.look
        low, high = sorted((start, end))
        painter.fillRect(
            QRectF(bar.left() + low * bar.width(), bar.top() + 3, (high - low) * bar.width(), bar.height() - 6),
            look.color("active"),
        )
        painter.setPen(Qt.PenStyle.NoPen)
        for number, place in enumerate((start, end)):
            x = bar.left() + place * bar.width()
            painter.setBrush(look.color("now" if number == self.end and self.hasFocus() else "text"))
            # The end, and so the direction, is the larger of the two marks.
            half = 6 if number else 4
            top = bar.top() - 3
            painter.drawPolygon(QPolygonF([QPointF(x - half, top), QPointF(x + half, top), QPointF(x, bar.bottom())]))
        if self.value is not None:
            at = start + min(max(self.value, 0.0), 1.0) * (end - start)
            painter.fillRect(QRectF(bar.left() + at * bar.width() - 1, bar.top(), 2, bar.height()), look.color("now"))
