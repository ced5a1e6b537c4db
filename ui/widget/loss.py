"""The loss while a model learns, on a logarithmic scale, with the previous run behind it.

pyqtgraph takes half a second to import, so it is fetched in the background once the window stands; until then,
and while there is nothing to draw, the panel says in words what is the case.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, Protocol

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QPen
from PySide6.QtWidgets import QSizePolicy, QSpacerItem, QVBoxLayout

from app.snapshot import Snapshot, TrainingState
from ui.desk import Desk, Display
from ui.widget.label import Label

Points = Sequence[tuple[float, float]]


class Run(Protocol):
    """A run of learning: curves of (epoch, loss); `previous` is the validation of the run before."""

    @property
    def train(self) -> Points: ...
    @property
    def valid(self) -> Points: ...
    @property
    def previous(self) -> Points: ...


EVERY_FRAMES = 6  # 5 times a second is enough for a curve that grows slowly.
DRAWN_POINTS = 500
TICK_PX = 24
FOOT_PX = 24  # Of the plot's height; the lower axis has them.
PEN_PX = 2


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

    Attributes: `plot` (the pyqtgraph widget once there is one), `source` (picks a run, its figures in words and the
    epochs at which new data came).
    """

    def __init__(
        self, desk: Desk, empty: str = "No training yet", tall: int = 110, source: Source = composer_run
    ) -> None:
        super().__init__(desk)
        self.plot: Any = None
        self.source = source
        self._curves: dict[str, Any] = {}
        self._marks: list[Any] = []
        self._shown: Run | None = None
        self._drawn_tall = 0
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
            self._colour()

    def refresh(self, picture: Snapshot) -> None:
        self._frame += 1
        if self._frame % EVERY_FRAMES:
            return
        run, words, marks = self.source(picture)
        # A plot that grew has room for more marks on its axis.
        is_same_size = self.plot is None or self.plot.height() == self._drawn_tall
        if run is self._shown and is_same_size:
            return
        self.figures.show_text(words or self._empty)
        if not (run.train or run.valid):
            self._shown = run
            if self.plot is not None:
                self._draw(run, ())
        elif self.plot is not None or self._build():
            self._shown = run
            self._draw(run, marks)

    def _build(self) -> bool:
        """Make the plot if its library has arrived; return whether there is one."""
        library = self.desk.plots.module
        if library is None:
            self.figures.show_text(self.desk.plots.failure or self.figures.text)
            return False
        self.plot = library.PlotWidget()
        self.plot.setMenuEnabled(False)
        self.plot.setMouseEnabled(False, False)
        self.plot.hideButtons()
        self.plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.plot.setLogMode(False, True)
        for name in ("previous", "train", "valid"):
            self._curves[name] = self.plot.plot()
        self._box.removeItem(self._room)
        self._box.addWidget(self.plot, 1)
        self._colour()
        return True

    def _colour(self) -> None:
        look = self.desk.look
        self.plot.setBackground(look.color("panel"))
        for side in ("left", "bottom"):
            axis = self.plot.getAxis(side)
            axis.setPen(look.color("outline"))
            axis.setTextPen(look.color("dim"))
            axis.setTickFont(look.font("small"))
        pens = {"train": ("active", Qt.PenStyle.SolidLine), "valid": ("learning", Qt.PenStyle.DashLine)}
        for name, curve in self._curves.items():
            role, style = pens.get(name, ("outline", Qt.PenStyle.DotLine))
            pen = QPen(look.color(role), PEN_PX, style)
            pen.setCosmetic(True)
            curve.setPen(pen)

    def _draw(self, run: Run, marks: Sequence[float]) -> None:
        shown = [loss for points in (run.previous, run.train, run.valid) for _, loss in points if loss > 0]
        if shown:
            self._drawn_tall = self.plot.height()
            self.plot.getAxis("left").setTicks([ticks(min(shown), max(shown), self._drawn_tall - FOOT_PX)])
        for name, points in (("previous", run.previous), ("train", run.train), ("valid", run.valid)):
            xs, ys = thin(points)
            self._curves[name].setData(xs, ys)
        self._draw_marks(marks)

    def _draw_marks(self, epochs: Sequence[float]) -> None:
        """Draw an upright line where new data came."""
        library = self.desk.plots.module
        while len(self._marks) > len(epochs):
            self.plot.removeItem(self._marks.pop())
        while library is not None and len(self._marks) < len(epochs):
            self._marks.append(self.plot.addLine(x=0, pen=QPen(self.desk.look.color("now"), 0)))
        for line, epoch in zip(self._marks, epochs, strict=False):
            line.setValue(epoch)


def ticks(low: float, high: float, tall: float) -> list[tuple[float, str]]:
    """Return (log10, text) of round losses between two, as many as `tall` px have room for."""
    span = max(math.log10(high / low), 1e-6)
    chosen: list[tuple[float, str]] = []
    for decade in range(-4, 4):
        for digit in (1, 1.5, 2, 3, 5, 7):
            place = math.log10(digit) + decade
            is_clear = not chosen or (place - chosen[-1][0]) / span * tall > TICK_PX
            if low <= 10**place <= high and is_clear:
                chosen.append((place, f"{digit * 10**decade:g}"))
    if len(chosen) < 2:
        # A flat curve between two round numbers is told by its ends.
        ends = sorted({float(f"{low:.3g}"), float(f"{high:.3g}")})
        chosen = [(math.log10(end), f"{end:g}") for end in ends]
    return chosen


def thin(points: Sequence[tuple[float, float]]) -> tuple[np.ndarray, np.ndarray]:
    """Return at most about 500 of the points, the last one included, and none that a log scale cannot show."""
    array = np.array([point for point in points if point[1] > 0], dtype=float).reshape(-1, 2)
    step = max(len(array) // DRAWN_POINTS, 1)
    array = array[(len(array) - 1) % step :: step] if len(array) else array
    return array[:, 0], array[:, 1]
