"""The first column of the Follower: the program one plays with, its slots, what becomes of it."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QVBoxLayout

from app.parameter import Parameter
from app.snapshot import Snapshot
from ui.desk import Desk, Display
from ui.panel.card import Card, row, snug
from ui.panel.follower_editor import FollowerEditor
from ui.panel.follower_mark import taken_text
from ui.panel.follower_slot import PROGRAMS, SLOTS, SUFFIX, AskPad, ExamplePad, OpenPad, SlotPad
from ui.widget.choice import Choice
from ui.widget.pad import ActionPad, Pad, SwitchPad
from ui.widget.sentence import Sentence

WHEN = {"now": "now", "tick": "next tick", "beat": "next beat", "bar": "next bar"}


def words(picture: Snapshot) -> str:
    """Return what runs."""
    state = picture.follower
    if not state.channels:
        return "nothing runs"
    return f"slot {state.slot} runs: {', '.join(channel.name for channel in state.channels)}"


class Frame(Display):
    """The sheet around an editor, with a ring while it has the keys. Attributes: `editor`."""

    def __init__(self, desk: Desk, editor: FollowerEditor) -> None:
        super().__init__(desk)
        self.editor = editor
        box = QVBoxLayout(self)
        box.setContentsMargins(3, 3, 3, 3)
        box.addWidget(editor)

    def paintEvent(self, event: QPaintEvent) -> None:
        look, painter = self.desk.look, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        has_keys = self.editor.hasFocus()
        painter.setPen(QPen(look.color("text" if has_keys else "outline"), 2 if has_keys else 1))
        painter.setBrush(look.color("control"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 4, 4)


class RunPad(Pad):
    """Runs the text on the page, as Ctrl+Return does; it waits orange until the text is taken."""

    def __init__(self, desk: Desk, editor: FollowerEditor, text: str, tall: int = 32, role: str = "normal") -> None:
        super().__init__(desk, text, editor.play_text, tall, role, "Ctrl+Return")
        self._editor = editor
        self.setAccessibleName("Run the program")
        self.setToolTip("Run the whole text; Shift+Return: only the lines around the cursor  (/follower/evaluate)")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def refresh(self, picture: Snapshot) -> None:
        self.light("learning" if picture.follower.pending else "", marked=self._editor.is_fresh)


def verdict(desk: Desk, editor: FollowerEditor, role: str = "normal") -> Sentence:
    """Return the sentence under an editor: faults, warnings, what to do next."""
    return Sentence(
        desk,
        lambda picture: taken_text(
            picture, editor.is_here(picture), editor.is_fresh, editor.spot is not None, not editor.page.text.strip()
        ),
        role,
    )


class FollowerExamples(Card):
    """Attributes: `editor`, `slots`, `sentence`."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "Examples", words)
        tree = desk.engine.tree
        self.editor = FollowerEditor(desk)
        self.slots = [SlotPad(desk, number) for number in range(1, SLOTS + 1)]
        self.sentence = verdict(desk, self.editor)
        self.body.addLayout(row(*self.slots, gap=4))
        self.body.addWidget(Frame(desk, self.editor), 1)
        self.body.addWidget(self.sentence)
        self.body.addLayout(row(RunPad(desk, self.editor, "Run"), *self._quantise(), gap=6))
        save = AskPad(desk, "Save", "Save the program", PROGRAMS, SUFFIX, "/follower/save")
        pointer = tree.find("/pointer/on")
        hand = [SwitchPad(desk, pointer, "Pointer")] if isinstance(pointer, Parameter) else []
        self.body.addLayout(row(ExamplePad(desk), OpenPad(desk), save, *hand, gap=6))

    def _quantise(self) -> list[Pad]:
        found = self.desk.engine.tree.find("/follower/quantise")
        silence = ActionPad(self.desk, "/follower/stop_all", "Silence")
        if not isinstance(found, Parameter):
            return [silence]
        return [snug(Choice(self.desk, found, titles=WHEN, prefix="at the ")), silence]
