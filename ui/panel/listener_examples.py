"""The first column of the Listener: label pads, the map or the table, targets, warnings, files."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QStackedWidget

from app.dataset_file import FORMATS
from app.parameter import Parameter
from app.snapshot import Snapshot
from ui.desk import Desk
from ui.panel.card import Card, row, snug
from ui.panel.finding import Findings
from ui.panel.label_pads import LabelPads, Targets
from ui.panel.table_page import TablePage
from ui.widget.map import POINTER, MapView
from ui.widget.pad import ActionPad, Pad, SwitchPad

OSC = "/listener/input/osc/on"
TABLES = "Examples (*.csv *.txt *.arff *.json *.wekproj);;All files (*)"


def words(picture: Snapshot) -> str:
    """Return what goes on with the examples."""
    state = picture.listener
    if state.recording:
        return f"recording: {state.taken} taken"
    total = len(state.examples) if state.examples is not None else 0
    return f"{total} examples   hold 1 to 9" if total else "hold 1 to 9 to record"


class ListenerExamples(Card):
    """Attributes: `pads`, `map`, `table`, `findings`."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "Examples", words, True)
        self.pads, self.map, self.table = LabelPads(desk), MapView(desk), TablePage(desk)
        self._targets = Targets(desk)
        self.findings = Findings(desk, self.mark)
        self._pages = QStackedWidget()
        self._pages.addWidget(self.map)
        self._pages.addWidget(self.table)
        self._toggle = snug(Pad(desk, "Table", self.turn, 28))
        self.head.addWidget(self._toggle)
        self.body.addWidget(self.pads)
        self.body.addWidget(self._pages, 1)
        self.body.addWidget(self._targets)
        self.body.addWidget(self.findings)
        self.body.addLayout(self._files())
        self.setAcceptDrops(True)

    def _files(self) -> QHBoxLayout:
        desk = self.desk
        pointer = desk.engine.tree.find(POINTER)
        parts = [PointerPad(desk, pointer)] if isinstance(pointer, Parameter) else []
        clear = Pad(desk, "Clear", lambda: desk.engine.fire("/listener/clear"))
        clear.setToolTip("Delete all examples; Undo brings them back  (/listener/clear)")
        undo = ActionPad(desk, "/undo", "Undo")
        return row(*parts, undo, clear, Pad(desk, "Import", self.open), Pad(desk, "Export", self.save), gap=6)

    def turn(self) -> None:
        """Show the table instead of the map, or the map again."""
        shows_table = self._pages.currentIndex() == 0
        self._pages.setCurrentIndex(int(shows_table))
        self._toggle.light("", "Map" if shows_table else "Table")

    def mark(self, ids: tuple[int, ...]) -> None:
        """Ring examples on the map and mark them in the table."""
        self.map.mark(ids)
        self.table.grid.clearSelection()
        self.table.grid.choose(ids)

    # --- files ------------------------------------------------------------------------------------------

    def open(self) -> None:
        """Open a file dialog that leaves the music and the window usable."""
        dialog = QFileDialog(self.window(), "Import examples")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilter(TABLES)
        self._show(dialog)
        dialog.fileSelected.connect(self.take)

    def save(self) -> None:
        """Ask where the examples go and in which format."""
        dialog = QFileDialog(self.window(), "Export examples")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters([filter_text(name) for name in FORMATS])
        self._show(dialog)
        dialog.fileSelected.connect(lambda path: self.export(path, dialog.selectedNameFilter()))

    @staticmethod
    def _show(dialog: QFileDialog) -> None:
        dialog.setModal(False)
        dialog.finished.connect(dialog.deleteLater)
        dialog.show()

    def take(self, path: str) -> None:
        """Ask for the examples of a file."""
        self.desk.engine.fire("/listener/import", path)

    def export(self, path: str, chosen: str) -> None:
        """Ask for a file of the examples in the format of a filter's text."""
        name = next((name for name in FORMATS if filter_text(name) == chosen), "own")
        suffix = FORMATS[name].suffix
        self.desk.engine.fire("/listener/export", path if Path(path).suffix or not suffix else path + suffix, name)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        paths = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            self.take(paths[0])


class PointerPad(SwitchPad):
    """The pointer over the map as an input. While OSC has sent nothing, it steps aside, or frames would wait for it."""

    def __init__(self, desk: Desk, parameter: Parameter) -> None:
        super().__init__(desk, parameter, "Pointer")

    def _flip(self) -> None:
        engine = self.desk.engine
        turns_on = not self.parameter.value
        silent = any(state.source == "osc" and not state.frames for state in engine.snapshot.listener.inputs)
        if turns_on and silent:
            engine.set(OSC, 0.0)
        engine.set(POINTER, float(turns_on))


def filter_text(name: str) -> str:
    """Return a format as the file dialog names it."""
    form = FORMATS[name]
    return f"{form.title} (*{form.suffix})"
