"""The third column of the Listener: what it says, how sure it must be, and what that moves."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy

from app.parameter import Parameter
from app.snapshot import ListenerState, Snapshot
from ui.desk import Desk, Display
from ui.fader import Fader
from ui.panel.card import Card, row, snug
from ui.panel.route import RouteLines, SourcePad, TargetPad
from ui.widget.bars import ChanceBars
from ui.widget.choice import Choice
from ui.widget.label import Label
from ui.widget.pad import Pad, SwitchPad
from ui.widget.shape import label_color, paint_shape


def said(picture: Snapshot) -> str:
    """Return what the Listener says now, in words."""
    state = picture.listener
    if not state.ready:
        return "nothing learnt yet"
    if not state.probabilities and state.values:
        return "  ".join(f"{value:.2f}" for value in state.values[:4]).replace("-", "−")
    return state.name if state.label else "none of them"


def counts_text(picture: Snapshot) -> str:
    """Return how many frames were heard and answered, and what was passed over."""
    state = picture.listener
    parts = [f"{state.answered} answered"] if state.answered else []
    parts += [f"{state.passed_over} passed over"] if state.passed_over else []
    return "   ".join([*parts, *([f"{state.refused} refused"] if state.refused else [])])


class Verdict(Display):
    """The present label, large, in its colour and shape, with how sure it is. Attributes: `state`."""

    def __init__(self, desk: Desk, role: str = "huge") -> None:
        super().__init__(desk)
        self.state = ListenerState()
        self.role, self._words = role, ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("What the Listener hears")

    def sizeHint(self) -> QSize:
        return QSize(200, QFontMetrics(self.desk.look.font(self.role, True)).height() + 4)

    def minimumSizeHint(self) -> QSize:
        return QSize(100, self.sizeHint().height())

    def refresh(self, picture: Snapshot) -> None:
        state, words = picture.listener, said(picture)
        seen = (words, state.colour, f"{state.confidence:.2f}")
        if seen != (self._words, self.state.colour, f"{self.state.confidence:.2f}"):
            self.state, self._words = state, words
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        look, painter, state = self.desk.look, QPainter(self), self.state
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = look.font(self.role if state.ready else "large", True)
        metrics, left = QFontMetrics(font), 0
        if state.label:
            size = metrics.capHeight() * 1.15
            paint_shape(painter, look, state.colour, QPointF(size / 2 + 2, self.height() / 2), size)
            left = round(size) + look.px(14)
        figures = f"{state.confidence:.2f}" if state.ready and state.probabilities else ""
        small = look.font("large")
        room = self.width() - left - QFontMetrics(small).horizontalAdvance("0.00") - 10
        text = metrics.elidedText(self._words, Qt.TextElideMode.ElideRight, room)
        painter.setFont(font)
        painter.setPen(label_color(look, state.colour) if state.label else look.color("dim"))
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(self.rect().adjusted(left, 0, 0, 0), middle, text)
        painter.setFont(small)
        painter.setPen(look.color("dim"))
        painter.drawText(self.rect().adjusted(left + metrics.horizontalAdvance(text) + 10, 0, 0, 0), middle, figures)


class ListenerOutput(Card):
    """Attributes: `verdict`, `chances`, `routes`."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "Output", counts_text)
        self.verdict, self.chances, self.routes = Verdict(desk), ChanceBars(desk), RouteLines(desk)
        self.body.addWidget(self.verdict)
        self.body.addWidget(self.chances, 1)
        self.body.addLayout(row(*self._faders("smoothing", "confidence")))
        self.body.addLayout(row(*self._faders("margin", "reject")))
        self.body.addLayout(row(*self._answer(), *self._send()))
        source = SourcePad(desk)
        remove = snug(Pad(desk, "Remove", self.routes.remove))
        self.body.addWidget(Label(desk, "What a label or a number moves", "small", "dim"))
        self.body.addWidget(self.routes, 1)
        self.body.addLayout(row(source, TargetPad(desk, source), remove))

    def _faders(self, *names: str) -> list[Fader]:
        found = [self.desk.engine.tree.find(f"/listener/{name}") for name in names]
        return [Fader(self.desk, parameter) for parameter in found if isinstance(parameter, Parameter)]

    def _answer(self) -> list[SwitchPad]:
        found = self.desk.engine.tree.find("/listener/play")
        return [SwitchPad(self.desk, found, "Answer")] if isinstance(found, Parameter) else []

    def _send(self) -> list[Choice]:
        found = self.desk.engine.tree.find("/listener/send")
        titles = {"change": "on each change", "frame": "each frame", "beat": "each beat"}
        return [Choice(self.desk, found, titles=titles)] if isinstance(found, Parameter) else []
