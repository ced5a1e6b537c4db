"""A field for one thing after another: a label, a name, a line. Return takes it and empties the field.

Unlike a Parameter's field it holds nothing; what was typed is done, and lives on where it was done.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QSizePolicy

from ui.desk import Desk, Live

MOST_LINES = 100


class EntryField(QLineEdit, Live):
    """Attributes: `history` (what was taken, the newest last: Up and Down bring it back), `stays` (Return keeps the
    keys here, for one line after another), `takes_return`."""

    takes_return = True

    def __init__(
        self, desk: Desk, name: str, hint: str, take: Callable[[str], None], stays: bool = False, tall: int = 28
    ) -> None:
        super().__init__()
        self.desk, self.stays, self.tall = desk, stays, tall
        self.history: list[str] = []
        self._take, self._at = take, 0
        self.setPlaceholderText(hint)
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(40)
        self.restyle()

    def restyle(self) -> None:
        self.setFont(self.desk.look.font("normal"))
        self.setFixedHeight(self.desk.look.px(self.tall))

    def minimumSizeHint(self) -> QSize:
        return QSize(40, self.desk.look.px(self.tall))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        keys = Qt.Key
        if event.key() == keys.Key_Escape:
            self.clear()
            self.window().setFocus()
        elif event.key() in (keys.Key_Return, keys.Key_Enter):
            self._enter()
        elif event.key() in (keys.Key_Up, keys.Key_Down):
            self._recall(-1 if event.key() == keys.Key_Up else 1)
        else:
            super().keyPressEvent(event)

    def _enter(self) -> None:
        text = self.text().strip()
        self.clear()
        if text:
            self.history = [*self.history, text][-MOST_LINES:]
            self._take(text)
        self._at = len(self.history)
        if not self.stays or not text:
            self.window().setFocus()

    def _recall(self, step: int) -> None:
        self._at = min(max(self._at + step, 0), len(self.history))
        self.setText(self.history[self._at] if self._at < len(self.history) else "")
