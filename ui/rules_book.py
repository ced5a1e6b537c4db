"""What the columns of the Rules have in common: which labels there are, in which colours, and where presets lie.

Colours go by the order in which labels came and stay while a label lives, so that deleting the first label does not
repaint the others in the middle of a piece. Everything is made anew only when the presets changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.parameter import Curve
from app.snapshot_rules import PresetRow, RulesState, RuleState, Value

MOST_LABELS = 9  # As many as there are figures on the keyboard.
MOST_TICKS = 200  # On one lane; more cannot be told apart.
MOST_ROWS = 2000  # Looked at for ticks.

Tick = tuple[Value, int]


@dataclass(frozen=True, slots=True)
class RulesPage:
    """The Rules' presets for the eye.

    Attributes: `labels` (in their order), `colours` (label -> number of its shade), `counts` (label -> presets, "" of
    no class), `ticks` (by knob: values with the colour of their label).
    """

    labels: tuple[str, ...] = ()
    colours: Mapping[str, int] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)
    ticks: tuple[tuple[Tick, ...], ...] = ()

    def colour(self, label: str) -> int | None:
        """Return the number of a label's shade, None for no class."""
        return self.colours.get(label)


class RulesBook:
    """Keeps the page of the newest picture, and what the rule that sounds leaves open."""

    def __init__(self) -> None:
        self._rows: tuple[PresetRow, ...] | None = None
        self._key: tuple[object, ...] = ()
        self._slots: list[str] = []
        self._page = RulesPage()
        self._rules: tuple[RuleState, ...] = ()
        self._heard: tuple[object, ...] = ()
        self._sets: Mapping[int, tuple[Value, ...]] = {}

    def sounding(self, state: RulesState) -> Mapping[int, tuple[Value, ...]]:
        """Return the values that the rule that sounds has, by knob; sixteen lanes ask in each picture."""
        heard = (state.sounding.label, state.sounding.rule, state.rule_places)
        if state.rules is not self._rules or heard != self._heard:
            self._rules, self._heard = state.rules, heard
            rule = next((one for one in state.rules if (one.label, one.number) == heard[:2]), None)
            self._sets = dict(zip(state.rule_places, rule.sets, strict=False)) if rule is not None else {}
        return self._sets

    def look(self, state: RulesState) -> RulesPage:
        """Return the page of a picture."""
        known = tuple(count.label for count in state.labels)
        key = (known, state.places)
        if state.presets is not self._rows or key != self._key:
            self._rows, self._key = state.presets, key
            self._page = self._read(state, known)
        return self._page

    def _read(self, state: RulesState, known: tuple[str, ...]) -> RulesPage:
        counts: dict[str, int] = {}
        for row in state.presets:
            counts[row.label] = counts.get(row.label, 0) + 1
        labels = [label for label in dict.fromkeys([*counts, *known]) if label]
        for slot, label in enumerate(self._slots):
            if label not in labels:
                self._slots[slot] = ""
        for label in labels:
            if label not in self._slots:
                self._place(label)
        colours = {label: slot for slot, label in enumerate(self._slots) if label}
        return RulesPage(tuple(colours), colours, counts, ticks_of(state, colours))

    def _place(self, label: str) -> None:
        """Give a new label the first free colour."""
        if "" in self._slots:
            self._slots[self._slots.index("")] = label
        else:
            self._slots.append(label)


def ticks_of(state: RulesState, colours: Mapping[str, int]) -> tuple[tuple[Tick, ...], ...]:
    """Return, by knob, where presets of a label stand."""
    found: dict[int, dict[Tick, None]] = {}
    for row in state.presets[:MOST_ROWS]:
        if row.label in colours:
            for place, value in zip(state.places, row.values, strict=False):
                if place >= 0:
                    found.setdefault(place, {})[value, colours[row.label]] = None
    count = max(found, default=-1) + 1
    return tuple(tuple(found.get(place, {}))[:MOST_TICKS] for place in range(count))


def position_of(curve: Curve, value: Value) -> float | None:
    """Return where a value stands on a fader, 0..1; None if the fader has no such value."""
    try:
        return curve.position(curve.read(value) if isinstance(value, str) else float(value))
    except ValueError:
        return None
