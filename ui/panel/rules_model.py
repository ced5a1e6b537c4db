"""The second column of the Rules: the two knobs with what they would do, counts by label, the rules one by one."""

from __future__ import annotations

from PySide6.QtWidgets import QGridLayout, QSizePolicy, QStackedWidget, QWidget

from app.snapshot import Snapshot
from app.snapshot_rules import RulesState
from ui.desk import Desk, Display
from ui.face import Form
from ui.fader import Fader
from ui.panel.card import Card, column, row, snug
from ui.panel.status_bar import ago
from ui.widget.entry import EntryField
from ui.widget.label import Label, Readout
from ui.widget.lines import Line, Lines
from ui.widget.pad import ActionPad, Pad, SwitchPad
from ui.widget.rules_count import Counts
from ui.widget.rules_list import ORDERS, RuleList
from ui.widget.rules_map import RulesMap

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
