"""Map mode in the window: which controls can be mapped, and what a click means while it is on.

Clicks are looked at before the controls see them, so that choosing a control never moves it. Everything that cannot be
mapped (tabs, views, scrolling, Panic) works as always, so that one can look for the next control without leaving.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from app.action import Argument
from app.snapshot import Snapshot
from ui.desk import Desk
from ui.key import RETURN_KEYS, is_typing
from ui.widget.choice import Choice
from ui.widget.map_target import Target, add_map_items, target_of
from ui.widget.pad import ActionPad, SwitchPad

MOUSE = {QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick}
FOOT = 4  # Steps in px.
PATIENCE = 10  # Refreshes in which Map mode must be on after it was asked for.


class MapLayer(QObject):
    """Looks at every click and Return of one window first while Map mode is on.

    Attributes: `window`, `on` (as the window last saw it), `targets` (the controls in sight that can be mapped).
    """

    def __init__(self, window: QWidget, desk: Desk, controls: Callable[[], Iterable[QWidget]]) -> None:
        super().__init__(window)
        self.window, self.desk = window, desk
        self.on = False
        self.targets: list[Target] = []
        self._controls = controls
        self._wish: Target | None = None
        self._waited = 0
        self._pressed: QObject | None = None

    def refresh(self, picture: Snapshot) -> None:
        """Look which controls are in sight; hand on a wish that had to wait for Map mode."""
        self.on = picture.mapping.on
        self.targets = []
        if self.on:
            found = (target_of(self.desk.engine, one) for one in self._controls() if self._in_sight(one))
            self.targets = [replace(one, covered=self._covered(one.widget)) for one in found if one is not None]
        if self._wish is not None:
            self._waited += 1
            if self.on:
                self.aim(self._wish)
            if self.on or self._waited > PATIENCE:
                self._wish = None

    def _in_sight(self, control: QWidget) -> bool:
        """Return whether a control can be clicked: not one that is scrolled away or lies below another panel."""
        return control.isVisible() and self._shows(control, control.rect().center())

    def _covered(self, control: QWidget) -> int:
        """Return how much of a control's foot lies below another panel: a frame there would belong to that panel."""
        foot = QPoint(control.rect().center().x(), control.height() - 1)
        return next(
            (up for up in range(0, control.height() // 2, FOOT) if self._shows(control, foot - QPoint(0, up))), 0
        )

    def _shows(self, control: QWidget, at: QPoint) -> bool:
        """Return whether a control is what one sees at a place of its own."""
        there = self.window.childAt(control.mapTo(self.window, at))
        return there is not None and (there is control or control.isAncestorOf(there))

    def aim(self, target: Target) -> None:
        """Ask for a control to be the one that the next hand moves."""
        self.desk.engine.fire("/map/target", target.address, *target.arguments)

    def map_control(self, address: str, arguments: tuple[Argument, ...] = ()) -> None:
        """Map one control: turn Map mode on, if need be, and aim at it."""
        target = Target(self.window, address, arguments)
        if self.on:
            self.aim(target)
            return
        self._wish, self._waited = target, 0
        self.desk.engine.set("/map/on", 1.0)

    def leave(self) -> None:
        """Ask for Map mode to end."""
        self.desk.engine.set("/map/on", 0.0)

    # --- clicks and keys ------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if self._pressed is not None and kind in (QEvent.Type.MouseButtonRelease, QEvent.Type.MouseMove):
            return self._swallow(watched, event)
        if not isinstance(watched, QWidget) or watched.window() is not self.window:
            return False
        if kind == QEvent.Type.ContextMenu and isinstance(event, QContextMenuEvent):
            return self._offer(watched, event)
        if not self.on or QApplication.activePopupWidget() is not None:
            return False
        if kind in MOUSE and isinstance(event, QMouseEvent) and event.button() == Qt.MouseButton.LeftButton:
            return self._take(watched, watched)
        if kind == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and event.key() in RETURN_KEYS:
            focus = QApplication.focusWidget()
            typing = is_typing() and (focus is None or target_of(self.desk.engine, focus) is None)
            return not typing and focus is not None and self._take(focus, None)
        return False

    def _take(self, widget: QWidget, pressed: QObject | None) -> bool:
        target = self._found(widget)
        if target is None or target.alive:
            return False
        self._pressed = pressed
        self.aim(target)
        return True

    def _found(self, widget: QWidget | None) -> Target | None:
        """Return the control that a widget is, or is a part of."""
        while widget is not None and widget is not self.window:
            target = target_of(self.desk.engine, widget)
            if target is not None:
                return target
            widget = widget.parentWidget()
        return None

    def _swallow(self, watched: QObject, event: QEvent) -> bool:
        """The control must not see the rest of a click either."""
        is_ours = watched is self._pressed
        if event.type() == QEvent.Type.MouseButtonRelease:
            self._pressed = None
        return is_ours

    # --- the menu of what has none ----------------------------------------------------------------------

    def _offer(self, widget: QWidget, event: QContextMenuEvent) -> bool:
        """Open a menu over a pad that has none of its own."""
        own = type(widget).contextMenuEvent is not QWidget.contextMenuEvent
        target = target_of(self.desk.engine, widget)
        if own or not isinstance(widget, ActionPad | SwitchPad | Choice) or target is None:
            return False
        self.menu(target).popup(event.globalPos())
        return True

    def menu(self, target: Target) -> QMenu:
        """Return a menu to map a control."""
        menu = QMenu(target.widget)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        add_map_items(menu, self.desk, target.address, target.arguments)
        return menu
