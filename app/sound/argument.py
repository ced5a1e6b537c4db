"""What a message brings along: numbers in their range, and perhaps the name of a part.

Anything can arrive on a UDP port; what cannot be meant is refused here, in one place, and never reaches the sound.
"""

from __future__ import annotations

from collections.abc import Sequence

Argument = object


class BadMessageError(ValueError):
    """A message for a known address with arguments that cannot be meant."""


def note_arguments(arguments: Sequence[Argument], numbers: int) -> tuple[str, list[int]]:
    """Part and numbers 0..127 of a note message; floats are accepted, as Pd sends no integers."""
    if len(arguments) < numbers:
        raise BadMessageError(f"a note message needs {numbers} numbers, got {len(arguments)}")
    values = [number(argument, 0.0, 127.0) for argument in arguments[:numbers]]
    return part_argument(arguments[numbers:]), [int(value) for value in values]


def part_argument(arguments: Sequence[Argument]) -> str:
    """The optional part name behind a message's own arguments, or "": a first string (not, say, a velocity)."""
    return arguments[0] if arguments and isinstance(arguments[0], str) else ""


def number(argument: Argument, low: float, high: float) -> float:
    """A finite number inside its range. Raises BadMessageError."""
    if isinstance(argument, bool) or not isinstance(argument, int | float) or not low <= argument <= high:
        raise BadMessageError(f"expected a number {low:g}..{high:g}, got {argument!r}")
    return float(argument)
