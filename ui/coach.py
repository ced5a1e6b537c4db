"""The first minute: one line at the bottom that says the next thing to do.

Each line waits for its deed, not for a Next button, and Esc takes the coach away. The lines are data, so that
the same list is the script of a test.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPolygonF

from app.snapshot import Snapshot
from ui.desk import Desk
from ui.panel.card import Bar
from ui.script import LINES, ON_LISTENER, SCRIPTS, TO_LISTENER, Condition, Deeds
from ui.widget.label import Label

SWITCH = "/window/coach"
Lines = Sequence[tuple[Condition, str]]


class Coach(Bar):
    """Attributes: `lines`, `at` (index of the line that waits), `scripts` (player -> its own lines), `sentence` (""
    when all is done).
    """

    def __init__(self, desk: Desk, lines: Lines = LINES, scripts: Mapping[str, Lines] = SCRIPTS) -> None:
        super().__init__(desk, 32)
        self.lines, self.at, self.scripts = tuple(lines), 0, scripts
        self._places = dict.fromkeys(scripts, 0)
        self._deeds = Deeds(desk.engine, desk.engine.snapshot, lambda: desk.player.show())
        self.row.setContentsMargins(30, 0, 12, 0)
        self.words = Label(desk, self.sentence, strong=True)
        self.row.addWidget(self.words, 1)
        self.row.addWidget(Label(desk, "Esc: no more hints", "small", "dim", sample="Esc: no more hints"))

    @property
    def sentence(self) -> str:
        if self._own or self.at >= len(self.lines):
            return self._own
        is_away = self.lines is LINES and self.at in ON_LISTENER and self.desk.player.show() != "listener"
        return TO_LISTENER if is_away else self.lines[self.at][1]

    @property
    def _own(self) -> str:
        """What the script of the player that is shown says, "" if it has none or is through."""
        player = self.desk.player.show()
        lines = self.scripts.get(player, ())
        place = self._places.get(player, 0)
        return lines[place][1] if place < len(lines) and self.at else ""

    def follow(self, is_on: bool) -> None:
        """Be there or not, as the switch of the hints says; switched on again it begins anew."""
        if is_on and not self.sentence:
            self.again()
        self.setVisible(is_on and bool(self.sentence))

    def skip(self) -> bool:
        """Say no more, for good; return whether there was anything left to say."""
        had = self.isVisible()
        self.at = len(self.lines)
        self._places = {player: len(lines) for player, lines in self.scripts.items()}
        self.hide()
        if had:
            self.desk.engine.set(SWITCH, 0.0)
        return had

    def again(self) -> None:
        """Begin anew."""
        self.at = 0
        self._places = dict.fromkeys(self.scripts, 0)
        self._deeds.start.clear()
        self.words.show_text(self.sentence)

    def refresh(self, picture: Snapshot) -> None:
        self._deeds.picture = picture
        while self.at < len(self.lines) and self.lines[self.at][0](self._deeds):
            self.at += 1
        lines, player = self.scripts.get(self.desk.player.show(), ()), self.desk.player.show()
        while self._places.get(player, 0) < len(lines) and lines[self._places[player]][0](self._deeds):
            self._places[player] += 1
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
