"""A label becomes a preset: which rule, which values, and what may then be said about them.

The learner knows columns and labels; the performer has knobs, locks and a model that may have been learnt from other
columns. Here the two meet, by name where names agree and by place where the table had none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from operator import ne

import numpy as np

from app.parameter import Linear, Parameter, Steps, Tree, switch
from app.player.rules.board import Board
from app.player.rules.job import Learnt
from app.player.rules.synth import Synth, Value
from app.player.rules.table import Row

MODES = ("set", "interval")


@dataclass(frozen=True, slots=True)
class Drawn:
    """A preset that a rule made.

    Attributes: `numbers` (knob index -> number), `values` (as the rule has them), `label`, `rule` (its number from 1),
    `mode`, `nearest` (number of the own preset it resembles most, 0: not known), `changed` (knobs that differ from
    it), `new` (no kept preset is like it), `foreign` (columns without a knob).
    """

    numbers: Mapping[int, float]
    values: tuple[Value, ...]
    label: str
    rule: int
    mode: str
    nearest: int = 0
    changed: int = 0
    new: bool = False
    foreign: tuple[str, ...] = field(default=())

    @property
    def origin(self) -> str:
        """Its lineage in words, kept with it if it is kept."""
        told = f"{self.label} rule {self.rule}, {self.mode}"
        return f"{told}, {self.changed} knobs from preset {self.nearest}" if self.nearest and self.changed else told


class Caller:
    """Draws presets from a model. `random` makes the choices that are left."""

    def __init__(self, tree: Tree, random: np.random.Generator) -> None:
        self._random = random
        add = tree.add
        mode = "set: values of the rule; interval: anywhere between them"
        self._mode = add(Parameter("/rules/mode", 0, Steps(MODES), title="Sampling", help=mode))
        new = "Calls only what is no kept preset"
        self._only_new = add(Parameter("/rules/only_new", 0, switch(), title="Only new", help=new))
        near = "At most so many knobs differ from the nearest kept preset; 0: any number"
        self._near = add(Parameter("/rules/near", 0, Linear(0, 32, 1, 0), title="Stay near", help=near))
        weighted = "Rules that hold more presets come more often"
        self._weighted = add(Parameter("/rules/weighted", 0, switch(), title="Weighted", help=weighted))

    def draw(self, model: Learnt | None, label: str, rule: int | None, mode: str, board: Board) -> Drawn:
        """Return a preset of a label; ValueError says why there is none. `rule` None is random, numbers wrap.

        The board's locks and ranges have the last word.
        """
        if model is None:
            raise ValueError("nothing is learnt yet: keep a few presets under a label first")
        label = self._label(model, label)
        if rule is not None and rule < 1:
            raise ValueError(f"rules are numbered from 1, not {rule}; write r for any")
        if mode and mode not in MODES:
            raise ValueError(f"{mode!r} is no way of sampling: write set or interval")
        synth, values, limits = board.synth, board.values, board.limits
        places = [(column, place) for column, place in enumerate(columns(model.names, synth)) if place is not None]
        sample = model.ruler.sample(
            label,
            rule=rule,
            mode=mode or self._mode.show(),
            only_new=bool(self._only_new.value),
            near=int(self._near.value) or None,
            weighted=bool(self._weighted.value),
            locks={column: values[place] for column, place in places if place in board.locked},
            ranges={column: limits[place] for column, place in places if place in limits},
            rng=self._random,
        )
        nearest = model.numbers[sample.nearest] if 0 <= sample.nearest < len(model.numbers) else 0
        numbers, foreign = numbers_of(sample.values, model.names, synth)
        return Drawn(
            board.narrowed(numbers),
            tuple(sample.values),
            label,
            sample.rule,
            sample.mode,
            nearest,
            sample.changed,
            sample.new,
            foreign,
        )

    @staticmethod
    def _label(model: Learnt, label: str) -> str:
        known = model.labels
        label = label.strip() or (known[0] if len(known) == 1 else "")
        found = next((one for one in known if one == label), None)
        found = found or next((one for one in known if one.casefold() == label.casefold()), None)
        if found is None and label.isdecimal() and 1 <= int(label) <= len(known):
            found = known[int(label) - 1]  # play-2: the second label.
        if found is None:
            raise ValueError(f"no rule is called {label or 'nothing'}; there are {', '.join(known) or 'none'}")
        return found


def columns(names: Sequence[str], synth: Synth) -> tuple[int | None, ...]:
    """Return, by column, the knob that it means, None where there is none: by name, or by place if no name agrees."""
    places = tuple(synth.place(name) for name in names)
    if any(place is not None for place in places):
        return places
    return tuple(place if place < len(synth.knobs) else None for place in range(len(names)))


def numbers_of(values: Sequence[Value], names: Sequence[str], synth: Synth) -> tuple[dict[int, float], tuple[str, ...]]:
    """Return the Parameters' numbers for a preset, knob index -> number, and the columns that no knob takes."""
    numbers: dict[int, float] = {}
    foreign: list[str] = []
    for name, place, value in zip(names, columns(names, synth), values, strict=True):
        number = None if place is None else synth.knobs[place].number(value)
        if place is None or number is None:
            foreign.append(name)
        else:
            numbers[place] = number
    return numbers, tuple(foreign)


def values_for(names: Sequence[str], synth: Synth, values: Sequence[Value]) -> tuple[Value, ...]:
    """Return the present setting as a table with these columns keeps it; ValueError where a column has no knob."""
    places = columns(names, synth)
    missing = [name for name, place in zip(names, places, strict=True) if place is None]
    if missing:
        some = ", ".join(missing[:3])
        raise ValueError(
            f"{synth.title} has no knob for {some}, which the table has; choose its synth or clear the table"
        )
    return tuple(values[place] for place in places if place is not None)


def nearest_row(rows: Sequence[Row], values: Sequence[Value]) -> tuple[int, int]:
    """Return the number of the kept preset with the fewest differing values, and how many differ; (0, 0) without."""
    distances = ((sum(map(ne, row.values, values)), row.number) for row in rows)
    best = min(distances, default=None)
    return (best[1], best[0]) if best else (0, 0)
