"""One input: its newest values, its range and rate, and what was wrong with the frames it sent.

Strangers send what they like, so a frame that is odd-sized or holds something that is no number is refused, counted
and explained in words for the screen, never raised: one loose cable must not end a performance.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from app.frame import Frame, Names, Values

Policy = Literal["trigger", "hold"]
RATE_SHARE = 0.1  # How much one interval counts in the mean from which the rate is told.


class Stage(Protocol):
    """What is done to an input before it is merged; see `app.process.Chain`."""

    def names(self, names: Names) -> Names:
        """Return the names of what comes out for the names of what goes in; ValueError if they do not suit."""

    def feed(self, values: Values, seconds: float) -> Values | None:
        """Take one frame's values, finite ones; return what comes out, None if nothing does now."""

    def reset(self) -> None:
        """Forget what was fed."""


@dataclass(frozen=True, slots=True)
class InputSpec:
    """One input of a mixer.

    Attributes: `source` (as in its frames), `names` (of its values; empty: numbered when the first frame tells how
    many there are), `policy` ("trigger": its frames make merged ones; "hold": its newest values are
    taken along), `silent_s` (after so long without a frame it is told to be silent).
    """

    source: str
    names: Names = ()
    policy: Policy = "trigger"
    silent_s: float = 2.0


@dataclass(frozen=True, slots=True)
class InputState:
    """How an input does.

    Attributes: `source`, `frames` (good ones so far), `rate_hz`, `age_s` (of the newest good one; inf: none came),
    `names`, `values` (the newest, after processing), `low` and `high` (the range seen), `wrong_size`, `not_numbers`
    (frames refused), `gaps` (times it fell silent and came back), `trouble` (a sentence, "" if all is well).
    """

    source: str
    frames: int
    rate_hz: float
    age_s: float
    names: Names
    values: Values
    low: Values
    high: Values
    wrong_size: int
    not_numbers: int
    gaps: int
    trouble: str


class Input:
    """One input at work.

    Attributes: `spec`, `stage` (its processing), `features` (the names of what comes out of it), `values` (the newest),
    `picks` and `places` (which of them stand where in the merged frame; set by the mixer), `misfit` (why its processing
    does not suit its values; "" if it does).
    """

    def __init__(self, spec: InputSpec, stage: Stage | None) -> None:
        self.spec, self.stage = spec, stage
        self.features: Names = stage.names(spec.names) if stage and spec.names else spec.names
        self.picks: NDArray[np.intp] = np.empty(0, np.intp)
        self.places = self.picks
        self.frames = self.wrong_size = self.not_numbers = self.gaps = 0
        self.latest_s, self.interval_s = -math.inf, 0.0
        self.refused = self.misfit = ""
        self.fit(self.features)

    def fit(self, features: Names) -> None:
        """Make room for values of these names."""
        self.features = features
        self.values = np.full(len(features), np.nan, np.float32)
        self.forget_range()

    def forget_range(self) -> None:
        self.low = np.full(len(self.features), np.nan, np.float32)
        self.high = self.low.copy()

    @property
    def ready(self) -> bool:
        """Whether the picked columns have values; one just switched on may lack them."""
        return self.frames > 0 and finite(self.values[self.picks])

    def accept(self, frame: Frame) -> Values | None:
        """Return the processed values of the picked columns; None if refused or held back by the stage."""
        if frame.values.shape != (len(self.spec.names),):
            self._refuse_size(frame.values)
            return None
        values = frame.values if self.stage is None else self._process(self.stage, frame)
        if values is None:
            return None
        picked: Values = values[self.picks]
        if not finite(picked):
            self._refuse_numbers(values)
            return None
        self._note(values, frame.seconds)
        return picked

    def _process(self, stage: Stage, frame: Frame) -> Values | None:
        if not finite(frame.values):
            self._refuse_numbers(frame.values)
            return None
        with np.errstate(over="ignore", invalid="ignore"):
            values = stage.feed(frame.values, frame.seconds)
        if values is None:
            self._tick(frame.seconds)
        elif not finite(values):
            stage.reset()  # What overflowed once would stay in a filter for ever.
        return values

    def _refuse_size(self, values: Values) -> None:
        self.wrong_size += 1
        self.refused = f"{self.spec.source} sent {values.size} values instead of {len(self.spec.names)}"
        if self.misfit:
            self.refused = f"{self.spec.source}: {self.misfit}"

    def _refuse_numbers(self, values: Values) -> None:
        self.not_numbers += 1
        names = self.features if len(self.features) == values.size else self.spec.names
        bad = [name for name, value in zip(names, values, strict=True) if not math.isfinite(value)]
        more = f" and {len(bad) - 3} more" if len(bad) > 3 else ""
        self.refused = f"{self.spec.source} sent something that is no number in {', '.join(bad[:3])}{more}"

    def _note(self, values: Values, seconds: float) -> None:
        self._tick(seconds)
        self.frames += 1
        self.values = values
        np.fmin(self.low, values, out=self.low)
        np.fmax(self.high, values, out=self.high)

    def _tick(self, seconds: float) -> None:
        """Measure the rate."""
        passed = seconds - self.latest_s
        self.refused = ""
        if passed > self.spec.silent_s:
            self.gaps += self.frames > 0
            self.interval_s = 0.0
        elif passed >= 0:
            self.interval_s += (passed - self.interval_s) * (RATE_SHARE if self.interval_s else 1.0)
        self.latest_s = max(seconds, self.latest_s)

    def state(self, seconds: float) -> InputState:
        age = seconds - self.latest_s
        return InputState(
            source=self.spec.source,
            frames=self.frames,
            rate_hz=1 / max(self.interval_s, age) if self.interval_s else 0.0,
            age_s=age,
            names=self.features,
            values=self.values.copy(),
            low=self.low.copy(),
            high=self.high.copy(),
            wrong_size=self.wrong_size,
            not_numbers=self.not_numbers,
            gaps=self.gaps,
            trouble=self._trouble(age),
        )

    def _trouble(self, age: float) -> str:
        if self.refused:
            return self.refused
        if age == math.inf:
            return f"{self.spec.source} has sent nothing yet"
        return f"{self.spec.source} has been silent for {age:.1f} s" if age > self.spec.silent_s else ""


def finite(values: Values) -> bool:
    """Return whether all values are numbers, none of them infinite."""
    return bool(np.isfinite(values).all())
