"""The examples as a table: sort, filter, correct a cell, give another label, delete.

It stands on the frozen picture of the examples and asks the engine for every change, so the table may be as slow
to look at as it likes: what is recorded meanwhile is not touched by it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QAbstractItemView

from app.example import DatasetError, Examples
from app.snapshot import Snapshot
from ui.desk import Desk
from ui.ledger import Page
from ui.widget.sheet import Sheet

AnyIndex = QModelIndex | QPersistentModelIndex
FIXED = ("id", "take")
ROOT = QModelIndex()


class Rows(QAbstractTableModel):
    """Examples as rows: id, take, targets, features.

    Attributes: `examples`, `order` (the rows shown, sorted and filtered), `words` (the filter).
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.examples: Examples | None = None
        self.order = np.empty(0, np.intp)
        self.words = ""
        self._by, self._falling = 0, False

    # --- what is shown ----------------------------------------------------------------------------------

    def show(self, examples: Examples | None) -> None:
        """Show other examples."""
        if examples is not self.examples:
            self.beginResetModel()
            self.examples = examples
            self._arrange()
            self.endResetModel()

    def filter(self, words: str) -> None:
        """Show only rows whose label is called so, or whose id or take is that number; "" shows all."""
        self.beginResetModel()
        self.words = words
        self._arrange()
        self.endResetModel()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self.beginResetModel()
        self._by, self._falling = column, order == Qt.SortOrder.DescendingOrder
        self._arrange()
        self.endResetModel()

    def _arrange(self) -> None:
        examples = self.examples
        if examples is None:
            self.order = np.empty(0, np.intp)
            return
        rows = matching(examples, self.words)
        values = self._column(self._by)
        order = np.argsort(values[rows], kind="stable") if values is not None else np.arange(len(rows))
        self.order = rows[order[::-1] if self._falling else order]

    def _column(self, column: int) -> np.ndarray | None:
        examples = self.examples
        if examples is None or not 0 <= column < self.columnCount():
            return None
        if column < len(FIXED):
            return examples.ids if column == 0 else examples.takes
        column -= len(FIXED)
        outputs = len(examples.outputs)
        found: np.ndarray = examples.targets[:, column] if column < outputs else examples.inputs[:, column - outputs]
        return found

    def ids(self, rows: Sequence[int]) -> list[int]:
        """Return the ids of shown rows."""
        return [int(self.examples.ids[self.order[row]]) for row in rows] if self.examples is not None else []

    # --- Qt's questions ---------------------------------------------------------------------------------

    def rowCount(self, parent: AnyIndex = ROOT) -> int:
        return 0 if parent.isValid() else len(self.order)

    def columnCount(self, parent: AnyIndex = ROOT) -> int:
        if parent.isValid() or self.examples is None:
            return 0
        return len(FIXED) + len(self.examples.outputs) + self.examples.width

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        if self.examples is None or orientation != Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        names = (*FIXED, *(output.name for output in self.examples.outputs), *self.examples.features)
        return names[section] if section < len(names) else None

    def data(self, index: AnyIndex, role: int = 0) -> Any:
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return self._text(index.row(), index.column(), role == Qt.ItemDataRole.EditRole)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return None

    def _text(self, row: int, column: int, whole: bool) -> str:
        values = self._column(column)
        if values is None or self.examples is None or row >= len(self.order):
            return ""
        value = float(values[self.order[row]])
        if math.isnan(value):
            return "" if whole else "–"
        place = column - len(FIXED)
        if 0 <= place < len(self.examples.outputs) and self.examples.outputs[place].kind == "class":
            return self.examples.outputs[place].label(int(value)).name
        if place < 0:
            return str(int(value))
        return f"{value:.9g}" if whole else f"{value:.4g}".replace("-", "−")

    def flags(self, index: AnyIndex) -> Qt.ItemFlag:
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return flags | Qt.ItemFlag.ItemIsEditable if index.column() >= len(FIXED) else flags

    def setData(self, index: AnyIndex, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Ask the engine for a correction; what cannot be read is answered with a sentence."""
        examples, place = self.examples, index.column() - len(FIXED)
        if examples is None or place < 0:
            return False
        number = self.ids([index.row()])[0]
        text = str(value).strip().replace("−", "-")
        try:
            if place < len(examples.outputs):
                target = read_target(examples, place, text)
                self.desk.engine.fire("/listener/relabel", float(place + 1), target, float(number))
            else:
                feature = examples.features[place - len(examples.outputs)]
                self.desk.engine.fire("/listener/edit", float(number), feature, float(text.replace(",", ".")))
        except (ValueError, DatasetError) as error:
            self.desk.say(f"Example {number}: {error}")
            return False
        return True


def matching(examples: Examples, words: str) -> np.ndarray:
    """Return the rows that a filter lets through."""
    words = words.strip().casefold()
    everything = np.arange(len(examples))
    if not words:
        return everything
    wanted = np.zeros(len(examples), bool)
    for place, output in enumerate(examples.outputs):
        if output.kind == "class":
            labels = examples.labels(place)
            for number in np.unique(labels).tolist():
                if output.label(number).name.casefold().startswith(words):
                    wanted |= labels == number
    if words.isdigit():
        wanted |= (examples.ids == int(words)) | (examples.takes == int(words))
    return everything[wanted]


def read_target(examples: Examples, place: int, text: str) -> float:
    """Return the target that a text names: a label by name or number, or a number; ValueError if it names none."""
    output = examples.outputs[place]
    if output.kind == "class":
        known = {output.label(number).name.casefold(): number for number in range(10)}
        known |= {label.name.casefold(): label.number for label in output.labels}
        if text.casefold() in known:
            return float(known[text.casefold()])
        if not text.isdigit():
            raise ValueError(f"{text!r} is no label; there are {', '.join(known)}")
        return float(text)
    return float(text.replace(",", "."))


class Grid(Sheet):
    """The table. Attributes: `rows` (its model)."""

    def __init__(self, desk: Desk) -> None:
        self.rows = Rows(desk)
        super().__init__(desk, self.rows, "Table of the examples")
        self._waiting = 0
        self._columns = 0
        self.restyle()

    def restyle(self) -> None:
        super().restyle()
        self.horizontalHeader().setDefaultSectionSize(self.desk.look.px(62))

    def refresh(self, picture: Snapshot) -> None:
        """Follow the examples; while one records, only now and then, and never under an open editor."""
        self._waiting += 1
        recording = bool(picture.listener.recording) and self._waiting % 15
        if picture.listener.examples is self.rows.examples or recording:
            return
        if self.state() == QAbstractItemView.State.EditingState:
            return
        kept = self.chosen()
        at = self.verticalScrollBar().value()
        self.rows.show(picture.listener.examples)
        if self.rows.columnCount() != self._columns:
            self._columns = self.rows.columnCount()
            for column in range(len(FIXED)):
                self.setColumnWidth(column, self.desk.look.px(44))
        self.choose(kept)
        self.verticalScrollBar().setValue(at)

    def chosen(self) -> list[int]:
        """Return the ids of the marked rows."""
        return self.rows.ids(self.marked())

    def choose(self, ids: Sequence[int]) -> None:
        """Mark the rows of these ids."""
        if not len(ids) or self.rows.examples is None:
            return
        wanted = set(ids)
        shown = self.rows.examples.ids[self.rows.order].tolist()
        self.mark([row for row, number in enumerate(shown) if number in wanted][:1000])

    def delete(self) -> None:
        """Ask for the marked rows to be deleted."""
        ids = self.chosen()
        if ids:
            self.desk.engine.fire("/listener/delete", *(float(number) for number in ids))

    def relabel(self, label: int, page: Page) -> None:
        """Ask for another label for the marked rows."""
        ids = self.chosen()
        if ids and page.column is not None:
            self.desk.engine.fire(
                "/listener/relabel", float(page.column + 1), float(label), *(float(number) for number in ids)
            )
