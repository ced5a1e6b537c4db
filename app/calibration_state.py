"""What the screen shows of a calibration."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LagState:
    """A device that was measured.

    Attributes: `device`, `late_ms` (beyond what its latency was set to), `sure_ms` (give or take), `spread_ms`, `count`
    (answers used), `by` ("tap" or "microphone"), `proposed_ms` (the latency that apply will set, None: not known yet).
    """

    device: str
    late_ms: float
    sure_ms: float
    spread_ms: float
    count: int
    by: str
    proposed_ms: float | None = None


@dataclass(frozen=True, slots=True)
class CalibrationState:
    """Attributes: `device` (that clicks now, "": none), `clicks` and `answers` (taps) so far.

    `text` says what to do, or what came of it; `lags` are those of the devices that were measured.
    """

    device: str = ""
    clicks: int = 0
    answers: int = 0
    text: str = ""
    lags: tuple[LagState, ...] = ()
