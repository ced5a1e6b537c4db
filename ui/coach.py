"""The first minute: one line at the bottom that says the next thing to do.

Each line waits for its deed, not for a Next button, and Esc takes the coach away. The lines are data, so that
the same list is the script of a test.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPolygonF

from app.engine import Engine
from app.snapshot import Snapshot
from ui.desk import Desk
from ui.panel.card import Bar
from ui.widget.label import Label


@dataclass(slots=True)
class Deeds:
    """What has been done since the coach began.

    Attributes: `engine`, `picture`, `player` (returns whose columns are shown), `start` (address -> value as shown).
    """

    engine: Engine
    picture: Snapshot
    player: Callable[[], str] = lambda: ""
    start: dict[str, str] = field(default_factory=dict)

    def moved(self, address: str) -> bool:
        """Whether a Parameter is another than when the coach first asked; a new list of choices is no deed."""
        parameter = self.engine.tree.find(address)
        if parameter is None:
            return True
        return parameter.show() != self.start.setdefault(address, parameter.show())

    def is_on(self, address: str) -> bool:
        """Whether a switch is on; one that does not exist is not waited for."""
        parameter = self.engine.tree.find(address)
        return parameter is None or bool(parameter.value)

    def recorded(self, label: int) -> bool:
        """Whether there are examples of a label."""
        examples = self.picture.listener.examples
        kinds = [output.kind for output in examples.outputs] if examples is not None else []
        if examples is None or "class" not in kinds:
            return False
        return examples.counts(kinds.index("class")).get(label, 0) > 0

    @property
    def hears(self) -> bool:
        """Whether frames come in."""
        return any(state.frames for state in self.picture.listener.inputs) or self.is_on("/listener/input/pointer/on")

    @property
    def has_route(self) -> bool:
        return any(binding.source.name.startswith("/listener/label/") for binding in self.engine.bindings)

    @property
    def view(self) -> str:
        return self.engine.tree.number("/window/view").show()

    @property
    def is_ahead(self) -> bool:
        """Whether the performer went to Studio: hints for Stage would only lag behind."""
        return self.view == "studio"

    @property
    def is_back(self) -> bool:
        """Whether the performer went back to Stage: hints for Studio would only be in the way."""
        return self.view == "stage"


SWITCH = "/window/coach"
Condition = Callable[[Deeds], bool]
LINES: tuple[tuple[Condition, str], ...] = (
    (lambda deeds: deeds.picture.playing, "Space: play"),
    (lambda deeds: deeds.moved("/composer/temperature") or deeds.is_ahead, "T or G: wilder or calmer"),
    (lambda deeds: deeds.moved("/composer/density") or deeds.is_ahead, "D or F: denser or thinner"),
    (lambda deeds: deeds.moved("/composer/model") or deeds.is_ahead, "C: next composer"),
    (lambda deeds: deeds.is_ahead, "F1: Studio, where the Listener learns from you"),
    (lambda deeds: deeds.player() == "listener" or deeds.is_back, "Alt+1: the Listener"),
    (lambda deeds: deeds.hears or deeds.is_back, "Turn Pointer on, below the map: the map becomes a pad"),
    (lambda deeds: deeds.recorded(1) or deeds.is_back, "Move about in one corner of the map and hold 1"),
    (lambda deeds: deeds.recorded(2) or deeds.is_back, "Now in another corner: hold 2"),
    (lambda deeds: deeds.picture.listener.ready or deeds.is_back, "Return: train"),
    (lambda deeds: deeds.is_on("/listener/play") or deeds.is_back, "Turn Answer on and move: the label follows"),
    (lambda deeds: deeds.has_route or deeds.is_back, "Moves…: let a label choose a composer"),
    (lambda deeds: deeds.is_back, "F2: back to Stage"),
    (lambda deeds: deeds.moved("/window/keys"), "?: all keys.   Ctrl+.: panic"),
)


class Coach(Bar):
    """Attributes: `lines`, `at` (index of the line that waits), `sentence` ("" when all is done)."""

    def __init__(self, desk: Desk, lines: Sequence[tuple[Condition, str]] = LINES) -> None:
        super().__init__(desk, 32)
        self.lines, self.at = tuple(lines), 0
        self._deeds = Deeds(desk.engine, desk.engine.snapshot, lambda: desk.player.show())
        self.row.setContentsMargins(30, 0, 12, 0)
        self.words = Label(desk, self.sentence, strong=True)
        self.row.addWidget(self.words, 1)
        self.row.addWidget(Label(desk, "Esc: no more hints", "small", "dim", sample="Esc: no more hints"))

    @property
    def sentence(self) -> str:
        return self.lines[self.at][1] if self.at < len(self.lines) else ""

    def follow(self, is_on: bool) -> None:
        """Be there or not, as the switch of the hints says; switched on again it begins anew."""
        if is_on and not self.sentence:
            self.again()
        self.setVisible(is_on and bool(self.sentence))

    def skip(self) -> bool:
        """Say no more, for good; return whether there was anything left to say."""
        had = self.isVisible()
        self.at = len(self.lines)
        self.hide()
        if had:
            self.desk.engine.set(SWITCH, 0.0)
        return had

    def again(self) -> None:
        """Begin anew."""
        self.at = 0
        self._deeds.start.clear()
        self.words.show_text(self.sentence)

    def refresh(self, picture: Snapshot) -> None:
        self._deeds.picture = picture
        while self.at < len(self.lines) and self.lines[self.at][0](self._deeds):
            self.at += 1
        if not self.sentence:
            self.skip()
        self.words.show_text(self._with_fault(picture))

    def _with_fault(self, picture: Snapshot) -> str:
        """Before the first note, say if it will not be heard here."""
        synth = next((device for device in picture.devices if device.name == "synth"), None)
        if self.at == 0 and synth is not None and synth.state == "failed":
            return f"{self.sentence}   ({synth.text})"
        return self.sentence

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self.desk.look.color("raised"))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.desk.look.color("now"))
        y = self.height() / 2
        painter.drawPolygon(QPolygonF([QPointF(14, y - 5), QPointF(14, y + 5), QPointF(22, y)]))
