"""The scenes in full: sixteen pads, how long a scene takes to arrive, and which values scenes keep."""

from __future__ import annotations

from ui.desk import Desk, Display
from ui.fader import Fader
from ui.panel.card import column, row
from ui.panel.scene_row import PADS, SceneRow
from ui.widget.field import TextField
from ui.widget.label import Label

SAMPLE = "keeps"


class ScenePage(Display):
    """Attributes: `rows` (of pads), `morph`, `scope`."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        tree = desk.engine.tree
        self.rows = [SceneRow(desk, 36, first=first) for first in (1, 1 + PADS)]
        self.morph = Fader(desk, tree.number("/scene/morph"))
        self.scope = TextField(desk, tree.text("/scene/scope"), "addresses such as /composer/** or /transport/bpm")
        below = row(self.morph, Label(desk, SAMPLE, "small", "dim", sample=SAMPLE), self.scope, gap=12)
        below.setStretch(0, 1)
        below.setStretch(2, 2)
        self.setLayout(column(*self.rows, below, 1, gap=8))
