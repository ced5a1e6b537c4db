"""The first column of the Rules: a synth under the hands, and presets of it kept under labels."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QMenu, QStackedWidget

from app.snapshot import Snapshot
from ui.desk import Desk, Display
from ui.panel.card import Card, column, row, snug
from ui.panel.rules_knobs import KnobSheet
from ui.widget.entry import EntryField
from ui.widget.pad import Pad
from ui.widget.rules_grid import NO_CLASS, PresetGrid
from ui.widget.rules_label import KeepPad, PresetPads

TABLES = "Presets (*.csv *.tsv *.txt *.json);;All files (*)"
OWN = Path(__file__).parents[2] / "presets" / "rules"  # What comes with the instrument.
EXPORTS = "CSV table (*.csv);;JSON (*.json)"
NONE_TIP = "Keep it as an example of no label: rules stay away from it  (/rules/keep_none)"
PER_ROW = 4


def words(picture: Snapshot) -> str:
    """Return how much is kept."""
    state = picture.rules
    if not state.presets:
        return "nothing kept yet"
    labels = len({count.label for count in state.labels})
    none = sum(1 for row in state.presets if not row.label)
    tail = f", {none} of no class" if none else ""
    return f"{len(state.presets)} presets, {labels} label{'s' * (labels != 1)}{tail}"


class RulesExamples(Card):
    """Attributes: `sheet` (the knobs), `table`, `keep` (a pad for each label), `field` (takes a new label)."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "Examples", words)
        self.sheet, self.table = KnobSheet(desk), TableSheet(desk)
        self.keep = PresetPads(desk, KeepPad, 28, PER_ROW)
        self.field = EntryField(desk, "Keep under a new label", "keep as a new label…", self._keep)
        none = snug(Pad(desk, "No class", lambda: desk.engine.fire("/rules/keep_none"), 28))
        none.setToolTip(NONE_TIP)
        self._pages = QStackedWidget()
        self._pages.addWidget(self.sheet)
        self._pages.addWidget(self.table)
        self._toggle = snug(Pad(desk, "Table", self.turn, 28))
        # Where nothing is kept yet, a table of presets is the other way to begin.
        self._begin = snug(Pad(desk, "Import…", self.table.open, 28))
        self._begin.setAccessibleName("Begin with a table of presets")
        self._begin.setToolTip("Presets from a table: CSV, JSON or a text  (/rules/import)")
        self.head.addWidget(self._begin)
        self.head.addWidget(self._toggle)
        self.body.addWidget(self._pages, 1)
        self.body.addWidget(self.keep)
        self.body.addLayout(row(self.field, none, gap=6))
        self.setAcceptDrops(True)

    def refresh(self, picture: Snapshot) -> None:
        is_empty = not picture.rules.presets
        if self._begin.isHidden() == is_empty:
            self._begin.setVisible(is_empty)

    def _keep(self, label: str) -> None:
        self.desk.engine.fire("/rules/keep", label)

    def turn(self) -> None:
        """Show the table instead of the knobs, or the knobs again."""
        shows_table = self._pages.currentIndex() == 0
        self._pages.setCurrentIndex(int(shows_table))
        self._toggle.light("", "Knobs" if shows_table else "Table")

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        paths = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            self.table.take(paths[0])


class TableSheet(Display):
    """The table of the presets and what can be done with it. Attributes: `grid`, `reads` (the file that is read)."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.grid = PresetGrid(desk)
        self.reads = ""
        self._before: object = None
        self._import = Pad(desk, "Import", self.open, 28)
        self._relabel = Pad(desk, "Label…", self._offer, 28)
        delete = Pad(desk, "Delete", self.grid.delete, 28)
        clear = Pad(desk, "Clear", lambda: desk.engine.fire("/rules/clear"), 28)
        clear.setToolTip("Delete all presets; Undo brings them back  (/rules/clear)")
        export = Pad(desk, "Export", self.save, 28)
        pads = row(self._relabel, delete, clear, self._import, export, gap=6)
        box = column(self.grid, pads, gap=6)
        box.setStretch(0, 1)
        self.setLayout(box)

    def refresh(self, picture: Snapshot) -> None:
        """Wait for a table that is read: it comes as other presets or as a sentence."""
        if self.reads and self._before != (picture.rules.presets, picture.log[-1:]):
            self.reads = ""
        self._import.light("learning" if self.reads else "", "reading…" if self.reads else "Import")

    def _offer(self) -> None:
        menu = self.menu()
        menu.popup(self._relabel.mapToGlobal(QPoint(0, -menu.sizeHint().height())))

    def menu(self) -> QMenu:
        """Return a menu of the labels that marked presets may get."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if not self.grid.chosen():
            menu.addAction("Mark presets first").setEnabled(False)
        for label in (*self.desk.presets(self.desk.engine.snapshot).labels, ""):
            menu.addAction(label or NO_CLASS, partial(self.grid.relabel, label))
        return menu

    # --- files ------------------------------------------------------------------------------------------

    def open(self) -> None:
        """Open a file dialog that leaves the music and the window usable."""
        dialog = QFileDialog(self.window(), "Import presets")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilter(TABLES)
        if not self.desk.engine.snapshot.rules.presets:
            dialog.setDirectory(str(OWN))
        dialog.fileSelected.connect(self.take)
        _show(dialog)

    def take(self, path: str) -> None:
        """Ask for a table to be read."""
        picture = self.desk.engine.snapshot
        self.reads, self._before = path, (picture.rules.presets, picture.log[-1:])
        self.desk.engine.fire("/rules/import", path)

    def save(self) -> None:
        """Ask where the presets go."""
        dialog = QFileDialog(self.window(), "Export presets")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter(EXPORTS)
        dialog.setDefaultSuffix("csv")
        dialog.fileSelected.connect(lambda path: self.desk.engine.fire("/rules/export", path))
        _show(dialog)


def _show(dialog: QFileDialog) -> None:
    dialog.setModal(False)
    dialog.finished.connect(dialog.deleteLater)
    dialog.show()
