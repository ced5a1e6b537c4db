"""The page of the inputs, beside the map: each input's state, its processing, and the values it gives.

It stands where the examples are recorded, because that is when one asks whether what comes in is any good. Only one
input's processing is open at a time; the values of all are below each other, as the learner hears them.
"""

from __future__ import annotations

from PySide6.QtWidgets import QStackedWidget

from app.input import InputState
from app.player.listener.inputs import SOURCES
from app.snapshot import Snapshot
from ui.desk import Desk, Display
from ui.panel.card import column, row, snug
from ui.panel.input import TITLES
from ui.panel.listener_chain import ChainField, Steps
from ui.panel.listener_column import ColumnList
from ui.widget.choice import Choice
from ui.widget.label import Label
from ui.widget.pad import Pad, SwitchPad
from ui.widget.sentence import Sentence

NAMES = tuple(name for name, _, _ in SOURCES)
OFF = "off"


def title_of(source: str) -> str:
    """Return what the screen calls an input."""
    return TITLES.get(source, source.capitalize())


def state_of(picture: Snapshot, source: str) -> InputState | None:
    """Return how an input does, None while it is off."""
    return next((one for one in picture.listener.inputs if one.source == source), None)


def figures_text(state: InputState | None) -> str:
    """Return an input's rate and counts in words, what is wrong first; only what there is to tell."""
    if state is None:
        return OFF
    rate = f"{state.rate_hz:.0f} Hz" if state.rate_hz >= 0.5 else "no frames"
    counts = ((state.wrong_size, "odd-sized"), (state.not_numbers, "NaN"), (state.gaps, "gaps"), (state.frames, "well"))
    return "   ".join([rate, *(f"{count} {what}" for count, what in counts if count)])


def is_doubtful(state: InputState | None) -> bool:
    """Tell whether something was wrong with an input's frames."""
    return state is not None and bool(state.trouble or state.wrong_size or state.not_numbers)


class SourceTab(Pad):
    """Opens one input; a sign tells whether it is well. Attributes: `source`."""

    def __init__(self, desk: Desk, source: str, page: InputsPage) -> None:
        super().__init__(desk, title_of(source), lambda: page.open(source), 28, "small")
        self.source, self._page = source, page
        self.setAccessibleName(f"Processing of {title_of(source)}")

    def refresh(self, picture: Snapshot) -> None:
        state = state_of(picture, self.source)
        sign = "" if state is None else "! " if is_doubtful(state) else "● "
        self.light("active" if self._page.source == self.source else "", sign + title_of(self.source))


class SourcePage(Display):
    """One input: its figures, its policy and its processing. Attributes: `steps`, `field`."""

    def __init__(self, desk: Desk, source: str) -> None:
        super().__init__(desk)
        tree = desk.engine.tree
        process = tree.text(f"/listener/input/{source}/process")
        self._source = source
        self._figures = Label(desk, "", "small", "dim")
        policy = Choice(desk, tree.number(f"/listener/input/{source}/policy"), 28)
        switch = SwitchPad(desk, tree.number(f"/listener/input/{source}/on"), "On", tall=28, role="small")
        switch.setAccessibleName(f"{title_of(source)} on")
        policy.role = "small"
        self.steps, self.field = Steps(desk, source, process), ChainField(desk, process)
        fault = Sentence(desk, self._words, "small", 2)
        box = column(row(self._figures, snug(switch), snug(policy), gap=4), self.steps, self.field, fault, gap=4)
        self.setLayout(box)

    def refresh(self, picture: Snapshot) -> None:
        state = state_of(picture, self._source)
        self._figures.show_text(figures_text(state), "learning" if is_doubtful(state) else "dim")
        self._figures.setToolTip(self._figures.text)

    def _words(self, picture: Snapshot) -> tuple[str, str]:
        """Return the chain's fault, else the input's trouble, else what a chain is."""
        text, color = self.field.fault(picture)
        state = state_of(picture, self._source)
        if text:
            return text, color
        if state is not None and state.trouble:
            return state.trouble, "learning"
        return "Processed in this order before it is learnt" if self.field.text() else "", "dim"


class InputsPage(Display):
    """Attributes: `source` (the one that is open), `values` (the list), `pages` (one for each input)."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.source = NAMES[0]
        self.values = ColumnList(desk)
        self.pages = {name: SourcePage(desk, name) for name in NAMES}
        self._stack = QStackedWidget()
        for page in self.pages.values():
            self._stack.addWidget(page)
        tabs = [SourceTab(desk, name, self) for name in NAMES]
        box = column(row(*tabs, gap=4), self.values, self._stack, gap=6)
        box.setStretch(1, 1)
        self.setLayout(box)

    def open(self, source: str) -> None:
        """Show one input's processing."""
        self.source = source
        self._stack.setCurrentWidget(self.pages[source])

    def open_first(self, picture: Snapshot) -> None:
        """Show an input that is on, if the one shown is not."""
        on = [state.source for state in picture.listener.inputs]
        if on and self.source not in on:
            self.open(on[0])
