"""Pads for the labels of presets: one keeps what is heard under a label, one calls a label and makes a preset of it.

The pads are there from the start and take a label's name, colour and shape when it comes.
"""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QGridLayout, QSizePolicy

from app.action import Argument
from app.snapshot import Snapshot
from app.snapshot_rules import LabelCount
from ui.desk import Desk, Display
from ui.rules_book import MOST_LABELS, RulesPage
from ui.widget.pad import Pad
from ui.widget.rules_cell import short
from ui.widget.shape import paint_shape

SHIFT = Qt.KeyboardModifier.ShiftModifier


class PresetPad(Pad):
    """Attributes: `slot` (its place among the labels), `label` ("": there is none), `colour`, `figures` (the widest
    that fits is shown), `address` and `arguments` of what it fires."""

    address = ""

    def __init__(self, desk: Desk, slot: int, tall: int, role: str) -> None:
        super().__init__(desk, "", lambda: self.press(), tall, role)
        self.slot, self.label, self.colour = slot, "", 0
        self.figures: tuple[str, ...] = ()

    @property
    def arguments(self) -> tuple[Argument, ...]:
        return (self.label,)

    def press(self) -> None:
        """Do what the pad is for."""
        if self.label:
            self.desk.engine.fire(self.address, *self.arguments)

    def follow(self, page: RulesPage, *figures: str) -> None:
        """Take the label that stands in this slot."""
        label = page.labels[self.slot] if self.slot < len(page.labels) else ""
        seen = (label, page.colour(label) or 0, figures)
        if seen != (self.label, self.colour, self.figures):
            self.label, self.colour, self.figures = seen
            self.setText(label)
            self.update()

    def minimumSizeHint(self) -> QSize:
        return QSize(self.desk.look.px(60), self.desk.look.px(self.tall))

    def _paint_text(self, painter: QPainter) -> None:
        """Paint the shape, the name beside it, and the figures below or, in a low pad, to the right."""
        look = self.desk.look
        size = look.px(22 if self.role == "large" else 12)
        left = look.px(10 if self.role == "large" else 7)
        fill = look.color("on_fill") if self.fill else None
        paint_shape(painter, look, self.colour, QPointF(left + size / 2, self.height() / 2), size, fill)
        words = self.rect().adjusted(left + size + look.px(7), 0, -look.px(6), 0)
        is_low = self.tall < 40
        font, small = look.font(self.role, True), look.font("small")
        metrics, below = QFontMetrics(font), QFontMetrics(small)
        room = words.width()
        figures = next((text for text in self.figures if below.horizontalAdvance(text) <= room), "")
        if is_low:
            aside = below.horizontalAdvance(figures) + look.px(5) if figures else 0
            figures, aside = ("", 0) if metrics.horizontalAdvance(self.text()) + aside > room else (figures, aside)
            room -= aside
        self._paint_words(painter, words, metrics.elidedText(self.text(), Qt.TextElideMode.ElideRight, room), is_low)
        painter.setFont(small)
        painter.setPen(look.color("on_fill" if self.fill else "dim"))
        if is_low:
            painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, figures)
        else:
            top = (self.height() + metrics.height() - below.height()) // 2
            painter.drawText(words.adjusted(0, top, 0, 0), Qt.AlignmentFlag.AlignTop, figures)

    def _paint_words(self, painter: QPainter, box: QRect, text: str, is_low: bool) -> None:
        look = self.desk.look
        painter.setFont(look.font(self.role, True))
        painter.setPen(look.color("on_fill" if self.fill else "text" if self.isEnabled() else "outline"))
        if is_low:
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, text)
            return
        tall = QFontMetrics(look.font(self.role, True)).height() + QFontMetrics(look.font("small")).height()
        painter.drawText(box.adjusted(0, (self.height() - tall) // 2, 0, 0), Qt.AlignmentFlag.AlignTop, text)


class KeepPad(PresetPad):
    """Keeps what is heard under a label, with one press."""

    address = "/rules/keep"

    def __init__(self, desk: Desk, slot: int, tall: int = 28, role: str = "normal") -> None:
        super().__init__(desk, slot, tall, role)
        self.setToolTip("Keep what is heard under this label  (/rules/keep)")

    def refresh(self, picture: Snapshot) -> None:
        page = self.desk.presets(picture)
        label = page.labels[self.slot] if self.slot < len(page.labels) else ""
        self.follow(page, str(page.counts.get(label, 0)))
        self.setAccessibleName(f"Keep as {label}")


class CallPad(PresetPad):
    """Calls a label: any of its rules; with Shift the next one. It is filled while its label sounds, and says where it
    begins while it waits for its beat."""

    address = "/rules/call"

    def __init__(self, desk: Desk, slot: int, tall: int = 44, role: str = "normal") -> None:
        super().__init__(desk, slot, tall, role)
        self._shift = False
        self._next = 1
        self.setToolTip("Any rule of this label; Shift: its next rule  (/rules/call)")

    @property
    def arguments(self) -> tuple[Argument, ...]:
        return self.label, float(self._next) if self._shift else "r"

    def refresh(self, picture: Snapshot) -> None:
        page, heard = self.desk.presets(picture), picture.rules.sounding
        label = page.labels[self.slot] if self.slot < len(page.labels) else ""
        count = next((one for one in picture.rules.labels if one.label == label), LabelCount(label))
        sounds = bool(label) and heard.label == label and heard.rule > 0
        self._next = heard.rule + 1 if sounds else 1
        figures = figures_of(count)
        keyed = [f"key {self.slot + 1}   {figures[0]}"] if self.role == "large" and label else []
        coming = picture.rules.coming
        waits = bool(label) and coming is not None and coming.label == label and coming.rule > 0
        self.follow(page, *([picture.rules.coming_at] if waits else keyed), *figures)
        self.setEnabled(bool(count.rules))
        self.setAccessibleName(f"Call {label}")
        is_on = bool(self.desk.engine.tree.number("/rules/sound").value)
        text = f"{label} …" if waits else label
        self.light("active" if sounds and is_on else "", text, waits or (sounds and not is_on))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._shift = bool(event.modifiers() & SHIFT)
        super().mouseReleaseEvent(event)
        self._shift = False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self._shift = bool(event.modifiers() & SHIFT)
        super().keyPressEvent(event)
        self._shift = False


def figures_of(count: LabelCount) -> tuple[str, ...]:
    """Return how much there is to call, in words and in short: rules and variations."""
    if not count.rules:
        return "no rules yet", "no rules", "–"
    rules = "1 rule" if count.rules == 1 else f"{count.rules} rules"
    return f"{rules} · {short(count.variations)}", f"{count.rules} · {short(count.variations)}", str(count.rules)


class PresetPads(Display):
    """A pad for each label there is, `per_row` in a row; `grows`: as tall as there is room.

    Attributes: `pads`, `count` (in sight).
    """

    def __init__(
        self,
        desk: Desk,
        kind: type[KeepPad | CallPad],
        tall: int,
        per_row: int,
        role: str = "normal",
        grows: bool = False,
    ) -> None:
        super().__init__(desk)
        self.pads = [kind(desk, slot, tall, role) for slot in range(MOST_LABELS)]
        self.count = -1
        self._per_row = per_row
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(6)
        tall_policy = QSizePolicy.Policy.Expanding if grows else QSizePolicy.Policy.Fixed
        self.setSizePolicy(QSizePolicy.Policy.Expanding, tall_policy)
        for pad in self.pads:
            pad.setParent(self)
            if grows:
                pad.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.lay_out(0)

    def refresh(self, picture: Snapshot) -> None:
        self.lay_out(min(len(self.desk.presets(picture).labels), MOST_LABELS))

    def lay_out(self, count: int) -> None:
        """Show so many pads, in rows of equal length."""
        if count == self.count:
            return
        self.count = count
        rows = max(-(-count // self._per_row), 1)
        per_row = max(-(-count // rows), 1)
        for slot, pad in enumerate(self.pads):
            self._grid.removeWidget(pad)
            pad.setVisible(slot < count)
        for slot, pad in enumerate(self.pads[:count]):
            self._grid.addWidget(pad, slot // per_row, slot % per_row)
        self.setMaximumHeight(16_777_215 if count else 0)
