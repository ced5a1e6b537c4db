"""The Follower's program under the hand: eight pages, evaluation, what plays in the margin, faults at their place."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtGui import QHideEvent, QShowEvent

from app.parameter import Parameter
from app.snapshot import Snapshot
from ui.desk import Desk
from ui.panel.follower_mark import marks
from ui.panel.follower_page import Page, new_origin
from ui.widget.editor import Editor
from ui.widget.editor_match import place_lines
from ui.widget.editor_sheet import Spot

SLOT, TEXT = "/follower/slot", "/follower/text/{}"
EVALUATE, EVALUATE_NOW = "/follower/evaluate", "/follower/evaluate_now"
# Heads of addresses that hold settings rather than values one plays with.
SETTINGS = {"window", "output", "engine", "training", "pointer"}
SIZE, SIZE_STEP = "/window/code", 10
HINT = "Write a program, such as\n\nsource kick*2;\nlearn snare*2+.25;\n\nthen Ctrl+Return; later predict for learn"


class FollowerEditor(Editor):
    """Attributes: `page` (the text shown), `pages` by slot number, `number` of the slot shown."""

    def __init__(self, desk: Desk, role: str = "normal", figures: str = "small", scale: float = 1.15) -> None:
        super().__init__(desk, role, figures, scale)
        self.slot, self.size_parameter = desk.engine.tree.number(SLOT), desk.engine.tree.find(SIZE)
        self.pages: dict[int, Page] = {}
        self.number = 0
        self._origin = new_origin()
        self._places: dict[int, int] = {}
        self._fresh: set[int] = set()
        self._matched: tuple[str, int] | None = None
        self._asked: tuple[int, int] | None = None
        self._starts = False
        self._runs_in = desk.engine.snapshot.follower.slot
        self._evaluated = desk.engine.snapshot.follower.evaluated
        self._fault = desk.engine.snapshot.follower.fault
        self._fault_line = ""
        self._turn_to(int(self.slot.value) + 1)

    # --- pages ----------------------------------------------------------------------------------------

    @property
    def page(self) -> Page:
        return self.pages[self.number]

    def _turn_to(self, number: int) -> None:
        """Show another page as one left it."""
        if number == self.number:
            return
        if self.number:
            self.keep()
            self.page.position, self.page.scroll = self.textCursor().position(), self.verticalScrollBar().value()
        if number not in self.pages:
            parameter = self.desk.engine.tree.text(TEXT.format(number))
            self.pages[number] = Page(self.desk, parameter, self._origin)
        self.words.close_list()
        self.number, self.spot, self._matched = number, None, None
        page = self.page
        page.document.setDefaultFont(self.font())
        self.setDocument(page.document)
        cursor = self.textCursor()
        cursor.setPosition(min(page.position, page.document.characterCount() - 1))
        self.setTextCursor(cursor)
        self.verticalScrollBar().setValue(page.scroll)
        self._paint_selections()
        self.setAccessibleName(f"Program {number}")

    def turn_page(self, steps: int) -> None:
        self.desk.engine.set(SLOT, self.slot.value + steps)

    def keep(self) -> None:
        if self.number:
            self.page.keep()

    def save(self) -> None:
        self.keep()
        self.desk.engine.fire("/session/save")

    def hideEvent(self, event: QHideEvent) -> None:
        self.keep()

    def showEvent(self, event: QShowEvent) -> None:
        """What came while one looked elsewhere is no news: neither a run nor a fault of a text that is gone."""
        super().showEvent(event)
        state = self.desk.engine.snapshot.follower
        self._fault, self._evaluated, self._runs_in = state.fault, state.evaluated, state.slot

    def take_files(self, paths: Sequence[str]) -> None:
        self.desk.engine.fire("/follower/open", paths[0])

    # --- what it needs to know ------------------------------------------------------------------------

    def names(self) -> tuple[str, ...]:
        return self.page.names

    def addresses(self) -> Iterable[str]:
        found = [parameter.address for parameter in self.desk.engine.tree if isinstance(parameter, Parameter)]
        return [address for address in found if address.split("/")[1] not in SETTINGS]

    def hint(self) -> str:
        return HINT

    def restyle(self) -> None:
        size = getattr(self, "size_parameter", None)
        self.zoom = size.value / 100 if isinstance(size, Parameter) else 1.0
        for page in getattr(self, "pages", {}).values():
            page.colours.restyle()
        super().restyle()

    def resize_type(self, steps: int) -> None:
        if isinstance(self.size_parameter, Parameter):
            value = self.size_parameter.value + steps * SIZE_STEP if steps else self.size_parameter.default
            self.desk.engine.set(SIZE, value)

    # --- evaluation -----------------------------------------------------------------------------------

    def play_text(self, at_once: bool = False) -> None:
        """Ask for the whole text; music that stands still begins once the text is taken."""
        self.words.close_list()
        self.keep()
        self._ask(1, self.blockCount())
        self.desk.engine.fire(EVALUATE_NOW if at_once else EVALUATE, self.page.text)

    def play_block(self) -> None:
        """Ask for the lines around the cursor, up to the next empty ones, in place of all that plays."""
        self.words.close_list()
        self.keep()
        lines = self.page.text.split("\n")
        first = last = self.textCursor().blockNumber()
        if not lines[first].strip():
            self.desk.say("The cursor stands in an empty line: put it into the lines to play")
            return
        while first > 0 and lines[first - 1].strip():
            first -= 1
        while last + 1 < len(lines) and lines[last + 1].strip():
            last += 1
        self._ask(first + 1, last + 1)
        # Empty lines before it keep every line at its number, for faults and marks.
        self.desk.engine.fire(EVALUATE, "\n" * first + "\n".join(lines[first : last + 1]))

    def _ask(self, first: int, last: int) -> None:
        self._asked = first, last
        self._starts = not self.desk.engine.snapshot.playing
        self.show_spot(None)

    # --- looking --------------------------------------------------------------------------------------

    def refresh(self, picture: Snapshot) -> None:
        self._turn_to(int(self.slot.value) + 1)
        self.page.follow()
        if isinstance(self.size_parameter, Parameter) and self.size_parameter.value / 100 != self.zoom:
            self.restyle()
        self._look_for_taken(picture)
        self._look_for_fault(picture)
        self._match(picture)
        self._mark(picture)
        self.fade()

    def _mark(self, picture: Snapshot) -> None:
        """Mark what the lines in sight are doing."""
        seen = self.lines_in_sight()
        asked = range(self._asked[0], self._asked[1] + 1) if self._asked and picture.follower.pending else range(0)
        faulty = {self.spot.line} if self.spot is not None else set()
        fresh, waits = ({line for line in seen if line in lines} for lines in (self._fresh, asked))
        self.show_marks(marks(picture, self._places, fresh, waits, faulty))

    @property
    def is_fresh(self) -> bool:
        """Whether some lines do not play as they stand."""
        return bool(self._fresh)

    def is_here(self, picture: Snapshot) -> bool:
        """Whether the page that is shown is the one that plays."""
        return self._runs_in == self.number and bool(picture.follower.evaluated)

    def _look_for_taken(self, picture: Snapshot) -> None:
        """Flash what was taken, at the moment at which it takes effect."""
        state = picture.follower
        if self._starts and state.evaluated != self._evaluated:
            self._starts = False
            if not picture.playing:
                self.desk.engine.fire("/transport/play")
        if state.pending:
            return
        self._runs_in = state.slot
        if state.evaluated == self._evaluated:
            return
        self._evaluated = state.evaluated
        if state.slot == self.number:
            self.flash(*(self._asked or (1, self.blockCount())))
        self._asked = None

    def _look_for_fault(self, picture: Snapshot) -> None:
        """Mark where a text was not understood, until one touches the line."""
        fault, old = picture.follower.fault, self._fault
        self._fault = fault
        is_new = fault is not old and (fault != old or self._asked is not None)
        if fault is not None and is_new:
            self._starts, self._asked = False, None
            self._fault_line = self._line(fault.line)
            self.show_spot(Spot(fault.line, fault.column, fault.end))
            self.ensure_seen(fault.line)
        elif fault is None or (self.spot is not None and self._line(self.spot.line) != self._fault_line):
            self.show_spot(None)

    def _line(self, number: int) -> str:
        return self.cursor_at(number, 1).block().text()

    def _match(self, picture: Snapshot) -> None:
        """Find the lines of the playing program again, when either text changed."""
        played = picture.follower.text if self.is_here(picture) else None
        key = (played or "", self.document().revision())
        if played is None:
            self._places, self._fresh, self._matched = {}, set(), None
        elif key != self._matched:
            self._matched = key
            self._places, self._fresh = place_lines(played, self.page.text)
