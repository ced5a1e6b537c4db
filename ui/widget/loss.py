"""The loss while a model learns, on a logarithmic scale, with the previous run behind it.

The curves are made with the first point; while there is nothing to draw, the panel says in words what is the case.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from PySide6.QtWidgets import QSizePolicy, QSpacerItem, QVBoxLayout

from app.snapshot import Snapshot, TrainingState
from ui.desk import Desk, Display
from ui.widget.curve import CurvePlot, Points
from ui.widget.label import Label


class Run(Protocol):
    """A run of learning: curves of (epoch, loss); `previous` is the validation of the run before."""

    @property
    def train(self) -> Points: ...
    @property
    def valid(self) -> Points: ...
    @property
    def previous(self) -> Points: ...


EVERY_FRAMES = 6  # 5 times a second is enough for a curve that grows slowly.


def figures(training: TrainingState) -> str:
    """Return the state of a training run in words."""
    parts = []
    if training.train:
        parts.append(f"loss {training.train[-1][1]:.3f}")
    if training.valid:
        parts.append(f"valid {training.valid[-1][1]:.3f}")
    if training.active or training.train:
        parts.append(f"epoch {training.epoch:.1f}")
    if training.seconds_left is not None:
        parts.append(f"{clock_text(training.seconds_left)} left")
    if training.active and training.examples_per_s:
        parts.append(f"{training.examples_per_s:.0f} examples/s")
    return "  ".join(parts)


def clock_text(seconds: float) -> str:
    """Return a length of time: "0:45", "12:03", "1:02:00"."""
    minutes, rest = divmod(max(round(seconds), 0), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"


Source = Callable[[Snapshot], tuple[Run, str, Sequence[float]]]


def composer_run(picture: Snapshot) -> tuple[Run, str, Sequence[float]]:
    """Return the Composer's run, its figures, and no marks."""
    return picture.training, figures(picture.training), ()


class LossPlot(Display):
    """The curves and their figures.

    Attributes: `plot` (the curves once there are any), `source` (picks a run, its figures in words and the
    epochs at which new data came), `goal` (a loss with a level line; 0.0: none).
    """

    def __init__(
        self, desk: Desk, empty: str = "No training yet", tall: int = 110, source: Source = composer_run
    ) -> None:
        super().__init__(desk)
        self.plot: CurvePlot | None = None
        self.source = source
        self.goal = 0.0
        self._shown: Run | None = None
        self._frame, self._empty, self._tall = 0, empty, tall
        self.figures = Label(desk, empty, role="small", color="dim")
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(2)
        self._box.addWidget(self.figures)
        self._room = QSpacerItem(0, 0, QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Expanding)
        self._box.addItem(self._room)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Training loss")
        self.restyle()

    def restyle(self) -> None:
        self.setMinimumHeight(self.desk.look.px(self._tall))
        if self.plot is not None:
            self.plot.restyle()

    def refresh(self, picture: Snapshot) -> None:
        self._frame += 1
        if self._frame % EVERY_FRAMES:
            return
        run, words, marks = self.source(picture)
        if self.plot is not None:
            self.plot.refit()
        if self.plot is None or words:
            self.figures.show_text(words or self._empty)
        if run is self._shown:
            return
        self._shown = run
        if run.train or run.valid or self.plot is not None:
            self._draw(run, marks)

    def _draw(self, run: Run, marks: Sequence[float]) -> None:
        if self.plot is None:
            library = self.desk.plots.fetch()
            if library is None:
                self.figures.show_text(self.desk.plots.failure)
                return
            self.plot = CurvePlot(self.desk, library)
            self._box.removeItem(self._room)
            self._box.addWidget(self.plot, 1)
        curves = {"previous": run.previous, "train": run.train, "valid": run.valid}
        self.plot.show_curves(curves if run.train or run.valid else {}, marks, self.goal)
