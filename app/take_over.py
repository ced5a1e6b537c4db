"""Who moves a value next: the hand that stands elsewhere, or nobody yet.

A knob knows nothing of the mouse. When it is touched again it stands somewhere else, and following it at once would
be heard as a jump. With "pick-up" it waits until the knob has come to the value or crossed it, with "scaled" the rest
of its way covers the rest of the value's, with "immediate" the value jumps.
The two thresholds and the refused first message are those of Mixxx's soft takeover; that every crossing passes is ours.
"""

from __future__ import annotations

from dataclasses import dataclass

MODES = ("pick-up", "immediate", "scaled")
NEAR = 3 / 128
QUICK_S = 0.05
EVEN = 1e-9


@dataclass(slots=True)
class Grip:
    """What is remembered of one hand on one value; positions are 0..1.

    Attributes: `hardware` (where the hand stands; None before it was heard), `taken` (seconds when it last moved the
    value), `place` (where it put the value, before steps rounded it), `version` (of the value after that).
    """

    hardware: float | None = None
    taken: float = float("-inf")
    place: float | None = None
    version: int = -1

    def standing(self, position: float, version: int) -> float:
        """Return where the value stands for this hand: as it put it, unless another hand moved it since."""
        return self.place if self.place is not None and version == self.version else position

    def take(self, mode: str, wanted: float, current: float, seconds: float, alone: bool) -> float | None:
        """Return where the value goes when the hand moves to `wanted`, None if it must wait.

        `alone`: nobody else moved the value since this hand did.
        """
        before, self.hardware = self.hardware, wanted
        if mode == "immediate":
            return wanted
        if before is None:
            return None
        if mode == "scaled":
            return scaled(before, wanted, current)
        near = abs(wanted - current) <= NEAR + EVEN
        quick = alone and seconds - self.taken < QUICK_S
        crossed = (before - current) * (wanted - current) <= 0  # Zero: the hand stood at the value and holds it.
        return wanted if near or quick or crossed else None

    def moved(self, place: float, version: int, seconds: float) -> None:
        """Note that the hand moved the value."""
        self.place, self.version, self.taken = place, version, seconds


def scaled(before: float, wanted: float, current: float) -> float:
    """Return the value's position when a hand goes from `before` to `wanted`: both reach the end at the same time."""
    if wanted > before:
        room = 1.0 - before
        return min(current + (wanted - before) * (1.0 - current) / room, 1.0) if room > 0 else 1.0
    return max(current + (wanted - before) * current / before, 0.0) if before > 0 else current
