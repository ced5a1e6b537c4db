"""The rules one can call: number, how full each is, what it leaves open. A click lets one hear it."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter

from app.snapshot import Snapshot
from app.snapshot_rules import RuleState, Value
from ui.desk import Desk
from ui.widget.lines import Line, Lines
from ui.widget.rules_cell import mixed, short
from ui.widget.shape import label_color, paint_shape

EMPTY = "Rules stand here once presets share values: keep variations of one sound under a label"
ORDERS = ("label", "presets", "size")
MOST_VALUES = 4


@dataclass(frozen=True, slots=True)
class RuleLine(Line):
    """A line with its rule. Attributes: as Line; `rule`, `colour` (None: of an unknown label), `open` (in words)."""

    rule: RuleState | None = None
    colour: int | None = None
    open: str = ""


class RuleList(Lines):
    """Attributes: as Lines; `order` (what rules are sorted by), `label` ("": all labels)."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, (1.0,), EMPTY, tall=22, name="Rules", role="small")
        self.order, self.label = ORDERS[0], ""
        self._key: tuple[object, ...] = ()
        self.setToolTip("Click: call this rule.  By number: 1 to 9 (/rules/call)")

    def sizeHint(self) -> QSize:
        return QSize(200, self.desk.look.px(self.tall * 4))

    def refresh(self, picture: Snapshot) -> None:
        state, page = picture.rules, self.desk.presets(picture)
        heard = state.sounding
        key = (state.rules, state.rule_places, page.colours, self.order, tuple(knob.name for knob in state.knobs))
        if not self._key or any(a is not b and a != b for a, b in zip(key, self._key, strict=True)):
            self._key = key
            names = tuple(
                state.knobs[place].name if 0 <= place < len(state.knobs) else "?" for place in state.rule_places
            )
            self.show_lines([rule_line(rule, page.colour(rule.label), names) for rule in self._sorted(state.rules)])
        chosen = f"{heard.label} {heard.rule}" if heard.rule else None
        if chosen != self.chosen:
            self.chosen = chosen
            self._show_chosen()
            self.update()

    def _show_chosen(self) -> None:
        """Scroll so that the rule that sounds is in sight."""
        at = next((place for place, line in enumerate(self.lines) if line.key == self.chosen), None)
        if at is not None:
            self._scroll(min(at - self._top, 0) or max(at - self._top - self._shown + 1, 0))

    def _sorted(self, rules: tuple[RuleState, ...]) -> list[RuleState]:
        if self.order == "presets":
            return sorted(rules, key=lambda rule: -rule.own)
        return sorted(rules, key=lambda rule: -rule.size) if self.order == "size" else list(rules)

    def choose(self, line: Line) -> None:
        if isinstance(line, RuleLine) and line.rule is not None:
            self.desk.engine.fire("/rules/call", line.rule.label, float(line.rule.number))

    def _move(self, steps: int) -> None:
        """With nothing called yet, an arrow begins with the first rule."""
        if self.chosen is None and self.lines:
            self.choose(self.lines[0])
        else:
            super()._move(steps)

    def _paint_line(self, painter: QPainter, line: Line, top: int) -> None:
        look, tall = self.desk.look, self.desk.look.px(self.tall)
        if not isinstance(line, RuleLine) or line.rule is None:
            return
        rule, metrics = line.rule, QFontMetrics(painter.font())
        if line.key == self.chosen:
            painter.fillRect(QRectF(2, top, self.width() - 4, tall), look.color("raised"))
            painter.fillRect(QRectF(2, top, 3, tall), look.color("active"))
        painter.setRenderHint(painter.RenderHint.Antialiasing)
        x, size = look.px(10), look.px(10)
        if line.colour is not None:
            paint_shape(painter, look, line.colour, QPointF(x + size / 2, top + tall / 2), size)
        x += size + look.px(5)
        number = f"{rule.label} {rule.number}"
        room = look.px(58)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setPen(look.color("text"))
        text = metrics.elidedText(number, Qt.TextElideMode.ElideMiddle, room)
        painter.drawText(QRectF(x, top, room, tall), middle, text)
        x += room + look.px(4)
        x = self._paint_share(painter, line, QRectF(x, top, look.px(52), tall))
        painter.setPen(look.color("dim"))
        rest = max(self.width() - x - 6, 0)
        painter.drawText(
            QRectF(x, top, rest, tall), middle, metrics.elidedText(line.open, Qt.TextElideMode.ElideRight, rest)
        )

    def _paint_share(self, painter: QPainter, line: RuleLine, box: QRectF) -> int:
        """Paint how full the rule is, as a bar with "3 of 4" in it; return where the next thing may stand."""
        look, rule = self.desk.look, line.rule
        assert rule is not None
        bar = box.adjusted(0, 3, 0, -3)
        color = label_color(look, line.colour) if line.colour is not None else look.color("dim")
        painter.fillRect(bar, look.color("control"))
        share = min(rule.own / rule.size, 1.0) if rule.size else 0.0
        painter.fillRect(
            QRectF(bar.left(), bar.top(), bar.width() * share, bar.height()), mixed(look.color("panel"), color, 0.55)
        )
        painter.setPen(look.color("text"))
        painter.drawText(bar, Qt.AlignmentFlag.AlignCenter, f"{rule.own} of {short(rule.size)}")
        return round(box.right()) + look.px(7)


def rule_line(rule: RuleState, colour: int | None, names: tuple[str, ...]) -> RuleLine:
    """Return a rule as a line."""
    words = open_text(rule, names)
    said = f"{rule.label} {rule.number}: {rule.own} of {rule.size}"
    return RuleLine((said, words), key=f"{rule.label} {rule.number}", rule=rule, colour=colour, open=words)


def open_text(rule: RuleState, names: tuple[str, ...]) -> str:
    """Return what a rule leaves open: the knobs with more than one value."""
    wide = [(name, values) for name, values in zip(names, rule.sets, strict=False) if len(values) > 1]
    return "  ".join(f"{name} {values_text(values)}" for name, values in wide) or "this very preset"


def values_text(values: tuple[Value, ...]) -> str:
    """Return values in short."""
    shown = [value_text(value) for value in values]
    if len(shown) > MOST_VALUES:
        return f"{shown[0]}…{shown[-1]} ({len(shown)})"
    return "|".join(shown)


def value_text(value: Value) -> str:
    """Return one value as a performer reads it."""
    return value if isinstance(value, str) else f"{value:g}".replace("-", "−")
