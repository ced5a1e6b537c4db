"""What is asked of the process that learns rules, and what it reports.

Everything is a frozen value, so it passes between processes as it is; a model comes back ready to be sampled, with the
figures and sentences that the screen shows already made, because counting variations may take longer than learning.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from app.job_report import Cancelled, Failed
from app.player.rules.curve import Stops
from app.player.rules.synth import Value
from app.snapshot_rules import Cell, LabelCount, RuleState

Rows = tuple[tuple[tuple[Value, ...], str], ...]


@dataclass(frozen=True, slots=True)
class FitJob:
    """Rules to learn.

    Attributes: `names` (of the knobs), `rows` (values and label each), `distance`, `consistency`, `budget_s` (how long
    the search may take), `first` (the label that is wanted soonest, "" for none), `numbers` (of the presets, row by
    row; none: they count from 1).
    """

    names: tuple[str, ...]
    rows: Rows
    distance: int
    consistency: float
    budget_s: float = 0.8
    first: str = ""
    numbers: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class MapJob:
    """How many rules and variations there would be, at many settings of both knobs."""

    names: tuple[str, ...]
    rows: Rows


@dataclass(frozen=True, slots=True)
class ImportJob:
    """A table of presets to read; `snap` is how its values are rounded, in words ("" or "off": not at all)."""

    path: str
    snap: str = ""


@dataclass(frozen=True, slots=True)
class ExportJob:
    """A table of presets to write."""

    path: str
    names: tuple[str, ...]
    rows: Rows


Job = FitJob | MapJob | ImportJob | ExportJob


@dataclass(frozen=True, slots=True)
class Learnt:
    """A model.

    Attributes: `ruler` (the fitted learner), `names` (of its knobs), `distance`, `consistency`, `exact`, `seconds` it
    took, `counts` by label, `rules` as shown, `text` (one rule a line), `near` and `conflicts` (sentences), `repeats`
    (by knob: whether any value stands in two presets), `numbers` (of the presets it learnt from, row by row), `hurried`
    (the machine was too slow to end the search).
    """

    ruler: Any
    names: tuple[str, ...]
    distance: int
    consistency: float
    exact: bool = True
    seconds: float = 0.0
    counts: tuple[LabelCount, ...] = ()
    rules: tuple[RuleState, ...] = ()
    text: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
    conflicts: tuple[str, ...] = ()
    repeats: tuple[bool, ...] = ()
    numbers: tuple[int, ...] = ()
    hurried: bool = False

    @property
    def title(self) -> str:
        return f"distance {self.distance}, consistency {Stops().show(self.consistency)}"

    def warm(self) -> None:
        """Make what the first call and the first look would have to wait for; any thread, before anybody has it."""
        for label in self.labels[:1]:
            self.ruler.of(label)
        if self.ruler.presets_.rows:
            self.ruler.name(self.ruler.presets_.rows[0].values)

    @property
    def labels(self) -> tuple[str, ...]:
        return tuple(count.label for count in self.counts)


@dataclass(frozen=True, slots=True)
class Done:
    """The rules are learnt."""

    job: int
    learnt: Learnt


@dataclass(frozen=True, slots=True)
class Mapped:
    """Cells of the map that were computed since the last report; `whole`: these are the last; `note`: what must be
    said of them, one sentence or nothing."""

    job: int
    cells: tuple[Cell, ...]
    whole: bool
    note: str = ""


@dataclass(frozen=True, slots=True)
class Imported:
    """A table was read. Attributes: `notes` are sentences for the performer."""

    job: int
    path: str
    names: tuple[str, ...]
    rows: Rows
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Exported:
    """A table was written."""

    job: int
    path: str
    count: int


Report = Done | Mapped | Imported | Exported | Failed | Cancelled


@dataclass(frozen=True, slots=True)
class Order:
    """What the process is sent. Attributes: `number` of the job; `job`, or None: give that number up."""

    number: int
    job: Job | None
