"""The first column of the Listener: label pads, the map or the table, targets, warnings, files."""

from __future__ import annotations

import threading
from functools import partial
from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeyEvent
from PySide6.QtWidgets import QFileDialog, QGridLayout, QHBoxLayout, QLineEdit, QMenu, QSizePolicy, QStackedWidget

from app.dataset_check import Finding, check
from app.dataset_file import FORMATS
from app.example import Examples
from app.parameter import Parameter, TextParameter
from app.player.listener.plan import PlanError, read_plan, show_plan
from app.snapshot import Snapshot
from ui.desk import Desk, Display, Live
from ui.fader import Fader
from ui.ledger import MOST_PADS
from ui.panel.card import Card, column, row, snug
from ui.widget.grid import Grid
from ui.widget.label_pad import LabelPad
from ui.widget.lines import Line, Lines
from ui.widget.map import POINTER, MapView
from ui.widget.pad import ActionPad, Pad, SwitchPad

PADS_A_ROW = 4
TARGETS = 16
OSC = "/listener/input/osc/on"
TABLES = "Examples (*.csv *.txt *.arff *.json *.wekproj);;All files (*)"


def words(picture: Snapshot) -> str:
    """Return what goes on with the examples."""
    state = picture.listener
    if state.recording:
        return f"recording: {state.taken} taken"
    total = len(state.examples) if state.examples is not None else 0
    return f"{total} examples   hold 1 to 9" if total else "hold 1 to 9 to record"


class LabelPads(Display):
    """As many pads as there are labels, and one to have more. Attributes: `pads`."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.pads = [LabelPad(desk, number) for number in range(1, MOST_PADS + 1)]
        self._more = snug(Pad(desk, "+", lambda: self.grow(1), 44))
        self._more.setAccessibleName("One label more")
        self._more.setToolTip("One label more  (/listener/outputs)")
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(6)
        self._count = -1
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        for pad in (*self.pads, self._more):
            pad.setParent(self)
        self._lay_out(4)

    def refresh(self, picture: Snapshot) -> None:
        self._lay_out(len(self.desk.page(picture).labels))

    def _lay_out(self, count: int) -> None:
        if count == self._count:
            return
        self._count = count
        shown = [*self.pads[:count], self._more] if count < MOST_PADS else self.pads[:count]
        for pad in (*self.pads, self._more):
            self._grid.removeWidget(pad)
            pad.setVisible(pad in shown)
        per_row = PADS_A_ROW if len(shown) in (3, 4, 7, 8) else 5 if len(shown) > PADS_A_ROW else max(len(shown), 1)
        for place, pad in enumerate(shown):
            self._grid.addWidget(pad, place // per_row, place % per_row)

    def grow(self, by: int) -> None:
        """Ask for more classes of the first output that is a class."""
        found = self.desk.engine.tree.find("/listener/outputs")
        if not isinstance(found, TextParameter):
            return
        try:
            plan = list(read_plan(found.value))
        except PlanError as error:
            self.desk.say(str(error))
            return
        place = next((n for n, output in enumerate(plan) if output.kind != "regressor"), None)
        if place is None:
            self.desk.say("There is no output with labels: write such as classifier:4 below")
            return
        wanted = max(self._count + by, 1)
        plan[place] = type(plan[place])(plan[place].kind, wanted)
        self.desk.engine.set(found.address, show_plan(tuple(plan)))


class Targets(Display):
    """A fader for the target of each output that is a number: what the next examples stand for."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.faders: list[Fader] = []
        for place in range(1, TARGETS + 1):
            parameter = desk.engine.tree.find(f"/listener/target/{place}")
            if isinstance(parameter, Parameter):
                self.faders.append(Fader(desk, parameter))
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(6)
        self._shown: tuple[int, ...] | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        for fader in self.faders:
            fader.setParent(self)
        self._lay_out(())

    def refresh(self, picture: Snapshot) -> None:
        self._lay_out(self.desk.page(picture).numbers[:4])

    def _lay_out(self, numbers: tuple[int, ...]) -> None:
        if numbers == self._shown:
            return
        self._shown = numbers
        for fader in self.faders:
            self._grid.removeWidget(fader)
            fader.hide()
        for place, number in enumerate(n for n in numbers if n < len(self.faders)):
            self._grid.addWidget(self.faders[number], place // 2, place % 2)
            self.faders[number].show()
        self.setMaximumHeight(16_777_215 if numbers else 0)


class Findings(Lines):
    """What is doubtful about the examples; a click rings those concerned. Attributes: `found`."""

    def __init__(self, desk: Desk, examples: ListenerExamples) -> None:
        super().__init__(desk, (1.0,), "", tall=20, name="Warnings about the examples", role="small")
        self.found: tuple[Finding, ...] = ()
        self._doubts: list[Finding] = []
        self._examples = examples
        self._checked: Examples | None = None
        self._busy = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.restyle()

    def restyle(self) -> None:
        self.setFixedHeight(self.desk.look.px(self.tall * 2))
        super().restyle()

    def tick(self, picture: Snapshot) -> None:
        """Check in the background what came since; never while one records."""
        state = picture.listener
        if (
            state.examples is not None
            and state.examples is not self._checked
            and not self._busy
            and not state.recording
        ):
            self._busy = True
            work = threading.Thread(target=self._check, args=(state.examples,), name="check examples", daemon=True)
            work.start()
        self._show()

    def _check(self, examples: Examples) -> None:
        try:
            self.found = check(examples) if examples.outputs else ()
        finally:
            self._checked, self._busy = examples, False

    def _show(self) -> None:
        doubts = [finding for finding in self.found if not (finding.kind in ("few", "empty") and not finding.ids)]
        lines = [Line((f"! {finding.text}",), "learning", str(n)) for n, finding in enumerate(doubts)]
        total = len(self._checked) if self._checked is not None else 0
        if not lines and total:
            lines = [Line(("Nothing doubtful about the examples",), "dim", "")]
        self._doubts = doubts
        self.show_lines(lines)
        self.setToolTip("\n".join(finding.text for finding in doubts))

    def choose(self, line: Line) -> None:
        is_again = self.chosen == line.key
        self.chosen = None if is_again else line.key
        self.update()
        ids = self._doubts[int(line.key)].ids if line.key and not is_again else ()
        self._examples.mark(ids)


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


class ListenerExamples(Card):
    """Attributes: `pads`, `map`, `table`, `findings`."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "Examples", words, True)
        self.pads, self.map, self.table = LabelPads(desk), MapView(desk), TablePage(desk)
        self._targets = Targets(desk)
        self.findings = Findings(desk, self)
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
