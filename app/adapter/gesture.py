"""What Wekinator says about gestures, and when.

Continuous: after each frame that downsampling keeps, the distances of all gestures leave, and before them the message
of a gesture when the match has just changed to it. Once: nothing leaves until running stops, then one of each.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from app.model.base import Floats, Spot

Words = tuple[str, tuple[float, ...]]
MOST_KEPT = 20_000  # Frames of one run in "once"; the oldest are forgotten.
FAR = float("inf")


class Matcher(Protocol):
    """Compares what is heard with the gestures that were shown. Attributes: `classes`, their numbers from 1."""

    @property
    def classes(self) -> tuple[int, ...]: ...

    def feed(self, values: NDArray[Any]) -> Spot | None:
        """Hear a frame of a stream; None for one that downsampling leaves out."""

    def whole(self, values: NDArray[Any]) -> Floats:
        """Return the distances (classes,) of a passage (frames, width) taken as one gesture."""

    def reset(self) -> None:
        """Forget the stream."""


class Nothing:
    """No gesture was shown: nothing is near. Attributes: `classes`."""

    classes: tuple[int, ...] = ()

    def feed(self, values: NDArray[Any]) -> Spot | None:
        return Spot(np.empty(0), 0)

    def whole(self, values: NDArray[Any]) -> Floats:
        return np.empty(0)

    def reset(self) -> None:
        """There is no stream to forget."""


class Gestures:
    """The gestures of one project while they are looked for.

    Attributes: `messages` (an address for each gesture), `address` (of the distances), `active` (gestures looked for,
    from 1), `once` (one answer, when running stops), `repeats` (in "once" the same gesture is told again), `match` (the
    gesture told last, 0 none).
    """

    def __init__(self, messages: Sequence[str], address: str) -> None:
        self.messages, self.address = tuple(messages), address
        self.active = set(range(1, len(self.messages) + 1))
        self.once = self.repeats = False
        self.match = 0
        self._matcher: Matcher | None = None
        self._passage: list[NDArray[Any]] = []

    @property
    def listening(self) -> bool:
        """Whether running was started."""
        return self._matcher is not None

    def start(self, matcher: Matcher) -> None:
        """Look for gestures from the next frame on."""
        matcher.reset()
        self._matcher, self._passage = matcher, []
        if not self.once:
            self.match = 0

    def replace(self, matcher: Matcher) -> None:
        """Go on with other examples."""
        self._matcher = matcher

    def hear(self, values: NDArray[Any]) -> list[Words]:
        """Return what is said to a frame, in order."""
        if self._matcher is None:
            return []
        if self.once:
            self._passage.append(values)
            del self._passage[:-MOST_KEPT]
            return []
        spot = self._matcher.feed(values)
        return [] if spot is None else self._tell(spot.scores, spot.label)

    def finish(self) -> list[Words]:
        """Running stops: in "once" this is the moment at which the passage is named."""
        matcher, passage, self._matcher, self._passage = self._matcher, self._passage, None, []
        if matcher is None or not self.once or not passage:
            return []
        scores = matcher.whole(np.array(passage))
        if self.repeats:
            self.match = 0
        return self._tell(scores, self._nearest(matcher.classes, scores), matcher.classes)

    def _nearest(self, classes: tuple[int, ...], scores: Floats) -> int:
        """Return the closest gesture that is looked for, 0 if there is none. "Once" knows no threshold."""
        found = [(score, number) for number, score in zip(classes, scores.tolist(), strict=True) if score < FAR]
        return min(((score, number) for score, number in found if number in self.active), default=(FAR, 0))[1]

    def _tell(self, scores: Floats, label: int, classes: tuple[int, ...] | None = None) -> list[Words]:
        label = label if label in self.active else 0
        said: list[Words] = []
        if label and label != self.match:
            said.append((self.messages[label - 1], ()))
        self.match = label
        return [*said, (self.address, self._distances(scores, classes))]

    def _distances(self, scores: Floats, classes: tuple[int, ...] | None) -> tuple[float, ...]:
        numbers = classes if classes is not None else self._matcher.classes if self._matcher else ()
        by_number = dict(zip(numbers, scores.tolist(), strict=True))
        every = range(1, len(self.messages) + 1)
        return tuple(by_number.get(number, FAR) if number in self.active else FAR for number in every)
