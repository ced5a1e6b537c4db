"""How rules are learnt on stage: after every label, in the background, while the model before goes on sounding.

A model is swapped in whole, or waits to be taken if the performer wants to choose the moment. A fit that runs is
let finish and its settings are looked at again then, so that dragging a fader shows models as fast as they can be
made, instead of cancelling each before it is done.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from app.job_report import Failed
from app.parameter import Linear, Parameter, Steps, Tree, switch
from app.player.rules import snap
from app.player.rules.curve import Stops
from app.player.rules.job import (
    Done,
    Exported,
    ExportJob,
    FitJob,
    Imported,
    ImportJob,
    Learnt,
    MapJob,
    Mapped,
    Report,
    Rows,
)
from app.player.rules.table import Table
from app.player.rules.worker import Worker
from app.snapshot_rules import Cell, LabelCount
from app.transport import Clock

POLL_S = 0.01
HURRIED = "Rules: the machine was too busy to end the search; these rules hold, but learn again for all that there are"


class Study:
    """Learns for the Rules player.

    Attributes: `model` (answers now, None: nothing learnt), `candidate` (waits to be taken), `cells` (the map as far as
    it is made), `made_s` (when the model came, seconds of the clock), `wanted` (the label in use, learnt first).
    """

    def __init__(self, tree: Tree, table: Table, worker: Worker, clock: Clock, say: Callable[[str, str], None]) -> None:
        self.model: Learnt | None = None
        self.before: Learnt | None = None
        self.candidate: Learnt | None = None
        self.cells: tuple[Cell, ...] = ()
        self.made_s: float | None = None
        self.wanted = ""
        self._table, self._worker, self._clock, self._say = table, worker, clock, say
        self._fit: int | None = None
        self._map: int | None = None
        self._files: dict[int, str] = {}
        self._learn_next = False
        self._seen = self._mapped = table.version
        self._settings: tuple[int, float] = (0, 0.0)
        self._polled = float("-inf")
        add = tree.add
        far = "In how many knobs two rules may share no value and still be joined"
        self._distance = add(Parameter("/rules/distance", 1, Linear(0, 16, 1, 0), title="Distance", help=far))
        full = "The least share of a rule's combinations that are kept presets"
        self._consistency = add(Parameter("/rules/consistency", 1, Stops(), title="Consistency", help=full))
        auto = "Learn after every label and when distance or consistency move"
        self._auto = add(Parameter("/rules/auto", 1, switch(), title="Learn by itself", help=auto))
        waits = "A new model waits until it is taken; the one before goes on"
        self._waits = add(Parameter("/rules/hold", 0, switch(), title="Hold new models", help=waits))
        rounds = "What counts as the same value, for presets that are kept or imported"
        self._snap = add(Parameter("/rules/snap", 0, Steps(snap.CHOICES), title="Snap", help=rounds))
        budget = Linear(0.1, 2, digits=1)
        far = "How far rules are searched for, as seconds of a usual machine"
        add(Parameter("/rules/budget", 0.8, budget, "s", "Learning time", far))
        self._budget = tree.number("/rules/budget")
        self._settings = self._settings_now()

    @property
    def learning(self) -> bool:
        return self._fit is not None

    @property
    def chosen(self) -> Learnt | None:
        """The model that answers, if it is the performer who says when another does; None if it follows the table."""
        return self.model if self._waits.value or not self._auto.value else None

    @property
    def snapping(self) -> str:
        """What counts as the same value, in words."""
        return self._snap.show()

    @property
    def grid(self) -> snap.Snap | None:
        """How values are rounded, None if they are not."""
        return snap.read(self.snapping)

    @property
    def busy(self) -> bool:
        """Whether any job is out."""
        return self._fit is not None or self._map is not None or bool(self._files)

    # --- verbs ----------------------------------------------------------------------------------------

    def learn(self) -> None:
        """Learn from the table now; after an import that runs, from what it brings. ValueError without presets."""
        if any(kind == "import" for kind in self._files.values()):
            self._learn_next = True
            return
        if not len(self._table):
            raise ValueError("nothing to learn from yet: turn knobs and keep a few presets under a label")
        self.cancel()
        self._submit()

    def cancel(self) -> None:
        """Give up what is being learnt; the model that answers stays."""
        for number in (self._fit, self._map):
            if number is not None:
                self._worker.cancel(number)
        self._fit = self._map = None

    def take(self) -> None:
        """Let the model that waits answer; ValueError if none does."""
        if self.candidate is None:
            raise ValueError("no new model waits to be taken")
        self.swap(self.candidate)

    def back(self) -> None:
        """Let the model before answer, and the other way round; ValueError if there is none."""
        if self.before is None:
            raise ValueError("there is no earlier model to go back to")
        self.swap(self.before)

    def swap(self, model: Learnt | None) -> None:
        """Let a model answer from the next call on."""
        self.model, self.before = model, self.model
        self.candidate, self.made_s = None, self._clock.now()

    def restore(self, model: Learnt | None, labelled: bool) -> None:
        """Answer with the model that a session chose, None: with what is learnt again from the labelled presets."""
        if model is not None:
            self.model, self.made_s = model, self._clock.now()
        if labelled and (model is None or self._auto.value):
            self.learn()

    def forget(self) -> None:
        """Learn nothing and know nothing."""
        self.cancel()
        self.model = self.before = self.candidate = self.made_s = None
        self.cells = ()
        self._seen = self._mapped = self._table.version

    def import_from(self, path: str) -> None:
        self._files[self._worker.submit(ImportJob(path, self.snapping))] = "import"

    def export_to(self, path: str) -> None:
        names, rows = self._table.names, rows_of(self._table)
        if not rows:
            raise ValueError("there are no presets to export yet")
        self._files[self._worker.submit(ExportJob(path, names, rows))] = "export"

    def close(self) -> None:
        self._worker.close()

    # --- jobs -----------------------------------------------------------------------------------------

    def tend(self) -> None:
        """Read reports, and learn if something changed; called each turn."""
        now = self._clock.now()
        if now - self._polled < POLL_S:
            return
        self._polled = now
        if self.busy:
            for report in self._worker.poll():
                self._hear(report)
        changed = self._table.version != self._seen or self._settings != self._settings_now()
        if changed and self._auto.value and not self.learning:
            self._follow()
        if self._map is None and self._fit is None and self._table.version != self._mapped and self._auto.value:
            self._draw_map()

    def _settings_now(self) -> tuple[int, float]:
        return int(self._distance.value), self._consistency.value

    def _follow(self) -> None:
        if len(self._table):
            self._submit()
        elif self.model is not None or self._seen != self._table.version:
            self._seen, self._settings = self._table.version, self._settings_now()
            if self.model is not None:
                self.swap(None)
            self.cells = ()

    def _submit(self) -> None:
        self._seen, self._settings = self._table.version, self._settings_now()
        if self._map is not None:
            self._worker.cancel(self._map)
            self._map = None
            self._mapped = -1
        distance, consistency = self._settings
        rows, numbers = rows_of(self._table), tuple(row.number for row in self._table.rows)
        self._fit = self._worker.submit(
            FitJob(self._table.names, rows, distance, consistency, self._budget.value, self.wanted, numbers)
        )

    def _draw_map(self) -> None:
        self._mapped, self.cells = self._table.version, ()
        if len(self._table):
            self._map = self._worker.submit(MapJob(self._table.names, rows_of(self._table)))

    def _hear(self, report: Report) -> None:
        match report:
            case Done(job, learnt) if job == self._fit:
                self._fit = None
                self._finish(learnt)
            case Mapped(job, cells, whole, note) if job == self._map:
                self.cells = (*self.cells, *cells)
                if note:
                    self._say("warning", f"Rules: {note}")
                self._map = None if whole else self._map
            case Imported():
                self._files.pop(report.job, None)
                self._take_in(report)
            case Exported(job, path, count):
                self._files.pop(job, None)
                self._say("info", f"{count} presets written to {path}")
            case Failed(job, text):
                self._fail(job, text)

    def _finish(self, learnt: Learnt) -> None:
        if not len(self._table):
            return  # The presets were cleared meanwhile.
        learnt = compared(learnt, self.model)
        if learnt.hurried:
            self._say("warning", HURRIED)
        if self._waits.value and self.model is not None and _same(learnt, self.model):
            self.candidate = None
        elif self._waits.value and self.model is not None:
            self.candidate = learnt
            self._say("info", f"New rules ({learnt.title}) wait to be taken")
        else:
            self.swap(learnt)

    def _take_in(self, report: Imported) -> None:
        for note in report.notes:
            self._say("info", note)
        count = self._table.fill("Import presets", report.names, report.rows)
        twice = len(report.rows) - count
        again = f"; {twice} stood there twice" if twice else ""
        self._say("info", f"{count} presets from {report.path}{again}")
        if self._learn_next:
            self._learn_next = False
            self.learn()

    def _fail(self, job: int, text: str) -> None:
        kind = self._files.pop(job, "")
        if job == self._fit:
            self._fit, kind = None, "learning"
        elif job == self._map:
            self._map, kind = None, "the map"
        self._learn_next = self._learn_next and kind != "import"
        goes_on = "; the rules before go on" if kind == "learning" and self.model is not None else ""
        self._say("error", f"Rules, {kind or 'a job'}: {text}{goes_on}")


def rows_of(table: Table) -> Rows:
    """Return a table's rows as the learner takes them."""
    return tuple((row.values, row.label) for row in table.rows)


def _same(one: Learnt, other: Learnt) -> bool:
    """Return whether two models are alike, down to the presets that they are made of."""
    settings = [(model.names, model.distance, model.consistency, model.numbers, model.text) for model in (one, other)]
    return settings[0] == settings[1] and bool(one.ruler.presets_.rows == other.ruler.presets_.rows)


def compared(learnt: Learnt, before: Learnt | None) -> Learnt:
    """Return a model with its changes against another in its figures."""
    old = {count.label: count for count in before.counts} if before else {}
    counts = tuple(
        replace(
            count,
            rules_change=count.rules - old.get(count.label, LabelCount(count.label)).rules,
            variations_change=count.variations - old.get(count.label, LabelCount(count.label)).variations,
        )
        for count in learnt.counts
    )
    return replace(learnt, counts=counts)
