"""The first column of the Listener: label pads; the map, the table or the inputs; targets, warnings, files."""

from __future__ import annotations

from PySide6.QtGui import QDragEnterEvent, QDropEvent, QResizeEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from app.parameter import Parameter
from app.snapshot import Snapshot
from ui.desk import Desk
from ui.panel.card import Card, row, snug
from ui.panel.finding import Findings
from ui.panel.label_pads import LabelPads, Targets
from ui.panel.listener_file import FileBar, FilePad, file_state
from ui.panel.listener_input import InputsPage
from ui.panel.listener_take import TakeDrawer
from ui.panel.table_page import TablePage
from ui.widget.map import POINTER, MapView
from ui.widget.pad import ActionPad, Pad, SwitchPad

OSC = "/listener/input/osc/on"
PAGES = ("Map", "Table", "Inputs")
LOW_COLUMN = 470  # Lower than this there is room for the inputs or for the drawer.


def words(picture: Snapshot) -> str:
    """Return what goes on with the examples."""
    state = picture.listener
    if state.recording:
        return f"{state.taken} taken"
    total = len(state.examples) if state.examples is not None else 0
    return f"{total} in all" if total else "hold 1 to 9"


class PageTab(Pad):
    """A tab of the first column. Attributes: `name`."""

    def __init__(self, desk: Desk, name: str, card: ListenerExamples) -> None:
        super().__init__(desk, name, lambda: card.turn(name), 28, "small")
        self.name, self._card = name, card

    def refresh(self, picture: Snapshot) -> None:
        self.light("active" if self._card.page == self.name else "")


class ListenerExamples(Card):
    """Attributes: `page` (the name shown), `pads`, `map`, `table`, `inputs`, `drawer`, `files`, `bar`, `findings`."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "Examples", words, True)
        self.page = PAGES[0]
        self.pads, self.map, self.table = LabelPads(desk), MapView(desk), TablePage(desk)
        self.inputs, self.drawer = InputsPage(desk), TakeDrawer(desk)
        self.files, self.bar = FilePad(desk), FileBar(desk)
        self._targets = Targets(desk)
        self.findings = Findings(desk, self.mark)
        self._pages, self._below = QStackedWidget(), QStackedWidget()
        for page in (self.map, self.table, self.inputs):
            self._pages.addWidget(page)
        for name in PAGES:
            self.head.addWidget(snug(PageTab(desk, name, self)))
        self.head.setSpacing(4)
        self._below.addWidget(self._verbs())
        self._below.addWidget(self.bar)
        self._below.setSizePolicy(self.files.sizePolicy())
        for part in (self.pads, self._pages, self._targets, self.findings, self.drawer, self._below):
            self.body.addWidget(part, int(part is self._pages))
        self.setAcceptDrops(True)

    def _verbs(self) -> QWidget:
        desk = self.desk
        pointer = desk.engine.tree.find(POINTER)
        parts = [PointerPad(desk, pointer)] if isinstance(pointer, Parameter) else []
        clear = Pad(desk, "Clear", lambda: desk.engine.fire("/listener/clear"))
        clear.setToolTip("Delete all examples; Undo brings them back  (/listener/clear)")
        undo = ActionPad(desk, "/undo", "Undo")
        self._drawer_pad = Pad(desk, "Count-in", lambda: self.pull(self.drawer.isHidden()))
        self._drawer_pad.setToolTip("Record by the clock: Shift+click a pad")
        box = QWidget()
        box.setLayout(row(*parts, undo, clear, self.files, self._drawer_pad, gap=6))
        return box

    def turn(self, name: str) -> None:
        """Show the map, the table or the inputs."""
        self.page = name
        self._pages.setCurrentIndex(PAGES.index(name))
        self.findings.setVisible(name != "Inputs")  # The values need the room.
        if name == "Inputs":
            self.inputs.open_first(self.desk.engine.snapshot)
            if self._is_low:
                self.pull(False)

    def pull(self, out: bool) -> None:
        """Open or close the drawer of the count-in."""
        self.drawer.setVisible(out)
        self._drawer_pad.light("active" if out else "")
        if out and self._is_low and self.page == "Inputs":
            self.turn("Map")

    @property
    def _is_low(self) -> bool:
        return self.height() < self.desk.look.px(LOW_COLUMN)

    def resizeEvent(self, event: QResizeEvent) -> None:
        if self._is_low and self.page == "Inputs":
            self.pull(False)

    def refresh(self, picture: Snapshot) -> None:
        busy = int(bool(file_state(self.desk)))
        if busy != self._below.currentIndex():
            self._below.setCurrentIndex(busy)

    def mark(self, ids: tuple[int, ...]) -> None:
        """Ring examples on the map and mark them in the table."""
        self.map.mark(ids)
        self.table.grid.clearSelection()
        self.table.grid.choose(ids)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        paths = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            self.files.take(paths[0])
            event.acceptProposedAction()


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
