"""Frames that were heard, as examples.

A performer notices afterwards that a gesture was worth keeping. The frames are those that the Listener would have
recorded, merged and processed, so they can join its examples or be a table of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np

from app.example import Doubles, Examples, Floats, Output
from app.recorder_tape import FRAME, Entry

Names = Callable[[int], tuple[str, ...]]


def frames_of(entries: Iterable[Entry]) -> tuple[Floats, Doubles]:
    """Return the merged frames of a span, shape (n, width), and when each was heard, shape (n,).

    Only the width that came last is kept: frames of other widths were of other inputs.
    """
    found = [(entry[1], entry[2]) for entry in entries if entry[0] == FRAME and isinstance(entry[2], bytes)]
    width = len(found[-1][1]) if found else 0
    kept = [(seconds, data) for seconds, data in found if len(data) == width]
    if not kept or not width:
        return np.zeros((0, 0), np.float32), np.zeros(0)
    values = np.frombuffer(b"".join(data for _, data in kept), np.float32).reshape(len(kept), -1)
    return values, np.array([seconds for seconds, _ in kept])


def examples_of(entries: Iterable[Entry], names: Names, outputs: tuple[Output, ...]) -> Examples:
    """Return a table of the frames of a span, one take, not yet taught; ValueError if there are none."""
    values, seconds = frames_of(entries)
    if not len(values):
        raise ValueError("no frames were heard in that time: switch an input on, or choose a longer time")
    targets = np.full((len(values), len(outputs)), np.nan)
    return Examples.build(names(values.shape[1]), outputs, values, targets, seconds=seconds)
