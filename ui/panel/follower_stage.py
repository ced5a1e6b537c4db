"""The Follower on Stage: the program large enough to be read from behind, and its learning as part of the piece."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.parameter import Parameter
from app.snapshot import Snapshot
from ui.desk import Desk, Display
from ui.panel.card import Card, column, row
from ui.panel.follower_editor import FollowerEditor
from ui.panel.follower_examples import Frame, RunPad, verdict
from ui.panel.follower_mark import loss_text, present_lesson, sure_text
from ui.panel.follower_model import FollowerLoss
from ui.panel.follower_output import MUTE, Lamps
from ui.panel.follower_slot import SLOTS, SlotPad
from ui.panel.top_bar import PlayPad
from ui.widget.label import Readout
from ui.widget.pad import ActionPad, Pad, SwitchPad
from ui.widget.tick_row import TickRows

PAD = 56


def loss_now(picture: Snapshot) -> str:
    """Return the loss of what is taught, as large as anything on the screen."""
    lesson = present_lesson(picture.follower)
    return loss_text(lesson.loss if lesson is not None else None)


def lesson_now(picture: Snapshot) -> str:
    """Return what is learnt or predicted, and how sure the model is."""
    lesson = present_lesson(picture.follower)
    if lesson is None:
        return "loss: nothing is learnt yet"
    roles = {channel.name: channel.role for channel in picture.follower.channels}
    verb = {"learn": "learns", "predict": "predicts"}.get(roles.get(lesson.name, ""), "knows")
    sure = f", {sure_text(lesson)} sure" if sure_text(lesson) else ""
    return f"loss   {verb} {lesson.name}{sure}"


class FollowerStage(Display):
    """Attributes: `editor`, `pads` (slots, then verbs), `ticks`, `loss`, `lamps`."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.editor = FollowerEditor(desk, "large", "normal", 1.2)
        slots = [SlotPad(desk, number, PAD, "large") for number in range(1, SLOTS + 1)]
        self.pads: list[Pad] = [*slots, *self._verbs()]
        left = column(row(*slots), Frame(desk, self.editor), verdict(desk, self.editor), row(*self.pads[SLOTS:]))
        left.setStretch(1, 1)
        self.ticks, self.loss, self.lamps = (
            TickRows(desk, 34, "normal"),
            FollowerLoss(desk, 60),
            Lamps(desk, 34, "large"),
        )
        learning, sounding = Card(desk), Card(desk)
        big = Readout(desk, loss_now, role="huge", strong=True, sample="<0.001")
        learning.body.addLayout(row(big, Readout(desk, lesson_now, role="large", color="dim")))
        learning.body.addWidget(self.ticks)
        learning.body.addWidget(self.loss, 1)
        sounding.body.addWidget(self.lamps, 1)
        right = column(learning, sounding)
        right.setStretch(0, 3)
        right.setStretch(1, 2)
        halves = QHBoxLayout(self)
        halves.setContentsMargins(0, 0, 0, 0)
        halves.setSpacing(12)
        halves.addLayout(left, 58)
        halves.addLayout(right, 42)

    @property
    def places(self) -> tuple[QWidget, ...]:
        """Where one may go by key: the program, then the rows of pads."""
        return (self.editor, *self.pads[::SLOTS])

    def _verbs(self) -> list[Pad]:
        desk = self.desk
        mute = desk.engine.tree.find(MUTE)
        verbs: list[Pad] = [
            PlayPad(desk, PAD, "large", ("PLAY", "STOP")),
            RunPad(desk, self.editor, "RUN", PAD, "large"),
            ActionPad(desk, "/follower/new_model", "NEW MODEL", None, PAD, "large"),
        ]
        if isinstance(mute, Parameter):
            verbs.append(SwitchPad(desk, mute, "MUTE", "learning", PAD, "large"))
        return verbs
