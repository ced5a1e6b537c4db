"""What comes in: timestamped feature vectors and MIDI messages.

Everything that a learner may hear, from whatever port, has this one shape: a time on the clock that all processes
share, the name of the input, and plain numbers.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float32]
Names = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Frame:
    """One feature vector.

    Attributes: `seconds` (when, on the system-wide clock), `source` (the input's name), `values` (shape (n,)).
    """

    seconds: float
    source: str
    values: Values


@dataclass(frozen=True, slots=True)
class MidiMessage:
    """One MIDI message that came in. Attributes: `seconds`, `port` (the input's name), `data` (its bytes)."""

    seconds: float
    port: str
    data: tuple[int, ...]


def numbers(arguments: Iterable[object]) -> Values:
    """Return OSC arguments of any numeric kind (i, f, d, h, T, F) as float32; ValueError with the reason if not.

    A double beyond the range of float32 becomes infinite; the mixer refuses it by name of its input.
    """
    given = tuple(arguments)
    if not given:
        raise ValueError("it holds no numbers")
    try:
        return np.frombuffer(array("f", given), dtype=np.float32)  # type: ignore[type-var]
    except (TypeError, OverflowError, ValueError):
        raise ValueError(_refusal(given)) from None


def _refusal(arguments: tuple[object, ...]) -> str:
    for place, argument in enumerate(arguments, 1):
        if isinstance(argument, str):
            return f"argument {place} is the text {argument[:40]!r}; send numbers"
        if not isinstance(argument, int | float):
            return f"argument {place} is no number ({type(argument).__name__}); send numbers"
    return "a number is too large"
