"""What Wekinator says about gestures, and when.

Continuous: after each frame that downsampling keeps, the distances of all gestures leave, and before them the message
of a gesture when the match has just changed to it. Once: nothing leaves until running stops, then one of each.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from app.example import Gesture
from app.model.base import Spot
from app.model.dtw_model import WarpModel

Words = tuple[str, tuple[float, ...]]
POINTS = 10  # Of the longest take, as the original compares.
FAR = float("inf")


class Matcher(Protocol):
    """Compares what is heard with the gestures that were shown.

    Attributes: `classes` (their numbers from 1), `enabled` (those looked for).
    """

    enabled: set[int]

    @property
    def classes(self) -> tuple[int, ...]: ...

    def feed(self, values: NDArray[Any]) -> Spot | None:
        """Hear a frame of a stream; None for one that downsampling leaves out."""

    def hear(self, values: NDArray[Any]) -> None:
        """Collect a frame of a movement that is named as a whole."""

    def finish(self) -> Spot:
        """Name the movement collected."""

    def reset(self) -> None:
        """Forget the stream and what was collected."""


class Nothing:
    """No gesture was shown: nothing is near. Attributes: as Matcher."""

    classes: tuple[int, ...] = ()

    def __init__(self) -> None:
        self.enabled: set[int] = set()

    def feed(self, values: NDArray[Any]) -> Spot | None:
        return Spot(np.empty(0), 0)

    def hear(self, values: NDArray[Any]) -> None:
        """There is nothing to compare it with."""

    def finish(self) -> Spot:
        return Spot(np.empty(0), 0)

    def reset(self) -> None:
        """There is no stream to forget."""


def matcher(takes: tuple[Gesture, ...], threshold: float) -> Matcher:
    """Return a matcher of takes as Wekinator measures; ModelError if none of them is long enough."""
    if not takes:
        return Nothing()
    model = WarpModel(units="raw", threshold=threshold, points=POINTS)
    return model.fit([take.inputs for take in takes], [take.label for take in takes]).compile()


class Gestures:
    """The gestures of one project while they are looked for.

    Attributes: `messages` (an address for each gesture), `address` (of the distances), `active` (gestures looked for,
    from 1), `once` (one answer, when running stops), `repeats` (in "once" the same gesture is told again), `match` (the
    gesture told last, 0 none), `listening` (whether it looks for any now).
    """

    def __init__(self, messages: Sequence[str], address: str) -> None:
        self.messages, self.address = tuple(messages), address
        self.active = set(range(1, len(self.messages) + 1))
        self.once = self.repeats = False
        self.match = 0
        self._matcher: Matcher | None = None

    @property
    def listening(self) -> bool:
        return self._matcher is not None

    def start(self, found: Matcher) -> None:
        """Look for gestures from the next frame on; in place of another matcher, go on with this one."""
        if self._matcher is None and not self.once:
            self.match = 0
        found.reset()
        self._matcher = found
        self._choose()

    def look_for(self, gesture: int, on: bool) -> None:
        """Look for a gesture, from 1, or cease to: its distance is infinite then."""
        self.active.add(gesture) if on else self.active.discard(gesture)
        self._choose()

    def _choose(self) -> None:
        if self._matcher is not None:
            self._matcher.enabled = self.active & set(self._matcher.classes)

    def hear(self, values: NDArray[Any]) -> list[Words]:
        """Return what is said to a frame, in order; ModelError if it does not fit the gestures."""
        if self._matcher is None:
            return []
        if self.once:
            self._matcher.hear(values)
            return []
        spot = self._matcher.feed(values)
        return [] if spot is None else self._tell(self._matcher, spot)

    def finish(self) -> list[Words]:
        """Running stops: in "once" this is the moment at which the movement is named."""
        found, self._matcher = self._matcher, None
        if found is None or not self.once:
            return []
        if self.repeats:
            self.match = 0
        return self._tell(found, found.finish())

    def _tell(self, found: Matcher, spot: Spot) -> list[Words]:
        said: list[Words] = []
        if spot.label and spot.label != self.match:
            said.append((self.messages[spot.label - 1], ()))
        self.match = spot.label
        by_number = dict(zip(found.classes, spot.scores.tolist(), strict=True))
        distances = tuple(by_number.get(number, FAR) for number in range(1, len(self.messages) + 1))
        return [*said, (self.address, distances)]
