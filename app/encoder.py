"""Endless encoders: what the four ways of saying "a little to the left" mean, and how fast the hand turns.

An endless encoder sends steps and no place, and makers never agreed on how to write a negative one in seven bits. A
slow hand wants single steps, a fast one the whole range in one turn, so steps grow with speed.
"""

from __future__ import annotations

from dataclasses import dataclass

ENCODINGS = ("twos", "signed", "reverse", "offset")
TITLES = {
    "twos": "relative, two's complement",
    "signed": "relative, signed bit",
    "reverse": "relative, signed bit reversed",
    "offset": "relative, binary offset",
}
MEMORY_S = 0.1  # Over so long the speed is taken.
CALM = 15.0  # Steps a second: up to here a step is a step.
FAST = 150.0  # From here on it grows no more.
GROWTH = 45.0  # So many more steps a second make each of them worth one more.


def ticks(encoding: str, raw: int) -> int:
    """Return the steps that seven bits mean, right is positive; ValueError for an unknown encoding.

    "twos": 1..64 are +1..+64, 127..65 are -1..-63. "signed": 65..127 are -1..-63. "reverse": as "signed", the other
    way round. "offset": 65..127 are +1..+63, 63..0 are -1..-64.
    """
    match encoding:
        case "twos":
            return raw if raw <= 64 else raw - 128
        case "signed":
            return raw if raw <= 64 else 64 - raw
        case "reverse":
            return -raw if raw <= 64 else raw - 64
        case "offset":
            return raw - 64
        case _:
            raise ValueError(f"{encoding!r} is no encoding: choose {', '.join(ENCODINGS)}")


@dataclass(slots=True)
class Speed:
    """How fast an encoder turns. Attributes: `heat` (recent steps, fading), `seconds` (of the last)."""

    heat: float = 0.0
    seconds: float = float("-inf")

    def grown(self, steps: int, seconds: float, acceleration: float) -> float:
        """Return what steps at `seconds` are worth: themselves in calm, up to `acceleration` times three more."""
        faded = max(1.0 - (seconds - self.seconds) / MEMORY_S, 0.0)
        self.heat, self.seconds = self.heat * faded + abs(steps), seconds
        rate = min(self.heat / MEMORY_S, FAST)
        return steps * (1.0 + acceleration * max(rate - CALM, 0.0) / GROWTH)
