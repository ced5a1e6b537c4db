"""How a route follows: which part of the output's range covers which part of the fader, and on which curve.

It stands below the routes only while one that follows is marked. The field reads as a sentence, so the four numbers
need no four labels.
"""

from __future__ import annotations

import re
from functools import partial

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QMenu

from app.binding import Follow
from app.parameter import NUMBER
from app.snapshot import Snapshot
from ui.desk import Desk, Display, Live
from ui.panel.card import row, snug
from ui.panel.route import RouteLines
from ui.widget.field import mark_wrong
from ui.widget.pad import Pad

HOW = "write four numbers, such as 0 to 1 moves 20 to 80 %"
CURVES = (
    ("straight", 0.0),
    ("fast, then slow", -0.4),
    ("very fast, then slow", -0.8),
    ("slow, then fast", 0.4),
    ("very slow, then fast", 0.8),
)


def shape_text(move: Follow) -> str:
    """Return ranges as a sentence: "0 to 1 moves 0 to 100 %"."""
    return f"{move.low:g} to {move.high:g} moves {move.start * 100:g} to {move.end * 100:g} %"


def read_shape(text: str, curve: float = 0.0) -> Follow:
    """Return what a sentence of `shape_text` says; ValueError says how to write it."""
    words = re.split(r"[\s%]+", text.replace("−", "-").replace(",", "."))
    numbers = [float(word) for word in words if NUMBER.fullmatch(word)]
    if len(numbers) != 4:
        raise ValueError(HOW)
    low, high, start, end = numbers
    if low == high:
        raise ValueError("the output's range needs two different ends")
    if not (0 <= start <= 100 and 0 <= end <= 100):
        raise ValueError("a fader goes from 0 to 100 %")
    return Follow(low, high, start / 100, end / 100, curve)


def curve_text(curve: float) -> str:
    """Return a curve in words."""
    return next((words for words, value in CURVES if value == curve), f"curve {curve:+g}".replace("-", "−"))


class ShapeField(QLineEdit, Live):
    """The marked route's ranges. Attributes: `takes_return`."""

    takes_return = True

    def __init__(self, desk: Desk, lines: RouteLines) -> None:
        super().__init__()
        self.desk, self._lines = desk, lines
        self.setAccessibleName("Ranges of the route")
        self.setToolTip("The output's range, and which part of the fader it moves")
        self.setMinimumWidth(40)
        self.restyle()

    def restyle(self) -> None:
        self.setFont(self.desk.look.font("small"))
        self.setFixedHeight(self.desk.look.px(28))

    def refresh(self, picture: Snapshot) -> None:
        move = marked_follow(self._lines)
        if move is not None and not self.hasFocus() and not self.property("wrong"):
            text = shape_text(move)
            if text != self.text():
                self.setText(text)
                self.setCursorPosition(0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        move = marked_follow(self._lines)
        if event.key() == Qt.Key.Key_Escape and move is not None:
            self.setText(shape_text(move))
        if event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.window().setFocus()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        move = marked_follow(self._lines)
        if move is None or event.reason() == Qt.FocusReason.PopupFocusReason:
            return
        try:
            self._lines.change(read_shape(self.text(), move.curve))
        except ValueError as error:
            mark_wrong(self, str(error))
            self.desk.say(str(error).capitalize())
            return
        mark_wrong(self, "")


class CurvePad(Pad):
    """The marked route's curve."""

    def __init__(self, desk: Desk, lines: RouteLines) -> None:
        super().__init__(desk, "straight ▾", self.open, 28, "small")
        self._lines = lines
        self.setAccessibleName("Curve of the route")

    def refresh(self, picture: Snapshot) -> None:
        move = marked_follow(self._lines)
        if move is not None:
            self.light("", f"{curve_text(move.curve)} ▾")
            self.updateGeometry()

    def open(self) -> None:
        self.menu().popup(self.mapToGlobal(QPoint(0, self.height())))

    def menu(self) -> QMenu:
        """Return a menu of the curves."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for words, value in CURVES:
            menu.addAction(words, partial(self.bend, value))
        return menu

    def bend(self, curve: float) -> None:
        """Ask for another curve."""
        move = marked_follow(self._lines)
        if move is not None:
            self._lines.change(Follow(move.low, move.high, move.start, move.end, curve))


class RouteShape(Display):
    """Both of them side by side. Attributes: `field`, `curve`."""

    def __init__(self, desk: Desk, lines: RouteLines) -> None:
        super().__init__(desk)
        self.field, self.curve = ShapeField(desk, lines), CurvePad(desk, lines)
        self.setLayout(row(self.field, snug(self.curve), gap=4))
        self.hide()


def marked_follow(lines: RouteLines) -> Follow | None:
    """Return how the marked route follows, None if none is marked or it does not follow."""
    move = lines.marked.move if lines.marked is not None else None
    return move if isinstance(move, Follow) else None
