"""A table whose rows can be marked, corrected and deleted: what the tables of examples and of presets share.

Each keeps its own model and says what its rows are; how a table looks and answers keys is the same everywhere.
"""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QAbstractTableModel, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from ui.desk import Desk, Live


class Sheet(QTableView, Live):
    """Attributes: `takes_return` (Return corrects instead of firing what it is bound to)."""

    takes_return = True

    def __init__(self, desk: Desk, model: QAbstractTableModel, name: str) -> None:
        """`name` is what a screen reader says."""
        super().__init__()
        self.desk = desk
        self.setModel(model)
        self.setSortingEnabled(True)
        self.sortByColumn(0, Qt.SortOrder.AscendingOrder)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setAlternatingRowColors(True)
        self.verticalHeader().hide()
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self.horizontalHeader().setHighlightSections(False)
        self.setAccessibleName(name)

    def restyle(self) -> None:
        look = self.desk.look
        self.setFont(look.font("small"))
        self.horizontalHeader().setFont(look.font("small"))
        self.verticalHeader().setDefaultSectionSize(look.px(22))
        self.setMinimumHeight(look.px(80))

    def marked(self) -> list[int]:
        """Return the places of the marked rows, from the top."""
        return sorted(index.row() for index in self.selectionModel().selectedRows())

    def mark(self, rows: Iterable[int]) -> None:
        """Mark rows by their places, and no others."""
        mode = self.selectionMode()
        self.setSelectionMode(QAbstractItemView.SelectionMode.MultiSelection)
        self.clearSelection()
        for row in rows:
            self.selectRow(row)
        self.setSelectionMode(mode)

    def delete(self) -> None:
        """Ask for the marked rows to be deleted."""
        raise NotImplementedError

    def correct(self) -> None:
        """Open the present cell for typing."""
        self.edit(self.currentIndex())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.delete()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.correct()
        else:
            super().keyPressEvent(event)
