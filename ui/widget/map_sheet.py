"""A tint over every control that can be mapped: who has a hand already, and which one waits for its own.

It only paints and lets every click through; what a click means is decided elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from app.snapshot_map import MapLine, MapState
from ui.desk import Desk, Display
from ui.widget.map_target import Target

TINT = 46  # Of 255.
PULSE_FRAMES = 12
HANDS = ("midi", "osc", "output")


def badge(lines: Sequence[MapLine]) -> str:
    """Return the hands of a control in short: "cc21 ch1", "cc21 +1"; "" for none."""
    own = [line.source for line in lines if line.kind in HANDS]
    return own[0] + (f" +{len(own) - 1}" if len(own) > 1 else "") if own else ""


class MapSheet(Display):
    """Attributes: `targets` (the controls), `badges` (address and arguments -> text), `aimed` (at which it waits)."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(desk, parent)
        self.targets: list[Target] = []
        self.badges: dict[tuple[str, str], str] = {}
        self.aimed: tuple[str, tuple[float | str, ...]] = ("", ())
        self.waiting = False
        self._lines: tuple[MapLine, ...] = ()
        self._frame = 0
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def follow(self, state: MapState, targets: list[Target]) -> None:
        """Show Map mode as it is; nothing while it is off."""
        if not state.on:
            if self.isVisible():
                self.hide()
            return
        if state.lines is not self._lines:
            self._lines = state.lines
            self.badges = read_badges(state.lines)
        self.targets, self.aimed, self.waiting = targets, (state.target, state.arguments), state.waiting
        self._frame += 1
        if not self.isVisible():
            self.setGeometry(self.window().rect())
            self.show()
            self.raise_()
        self.update()

    def target(self, address: str, arguments: tuple[float | str, ...] = ()) -> Target | None:
        """Return the control in sight that is aimed at."""
        fits = [one for one in self.targets if one.address == address]
        return next((one for one in fits if one.arguments == arguments), fits[0] if fits else None)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self.desk.look.font("small", True))
        for target in self.targets:
            self._paint_target(painter, target)

    def _paint_target(self, painter: QPainter, target: Target) -> None:
        look, box = self.desk.look, target.box
        text = self.badges.get((target.address, words(target.arguments)), "")
        is_aimed = (target.address, target.arguments) == self.aimed
        tint = QColor(look.color("now" if is_aimed else "active"))
        tint.setAlpha(TINT if not is_aimed else self._pulse())
        painter.setBrush(tint)
        # A frame without a badge is empty, one with it is full; who sees no colours sees the words.
        style = Qt.PenStyle.SolidLine if text or is_aimed else Qt.PenStyle.DashLine
        painter.setPen(QPen(look.color("now" if is_aimed else "active"), 3 if is_aimed else 1, style))
        painter.drawRoundedRect(QRectF(box).adjusted(-1.5, -1.5, 1.5, 1.5), 5, 5)
        if text:
            self._paint_badge(painter, box, text)

    def _pulse(self) -> int:
        if not self.desk.look.motion or not self.waiting:
            return 2 * TINT
        place = abs(self._frame % (2 * PULSE_FRAMES) - PULSE_FRAMES) / PULSE_FRAMES
        return round(TINT * (0.5 + 2.5 * place))

    def _paint_badge(self, painter: QPainter, box: QRect, text: str) -> None:
        """Paint a chip at the lower right corner, where it hides no figure, as wide as the control at most."""
        look, metrics = self.desk.look, QFontMetrics(painter.font())
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, max(box.width() - 10, 24))
        wide, tall = metrics.horizontalAdvance(shown) + 8, metrics.height() + 1
        chip = QRectF(box.right() - wide, box.bottom() - tall + 3, wide + 2, tall)
        painter.setPen(QPen(look.color("background"), 2))  # So that it stands out from a bar of its own colour.
        painter.setBrush(look.color("active"))
        painter.drawRoundedRect(chip, 4, 4)
        painter.setPen(look.color("on_fill"))
        painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, shown)


def words(arguments: tuple[float | str, ...]) -> str:
    """Return arguments as the table of bindings writes them."""
    return " ".join(one if isinstance(one, str) else f"{one:g}" for one in arguments)


def read_badges(lines: Sequence[MapLine]) -> dict[tuple[str, str], str]:
    """Return the badge of every target, an Action's by its arguments."""
    found: dict[tuple[str, str], list[MapLine]] = {}
    for line in lines:
        arguments = line.arguments if line.move == "fire" else ""
        found.setdefault((line.target, arguments), []).append(line)
    return {key: text for key, own in found.items() if (text := badge(own))}
