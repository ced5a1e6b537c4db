"""A pad for one label: hold it to record examples, double-click it to name it.

It shows the label's colour and shape, how many examples it has, and whether it records or is what the Listener
hears now. A press counts as holding only after a moment, so that a double click records nothing. With Shift it arms:
the count-in stands on the pad in figures that can be read from the instrument.
"""

from __future__ import annotations

from math import ceil

from PySide6.QtCore import QPointF, QRect, QSize, Qt, QTimer
from PySide6.QtGui import QContextMenuEvent, QFontMetrics, QHideEvent, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QMenu

from app.binding import Binding, Source
from app.example import Label
from app.snapshot import ListenerState, Snapshot
from ui.desk import Desk
from ui.ledger import Page
from ui.widget.field import ValueField
from ui.widget.pad import Pad
from ui.widget.shape import paint_shape

HOLD_MS = 150
RECORD = "/listener/record"


class LabelPad(Pad):
    """Attributes: `number` of the label, `label` (None: there is none of that number), `count` of its examples,
    `beats` (the figure of a count-in or of a take by the clock, "" for none).
    """

    def __init__(self, desk: Desk, number: int, tall: int = 44, role: str = "normal", renames: bool = True) -> None:
        super().__init__(desk, str(number), lambda: None, tall, role, desk.badge_of_label(number))
        self.number, self.renames = number, renames
        self.label: Label | None = None
        self.count, self.beats = 0, ""
        self._armed = self._holds = False
        self._field: ValueField | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(HOLD_MS)
        self._timer.timeout.connect(self.hold)
        self.setAccessibleName(f"Label {number}")
        rename = " Double click or Ctrl+N: name it." if renames else ""
        arm = " Shift+click: record it after a count-in."
        self.setToolTip(f"Hold to record examples of this label.{arm}{rename}  ({RECORD} {number})")

    # --- what it shows --------------------------------------------------------------------------------

    def refresh(self, picture: Snapshot) -> None:
        page = self.desk.page(picture)
        state = picture.listener
        self._follow(page)
        records = state.recording == self.number
        is_heard = state.ready and state.label == self.number
        count = page.counts.get(self.number, 0)
        if count != self.count:
            self.count = count
            self.setAccessibleDescription(f"{count} examples")
            self.update()
        self._follow_clock(state)
        name = self.label.name if self.label else "–"
        self.light("learning" if records else "active" if is_heard else "", name, self._armed and not records)

    def _follow_clock(self, state: ListenerState) -> None:
        self._armed = state.armed == self.number
        left = state.counting or state.remaining if self._armed else 0.0
        if state.counting:  # Before the first click one waits for the beat; that is no beat more.
            left = min(left, self.desk.engine.tree.number("/listener/count_in").value)
        beats = f"{ceil(left)}" if left > 0 else ""
        if beats != self.beats:
            self.beats = beats
            self.update()

    def _follow(self, page: Page) -> None:
        label = page.labels[self.number - 1] if self.number <= len(page.labels) else None
        if label != self.label:
            self.label = label
            self.setEnabled(label is not None)
            self.setAccessibleName(f"Label {self.number} {label.name}" if label else f"Label {self.number}")
            self.update()

    def minimumSizeHint(self) -> QSize:
        return QSize(self.desk.look.px(60), self.desk.look.px(self.tall))

    def _paint_text(self, painter: QPainter) -> None:
        """Paint the shape, the name beside it, and below it the key and the number of examples."""
        look = self.desk.look
        is_large = self.role == "large"
        size = look.px(22 if is_large else 14)
        left = look.px(10)
        if self.label is not None:
            fill = look.color("on_fill") if self.fill else None
            paint_shape(painter, look, self.label.colour, QPointF(left + size / 2, self.height() / 2), size, fill)
        words = QRect(left + size + look.px(8), 0, 0, self.height())
        words.setRight(self.width() - look.px(6) - self._paint_beats(painter))
        font, small = look.font(self.role, True), look.font("small")
        name, below = QFontMetrics(font), QFontMetrics(small)
        top = (self.height() - name.height() - below.height()) // 2
        painter.setFont(font)
        painter.setPen(look.color("on_fill" if self.fill else "text" if self.isEnabled() else "outline"))
        text = name.elidedText(self.text(), Qt.TextElideMode.ElideRight, words.width())
        painter.drawText(words.adjusted(0, top, 0, 0), Qt.AlignmentFlag.AlignTop, text)
        figures = self._figures(below, words.width())
        painter.setFont(small)
        painter.setPen(look.color("on_fill" if self.fill else "dim"))
        painter.drawText(words.adjusted(0, top + name.height(), 0, 0), Qt.AlignmentFlag.AlignTop, figures)

    def _paint_beats(self, painter: QPainter) -> int:
        """Paint how many beats are left, as large as the pad allows; return the width it takes."""
        if not self.beats:
            return 0
        look = self.desk.look
        font = look.font("huge", True)
        painter.setFont(font)
        painter.setPen(look.color("on_fill" if self.fill else "learning"))
        align = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(self.rect().adjusted(0, 0, -look.px(8), 0), align, self.beats)
        return QFontMetrics(font).horizontalAdvance(self.beats) + look.px(8)

    def _figures(self, metrics: QFontMetrics, room: int) -> str:
        """Return the key and the number of examples, as long as there is room for it."""
        if self.label is None:
            return ""
        figures = [f"{self.count} examples", f"{self.count} ex.", f"{self.count}"]
        if self.badge and self.badge != self.text():
            figures[:0] = [f"key {self.badge}  {text}" for text in figures[:2]]
            figures.insert(2, f"{self.badge} · {self.count}")
        return next((text for text in figures if metrics.horizontalAdvance(text) <= room), figures[-1])

    # --- recording --------------------------------------------------------------------------------------

    def hold(self) -> None:
        """Record from now on."""
        self._holds = True
        self.desk.engine.set(RECORD, float(self.number))

    def let_go(self) -> None:
        """Record no more, if it was this pad that did."""
        self._timer.stop()
        if self._holds:
            self._holds = False
            self.desk.engine.set(RECORD, 0.0)

    def arm(self) -> None:
        """Record it after the count-in; give it up if it is armed already."""
        if self._armed:
            self.desk.engine.fire("/listener/disarm")
        else:
            self.desk.engine.fire("/listener/arm", float(self.number))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        if event.button() != Qt.MouseButton.LeftButton:
            return
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.arm()
        else:
            self._timer.start()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        if self._timer.isActive() and not self._holds:
            self.desk.say(f"Hold {self.text()}, or the key {self.number}, to record examples")
        self.let_go()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.let_go()
        if self.renames and event.button() == Qt.MouseButton.LeftButton:
            self.rename()

    def hideEvent(self, event: QHideEvent) -> None:
        self.let_go()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return begins and ends a take; Shift+Return arms the pad; Ctrl+N names the label."""
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if event.key() == Qt.Key.Key_N and control and self.renames:
            self.rename()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
                self.arm()
            elif not event.isAutoRepeat():
                self.let_go() if self._holds else self.hold()
        else:
            super().keyPressEvent(event)

    # --- naming -----------------------------------------------------------------------------------------

    def rename(self) -> None:
        """Open a field for the name over the pad."""
        if self.label is None:
            return
        if self._field is None:
            self._field = ValueField(self, self._take_name)
            self._field.setAlignment(Qt.AlignmentFlag.AlignLeft)
        tall = min(self.height() - 6, self.desk.look.px(30))
        self._field.setGeometry(4, (self.height() - tall) // 2, self.width() - 8, tall)
        self._field.open(self.label.name, self.desk.look.font("normal", True))

    def _take_name(self, text: str) -> str:
        name = text.strip()
        if not name:
            return "A label needs a name"
        if self.label is not None and name != self.label.name:
            self.desk.engine.fire("/listener/name", float(self.number), name)
            self._keep_routes(self.label.name, name)
        return ""

    def _keep_routes(self, old: str, new: str) -> None:
        """What the old name moved, the new one moves."""
        engine = self.desk.engine
        for binding in engine.bindings.for_source(Source("output", f"/listener/label/{old}")):
            engine.bind(Binding(Source("output", f"/listener/label/{new}"), binding.target, binding.move), binding)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu().popup(event.globalPos())

    def menu(self) -> QMenu:
        """Return what can be done with the label."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(f"{self.text()}  {self.count} examples").setEnabled(False)
        menu.addSeparator()
        if self.renames:
            menu.addAction("Name it\tCtrl+N", self.rename)
        menu.addAction("Disarm" if self._armed else "Record after a count-in\tShift+click", self.arm)
        menu.addAction("Delete its examples", self._clear)
        return menu

    def _clear(self) -> None:
        self.desk.engine.fire("/listener/forget", float(self.number))
