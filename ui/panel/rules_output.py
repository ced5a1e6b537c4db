"""The third column of the Rules: what sounds, labels to call, how they are called, and the line one types."""

from __future__ import annotations

from app.parameter import Parameter, TextParameter
from app.snapshot import Snapshot
from ui.desk import Desk
from ui.fader import Fader
from ui.panel.card import Card, row, snug
from ui.panel.rules_blind import Answers, BlindPad, Outcome
from ui.widget.choice import Choice
from ui.widget.entry import EntryField
from ui.widget.field import TextField
from ui.widget.label import Label, Readout
from ui.widget.meter import Meter
from ui.widget.pad import ActionPad, Pad, SwitchPad
from ui.widget.rules_label import CallPad, PresetPads
from ui.widget.rules_sound import SoundingCard

MODES = {"set": "values of the rule", "interval": "anywhere between"}
EVERY = {"off": "by hand only"}
CALLS = {"now": "at once", "beat": "on the beat", "bar": "on the bar", "2 bars": "on 2 bars", "4 bars": "on 4 bars"}
PER_ROW = 3


def words(picture: Snapshot) -> str:
    """Return where what sounds came from."""
    lineage = picture.rules.lineage
    return lineage[-1] if lineage and picture.rules.sounding.rule else ""


def echo(picture: Snapshot) -> str:
    """Return the line as it was performed."""
    return f"› {picture.rules.echo}" if picture.rules.echo else ""


class GoodPad(ActionPad):
    """Keeps what was called as its own label."""

    def __init__(self, desk: Desk, tall: int = 28, role: str = "normal", text: str = "Good") -> None:
        super().__init__(desk, "/rules/good", text, None, tall, role)
        self._text = text

    def refresh(self, picture: Snapshot) -> None:
        heard = picture.rules.sounding
        self.setEnabled(bool(heard.label) and (heard.new or not heard.nearest))


class RulesOutput(Card):
    """Attributes: `sounding`, `calls` (a pad for each label), `answers` (in sight during a blind test), `line` (takes
    what one types).
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "Output", words)
        self.sounding = SoundingCard(desk)
        self.calls = PresetPads(desk, CallPad, 44, PER_ROW)
        self.line = EntryField(desk, "Line", "set rain r", self._type, stays=True, tall=32)
        self.body.addWidget(self.sounding)
        self.body.addLayout(row(GoodPad(desk), *self._verdict(), gap=6))
        self.answers = Answers(desk)
        self.answers.hide()
        self.body.addWidget(self.calls)
        self.body.addWidget(self.answers)
        self.body.addWidget(Outcome(desk))
        self.body.addStretch(1)
        self.body.addLayout(row(*self._choices(), gap=6))
        waits = snug(Choice(desk, self._number("quantise"), 28, CALLS))
        self.body.addLayout(row(*self._faders("near", "morph")))
        self.body.addLayout(row(*self._sequence(), gap=6))
        self.body.addStretch(1)
        self.body.addLayout(row(self.line, waits))
        self.body.addWidget(Readout(desk, echo, role="large", strong=True))
        self.body.addLayout(row(self._sound(), snug(BlindPad(desk)), Meter(desk)))

    def refresh(self, picture: Snapshot) -> None:
        """While a blind test asks, its answers stand where labels are called: no pad may tell what sounds."""
        asks = picture.rules.blind.question > 0
        if self.answers.isHidden() == asks:
            self.answers.setVisible(asks)
            self.calls.setVisible(not asks)
            self.sounding.setVisible(not asks)

    def _type(self, text: str) -> None:
        self.desk.engine.fire("/rules/line", text)

    def _number(self, name: str) -> Parameter:
        return self.desk.engine.tree.number(f"/rules/{name}")

    def _verdict(self) -> list[Pad]:
        return [
            ActionPad(self.desk, "/rules/wrong", "Wrong", None, 28),
            ActionPad(self.desk, "/undo", "Undo", None, 28),
        ]

    def _choices(self) -> list[Pad]:
        desk = self.desk
        mode = Choice(desk, self._number("mode"), 28)
        new = SwitchPad(desk, self._number("only_new"), tall=28)
        weighted = SwitchPad(desk, self._number("weighted"), tall=28)
        return [mode, new, weighted]

    def _faders(self, *names: str) -> list[Fader]:
        return [Fader(self.desk, self._number(name)) for name in names]

    def _sequence(self) -> list[Label | Choice | TextField]:
        found = self.desk.engine.tree.find("/rules/sequence")
        every = snug(Choice(self.desk, self._number("every"), titles=EVERY))
        made: list[Label | Choice | TextField] = [every]
        if isinstance(found, TextParameter):
            made.append(TextField(self.desk, found, "in turn: rain storm"))
        return made

    def _sound(self) -> SwitchPad:
        pad = SwitchPad(self.desk, self._number("sound"), "Sound", tall=28)
        return snug(pad)
