"""How much a search for rules may do, counted in steps, so that a busy machine finds the same rules as an idle one.

A step is about one word of bits that is looked at; so many of them take a second on a usual machine. Every limit that
decides about a result is such a count. The clock is only asked so that a search ends at all where a machine is many
times slower than any should be; a result that the clock cut short says so.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

STEPS_PER_S = 4e8
CALL = 60_000  # What a round of the search costs however little it looks at.
FOREVER = float("inf")
LENIENCE = 25.0  # So many times slower than usual a machine may be before the clock ends a search.
LEAST_S = 10.0

Clock = Callable[[], float]


def never() -> bool:
    """Go on."""
    return False


class Guard:
    """Says when a search must end whatever it has done. Attributes: `struck` whether the clock ended it.

    `clock` counts seconds, `seconds` are how long it may go on from now, `unwanted` tells that nobody waits any more.
    """

    def __init__(self, clock: Clock, seconds: float, unwanted: Callable[[], bool] = never) -> None:
        self.struck = False
        self._clock, self._unwanted = clock, unwanted
        self._end = clock() + seconds

    def over(self) -> bool:
        """Tell whether to end now."""
        self.struck = self.struck or self._clock() >= self._end
        return self.struck or self._unwanted()


class Effort:
    """What was done. Attributes: `steps` so far."""

    def __init__(self) -> None:
        self.steps = 0.0


@dataclass(frozen=True, slots=True)
class Limit:
    """Until when to search. Attributes: `effort` the count, `end` (steps in it), `guard`."""

    effort: Effort
    end: float
    guard: Guard

    def spend(self, steps: float) -> None:
        """Count a round that looks at so many words."""
        self.effort.steps += CALL + steps

    def over(self) -> bool:
        """Tell whether the search must end."""
        return self.effort.steps >= self.end or self.guard.over()

    def part(self, share: float) -> Limit:
        """Return the first part of what is left."""
        return self.within(share * max(0.0, self.end - self.effort.steps))

    def within(self, steps: float) -> Limit:
        """Return a limit so many steps from now, whatever this one is."""
        return Limit(self.effort, self.effort.steps + steps, self.guard)


def limit_of(clock: Clock, seconds: float = FOREVER, unwanted: Callable[[], bool] = never) -> Limit:
    """Return the limit of a search that takes so many seconds on a usual machine; `clock` guards it."""
    return Limit(Effort(), seconds * STEPS_PER_S, Guard(clock, max(LEAST_S, LENIENCE * seconds), unwanted))
