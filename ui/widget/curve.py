"""Curves over epochs on a logarithmic scale, by pyqtgraph."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QPen
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout

from ui.desk import Desk, Display

DRAWN_POINTS = 500
TICK_PX = 24  # The least distance of two figures on an axis.
FOOT_PX = 24  # Of the height; the lower axis has them.
# Name -> colour and line; the last is painted on top.
PENS = {
    "previous": ("outline", Qt.PenStyle.DotLine),
    "train": ("active", Qt.PenStyle.SolidLine),
    "valid": ("learning", Qt.PenStyle.DashLine),
}
PEN_PX = 2
Points = Sequence[tuple[float, float]]
Floats = NDArray[Any]


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


def thin(points: Points) -> tuple[Floats, Floats]:
    """Return at most about 500 of the points, the last one included, and none that a log scale cannot show."""
    array = np.array([point for point in points if point[1] > 0], dtype=float).reshape(-1, 2)
    step = max(len(array) // DRAWN_POINTS, 1)
    array = array[(len(array) - 1) % step :: step] if len(array) else array
    return array[:, 0], array[:, 1]


class CurvePlot(Display):
    """Attributes: `curves` (name -> epochs and losses), `marks` (epochs with an upright line), `goal` (a loss with a
    level line; 0.0: none).
    """

    def __init__(self, desk: Desk, library: ModuleType) -> None:
        super().__init__(desk)
        self.curves: dict[str, tuple[Floats, Floats]] = {}
        self.marks: tuple[float, ...] = ()
        self.goal = 0.0
        self._marked_tall = 0
        self._plot = library.PlotWidget()
        self._plot.setMenuEnabled(False)
        self._plot.setMouseEnabled(False, False)
        self._plot.hideButtons()
        self._plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._plot.setLogMode(False, True)
        self._drawn = {name: self._plot.plot() for name in PENS}
        self._uprights: list[Any] = []
        self._level = self._plot.addLine(y=0.0)
        self._level.setVisible(False)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self._plot)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.restyle()

    def restyle(self) -> None:
        look = self.desk.look
        self._plot.setBackground(look.color("panel"))
        for side in ("left", "bottom"):
            axis = self._plot.getAxis(side)
            axis.setPen(look.color("outline"))
            axis.setTextPen(look.color("dim"))
            axis.setTickFont(look.font("small"))
        for name, (color, style) in PENS.items():
            pen = QPen(look.color(color), PEN_PX, style)
            pen.setCosmetic(True)
            self._drawn[name].setPen(pen)
        self._level.setPen(QPen(look.color("dim"), 1, Qt.PenStyle.DotLine))

    def show_curves(self, curves: Mapping[str, Points], marks: Sequence[float] = (), goal: float = 0.0) -> None:
        """Show points (epoch, loss) by name; the names are those of `PENS`."""
        self.curves = {name: thin(curves.get(name, ())) for name in PENS}
        self.marks, self.goal = tuple(marks), goal
        for name, (xs, ys) in self.curves.items():
            self._drawn[name].setData(xs, ys)
        self._level.setVisible(goal > 0)
        self._level.setValue(math.log10(goal) if goal > 0 else 0.0)
        self._mark_epochs()
        self._mark_losses()

    def refit(self) -> None:
        """Let a plot that grew have more figures on its axis."""
        if self._plot.height() != self._marked_tall:
            self._mark_losses()

    def _mark_losses(self) -> None:
        self._marked_tall = self._plot.height()
        shown = [ys for _, ys in self.curves.values() if len(ys)]
        if shown:
            low, high = min(ys.min() for ys in shown), max(ys.max() for ys in shown)
            self._plot.getAxis("left").setTicks([ticks(float(low), float(high), self._marked_tall - FOOT_PX)])

    def _mark_epochs(self) -> None:
        """Draw an upright line where new data came."""
        while len(self._uprights) > len(self.marks):
            self._plot.removeItem(self._uprights.pop())
        while len(self._uprights) < len(self.marks):
            self._uprights.append(self._plot.addLine(x=0, pen=QPen(self.desk.look.color("now"), 0)))
        for line, epoch in zip(self._uprights, self.marks, strict=True):
            line.setValue(epoch)
