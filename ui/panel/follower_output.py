"""The third column of the Follower: the channels as they are hit, where they go, what can be kept of them."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy

from app.parameter import Parameter, TextParameter
from app.snapshot import Snapshot
from app.snapshot_follower import ChannelState
from ui.desk import Desk, Display
from ui.panel.card import Card, row
from ui.panel.follower_mark import glow
from ui.panel.follower_slot import AskPad
from ui.panel.output import Routes
from ui.widget.editor_gutter import SIGNS
from ui.widget.field import TextField
from ui.widget.label import Label
from ui.widget.meter import Meter
from ui.widget.pad import ActionPad, SwitchPad
from ui.widget.shape import paint_shape

TALL = 24
WORDS = {"source": "source", "learn": "learns", "predict": "predicts"}
WRITE_BACK, MUTE = "/follower/write_back", "/follower/mute"


class Lamps(Display):
    """The channels of the program that runs, each lit by its hits. Attributes: `channels`, `tall` (px of a row)."""

    def __init__(self, desk: Desk, tall: int = TALL, role: str = "normal") -> None:
        super().__init__(desk)
        self.channels: tuple[ChannelState, ...] = ()
        self.tall, self.role = tall, role
        self._levels: tuple[float, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Channels")

    def sizeHint(self) -> QSize:
        return QSize(160, self.desk.look.px(self.tall * 6))

    def minimumSizeHint(self) -> QSize:
        return QSize(100, self.desk.look.px(self.tall * 2))

    @property
    def levels(self) -> tuple[float, ...]:
        """The light of each channel, 0..1."""
        return self._levels

    def refresh(self, picture: Snapshot) -> None:
        channels = picture.follower.channels
        levels = tuple(glow(channel.hits, picture) for channel in channels)
        if levels != self._levels or channels != self.channels:
            self.channels, self._levels = channels, levels
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        look, painter = self.desk.look, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(look.font(self.role))
        if not self.channels:
            painter.setPen(look.color("dim"))
            room = self.rect().adjusted(0, 4, 0, 0)
            painter.drawText(room, Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignTop, "No channel sounds")
            return
        tall = min(look.px(self.tall), self.height() // len(self.channels))
        for place, (channel, level) in enumerate(zip(self.channels, self._levels, strict=True)):
            self._paint_channel(painter, channel, level, QRectF(0, place * tall, self.width(), tall))

    def _paint_channel(self, painter: QPainter, channel: ChannelState, level: float, box: QRectF) -> None:
        look, middle = self.desk.look, Qt.AlignmentFlag.AlignVCenter
        colour, color = SIGNS.get(channel.role, SIGNS[""])
        back, fill = QColor(look.color(color)), look.color(color)
        back.setAlphaF(0.35 * level)
        painter.fillRect(box.adjusted(0, 1, 0, -1), back)
        size = box.height() * (0.3 + 0.3 * level)
        paint_shape(painter, look, colour, QPointF(box.left() + box.height() / 2, box.center().y()), size, fill)
        left = box.height() + 4
        strong = look.font(self.role, True)
        painter.setFont(strong)
        painter.setPen(look.color("text"))
        painter.drawText(box.adjusted(left, 0, 0, 0), middle, channel.name)
        used = left + QFontMetrics(strong).horizontalAdvance(channel.name) + 12
        painter.setFont(look.font("small" if self.role == "normal" else "normal"))
        painter.setPen(look.color("dim"))
        words = channel.text or WORDS.get(channel.role, "")
        text = QFontMetrics(painter.font()).elidedText(words, Qt.TextElideMode.ElideRight, int(box.width() - used - 6))
        painter.drawText(box.adjusted(used, 0, -6, 0), middle | Qt.AlignmentFlag.AlignRight, text)


def words(picture: Snapshot) -> str:
    """Return how many channels sound."""
    count = len(picture.follower.channels)
    return f"{count} channel{'s' * (count != 1)}" if count else "silent"


class FollowerOutput(Card):
    """Attributes: `lamps`, `routes`."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "Output", words)
        tree = desk.engine.tree
        self.lamps, self.routes = Lamps(desk), Routes(desk, narrow=True)
        self.body.addWidget(self.lamps, 1)
        write = ActionPad(desk, WRITE_BACK, "Write as code")
        export = AskPad(desk, "Export", "Export a MIDI file", "MIDI (*.mid)", ".mid", "/follower/export_midi")
        self.body.addLayout(row(write, export, gap=6))
        samples = tree.find("/follower/samples")
        if isinstance(samples, TextParameter):
            label = Label(desk, "Samples", color="dim", sample="Samples")
            self.body.addLayout(row(label, TextField(desk, samples, "folder of NAME.wav")))
        self.body.addWidget(self.routes)
        self.body.addWidget(Meter(desk))
        mute = tree.find(MUTE)
        switches = [SwitchPad(desk, mute, "Mute", "learning")] if isinstance(mute, Parameter) else []
        self.body.addLayout(row(ActionPad(desk, "/output/test", "Test note"), *switches))
