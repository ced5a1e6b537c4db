"""The one control for a number: every gesture a performer knows, the same everywhere.

Stock sliders page when their groove is clicked, change when the wheel passes over and cannot be reset, so this
one is painted by us. It never moves on a press, only by what the hand adds to it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QGuiApplication,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QMenu, QSizePolicy

from app.parameter import Linear, Parameter, Steps
from app.snapshot import Snapshot
from ui.desk import Desk, Display
from ui.face import STAGE, STUDIO, Form, Shown, bar_box, face_size, paint_face, words_box
from ui.widget.field import ValueField
from ui.widget.map_target import add_map_items

Needle = Callable[[Snapshot], float]
FINE, FINEST = 0.1, 0.01
NOTCH = 0.01
# Refreshes after which a wish that the engine did not follow is given up.
PATIENCE = 10


class Fader(Display):
    """A Parameter under the hand.

    Attributes: `parameter`, `title` (what the screen calls it here), `form`, `needle` (what the music uses now, if that
    lags behind), `ghost` (where the hardware stands, 0..1, if not here), `says` (words for certain values),
    `takes_return`.
    """

    takes_return = True

    def __init__(
        self,
        desk: Desk,
        parameter: Parameter,
        form: Form = STUDIO,
        needle: Needle | None = None,
        title: str = "",
        says: Mapping[float, str] | None = None,
    ) -> None:
        super().__init__(desk)
        self.parameter, self.form, self.needle = parameter, form, needle
        self.title = title or parameter.title
        self.says = dict(says or {})
        self.ghost: float | None = None
        self.badge = ""
        self._field: ValueField | None = None
        self._drag: float | None = None
        self._last_x = 0.0
        self._gesture = 0
        self._wish: float | None = None
        self._waited = 0
        self._seen: tuple[object, ...] = ()
        self._needle_at: float | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        wide = QSizePolicy.Policy.Fixed if form.wide else QSizePolicy.Policy.Expanding
        self.setSizePolicy(wide, QSizePolicy.Policy.Expanding if form is STAGE else QSizePolicy.Policy.Fixed)
        self.setAccessibleName(parameter.title)
        if parameter.help:
            self.setToolTip(f"{parameter.help}  ({parameter.address})")
        self._describe()

    # --- what it shows --------------------------------------------------------------------------------

    @property
    def position(self) -> float:
        """Where the fill ends, 0..1: the hand's wish until the engine has answered."""
        if self._drag is not None:
            return self.parameter.curve.position(self.parameter.curve.value(self._drag))
        return self.parameter.position if self._wish is None else self.parameter.curve.position(self._wish)

    @property
    def text(self) -> str:
        """The value with its unit, as shown."""
        curve = self.parameter.curve
        value = self.parameter.value if self._wish is None else self._wish
        if self._drag is not None:
            value = curve.value(self._drag)
        if value in self.says:
            return self.says[value]
        shown = curve.show(value)
        return f"{shown} {self.parameter.unit}" if self.parameter.unit else shown

    def refresh(self, picture: Snapshot) -> None:
        self._settle_wish()
        if self.needle is not None:
            self._needle_at = self.parameter.curve.position(self.needle(picture))
        width = max(self.width(), 1)
        needle = None if self._needle_at is None else round(self._needle_at * width)
        self.ghost = picture.mapping.ghosts.get(self.parameter.address)
        seen = (round(self.position * width), self.text, needle, self.ghost)
        if seen != self._seen:
            self._seen = seen
            self.update()

    def tick(self, picture: Snapshot) -> None:
        badge = self.desk.badge(self.parameter.address)
        if badge != self.badge:
            self.badge = badge
            self._describe()
            self.update()

    def _settle_wish(self) -> None:
        if self._wish is None:
            return
        self._waited += 1
        if math.isclose(self._wish, self.parameter.value, abs_tol=1e-9) or self._waited > PATIENCE:
            self._wish = None

    def _describe(self) -> None:
        """Tell a screen reader; only after the user's own edits, never for values that music moves."""
        self.setAccessibleDescription(f"{self.text}  {self.badge}".strip())

    # --- moving it ------------------------------------------------------------------------------------

    def put(self, position: float, gesture: int | None = None) -> None:
        """Ask for a position 0..1."""
        self.ask(self.parameter.curve.value(min(max(position, 0.0), 1.0)), gesture)

    def ask(self, value: float, gesture: int | None = None) -> None:
        """Ask for a value; the fader shows it at once."""
        self._wish, self._waited = self.parameter.curve.clamp(value), 0
        self.desk.engine.set(self.parameter.address, value, "ui", gesture)
        self._describe()
        self.update()

    def reset(self) -> None:
        """Ask for the default."""
        self._wish, self._waited = self.parameter.default, 0
        self.desk.engine.reset(self.parameter.address)
        self._describe()
        self.update()

    def step(self, notches: float, scale: float = 1.0) -> None:
        """Move by hundredths of the range, or by whole steps where the value has steps."""
        span = self._steps()
        if span:
            amount = math.copysign(max(1, round(abs(notches))), notches) / span
        else:
            amount = notches * NOTCH * scale
        self.put(self.position + amount)

    def _steps(self) -> int:
        """Return how many steps the value has from end to end; 0 if it is continuous."""
        curve = self.parameter.curve
        if isinstance(curve, Steps):
            return max(len(curve.names) - 1, 1)
        if isinstance(curve, Linear) and curve.step:
            return max(round((curve.high - curve.low) / curve.step), 1)
        return 0

    # --- mouse ----------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        self._drag, self._last_x = self.position, event.position().x()
        self._gesture = next(self.desk.gestures)
        self.setCursor(Qt.CursorShape.BlankCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._drag is None:
            return
        x = event.position().x()
        moved = (
            (x - self._last_x)
            / max(bar_box(self.desk.look, self.form, self.size()).width(), 1)
            * _fineness(event.modifiers())
        )
        self._last_x = x
        self._drag = min(max(self._drag + moved, 0.0), 1.0)
        if moved:
            self.put(self._drag, self._gesture)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._drag = None
        self.unsetCursor()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._drag = None
            self.reset()

    def wheelEvent(self, event: QWheelEvent) -> None:
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if not (self.hasFocus() or control):
            event.ignore()
            return
        self.step(event.angleDelta().y() / 120, FINE if control else 1.0)
        event.accept()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu().popup(event.globalPos())

    def menu(self) -> QMenu:
        """Return the menu: the value, what can be done with it, its address."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(f"{self.parameter.title}  {self.text}").setEnabled(False)
        menu.addSeparator()
        menu.addAction("Type a value\tReturn", self.edit)
        default = self.parameter.curve.show(self.parameter.default)
        menu.addAction(f"Reset to {default}\tDelete", self.reset)
        add_map_items(menu, self.desk, self.parameter.address)
        menu.addAction(f"Copy {self.parameter.address}", self._copy_address)
        return menu

    def _copy_address(self) -> None:
        QGuiApplication.clipboard().setText(self.parameter.address)
        self.desk.say(f"Copied {self.parameter.address}")

    # --- keys -----------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, shift = event.key(), bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        keys, fine = Qt.Key, FINE if shift else 1.0
        if key in (keys.Key_Up, keys.Key_Right):
            self.step(1, fine)
        elif key in (keys.Key_Down, keys.Key_Left):
            self.step(-1, fine)
        elif key in (keys.Key_PageUp, keys.Key_PageDown):
            self.step(10 if key == keys.Key_PageUp else -10)
        elif key in (keys.Key_Home, keys.Key_End):
            self.put(0.0 if key == keys.Key_Home else 1.0)
        elif key in (keys.Key_Delete, keys.Key_Backspace):
            self.reset()
        elif key in (keys.Key_Return, keys.Key_Enter) or (
            key == keys.Key_V and event.modifiers() & Qt.KeyboardModifier.AltModifier
        ):
            self.edit()
        elif key == keys.Key_Menu or (key == keys.Key_F10 and shift):
            self.menu().popup(self.mapToGlobal(self.rect().center()))
        else:
            event.ignore()

    def edit(self) -> None:
        """Open a field for a typed value over the shown one."""
        if self._field is None:
            self._field = ValueField(self, self._take_text)
        look = self.desk.look
        words = words_box(look, self.form, self.size())
        wide = min(max(look.px(120), words.width() // 3), words.width())
        tall = max(words.height(), look.px(28))
        self._field.setGeometry(words.right() - wide + 1, words.top(), wide, tall)
        self._field.open(
            self.parameter.curve.show(self.parameter.value),
            look.font("normal" if self.form is STUDIO else "large", True),
        )

    def _take_text(self, text: str) -> str:
        """Set what was typed; return a sentence if it names no value."""
        said = [value for value, words in self.says.items() if words == text.strip().lower()]
        try:
            self.ask(said[0] if said else self.parameter.curve.read(text))
        except ValueError as error:
            sentence = f"{self.parameter.title}: {error}"
            self.desk.say(sentence)
            return sentence
        return ""

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.update()

    # --- face -----------------------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        return face_size(self.desk.look, self.form)

    def minimumSizeHint(self) -> QSize:
        return face_size(self.desk.look, self.form, least=True)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._seen = ()

    def paintEvent(self, event: QPaintEvent) -> None:
        shown = Shown(self.title, self.text, self.badge, self.position, self._needle_at, self.ghost, self.hasFocus())
        paint_face(QPainter(self), self.desk.look, self.form, self.size(), shown)


def _fineness(modifiers: Qt.KeyboardModifier) -> float:
    if not modifiers & Qt.KeyboardModifier.ControlModifier:
        return 1.0
    return FINEST if modifiers & Qt.KeyboardModifier.ShiftModifier else FINE
