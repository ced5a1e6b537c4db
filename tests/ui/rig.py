"""The window on the offline instrument: hands on one side, the engine's turn on the other, no waiting."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from PySide6.QtCore import QPoint, QPointF, QSize, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.example import Examples
from app.frame import Frame
from app.parameter import Parameter
from tests.example import clusters
from tests.instrument import offline
from tests.ui.inline import InlineWorker
from ui.widget.map import MapView
from ui.widget.pad import SwitchPad
from ui.window import open_window

AnyWidget = TypeVar("AnyWidget", bound=QWidget)
Modifier = Qt.KeyboardModifier


class Rig:
    """Attributes: `instrument`, `engine`, `window`."""

    def __init__(self, qtbot: QtBot, session: Path) -> None:
        self.instrument = offline(session)
        self.instrument.mapping.mode.has_stage = True
        self.instrument.study._worker = InlineWorker()
        self.engine = self.instrument.engine
        self.window = open_window(self.engine, QSize(1440, 900))
        self.window.frame_timer.stop()
        self.window.tick_timer.stop()
        qtbot.addWidget(self.window, before_close_func=lambda window: setattr(window, "_closing", True))
        qtbot.waitExposed(self.window).__enter__()
        self.window.activateWindow()
        qtbot.waitUntil(self.window.isActiveWindow, timeout=5000)
        self.turn()

    def turn(self) -> None:
        """Let the engine answer and the window look."""
        self.engine.run_until(self.engine.clock.now() + 0.03)
        self.window.refresh()

    def play(self, seconds: float) -> None:
        """Let musical time pass."""
        self.engine.run_until(self.engine.clock.now() + seconds)
        self.window.refresh()
        self.window.tick()

    def show(self, name: str) -> None:
        """Turn to a view."""
        self.engine.set("/window/view", name)
        self.turn()
        QApplication.processEvents()

    def number(self, address: str) -> Parameter:
        return self.engine.tree.number(address)

    def picture(self, **parts: Any) -> None:
        """Show the window another picture than the engine's."""
        self.engine.snapshot = replace(self.engine.snapshot, **parts)

    def key(self, key: Qt.Key, modifiers: Modifier = Modifier.NoModifier) -> None:
        """Press a key where the focus is, and let the engine answer."""
        QTest.keyClick(QApplication.focusWidget() or self.window, key, modifiers)
        self.turn()

    def type(self, text: str) -> None:
        for character in text:
            QTest.keyClicks(QApplication.focusWidget() or self.window, character)
        self.turn()

    def repeat(self, key: Qt.Key, text: str) -> None:
        """A key that is held down: the system's own repetition of it."""
        event = QKeyEvent(QKeyEvent.Type.KeyPress, key, Modifier.NoModifier, text, True)
        QApplication.sendEvent(QApplication.focusWidget() or self.window, event)
        self.turn()

    def hold(self, key: Qt.Key) -> None:
        """Press a key and keep it down."""
        QTest.keyPress(QApplication.focusWidget() or self.window, key)
        self.turn()

    def let_go(self, key: Qt.Key) -> None:
        QTest.keyRelease(QApplication.focusWidget() or self.window, key)
        self.turn()

    def point(self, x: float, y: float) -> None:
        """Move the pointer over the map to x to the right and y upwards, 0..1."""
        pad = next(one for one in self.window.findChildren(MapView) if one.isVisible())
        at = QPointF(pad.box.left() + x * pad.box.width(), pad.box.bottom() - y * pad.box.height())
        _mouse(pad, QMouseEvent.Type.MouseMove, at, held=False)
        self.turn()

    def record(self, key: Qt.Key, x: float, y: float, count: int = 12) -> None:
        """Hold a figure while the pointer circles around a place of the map."""
        self.point(x, y)
        self.hold(key)
        for turn in range(count):
            self.point(x + 0.04 * math.sin(turn), y + 0.04 * math.cos(turn))
        self.let_go(key)

    def taught(self, labels: int = 3, width: int = 5, count: int = 60) -> None:
        """Give the Listener examples and a model, so that all its displays have something to show."""
        examples = clusters(count, width, labels)
        self.instrument.listener.dataset.replace(examples)
        self.engine.fire("/listener/train")
        self.engine.set("/listener/play", 1.0)
        self.turn()
        for row in examples.inputs[:30]:
            self.engine.inbox.put(Frame(self.engine.clock.now(), "osc", row))
            self.turn()

    def find(self, kind: type[AnyWidget], name: str) -> AnyWidget:
        """Return the visible control of a kind with an accessible name."""
        found = [w for w in self.window.findChildren(kind) if w.accessibleName() == name and w.isVisible()]
        assert found, f"no {kind.__name__} called {name}"
        return found[0]


def wheel(widget: QWidget, notches: int, modifiers: Modifier = Modifier.NoModifier) -> bool:
    """Turn the wheel over a widget; return whether it took it."""
    middle = QPointF(widget.rect().center())
    event = QWheelEvent(
        middle, widget.mapToGlobal(middle), QPoint(), QPoint(0, 120 * notches), Qt.MouseButton.NoButton, modifiers,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(widget, event)
    return event.isAccepted()


def drag(widget: QWidget, way: list[tuple[int, Modifier]]) -> None:
    """Press in the middle, move by steps of px with the given modifiers, release."""
    at = QPointF(widget.rect().center())
    _mouse(widget, QMouseEvent.Type.MouseButtonPress, at)
    for pixels, modifiers in way:
        at = at + QPointF(pixels, 0)
        _mouse(widget, QMouseEvent.Type.MouseMove, at, modifiers)
    _mouse(widget, QMouseEvent.Type.MouseButtonRelease, at)


def _mouse(
    widget: QWidget,
    kind: QMouseEvent.Type,
    at: QPointF,
    modifiers: Modifier = Modifier.NoModifier,
    held: bool = True,
) -> None:
    button = Qt.MouseButton.LeftButton
    is_up = kind == QMouseEvent.Type.MouseButtonRelease or not held
    buttons = Qt.MouseButton.NoButton if is_up else button
    pressed = Qt.MouseButton.NoButton if kind == QMouseEvent.Type.MouseMove else button
    QApplication.sendEvent(
        widget,
        QMouseEvent(kind, at, widget.mapToGlobal(at), pressed, buttons, modifiers),
    )


def dataset(rig: Rig) -> Examples:
    """Return the Listener's examples as they are now."""
    return rig.instrument.listener.dataset.examples()


def pointer_on(rig: Rig) -> None:
    """Turn the map into a pad."""
    rig.find(SwitchPad, "Pointer").click()
    rig.turn()
