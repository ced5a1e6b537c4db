"""What can be chosen about the marked line of the table of bindings: kind of hand, take-over, curve, where it is kept.

Each is a pad that shows what holds and opens the other words; each choice is one Action with the line's number.
"""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMenu

from app.guess import NAMES
from app.map_home import PROFILE, SESSION
from app.snapshot import Snapshot
from app.snapshot_map import MapLine
from app.take_over import MODES
from ui.desk import Desk
from ui.panel.map_lines import MapLines
from ui.widget.pad import Pad

CURVES = (("rises fast, then slowly", -0.5), ("straight", 0.0), ("rises slowly, then fast", 0.5))
PLACES = ((PROFILE, "in every session"), (SESSION, "in this session"))


class LinePad(Pad):
    """A choice about the marked line: what it is now, and a menu of what else it may be."""

    def __init__(self, desk: Desk, lines: MapLines, name: str) -> None:
        super().__init__(desk, "–", self.open, 28)
        self._lines = lines
        self.setAccessibleName(name)

    def open(self) -> None:
        self.menu().popup(self.mapToGlobal(QPoint(0, self.height())))

    def menu(self) -> QMenu:
        """Return a menu of the words."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        line = self._lines.marked
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
        line = self._lines.marked
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


class HomePad(LinePad):
    """Where the line is kept: in the profile of its controller, or in the session."""

    def words(self, line: MapLine) -> str:
        return dict(PLACES)[PROFILE if line.profile else SESSION] if line.kind == "midi" and line.controller else ""

    def choices(self, line: MapLine) -> list[tuple[str, partial[None], bool]]:
        fire, number = self.desk.engine.fire, float(line.number)
        now = PROFILE if line.profile else SESSION
        return [(text, partial(fire, "/map/home", place, number), place == now) for place, text in PLACES]
