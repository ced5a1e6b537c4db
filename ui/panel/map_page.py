"""The table of bindings: what moves what, live, with everything that can be done about a line.

A click marks a line and shows on the screen what it moves. What is changed here goes through the same Actions that a
script would use, so each is one step of undo. What has no control in the window is mapped from a list.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QFileDialog, QMenu

from app.map_home import KEEP
from app.snapshot import Snapshot
from ui.desk import Desk, Display
from ui.panel.card import column, row, snug
from ui.panel.map_lines import MapHeads, MapLines
from ui.panel.map_pad import PLACES, CurvePad, HomePad, KindOfPad, TakeOverPad
from ui.panel.map_target_menu import target_menu
from ui.widget.choice import Choice
from ui.widget.label import Readout
from ui.widget.map_range import RangeBar
from ui.widget.pad import ActionPad, Pad

LOCKED = "Bindings are locked on Stage: go to Studio (F1)"


class MapPage(Display):
    """Attributes: `lines` (the table), `range` (of the marked line), `tools` (pads by name)."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.lines = MapLines(desk)
        self.range = RangeBar(desk, self._ranged)
        self._title = Readout(desk, self._words, role="small", color="dim")
        take_over = snug(Choice(desk, desk.engine.tree.number("/map/take_over"), 28, prefix="Knobs: "))
        keep = snug(Choice(desk, desk.engine.tree.number(KEEP), 28, dict(PLACES), "New: "))
        self._targets = snug(Pad(desk, "Map… ▾", self._open_targets, 28))
        self._targets.setToolTip("Everything that can be moved, also what has no control in the window")
        self._profiles = snug(Pad(desk, "Import ▾", self._open_profiles, 28))
        pads = (
            self._targets,
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
            row(KindOfPad(desk, self.lines, "Kind of hand"), TakeOverPad(desk, self.lines, "Take-over of the line")),
            row(
                CurvePad(desk, self.lines, "Curve of the line"),
                HomePad(desk, self.lines, "Where the line is kept"),
                snug(Pad(desk, "Invert", self._invert, 28)),
            ),
            1,
            gap=6,
        )
        head = row(*pads, take_over, keep, Readout(desk, controllers_text, False, role="small", color="dim"), gap=6)
        heads = MapHeads(desk)
        heads.restyle()
        table = column(heads, self.lines, gap=2)
        table.setStretch(1, 1)
        body = row(table, edit, gap=12)
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
        return f"{line.source} → {line.target}{ago}"

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

    def _open_targets(self) -> None:
        menu = target_menu(self, self.desk, lambda address: self.desk.map_control(address, ()))
        menu.popup(self._targets.mapToGlobal(QPoint(0, self._targets.height())))

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
