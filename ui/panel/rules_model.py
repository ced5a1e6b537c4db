"""The second column of the Rules: the two knobs with what they would do, counts by label, the rules one by one."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QStackedWidget, QWidget

from app.snapshot import Snapshot
from app.snapshot_rules import LabelCount, RulesState
from ui.desk import Desk, Display
from ui.face import Form
from ui.fader import Fader
from ui.panel.card import Card, column, row, snug
from ui.panel.status_bar import ago
from ui.widget.entry import EntryField
from ui.widget.label import Label, Readout
from ui.widget.lines import Line, Lines
from ui.widget.pad import ActionPad, Pad, SwitchPad
from ui.widget.rules_list import ORDERS, RuleList
from ui.widget.rules_map import RulesMap, short
from ui.widget.shape import paint_shape

HEADS = ("", "presets", "rules", "variations", "new")
SHARES = (0.26, 0.16, 0.19, 0.24, 0.15)
MOST_COUNTS = 6
THIN = Form("small", "small", "small", 15, 5, 5)  # Of the two knobs, which the map shows large.
PAGES = ("Rules", "Conflicts", "Nearly", "Kept")
NOTHING = {
    "Conflicts": "Presets under two labels, and presets that keep two rules apart, stand here",
    "Nearly": "Rules that nearly merge stand here, with what it would take",
}


def model_text(picture: Snapshot) -> str:
    """Return what the model is: exact or not, how long it took, how old it is."""
    state = picture.rules
    if state.learning:
        return "learning…"
    if state.made_ago is None:
        return "nothing learnt yet"
    kept = f"model {state.playing} of the kept   " if state.playing else ""
    return f"{kept}{'exact' if state.exact else 'approximate'}   {state.ms:.0f} ms   {ago(state.made_ago)}"


def change_text(number: int) -> str:
    """Return a change against the model before: +3, −2, or nothing."""
    return f" {number:+d}".replace("-", "−") if number else ""


def count_cells(count: LabelCount) -> tuple[str, ...]:
    """Return the figures of a label."""
    more = count.variations_change
    changed = f" {'+' if more > 0 else '−'}{short(abs(more))}" if more else ""
    rules = f"{count.rules}{change_text(count.rules_change)}"
    return str(count.presets), rules, f"{short(count.variations)}{changed}", short(count.new)


class Counts(Display):
    """Figures by label: presets, rules, variations, of those new; with the change against the model before.

    Attributes: `rows` (cells by label).
    """

    def __init__(self, desk: Desk, role: str = "small") -> None:
        super().__init__(desk)
        self.role = role
        self.rows: tuple[tuple[str, int, tuple[str, ...]], ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Counts by label")

    @property
    def _line(self) -> int:
        return QFontMetrics(self.desk.look.font(self.role)).height() + 2

    def sizeHint(self) -> QSize:
        return QSize(200, self._line * (1 + max(min(len(self.rows), MOST_COUNTS), 1)))

    def minimumSizeHint(self) -> QSize:
        return QSize(100, self.sizeHint().height())

    def refresh(self, picture: Snapshot) -> None:
        page = self.desk.presets(picture)
        counts = {count.label: count for count in picture.rules.labels}
        rows = tuple(
            (label, page.colours[label], count_cells(counts[label])) for label in page.labels if label in counts
        )
        if rows != self.rows:
            grows = len(rows) != len(self.rows)
            self.rows = rows
            self.setAccessibleDescription("; ".join(f"{label}: {', '.join(cells)}" for label, _, cells in rows))
            if grows:
                self.updateGeometry()
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        look, painter = self.desk.look, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(look.font(self.role))
        painter.setPen(look.color("dim"))
        self._paint_cells(painter, 0, HEADS)
        for number, (label, colour, cells) in enumerate(self.rows[:MOST_COUNTS], 1):
            top = number * self._line
            size = look.px(10)
            paint_shape(painter, look, colour, QPointF(size / 2 + 1, top + self._line / 2), size)
            painter.setPen(look.color("text"))
            self._paint_cells(painter, top, (label, *cells), size + look.px(6))

    def _paint_cells(self, painter: QPainter, top: int, cells: tuple[str, ...], indent: int = 0) -> None:
        left, metrics = 0.0, QFontMetrics(painter.font())
        for place, (cell, share) in enumerate(zip(cells, SHARES, strict=True)):
            wide = self.width() * share
            box = QRect(
                round(left) + (indent if not place else 0), top, round(wide) - (indent if not place else 0), self._line
            )
            side = Qt.AlignmentFlag.AlignLeft if not place else Qt.AlignmentFlag.AlignRight
            text = metrics.elidedText(cell, Qt.TextElideMode.ElideRight, box.width())
            painter.drawText(box, side | Qt.AlignmentFlag.AlignVCenter, text)
            left += wide


class Sentences(Lines):
    """What the model says about itself, a line for each; the one pointed at is told whole."""

    def __init__(self, desk: Desk, name: str) -> None:
        super().__init__(desk, (1.0,), NOTHING[name], tall=20, name=name, role="small")
        self._name = name

    def refresh(self, picture: Snapshot) -> None:
        state = picture.rules
        said = state.conflicts if self._name == PAGES[1] else state.near
        self.show_lines([Line((text,), key=text) for text in said])
        whole = "\n".join(said)
        if whole != self.toolTip():
            self.setToolTip(whole)

    def choose(self, line: Line) -> None:
        """Tell a line whole, at the bottom of the window."""
        self.chosen = line.key
        self.desk.say(line.key)
        self.update()


class Kept(Lines):
    """The kept models: a click lets one answer."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, (0.1, 0.9), "", tall=22, name="Kept models", role="small")
        self.setToolTip("Click: this model answers  (/rules/palette/use)")

    def refresh(self, picture: Snapshot) -> None:
        names = ("the newest", *picture.rules.palette)
        chosen = str(picture.rules.playing)
        if chosen != self.chosen:
            self.chosen = chosen
            self.update()
        self.show_lines([Line((str(number), name), key=str(number)) for number, name in enumerate(names)])

    def choose(self, line: Line) -> None:
        self.desk.engine.fire("/rules/palette/use", float(line.key))


class PageTab(Pad):
    """A tab of the sheets. Attributes: `name`."""

    def __init__(self, desk: Desk, name: str, sheets: Sheets) -> None:
        super().__init__(desk, name, lambda: sheets.open(name), 28, "small")
        self.name, self._sheets = name, sheets

    def refresh(self, picture: Snapshot) -> None:
        count = count_of(self.name, picture.rules)
        self.light("active" if self._sheets.page == self.name else "", f"{self.name} {count}" if count else self.name)


def count_of(name: str, state: RulesState) -> int:
    """Return how much a sheet holds."""
    held = {PAGES[0]: state.rules, PAGES[1]: state.conflicts, PAGES[2]: state.near, PAGES[3]: state.palette}
    return len(held[name])


class Sheets(Display):
    """The rules, what is in their way, what nearly merges, the kept models. Attributes: `page` (shown), `rules`,
    `kept`."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.page = PAGES[0]
        self.rules, self.kept = RuleList(desk), Kept(desk)
        self._order = snug(Pad(desk, "↕", self.sort, 28, "small"))
        self._order.setAccessibleName("Sort the rules")
        self._tell_order()
        self._stack = QStackedWidget()
        for one in (self.rules, Sentences(desk, PAGES[1]), Sentences(desk, PAGES[2]), self._palette()):
            self._stack.addWidget(one)
        self.tabs = [PageTab(desk, name, self) for name in PAGES]
        box = QGridLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(5)
        box.addLayout(row(*self.tabs, self._order, gap=4), 0, 0)
        box.addWidget(self._stack, 1, 0)
        box.setRowStretch(1, 1)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def _palette(self) -> QWidget:
        fire = self.desk.engine.fire
        page = QWidget()
        field = EntryField(
            self.desk, "Keep this model", "keep this model as…", lambda name: fire("/rules/palette/keep", name)
        )
        drop = snug(Pad(self.desk, "Drop", self._drop, 28))
        drop.setToolTip("Let the chosen model go  (/rules/palette/drop)")
        box = column(self.kept, row(field, drop, gap=6), gap=5)
        box.setStretch(0, 1)
        page.setLayout(box)
        return page

    def _drop(self) -> None:
        playing = self.desk.engine.snapshot.rules.playing
        if playing:
            self.desk.engine.fire("/rules/palette/drop", float(playing))
        else:
            self.desk.say("Choose a kept model first: the newest one cannot be dropped")

    def sort(self) -> None:
        """Sort the rules by the next thing: label, presets inside, size."""
        self.rules.order = ORDERS[(ORDERS.index(self.rules.order) + 1) % len(ORDERS)]
        self._tell_order()
        self.desk.say(f"Rules by {self.rules.order}")

    def _tell_order(self) -> None:
        self._order.setToolTip(f"Rules stand by {self.rules.order}; press to sort by {', '.join(ORDERS)} in turn")

    def open(self, name: str) -> None:
        """Show one of them."""
        self.page = name
        self._stack.setCurrentIndex(PAGES.index(name))
        self._order.setVisible(name == PAGES[0])


class MapWords(Label):
    """What there is at the settings shown on a map, or would be where a hand drags to."""

    def __init__(self, desk: Desk, pad: RulesMap, role: str = "small") -> None:
        super().__init__(desk, role=role)
        self._pad = pad

    def refresh(self, picture: Snapshot) -> None:
        self.show_text(self._pad.words, "now" if self._pad.wish is not None else "text")


class TakePad(ActionPad):
    """Lets a model that waits answer; lit while one does."""

    def __init__(self, desk: Desk, tall: int = 28, role: str = "normal", text: str = "Take") -> None:
        super().__init__(desk, "/rules/take", text, waiting, tall, role)

    def refresh(self, picture: Snapshot) -> None:
        super().refresh(picture)
        waits = bool(picture.rules.candidate)
        if self.isEnabled() != waits:
            self.setEnabled(waits)


def waiting(picture: Snapshot) -> str:
    """Return the fill of Take."""
    return "learning" if picture.rules.candidate else ""


def learning(picture: Snapshot) -> str:
    """Return the fill of Learn."""
    return "learning" if picture.rules.learning else ""


def waiting_text(picture: Snapshot) -> str:
    """Return which model waits, if new ones have to."""
    candidate = picture.rules.candidate
    return f"B waits: {candidate}" if candidate else ""


class RulesModel(Card):
    """Attributes: `map`, `counts`, `sheets`."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "Model", model_text)
        tree = desk.engine.tree
        self.map, self.counts, self.sheets = RulesMap(desk), Counts(desk), Sheets(desk)
        self._shows = snug(Pad(desk, "variations", self.turn, 28, "small"))
        self._shows.setToolTip("What the map's cells tell: variations or rules")
        self.head.addWidget(self._shows)
        self.body.addWidget(self.map, 5)
        self.body.addLayout(row(*(Fader(desk, one, THIN) for one in self.map.parameters), gap=10))
        learn = ActionPad(desk, "/rules/learn", "Learn", learning, 28)
        auto = SwitchPad(desk, tree.number("/rules/auto"), "Auto", tall=28)
        hold = SwitchPad(desk, tree.number("/rules/hold"), "Hold", "learning", 28)
        back = ActionPad(desk, "/rules/back", "A/B", None, 28)
        self.body.addLayout(row(learn, auto, hold, TakePad(desk), back, gap=4))
        self.body.addWidget(self.counts)
        self.body.addWidget(self.sheets, 4)
        self.body.addWidget(Readout(desk, waiting_text, role="small", color="learning"))

    def turn(self) -> None:
        """Let the map tell rules instead of variations, or the other way round."""
        self.map.show_rules(not self.map.by_rules)
        self._shows.light("", "rules" if self.map.by_rules else "variations")
