"""The blind test in the window: a preset is heard, one says which label it is, the sheet tells how often one was right.

While it runs the pads that call labels give way to pads that answer, so that nothing on the screen tells the label.
"""

from __future__ import annotations

from PySide6.QtWidgets import QGridLayout, QSizePolicy

from app.snapshot import Snapshot
from ui.desk import Desk, Display
from ui.panel.card import column
from ui.rules_book import MOST_LABELS
from ui.widget.label import Readout
from ui.widget.pad import Pad
from ui.widget.sentence import Sentence

PER_ROW = 3
TALL = 32
NONE = "none"
ANSWER, ASSESS = "/rules/answer", "/rules/assess"


def question(picture: Snapshot) -> tuple[str, str]:
    """Return what is asked, and its colour."""
    blind = picture.rules.blind
    return f"{blind.question} of {blind.questions}: which label do you hear?", "learning"


class AnswerPad(Pad):
    """Answers with one label, or with none of them. Attributes: `slot`, `label` ("": the pad has none)."""

    def __init__(self, desk: Desk, slot: int) -> None:
        super().__init__(desk, "", self._answer, TALL)
        self.slot, self.label = slot, ""
        self.setToolTip(f"This is what I hear  ({ANSWER})")
        self.hide()

    def _answer(self) -> None:
        if self.label:
            self.desk.engine.fire(ANSWER, self.label)

    def refresh(self, picture: Snapshot) -> None:
        labels = (*picture.rules.blind.labels[:MOST_LABELS], NONE)
        label = labels[self.slot] if self.slot < len(labels) else ""
        if label != self.label:
            self.label = label
            self.light("", label)
            self.setAccessibleName("Answer: none of them" if label == NONE else f"Answer {label}")
            self.setVisible(bool(label))


class Answers(Display):
    """The question and a pad for each answer. Attributes: `pads`."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.pads = [AnswerPad(desk, slot) for slot in range(MOST_LABELS + 1)]
        grid = QGridLayout()
        grid.setSpacing(6)
        for slot, pad in enumerate(self.pads):
            grid.addWidget(pad, slot // PER_ROW, slot % PER_ROW)
        self.setLayout(column(Sentence(desk, question, lines=1), grid, gap=4))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def refresh(self, picture: Snapshot) -> None:
        for pad in self.pads:
            pad.refresh(picture)  # One that was hidden does not look by itself.


class BlindPad(Pad):
    """Begins the blind test, or ends it and shows how it went."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "Blind test", self._turn, 28)
        self.setToolTip(f"Hear presets of every label in any order and name them: are the rules any good?  ({ASSESS})")

    def _turn(self) -> None:
        runs = self.desk.engine.snapshot.rules.blind.question > 0
        self.desk.engine.fire(ASSESS, *([0.0] if runs else []))

    def refresh(self, picture: Snapshot) -> None:
        runs = picture.rules.blind.question > 0
        self.setEnabled(runs or bool(picture.rules.rules))
        self.light("learning" if runs else "", "End test" if runs else "Blind test")


def outcome(picture: Snapshot) -> str:
    """Return what came out of the last test for all labels together, "" while one runs."""
    blind = picture.rules.blind
    return blind.report[-1] if blind.report and not blind.question else ""


class Outcome(Readout):
    """How the last test went; pointed at, label by label."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, outcome, role="small", color="dim")

    def tick(self, picture: Snapshot) -> None:
        super().tick(picture)
        self.setToolTip("\n".join(picture.rules.blind.report))
