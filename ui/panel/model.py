"""The second column of the Composer: who plays, training, its loss."""

from __future__ import annotations

from app.snapshot import Snapshot
from ui.desk import Desk
from ui.fader import Fader
from ui.panel.card import Card, row, snug
from ui.widget.choice import Choice
from ui.widget.field import TextField
from ui.widget.label import Label
from ui.widget.loss import LossPlot
from ui.widget.pad import ActionPad, SwitchPad

EMPTY = "Train shows here how the loss falls"


class Model(Card):
    """Attributes: `loss`, the plot."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "Model", lambda picture: picture.training.text)
        tree = desk.engine.tree
        rescan = snug(ActionPad(desk, "/composer/rescan", "Rescan"))
        self.body.addLayout(row(Choice(desk, tree.number("/composer/model")), rescan))
        train = ActionPad(desk, "/composer/train", "Train", learning)
        self.body.addLayout(row(train, ActionPad(desk, "/composer/train_stop", "Stop")))
        self.loss = LossPlot(desk, EMPTY, tall=96)
        self.body.addWidget(self.loss, 1)
        self.body.addWidget(Fader(desk, tree.number("/training/minutes")))
        self.body.addWidget(Fader(desk, tree.number("/training/epochs"), title="Most epochs", says={0.0: "no limit"}))
        out = TextField(desk, tree.text("/training/out"), "folder for models")
        self.body.addLayout(row(Label(desk, "to", color="dim", sample="to"), out))
        if "/training/resume" in tree:
            self.body.addWidget(SwitchPad(desk, tree.number("/training/resume"), "Resume the last run", "learning"))


def learning(picture: Snapshot) -> str:
    """Return the fill of Train."""
    return "learning" if picture.training.active else ""
