"""What every control needs at hand: the engine, the look, a number for each gesture.

Passed down from the window instead of being found through parents, so that a control can be tried alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QWidget

from app.action import Argument
from app.device.midi_port import PortList
from app.engine import Engine
from app.parameter import Parameter
from app.snapshot import Snapshot
from ui.ledger import Ledger, Page
from ui.library import Library
from ui.rules_book import RulesBook, RulesPage
from ui.theme import Look

PLAYER = "/window/player"


@dataclass(slots=True)
class Desk:
    """Attributes: `engine`, `look`, `gestures` (numbers for undo steps), `plots` (the plot library), `notice` (a
    sentence for the status bar), `show_port` (opens the monitor at a port), `begin_hints` (the first minute anew),
    `locate` (shows where an address is moved), `map_control` (maps a control: its address, an Action's
    arguments), `enlist` (a widget made later looks too), `glance` (the words of
    what was just shown are looked at now), `ledger` (labels and their counts), `book` (labels and colours
    of the Rules), `ports` (the system's MIDI ports), `player` (whose columns are shown).
    """

    engine: Engine
    look: Look
    gestures: Iterator[int] = field(default_factory=lambda: count(1))
    plots: Library = field(default_factory=lambda: Library("pyqtgraph"))
    notice: str = ""
    show_port: Callable[[str], None] = lambda _port: None
    begin_hints: Callable[[], None] = lambda: None
    locate: Callable[[str], None] = lambda _address: None
    enlist: Callable[[QWidget], None] = lambda _widget: None
    glance: Callable[[], None] = lambda: None
    map_control: Callable[[str, tuple[Argument, ...]], None] = lambda _address, _arguments: None
    ledger: Ledger = field(default_factory=Ledger)
    book: RulesBook = field(default_factory=RulesBook)
    ports: PortList = field(default_factory=PortList)
    player: Parameter = field(init=False)

    def __post_init__(self) -> None:
        self.player = self.engine.tree.number(PLAYER)

    def choose_player(self, name: str) -> None:
        """Show a player's columns; Return trains it."""
        self.engine.set(PLAYER, name)

    def say(self, sentence: str) -> None:
        """Tell the performer something that is no concern of the engine's."""
        self.notice = sentence

    def page(self, picture: Snapshot) -> Page:
        """Return the labels and counts of a picture."""
        plan = self.engine.tree.find("/listener/outputs")
        return self.ledger.look(picture.listener.examples, plan.show() if plan else "")

    def presets(self, picture: Snapshot) -> RulesPage:
        """Return the labels and colours of the Rules' presets in a picture."""
        return self.book.look(picture.rules)

    def badge_of_label(self, number: int) -> str:
        """Return the key that records under a label."""
        held = [b for b in self.engine.bindings.for_target("/listener/record") if b.source.kind == "key"]
        return next((b.source.name for b in held if getattr(b.move, "value", None) == number), "")

    def badge(self, address: str) -> str:
        """Return what moves an address, in short: "T + / G −"."""
        plain = [b for b in self.engine.bindings.for_target(address) if not b.source.name.startswith("Shift+")]
        return " / ".join(b.source.name.rsplit("/")[-1] if b.source.kind == "output" else b.label for b in plain[:3])


class Live:
    """Something on the screen that looks again by itself; the window calls it, only while it is visible."""

    desk: Desk

    def refresh(self, picture: Snapshot) -> None:
        """Look at the engine, 30 times a second: cheap, and repaint only if something changed."""

    def tick(self, picture: Snapshot) -> None:
        """Look again once a second, for words and figures that must stay readable."""

    def restyle(self) -> None:
        """Take the look's new sizes and colours."""


class Display(QWidget, Live):
    """A painted widget. Attributes: `desk`."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk

    def restyle(self) -> None:
        self.updateGeometry()
        self.update()

    def paint_focus(self, painter: QPainter) -> None:
        """Draw the ring that shows where the keys go."""
        if self.hasFocus():
            focus_ring(painter, self, self.desk.look)


def focus_ring(painter: QPainter, widget: QWidget, look: Look) -> None:
    """Draw the ring just inside a widget's edge."""
    ring(painter, QRectF(widget.rect()).adjusted(1, 1, -1, -1), look)


def ring(painter: QPainter, box: QRectF, look: Look) -> None:
    """Draw a 2 px ring along a box."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    painter.setPen(QPen(look.color("text"), 2))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(box, 5, 5)
