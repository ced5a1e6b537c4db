"""The left column of Studio: who plays, what comes in, the session, the window itself."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent

from app.snapshot import Snapshot
from ui.desk import Desk
from ui.fader import Fader
from ui.panel.card import Card, column, row, snug
from ui.panel.status_bar import ago
from ui.panel.top_bar import NamePad
from ui.widget.label import Readout
from ui.widget.pad import ActionPad, Pad, SwitchPad
from ui.words import chord_text


class PlayerCard(Card):
    """One player: its name, its switch, one live word. The stripe marks the one whose columns are shown."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "1 Composer", composer_word)
        mute = SwitchPad(desk, desk.engine.tree.number("/composer/mute"), "Mute", "learning")
        self.body.addLayout(row(ActionPad(desk, "/composer/next", "Next"), mute))
        self.body.addWidget(Readout(desk, token_text, role="small", color="dim"))

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        QPainter(self).fillRect(QRectF(0, 10, 3, self.height() - 20), self.desk.look.color("active"))


def composer_word(picture: Snapshot) -> str:
    """Return who composes, and who is about to."""
    state = picture.composer
    return f"{state.name} → {state.coming}" if state.coming else state.name or "no model"


def token_text(picture: Snapshot) -> str:
    """Return what sounds now in words."""
    state = picture.composer
    return chord_text(state.token) if picture.playing else "stopped"


class InputCard(Card):
    """What comes in over OSC."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "Input", input_text)
        self.body.addWidget(Readout(desk, last_message, False, role="small", color="dim"))


def input_text(picture: Snapshot) -> str:
    """Return where the instrument listens."""
    return f"OSC port {picture.osc_port}" if picture.osc_port else "not listening"


def last_message(picture: Snapshot) -> str:
    """Return the last message that came in."""
    last = next((line for line in reversed(picture.messages) if line.direction == "in"), None)
    return last.text if last is not None else "right-click a fader: its address"


class SessionCard(Card):
    """Undo, redo, save."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "Session", lambda picture: picture.session)
        saved = Readout(desk, saved_text, False, role="small", color="dim")
        undo, redo = ActionPad(desk, "/undo"), ActionPad(desk, "/redo")
        self.body.addLayout(row(undo, redo))
        self.body.addWidget(Readout(desk, undo_text, role="small", color="dim"))
        self.body.addLayout(row(ActionPad(desk, "/session/save"), saved))


def saved_text(picture: Snapshot) -> str:
    """Return when the session was saved last."""
    return "not saved yet" if picture.saved_ago is None else f"saved {ago(picture.saved_ago)}"


def undo_text(picture: Snapshot) -> str:
    """Return what undo and redo would touch."""
    parts = [f"undo {picture.undo}" if picture.undo else "", f"redo {picture.redo}" if picture.redo else ""]
    return "   ".join(part for part in parts if part) or "nothing to undo"


class WindowCard(Card):
    """Size, light and theme of the window."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "Window")
        self.head.addWidget(snug(Pad(desk, "Hints", lambda: desk.begin_hints(), 28)))
        tree = desk.engine.tree
        theme, motion = tree.number("/window/theme"), tree.number("/window/motion")
        self.body.addWidget(Fader(desk, tree.number("/window/size")))
        self.body.addWidget(Fader(desk, tree.number("/window/dim")))
        self.body.addLayout(row(NamePad(desk, theme, "dark", "Dark"), NamePad(desk, theme, "light", "Light")))
        keys = SwitchPad(desk, tree.number("/window/keys"), "Keys")
        self.body.addLayout(row(SwitchPad(desk, motion, "Motion"), keys))


class Players(Card):
    """The whole column."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.body.setContentsMargins(0, 0, 0, 0)
        cards = PlayerCard(desk), InputCard(desk), SessionCard(desk), WindowCard(desk)
        self.body.addLayout(column(*cards, 1))
        self.restyle()

    def restyle(self) -> None:
        self.setFixedWidth(self.desk.look.px(240))
        super().restyle()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The cards paint themselves."""
