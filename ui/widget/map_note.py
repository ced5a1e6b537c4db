"""What Map mode says, beside the control it is about: what to do next, what was heard, and the two words of a conflict.

Never a dialog: the note takes no key and no click but on its own pads, and the music goes on behind it.
"""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QMenu, QSizePolicy, QWidget

from app.guess import NAMES
from app.snapshot_map import MapState
from ui.desk import Desk, Display
from ui.panel.card import row, snug
from ui.widget.label import Label
from ui.widget.pad import Pad

START = "Click a control, then move a knob, press a button or send OSC. Or the hand first. Esc leaves."
GAP, TOP = 8, 64


def note_text(state: MapState) -> str:
    """Return what Map mode says now."""
    if state.conflict is not None:
        return f"{state.conflict.text}."
    if state.waiting:
        heard = f" …{state.guess}" if state.guess else ""
        return f"{state.title}: now move a knob, press a button or send OSC{heard}"
    if state.target and state.bound:
        return f"{state.title} ← {state.guess}"
    if state.guess and not state.target:
        return f"{state.guess}: now click what it shall move"
    return START


class KindPad(Pad):
    """What the hand was taken for, and what else it may be."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "it is… ▾", self.open, 28)
        self.setAccessibleName("Take the hand for")
        self.setToolTip("What the hand is, if it was guessed wrong  (/map/encoding)")

    def open(self) -> None:
        self.menu().popup(self.mapToGlobal(QPoint(0, self.height())))

    def menu(self) -> QMenu:
        """Return a menu of the kinds of hands, the guessed one ticked."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        state = self.desk.engine.snapshot.mapping
        for kind in state.encodings:
            item = menu.addAction(NAMES.get(kind, kind), partial(self.desk.engine.fire, "/map/encoding", kind))
            item.setCheckable(True)
            item.setChecked(kind == state.encoding)
        return menu


class MapNote(Display):
    """Attributes: `words` (the sentence), `here` and `both` (answers to a conflict), `kind` (corrects the guess),
    `undo`, `leave`."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(desk, parent)
        fire = desk.engine.fire
        self.words = Label(desk)
        self.here = snug(Pad(desk, "Move here", lambda: fire("/map/replace"), 28))
        self.both = snug(Pad(desk, "Both", lambda: fire("/map/both"), 28))
        self.kind = snug(KindPad(desk))
        self.undo = snug(Pad(desk, "Undo", lambda: fire("/undo"), 28))
        self.leave = snug(Pad(desk, "Done", lambda: desk.engine.set("/map/on", 0.0), 28, badge="Esc"))
        for pad, told in ((self.here, "The hand leaves what it moved"), (self.both, "The hand moves both")):
            pad.setToolTip(told)
        self._pads = (self.here, self.both, self.kind, self.undo, self.leave)
        self._box = row(self.words, *self._pads, gap=6)
        self._box.setContentsMargins(12, 6, 8, 6)
        self.setLayout(self._box)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._at: tuple[object, ...] = ()
        self.hide()

    def follow(self, state: MapState, target: QRect | None) -> None:
        """Show Map mode as it is, beside its control or, without one, below the top bar."""
        if not state.on:
            self.hide()
            self._at = ()
            return
        text = note_text(state)
        is_bound = bool(state.target and state.bound) and state.conflict is None
        shown = (text, state.conflict is not None, is_bound, target, self._room.size(), self.desk.look.scale)
        if shown == self._at:
            return
        self._at = shown
        self.words.sample = text
        self.words.show_text(text)
        self.words.setFixedWidth(self.words.sizeHint().width() + 2)
        for pad, wanted in zip(self._pads, (state.conflict, state.conflict, is_bound, is_bound, True), strict=True):
            pad.setVisible(bool(wanted))
        self._place(target)

    @property
    def _room(self) -> QRect:
        return self.window().rect()

    def _place(self, target: QRect | None) -> None:
        self._box.activate()
        size, room = self.sizeHint(), self._room
        if target is None:
            left, top = (room.width() - size.width()) // 2, self.desk.look.px(TOP)
        else:
            left, top = self._beside(target, size, room)
        left = min(max(left, GAP), max(room.width() - size.width() - GAP, 0))
        self.setGeometry(left, max(top, 0), size.width(), size.height())
        self.show()
        self.raise_()

    @staticmethod
    def _beside(target: QRect, size: QSize, room: QRect) -> tuple[int, int]:
        """Return where it hides least: at the right or the left of its control, else below it, else above."""
        middle = target.center().y() - size.height() // 2
        if target.right() + GAP + size.width() < room.right() - GAP:
            return target.right() + GAP, middle
        if target.left() - GAP - size.width() > GAP:
            return target.left() - GAP - size.width(), middle
        below = target.bottom() + GAP
        fits = below + size.height() < room.bottom() - GAP
        return target.left(), below if fits else target.top() - GAP - size.height()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(self.desk.look.color("raised"))
        is_conflict = self.here.isVisible()
        painter.setPen(QPen(self.desk.look.color("learning" if is_conflict else "now"), 2))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)
