"""Single keys, immediately: from a key press to the engine's key bindings.

Keys are looked at before any widget sees them, because a focused stock widget may swallow letters and Space.
Text fields come first all the same, and what a focused control needs (arrows, Return) is its own.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QWidget

from app.binding import Source, Step
from app.engine import Engine
from ui.words import PLAYER_KEYS

# Never taken from the widgets: a performer who moves by keyboard needs them everywhere.
WIDGET_KEYS = {
    Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown,
    Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_Tab, Qt.Key.Key_Backtab, Qt.Key.Key_Menu,
}  # fmt: skip
RETURN_KEYS = {Qt.Key.Key_Return, Qt.Key.Key_Enter}
# These work while typing too: nobody types them, and panic must never wait.
ALWAYS = {"Ctrl+.", "F1", "F2", "F11"}
JUMPS = {f"Ctrl+{number}": number for number in range(1, 6)}
MODIFIERS = (
    (Qt.KeyboardModifier.ControlModifier, "Ctrl"),
    (Qt.KeyboardModifier.AltModifier, "Alt"),
    (Qt.KeyboardModifier.ShiftModifier, "Shift"),
)


def key_name(event: QKeyEvent) -> str:
    """Return how one says a key: "T", "Shift+T", "Ctrl+Shift+Z", "Space", "?"; "" for a lone modifier."""
    key = event.key()
    if key in RETURN_KEYS:
        base = "Return"
    elif key in (
        0,
        Qt.Key.Key_unknown,
        Qt.Key.Key_Shift,
        Qt.Key.Key_Control,
        Qt.Key.Key_Alt,
        Qt.Key.Key_Meta,
        Qt.Key.Key_AltGr,
    ):
        return ""
    else:
        base = QKeySequence(key).toString(QKeySequence.SequenceFormat.PortableText)
    held = event.modifiers()
    # A sign such as "?" already holds its Shift, and which signs do depends on the keyboard.
    sign = len(base) == 1 and not base.isalnum()
    names = [name for modifier, name in MODIFIERS if held & modifier and not (sign and name == "Shift")]
    return "+".join([*names, base])


def is_typing() -> bool:
    """Return whether a text field holds the focus."""
    return isinstance(QApplication.focusWidget(), QLineEdit | QPlainTextEdit)


class KeyFilter(QObject):
    """Looks at every key press of one window first.

    Attributes: `window`, `deeds` (what the window does itself: by the name of a key).
    """

    def __init__(self, window: QWidget, engine: Engine, deeds: Callable[[str], Callable[[], None] | None]) -> None:
        super().__init__(window)
        self.window, self.deeds = window, deeds
        self._engine = engine
        self._held: dict[int, str] = {}

    def let_go(self) -> None:
        """Release every key that is held: its release will go to another window, or never come."""
        for name in self._held.values():
            self._engine.key(name, False)
        self._held.clear()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind == QEvent.Type.WindowDeactivate and watched is self.window:
            self.let_go()
        if kind != QEvent.Type.KeyPress and kind != QEvent.Type.KeyRelease:
            return False
        assert isinstance(event, QKeyEvent)
        if kind == QEvent.Type.KeyRelease and self._release(event):
            return True  # Wherever it went: a menu may have opened since the key went down.
        if not isinstance(watched, QWidget) or watched.window() is not self.window or QApplication.activePopupWidget():
            return False
        return self._take(event, kind == QEvent.Type.KeyPress)

    def _take(self, event: QKeyEvent, pressed: bool) -> bool:
        """Return whether the key was for the instrument and the widgets must not see it."""
        name = key_name(event)
        if is_typing() and name not in ALWAYS | JUMPS.keys() | PLAYER_KEYS.keys():
            return False
        if event.key() in WIDGET_KEYS or (event.key() in RETURN_KEYS and takes_return(QApplication.focusWidget())):
            return False
        deed = self.deeds(name)
        if deed is not None:
            if pressed and not event.isAutoRepeat():
                deed()
            return True
        bindings = self._engine.bindings.for_source(Source("key", name)) if name else []
        if bindings and pressed:
            self._press(event, name, all(isinstance(binding.move, Step) for binding in bindings))
        return bool(bindings)

    def _press(self, event: QKeyEvent, name: str, is_step: bool) -> None:
        """Press a key: held down, a step goes on; a verb that fired again and again would only annoy."""
        if not event.isAutoRepeat() or is_step:
            self._held[_place(event)] = name
            self._engine.key(name, True)

    def _release(self, event: QKeyEvent) -> bool:
        """Let a held key go under the name it was pressed by, whatever Shift does now; return whether it was held."""
        if _place(event) not in self._held:
            return False
        if not event.isAutoRepeat():
            self._engine.key(self._held.pop(_place(event)), False)
        return True


def _place(event: QKeyEvent) -> int:
    """Return which key of the keyboard it is: its place, or what is on it where the system tells no place."""
    return event.nativeScanCode() or int(event.key())


def takes_return(widget: QWidget | None) -> bool:
    """Return whether a focused control answers Return by itself."""
    return bool(getattr(widget, "takes_return", False))
