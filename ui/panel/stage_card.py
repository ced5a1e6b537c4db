"""What stands at the right of Stage: what sounds, where it goes, what the Listener hears, how learning goes."""

from __future__ import annotations

from PySide6.QtWidgets import QStackedWidget

from app.snapshot import Snapshot
from ui.desk import Desk
from ui.panel.card import Card, row
from ui.panel.listener_model import StudyLoss, model_text
from ui.panel.listener_output import Verdict
from ui.panel.output import ROUTES, StateLabel
from ui.widget.keyboard import Keyboard
from ui.widget.label import Label, Readout
from ui.widget.label_pad import LabelPad
from ui.widget.loss import LossPlot
from ui.widget.map import MapView
from ui.widget.meter import Meter
from ui.words import chord_text

SLOTS = 4  # Pads side by side.
PAD_LEAST = 56
LEARN_HINT = "LEARN trains on the folder of MIDI files that was chosen in Studio; its loss falls here"


class NowCard(Card):
    """What sounds: the chord in words and on keys."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "Now", now_text, True)
        self.body.addWidget(Readout(desk, chord_now, role="huge", strong=True))
        self.body.addWidget(Keyboard(desk), 1)


def chord_now(picture: Snapshot) -> str:
    """Return the names of what sounds."""
    return chord_text(picture.composer.token) if picture.playing else "–"


def now_text(picture: Snapshot) -> str:
    """Return how much sounds."""
    state = picture.composer
    return f"{state.sounding} sounding   {state.rate:.1f} notes/beat" if picture.playing else "stopped"


class RouteCard(Card):
    """Where it goes, and how loud it is."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        level = Label(desk, "Synth level", "small", "dim", sample="Synth level")
        self.body.addLayout(row(Label(desk, "To", strong=True, sample="Synth"), level, Meter(desk)))
        for name, title in ROUTES:
            self.body.addLayout(row(Label(desk, title, sample="Synth"), StateLabel(desk, name, "normal")))


class ListenerCard(Card):
    """What the Listener hears: the label, where the sound is among its examples, pads to record more.

    Attributes: `verdict`, `map`, `pads`.
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.verdict, self.map = Verdict(desk), MapView(desk, 120, 11.0)
        self.pads = [LabelPad(desk, number, PAD_LEAST, "large", renames=False) for number in range(1, SLOTS + 1)]
        self.body.addWidget(self.verdict)
        self.body.addWidget(self.map, 1)
        self.body.addLayout(row(*self.pads))


class LossCard(Card):
    """Learning is part of the piece: it is seen here, whoever learns."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "Learning", learning_text)
        self.loss = LossPlot(desk, LEARN_HINT, tall=60)
        self.study = StudyLoss(desk, "LEARN trains the Listener on its examples", 60)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.loss)
        self._stack.addWidget(self.study)
        self.body.addWidget(self._stack, 1)

    def refresh(self, picture: Snapshot) -> None:
        self._stack.setCurrentIndex(int(learner(self.desk, picture) == "listener"))


def learner(desk: Desk, picture: Snapshot) -> str:
    """Return whose learning is seen: who learns now, else the chosen player."""
    if picture.training.active:
        return "composer"
    return "listener" if picture.listener.study.active else desk.player.show()


def learning_text(picture: Snapshot) -> str:
    """Return what is learnt."""
    if picture.training.active or not (picture.listener.study.active or picture.listener.study.models):
        return picture.training.text
    return model_text(picture)  # Its accuracy stands below, with the curve.
