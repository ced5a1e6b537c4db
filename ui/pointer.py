"""The pointer as a hand: where it is in the window, while it is switched on.

The window's own moves are looked at, which come whatever control lies below; no more of them go to the engine than a
sound can follow.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QWidget

from app.engine import Engine
from app.parameter import Parameter

ON, X, Y = "/pointer/on", "/pointer/x", "/pointer/y"
LEAST_S = 0.008


class Pointer(QObject):
    """Attributes: `window`, `place` (x to the right and y downwards, 0..1, not sent yet; None: sent)."""

    def __init__(self, window: QWidget, engine: Engine) -> None:
        super().__init__(window)
        self.window = window
        self.place: tuple[float, float] | None = None
        self._engine = engine
        self._sent = float("-inf")

    def watch(self) -> None:
        """Begin to look at the moves over the window; it must be on the screen."""
        handle = self.window.windowHandle()
        if handle is not None:
            handle.removeEventFilter(self)
            handle.installEventFilter(self)

    @property
    def is_on(self) -> bool:
        switch = self._engine.tree.find(ON)
        return isinstance(switch, Parameter) and bool(switch.value)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.MouseMove and self.is_on:
            assert isinstance(event, QMouseEvent)
            at = self.window.mapFromGlobal(event.globalPosition())
            wide, tall = max(self.window.width(), 1), max(self.window.height(), 1)
            self.place = (min(max(at.x() / wide, 0.0), 1.0), min(max(at.y() / tall, 0.0), 1.0))
            if self._engine.clock.now() - self._sent >= LEAST_S:
                self.send()
        return False

    def send(self) -> None:
        """Hand over the last place, if there is one that the engine does not know."""
        if self.place is None:
            return
        for address, value in zip((X, Y), self.place, strict=True):
            self._engine.set(address, value, "pointer")
        self.place, self._sent = None, self._engine.clock.now()
