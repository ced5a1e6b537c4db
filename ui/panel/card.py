"""A panel with a heading: the grey sheet on which everything stands."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLayout, QVBoxLayout, QWidget

from ui.desk import Desk, Display
from ui.widget.label import Label, Readout, Words

AnyWidget = TypeVar("AnyWidget", bound=QWidget)


class Card(Display):
    """Attributes: `body` (the column that takes the content), `head` (the row of the heading)."""

    def __init__(self, desk: Desk, title: str = "", words: Words | None = None, fast: bool = False) -> None:
        super().__init__(desk)
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(12, 8, 12, 10)
        self.body.setSpacing(6)
        self.head = QHBoxLayout()
        self.head.setSpacing(8)
        if title:
            sample = title
            self.head.addWidget(Label(desk, title, strong=True, sample=sample))
            if words is not None:
                self.head.addWidget(Readout(desk, words, fast, color="dim"))
            else:
                self.head.addStretch(1)
            self.body.addLayout(self.head)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.desk.look.color("panel"))
        painter.drawRoundedRect(QRectF(self.rect()), 6, 6)


class Bar(Display):
    """A full-width strip of panel colour. Attributes: `row`, the row that takes the content; `tall` in px."""

    def __init__(self, desk: Desk, tall: int) -> None:
        super().__init__(desk)
        self.tall = tall
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(12, 0, 12, 0)
        self.row.setSpacing(8)
        self.restyle()

    def restyle(self) -> None:
        self.setFixedHeight(self.desk.look.px(self.tall))
        super().restyle()

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), self.desk.look.color("panel"))


def row(*parts: QWidget | QLayout | int, gap: int = 8) -> QHBoxLayout:
    """Return widgets and layouts side by side; a number is a stretch of that weight."""
    box = QHBoxLayout()
    fill(box, parts, gap)
    return box


def column(*parts: QWidget | QLayout | int, gap: int = 8) -> QVBoxLayout:
    """Return widgets and layouts one below the other; a number is a stretch of that weight."""
    box = QVBoxLayout()
    fill(box, parts, gap)
    return box


def fill(box: QHBoxLayout | QVBoxLayout, parts: tuple[QWidget | QLayout | int, ...], gap: int) -> None:
    """Put parts into a box without margins."""
    box.setContentsMargins(0, 0, 0, 0)
    box.setSpacing(gap)
    for part in parts:
        if isinstance(part, int):
            box.addStretch(part)
        elif isinstance(part, QLayout):
            box.addLayout(part)
        else:
            box.addWidget(part)


def snug(widget: AnyWidget) -> AnyWidget:
    """Return a widget that takes only the width it needs."""
    policy = widget.sizePolicy()
    policy.setHorizontalPolicy(policy.Policy.Fixed)
    widget.setSizePolicy(policy)
    return widget
