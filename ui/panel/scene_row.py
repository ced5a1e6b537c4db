"""The scenes as a row of pads, the same in Studio and on Stage: click calls one, Shift+click keeps how it is now.

The first empty pad says that it makes a scene, and a click does: nobody guesses Shift+click.

A pad shows the scene's number and name, is filled while its scene is the one called last, and fills from the left
while a scene is still on its way. An outline marks one that waits for its beat.
"""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QMenu

from app.binding import Fire
from app.snapshot import Snapshot
from ui.desk import Desk, Display
from ui.panel.card import row
from ui.widget.field import ValueField
from ui.widget.label import Label
from ui.widget.map_target import add_map_items
from ui.widget.pad import Pad

PADS = 8
CALL = "/scene/call"


def key_of(desk: Desk, number: int) -> str:
    """Return the key that calls a scene, "" for none."""
    found = [one for one in desk.engine.bindings.for_target(CALL) if one.source.kind == "key"]
    fits = [one for one in found if isinstance(one.move, Fire) and one.move.arguments == (float(number),)]
    return fits[0].source.name if fits else ""


class ScenePad(Pad):
    """Attributes: `number` of the scene, `name` ("" where none is kept), `share` (how far it has come, 0..1),
    `is_next` (whether it is the first empty one),
    `address` and `arguments` (what a mapped hand fires), `renames` (False on Stage, where nobody types)."""

    address = CALL

    def __init__(self, desk: Desk, number: int, tall: int = 28, role: str = "normal", renames: bool = True) -> None:
        super().__init__(desk, f"{number} –", self.call, tall, role)
        self.number, self.renames = number, renames
        self.arguments = (float(number),)
        self.name, self.share, self.is_next = "", 1.0, False
        self._field: ValueField | None = None
        self.setAccessibleName(f"Scene {number}")
        self._explain()

    def _explain(self) -> None:
        key = key_of(self.desk, self.number)
        rename = " Ctrl+N: name it." if self.renames else ""
        told = f"Click: call it{f' ({key})' if key else ''}. Shift+click: keep how everything stands.{rename}"
        if self.is_next:
            told = "Click: keep how everything stands now, to call it later"
        self.setToolTip(f"{told}  ({CALL} {self.number})")

    # --- what it shows --------------------------------------------------------------------------------

    def refresh(self, picture: Snapshot) -> None:
        state = picture.scenes
        mark = state.find(self.number)
        self.is_next = mark is None and all(state.find(number) for number in range(1, self.number))
        is_called = mark is not None and state.called == self.number
        share = state.share if is_called else 1.0
        if share != self.share or (mark.name if mark else "") != self.name:
            self.share, self.name = share, mark.name if mark else ""
            self.setAccessibleName(f"Scene {self.number} {self.name}".strip())
            self.update()
        is_coming = (is_called and share < 1) or state.coming == self.number
        self.light("active" if is_called and share >= 1 else "", self._words(), is_coming)

    def tick(self, picture: Snapshot) -> None:
        self._explain()

    def _words(self) -> str:
        if not self.name:
            return f"+ scene {self.number}" if self.is_next else f"{self.number} –"
        return self.name if self.name == f"{self.number}" else f"{self.number} {self.name}"

    def sizeHint(self) -> QSize:
        return QSize(self.desk.look.px(96), self.desk.look.px(self.tall))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.desk.look.px(60), self.desk.look.px(self.tall))

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.share < 1:
            painter = QPainter(self)
            bar = QRectF(3, self.height() - 7, (self.width() - 6) * self.share, 4)
            painter.fillRect(bar, self.desk.look.color("active"))

    # --- what it does ---------------------------------------------------------------------------------

    def call(self) -> None:
        """Go to the scene; make one where the pad says so."""
        if self.name:
            self.desk.engine.fire(CALL, *self.arguments)
        elif self.is_next:
            self.keep()
        else:
            self.desk.say(f"No scene is kept at {self.number} yet: Shift+click keeps how everything stands now")

    def keep(self) -> None:
        """Keep how everything stands now; the name stays."""
        self.desk.engine.fire("/scene/store", *self.arguments)

    def forget(self) -> None:
        self.desk.engine.fire("/scene/forget", *self.arguments)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """With Shift a click keeps and must not call."""
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier and self.isDown():
            self.setDown(False)
            if self.rect().contains(event.position().toPoint()):
                self.keep()
            return
        super().mouseReleaseEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_return = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if is_return and event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.keep()
        elif event.key() == Qt.Key.Key_N and event.modifiers() & Qt.KeyboardModifier.ControlModifier and self.renames:
            self.rename()
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and self.name and self.renames:
            self.forget()
        else:
            super().keyPressEvent(event)

    def rename(self) -> None:
        """Open a field for the name over the pad."""
        if not self.name:
            self.desk.say(f"No scene is kept at {self.number} yet: Shift+click keeps one")
            return
        if self._field is None:
            self._field = ValueField(self, self._take_name)
            self._field.setAlignment(Qt.AlignmentFlag.AlignLeft)
        self._field.setGeometry(2, 2, self.width() - 4, self.height() - 4)
        self._field.open(self.name, self.desk.look.font("normal", True))

    def _take_name(self, text: str) -> str:
        if not text.strip():
            return "A scene needs a name"
        if text.strip() != self.name:
            self.desk.engine.fire("/scene/name", *self.arguments, text.strip())
        return ""

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu().popup(event.globalPos())

    def menu(self) -> QMenu:
        """Return what can be done with the scene."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(f"Scene {self.number} {self.name}".strip()).setEnabled(False)
        menu.addSeparator()
        menu.addAction("Keep how everything stands now\tShift+click", self.keep)
        if self.name:
            menu.addAction("Call it", self.call)
        if self.name and self.renames:
            menu.addAction("Name it\tCtrl+N", self.rename)
            menu.addAction("Throw it away\tDelete", self.forget)
        add_map_items(menu, self.desk, CALL, self.arguments)
        return menu


class SceneRow(Display):
    """Eight scenes from `first` on, in one row. Attributes: `pads`."""

    def __init__(
        self,
        desk: Desk,
        tall: int = 28,
        role: str = "normal",
        renames: bool = True,
        first: int = 1,
        title: str = "",
    ) -> None:
        super().__init__(desk)
        self.pads = [ScenePad(desk, number, tall, role, renames) for number in range(first, first + PADS)]
        box = row(*self.pads, gap=8)
        if title:
            box.insertWidget(0, Label(desk, title, "small", "dim", sample=title))
            box.setContentsMargins(4, 0, 0, 0)
        self.setLayout(box)
