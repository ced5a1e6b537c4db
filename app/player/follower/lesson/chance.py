"""A number drawn by chance for a place in time, the same one whenever it is asked for.

A generator with a state would give other surprises after every seek or repeated decision; mixing the seeds and the
tick does not. Mixing as in SplitMix64 (Steele, Lea and Flood, 2014).
"""

from __future__ import annotations

_MASK = (1 << 64) - 1


def chance(*numbers: int) -> float:
    """Return a number from 0 to below 1, uniform over different whole numbers given."""
    mixed = 0
    for number in numbers:
        mixed = (mixed + number + 0x9E3779B97F4A7C15) & _MASK
        mixed = ((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
        mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & _MASK
        mixed ^= mixed >> 31
    return (mixed >> 11) / (1 << 53)
