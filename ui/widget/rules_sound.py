"""What sounds, as a card: whose label, which rule made it, how far it is from what was kept, whether it is new."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy

from app.snapshot import Snapshot
from app.snapshot_rules import RulesState, SoundingState
from ui.desk import Desk, Display
from ui.widget.shape import label_color, paint_shape


class SoundingCard(Display):
    """Attributes: `state`, `role` (font of the label), `lines` (what stands below it)."""

    def __init__(self, desk: Desk, role: str = "huge", small: str = "normal") -> None:
        super().__init__(desk)
        self.state = SoundingState()
        self.role, self._small = role, small
        self.lines: tuple[str, ...] = ()
        self._name, self._colour, self._on = "–", -1, False
        self._sound = desk.engine.tree.number("/rules/sound")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("What sounds")

    def sizeHint(self) -> QSize:
        look = self.desk.look
        tall = QFontMetrics(look.font(self.role, True)).height() + 3 * QFontMetrics(look.font(self._small)).height()
        return QSize(200, tall + 6)

    def minimumSizeHint(self) -> QSize:
        return QSize(100, self.sizeHint().height())

    def refresh(self, picture: Snapshot) -> None:
        state, page = picture.rules, self.desk.presets(picture)
        heard, is_on = state.sounding, bool(self._sound.value)
        name = heard.label or heard.named
        colour = page.colours.get(name, -1)
        seen = (name or ("by hand" if is_on else "silent"), colour, is_on, said(state, is_on))
        if seen != (self._name, self._colour, self._on, self.lines):
            self._name, self._colour, self._on, self.lines = seen
            self.state = heard
            self.setAccessibleDescription(". ".join((self._name, *self.lines)))
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        look, painter = self.desk.look, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = look.font(self.role, True)
        metrics, left = QFontMetrics(font), 0
        if self._colour >= 0:
            size = metrics.capHeight() * 1.15
            color = None if self._on else look.color("dim")
            paint_shape(painter, look, self._colour, QPointF(size / 2 + 2, metrics.height() / 2), size, color)
            left = round(size) + look.px(10)
        painter.setFont(font)
        has_color = self._colour >= 0 and self._on
        painter.setPen(label_color(look, self._colour) if has_color else look.color("dim"))
        room = QRect(left, 0, self.width() - left, metrics.height())
        name = metrics.elidedText(self._name, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, name)
        self._paint_lines(painter, metrics.height() + 2)

    def _paint_lines(self, painter: QPainter, top: int) -> None:
        look = self.desk.look
        font = look.font(self._small)
        metrics = QFontMetrics(font)
        painter.setFont(font)
        for number, line in enumerate(self.lines):
            painter.setPen(look.color("text" if number == 0 else "dim"))
            box = QRect(0, top + number * metrics.height(), self.width(), metrics.height())
            painter.drawText(box, 0, metrics.elidedText(line, Qt.TextElideMode.ElideRight, box.width()))


def said(state: RulesState, is_on: bool) -> tuple[str, str, str]:
    """Return three lines about what sounds: who made it, what it resembles, what the model calls it."""
    heard = state.sounding
    if state.coming is not None:
        made = f"{state.coming_at}: {coming_text(state.coming)}"
    elif heard.rule:
        made = f"rule {heard.rule}, {heard.mode}"
    elif heard.label:
        made = f"kept preset {heard.nearest}"
    else:
        made = "turned by hand or varied" if is_on else "turn a knob, or call a label"
    is_silent = not is_on and bool(heard.label or heard.named)
    way = f"   on its way {heard.morph:.0%}" if heard.morph < 1 else "   silent" if is_silent else ""
    return made + way, near_text(heard), named_text(heard)


def coming_text(coming: SoundingState) -> str:
    """Return what waits for its beat: the label and rule that were called, or the preset."""
    if coming.rule:
        return f"{coming.label} {coming.rule}"
    return f"{coming.label or 'no class'}, preset {coming.nearest}"


def near_text(heard: SoundingState) -> str:
    """Return how far it is from what was kept."""
    if not heard.nearest:
        return "new" if heard.new else "no preset to compare it with yet" if not heard.label else ""
    if not heard.changed:
        return f"known: it is preset {heard.nearest}"
    knobs = "1 knob" if heard.changed == 1 else f"{heard.changed} knobs"
    return f"{'new' if heard.new else 'known'}: {knobs} from preset {heard.nearest}"


def named_text(heard: SoundingState) -> str:
    """Return what the model calls this very setting."""
    return f"the rules call it {heard.named}" if heard.named else "the rules have no name for it"
