"""The table of bindings: what moves what, live, with everything that can be done about a line.

A click marks a line and shows on the screen what it moves. What is changed here goes through the same Actions that a
script would use, so each is one step of undo.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import QFileDialog, QMenu

from app.guess import NAMES
from app.snapshot import Snapshot
from app.snapshot_map import MapLine
from app.take_over import MODES
from ui.desk import Desk, Display
from ui.panel.card import column, row, snug
from ui.widget.choice import Choice
from ui.widget.label import Readout
from ui.widget.lines import Line, Lines
from ui.widget.map_range import RangeBar
from ui.widget.pad import ActionPad, Pad
from ui.words import value_text

SHARES = (0.2, 0.2, 0.26, 0.22, 0.12)
TALL = 22
FRAMES = 3  # The table follows every third refresh.
CURVES = (("rises fast, then slowly", -0.5), ("straight", 0.0), ("rises slowly, then fast", 0.5))
LOCKED = "Bindings are locked on Stage: go to Studio (F1)"


def deed_text(line: MapLine) -> str:
    """Return what a line does to its target, in words."""
    if line.move in ("follow", "turn"):
        word = "turns" if line.move == "turn" else "follows"
        span = "" if (line.start, line.end) == (0.0, 1.0) else f" {line.start:.0%} to {line.end:.0%}"
        bent = f", curve {line.curve:+.2g}".replace("-", "−") if line.curve else ""
        return f"{word}{span}{bent}"
    words = {"put": f"= {line.arguments}", "hold": f"= {line.arguments} while held", "flip": "turns over"}
    words |= {"step": line.arguments.replace("-", "−"), "fire": f"fires {line.arguments}".strip()}
    return words.get(line.move, line.move)


def source_text(line: MapLine) -> str:
    """Return what moves, with the controller it belongs to."""
    sign = "⇉ " if line.shared and line.kind != "key" else ""
    kind = "" if line.kind == "midi" else f"{line.kind} "
    return f"{sign}{kind}{line.source}{f'  {line.controller}' if line.controller else ''}"


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
        title = line.title or "does not exist"
        cells = (source_text(line), title, line.target, deed_text(line), value_text(self.desk.engine, line.target))
        color = "fault" if not line.title else "learning" if cells[0].startswith("⇉") else "text"
        return Line(cells, color, f"{line.number}")

    @property
    def marked(self) -> MapLine | None:
        """The line that was clicked."""
        return next((line for line in self.table if f"{line.number}" == self.chosen), None)

    def choose(self, line: Line) -> None:
        """Mark the line and show on the screen what it moves."""
        self.chosen = line.key
        self.update()
        self.desk.locate(line.cells[2])

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


class LinePad(Pad):
    """A choice about the marked line: what it is now, and a menu of what else it may be."""

    def __init__(self, desk: Desk, page: MapPage, name: str) -> None:
        super().__init__(desk, "–", self.open, 28)
        self._page = page
        self.setAccessibleName(name)

    def open(self) -> None:
        self.menu().popup(self.mapToGlobal(QPoint(0, self.height())))

    def menu(self) -> QMenu:
        """Return a menu of the words."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        line = self._page.lines.marked
        for text, deed, is_now in self.choices(line) if line is not None else ():
            item = menu.addAction(text, deed)
            item.setCheckable(True)
            item.setChecked(is_now)
        return menu

    def choices(self, line: MapLine) -> list[tuple[str, partial[None], bool]]:
        """Return the words, what each does, and which one holds; to be overridden."""
        raise NotImplementedError

    def words(self, line: MapLine) -> str:
        """Return what holds now, "" where it has no meaning; to be overridden."""
        raise NotImplementedError

    def refresh(self, picture: Snapshot) -> None:
        line = self._page.lines.marked
        text = self.words(line) if line is not None and not picture.mapping.locked else ""
        self.setEnabled(bool(text))
        self.light("", f"{text} ▾" if text else "–")


class CurvePad(LinePad):
    """How the target rises along the way of the hand."""

    def words(self, line: MapLine) -> str:
        named = next((text for text, curve in CURVES if curve == line.curve), f"curve {line.curve:+.2g}")
        return named if line.move == "follow" else ""

    def choices(self, line: MapLine) -> list[tuple[str, partial[None], bool]]:
        fire, number = self.desk.engine.fire, float(line.number)
        return [(text, partial(fire, "/map/curve", curve, number), curve == line.curve) for text, curve in CURVES]


class TakeOverPad(LinePad):
    """What a knob does that stands elsewhere than its value."""

    def words(self, line: MapLine) -> str:
        return line.take_over

    def choices(self, line: MapLine) -> list[tuple[str, partial[None], bool]]:
        fire, number = self.desk.engine.fire, float(line.number)
        return [(mode, partial(fire, "/map/mode", mode, number), mode == line.take_over) for mode in (*MODES, "usual")]


class KindOfPad(LinePad):
    """What the source is taken for."""

    def words(self, line: MapLine) -> str:
        return NAMES.get(line.encoding, line.encoding) if line.kind != "key" else ""

    def choices(self, line: MapLine) -> list[tuple[str, partial[None], bool]]:
        fire, number = self.desk.engine.fire, float(line.number)
        kinds = self.desk.engine.snapshot.mapping.encodings
        return [
            (NAMES.get(kind, kind), partial(fire, "/map/encoding", kind, number), kind == line.encoding)
            for kind in kinds
        ]


class MapPage(Display):
    """Attributes: `lines` (the table), `range` (of the marked line), `tools` (pads by name)."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.lines = MapLines(desk)
        self.range = RangeBar(desk, self._ranged)
        self._title = Readout(desk, self._words, role="small", color="dim")
        take_over = snug(Choice(desk, desk.engine.tree.number("/map/take_over"), 28, prefix="Knobs: "))
        self._profiles = snug(Pad(desk, "Import ▾", self._open_profiles, 28))
        pads = (
            snug(Pad(desk, "Delete", self.lines.delete, 28)),
            snug(ActionPad(desk, "/undo", "Undo", tall=28)),
            self._profiles,
            snug(Pad(desk, "Export…", self._ask_export, 28)),
            snug(ActionPad(desk, "/map/resend", tall=28)),
        )
        self.tools = {pad.text(): pad for pad in pads}
        edit = column(
            self._title,
            self.range,
            row(KindOfPad(desk, self, "Kind of hand"), TakeOverPad(desk, self, "Take-over of the line")),
            row(CurvePad(desk, self, "Curve of the line"), snug(Pad(desk, "Invert", self._invert, 28))),
            1,
            gap=6,
        )
        head = row(*pads, take_over, Readout(desk, controllers_text, False, role="small", color="dim"), gap=6)
        body = row(self.lines, edit, gap=12)
        body.setStretch(0, 5)
        body.setStretch(1, 2)
        box = column(head, body, gap=6)
        box.setStretch(1, 1)
        self.setLayout(box)

    def refresh(self, picture: Snapshot) -> None:
        line = self.lines.marked
        has_range = line is not None and line.move in ("follow", "turn") and not picture.mapping.locked
        if line is None or not has_range:
            self.range.follow(None, None)
        else:
            self.range.follow((line.start, line.end), line.value)

    def _words(self, picture: Snapshot) -> str:
        if picture.mapping.locked:
            return LOCKED
        line = self.lines.marked
        if line is None:
            return "Click a line: it shows what it moves, and its range here"
        ago = "" if line.ago is None else f"   {line.ago:.0f} s ago" if line.ago >= 1 else "   now"
        return f"{line.source} → {line.title or line.target}{ago}"

    def _ranged(self, start: float, end: float) -> None:
        line = self.lines.marked
        if line is not None:
            self.desk.engine.fire("/map/range", start, end, float(line.number))

    def _invert(self) -> None:
        line = self.lines.marked
        if line is None:
            self.desk.say("Mark a line first: click it")
        else:
            self.desk.engine.fire("/map/invert", float(line.number))

    # --- profiles -------------------------------------------------------------------------------------

    def _open_profiles(self) -> None:
        self.profile_menu().popup(self._profiles.mapToGlobal(QPoint(0, self._profiles.height())))

    def profile_menu(self) -> QMenu:
        """Return a menu of the profiles there are: the instrument's for common controllers, and one's own."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        fire = self.desk.engine.fire
        for name in self.desk.engine.snapshot.mapping.profiles:
            menu.addAction(name, partial(fire, "/map/import", name))
        menu.addSeparator()
        menu.addAction("From a file…", self._ask_import)
        return menu

    def _ask_import(self) -> None:
        dialog = QFileDialog(self.window(), "Import bindings", "", "Profiles (*.json)")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        self._show(dialog, lambda path: self.desk.engine.fire("/map/import", path))

    def _ask_export(self) -> None:
        """Write the marked line's controller, or all, where one chooses."""
        line = self.lines.marked
        name = line.controller if line is not None else ""
        title = f"Export the bindings of {name or 'all controllers'}"
        dialog = QFileDialog(self.window(), title, "", "Profiles (*.json)")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.selectFile(f"{name or 'controller'}.json")
        self._show(dialog, lambda path: self.write(name, path))

    def write(self, controller: str, path: str) -> None:
        """Ask for the bindings of a controller ("": of all) to be written."""
        place = path if Path(path).suffix else f"{path}.json"
        self.desk.engine.fire("/map/export", *((controller, place) if controller else (place,)))

    def _show(self, dialog: QFileDialog, take: Callable[[str], None]) -> None:
        dialog.setModal(False)
        dialog.fileSelected.connect(take)
        dialog.finished.connect(dialog.deleteLater)
        dialog.show()


def controllers_text(picture: Snapshot) -> str:
    """Return which controllers are there, and which are waited for."""
    signs = {"open": "●", "waiting": "◌", "failed": "×"}
    found = [f"{signs.get(one.state, '')} {one.name}" for one in picture.mapping.controllers]
    return "   ".join(found) or "no MIDI controller: plug one in, it is found by itself"

