"""What the players do to each other, as a matrix: who speaks in rows, what is moved in columns.

A filled cell is an ordinary Binding of a player's output, so it is kept with the session, undone like any other and
also stands in the table of bindings. A click opens what the cell may do, with its argument or its range.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMenu

from app.action import Action
from app.binding import Binding, Fire, Follow, Move, Put, Source
from app.parameter import Parameter, Steps
from app.snapshot import Snapshot
from ui.desk import Desk, Display
from ui.panel.card import column, row, snug
from ui.panel.route import LABEL, RANGES, SHARES, sources, targets
from ui.widget.label import Readout
from ui.widget.map_matrix import Cell, MatrixGrid
from ui.widget.pad import ActionPad, Pad
from ui.words import move_text, target_title

COMPOSER, SCENE, PRESET, PROGRAM = "/composer/model", "/scene/call", "/rules/call", "/follower/slot"
USUAL = ((COMPOSER, "Composer"), (SCENE, "Scene"), (PRESET, "Preset label"), (PROGRAM, "Program slot"))
SCENES = 8
HINT = "Click a cell: what a player says moves what another plays"


@dataclass(frozen=True, slots=True)
class Origin:
    """A row. Attributes: `title`, `source`, `span` (the range of a number; None: it is pressed, or said)."""

    title: str
    source: Source
    span: tuple[float, float] | None = None


def origins(desk: Desk, picture: Snapshot) -> list[Origin]:
    """Return who speaks: Listener's labels and numbers, Follower's hits, Composer's notes, labels of the Rules."""
    page = desk.page(picture)
    silent = {LABEL + label.name for label in page.labels if not page.counts.get(label.number)}
    found = [
        Origin(f"Listener {name}", source, None if move is None else (move.low, move.high))
        for name, source, move in sources(page)
        if source.name not in silent  # What has no examples is never heard.
    ]
    hits = dict.fromkeys(channel.name for channel in picture.follower.channels)
    found += [Origin(f"Follower {name}", Source("output", f"/follower/hit/{name}")) for name in hits]
    found.append(Origin("Composer note, loudness", Source("output", "/composer/note"), (0.0, 1.0)))
    found.append(Origin("Composer note, pitch", Source("output", "/composer/note", 1), (0.0, 1.0)))
    labels = [count.label for count in picture.rules.labels if count.label]
    found += [Origin(f"Rules {label}", Source("output", f"/rules/label/{label}")) for label in labels]
    known = {origin.source for origin in found}
    others = dict.fromkeys(one.source for one in routes(desk) if one.source not in known)
    return found + [Origin(source.show(), source, (0.0, 1.0)) for source in others]


def routes(desk: Desk) -> list[Binding]:
    """Return the bindings of players' outputs."""
    return [binding for binding in desk.engine.bindings if binding.source.kind == "output"]


def columns(desk: Desk, added: Sequence[str]) -> list[str]:
    """Return the addresses in columns: the usual ones that are there, those that are bound, those that were added."""
    engine = desk.engine
    usual = [address for address, _ in USUAL if address in engine.tree or address in engine.actions]
    return list(dict.fromkeys([*usual, *(binding.target for binding in routes(desk)), *added]))


def column_title(desk: Desk, address: str) -> str:
    """Return what a column is called: the part, too, where the name alone says little."""
    usual = dict(USUAL).get(address)
    return usual or f"{address.split('/')[1].capitalize()}: {target_title(desk.engine, address).lower()}"


def choices(desk: Desk, picture: Snapshot, origin: Origin, address: str) -> list[tuple[str, Move]]:
    """Return what a row may do to a column, in words."""
    target = desk.engine.tree.find(address)
    if isinstance(target, Parameter) and origin.span is not None:
        low, high = origin.span
        return [(text, Follow(low, high, start, end)) for text, start, end in RANGES]
    if address == SCENE:
        scenes = ((number, picture.scenes.find(number)) for number in range(1, SCENES + 1))
        return [(f"{number} {mark.name if mark else '(empty)'}", Fire((float(number),))) for number, mark in scenes]
    if address == PRESET:
        labels = [count.label for count in picture.rules.labels if count.label]
        return [(label, Fire((label,))) for label in labels] or [("the label called last", Fire())]
    if not isinstance(target, Parameter):
        return [("fires", Fire())]
    if isinstance(target.curve, Steps):
        return [(name, Put(name)) for name in target.curve.names]
    values = dict.fromkeys([target.value, *(target.curve.value(share) for share in SHARES)])
    return [(f"{target.curve.show(value)} {target.unit}".strip(), Put(round(value, 6))) for value in values]


def cell_text(desk: Desk, binding: Binding) -> str:
    """Return what stands in a cell."""
    match binding.move:
        case Put(value):
            return value if isinstance(value, str) else f"{value:g}"
        case Fire((argument, *_)):
            return argument if isinstance(argument, str) else f"{argument:g}"
        case Fire():
            return "●"
        case Follow(_, _, start, end):
            return f"{start:.0%} → {end:.0%}"
    return move_text(binding)


class MatrixPage(Display):
    """Attributes: `grid`, `origins` (its rows), `addresses` (its columns)."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.grid = MatrixGrid(desk, self.open, self.cut)
        self.origins: list[Origin] = []
        self.addresses: list[str] = []
        self._added: list[str] = []
        self._add = snug(Pad(desk, "Column ▾", self._open_targets, 28))
        self._add.setToolTip("One more Parameter or Action that players may move")
        tools = row(self._add, snug(ActionPad(desk, "/undo", "Undo", tall=28)), Readout(desk, self._words, color="dim"))
        box = column(tools, self.grid, gap=4)
        box.setStretch(1, 1)
        self.setLayout(box)

    def refresh(self, picture: Snapshot) -> None:
        self.grid.light(frozenset((line.source, line.target) for line in picture.mapping.lines if _is_fresh(line.ago)))

    def tick(self, picture: Snapshot) -> None:
        self.look(picture)

    def look(self, picture: Snapshot) -> None:
        """Read rows, columns and cells anew."""
        desk = self.desk
        self.origins, self.addresses = origins(desk, picture), columns(desk, self._added)
        cells: dict[tuple[int, int], Cell] = {}
        rows = {origin.source: place for place, origin in enumerate(self.origins)}
        for binding in routes(desk):
            at = (rows[binding.source], self.addresses.index(binding.target))
            before = f"{cells[at].text}, " if at in cells else ""
            cells[at] = Cell(before + cell_text(desk, binding), (binding.source.show(), binding.target))
        titles = [column_title(desk, address) for address in self.addresses]
        self.grid.show_cells([origin.title for origin in self.origins], titles, cells)

    def _words(self, _picture: Snapshot) -> str:
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
        if now:
            menu.addSeparator()
            menu.addAction("Disconnect\tDelete", partial(self.cut, line, place))
        return menu

    def connect_cell(self, line: int, place: int, move: Move) -> None:
        """Ask for a cell to do something, instead of what it did."""
        self.cut(line, place)
        self.desk.engine.bind(Binding(self.origins[line].source, self.addresses[place], move))

    def cut(self, line: int, place: int) -> None:
        """Ask for a cell to do nothing."""
        for binding in self._bound(line, place):
            self.desk.engine.unbind(binding)

    # --- columns --------------------------------------------------------------------------------------

    def _open_targets(self) -> None:
        self.target_menu().popup(self._add.mapToGlobal(QPoint(0, self._add.height())))

    def target_menu(self) -> QMenu:
        """Return a menu of all that can be moved, part by part."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        parts: dict[str, list[Parameter | Action]] = {}
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


def _is_fresh(ago: float | None) -> bool:
    return ago is not None and ago < 0.25
