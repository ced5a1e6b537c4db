"""The recorder: what just happened is already there; mark it and say what it shall become.

A MIDI file, examples of a label, a loop that plays on, or a recording that runs again exactly as it was.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMenu

from app.snapshot import Snapshot
from ui.desk import Desk, Display
from ui.fader import Fader
from ui.panel.card import column, row, snug
from ui.widget.choice import Choice
from ui.widget.label import Readout
from ui.widget.pad import Pad, SwitchPad
from ui.widget.tape import TapeStrip, span_text

BARS = (1, 2, 4, 8, 16)
MIB = 1 << 20
REPLAY = "A recording that runs again exactly: python main.py replay FILE"
Items = Callable[[], Sequence[tuple[str, Callable[[], None]]]]


class MenuPad(Pad):
    """A pad that opens a menu made by `items`: pairs of words and deeds."""

    def __init__(self, desk: Desk, text: str, items: Items) -> None:
        super().__init__(desk, text, self.open, 28)
        self._items = items

    def open(self) -> None:
        self.menu().popup(self.mapToGlobal(QPoint(0, self.height())))

    def menu(self) -> QMenu:
        """Return the menu."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for text, deed in self._items():
            menu.addAction(text, deed)
        return menu


class RecorderPage(Display):
    """Attributes: `tape` (the strip on which a span is marked), `words` (the span), `state`."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        tree = desk.engine.tree
        self.tape = TapeStrip(desk)
        self.words = Readout(desk, lambda _: span_text(*self.tape.span), role="normal", strong=True)
        self.state = Readout(desk, state_text, False, role="small", color="dim")
        pads = [
            snug(SwitchPad(desk, tree.number("/recorder/on"), "Recording", "learning", 28)),
            snug(Pad(desk, "Keep as MIDI", partial(self.keep, "midi"), 28)),
            snug(MenuPad(desk, "As examples ▾", self.label_items)),
            snug(Pad(desk, "As data", partial(self.keep, "data"), 28)),
            snug(Pad(desk, "For replay", partial(self.keep, "keep"), 28)),
        ]
        told = ("", "A MIDI file of all notes", "The Listener learns from it", "A table of the frames", REPLAY)
        for pad, tip in zip(pads, told, strict=True):
            if tip:
                pad.setToolTip(tip)
        play = snug(SwitchPad(desk, tree.number("/recorder/loop/play"), "Loop plays", "active", 28))
        loop = (
            snug(MenuPad(desk, "Loop the last… ▾", self.loop_items)),
            play,
            snug(Choice(desk, tree.number("/recorder/loop/source"), 28, prefix="of ")),
            Fader(desk, tree.number("/recorder/loop/level")),
            Fader(desk, tree.number("/recorder/loop/transpose")),
        )
        head = row(*pads, self.words, gap=6)
        below = row(*loop, self.state, gap=6)
        for place, share in ((3, 1), (4, 1), (5, 2)):
            below.setStretch(place, share)
        box = column(head, self.tape, below, gap=4)
        box.setStretch(1, 1)
        self.setLayout(box)

    def tick(self, picture: Snapshot) -> None:
        self.tape.follow(picture.recorder, self.desk.engine.clock.now())

    def keep(self, verb: str, *before: float | str) -> None:
        """Ask for the marked span to become something."""
        first, last = self.tape.span
        self.desk.engine.fire(f"/recorder/{verb}", *before, round(first, 2), round(last, 2))

    def label_items(self) -> list[tuple[str, partial[None]]]:
        """Return the labels that a span may become examples of."""
        page = self.desk.page(self.desk.engine.snapshot)
        return [(label.name, partial(self.keep, "label", float(label.number))) for label in page.labels]

    def loop_items(self) -> list[tuple[str, partial[None]]]:
        """Return how much a loop may hold, and how it ends."""
        fire = self.desk.engine.fire
        bars = [(f"{bars} bar{'s' if bars > 1 else ''}", partial(fire, "/recorder/loop", float(bars))) for bars in BARS]
        return [*bars, ("no loop", partial(fire, "/recorder/loop", 0.0))]


def state_text(picture: Snapshot) -> str:
    """Return how much is held, and what was kept last."""
    state = picture.recorder
    size = f"{state.bytes / MIB:.1f} of {state.limit / MIB:.0f} MB"
    loop = f"   loop of {state.loop} bar{'s' if state.loop > 1 else ''}" if state.loop else ""
    kept = f"   kept {state.saved.rsplit('/', 1)[-1]}" if state.saved else ""
    return f"{state.seconds / 60:.1f} min held, {size}{loop}{kept}"
