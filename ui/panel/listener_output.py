"""The third column of the Listener: what it says, how sure it must be, and what that moves."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLayout, QSizePolicy, QStackedWidget, QWidget

from app.parameter import Parameter
from app.snapshot import ListenerState, Snapshot
from ui.desk import Desk, Display
from ui.fader import Fader
from ui.panel.card import Card, column, row, snug
from ui.panel.listener_way import Way, WayLines
from ui.panel.route import RouteLines, SourcePad, TargetPad
from ui.panel.route_shape import RouteShape, marked_follow
from ui.widget.bars import ChanceBars
from ui.widget.choice import Choice
from ui.widget.pad import Pad, SwitchPad
from ui.widget.shape import label_color, paint_shape

PAGES = ("Moves", "OSC and MIDI")
LOW_COLUMN = 450
NEW = 1.0  # From here on it lies outside of what was shown.


def said(picture: Snapshot) -> str:
    """Return what the Listener says now, in words."""
    state = picture.listener
    if not state.ready:
        return "nothing learnt yet"
    if not state.answered and not state.label:
        return "ready to answer"
    if not state.probabilities and state.values:
        return "  ".join(f"{value:.2f}" for value in state.values[:4]).replace("-", "−")
    return state.name if state.label else "none of them"


def novelty_text(state: ListenerState) -> str:
    """Return how far what is heard lies from the examples: 1 is their edge."""
    return f"new {min(state.novelty, 99):.1f}" if state.ready and state.heard else ""


def counts_text(picture: Snapshot) -> str:
    """Return how many frames were heard and answered, and what was passed over."""
    state = picture.listener
    parts = [f"{state.answered} answered"] if state.answered else []
    parts += [f"{state.passed_over} passed over"] if state.passed_over else []
    return "   ".join([*parts, *([f"{state.refused} refused"] if state.refused else [])])


class Verdict(Display):
    """The present label, large, in its colour and shape, how sure it is and how new that is. Attributes: `state`."""

    def __init__(self, desk: Desk, role: str = "huge") -> None:
        super().__init__(desk)
        self.state = ListenerState()
        self.role, self._words = role, ""
        self._seen: tuple[object, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("What the Listener hears")

    def sizeHint(self) -> QSize:
        return QSize(200, QFontMetrics(self.desk.look.font(self.role, True)).height() + 4)

    def minimumSizeHint(self) -> QSize:
        return QSize(100, self.sizeHint().height())

    def refresh(self, picture: Snapshot) -> None:
        state, words = picture.listener, said(picture)
        seen = (words, state.colour, f"{state.confidence:.2f}", novelty_text(state))
        if seen != self._seen:
            self._seen, self.state, self._words = seen, state, words
            self.setAccessibleDescription(f"{words} {state.confidence:.2f}, {novelty_text(state)}")
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        look, painter, state = self.desk.look, QPainter(self), self.state
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = self._font()
        metrics, left = QFontMetrics(font), 0
        if state.label:
            size = metrics.capHeight() * 1.15
            paint_shape(painter, look, state.colour, QPointF(size / 2 + 2, self.height() / 2), size)
            left = round(size) + look.px(14)
        figures = f"{state.confidence:.2f}" if state.label and state.probabilities else ""
        small = look.font("large")
        room = self.width() - left - QFontMetrics(small).horizontalAdvance("0.00") - 10 - self._paint_novelty(painter)
        text = metrics.elidedText(self._words, Qt.TextElideMode.ElideRight, room)
        painter.setFont(font)
        painter.setPen(label_color(look, state.colour) if state.label else look.color("dim"))
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(self.rect().adjusted(left, 0, 0, 0), middle, text)
        painter.setFont(small)
        painter.setPen(look.color("dim"))
        painter.drawText(self.rect().adjusted(left + metrics.horizontalAdvance(text) + 10, 0, 0, 0), middle, figures)

    def _font(self) -> QFont:
        """Return the large font for what is said; while nothing is, the largest in which the words fit."""
        look, state = self.desk.look, self.state
        is_said = state.label or (state.values and not state.probabilities)
        if state.ready and state.answered and is_said:
            return look.font(self.role, True)
        room = self.width() - look.px(90)  # Beside the words stands how new it is.
        fonts = [look.font(role, True) for role in ("large", "normal")]
        return next((one for one in fonts if QFontMetrics(one).horizontalAdvance(self._words) < room), fonts[-1])

    def _paint_novelty(self, painter: QPainter) -> int:
        """Paint at the right how new it is, in the colour of a warning outside of what was shown; return the width."""
        text = novelty_text(self.state)
        if not text:
            return 0
        is_new = self.state.novelty > NEW
        font = self.desk.look.font("normal", is_new)
        painter.setFont(font)
        painter.setPen(self.desk.look.color("learning" if is_new else "dim"))
        text = f"! {text}" if is_new else text
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, text)
        return QFontMetrics(font).horizontalAdvance(text) + 8


class LowerTab(Pad):
    """A tab of the lower half. Attributes: `name`."""

    def __init__(self, desk: Desk, name: str, card: ListenerOutput) -> None:
        super().__init__(desk, name, lambda: card.turn(name), 28, "small")
        self.name, self._card = name, card

    def refresh(self, picture: Snapshot) -> None:
        self.light("active" if self._card.page == self.name else "")


class ListenerOutput(Card):
    """Attributes: `page` (the lower half shown), `verdict`, `chances`, `routes`, `shape` (of the marked route), `ways`
    (the outputs' own ways), `way` (the one that is open).
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "Output", counts_text)
        self.page = PAGES[0]
        self.verdict, self.chances, self.routes = Verdict(desk), ChanceBars(desk, 2), RouteLines(desk)
        self.shape = RouteShape(desk, self.routes)
        self.ways, self.way = WayLines(desk, self.open_way), Way(desk, self.close_way)
        self._sheets, self._lower = QStackedWidget(), QStackedWidget()
        self._lower.addWidget(self._routes())
        self._lower.addWidget(self.ways)
        self._sheets.addWidget(self._usual())
        self._sheets.addWidget(self.way)
        self.body.addWidget(self.verdict)
        self.body.addWidget(self._sheets, 1)

    def _usual(self) -> QWidget:
        tabs = [LowerTab(self.desk, name, self) for name in PAGES]
        self._fine = self._faders("margin", "reject")
        box = column(
            self.chances,
            row(*self._faders("smoothing", "confidence")),
            row(*self._fine),
            row(*self._answer(), *self._send()),
            row(*tabs, gap=4),
            self._lower,
            gap=6,
        )
        box.setStretch(0, 1)
        box.setStretch(5, 1)
        return _sheet(box)

    def _routes(self) -> QWidget:
        source = SourcePad(self.desk)
        remove = snug(Pad(self.desk, "Remove", self.routes.remove))
        box = column(self.routes, self.shape, row(source, TargetPad(self.desk, source), remove), gap=6)
        box.setStretch(0, 1)
        return _sheet(box)

    def turn(self, name: str) -> None:
        """Show the routes, or where each output leaves."""
        self.page = name
        self._lower.setCurrentIndex(PAGES.index(name))

    def open_way(self, place: int) -> None:
        """Show the settings of one output over the column."""
        self.way.open(place)
        self._sheets.setCurrentIndex(1)
        self._fit()

    def close_way(self) -> None:
        """Show the column again."""
        self._sheets.setCurrentIndex(0)
        self._fit()

    def refresh(self, picture: Snapshot) -> None:
        follows = marked_follow(self.routes) is not None
        if follows == self.shape.isHidden():
            self.shape.setVisible(follows)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit()

    def _fit(self) -> None:
        """In a low column what one sets once gives way to what one watches; while one sets a way, all of it does."""
        is_low = self.height() < self.desk.look.px(LOW_COLUMN)
        for fader in self._fine:
            fader.setVisible(not is_low)
        self.verdict.setVisible(not (is_low and self._sheets.currentIndex()))

    def _faders(self, *names: str) -> list[Fader]:
        found = [self.desk.engine.tree.find(f"/listener/{name}") for name in names]
        return [Fader(self.desk, parameter) for parameter in found if isinstance(parameter, Parameter)]

    def _answer(self) -> list[SwitchPad]:
        found = self.desk.engine.tree.find("/listener/play")
        return [SwitchPad(self.desk, found, "Answer")] if isinstance(found, Parameter) else []

    def _send(self) -> list[Choice]:
        found = self.desk.engine.tree.find("/listener/send")
        titles = {"change": "on each change", "frame": "each frame", "beat": "each beat", "bar": "each bar"}
        return [Choice(self.desk, found, titles=titles)] if isinstance(found, Parameter) else []


def _sheet(layout: QLayout) -> QWidget:
    sheet = QWidget()
    sheet.setLayout(layout)
    return sheet
