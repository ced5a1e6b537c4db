"""Memory for the waves of drums and samples, in one audio buffer.

One buffer, for the reason given in `app.sound.bank`. Waves come and go while the buffer sounds, so a new one is
laid beside the old and the old place is given free; places begin at quarter seconds and 32-bit floats hold them.
"""

from __future__ import annotations

import ctypes
import mmap
import sys
from dataclasses import dataclass

import numpy as np
import signalflow as sf

from app.sound.piano import Floats

GRAIN_S = 0.25


@dataclass(frozen=True, slots=True)
class Place:
    """Where a wave lies: first quarter second and number of them, its end in seconds."""

    first: int
    grains: int
    end_s: float

    @property
    def start_s(self) -> float:
        """Return where it begins, in seconds."""
        return self.first * GRAIN_S


class Shelf:
    """Waves in a buffer of a fixed length.

    `buffer` is the audio, mono; `rate` its sample rate in Hz; `places` the places by name.
    """

    def __init__(self, rate: int, seconds: float) -> None:
        """Lay out the buffer, silent."""
        self.rate = rate
        self.places: dict[str, Place] = {}
        self._taken = np.zeros(int(seconds / GRAIN_S), dtype=bool)
        self.buffer = sf.Buffer(1, round(seconds * rate))
        give_back(self.buffer.data[0])

    def put(self, name: str, wave: Floats) -> bool:
        """Lay down a wave under a name, instead of an older one; False if there is no room."""
        grains = int((wave.size + 2) / (GRAIN_S * self.rate)) + 1
        first = self._room(grains)
        if first is None:
            return False
        start = round(first * GRAIN_S * self.rate)
        samples = self.buffer.data[0]
        samples[start : start + wave.size] = wave
        samples[start + wave.size : start + wave.size + 2] = 0.0  # reading between frames looks one ahead
        self.remove(name)
        self._taken[first : first + grains] = True
        self.places[name] = Place(first, grains, (start + wave.size) / self.rate)
        return True

    def remove(self, name: str) -> None:
        """Give a name's place free; a name that is not there is passed over."""
        place = self.places.pop(name, None)
        if place is not None:
            self._taken[place.first : place.first + place.grains] = False

    def _room(self, grains: int) -> int | None:
        """The first of so many free quarter seconds in a row."""
        run = 0
        for index, taken in enumerate(self._taken):
            run = 0 if taken else run + 1
            if run == grains:
                return index - grains + 1
        return None


def give_back(silence: Floats) -> None:
    """Let the system have the memory of samples that are all 0, until they are written; it stays theirs.

    Minutes of silence that most performances never fill. Where the system knows no such thing, it stays as it is.
    """
    if sys.platform != "linux":
        return
    start = -(-silence.ctypes.data // mmap.PAGESIZE) * mmap.PAGESIZE
    end = (silence.ctypes.data + silence.nbytes) // mmap.PAGESIZE * mmap.PAGESIZE
    if end > start:  # A refusal changes nothing.
        ctypes.CDLL(None).madvise(ctypes.c_void_p(start), ctypes.c_size_t(end - start), mmap.MADV_DONTNEED)
