"""Stage: where one performs. Large, nothing to type, nothing to scroll, nothing that asks."""

from __future__ import annotations

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QWidget

from app.parameter import Steps
from app.snapshot import Snapshot
from ui.desk import Desk, Display
from ui.face import STAGE
from ui.panel.card import Card, column, row
from ui.panel.follower_editor import FollowerEditor
from ui.panel.follower_slot import SLOTS as FOLLOWER_SLOTS
from ui.panel.follower_slot import is_here
from ui.panel.follower_stage import FollowerStage
from ui.panel.listener_model import StudyLoss, is_learning
from ui.panel.listener_output import Verdict
from ui.panel.model import learning
from ui.panel.output import ROUTES, StateLabel, performance_faders
from ui.panel.rules_stage import CALL as RULES_CALL
from ui.panel.rules_stage import RulesStage
from ui.panel.scene_row import SceneRow
from ui.panel.top_bar import PlayPad
from ui.widget.keyboard import Keyboard
from ui.widget.label import Label, Readout
from ui.widget.label_pad import LabelPad
from ui.widget.loss import LossPlot
from ui.widget.map import MapView
from ui.widget.meter import Meter
from ui.widget.pad import ActionPad, Pad, SwitchPad
from ui.widget.roll import Roll
from ui.words import chord_text

SLOTS = 4
PAD_TALL, PAD_LEAST = 72, 56
LOW_WINDOW = 800
ROLL_LEAST, ROLL_LOW, ROLL_TALL = 60, 96, 150
LEARN_HINT = "LEARN trains on the folder of MIDI files that was chosen in Studio; its loss falls here"


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
            return f"at the next bar: {picture.composer.coming}"
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


class NowCard(Card):
    """What sounds: the chord in words and on keys."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "Now", now_text, True)
        self.body.addWidget(Readout(desk, chord_now, role="huge", strong=True))
        self.body.addWidget(Keyboard(desk), 1)


def chord_now(picture: Snapshot) -> str:
    """Return the names of what sounds."""
    return chord_text(picture.composer.token) if picture.playing else "–"


def now_text(picture: Snapshot) -> str:
    """Return how much sounds."""
    state = picture.composer
    return f"{state.sounding} sounding   {state.rate:.1f} notes/beat" if picture.playing else "stopped"


class RouteCard(Card):
    """Where it goes, and how loud it is."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        level = Label(desk, "Synth level", "small", "dim", sample="Synth level")
        self.body.addLayout(row(Label(desk, "To", strong=True, sample="Synth"), level, Meter(desk)))
        for name, title in ROUTES:
            self.body.addLayout(row(Label(desk, title, sample="Synth"), StateLabel(desk, name, "normal")))


class ListenerCard(Card):
    """What the Listener hears: the label, where the sound is among its examples, pads to record more.

    Attributes: `verdict`, `map`, `pads`.
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.verdict, self.map = Verdict(desk), MapView(desk, 120, 11.0)
        self.pads = [LabelPad(desk, number, PAD_LEAST, "large", renames=False) for number in range(1, SLOTS + 1)]
        self.body.addWidget(self.verdict)
        self.body.addWidget(self.map, 1)
        self.body.addLayout(row(*self.pads))


class LossCard(Card):
    """Learning is part of the piece: it is seen here, whoever learns."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "Learning", learning_text)
        self.loss = LossPlot(desk, LEARN_HINT, tall=60)
        self.study = StudyLoss(desk, "LEARN trains the Listener on its examples", 60)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.loss)
        self._stack.addWidget(self.study)
        self.body.addWidget(self._stack, 1)

    def refresh(self, picture: Snapshot) -> None:
        self._stack.setCurrentIndex(int(learner(self.desk, picture) == "listener"))


def learner(desk: Desk, picture: Snapshot) -> str:
    """Return whose learning is seen: who learns now, else the chosen player."""
    if picture.training.active:
        return "composer"
    return "listener" if picture.listener.study.active else desk.player.show()


def learning_text(picture: Snapshot) -> str:
    """Return what is learnt."""
    if picture.training.active or not (picture.listener.study.active or picture.listener.study.models):
        return picture.training.text
    return picture.listener.study.text


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


class Stage(Display):
    """Attributes: `faders`, `pads` (composers, then verbs), `roll`, `listener` (there once it has examples),
    `rules` (their page), `scenes`, `follower` (its page; None: not installed).
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.faders = performance_faders(desk, STAGE)
        self.pads = [*(ComposerPad(desk, slot) for slot in range(SLOTS)), *self._verbs()]
        self.roll = Roll(desk, ROLL_LEAST, ROLL_TALL)
        head = row(NameLabel(desk), NextLabel(desk), gap=16)
        pads = column(row(*self.pads[:SLOTS]), row(*self.pads[SLOTS:]))
        left = column(head, *self.faders, pads, gap=8)
        self.rules = RulesStage(desk)
        self.scenes = SceneRow(desk, PAD_LEAST, "large", renames=False)
        self.follower = FollowerStage(desk) if is_here(desk) else None
        self.listener, self._now, self._routes = ListenerCard(desk), NowCard(desk), RouteCard(desk)
        self._right = column(self._now, self._routes, self.listener, LossCard(desk))
        self._shares: tuple[int, ...] = ()
        self._listens: bool | None = None
        self._share(False, False)
        self._usual = QWidget()
        halves = QHBoxLayout(self._usual)
        halves.setContentsMargins(0, 0, 0, 0)
        halves.setSpacing(20)
        halves.addLayout(left, 54)
        halves.addLayout(self._right, 46)
        self._pages = QStackedWidget()
        self._pages.addWidget(self._usual)
        self._pages.addWidget(self.rules)
        if self.follower is not None:
            self._pages.addWidget(self.follower)
        box = column(self._pages, self.scenes, self.roll, gap=6)
        box.setStretch(0, 1)
        box.setContentsMargins(12, 6, 12, 6)
        self.setLayout(box)

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
    def editor(self) -> FollowerEditor | None:
        """The Follower's program; None: there is no Follower."""
        return self.follower.editor if self.follower is not None else None

    @property
    def places(self) -> tuple[QWidget, ...]:
        """Where one may go by key: to what is moved first, then to the rows of pads."""
        if self.follower is not None and self.follower.isVisible():
            return (self.follower.editor, *self.follower.pads[::FOLLOWER_SLOTS])
        if self.rules.isVisible():
            return (self.rules.map, *self.rules.pads[::4])
        return (self.faders[0], *self.pads[::SLOTS])

    def _turn(self) -> None:
        """Show the chosen player's page; the keys are the instrument's again."""
        pages: dict[str, QWidget | None] = {"rules": self.rules, "follower": self.follower}
        page = pages.get(self.desk.player.show()) or self._usual
        if self._pages.currentWidget() is not page:
            focus = self.window().focusWidget()
            leaves = focus is not None and self._pages.isAncestorOf(focus)
            self._pages.setCurrentWidget(page)
            if leaves:
                self.window().setFocus()

    def refresh(self, picture: Snapshot) -> None:
        self._turn()
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

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a low window the pads and the roll give way first; the faders stay large."""
        is_low = self.window().height() < self.desk.look.px(LOW_WINDOW)
        for pad in (*self.pads, *self.listener.pads):
            pad.tall = PAD_LEAST if is_low else PAD_TALL
            pad.restyle()
        self.rules.fold(is_low)
        for call in self.rules.calls.pads:
            call.tall = PAD_LEAST if is_low else RULES_CALL
            call.restyle()
        look = self.desk.look
        self.roll.setMinimumHeight(look.px(ROLL_LEAST if is_low else ROLL_TALL))
        self.roll.setMaximumHeight(look.px(ROLL_LOW if is_low else ROLL_TALL))
