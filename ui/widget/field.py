"""Text fields, which take the letter keys away from the music only as long as one types.

Return takes the text, Esc leaves it as it was; either hands the keys back.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFocusEvent, QFont, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QWidget

from app.parameter import AnyParameter
from app.snapshot import Snapshot
from ui.desk import Desk, Live


class ValueField(QLineEdit):
    """A field that opens over a control for one value and goes again."""

    takes_return = True

    def __init__(self, owner: QWidget, take: Callable[[str], str]) -> None:
        super().__init__(owner)
        self._owner, self._take = owner, take
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.setFrame(False)
        self.setAccessibleName(f"Value of {owner.accessibleName()}")
        self.hide()

    def open(self, text: str, font: QFont) -> None:
        """Show the field with a text to type over."""
        self.setFont(font)
        self._mark("")
        self.setText(text)
        self.show()
        self.selectAll()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._owner.setFocus(Qt.FocusReason.OtherFocusReason)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            wrong = self._take(self.text())
            self._mark(wrong)
            if not wrong:
                self._owner.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.hide()

    def _mark(self, wrong: str) -> None:
        mark_wrong(self, wrong)


class TextField(QLineEdit, Live):
    """A Parameter as a line of text: a name, a path, a port. Attributes: `parameter`, `takes_return`."""

    takes_return = True

    def __init__(self, desk: Desk, parameter: AnyParameter, hint: str = "") -> None:
        super().__init__()
        self.desk, self.parameter = desk, parameter
        self._seen = -1
        self.setPlaceholderText(hint)
        self.setAccessibleName(parameter.title)
        self.setToolTip(f"{parameter.help}  ({parameter.address})")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(40)
        self.restyle()
        self._show_value()

    def restyle(self) -> None:
        self.setFont(self.desk.look.font("normal"))
        self.setFixedHeight(self.desk.look.px(32))

    def minimumSizeHint(self) -> QSize:
        return QSize(40, self.desk.look.px(32))

    def refresh(self, picture: Snapshot) -> None:
        if self.parameter.version != self._seen and not self.hasFocus():
            self._show_value()

    def _show_value(self) -> None:
        self._seen = self.parameter.version
        self.setText(self.parameter.show())
        self.setCursorPosition(0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._show_value()
            self.window().setFocus()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.window().setFocus()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        # A context menu only borrows the focus.
        if event.reason() != Qt.FocusReason.PopupFocusReason and self.text() != self.parameter.show():
            self.desk.engine.set(self.parameter.address, self.text())


def mark_wrong(field: QLineEdit, sentence: str) -> None:
    """Show that a text was not taken, and why; "" takes the mark away."""
    field.setProperty("wrong", bool(sentence))
    field.setToolTip(sentence)
    field.style().unpolish(field)
    field.style().polish(field)
