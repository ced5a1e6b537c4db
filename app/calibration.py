"""How late a device sounds, read off taps of a finger or onsets of a microphone.

A hand is never on the beat: it misses clicks, taps twice, comes 20 to 50 ms early as everybody does, and scatters by as
much. So each tap is held against the nearest click, what is far from the others is left out, and the middle is that of
Hodges and Lehmann (1963): the median of all pairs' means, nearly as steady as a mean and deaf to a few slips. What is
constant in a hand, or in a microphone's way, is the same for every device and cancels where they are compared.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median, stdev

LEAST = 8  # Clicks that were answered.
LEADING_IN = 2  # Clicks that nobody can know the time of.
EARLIEST = 1 / 3  # Of a period: an answer is up to so much before its click, or two thirds after it.
FAR_S = 0.015  # An answer is not left out for being less than this from the middle,
FAR = 3.0  # or so many typical distances.
MOST_ERROR_S = 0.008  # The middle must be as sure as this.
AGREEING = 0.6  # Share of the answers that must agree.
SCALE = 1.4826  # From the median distance to the standard deviation of what is normal.
LOUD = 1e-7  # Power of full scale: -70 dB.
CONTRAST = 10.0  # Times the power of the floor.
QUARTER = 0.25
SURE = 2.0  # Standard errors that are called "give or take".


class CalibrationError(ValueError):
    """There is nothing to be read off: why, and what to do."""


@dataclass(frozen=True, slots=True)
class Lag:
    """By how much a device is later than its due times.

    Attributes: `seconds` (of the answers, the setting of its latency included), `spread_s` (standard deviation),
    `error_s` (standard error of `seconds`), `count` (answers used), `left_out` (doubled or far off).
    """

    seconds: float
    spread_s: float
    error_s: float
    count: int
    left_out: int


def lag_of(clicks: Sequence[float], answers: Iterable[float], period_s: float, tapped: bool = True) -> Lag:
    """Return the lag of answers behind regular clicks, both in seconds of one clock; CalibrationError if unclear.

    `tapped`: a hand answers, which cannot know the first clicks.
    """
    asked = clicks[LEADING_IN:] if tapped else clicks
    offsets = _offsets(asked, sorted(answers), period_s)
    middle = median(offset for found in offsets.values() for offset in found) if offsets else 0.0
    nearest = [min(found, key=lambda offset: abs(offset - middle)) for found in offsets.values()]
    if len(nearest) < LEAST:
        what = "taps" if tapped else "clicks heard"
        raise CalibrationError(f"too few {what}: {len(nearest)} of at least {LEAST}; go on for longer")
    kept = _agreeing(nearest)
    spread = stdev(kept)
    error = spread / len(kept) ** 0.5
    if len(kept) < max(LEAST, AGREEING * len(nearest)) or error > MOST_ERROR_S:
        raise CalibrationError(_scattered(spread if len(kept) > len(nearest) / 2 else stdev(nearest), tapped))
    return Lag(middle_of(kept), spread, error, len(kept), sum(map(len, offsets.values())) - len(kept))


def middle_of(values: Sequence[float]) -> float:
    """Return the median of the means of all pairs (Hodges and Lehmann), each value paired with itself too."""
    return median((one + other) / 2 for at, one in enumerate(values) for other in values[at:])


def latencies(lags: Mapping[str, Lag], set_ms: Mapping[str, float]) -> dict[str, float]:
    """Return the latency in whole ms for each device by which all sound together: the slowest gets 0.

    `set_ms`: what they were set to when they were measured. CalibrationError for less than two devices.
    """
    if len(lags) < 2:
        raise CalibrationError("measure two devices at least: only how far they are apart can be mended")
    own = {name: lag.seconds * 1000 - set_ms[name] for name, lag in lags.items()}
    slowest = max(own.values())
    return {name: float(round(slowest - late)) for name, late in own.items()}


def onset(levels: Sequence[tuple[float, float]]) -> float | None:
    """Return when a sound begins in (seconds, level) pairs of equal distance; None if nothing stands out.

    It is where the power passes a quarter of the way from its floor to its peak, between two levels by proportion.
    """
    powers = [level * level for _, level in levels]
    if len(powers) < 3:
        return None
    peak_at = max(range(len(powers)), key=powers.__getitem__)
    floor = min(powers[: peak_at + 1])
    peak = powers[peak_at]
    if peak < LOUD or peak < CONTRAST * floor:
        return None
    wanted = floor + (peak - floor) * QUARTER
    at = max((place for place in range(peak_at) if powers[place] < wanted), default=None)
    if at is None:
        return None
    share = (wanted - powers[at]) / (powers[at + 1] - powers[at])
    return levels[at][0] + share * (levels[at + 1][0] - levels[at][0])


def _offsets(clicks: Sequence[float], answers: Sequence[float], period_s: float) -> dict[int, list[float]]:
    """Return the answers' offsets by the number of the click that each belongs to."""
    found: dict[int, list[float]] = {}
    for answer in answers:
        for number, click in enumerate(clicks):
            if -EARLIEST * period_s <= answer - click < (1 - EARLIEST) * period_s:
                found.setdefault(number, []).append(answer - click)
                break
    return found


def _agreeing(offsets: Sequence[float]) -> list[float]:
    middle = median(offsets)
    reach = max(FAR * SCALE * median(abs(offset - middle) for offset in offsets), FAR_S)
    return [offset for offset in offsets if abs(offset - middle) <= reach]


def _scattered(spread_s: float, tapped: bool) -> str:
    if tapped:
        return f"the taps scatter by {spread_s * 1000:.0f} ms; tap on, more steadily, and only with what you hear"
    return f"what is heard scatters by {spread_s * 1000:.0f} ms; make it quieter around the microphone"
