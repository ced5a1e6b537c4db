"""Which of the kept models is best: each is made again and judged on the same takes, which it did not learn.

A score from the time of a training is of other examples than a score from today; side by side they would mislead.
Here every model's recipe learns from the same parts of today's examples and answers for the rest, so the figures can
be held against each other. Nothing that sounds changes: the model that answers stays until another is chosen.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from app.example import Examples
from app.learning import Cancelled, Ended, Failed, FitJob, Report, Scored
from app.player.listener.recipe import Recipe
from app.snapshot import Compared, CompareState, ModelNote


class Comparison:
    """Judges kept models. Attributes: `state` for the screen. `submit` asks the learning process, `say` tells."""

    def __init__(self, submit: Callable[[FitJob], int], say: Callable[[str, str], None]) -> None:
        self.state = CompareState()
        self._submit, self._say = submit, say
        self._job: int | None = None

    def begin(self, kept: Sequence[tuple[ModelNote, Recipe]], examples: Examples) -> None:
        """Judge models on these examples; ValueError if there is nothing to compare."""
        made = [(note, recipe.task(examples)) for note, recipe in kept]
        tasks = tuple(replace(task, output=str(note.number)) for note, task in made if task is not None)
        if not tasks:
            raise ValueError("no model was trained in this session that could be compared: train one first")
        rows = tuple(
            Compared(note.number, note.kind, live=note.chosen, told="" if task else "no examples of it are left")
            for note, task in made
        )
        self.state = CompareState(active=True, examples=len(examples), models=rows)
        self._job = self._submit(FitJob(tasks, only_score=True))

    def hear(self, report: Report) -> None:
        """Take in what the learning process says of this comparison."""
        if self._job is None or report.job != self._job:
            return
        match report:
            case Scored():
                self._score(report)
            case Ended() | Cancelled():
                self._end()
            case Failed(_, text):
                self._say("error", f"The models could not be compared: {text}")
                self._end()

    def mark(self, notes: Sequence[ModelNote]) -> None:
        """Show which model answers now, and forget those that are not kept."""
        live = {note.number: note.chosen for note in notes}
        rows = (replace(row, live=live[row.number]) for row in self.state.models if row.number in live)
        self.state = replace(self.state, models=tuple(rows))

    def forget(self) -> None:
        """Compare nothing and know nothing."""
        self.state, self._job = CompareState(), None

    def _score(self, report: Scored) -> None:
        score = None if np.isnan(report.score) else float(report.score)
        told = report.method if score is None else ""
        rows = tuple(
            replace(row, score=score, told=told) if str(row.number) == report.output else row
            for row in self.state.models
        )
        method = self.state.method if score is None else f"{report.measure} on {report.method}"
        self.state = replace(self.state, models=rows, method=method)

    def _end(self) -> None:
        self._job = None
        rows = tuple(
            replace(row, told="not judged") if row.score is None and not row.told else row for row in self.state.models
        )
        self.state = replace(self.state, active=False, models=rows)
        best = sorted((row for row in rows if row.score is not None), key=lambda row: -(row.score or 0.0))
        if best:
            listed = ", ".join(
                f"{row.number} ({row.kind}{', live' if row.live else ''}) {row.score:.2f}" for row in best
            )
            self._say("info", f"Models compared, {self.state.method}: {listed}")
