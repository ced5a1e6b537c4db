"""What a lesson remembers: every state with its latest target, or only the last few ticks.

One entry a state makes teaching cheap to repeat and a correction final: what is taught again replaces what was
taught before, and nothing else is lost. The forgetful memory is the other way round, as in Sema: a queue in which
whatever is taught now pushes out what was taught before.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from typing import Protocol

from app.player.follower.lesson.shape import Shape
from app.player.follower.lesson.state import Example, Key

CAP = 4096
RECENT = 64


class Memory(Protocol):
    """Where examples are kept."""

    def put(self, example: Example) -> None:
        """Remember an example."""

    def __iter__(self) -> Iterator[Example]:
        """Go through the examples, the oldest first."""

    def __len__(self) -> int:
        """Return how many there are."""


class Keyed:
    """One example a state, the latest; over the cap the one that was not heard for longest goes."""

    def __init__(self, examples: Iterable[Example] = (), cap: int = CAP) -> None:
        self._entries: dict[Key, Example] = {}
        self._rows: dict[Key, int] = {}
        self._cap = cap
        for example in examples:
            self.put(example)

    def put(self, example: Example) -> None:
        self.place(example)

    def place(self, example: Example) -> int:
        """Remember an example and return its row: the one that its state has, a new one or one that became free."""
        key = example.key
        if self._entries.pop(key, None) is None:
            row = len(self._rows)
            if row >= self._cap:
                oldest = next(iter(self._entries))
                del self._entries[oldest]
                row = self._rows.pop(oldest)
            self._rows[key] = row
        self._entries[key] = example
        return self._rows[key]

    def __iter__(self) -> Iterator[Example]:
        return iter(self._entries.values())

    def __len__(self) -> int:
        return len(self._entries)


class Recent:
    """The last examples, repeated states and all."""

    def __init__(self, examples: Iterable[Example] = ()) -> None:
        self._entries = deque(examples, maxlen=RECENT)

    def put(self, example: Example) -> None:
        self._entries.append(example)

    def __iter__(self) -> Iterator[Example]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)


def memory(forgetful: bool, examples: Iterable[Example] = ()) -> Memory:
    """Return a memory of one kind or the other."""
    return Recent(examples) if forgetful else Keyed(examples)


def carried(examples: Iterable[Example], old: Shape, new: Shape) -> list[Example]:
    """Return the examples of one shape that are true in another.

    A new source is taken to have rested, for it was none; an example of a longer phrase holds in every bar of a
    shorter one only if its bars agree; one of a shorter phrase holds in each bar of a longer. An example in which a
    lost source played, and all of another grid, cannot be said in the new shape.
    """
    if old.grid != new.grid:
        return []
    told = [
        Example((place, *pasts), example.target, example.teaching)
        for example in examples
        if (pasts := _pasts(example.key[1:], new.sources)) is not None
        for place in _places(example.key[0], old, new)
    ]
    return _agreed(told) if new.bars < old.bars else told


def _pasts(pasts: Key, sources: int) -> Key | None:
    """Return the pasts of more or fewer sources, None if a lost one played."""
    return None if any(pasts[sources:]) else (pasts + (0,) * sources)[:sources]


def _places(place: int, old: Shape, new: Shape) -> list[int]:
    """Return where in the new phrase an example of the old one stands."""
    if new.bars <= old.bars:
        return [place % new.phrase]
    return [place + first for first in range(0, new.phrase, old.phrase)]


def _agreed(examples: list[Example]) -> list[Example]:
    """Leave out the states for which different bars of a longer phrase taught different targets."""
    targets: dict[Key, set[bool]] = {}
    for example in examples:
        targets.setdefault(example.key, set()).add(example.target)
    return [example for example in examples if len(targets[example.key]) == 1]
