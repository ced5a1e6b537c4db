"""The shapes that go with the data colours: circle, square, triangle, diamond, star, cross.

There are more labels than colours that one can tell apart, so from the seventh on the same shapes stand hollow.
"""

from __future__ import annotations

import math
from functools import cache

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF

from ui.theme import Look

NONE_SIZE = 0.35  # The dot of "none of them", in parts of a shape.


@cache
def shape_path(name: str) -> QPainterPath:
    """Return a shape around (0, 0), about 1 wide; ValueError if there is none of that name."""
    path = QPainterPath()
    match name:
        case "circle":
            path.addEllipse(QPointF(0, 0), 0.5, 0.5)
        case "square":
            path.addRect(-0.45, -0.45, 0.9, 0.9)
        case "triangle":
            path.addPolygon(_closed((0, -0.55), (0.55, 0.45), (-0.55, 0.45)))
        case "diamond":
            path.addPolygon(_closed((0, -0.6), (0.6, 0), (0, 0.6), (-0.6, 0)))
        case "star":
            path.addPolygon(_star())
        case "cross":
            path.addPolygon(_cross())
        case _:
            raise ValueError(f"There is no shape called {name!r}")
    return path


def _closed(*points: tuple[float, float]) -> QPolygonF:
    return QPolygonF([QPointF(x, y) for x, y in (*points, points[0])])


def _star() -> QPolygonF:
    turns = [(0.62 if n % 2 == 0 else 0.27, math.pi * n / 5) for n in range(10)]
    return _closed(*((r * math.sin(turn), -r * math.cos(turn)) for r, turn in turns))


def _cross() -> QPolygonF:
    long, wide = 0.55, 0.2
    corner = ((wide, -long), (wide, -wide), (long, -wide))
    turned = [(x, y) for x, y in corner]
    points = []
    for _quarter in range(4):
        points += turned
        turned = [(-y, x) for x, y in turned]
    return _closed(*points)


def paint_shape(
    painter: QPainter, look: Look, colour: int, middle: QPointF, size: float, fill: QColor | None = None
) -> None:
    """Paint the shape of a label's colour, `size` px wide, in its own colour or in another."""
    shades = look.tokens.shades
    shade = shades[colour % len(shades)]
    color = fill or look.color(shade.name)
    is_hollow = colour // len(shades) % 2 == 1
    painter.save()
    painter.translate(middle)
    painter.scale(size, size)
    painter.setPen(QPen(color, 0.18) if is_hollow else Qt.PenStyle.NoPen)
    painter.setBrush(Qt.BrushStyle.NoBrush if is_hollow else color)
    painter.drawPath(shape_path(shade.shape))
    painter.restore()


def label_color(look: Look, colour: int) -> QColor:
    """Return the data colour of a label."""
    shades = look.tokens.shades
    return look.color(shades[colour % len(shades)].name)
