"""Buttons, from small switches to the large pads of Stage.

They answer Return and never Space, which belongs to the transport; their key is written on them.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFocusEvent, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy

from app.parameter import Parameter
from app.snapshot import Snapshot
from ui.desk import Desk, Live, focus_ring

Lit = Callable[[Snapshot], str]


class Pad(QAbstractButton, Live):
    """A button that does `deed`.

    Attributes: `height` (designed px), `fill` ("" or the colour role of its state), `badge` (its key), `role`
    (font), `takes_return`, `aside` (px at the right that are not for words).
    """

    takes_return = True
    aside = 0

    def __init__(
        self, desk: Desk, text: str, deed: Callable[[], None], tall: int = 32, role: str = "normal", badge: str = ""
    ) -> None:
        super().__init__()
        self.desk, self.tall, self.role, self.badge = desk, tall, role, badge
        self.fill = ""
        self.marked = False
        self.setText(text)
        self.setAccessibleName(text)
        # By Tab only: who clicked must not find that Return now clicks again instead of training.
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.clicked.connect(lambda: deed())

    def light(self, fill: str, text: str = "", marked: bool = False) -> None:
        """Show a state: a fill colour, another text, an outline that marks what is to come."""
        if fill != self.fill or (text and text != self.text()) or marked != self.marked:
            self.fill, self.marked = fill, marked
            if text:
                self.setText(text)
            self.update()

    def restyle(self) -> None:
        self.updateGeometry()
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click ends typing elsewhere and leaves the keys to the instrument."""
        if not self.hasFocus():
            self.window().setFocus()
        super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat():
            self.click()
        elif event.key() == Qt.Key.Key_Space:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.update()

    def sizeHint(self) -> QSize:
        look = self.desk.look
        wide = QFontMetrics(look.font(self.role, True)).horizontalAdvance(self.text())
        if self.badge:
            wide += QFontMetrics(look.font(self._badge_role)).horizontalAdvance(self.badge) + 8
        return QSize(wide + look.px(24), look.px(self.tall))

    def minimumSizeHint(self) -> QSize:
        look = self.desk.look
        return QSize(min(self.sizeHint().width(), look.px(44)), look.px(self.tall))

    @property
    def _badge_role(self) -> str:
        return "normal" if self.role == "large" else "small"

    def paintEvent(self, event: QPaintEvent) -> None:
        look, painter = self.desk.look, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        back = self.fill or ("raised" if self.underMouse() or self.isDown() else "control")
        painter.setBrush(look.color(back).darker(115 if self.isDown() and self.fill else 100))
        painter.setPen(QPen(look.color("learning" if self.marked else "outline"), 2 if self.marked else 1))
        painter.drawRoundedRect(rect, 4, 4)
        self._paint_text(painter)
        if self.hasFocus():
            self._paint_ring(painter)

    def _paint_ring(self, painter: QPainter) -> None:
        """Draw the focus ring; on a fill, with a gap, so that it stands out from every colour."""
        look = self.desk.look
        focus_ring(painter, self, look)
        if self.fill:
            painter.setPen(QPen(look.color("on_fill"), 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(3, 3, -3, -3), 3, 3)

    def _paint_text(self, painter: QPainter) -> None:
        look = self.desk.look
        color = look.color("on_fill" if self.fill else "text" if self.isEnabled() else "outline")
        font, small = look.font(self.role, True), look.font(self._badge_role)
        metrics, badge_metrics = QFontMetrics(font), QFontMetrics(small)
        room = self.width() - self.aside - look.px(12)
        if metrics.horizontalAdvance(self.text()) > room:
            # Whole words in small type say more than half of them in large.
            font = look.font("normal" if self.role == "large" else "small", True)
            metrics = QFontMetrics(font)
        badge_wide = badge_metrics.horizontalAdvance(self.badge) + 8 if self.badge else 0
        if metrics.horizontalAdvance(self.text()) + badge_wide + 2 > room:
            badge_wide = 0
        text = metrics.elidedText(self.text(), Qt.TextElideMode.ElideRight, room - badge_wide)
        wide = metrics.horizontalAdvance(text)
        left = (self.width() - self.aside - wide - badge_wide) // 2
        painter.setFont(font)
        painter.setPen(color)
        align = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(self.rect().adjusted(left, 0, 0, 0), align, text)
        if badge_wide:
            painter.setFont(small)
            painter.setPen(color if self.fill else look.color("dim"))
            painter.drawText(self.rect().adjusted(left + wide + 8, 0, 0, 0), align, self.badge)


class ActionPad(Pad):
    """A pad that fires an Action. Attributes: `address`; `lit` gives the fill for a picture."""

    def __init__(
        self, desk: Desk, address: str, text: str = "", lit: Lit | None = None, tall: int = 32, role: str = "normal"
    ) -> None:
        action = desk.engine.actions.find(address)
        title = text or (action.title if action else address)
        super().__init__(desk, title, lambda: self.deed(), tall, role, desk.badge(address))
        self.address, self.lit = address, lit
        if action and action.help:
            self.setToolTip(f"{action.help}  ({address})")

    def deed(self) -> None:
        """Fire it."""
        self.desk.engine.fire(self.address)

    def refresh(self, picture: Snapshot) -> None:
        if self.lit is not None:
            self.light(self.lit(picture))

    def tick(self, picture: Snapshot) -> None:
        badge = self.desk.badge(self.address)
        if badge != self.badge:
            self.badge = badge
            self.restyle()


class SwitchPad(Pad):
    """A pad for a Parameter that is off or on. Attributes: `parameter`, `title`, `color` of "on"."""

    def __init__(
        self,
        desk: Desk,
        parameter: Parameter,
        text: str = "",
        color: str = "active",
        tall: int = 32,
        role: str = "normal",
    ) -> None:
        self.title = text or parameter.title
        super().__init__(desk, f"○ {self.title}", self._flip, tall, role, desk.badge(parameter.address))
        self.parameter, self.color = parameter, color
        self.setAccessibleName(self.title)
        self.setToolTip(f"{parameter.help}  ({parameter.address})".strip())
        self.setCheckable(True)

    def _flip(self) -> None:
        self.desk.engine.set(self.parameter.address, 0.0 if self.parameter.value else 1.0)

    def refresh(self, picture: Snapshot) -> None:
        is_on = bool(self.parameter.value)
        # The sign changes with the colour, for those who do not see colours.
        self.light(self.color if is_on else "", f"{'●' if is_on else '○'} {self.title}")
        if self.isChecked() != is_on:
            self.setChecked(is_on)
