"""Which labels there are and how many examples each has: read once for all controls that show it.

A dozen pads, bars and plots want the same few numbers thirty times a second, while the examples change only when
somebody records or edits; so they are counted when the picture of the examples is another one, and not before.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.example import COLOURS, Examples, Label, Output
from app.player.listener.plan import PlanError, read_plan

MOST_PADS = 9  # As many as there are figures on the keyboard.
USUAL = 4


@dataclass(frozen=True, slots=True)
class Page:
    """What the examples hold.

    Attributes: `examples` (None: no Listener), `column` (the first output that is a class; None: there is none),
    `labels` (those that have a pad, from 1 on), `counts` (label number -> examples), `numbers` (the places of the
    outputs that are numbers), `is_gesture` (each take is one gesture in time).
    """

    examples: Examples | None = None
    column: int | None = None
    labels: tuple[Label, ...] = ()
    counts: Mapping[int, int] = field(default_factory=dict)
    numbers: tuple[int, ...] = ()
    is_gesture: bool = False

    @property
    def total(self) -> int:
        return len(self.examples) if self.examples is not None else 0

    def label(self, number: int) -> Label:
        """Return a label by its number, named by it where nobody named it."""
        if self.examples is not None and self.column is not None:
            return self.examples.outputs[self.column].label(number)
        return Label(number, str(number) if number else "none", max(number - 1, 0) % COLOURS)


class Ledger:
    """Keeps the page of the newest picture."""

    def __init__(self) -> None:
        self._examples: Examples | None = None
        self._plan = ""
        self._page = Page()

    def look(self, examples: Examples | None, plan: str) -> Page:
        """Return the page of these examples; `plan` names the outputs, such as "classifier:4,regressor"."""
        if examples is not self._examples or plan != self._plan:
            self._examples, self._plan = examples, plan
            self._page = Page() if examples is None else read_page(examples, plan)
        return self._page


def read_page(examples: Examples, plan: str) -> Page:
    """Return what examples hold."""
    kinds = [output.kind for output in examples.outputs]
    column = kinds.index("class") if "class" in kinds else None
    numbers = tuple(place for place, kind in enumerate(kinds) if kind == "number")
    if column is None:
        return Page(examples, None, (), {}, numbers)
    counts = examples.counts(column)
    output = examples.outputs[column]
    most = max((planned(plan, column), *counts, *(label.number for label in output.labels)))
    labels = tuple(_pads(output, min(most, MOST_PADS)))
    return Page(examples, column, labels, counts, numbers, plan.strip().startswith("dtw"))


def _pads(output: Output, count: int) -> list[Label]:
    return [output.label(number) for number in range(1, count + 1)]


def planned(plan: str, place: int) -> int:
    """Return how many classes a plan has at a place; the usual number if it cannot be read."""
    try:
        outputs = read_plan(plan)
    except PlanError:
        return USUAL
    return outputs[place].classes if place < len(outputs) else USUAL
