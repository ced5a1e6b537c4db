"""How far what is heard lies from all that was shown, as a Parameter for eyes, bindings and scripts.

It is measured as often as an eye looks and not with each frame: the answer needs it only where a limit is set, and the
distance to hundreds of examples costs more than most answers.
"""

from __future__ import annotations

from math import isfinite

from app.model.base import ModelError
from app.parameter import Linear, Parameter, Tree
from app.player.listener.player import Listener
from app.transport import Clock

NOVELTY = "/listener/novelty"
LOOK_S = 0.04
MOST = 1000.0


class Novelty:
    """Measures the newest frame against the examples that the first trained output learnt from."""

    def __init__(self, tree: Tree, listener: Listener, clock: Clock) -> None:
        told = "Distance to the nearest example: 0 known, 1 the edge of what was shown, above it new"
        self._shown = tree.add(
            Parameter(NOVELTY, 0, Linear(0, MOST), title="Novelty", help=told, kept=False, undoable=False)
        )
        self._listener, self._clock = listener, clock
        self._looked = float("-inf")

    def tend(self) -> None:
        """Look again if it is time; called each turn."""
        now = self._clock.now()
        if now - self._looked >= LOOK_S:
            self._looked = now
            self._shown.set(self._measure(), "listener")

    def _measure(self) -> float:
        """Return the distance, 0 where nothing measures it."""
        values = self._listener.newest
        for learnt in self._listener.brain.learnt.values():
            if not hasattr(learnt.predictor, "novelty") or not len(values):
                continue
            if learnt.selection is not None and max(learnt.selection, default=0) >= len(values):
                continue
            chosen = values if learnt.selection is None else values[list(learnt.selection)]
            try:
                measured = float(learnt.predictor.novelty(chosen))
            except ModelError:
                continue  # The answer says that the frame does not fit.
            return measured if isfinite(measured) else MOST
        return 0.0
