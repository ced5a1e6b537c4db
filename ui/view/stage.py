"""Stage: where one performs. Large, nothing to type, nothing to scroll, nothing that asks."""

from __future__ import annotations

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from app.snapshot import Snapshot
from ui.desk import Desk, Display
from ui.fader import Fader
from ui.panel.card import column
from ui.panel.composer_stage import ComposerStage
from ui.panel.follower_editor import FollowerEditor
from ui.panel.follower_slot import is_here
from ui.panel.follower_stage import FollowerStage
from ui.panel.rules_stage import RulesStage
from ui.panel.scene_row import SceneRow
from ui.panel.stage_card import PAD_LEAST, ListenerCard
from ui.widget.pad import Pad
from ui.widget.pages import Pages
from ui.widget.roll import Roll

LOW_WINDOW = 800
ROLL_LEAST, ROLL_LOW, ROLL_TALL = 60, 96, 150
USUAL = "composer"  # Whose page a player without one shares.


class Stage(Display):
    """Attributes: `usual` (the Composer's page, which the Listener shares), `roll`, `scenes`."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.roll = Roll(desk, ROLL_LEAST, ROLL_TALL)
        self.scenes = SceneRow(desk, PAD_LEAST, "large", renames=False)
        kinds = {USUAL: lambda: ComposerStage(desk), "rules": lambda: RulesStage(desk)}
        if is_here(desk):
            kinds["follower"] = lambda: FollowerStage(desk)
        self._pages = Pages(desk, kinds)
        page = self._pages.page(USUAL)
        assert isinstance(page, ComposerStage)
        self.usual = page
        box = column(self._pages, self.scenes, self.roll, gap=6)
        box.setStretch(0, 1)
        box.setContentsMargins(12, 6, 12, 6)
        self.setLayout(box)
        self._turn()

    @property
    def faders(self) -> list[Fader]:
        """The pinned faders."""
        return self.usual.faders

    @property
    def pads(self) -> list[Pad]:
        """The composers, then the verbs."""
        return self.usual.pads

    @property
    def listener(self) -> ListenerCard:
        """What the Listener hears; in sight once it has examples."""
        return self.usual.listener

    @property
    def rules(self) -> RulesStage:
        """The page of the Rules."""
        page = self._pages.page("rules")
        assert isinstance(page, RulesStage)
        return page

    @property
    def follower(self) -> FollowerStage | None:
        """The page of the Follower; None: it is not installed."""
        page = self._pages.page("follower") if "follower" in self._pages.kinds else None
        assert page is None or isinstance(page, FollowerStage)
        return page

    @property
    def editor(self) -> FollowerEditor | None:
        """The Follower's program; None: its page was not shown yet."""
        page = self._pages.made.get("follower")
        return page.editor if isinstance(page, FollowerStage) else None

    @property
    def places(self) -> tuple[QWidget, ...]:
        """Where one may go by key on the page that is shown."""
        page = self._pages.currentWidget()
        assert isinstance(page, ComposerStage | RulesStage | FollowerStage)
        return page.places

    def _turn(self) -> None:
        """Show the chosen player's page; the keys are the instrument's again."""
        player = self.desk.player.show()
        if self._pages.open(player if player in self._pages.kinds else USUAL):
            self._fold()

    def refresh(self, picture: Snapshot) -> None:
        self._turn()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fold()

    def _fold(self) -> None:
        """In a low window the pads and the roll give way first; the faders stay large."""
        is_low = self.window().height() < self.desk.look.px(LOW_WINDOW)
        for page in self._pages.made.values():
            if isinstance(page, ComposerStage | RulesStage):
                page.fold(is_low)
        look = self.desk.look
        self.roll.setMinimumHeight(look.px(ROLL_LEAST if is_low else ROLL_TALL))
        self.roll.setMaximumHeight(look.px(ROLL_LOW if is_low else ROLL_TALL))
