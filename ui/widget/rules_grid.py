"""The presets as a table: a click lets one hear a preset, a cell takes another label, Delete takes rows out.

It stands on the frozen picture and asks the engine for every change.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView

from app.snapshot import Snapshot
from app.snapshot_rules import PresetRow
from ui.desk import Desk
from ui.rules_book import RulesPage
from ui.widget.rules_list import value_text
from ui.widget.shape import label_color
from ui.widget.sheet import Sheet

AnyIndex = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()
LABEL = 1
NONE = "none"
NO_CLASS = "no class"
Roles = Qt.ItemDataRole


class PresetRows(QAbstractTableModel):
    """Attributes: `rows` (as shown), `names` (of the columns of values), `page`."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.rows: tuple[PresetRow, ...] = ()
        self.names: tuple[str, ...] = ()
        self.page = RulesPage()
        self._by, self._falling = 0, False

    def show(self, rows: tuple[PresetRow, ...], names: tuple[str, ...], page: RulesPage) -> None:
        """Show other presets."""
        self.beginResetModel()
        self.names, self.page = names, page
        self.rows = self._arranged(rows)
        self.endResetModel()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self.beginResetModel()
        self._by, self._falling = column, order == Qt.SortOrder.DescendingOrder
        self.rows = self._arranged(self.rows)
        self.endResetModel()

    def _arranged(self, rows: Sequence[PresetRow]) -> tuple[PresetRow, ...]:
        numbered = sorted(rows, key=lambda row: row.number)
        return tuple(sorted(numbered, key=self._weight, reverse=self._falling))

    def _weight(self, row: PresetRow) -> tuple[float, str]:
        """Return what a row is sorted by: numbers before words."""
        value = self._value(row, self._by)
        return (float("inf"), value) if isinstance(value, str) else (float(value), "")

    def _value(self, row: PresetRow, column: int) -> float | str:
        if column <= LABEL:
            return row.number if column == 0 else row.label
        place = column - LABEL - 1
        return row.values[place] if place < len(row.values) else row.origin

    # --- Qt's questions ---------------------------------------------------------------------------------

    def rowCount(self, parent: AnyIndex = ROOT) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: AnyIndex = ROOT) -> int:
        return 0 if parent.isValid() else LABEL + 2 + len(self.names)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        if orientation != Qt.Orientation.Horizontal or role != Roles.DisplayRole:
            return None
        heads = ("no.", "label", *self.names, "made by")
        return heads[section] if section < len(heads) else None

    def data(self, index: AnyIndex, role: int = 0) -> Any:
        row, column = self.rows[index.row()], index.column()
        if role == Roles.EditRole and column == LABEL:
            return row.label or NONE
        if role == Roles.DisplayRole:
            if column == LABEL:
                return row.label or NO_CLASS
            return value_text(self._value(row, column))
        if role == Roles.ForegroundRole and column == LABEL:
            colour = self.page.colour(row.label)
            return self.desk.look.color("dim") if colour is None else label_color(self.desk.look, colour)
        if role == Roles.TextAlignmentRole and LABEL < column <= LABEL + len(self.names):
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return None

    def flags(self, index: AnyIndex) -> Qt.ItemFlag:
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return flags | Qt.ItemFlag.ItemIsEditable if index.column() == LABEL else flags

    def setData(self, index: AnyIndex, value: Any, role: int = Roles.EditRole) -> bool:
        """Ask the engine for another label; it answers what cannot be with a sentence."""
        row, label = self.rows[index.row()], str(value).strip()
        if index.column() != LABEL or label == (row.label or NONE):
            return False
        self.desk.engine.fire("/rules/relabel", "" if label == NONE else label, float(row.number))
        return True


class PresetGrid(Sheet):
    """The table. Attributes: `presets` (its model)."""

    def __init__(self, desk: Desk) -> None:
        self.presets = PresetRows(desk)
        self._shown: tuple[PresetRow, ...] | None = None
        self._page = RulesPage()
        super().__init__(desk, self.presets, "Table of the presets")
        self.horizontalHeader().setStretchLastSection(True)
        self.setToolTip("Click: hear it.  Double click on a label, or Return: another label.  Delete: take out")
        self.clicked.connect(self._hear)
        self.restyle()

    def restyle(self) -> None:
        super().restyle()
        self._fit()

    def refresh(self, picture: Snapshot) -> None:
        """Follow the presets, never under an open editor."""
        rows, page = picture.rules.presets, self.desk.presets(picture)
        if (rows is self._shown and page is self._page) or self.state() == QAbstractItemView.State.EditingState:
            return
        kept, at = set(self.chosen()), self.verticalScrollBar().value()
        count = self.presets.columnCount()
        self._shown, self._page = rows, page
        self.presets.show(rows, picture.rules.names, page)
        if self.presets.columnCount() != count:
            self._fit()
        self.choose(kept)
        self.verticalScrollBar().setValue(at)

    def _fit(self) -> None:
        look = self.desk.look
        for column in range(self.presets.columnCount()):
            self.setColumnWidth(column, look.px(34 if column == 0 else 64 if column == LABEL else 50))

    def chosen(self) -> list[int]:
        """Return the numbers of the marked presets."""
        return [self.presets.rows[row].number for row in self.marked()]

    def choose(self, numbers: set[int]) -> None:
        """Mark the rows of these presets."""
        self.mark(row for row, preset in enumerate(self.presets.rows) if preset.number in numbers)

    def _hear(self, index: QModelIndex) -> None:
        if len(self.chosen()) == 1:
            self.desk.engine.fire("/rules/recall", float(self.presets.rows[index.row()].number))

    def delete(self) -> None:
        """Ask for the marked presets to be deleted."""
        numbers = self.chosen()
        if numbers:
            self.desk.engine.fire("/rules/delete", *(float(number) for number in numbers))

    def relabel(self, label: str) -> None:
        """Ask for another label for the marked presets."""
        numbers = self.chosen()
        if numbers:
            self.desk.engine.fire("/rules/relabel", label, *(float(number) for number in numbers))

    def correct(self) -> None:
        """Open the label of the present row for typing."""
        self.edit(self.presets.index(self.currentIndex().row(), LABEL))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        super().keyPressEvent(event)
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down) and len(self.chosen()) == 1:
            self._hear(self.currentIndex())
