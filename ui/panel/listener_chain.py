"""What is done to an input's values before they are learnt: a pad for each step, a menu of more, and the line itself.

A chain is one line of text wherever it goes, so the pads and the field show the same thing: whoever clicks sees what he
could have typed. A line that cannot be read stays in the field with the reason below it, until it is right or given up.
"""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QLineEdit, QMenu, QSizePolicy

from app.parameter import TextParameter
from app.process import KINDS, MOST_STEPS
from app.process_text import ProcessError, read_chain, show_step
from app.snapshot import Snapshot
from ui.desk import Desk, Display
from ui.widget.field import TextField, mark_wrong
from ui.widget.pad import Pad

GAP = 4
# What the menu offers of each kind of step; any other can be typed.
VARIANTS: dict[str, tuple[str, ...]] = {
    "smooth": ("smooth 20 ms", "smooth 50 ms", "smooth 100 ms", "smooth 300 ms", "smooth 1000 ms"),
    "average": ("average 5", "average 10", "average 30"),
    "window": ("window 10 mean deviation", "window 30 mean deviation", "window 30 minimum maximum"),
    "difference": ("difference first", "difference first second", "difference first keep", "difference second"),
    "history": ("history 2", "history 3", "history 5", "history 10"),
    "decimate": ("every 2", "every 3", "every 5", "every 10"),
    "interval": ("interval 100 ms", "interval 250 ms", "interval 500 ms", "interval 1000 ms mean"),
    "event": ("event", "event above 0.1 below 0.05", "event shortest 100 ms"),
}


def steps_of(text: str) -> tuple[str, ...]:
    """Return the steps of a chain as texts, () for one that cannot be read."""
    try:
        return tuple(show_step(spec) for spec in read_chain(text))
    except ProcessError:
        return ()


class StepPad(Pad):
    """One step; a click takes it out. Attributes: `place` (from 1)."""

    def __init__(self, desk: Desk, source: str, place: int) -> None:
        super().__init__(desk, "–", self.remove, 28, "small")
        self.place, self._source = place, source
        self.setToolTip("Click to take this step out")

    def remove(self) -> None:
        self.desk.engine.fire("/listener/process/remove", self._source, float(self.place))

    def show_step(self, text: str) -> None:
        """Show what the step does."""
        self.light("", f"{text} ×")
        self.setAccessibleName(f"Take out: {text}")


class AddStepPad(Pad):
    """Opens what can be done to an input's values."""

    def __init__(self, desk: Desk, source: str) -> None:
        super().__init__(desk, "+ step ▾", self.open, 28, "small")
        self._source = source
        self.setAccessibleName(f"Process {source}")
        self.setToolTip("Smooth, average, difference, history… before it is learnt  (/listener/process/add)")

    def open(self) -> None:
        self.menu().popup(self.mapToGlobal(QPoint(0, self.height())))

    def menu(self) -> QMenu:
        """Return the menu: kind, then how much."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setToolTipsVisible(True)
        for name, kind in KINDS.items():
            inner = menu.addMenu(kind.title)
            inner.menuAction().setToolTip(kind.help)
            for text in VARIANTS.get(name, (name,)):
                inner.addAction(text, partial(self.add, text))
        return menu

    def add(self, step: str) -> None:
        """Ask for one step more, at the end."""
        self.desk.engine.fire("/listener/process/add", self._source, step)


class Steps(Display):
    """The steps side by side, in as many rows as they need. Attributes: `pads`, `more`."""

    def __init__(self, desk: Desk, source: str, process: TextParameter) -> None:
        super().__init__(desk)
        self.pads = [StepPad(desk, source, place) for place in range(1, MOST_STEPS + 1)]
        self.more = AddStepPad(desk, source)
        self._process, self._seen = process, -1
        for pad in (*self.pads, self.more):
            pad.setParent(self)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._follow()

    def refresh(self, picture: Snapshot) -> None:
        if self._process.version != self._seen:
            self._follow()

    def _follow(self) -> None:
        self._seen = self._process.version
        steps = steps_of(self._process.value)
        for pad, text in zip(self.pads, steps, strict=False):
            pad.show_step(text)
        for place, pad in enumerate(self.pads):
            pad.setVisible(place < len(steps))
        self._lay_out()

    def restyle(self) -> None:
        self._lay_out()
        super().restyle()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._lay_out()

    def _lay_out(self) -> None:
        """Put the pads one after the other, and begin a row where there is no room."""
        left = top = 0
        tall = self.desk.look.px(28)
        for pad in (*self.pads, self.more):
            if pad.isHidden():
                continue
            wide = min(pad.sizeHint().width(), max(self.width(), 60))
            if left and left + wide > self.width():
                left, top = 0, top + tall + GAP
            pad.setGeometry(left, top, wide, tall)
            left += wide + GAP
        self.setFixedHeight(top + tall)

    def sizeHint(self) -> QSize:
        return QSize(200, self.height())


class ChainField(TextField):
    """The chain as a line. Attributes: `wrong` (why the line was not taken; "" if it was)."""

    def __init__(self, desk: Desk, process: TextParameter) -> None:
        super().__init__(desk, process, "such as smooth 50 ms, difference")
        self.wrong = ""
        self._asked = float("inf")

    def focusOutEvent(self, event: QFocusEvent) -> None:
        if event.reason() == Qt.FocusReason.PopupFocusReason:
            QLineEdit.focusOutEvent(self, event)
            return
        self._judge(self._fault())
        if self.wrong:
            QLineEdit.focusOutEvent(self, event)  # The line stays, to be put right.
            return
        self._asked = self.desk.engine.clock.now()
        super().focusOutEvent(event)

    def _fault(self) -> str:
        try:
            read_chain(self.text())
        except ProcessError as error:
            return str(error)
        return ""

    def _judge(self, wrong: str) -> None:
        self.wrong = wrong
        mark_wrong(self, wrong)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._judge("")
        super().keyPressEvent(event)

    def _show_value(self) -> None:
        super()._show_value()
        self.wrong = ""

    def fault(self, picture: Snapshot) -> tuple[str, str]:
        """Return what is wrong with the line, or what the input's values do not allow, with its colour."""
        if self.wrong:
            return self.wrong, "fault"
        head = f"{self.parameter.address}: "
        for line in reversed(picture.log):
            if line.seconds < self._asked:
                break
            if line.text.startswith(head):
                return line.text.removeprefix(head), "fault"
        return "", "dim"
