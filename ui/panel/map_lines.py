"""The lines of the table of bindings: what moves what, live; a click marks a line and shows what it moves.

Lines of hands stand first and the instrument's own keys last, for those one seldom wants to change.
"""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent

from app.guess import NAMES
from app.snapshot import Snapshot
from app.snapshot_map import MapLine
from ui.desk import Desk, Display
from ui.widget.lines import Line, Lines
from ui.words import value_text

HEADS = ("Source", "Target", "Type", "Range, or what a press does", "Take-over", "Last value → target", "")
SHARES = (0.2, 0.18, 0.13, 0.2, 0.09, 0.16, 0.04)
SHARED = "⇉"  # The source moves something else too.
TALL = 22
FRAMES = 3  # The table follows every third refresh.
HOME = "⌂ "  # Stands in every session: kept in the profile of its controller.


def range_text(line: MapLine) -> str:
    """Return the range that a line covers, or what a press of it does, in words."""
    if line.move in ("follow", "turn"):
        bent = f", curve {line.curve:+.2g}".replace("-", "−") if line.curve else ""
        return f"{line.start:.0%} to {line.end:.0%}{bent}"
    words = {"put": f"= {line.arguments}", "hold": f"= {line.arguments} while held", "flip": "turns over"}
    words |= {"pick": f"one key each: {line.arguments}"}
    words |= {"step": line.arguments.replace("-", "−"), "fire": f"fires {line.arguments}".strip()}
    return words.get(line.move, line.move)


def source_text(line: MapLine) -> str:
    """Return what moves, with the controller it belongs to."""
    home = HOME if line.profile else ""
    kind = "" if line.kind == "midi" else f"{line.kind} "
    return f"{home}{kind}{line.source}{f'  {line.controller}' if line.controller else ''}"


def cells_of(line: MapLine, target: str) -> tuple[str, ...]:
    """Return the cells of a line in the order of HEADS; `target` is where that stands."""
    kind = "key" if line.kind == "key" else NAMES.get(line.encoding, line.encoding)
    value = "" if line.value is None else f"{line.value:.2f}"
    mark = SHARED if line.shared and line.kind != "key" else ""
    shown = " → ".join(text for text in (value, target) if text)
    return source_text(line), line.title or "does not exist", kind, range_text(line), line.take_over, shown, mark


class MapHeads(Display):
    """What the columns are called."""

    def sizeHint(self) -> QSize:
        return QSize(200, self.desk.look.px(16))

    def restyle(self) -> None:
        self.setFixedHeight(self.desk.look.px(16))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, left = QPainter(self), 10
        painter.setFont(self.desk.look.font("small"))
        painter.setPen(self.desk.look.color("dim"))
        for head, share in zip(HEADS, SHARES, strict=True):
            wide = round((self.width() - 16) * share)
            painter.drawText(QRect(left, 0, wide, self.height()), Qt.AlignmentFlag.AlignVCenter, head)
            left += wide


class MapLines(Lines):
    """The lines, those of hands first and the instrument's own keys last. Attributes: `table` (as last seen)."""

    def __init__(self, desk: Desk) -> None:
        empty = "Nothing is bound yet: press Map (Ctrl+M), click a control, move a knob"
        super().__init__(desk, SHARES, empty, tall=TALL, name="Bindings")
        self.table: tuple[MapLine, ...] = ()
        self._values: dict[str, float] = {}
        self._frame = 0

    def refresh(self, picture: Snapshot) -> None:
        self._frame += 1
        if self._frame % FRAMES == 0:
            self._follow(picture)

    def tick(self, picture: Snapshot) -> None:
        self._follow(picture)

    def _follow(self, picture: Snapshot) -> None:
        self.table = tuple(sorted(picture.mapping.lines, key=lambda line: line.factory))
        values = {f"{line.number}": line.value for line in self.table if line.value is not None}
        if values != self._values:
            self._values = values
            self.update()
        self.show_lines([self._line(line) for line in self.table])
        if self.chosen is not None and self.marked is None:
            self.chosen = None
            self.update()

    def _line(self, line: MapLine) -> Line:
        cells = cells_of(line, value_text(self.desk.engine, line.target))
        color = "fault" if not line.title else "learning" if cells[-1] else "text"
        return Line(cells, color, f"{line.number}")

    @property
    def marked(self) -> MapLine | None:
        """The line that was clicked."""
        return next((line for line in self.table if f"{line.number}" == self.chosen), None)

    def choose(self, line: Line) -> None:
        """Mark the line and show on the screen what it moves."""
        self.chosen = line.key
        self.update()
        if self.marked is not None:
            self.desk.locate(self.marked.target)

    def delete(self) -> None:
        """Ask for the marked line to go."""
        if self.marked is None:
            self.desk.say("Mark a line first: click it")
            return
        self.desk.engine.fire("/map/delete", float(self.marked.number))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.delete()
        elif self.chosen is None and event.key() == Qt.Key.Key_Down and self.lines:
            self.choose(self.lines[0])
        else:
            super().keyPressEvent(event)

    def _paint_line(self, painter: QPainter, line: Line, top: int) -> None:
        """Paint the line, and below its source where the hand stands."""
        super()._paint_line(painter, line, top)
        value = self._values.get(line.key)
        if value is None:
            return
        wide = round((self.width() - 16) * self.columns[0]) - 12
        bar = QRect(10, top + self.desk.look.px(self.tall) - 4, wide, 3)
        painter.fillRect(bar, self.desk.look.color("control"))
        share = min(max(value, 0.0), 1.0)
        painter.fillRect(QRectF(bar.left(), bar.top(), wide * share, 3), self.desk.look.color("now"))
