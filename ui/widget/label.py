"""Painted text.

A stock label asks its layout again with every new text; figures that change 30 times a second would shake the
whole window. This one keeps the room it was given.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy

from app.snapshot import Snapshot
from ui.desk import Desk, Display

Words = Callable[[Snapshot], str]


class Label(Display):
    """One line of text.

    Attributes: `text`, `role` (font size), `color`, `strong`, `align`; `sample`, the widest text to make room
    for ("": takes what room there is and cuts the text short).
    """

    def __init__(
        self,
        desk: Desk,
        text: str = "",
        role: str = "normal",
        color: str = "text",
        strong: bool = False,
        sample: str = "",
        align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
    ) -> None:
        super().__init__(desk)
        self.text, self.role, self.color, self.strong = text, role, color, strong
        self.sample, self.align = sample, align
        self.setAccessibleName(text)
        fixed, wide = QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding
        self.setSizePolicy(fixed if sample else wide, fixed)

    def show_text(self, text: str, color: str = "") -> None:
        """Show another text, in another colour if one is given."""
        if text != self.text or (color and color != self.color):
            self.text, self.color = text, color or self.color
            self.setAccessibleName(text)
            self.update()

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(self.desk.look.font(self.role, self.strong))
        return QSize(metrics.horizontalAdvance(self.sample or self.text) + 2, metrics.height() + 2)

    def minimumSizeHint(self) -> QSize:
        hint = self.sizeHint()
        return hint if self.sample else QSize(20, hint.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        font = self.desk.look.font(self.role, self.strong)
        painter.setFont(font)
        painter.setPen(self.desk.look.color(self.color))
        shown = QFontMetrics(font).elidedText(self.text, Qt.TextElideMode.ElideRight, self.width())
        painter.drawText(self.rect(), self.align | Qt.AlignmentFlag.AlignVCenter, shown)


class Readout(Label):
    """A text made from the picture, at the speed of the eye (`fast`) or once a second."""

    def __init__(self, desk: Desk, words: Words, fast: bool = True, **style: object) -> None:
        super().__init__(desk, **style)  # type: ignore[arg-type]
        self.words, self.fast = words, fast

    def refresh(self, picture: Snapshot) -> None:
        if self.fast:
            self.show_text(self.words(picture))

    def tick(self, picture: Snapshot) -> None:
        self.show_text(self.words(picture))
