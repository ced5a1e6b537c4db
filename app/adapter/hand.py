"""Outputs moved by hand: Wekinator's sliders and its "randomize", which are heard although nothing runs.

The sliders are the Listener's targets, positions 0..1 over each output's range; for a class over its numbers. One that
moves sets the output's value and what is taught, and all values leave at once, as the original sends them.
"""

from __future__ import annotations

import random
from collections.abc import Callable

from app.adapter.host import Host
from app.adapter.line import Line
from app.adapter.project import Project
from app.player.listener.panel import OUTPUTS

TARGETS = tuple(f"/listener/target/{number}" for number in range(1, OUTPUTS + 1))


class Hand:
    """Follows the sliders of a Wekinator mode."""

    def __init__(self, host: Host, line: Line, project: Callable[[], Project]) -> None:
        self._host, self._line, self._project = host, line, project
        self._chance = random.Random()
        self._seen = self._positions()

    def _positions(self) -> list[float]:
        return [self._host.number(address).value for address in TARGETS]

    def follow(self) -> None:
        """Let the outputs whose slider moved have its value, and tell all values."""
        before, self._seen = self._seen, self._positions()
        places = range(min(len(self._project().plan), OUTPUTS))
        moved = [place for place in places if self._seen[place] != before[place]]
        if moved and self._line.open and not self._project().gestures:
            for place in moved:
                self._put(place, self._seen[place])
            self._tell()

    def randomize(self) -> None:
        """Give all outputs random values and tell them; ValueError where there are none."""
        if not self._line.open or self._project().gestures or not self._project().plan:
            raise ValueError("there are no outputs to randomize: switch the Wekinator mode on, without gestures")
        for place in range(len(self._project().plan)):
            position = self._chance.random()
            self._put(place, position)
            if place < OUTPUTS:
                self._host.number(TARGETS[place]).set(position, "wekinator")
        self._seen = self._positions()
        self._tell()

    def _put(self, place: int, position: float) -> None:
        planned, output = self._project().plan[place], self._host.dataset.outputs[place]
        value = output.low + position * (output.high - output.low)
        if planned.classes:
            value = 1.0 + min(int(position * planned.classes), planned.classes - 1)
        elif output.whole:
            value = float(int(value))
        self._host.capture.targets[place] = self._host.brain.values[place] = value

    def _tell(self) -> None:
        self._host.retarget()
        self._host.send(self._line.message(self._line.outputs, tuple(self._host.brain.values)))
