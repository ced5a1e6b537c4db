"""The Composer on Stage: who composes, the pinned faders, a pad for each composer, the verbs, what is heard."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.launch import words
from app.parameter import Steps
from app.snapshot import Snapshot
from ui.desk import Desk, Display
from ui.face import STAGE
from ui.panel.card import column, row
from ui.panel.listener_model import is_learning
from ui.panel.model import learning
from ui.panel.output import performance_faders
from ui.panel.stage_card import PAD_LEAST, SLOTS, ListenerCard, LossCard, NowCard, RouteCard
from ui.panel.top_bar import PlayPad
from ui.widget.label import Label, Readout
from ui.widget.pad import ActionPad, Pad, SwitchPad

PAD_TALL = 72


class ComposerPad(Pad):
    """One composer of the list. Attributes: `slot`, its place on the screen."""

    def __init__(self, desk: Desk, slot: int) -> None:
        super().__init__(desk, "–", self._choose, PAD_TALL, "large")
        self.slot = slot
        self._name = ""

    def _choose(self) -> None:
        if self._name:
            self.desk.engine.set("/composer/model", self._name)

    def refresh(self, picture: Snapshot) -> None:
        names = composer_names(self.desk)
        first = first_slot(len(names), int(self.desk.engine.tree.number("/composer/model").value))
        at = first + self.slot
        self._name = names[at] if at < len(names) else ""
        self.setEnabled(bool(self._name))
        sounding = bool(self._name) and picture.composer.name == self._name
        coming = bool(self._name) and picture.composer.coming == self._name
        text = f"{self._name} …" if coming else self._name or "–"
        self.light("active" if sounding else "", text, coming)


def composer_names(desk: Desk) -> tuple[str, ...]:
    """Return the names of the models that can be chosen."""
    curve = desk.engine.tree.number("/composer/model").curve
    return curve.names if isinstance(curve, Steps) else ()


def first_slot(count: int, chosen: int) -> int:
    """Return which name stands in the first slot, so that the chosen one is in sight."""
    return min(max(chosen - SLOTS // 2, 0), max(count - SLOTS, 0))


class NextLabel(Readout):
    """Who comes next, and the key for it."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, self._words, role="large", color="dim")

    def _words(self, picture: Snapshot) -> str:
        if picture.composer.coming:
            waits = self.desk.engine.tree.number("/composer/quantise").show()
            return f"{words(waits)}: {picture.composer.coming}"
        names = composer_names(self.desk)
        if not names:
            return "no composer installed: train one in Studio"
        chosen = int(self.desk.engine.tree.number("/composer/model").value)
        return f"next: {names[(chosen + 1) % len(names)]}   C" if len(names) > 1 else ""


class NameLabel(Label):
    """Who composes, as large as anything on the screen."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "", "huge", strong=True, sample="–")

    def refresh(self, picture: Snapshot) -> None:
        name = picture.composer.name or picture.composer.coming or "–"
        if name != self.text:
            self.sample = name
            self.show_text(name)
            self.updateGeometry()


class LearnPad(ActionPad):
    """Trains the chosen player, as Return does."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "/composer/train", "LEARN", None, PAD_TALL, "large")
        self.badge = "Return"

    def deed(self) -> None:
        self.desk.engine.fire(f"/{self.desk.player.show()}/train")

    def refresh(self, picture: Snapshot) -> None:
        self.light(learning(picture) or is_learning(picture))

    def tick(self, picture: Snapshot) -> None:
        self.setToolTip(f"Train the {self.desk.player.show().capitalize()}")


class ComposerStage(Display):
    """Attributes: `faders`, `pads` (composers, then verbs), `listener` (there once it has examples)."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.faders = performance_faders(desk, STAGE)
        self.pads = [*(ComposerPad(desk, slot) for slot in range(SLOTS)), *self._verbs()]
        head = row(NameLabel(desk), NextLabel(desk), gap=16)
        pads = column(row(*self.pads[:SLOTS]), row(*self.pads[SLOTS:]))
        left = column(head, *self.faders, pads, gap=8)
        self.listener, self._now, self._routes = ListenerCard(desk), NowCard(desk), RouteCard(desk)
        self._right = column(self._now, self._routes, self.listener, LossCard(desk))
        self._shares: tuple[int, ...] = ()
        self._listens: bool | None = None
        self._share(False, False)
        halves = QHBoxLayout(self)
        halves.setContentsMargins(0, 0, 0, 0)
        halves.setSpacing(20)
        halves.addLayout(left, 54)
        halves.addLayout(self._right, 46)

    def _verbs(self) -> list[Pad]:
        desk = self.desk
        mute = SwitchPad(desk, desk.engine.tree.number("/composer/mute"), "MUTE", "learning", PAD_TALL, "large")
        return [
            PlayPad(desk, PAD_TALL, "large", ("PLAY", "STOP")),
            ActionPad(desk, "/composer/next", "NEXT", None, PAD_TALL, "large"),
            mute,
            LearnPad(desk),
        ]

    @property
    def places(self) -> tuple[QWidget, ...]:
        """Where one may go by key: to what is moved first, then to the rows of pads."""
        return (self.faders[0], *self.pads[::SLOTS])

    def refresh(self, picture: Snapshot) -> None:
        listens = bool(self.desk.page(picture).total)
        self._share(bool(picture.training.train or picture.listener.study.train), listens)

    def _share(self, learnt: bool, listens: bool) -> None:
        """Give the loss its room once there is one, and the Listener its own once it has examples."""
        if listens != self._listens:
            self._listens = listens
            self.listener.setVisible(listens)
            for card in (self._now, self._routes):
                card.setVisible(not listens)
        shares = (0, 0, 5, 2) if listens else (4, 0, 0, 5) if learnt else (5, 0, 0, 2)
        if shares != self._shares:
            self._shares = shares
            for at, share in enumerate(shares):
                self._right.setStretch(at, share)

    def fold(self, is_low: bool) -> None:
        """In a low window the pads give way first; the faders stay large."""
        for pad in (*self.pads, *self.listener.pads):
            pad.tall = PAD_LEAST if is_low else PAD_TALL
            pad.restyle()
