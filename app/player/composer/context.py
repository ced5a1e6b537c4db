"""What was played lately, kept by the player and not by a model: it survives every change of model.

It holds the features of the coming step and those of the last 64 steps, so that any model can be primed from it. A
performer's notes are committed like generated ones. All parts are values, so undoing a step is putting one back.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from app.player.composer.feature import (
    COMMON_TIME,
    HISTORY,
    LOWEST_PITCH,
    PITCHES,
    FeatureState,
    Floats,
    Metre,
    keys,
)
from app.player.composer.repetition import Repetition


@dataclass(frozen=True, slots=True)
class ContextMark:
    """A moment to return to; made by `Context.mark`."""

    state: FeatureState
    sounding: dict[int, int]
    vectors: tuple[Floats, ...]
    count: int
    place: int
    metre: Metre
    echo: int
    repetition: Repetition


class Context:
    """The recent past of the music.

    Attributes:
        state: the features carried by hand.
        sounding: what sounds now, MIDI pitch to velocity.
        vectors: features of the last steps (at most 64), oldest first, as the network would have seen them.
        count: steps committed since the start.
        place: position in the bar of the coming step, in sixteenths. metre: of that bar.
        echo: steps in a row whose strikes were those of one bar before.
        repetition: the memory of the repetition penalty.
    """

    def __init__(self, metre: Metre = COMMON_TIME) -> None:
        self.metre, self.count = metre, 0
        self.clear()

    def clear(self) -> None:
        """Forget everything that was played and return to the first step of a bar."""
        self.state = FeatureState.silent()
        self.sounding: dict[int, int] = {}
        self.vectors: deque[Floats] = deque(maxlen=HISTORY)
        self.place = self.echo = 0
        self.repetition = Repetition.none()
        # The count never goes back by a clear: a generator must see that its past is gone.
        self.count += 1
        self._coming: Floats | None = None

    def clear_sounding(self) -> None:
        """Let go of what sounds, as after a stop; the memory of what was played stays."""
        self.sounding = {}
        self.state = replace(self.state, age=np.zeros(PITCHES, np.uint8))
        self._coming = None

    def align(self, place: int, metre: Metre | None = None) -> None:
        """Say where in the bar the coming step lies, and in which metre, when the transport decides it."""
        self.metre = metre or self.metre
        self.place = place % self.metre.bar
        self._coming = None

    def at_bar(self, bar: int = 0) -> bool:
        """Whether the coming step opens a bar; `bar` is its length in steps, 0 means the metre's."""
        return self.place % (bar or self.metre.bar) == 0

    def coming(self) -> Floats:
        """Return the features of the coming step."""
        if self._coming is None:
            self._coming = self.state.vector(self.place, self.metre)
        return self._coming

    def commit(self, sounding: Mapping[int, int], struck: Mapping[int, int]) -> None:
        """Take in one step that was played, by a model or by hand.

        Args:
            sounding: MIDI pitch to velocity of all that sounds after the step.
            struck: the part of it that was struck in this step.
        """
        self.vectors.append(self.coming())
        row = np.zeros(PITCHES, np.uint8)
        for pitch, velocity in struck.items():
            if 0 <= pitch - LOWEST_PITCH < PITCHES:
                row[pitch - LOWEST_PITCH] = min(127, max(1, velocity))
        self._listen(row > 0)
        held = keys(pitch for pitch in sounding if pitch not in struck)
        # A key that sounds without having been struck here (a performer's, say) counts from now on.
        age = np.where(held & (self.state.age == 0), 1, self.state.age).astype(np.uint8)
        self.state = replace(self.state, age=age).advance(row, held)
        self.sounding = dict(sounding)
        self.place = (self.place + 1) % self.metre.bar
        self.count += 1
        self._coming = None

    def _listen(self, struck: NDArray[np.bool_]) -> None:
        recent, bar = self.state.recent, self.metre.bar
        again = len(recent) >= bar and bool((recent[-bar] == struck).all())
        self.echo = self.echo + 1 if again else 0
        self.repetition = self.repetition.advance(struck)

    def mark(self) -> ContextMark:
        """Return the present moment, to come back to."""
        return ContextMark(
            self.state,
            self.sounding,
            tuple(self.vectors),
            self.count,
            self.place,
            self.metre,
            self.echo,
            self.repetition,
        )

    def restore(self, mark: ContextMark) -> None:
        """Return to a moment, as if nothing had been committed since."""
        self.state, self.sounding = mark.state, mark.sounding
        self.vectors = deque(mark.vectors, maxlen=HISTORY)
        self.count, self.place, self.metre, self.echo = mark.count, mark.place, mark.metre, mark.echo
        self.repetition = mark.repetition
        self._coming = None

    def copy(self) -> Context:
        """Return an independent copy, to prime a model in the background."""
        twin = Context(self.metre)
        twin.restore(self.mark())
        return twin
