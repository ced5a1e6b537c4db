"""Studio: where one prepares. Who plays on the left, then Examples, Model, Output, and a strip below."""

from __future__ import annotations

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QWidget

from app.snapshot import Snapshot
from ui.desk import PLAYERS, Desk, Display
from ui.panel.card import column
from ui.panel.examples import Examples
from ui.panel.listener_examples import ListenerExamples
from ui.panel.listener_model import ListenerModel
from ui.panel.listener_output import ListenerOutput
from ui.panel.model import Model
from ui.panel.output import Output
from ui.panel.players import Players
from ui.panel.strip import LOW_WINDOW, Strip

SHARES = (5, 4, 4)


class Columns(Display):
    """The three columns of one player, the same for each: what it learns from, the model, what it says."""

    def __init__(self, desk: Desk, *cards: QWidget) -> None:
        super().__init__(desk)
        self.cards = cards
        box = QHBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(8)
        for card, share in zip(cards, SHARES, strict=True):
            box.addWidget(card, share)


class Studio(Display):
    """Attributes: `players`, `examples`, `model`, `output` (the Composer's), `listener` (its three), `strip`."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.players, self.examples = Players(desk), Examples(desk)
        self.model, self.output, self.strip = Model(desk), Output(desk), Strip(desk)
        self.listener = ListenerExamples(desk), ListenerModel(desk), ListenerOutput(desk)
        self._stack = QStackedWidget()
        self._stack.addWidget(Columns(desk, *self.listener))
        self._stack.addWidget(Columns(desk, self.examples, self.model, self.output))
        columns = QHBoxLayout()
        columns.setSpacing(8)
        columns.addWidget(self.players)
        columns.addWidget(self._stack, 1)
        box = column(columns, self.strip)
        box.setStretch(0, 1)
        box.setContentsMargins(8, 8, 8, 8)
        self.setLayout(box)
        self._was_low: bool | None = None
        self._turn()

    @property
    def cards(self) -> tuple[QWidget, ...]:
        """The three columns that are shown."""
        shown = self._stack.currentWidget()
        assert isinstance(shown, Columns)
        return shown.cards

    def refresh(self, picture: Snapshot) -> None:
        self._turn()

    def _turn(self) -> None:
        """Show the columns of the chosen player."""
        at = PLAYERS.index(self.desk.player.show()) if self.desk.player.show() in PLAYERS else len(PLAYERS) - 1
        if self._stack.currentIndex() != at:
            focus = self.window().focusWidget()
            leaves = focus is not None and self._stack.isAncestorOf(focus)
            self._stack.setCurrentIndex(at)
            if leaves:
                self.window().setFocus()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fold the strip when the window becomes low, unfold it when it becomes tall; by hand it may differ."""
        is_low = self.window().height() < self.desk.look.px(LOW_WINDOW)
        if is_low != self._was_low:
            self._was_low = is_low
            self.strip.fold(is_low)
