"""The table of the examples with its filter and what can be done with marked rows."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QMenu

from ui.desk import Desk, Display, Live
from ui.panel.card import column, row, snug
from ui.widget.grid import Grid
from ui.widget.pad import Pad


class FilterField(QLineEdit, Live):
    """Says which rows of the table to show. Attributes: `takes_return`."""

    takes_return = True

    def __init__(self, desk: Desk, grid: Grid) -> None:
        super().__init__()
        self.desk = desk
        self.setPlaceholderText("filter: label, id or take")
        self.setAccessibleName("Filter")
        self.textChanged.connect(grid.rows.filter)
        self.setMinimumWidth(40)
        self.restyle()

    def restyle(self) -> None:
        self.setFont(self.desk.look.font("normal"))
        self.setFixedHeight(self.desk.look.px(28))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if event.key() == Qt.Key.Key_Escape:
                self.clear()
            self.window().setFocus()
        else:
            super().keyPressEvent(event)


class TablePage(Display):
    """The table with its filter and what can be done with marked rows. Attributes: `grid`."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.grid = Grid(desk)
        self._relabel = snug(Pad(desk, "Label…", self._offer, 28))
        delete = snug(Pad(desk, "Delete", self.grid.delete, 28))
        self.setLayout(column(row(FilterField(desk, self.grid), self._relabel, delete), self.grid, gap=4))

    def _offer(self) -> None:
        self.menu().popup(self._relabel.mapToGlobal(QPoint(0, self._relabel.height())))

    def menu(self) -> QMenu:
        """Return a menu of the labels that marked rows may get."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        page = self.desk.page(self.desk.engine.snapshot)
        if not self.grid.chosen():
            menu.addAction("Mark rows first").setEnabled(False)
        for label in (page.label(0), *page.labels):
            menu.addAction(label.name, partial(self.grid.relabel, label.number, page))
        return menu
