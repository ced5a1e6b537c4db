"""What Wekinator says about gestures, and when.

Continuous: after each frame that downsampling keeps, the distances of all gestures leave, and before them the message
of a gesture when the match has just changed to it. Once: nothing leaves until running stops, then one of each.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from numpy.typing import NDArray

from app.example import Gesture
from app.model.base import Arrays, Meta, Spot
from app.model.dtw_model import WarpModel

Words = tuple[str, tuple[float, ...]]
POINTS = 10  # Of the longest take, as the original compares.
FAR = float("inf")
DISTANCES = ""  # Stands for the address of all answers.


class Matcher(Protocol):
    """Compares what is heard with the gestures that were shown.

    Attributes: `classes` (their numbers from 1), `enabled` (those looked for).
    """

    enabled: set[int]

    @property
    def classes(self) -> tuple[int, ...]: ...

    @property
    def inputs(self) -> int: ...

    def feed(self, values: NDArray[Any]) -> Spot | None:
        """Hear a frame of a stream; None for one that downsampling leaves out."""

    def hear(self, values: NDArray[Any]) -> None:
        """Collect a frame of a movement that is named as a whole."""

    def finish(self) -> Spot:
        """Name the movement collected."""

    def reset(self) -> None:
        """Forget the stream and what was collected."""

    def to_arrays(self) -> tuple[Arrays, Meta]:
        """Return what is stored of it."""


class Once:
    """A matcher that says nothing while frames come: they are one movement, named at its end.

    Attributes: as Matcher.
    """

    def __init__(self, matcher: Matcher) -> None:
        self._matcher = matcher
        self.classes, self.inputs = matcher.classes, matcher.inputs
        self.reset, self.to_arrays = matcher.reset, matcher.to_arrays

    def feed(self, values: NDArray[Any]) -> Spot | None:
        self._matcher.hear(values)
        return None


def matcher(takes: Sequence[Gesture], threshold: float) -> Matcher:
    """Return a matcher of takes that measures as Wekinator does; ModelError if none of them is long enough."""
    model = WarpModel(units="raw", threshold=threshold, points=POINTS)
    return model.fit([take.inputs for take in takes], [take.label for take in takes]).compile()


class Gestures:
    """The gestures of one project and what was said of them.

    Attributes: `messages` (an address for each gesture), `active` (gestures looked for, from 1), `once` (one answer,
    when running stops), `repeats` (in "once" the same gesture is told again), `match` (the gesture told last, 0 none),
    `matcher` (None while nothing runs).
    """

    def __init__(self, messages: Sequence[str]) -> None:
        self.messages = tuple(messages)
        self.active = set(range(1, len(self.messages) + 1))
        self.once = self.repeats = False
        self.match = 0
        self.matcher: Matcher | None = None

    def start(self, found: Matcher) -> Matcher | Once:
        """Look for gestures from the next frame on; return what shall follow the stream."""
        if self.matcher is None and not self.once:
            self.match = 0
        self.matcher = found
        self._choose()
        return Once(found) if self.once else found

    def blank(self) -> None:
        """There are no examples any more: nothing is near."""
        if self.matcher is not None:
            self.matcher.enabled = set()

    def look_for(self, gesture: int, on: bool) -> None:
        """Look for a gesture, from 1, or cease to: its distance is infinite then."""
        self.active.add(gesture) if on else self.active.discard(gesture)
        self._choose()

    def _choose(self) -> None:
        if self.matcher is not None:
            self.matcher.enabled = self.active & set(self.matcher.classes)

    def finish(self) -> list[Words]:
        """Running stops: in "once" this is the moment at which the movement is named."""
        found, self.matcher = self.matcher, None
        if found is None or not self.once:
            return []
        if self.repeats:
            self.match = 0
        return self.tell(found.classes, found.finish())

    def tell(self, classes: Sequence[int], spot: Spot) -> list[Words]:
        """Return what is said of a spot, in order: address and arguments. `classes` are the gestures of its scores."""
        said: list[Words] = []
        if spot.label and spot.label != self.match and spot.label <= len(self.messages):
            said.append((self.messages[spot.label - 1], ()))
        self.match = spot.label
        by_number = dict(zip(classes, spot.scores.tolist(), strict=True))
        distances = tuple(by_number.get(number, FAR) for number in range(1, len(self.messages) + 1))
        return [*said, (DISTANCES, distances)]
