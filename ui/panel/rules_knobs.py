"""The knobs of the chosen synth as lanes, and what varies them."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtWidgets import QGridLayout, QMenu, QSizePolicy

from app.parameter import Steps
from app.snapshot import Snapshot
from ui.desk import Desk, Display
from ui.panel.card import row, snug
from ui.widget.choice import Choice
from ui.widget.pad import ActionPad, Pad
from ui.widget.rules_key import DicePad, LockPad
from ui.widget.rules_lane import Lane
from ui.widget.sentence import Sentence

MOST = 32
PAGE = 16  # Knobs on one sheet.
ONE_COLUMN = 8  # So many lanes still stand below each other.
LEVELS, SNAP = "/rules/levels", "/rules/snap"
CHOICES = ((0, "any value"), (2, "2 values"), (3, "3 values"), (4, "4 values"), (5, "5 values"), (8, "8 values"))


class KnobRow(Display):
    """One knob: its lane, its lock, its die. Attributes: `lane`, `lock`, `dice`."""

    def __init__(self, desk: Desk, place: int) -> None:
        super().__init__(desk)
        tree = desk.engine.tree
        self.lane = Lane(desk, tree.number(f"/rules/knob/{place + 1}"), place)
        self.lock = LockPad(desk, tree.number(f"/rules/lock/{place + 1}"))
        self.dice = DicePad(desk, self.lane.parameter)
        self.setLayout(row(self.lane, snug(self.lock), snug(self.dice), gap=3))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def refresh(self, picture: Snapshot) -> None:
        self.lock.name_after(self.lane.parameter.title)


class Knobs(Display):
    """All knobs of the synth, sixteen at a time. Attributes: `rows`, `page` (from 0), `count` (of the synth)."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.rows = [KnobRow(desk, place) for place in range(MOST)]
        self.page = self.count = 0
        self._laid: tuple[int, int] | None = None
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(10)
        self._grid.setVerticalSpacing(0)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        for one in self.rows:
            one.setParent(self)
            one.hide()

    def refresh(self, picture: Snapshot) -> None:
        self.count = len(picture.rules.knobs)
        self.page = min(self.page, max(self.count - 1, 0) // PAGE)
        if (self.count, self.page) != self._laid:
            self._laid = self.count, self.page
            self._lay_out()

    def turn(self) -> None:
        """Show the next sixteen knobs, or the first again."""
        self.page = (self.page + 1) % (max(self.count - 1, 0) // PAGE + 1)

    def _lay_out(self) -> None:
        shown = self.rows[self.page * PAGE : min((self.page + 1) * PAGE, self.count)]
        for one in self.rows:
            self._grid.removeWidget(one)
            one.setVisible(one in shown)
        columns = 1 if len(shown) <= ONE_COLUMN else 2
        tall = -(-len(shown) // columns)
        for place, one in enumerate(shown):
            self._grid.addWidget(one, place % tall, place // tall)
        for place in range(PAGE):
            self._grid.setRowStretch(place, int(place < tall))


class MorePad(Pad):
    """Shows the other knobs of a synth with more than a sheet of them."""

    def __init__(self, desk: Desk, knobs: Knobs) -> None:
        super().__init__(desk, "17 to 32", knobs.turn, 28)
        self._knobs = knobs

    def refresh(self, picture: Snapshot) -> None:
        count = len(picture.rules.knobs)
        self.setVisible(count > PAGE)
        first = 1 if self._knobs.page else PAGE + 1
        self.light("", f"{first} to {min(first + PAGE - 1, count)}")


class LevelsPad(Pad):
    """How many values a knob is varied among, and what kept values are rounded to: few, so that presets meet."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "4 values", self.open, 28)
        self.parameter, self._snap = desk.engine.tree.number(LEVELS), desk.engine.tree.number(SNAP)
        self.setAccessibleName(self.parameter.title)
        self.setToolTip(f"{self.parameter.help}  ({LEVELS})")

    def refresh(self, picture: Snapshot) -> None:
        count = int(self.parameter.value)
        self.light("learning" if count < 2 else "", dict(CHOICES).get(count, f"{count} values"))

    def open(self) -> None:
        """Show the numbers above the button."""
        menu = self.menu()
        menu.popup(self.mapToGlobal(QPoint(0, -menu.sizeHint().height())))

    def menu(self) -> QMenu:
        """Return a menu of the numbers."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for count, title in CHOICES:
            menu.addAction(title, _setter(self.desk, LEVELS, float(count)))
        menu.addSeparator()
        snaps = menu.addMenu(f"Kept presets snap to: {self._snap.show()}")
        snaps.setToolTip(self._snap.help)
        names = self._snap.curve.names if isinstance(self._snap.curve, Steps) else ()
        for at, name in enumerate(names):
            action = snaps.addAction(name, _setter(self.desk, SNAP, float(at)))
            action.setCheckable(True)
            action.setChecked(at == int(self._snap.value))
        return menu


def _setter(desk: Desk, address: str, value: float) -> Callable[[], None]:
    return lambda: desk.engine.set(address, value, "ui", next(desk.gestures))


class VaryPad(Pad):
    """Varies so many knobs of the base, 0 for all. Attributes: `address` and `arguments` of what it fires."""

    address = "/rules/vary"

    def __init__(self, desk: Desk, amount: int, text: str, tall: int = 28, role: str = "normal") -> None:
        super().__init__(desk, text, lambda: desk.engine.fire(self.address, *self.arguments), tall, role)
        self.arguments = (float(amount),)
        what = {0: "all knobs", 1: "one knob"}.get(amount, f"{amount} knobs")
        self.setAccessibleName(f"Vary {what}")
        self.setToolTip(f"Vary {what} of the setting one started from  (/rules/vary {amount})")


class KnobSheet(Display):
    """The synth, its knobs, the buttons that vary them, and what stands in the way of rules. Attributes: `knobs`."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        tree = desk.engine.tree
        self.knobs = Knobs(desk)
        synth = Choice(desk, tree.number("/rules/synth"), 28, prefix="Synth: ")
        send = ActionPad(desk, "/rules/send", "Send all", None, 28)
        back = ActionPad(desk, "/rules/return", "Go back", None, 28)
        head = row(synth, MorePad(desk, self.knobs), send, gap=6)
        head.setStretch(0, 1)
        vary = row(*self._vary(), LevelsPad(desk), back, gap=4)
        box = QGridLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setVerticalSpacing(4)
        box.addLayout(head, 0, 0)
        box.addWidget(self.knobs, 1, 0)
        box.addLayout(vary, 2, 0)
        box.addWidget(Sentence(desk, warning, "small"), 3, 0)
        box.setRowStretch(1, 1)

    def _vary(self) -> list[Pad]:
        return [VaryPad(self.desk, 1, "Vary 1"), VaryPad(self.desk, 2, "Vary 2"), VaryPad(self.desk, 0, "All")]

    def minimumSizeHint(self) -> QSize:
        box = self.layout()
        return QSize(200, box.minimumSize().height() if box is not None else 0)


def warning(picture: Snapshot) -> tuple[str, str]:
    """Return the sentence that helps most now, and its colour."""
    state = picture.rules
    if state.warnings:
        more = f"  (and {len(state.warnings) - 1} more)" if len(state.warnings) > 1 else ""
        return state.warnings[0] + more, "learning"
    if not state.presets:
        return "Turn knobs until it sounds right, then keep it under a label below", "dim"
    return "Vary one or two knobs, keep what fits: presets that share values make rules", "dim"
