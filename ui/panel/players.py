"""The left column of Studio: who plays, what comes in, the session."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QResizeEvent

from app.snapshot import Snapshot
from ui.desk import Desk
from ui.panel.card import Card, column, row, snug
from ui.panel.follower_mark import loss_text, present_lesson
from ui.panel.follower_slot import is_here
from ui.panel.input import InputCard
from ui.panel.listener_model import is_learning
from ui.panel.session_menu import OpenPad
from ui.panel.status_bar import ago
from ui.widget.label import Readout, Words
from ui.widget.pad import ActionPad, SwitchPad

GAP = 8
TALL = 28  # Of the pads on a card: four cards must stand above the input in the lowest window.


class PlayerCard(Card):
    """One player: its name, its switch, one live word. The stripe marks the one whose columns are shown.

    Attributes: `player` (its name among the players).
    """

    def __init__(self, desk: Desk, player: str, title: str, word: Words) -> None:
        super().__init__(desk, title, word)
        self.body.setContentsMargins(12, 5, 12, 7)
        self.body.setSpacing(4)
        self.player = player
        self._is_chosen = False
        self.setToolTip("Click to see its examples, model and output")
        self.setAccessibleName(title)

    def refresh(self, picture: Snapshot) -> None:
        is_chosen = self.desk.player.show() == self.player
        if is_chosen != self._is_chosen:
            self._is_chosen = is_chosen
            self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.desk.choose_player(self.player)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._is_chosen:
            QPainter(self).fillRect(QRectF(0, 10, 3, self.height() - 20), self.desk.look.color("active"))


class ComposerCard(PlayerCard):
    """The Composer."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "composer", "4 Composer", composer_word)
        mute = SwitchPad(desk, desk.engine.tree.number("/composer/mute"), "Mute", "learning", TALL)
        self.body.addLayout(row(ActionPad(desk, "/composer/next", "Next", tall=TALL), mute))


class ListenerCard(PlayerCard):
    """The Listener."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "listener", "1 Listener", listener_word)
        play = SwitchPad(desk, desk.engine.tree.number("/listener/play"), "Answer", tall=TALL)
        train = ActionPad(desk, "/listener/train", "Train", is_learning, TALL)
        train.setAccessibleName("Train the Listener")
        self.body.addLayout(row(play, train))


class RulesCard(PlayerCard):
    """The Rules."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "rules", "2 Rules", rules_word)
        sound = SwitchPad(desk, desk.engine.tree.number("/rules/sound"), "Sound", tall=TALL)
        sound.setAccessibleName("Sound of the Rules")
        learn = ActionPad(desk, "/rules/learn", "Learn", rules_fill, TALL)
        learn.setAccessibleName("Learn rules")
        self.body.addLayout(row(sound, learn))


def rules_fill(picture: Snapshot) -> str:
    """Return the fill of Learn."""
    return "learning" if picture.rules.learning else ""


def rules_word(picture: Snapshot) -> str:
    """Return what the Rules let sound and what waits for its beat, else what they have."""
    state = picture.rules
    if state.coming is not None:
        return f"{state.sounding.label or '–'} → {state.coming.label or f'preset {state.coming.nearest}'}"
    if state.sounding.rule:
        return f"{state.sounding.label} {state.sounding.rule}"
    kept = f"{len(state.presets)} presets" if state.presets else "no presets yet"
    return f"{kept}, {len(state.rules)} rules" if state.rules else kept


class FollowerCard(PlayerCard):
    """The Follower."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "follower", "3 Follower", follower_word)
        mute = SwitchPad(desk, desk.engine.tree.number("/follower/mute"), "Mute", "learning", TALL)
        mute.setAccessibleName("Mute the Follower")
        self.body.addLayout(row(ActionPad(desk, "/follower/stop_all", "Silence", tall=TALL), mute))


def follower_word(picture: Snapshot) -> str:
    """Return what the Follower learns or plays, with its loss."""
    lesson, channels = present_lesson(picture.follower), picture.follower.channels
    if lesson is not None and lesson.loss is not None and any(channel.role == "learn" for channel in channels):
        return f"learns {lesson.name} {loss_text(lesson.loss)}"
    predicted = [channel.name for channel in channels if channel.role == "predict"]
    if predicted:
        return f"predicts {', '.join(predicted)}"
    return f"{len(channels)} channels" if channels else "nothing runs"


def listener_word(picture: Snapshot) -> str:
    """Return what the Listener hears, else what it has."""
    state = picture.listener
    if state.recording:
        return f"records {state.recording}"
    if state.label:
        return f"{state.name} {state.confidence:.2f}"
    total = len(state.examples) if state.examples is not None else 0
    return f"{total} examples" if total else "no examples yet"


def composer_word(picture: Snapshot) -> str:
    """Return who composes, and who is about to."""
    state = picture.composer
    return f"{state.name} → {state.coming}" if state.coming else state.name or "no model"


class SessionCard(Card):
    """Undo, redo, save."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "Session", lambda picture: picture.session)
        self.body.setContentsMargins(12, 5, 12, 7)
        self.body.setSpacing(4)
        self.head.addWidget(snug(OpenPad(desk, TALL)))
        saved = Readout(desk, saved_text, False, role="small", color="dim")
        undo, redo = ActionPad(desk, "/undo"), ActionPad(desk, "/redo")
        self.body.addLayout(row(undo, redo, ActionPad(desk, "/session/save"), gap=6))
        self.body.addLayout(row(Readout(desk, undo_text, role="small", color="dim"), saved))


def saved_text(picture: Snapshot) -> str:
    """Return when the session was saved last."""
    return "not saved yet" if picture.saved_ago is None else f"saved {ago(picture.saved_ago)}"


def undo_text(picture: Snapshot) -> str:
    """Return what undo and redo would touch."""
    parts = [f"undo {picture.undo}" if picture.undo else "", f"redo {picture.redo}" if picture.redo else ""]
    return "   ".join(part for part in parts if part) or "nothing to undo"


class Players(Card):
    """The whole column."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.body.setContentsMargins(0, 0, 0, 0)
        cards = [ListenerCard(desk), RulesCard(desk), *self._follower(desk), ComposerCard(desk)]
        self._cards = (*cards, InputCard(desk), SessionCard(desk))
        box = column(*self._cards)
        box.setStretch(len(cards), 1)
        self.body.addLayout(box)
        self.restyle()

    @staticmethod
    def _follower(desk: Desk) -> list[PlayerCard]:
        return [FollowerCard(desk)] if is_here(desk) else []

    def restyle(self) -> None:
        self.setFixedWidth(self.desk.look.px(240))
        super().restyle()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """While the strip takes the room of a low window, the players stay and what is below them waits."""
        needs = [card.minimumSizeHint().height() + GAP for card in self._cards]
        room = self.height() + GAP
        input_card, session = self._cards[-2:]
        session.setVisible(sum(needs) - needs[-2] <= room)
        input_card.setVisible(sum(needs) <= room)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The cards paint themselves."""
