"""The order and the moments of gesture messages, with a matcher that says what it is told."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.adapter.gesture import DISTANCES, Gestures, Once, Words
from app.model.base import Arrays, Meta, Spot

FAR = float("inf")


class Said:
    """A matcher of gestures 1 and 3 that names what the frame's first value says; None for a negative one."""

    classes, inputs = (1, 3), 1

    def __init__(self) -> None:
        self.enabled = {1, 3}
        self.heard: list[float] = []

    def feed(self, values: NDArray[Any]) -> Spot | None:
        return self._spot(int(values[0])) if values[0] >= 0 else None

    def _spot(self, label: int) -> Spot:
        return Spot(np.array([1.5 if label == 1 else FAR, 2.5]), label)

    def hear(self, values: NDArray[Any]) -> None:
        self.heard.append(float(values[0]))

    def finish(self) -> Spot:
        label, self.heard = int(self.heard[-1]) if self.heard else 0, []
        return self._spot(label)

    def reset(self) -> None:
        self.heard = []

    def to_arrays(self) -> tuple[Arrays, Meta]:
        return {}, {}


def follow(gestures: Gestures, *labels: int) -> list[Words]:
    matcher = Said()
    following = gestures.start(matcher)
    spots = [following.feed(np.array([label])) for label in labels]
    return [words for spot in spots if spot is not None for words in gestures.tell(matcher.classes, spot)]


def test_the_match_is_told_first_and_once_until_it_changes() -> None:
    gestures = Gestures(["/a", "/b", "/c"])
    assert follow(gestures, 0, 1, -1, 1, 3, 0, 3) == [
        (DISTANCES, (FAR, FAR, 2.5)),
        ("/a", ()),
        (DISTANCES, (1.5, FAR, 2.5)),
        (DISTANCES, (1.5, FAR, 2.5)),
        ("/c", ()),
        (DISTANCES, (FAR, FAR, 2.5)),
        (DISTANCES, (FAR, FAR, 2.5)),
        ("/c", ()),
        (DISTANCES, (FAR, FAR, 2.5)),
    ]


def test_running_anew_forgets_the_match_unless_it_is_once() -> None:
    gestures = Gestures(["/a", "/b", "/c"])
    assert follow(gestures, 1)[0] == ("/a", ())
    assert gestures.finish() == []
    assert follow(gestures, 1)[0] == ("/a", ())


def once(gestures: Gestures, label: int) -> list[str]:
    following = gestures.start(Said())
    assert isinstance(following, Once)
    assert following.feed(np.array([label])) is None
    return [address for address, _ in gestures.finish()]


def test_once_tells_a_repeat_only_if_asked_to() -> None:
    gestures = Gestures(["/a", "/b", "/c"])
    gestures.once = True
    assert [once(gestures, 1), once(gestures, 1), once(gestures, 3)] == [["/a", ""], [""], ["/c", ""]]
    gestures.repeats = True
    assert once(gestures, 3) == ["/c", ""]


def test_what_is_not_looked_for_is_told_to_the_matcher() -> None:
    gestures, matcher = Gestures(["/a", "/b", "/c"]), Said()
    gestures.look_for(1, False)
    gestures.start(matcher)
    assert matcher.enabled == {3}
    gestures.look_for(1, True)
    assert matcher.enabled == {1, 3}
    gestures.blank()
    assert matcher.enabled == set()
