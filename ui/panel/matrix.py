"""What the players do to each other, as a matrix: who speaks in rows, what is moved in columns.

A filled cell is an ordinary Binding of a player's output, so it is kept with the session, undone like any other and
also stands in the table of bindings. A click opens what the cell may do, with its argument or its range.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMenu

from app.action import Action
from app.binding import Binding, Move
from app.parameter import AnyParameter
from app.snapshot import Snapshot
from app.snapshot_map import MapLine
from ui.desk import Desk, Display
from ui.panel.card import column, row, snug
from ui.panel.matrix_cell import USUAL, cell_text, choices
from ui.panel.matrix_row import CHANNELS, Origin, origins, played_rows, routes, row_key
from ui.panel.route import targets
from ui.widget.label import Readout
from ui.widget.map_matrix import Cell, MatrixGrid
from ui.widget.pad import ActionPad, Pad
from ui.words import move_text, target_title

HINT = "Click a cell: what is said or played here moves what stands there"
LOCKED = "Routes are locked on Stage: go to Studio (F1)"


def columns(desk: Desk, added: Sequence[str]) -> list[str]:
    """Return the addresses in columns: the usual ones that are there, those that are bound, those that were added."""
    engine = desk.engine
    usual = [address for address, _ in USUAL if address in engine.tree or address in engine.actions]
    return list(dict.fromkeys([*usual, *(binding.target for binding in routes(desk)), *added]))


def column_title(desk: Desk, address: str) -> str:
    """Return what a column is called: the part, too, where the name alone says little."""
    usual = dict(USUAL).get(address)
    return usual or f"{address.split('/')[1].capitalize()}: {target_title(desk.engine, address).lower()}"


class MatrixPage(Display):
    """Attributes: `grid`, `origins` (its rows), `addresses` (its columns)."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.grid = MatrixGrid(desk, self.open, self.cut)
        self.origins: list[Origin] = []
        self.addresses: list[str] = []
        self._added: list[str] = []
        self._rows: list[Origin] = []
        self._row = snug(Pad(desk, "Row ▾", self._open_rows, 28))
        self._row.setToolTip("Notes of one controller, or of one channel")
        self._add = snug(Pad(desk, "Column ▾", self._open_targets, 28))
        self._add.setToolTip("One more Parameter or Action that players may move")
        undo = snug(ActionPad(desk, "/undo", "Undo", tall=28))
        tools = row(self._row, self._add, undo, Readout(desk, self._words, color="dim"))
        box = column(tools, self.grid, gap=4)
        box.setStretch(1, 1)
        self.setLayout(box)

    def refresh(self, picture: Snapshot) -> None:
        self.grid.light(frozenset(_key(line) for line in picture.mapping.lines if _is_fresh(line.ago)))

    def tick(self, picture: Snapshot) -> None:
        self.look(picture)

    def look(self, picture: Snapshot) -> None:
        """Read rows, columns and cells anew."""
        desk = self.desk
        self.origins, self.addresses = origins(desk, picture, self._rows), columns(desk, self._added)
        cells: dict[tuple[int, int], Cell] = {}
        rows = {origin.source: place for place, origin in enumerate(self.origins)}
        for binding in routes(desk):
            at = (rows[binding.source], self.addresses.index(binding.target))
            before = f"{cells[at].text}, " if at in cells else ""
            cells[at] = Cell(before + cell_text(binding), (self.origins[at[0]].key, binding.target))
        titles = [column_title(desk, address) for address in self.addresses]
        self.grid.show_cells([origin.title for origin in self.origins], titles, cells)

    def _words(self, picture: Snapshot) -> str:
        if picture.mapping.locked:
            return LOCKED
        at = self.grid.at
        if at is None or at[0] >= len(self.origins) or at[1] >= len(self.addresses):
            return HINT
        title, name = column_title(self.desk, self.addresses[at[1]]), self.origins[at[0]].title
        did = ", ".join(move_text(one) for one in self._bound(*at))
        return f"{name} → {title}: {did}" if did else f"{name} → {title}: not connected"

    def _bound(self, line: int, place: int) -> list[Binding]:
        source, address = self.origins[line].source, self.addresses[place]
        return [one for one in self.desk.engine.bindings.for_source(source) if one.target == address]

    # --- what a cell does -----------------------------------------------------------------------------

    def open(self, line: int, place: int, at: QPoint) -> None:
        """Show what a cell may do."""
        self.menu(line, place).popup(at)

    def menu(self, line: int, place: int) -> QMenu:
        """Return a menu of what a cell may do, what it does ticked."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        now = [one.move for one in self._bound(line, place)]
        picture = self.desk.engine.snapshot
        for text, move in choices(self.desk, picture, self.origins[line], self.addresses[place]):
            item = menu.addAction(text, partial(self.connect_cell, line, place, move))
            item.setCheckable(True)
            item.setChecked(move in now)
            item.setEnabled(not picture.mapping.locked)
        if now:
            menu.addSeparator()
            menu.addAction("Disconnect\tDelete", partial(self.cut, line, place))
        return menu

    def connect_cell(self, line: int, place: int, move: Move) -> None:
        """Ask for a cell to do something, instead of what it did."""
        made = Binding(self.origins[line].source, self.addresses[place], move)
        self.desk.engine.bind(made, *self._bound(line, place))

    def cut(self, line: int, place: int) -> None:
        """Ask for a cell to do nothing."""
        bound = self._bound(line, place)
        if bound:
            self.desk.engine.unbind(*bound)

    # --- rows -----------------------------------------------------------------------------------------

    def _open_rows(self) -> None:
        self.row_menu().popup(self._row.mapToGlobal(QPoint(0, self._row.height())))

    def row_menu(self) -> QMenu:
        """Return a menu of who may play: any controller or one, on any channel or one."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        ports = [one.name for one in self.desk.engine.snapshot.mapping.controllers]
        for port in ("", *dict.fromkeys(ports)):
            inner = menu.addMenu(f"Notes of {port or 'any controller'}")
            for channel in range(CHANNELS + 1):
                text = f"Channel {channel}" if channel else "Any channel"
                inner.addAction(text, partial(self.add_rows, port, channel))
        return menu

    def add_rows(self, port: str, channel: int) -> None:
        """Show the rows of a controller's notes; they stay as long as they are used, or the window is open."""
        self._rows += [origin for origin in played_rows(port, channel) if origin not in self._rows]
        self.look(self.desk.engine.snapshot)

    # --- columns --------------------------------------------------------------------------------------

    def _open_targets(self) -> None:
        self.target_menu().popup(self._add.mapToGlobal(QPoint(0, self._add.height())))

    def target_menu(self) -> QMenu:
        """Return a menu of all that can be moved, part by part."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        parts: dict[str, list[AnyParameter | Action]] = {}
        for one in targets(self.desk):
            parts.setdefault(one.address.split("/")[1], []).append(one)
        for part, found in parts.items():
            inner = menu.addMenu(part.capitalize())
            for one in found:
                inner.addAction(one.title, partial(self.add_column, one.address))
        return menu

    def add_column(self, address: str) -> None:
        """Show one more column; it stays as long as it is used, or the window is open."""
        if address not in self._added:
            self._added.append(address)
        self.look(self.desk.engine.snapshot)


def _key(line: MapLine) -> tuple[str, str]:
    return row_key(line.source, line.controller), line.target


def _is_fresh(ago: float | None) -> bool:
    return ago is not None and ago < 0.25
