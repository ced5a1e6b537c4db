"""The instrument's own clock for others: 24 pulses a quarter note, start, continue, stop, song position.

It is a player like any other, so its pulses are computed ahead, leave at their due time and stop when the music does.
A change of tempo moves those that wait, for receivers measure the distance from each pulse to the next.
Source: MIDI 1.0 (system real time messages).
"""

from __future__ import annotations

import math

from app.event import NOW, Event, Pulse
from app.parameter import Parameter, Tree, switch
from app.player.base import NEVER

PER_BEAT = 24


class PulsePlayer:
    """Sends a clock while `/sync/clock_out` is on. Attributes: `part`."""

    part = "clock"

    def __init__(self, tree: Tree) -> None:
        told = "Send MIDI clock, start and stop"
        self._on = tree.add(Parameter("/sync/clock_out", 0, switch(), title="Clock out", help=told))
        self._next = NEVER  # Number of the next pulse since beat 0.
        self._opening: list[Event] = []
        self._playing = self._told = False

    @property
    def is_on(self) -> bool:
        """Whether others want our clock."""
        return bool(self._on.value)

    def start(self, beat: float) -> None:
        # A receiver counts from the sixteenth that the song position names, so the clock begins on one.
        sixteenth = math.ceil(round(beat * 4, 6))
        self._next, self._playing = sixteenth * PER_BEAT / 4, True
        at = sixteenth / 4
        if sixteenth:
            self._opening = [Pulse(at, self.part, "position", sixteenth), Pulse(at, self.part, "continue")]
        else:
            self._opening = [Pulse(at, self.part, "start")]

    def stop(self) -> None:
        self._playing, self._next = False, NEVER

    def due(self) -> float:
        return self._next / PER_BEAT if self._on.value else NEVER

    def step(self) -> list[Event]:
        if self.due() == NEVER:
            return []
        beat = self._next / PER_BEAT
        self._next += 1
        opening, self._opening, self._told = self._opening, [], True
        return [*opening, Pulse(beat, self.part, "tick")]

    def tend(self) -> list[Event]:
        if not self._told or (self._playing and self._on.value):
            return []
        self._told = False
        return [Pulse(NOW, self.part, "stop")]
