"""Where in the bar something begins that is asked for at any moment.

A performer presses early and means the next bar line; every part that can be launched waits in the same words.
"""

from __future__ import annotations

from math import ceil

from app.transport import Transport

NOW = "now"
GRIDS = ("beat", "bar", "2 bars", "4 bars")
WAITS = (NOW, *GRIDS)


def span(waits: str, beats_per_bar: float) -> float:
    """Return the beats from one place to the next where a launch may fall; 0.0 for "now"."""
    return {NOW: 0.0, "beat": 1.0, "bar": 1.0 * beats_per_bar, "2 bars": 2.0 * beats_per_bar}.get(
        waits, 4.0 * beats_per_bar
    )


def words(waits: str) -> str:
    """Return where something begins that waits, as the window says it: at the next bar."""
    return waits if waits == NOW else f"at the next {waits}"


def launch_beat(transport: Transport, waits: str, ahead_s: float = 0.0) -> float | None:
    """Return the beat at which a launch falls, None for at once: nothing plays, or nothing is waited for.

    `ahead_s`: what lies nearer than this has been computed already.
    """
    grid = span(waits, transport.beats_per_bar)
    if not transport.playing or not grid:
        return None
    return ceil(round((transport.beat + ahead_s * transport.bpm / 60) / grid, 6)) * grid


def is_on(waits: str, beat: float, beats_per_bar: float) -> bool:
    """Whether a launch may fall on a beat."""
    grid = span(waits, beats_per_bar)
    return not grid or abs(beat / grid - round(beat / grid)) * grid < 1e-6
