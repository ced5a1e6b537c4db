"""The Rules on Stage: the two knobs large, a pad for each label, the line for those who watch."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.snapshot import Snapshot
from ui.desk import Desk, Display
from ui.panel.card import Card, column, row
from ui.panel.rules_knobs import VaryPad
from ui.panel.rules_model import MapWords, TakePad, model_text
from ui.panel.rules_output import GoodPad
from ui.panel.top_bar import PlayPad
from ui.widget.label import Readout
from ui.widget.pad import ActionPad, Pad, SwitchPad
from ui.widget.rules_count import Counts
from ui.widget.rules_label import CallPad, PresetPads
from ui.widget.rules_map import RulesMap
from ui.widget.rules_sound import SoundingCard

PAD = 56
CALL = 72
PER_ROW = 3


def echo(picture: Snapshot) -> str:
    """Return the last line as it was performed, else the two knobs in the same words."""
    state = picture.rules
    return f"› {state.echo}" if state.echo else f"› ruler distance:{state.distance} consistency:{state.consistency:.3g}"


class RulesStage(Display):
    """Attributes: `map`, `calls` (a pad for each label), `pads` (verbs), `sounding`, `counts`, `line`."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.map, self.sounding = RulesMap(desk, large=True), SoundingCard(desk, "huge", "large")
        self.calls = PresetPads(desk, CallPad, CALL, PER_ROW, "large", grows=True)
        self.pads = self._verbs()
        model, heard = Card(desk, "Rules", model_text), Card(desk)
        model.body.addWidget(self.map, 1)
        model.body.addWidget(MapWords(desk, self.map, "large"))
        heard.body.addWidget(self.sounding)
        self.counts = Counts(desk, "normal")
        heard.body.addWidget(self.counts)
        heard.body.addStretch(1)
        self.line = Readout(desk, echo, role="huge", strong=True)
        right = column(heard, self.calls, *self._rows(), gap=8)
        right.setStretch(1, 1)
        halves = QHBoxLayout()
        halves.setContentsMargins(0, 0, 0, 0)
        halves.setSpacing(12)
        halves.addWidget(model, 52)
        halves.addLayout(right, 48)
        box = column(halves, self.line, gap=6)
        box.setStretch(0, 1)
        self.setLayout(box)

    def fold(self, is_low: bool) -> None:
        """Give up the figures and some of the pads' height in a low window."""
        self.counts.setVisible(not is_low)
        for call in self.calls.pads:
            call.tall = PAD if is_low else CALL
            call.restyle()

    @property
    def places(self) -> tuple[QWidget, ...]:
        """Where one may go by key: the map, then the rows of pads."""
        return (self.map, *self.pads[::4])

    def _rows(self) -> list[QHBoxLayout]:
        return [row(*self.pads[:4]), row(*self.pads[4:])]

    def _verbs(self) -> list[Pad]:
        desk = self.desk
        return [
            PlayPad(desk, PAD, "large", ("PLAY", "STOP")),
            SwitchPad(desk, desk.engine.tree.number("/rules/sound"), "SOUND", tall=PAD, role="large"),
            TakePad(desk, PAD, "large", "TAKE"),
            ActionPad(desk, "/rules/back", "A / B", None, PAD, "large"),
            VaryPad(desk, 1, "VARY 1", PAD, "large"),
            GoodPad(desk, PAD, "large", "GOOD"),
            ActionPad(desk, "/rules/wrong", "WRONG", None, PAD, "large"),
            ActionPad(desk, "/undo", "UNDO", None, PAD, "large"),
        ]
