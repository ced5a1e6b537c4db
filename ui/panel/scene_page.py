"""The scenes in full: sixteen pads, how long a scene takes and what it waits for, and which values scenes keep."""

from __future__ import annotations

from ui.desk import Desk, Display
from ui.fader import Fader
from ui.panel.card import column, row, snug
from ui.panel.scene_row import PADS, SceneRow
from ui.widget.choice import Choice
from ui.widget.field import TextField
from ui.widget.label import Label
from ui.widget.pad import SwitchPad

SAMPLE = "keeps"


class ScenePage(Display):
    """Attributes: `rows` (of pads), `morph`, `waits`, `choices`, `programs`, `scope`."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        tree = desk.engine.tree
        self.rows = [SceneRow(desk, 36, first=first) for first in (1, 1 + PADS)]
        self.morph = Fader(desk, tree.number("/scene/morph"))
        waits = {"off": "at once", "beat": "on the beat", "bar": "on the bar"}
        self.waits = snug(Choice(desk, tree.number("/scene/quantise"), 28, waits))
        self.choices = snug(Choice(desk, tree.number("/scene/choices"), 28, prefix="choices at the "))
        self.programs = snug(SwitchPad(desk, tree.number("/scene/programs"), "MIDI programs call", tall=28))
        self.scope = TextField(desk, tree.text("/scene/scope"), "addresses such as /composer/** or /transport/bpm")
        keeps = Label(desk, SAMPLE, "small", "dim", sample=SAMPLE)
        below = row(self.morph, self.waits, self.choices, self.programs, keeps, self.scope, gap=8)
        below.setStretch(0, 1)
        below.setStretch(5, 1)
        self.setLayout(column(*self.rows, below, 1, gap=8))
