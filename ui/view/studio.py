"""Studio: where one prepares. Who plays on the left, then Examples, Model, Output, and a strip below."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.snapshot import Snapshot
from ui.desk import Desk, Display
from ui.panel.card import column
from ui.panel.examples import Examples
from ui.panel.follower_editor import FollowerEditor
from ui.panel.follower_examples import FollowerExamples
from ui.panel.follower_model import FollowerModel
from ui.panel.follower_output import FollowerOutput
from ui.panel.follower_slot import is_here
from ui.panel.listener_examples import ListenerExamples
from ui.panel.listener_model import ListenerModel
from ui.panel.listener_output import ListenerOutput
from ui.panel.model import Model
from ui.panel.output import Output
from ui.panel.players import Players
from ui.panel.rules_examples import RulesExamples
from ui.panel.rules_model import RulesModel
from ui.panel.rules_output import RulesOutput
from ui.panel.scene_row import SceneRow
from ui.panel.strip import FOLDED, LOW_WINDOW, Strip
from ui.widget.pages import Pages

SHARES = (5, 4, 4)
TURNING = (11, 10, 9)  # Of a player with many knobs.
WRITING = (13, 8, 7)  # Of a player whose examples are a text.
Kind = Callable[[Desk], QWidget]
# Player -> what makes its three columns, and their shares of the width.
PLAYERS: dict[str, tuple[tuple[Kind, Kind, Kind], tuple[int, int, int]]] = {
    "listener": ((ListenerExamples, ListenerModel, ListenerOutput), SHARES),
    "rules": ((RulesExamples, RulesModel, RulesOutput), TURNING),
    "follower": ((FollowerExamples, FollowerModel, FollowerOutput), WRITING),
    "composer": ((Examples, Model, Output), SHARES),
}
# Players that an instrument may be without.
NEEDED: dict[str, Callable[[Desk], bool]] = {"follower": is_here}

TALL_WINDOW = 960


class Columns(Display):
    """The three columns of one player: what it learns from, the model, what it says. Attributes: `cards`."""

    def __init__(self, desk: Desk, kinds: tuple[Kind, Kind, Kind], shares: tuple[int, int, int] = SHARES) -> None:
        super().__init__(desk)
        self.cards = tuple(kind(desk) for kind in kinds)
        box = QHBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(8)
        for card, share in zip(self.cards, shares, strict=True):
            box.addWidget(card, share)


class Studio(Display):
    """Attributes: `players` (the cards on the left), `names` (the players there are), `scenes`, `strip`."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.players, self.scenes, self.strip = Players(desk), SceneRow(desk, title="Scenes"), Strip(desk)
        self.names = tuple(name for name in PLAYERS if name not in NEEDED or NEEDED[name](desk))
        self._stack = Pages(desk, {name: partial(Columns, desk, *PLAYERS[name]) for name in self.names})
        columns = QHBoxLayout()
        columns.setSpacing(8)
        columns.addWidget(self.players)
        columns.addWidget(self._stack, 1)
        self._room = QWidget()
        box = column(columns, self.scenes, self._room, gap=6)
        box.setStretch(0, 1)
        box.setContentsMargins(8, 8, 8, 8)
        self.setLayout(box)
        self.strip.setParent(self)
        self.strip.folded = self._place
        self._was_low: bool | None = None
        self._turn()

    def cards_of(self, player: str) -> tuple[QWidget, ...]:
        """Return the three columns of a player; KeyError if it is not installed."""
        page = self._stack.page(player)
        assert isinstance(page, Columns)
        return page.cards

    @property
    def cards(self) -> tuple[QWidget, ...]:
        """The three columns that are shown."""
        return self.cards_of(self._stack.shown)

    @property
    def editor(self) -> FollowerEditor | None:
        """The Follower's program; None: its columns were not shown yet."""
        cards = self.cards_of("follower") if "follower" in self._stack.made else ()
        return next((card.editor for card in cards if isinstance(card, FollowerExamples)), None)

    @property
    def listener(self) -> tuple[QWidget, ...]:
        """The columns of the Listener."""
        return self.cards_of("listener")

    @property
    def rules(self) -> tuple[QWidget, ...]:
        """The columns of the Rules."""
        return self.cards_of("rules")

    @property
    def follower(self) -> tuple[QWidget, ...]:
        """The columns of the Follower."""
        return self.cards_of("follower")

    @property
    def examples(self) -> QWidget:
        """The Composer's first column."""
        return self.cards_of("composer")[0]

    @property
    def model(self) -> QWidget:
        """The Composer's second column."""
        return self.cards_of("composer")[1]

    @property
    def output(self) -> QWidget:
        """The Composer's third column."""
        return self.cards_of("composer")[2]

    def refresh(self, picture: Snapshot) -> None:
        self._turn()

    def _turn(self) -> None:
        """Show the columns of the chosen player; those of the last one if it is not installed."""
        chosen = self.desk.player.show()
        self._stack.open(chosen if chosen in self.names else self.names[-1])

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fold the strip when the window becomes low, unfold it when it becomes tall; by hand it may differ."""
        is_low = self.window().height() < self.desk.look.px(LOW_WINDOW)
        if is_low != self._was_low:
            self._was_low = is_low
            self.strip.fold(is_low)
        # Where there is no room for them beside the inputs, they are on Stage and on a page of the strip.
        self.scenes.setVisible(self.window().height() >= self.desk.look.px(TALL_WINDOW))
        self._place()

    def covers(self, control: QWidget) -> bool:
        """Return whether the open strip of a low window lies over a control of the columns."""
        if not self._was_low or not self.strip.is_open or not self.isAncestorOf(control):
            return False
        middle = control.mapTo(self, control.rect().center())
        return not self.strip.isAncestorOf(control) and self.strip.geometry().contains(middle)

    def _place(self) -> None:
        """Put the strip at the bottom; in a low window it opens over the columns instead of pressing them flat."""
        room = self.desk.look.px(FOLDED) if self._was_low else self.strip.height()
        if self._room.height() != room:
            self._room.setFixedHeight(room)
        edge = 8
        bottom, wide = self.height() - edge, self.width() - 2 * edge
        self.strip.setGeometry(edge, bottom - self.strip.height(), wide, self.strip.height())
        self.strip.raise_()
