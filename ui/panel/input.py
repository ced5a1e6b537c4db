"""What comes in: which inputs are on, how fast they send, their newest values, and what is wrong with them."""

from __future__ import annotations

import math

from app.input import InputState
from app.parameter import Parameter
from app.snapshot import Snapshot
from ui.desk import Desk
from ui.panel.card import Card, row
from ui.widget.bars import BarRow, Bars
from ui.widget.label import Label
from ui.widget.pad import SwitchPad

SOURCES = ("osc", "pointer", "midi", "audio", "serial")
POINTER = "pointer"
TITLES = {"osc": "OSC", "midi": "MIDI"}
MOST_BARS = 40
HOW = "No input is on"
WAITING = "Nothing came in yet"


def rate_text(picture: Snapshot) -> str:
    """Return how fast frames come, or where the instrument listens."""
    rates = [state.rate_hz for state in picture.listener.inputs if state.rate_hz >= 0.5]
    if rates:
        return "  ".join(f"{rate:.0f} Hz" for rate in rates)
    return f"OSC port {picture.osc_port}" if picture.osc_port else "not listening"


def trouble_text(picture: Snapshot) -> str:
    """Return what is wrong with the inputs, the first thing first; else what was passed over.

    That nothing came yet is said by the bars, and no trouble.
    """
    troubles = [state.trouble for state in picture.listener.inputs if is_troubled(state)]
    refused = sum(state.wrong_size + state.not_numbers for state in picture.listener.inputs)
    counted = f"   {refused} refused" if refused else ""
    well = "all frames are well" if any(state.frames for state in picture.listener.inputs) else ""
    return (troubles[0] + counted if troubles else counted.strip()) or well


def is_troubled(state: InputState) -> bool:
    """Tell whether an input that has begun has stopped; a pointer that rests is no trouble."""
    return bool(state.trouble and state.frames) and state.source != POINTER


def input_rows(states: tuple[InputState, ...]) -> tuple[BarRow, ...]:
    """Return a bar for each value of each input, over the range seen so far."""
    rows: list[BarRow] = []
    for state in states:
        for name, value, low, high in zip(state.names, state.values, state.low, state.high, strict=True):
            if len(rows) < MOST_BARS and math.isfinite(value):
                rows.append(bar_of(name, float(value), float(low), float(high)))
    return tuple(rows)


def bar_of(name: str, value: float, low: float, high: float) -> BarRow:
    """Return a bar from 0 to 1 where the values stay within, else over what was seen."""
    left, right = (0.0, 1.0) if low >= 0 and high <= 1 else (low, high)
    span = right - left or 1.0
    ends = ((low - left) / span, (high - left) / span)
    return BarRow(name, short(value), round((value - left) / span, 3), None, round(ends[0], 3), round(ends[1], 3))


def short(value: float) -> str:
    """Return a number in at most six characters."""
    text = f"{value:.2f}" if abs(value) < 100 else f"{value:.0f}" if abs(value) < 1e5 else f"{value:.0e}"
    return text.replace("-", "−")


class InputBars(Bars):
    """The newest values of all inputs."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, HOW, 18, 2, "Input values")
        found = [desk.engine.tree.find(f"/listener/input/{name}/on") for name in SOURCES]
        self._switches = [switch for switch in found if switch is not None]

    def refresh(self, picture: Snapshot) -> None:
        is_on = picture.listener.inputs or any(switch.value for switch in self._switches)
        empty = WAITING if is_on else HOW
        if empty != self.empty:
            self.empty = empty
            self.update()
        self.show_rows(input_rows(picture.listener.inputs))


class Trouble(Label):
    """What is wrong, in words, in the colour of a warning."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, role="small", color="dim")

    def tick(self, picture: Snapshot) -> None:
        states = [state for state in picture.listener.inputs if state.frames]
        is_bad = any(is_troubled(state) or state.wrong_size or state.not_numbers for state in states)
        self.show_text(trouble_text(picture), "learning" if is_bad else "dim")
        self.setToolTip(self.text)


class InputCard(Card):
    """Attributes: `bars`."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "Input", rate_text)
        self.body.setContentsMargins(12, 5, 12, 7)
        self.body.setSpacing(4)
        self.bars = InputBars(desk)
        switches = [pad for pad in (input_switch(desk, name) for name in SOURCES) if pad is not None]
        self.body.addLayout(row(*switches[:3], gap=4))
        self.body.addLayout(row(*switches[3:], gap=4))
        self.body.addWidget(self.bars, 1)
        self.body.addWidget(Trouble(desk))


def input_switch(desk: Desk, name: str) -> SwitchPad | None:
    """Return the switch of an input, None if the instrument has no such input."""
    parameter = desk.engine.tree.find(f"/listener/input/{name}/on")
    if not isinstance(parameter, Parameter):
        return None
    pad = SwitchPad(desk, parameter, TITLES.get(name, name.capitalize()), tall=28)
    pad.setAccessibleName(f"Input {name}")
    return pad
