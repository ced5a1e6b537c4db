"""The outputs' own ways out: one compact row for each, which opens to its settings.

Most performers need none of it, because the common messages carry everything; so an output without a way of its own is
one quiet line, and the settings of only one are open at a time, over the whole column.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from app.parameter import Tree
from app.player.listener.panel import OUTPUTS
from app.snapshot import Snapshot
from ui.desk import Desk, Display
from ui.fader import Fader
from ui.ledger import Page
from ui.panel.card import column, row, snug
from ui.widget.choice import Choice
from ui.widget.field import TextField
from ui.widget.label import Label
from ui.widget.lines import Line, Lines
from ui.widget.pad import Pad

EMPTY = "The outputs stand here: click one to give it an OSC address or a MIDI controller of its own"
MODES = {
    "off": "MIDI: none",
    "cc": "MIDI: a controller",
    "note": "MIDI: a note while it lasts",
    "program": "MIDI: a program",
    "bend": "MIDI: pitch bend",
}
# The page says which output it is; the faders need not.
SHORT = {
    "number": "Number",
    "channel": "Channel",
    "midi_low": "MIDI low",
    "midi_high": "MIDI high",
    "curve": "Curve",
    "smoothing": "Smoothing",
}
RETURN = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
NARROW = 76


def root_of(place: int) -> str:
    """Return where the Parameters of an output's way stand."""
    return f"/listener/output/{place + 1}"


def osc_text(tree: Tree, place: int) -> str:
    """Return where an output leaves by OSC, "–" for nowhere of its own."""
    address, host = (tree.text(f"{root_of(place)}/{name}").value.strip() for name in ("osc", "host"))
    return f"{address} → {host}" if address and host else address or "–"


def midi_text(tree: Tree, place: int) -> str:
    """Return what an output is by MIDI, "–" for nothing."""
    mode, number, channel = (tree.number(f"{root_of(place)}/{name}") for name in ("midi", "number", "channel"))
    if mode.show() == "off":
        return "–"
    word = "CC" if mode.show() == "cc" else mode.show()
    figure = "" if word == "bend" else f" {number.value:.0f}"
    return f"{word}{figure}{f' ch {channel.value:.0f}' if channel.value else ''}"


def output_name(page: Page, place: int) -> str:
    """Return what an output is called."""
    outputs = page.examples.outputs if page.examples is not None else ()
    return outputs[place].name if place < len(outputs) else f"output {place + 1}"


class WayLines(Lines):
    """The outputs, one a line. `opens` shows the settings of one."""

    def __init__(self, desk: Desk, opens: Callable[[int], None]) -> None:
        super().__init__(desk, (0.28, 0.46, 0.26), EMPTY, tall=24, name="Ways out of the outputs", role="small")
        self._opens = opens

    def sizeHint(self) -> QSize:
        return QSize(200, self.desk.look.px(self.tall * 4))

    def refresh(self, picture: Snapshot) -> None:
        page, tree = self.desk.page(picture), self.desk.engine.tree
        outputs = page.examples.outputs[:OUTPUTS] if page.examples is not None else ()
        self.show_lines(
            [
                Line((one.name, osc_text(tree, place), midi_text(tree, place)), key=str(place))
                for place, one in enumerate(outputs)
            ]
        )

    def choose(self, line: Line) -> None:
        self._opens(int(line.key))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        number = event.text()
        if number.isdigit() and 1 <= int(number) <= len(self.lines):
            self.choose(self.lines[int(number) - 1])
        elif event.key() in RETURN and self.lines:
            self.choose(self.lines[0])
        else:
            super().keyPressEvent(event)


class WayPage(Display):
    """One output's settings. Attributes: `place` of the output."""

    def __init__(self, desk: Desk, place: int) -> None:
        super().__init__(desk)
        self.place, self._root = place, root_of(place)
        mode = Choice(desk, desk.engine.tree.number(f"{self._root}/midi"), 28, MODES)
        self.setLayout(
            column(
                row(self._name("OSC"), self._field("osc", "/synth/cutoff")),
                row(self._name("to"), self._field("host", "127.0.0.1:9000; empty: as all OSC")),
                row(self._name("value"), *self._ends("low", "high")),
                mode,
                row(self._fader("number"), self._fader("channel")),
                row(self._fader("midi_low"), self._fader("midi_high")),
                row(self._fader("curve"), self._fader("smoothing")),
                1,
                gap=4,
            )
        )

    def _name(self, text: str) -> Label:
        return Label(self.desk, text, "small", "dim", sample="value")

    def _field(self, name: str, hint: str) -> TextField:
        return TextField(self.desk, self.desk.engine.tree.text(f"{self._root}/{name}"), hint)

    def _ends(self, *names: str) -> list[QWidget]:
        fields = [TextField(self.desk, self.desk.engine.tree.number(f"{self._root}/{name}"), name) for name in names]
        for field in fields:
            field.setMinimumWidth(self.desk.look.px(NARROW))
        return [fields[0], Label(self.desk, "to", "small", "dim", sample="to"), fields[1]]

    def _fader(self, name: str) -> Fader:
        return Fader(self.desk, self.desk.engine.tree.number(f"{self._root}/{name}"), title=SHORT[name])


class Way(Display):
    """The settings of one output over the whole column. `leaves` goes back. Attributes: `place`."""

    def __init__(self, desk: Desk, leaves: Callable[[], None]) -> None:
        super().__init__(desk)
        self.place = 0
        self._back = snug(Pad(desk, "‹ back", leaves, 28))
        self._title = Label(desk, "", strong=True)
        self._pages: dict[int, WayPage] = {}
        self._stack = QStackedWidget()
        box = column(row(self._back, self._title), self._stack, gap=6)
        box.setStretch(1, 1)
        self.setLayout(box)

    def open(self, place: int) -> None:
        """Show an output's settings; their controls are made when they are first wanted."""
        self.place = place
        if place not in self._pages:
            page = self._pages[place] = WayPage(self.desk, place)
            self._stack.addWidget(page)
            for child in (page, *page.findChildren(QWidget)):
                self.desk.enlist(child)
        self._stack.setCurrentWidget(self._pages[place])

    def refresh(self, picture: Snapshot) -> None:
        self._title.show_text(f"{output_name(self.desk.page(picture), self.place)} leaves as")
