"""The piano roll: what was just played moves left from the now-line.

Notes are turned into rectangles in beats only when the list of notes changes; every frame then moves and scales
them with one transform, a few draw calls for all notes together.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

from PySide6.QtCore import QLineF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy

from app.snapshot import RollNote, Snapshot
from ui.desk import Desk, Display

NOW_AT = 0.8
BARS_BACK = 8
LEVELS = 8
LEAST_SPAN = 36
LEAST_PX = 4.0
LABEL_PX = 64  # A bar's number must not run into the names of the octaves.
OCTAVE = 12


def pitch_span(notes: Sequence[RollNote]) -> tuple[int, int]:
    """Return the lowest and highest pitch to show: whole octaves around the notes, three at least."""
    low = min((note.pitch for note in notes), default=48)
    high = max((note.pitch for note in notes), default=83)
    low -= low % OCTAVE
    high += OCTAVE - 1 - high % OCTAVE
    while high - low + 1 < LEAST_SPAN:
        low, high = (low - OCTAVE, high) if (low + high) / 2 > 62 and low >= OCTAVE else (low, high + OCTAVE)
    return low, min(high, 131)


class Roll(Display):
    """The notes of the last bars. Attributes: `notes`, `beat`, `beats_per_bar`, `span` (pitches shown)."""

    def __init__(self, desk: Desk, tall: int = 120, tall_max: int = 400) -> None:
        super().__init__(desk)
        self.notes: tuple[RollNote, ...] = ()
        self.beat, self.beats_per_bar = 0.0, 4
        self.span = pitch_span(())
        self._tall = tall
        self._done: list[list[QRectF]] = [[] for _ in range(LEVELS)]
        self._held: list[RollNote] = []
        self._thick = 0.9
        self._shades: tuple[QColor, ...] = ()
        self._theme = ""
        self.setMaximumHeight(tall_max)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Piano roll")
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    def sizeHint(self) -> QSize:
        return QSize(400, self.desk.look.px(self._tall))

    def minimumSizeHint(self) -> QSize:
        return QSize(200, min(self.desk.look.px(self._tall), self.maximumHeight()))

    def refresh(self, picture: Snapshot) -> None:
        changed = picture.notes is not self.notes
        if changed:
            self._take(picture.notes)
        if changed or picture.beat != self.beat or picture.beats_per_bar != self.beats_per_bar:
            self.beat, self.beats_per_bar = picture.beat, picture.beats_per_bar
            self.update()

    def _take(self, notes: tuple[RollNote, ...]) -> None:
        self.notes = notes
        if notes:
            self.span = pitch_span(notes)
        # In lanes; a low roll makes notes thicker than their lane rather than too thin to see.
        self._thick = min(max(LEAST_PX / self.lane, 0.9), 2.0)
        self._done = [[] for _ in range(LEVELS)]
        self._held = []
        for note in notes:
            if note.end is None:
                self._held.append(note)
            else:
                self._done[level_of(note.velocity)].append(self._rectangle(note, note.end))

    def _rectangle(self, note: RollNote, end: float) -> QRectF:
        # A thin gap after each note keeps repeated ones apart.
        wide = max(end - note.start - 0.04, 0.06)
        return QRectF(note.start, self.span[1] - note.pitch + 0.5 - self._thick / 2, wide, self._thick)

    @property
    def lane(self) -> float:
        """The height of one pitch in px."""
        return max(self.height(), 1) / (self.span[1] - self.span[0] + 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._take(self.notes)

    @property
    def pixels_per_beat(self) -> float:
        return self.width() * NOW_AT / (BARS_BACK * self.beats_per_bar)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self.desk.look.color("panel"))
        self._paint_grid(painter)
        painter.save()
        painter.translate(self.width() * NOW_AT, 0)
        painter.scale(self.pixels_per_beat, self.lane)
        painter.translate(-self.beat, 0)
        painter.setPen(Qt.PenStyle.NoPen)
        self._paint_notes(painter)
        painter.restore()
        now = self.width() * NOW_AT
        painter.setPen(QPen(self.desk.look.color("now"), 2))
        painter.drawLine(QLineF(now, 0, now, self.height()))

    def _paint_notes(self, painter: QPainter) -> None:
        if self._theme != self.desk.look.theme:
            self._theme, self._shades = self.desk.look.theme, self._mix()
        for shade, rectangles in zip(self._shades, self._done, strict=True):
            if rectangles:
                painter.setBrush(shade)
                painter.drawRects(rectangles)
        for note in self._held:
            painter.setBrush(self._shades[level_of(note.velocity)])
            painter.drawRect(self._rectangle(note, max(self.beat, note.start + 0.1)))

    def _mix(self) -> tuple[QColor, ...]:
        """Return the shades of soft to loud notes: from half way out of the background to the full colour."""
        look = self.desk.look
        return tuple(
            blend(look.color("panel"), look.color("active"), 0.5 + 0.5 * n / (LEVELS - 1)) for n in range(LEVELS)
        )

    def _paint_grid(self, painter: QPainter) -> None:
        look, tall = self.desk.look, self.height()
        painter.setFont(look.font("small"))
        lane = self.lane
        painter.setPen(QPen(look.color("grid"), 1))
        octaves = range(self.span[0], self.span[1], OCTAVE)
        painter.drawLines(
            [
                QLineF(0, tall - (c - self.span[0]) * lane, self.width(), tall - (c - self.span[0]) * lane)
                for c in octaves
            ]
        )
        now, scale = self.width() * NOW_AT, self.pixels_per_beat
        first = int((self.beat - now / scale) // self.beats_per_bar)
        last = int((self.beat + (self.width() - now) / scale) // self.beats_per_bar)
        for bar in range(max(first, 0), last + 1):
            x = now + (bar * self.beats_per_bar - self.beat) * scale
            painter.setPen(QPen(look.color("outline"), 1))
            painter.drawLine(QLineF(x, 0, x, tall))
            if not 0 <= x < self.width() - LABEL_PX:
                continue
            painter.setPen(look.color("dim"))
            painter.drawText(QRectF(x + 4, 1, 60, look.px(16)), Qt.AlignmentFlag.AlignLeft, str(bar + 1))
        painter.setPen(look.color("dim"))
        for pitch in octaves[:: self._octaves_apart()]:
            y = tall - (pitch - self.span[0]) * lane - look.px(16)
            painter.drawText(
                QRectF(self.width() - 34, y, 30, look.px(16)), Qt.AlignmentFlag.AlignRight, f"C{pitch // OCTAVE - 1}"
            )

    def _octaves_apart(self) -> int:
        """Return how many octaves lie between two names, so that none runs into the next."""
        tall = QFontMetrics(self.desk.look.font("small")).height()
        return max(1, ceil(tall / (OCTAVE * self.lane)))


def level_of(velocity: int) -> int:
    """Return the shade of a velocity 1..127."""
    return min(max(velocity, 0) * LEVELS // 128, LEVELS - 1)


def blend(one: QColor, other: QColor, share: float) -> QColor:
    """Return the colour `share` 0..1 of the way from one to another."""
    parts = ((one.red(), other.red()), (one.green(), other.green()), (one.blue(), other.blue()))
    return QColor(*(round(a + (b - a) * share) for a, b in parts))
