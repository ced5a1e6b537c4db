"""What a fader looks like: its words, its bar, its needle and the tick of a hardware knob.

Apart from the gestures, because painting needs only values: a face is drawn from a small record and knows neither
the engine nor the mouse.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPen

from ui.desk import ring
from ui.theme import Look

EDGE = 4
BADGE_AT = 36  # Badges stand below each other, at this share of the width in %.
NEAR_PX = 2


@dataclass(frozen=True, slots=True)
class Form:
    """How a fader is laid out.

    Attributes: `name`, `value`, `badge` (font roles), `words` (px of the line above), `bar` (px), `bar_max` (px it may
    grow to), `wide` (px of the whole; 0: takes what room there is).
    """

    name: str
    value: str
    badge: str
    words: int
    bar: int
    bar_max: int
    wide: int = 0


STUDIO = Form("normal", "normal", "small", 20, 14, 14)
STAGE = Form("large", "huge", "normal", 42, 36, 56)
TEMPO = Form("small", "large", "small", 28, 4, 4, 170)


@dataclass(frozen=True, slots=True)
class Shown:
    """What a face shows: `title`, `text` (value and unit), `badge`; `position`, `needle`, `ghost` in 0..1 or None."""

    title: str
    text: str
    badge: str
    position: float
    needle: float | None
    ghost: float | None
    focused: bool


def face_size(look: Look, form: Form, least: bool = False) -> QSize:
    """Return the size a face wants, or the least it can live with."""
    bar = form.bar if least else form.bar_max
    return QSize(look.px(form.wide or (120 if least else 240)), look.px(form.words + bar) + 3 * EDGE)


def words_box(look: Look, form: Form, size: QSize) -> QRect:
    """Return where name, badge and value stand."""
    return QRect(0, EDGE, size.width(), look.px(form.words))


def bar_box(look: Look, form: Form, size: QSize) -> QRectF:
    """Return where the bar is."""
    top = words_box(look, form, size).bottom() + EDGE
    tall = min(look.px(form.bar_max), size.height() - top - EDGE)
    return QRectF(0.5, top + 0.5, size.width() - 1, tall - 1)


def paint_face(painter: QPainter, look: Look, form: Form, size: QSize, shown: Shown) -> None:
    """Paint everything."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    _paint_words(painter, look, form, words_box(look, form, size), shown)
    bar = bar_box(look, form, size)
    if shown.focused:
        ring(painter, bar.adjusted(0.5, 1 - EDGE, -0.5, EDGE - 1), look)
        bar.adjust(EDGE, 0, -EDGE, 0)
    _paint_bar(painter, look, bar, shown.position)
    if shown.needle is not None:
        _paint_needle(painter, look, bar, shown)
    if shown.ghost is not None:
        x = bar.left() + shown.ghost * bar.width()
        painter.setPen(QPen(look.color("text"), 2))
        painter.drawLine(QPointF(x, bar.top() - 3), QPointF(x, bar.bottom() + 3))


def _paint_words(painter: QPainter, look: Look, form: Form, box: QRect, shown: Shown) -> None:
    align = Qt.AlignmentFlag.AlignVCenter
    value_font, name_font = look.font(form.value, True), look.font(form.name)
    end = box.width() - QFontMetrics(value_font).horizontalAdvance(shown.text) - 8
    painter.setFont(value_font)
    painter.setPen(look.color("text"))
    painter.drawText(box, align | Qt.AlignmentFlag.AlignRight, shown.text)
    painter.setFont(name_font)
    metrics = QFontMetrics(name_font)
    name = metrics.elidedText(shown.title, Qt.TextElideMode.ElideRight, end)
    painter.drawText(box, align, name)
    font = look.font(form.badge)
    start = max(metrics.horizontalAdvance(name) + 14, box.width() * BADGE_AT // 100)
    if shown.badge and QFontMetrics(font).horizontalAdvance(shown.badge) <= end - start:
        painter.setFont(font)
        painter.setPen(look.color("dim"))
        painter.drawText(box.adjusted(start, 0, 0, 0), align, shown.badge)


def _paint_bar(painter: QPainter, look: Look, bar: QRectF, position: float) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(look.color("control"))
    painter.drawRoundedRect(bar, 3, 3)
    painter.setBrush(look.color("active"))
    painter.setClipRect(QRectF(bar.left(), bar.top(), bar.width() * position, bar.height()))
    painter.drawRoundedRect(bar, 3, 3)
    painter.setClipping(False)
    painter.setPen(QPen(look.color("outline"), 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(bar, 3, 3)


def _paint_needle(painter: QPainter, look: Look, bar: QRectF, shown: Shown) -> None:
    """Draw where the music is, while it is not yet where the hand wants it."""
    x = bar.left() + (shown.needle or 0.0) * bar.width()
    fill_end = bar.left() + shown.position * bar.width()
    if abs(x - fill_end) < NEAR_PX:
        return
    painter.setPen(QPen(look.color("on_fill" if x < fill_end else "now"), 3))
    painter.drawLine(QPointF(x, bar.top() + 2), QPointF(x, bar.bottom() - 2))
