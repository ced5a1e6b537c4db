"""A sawtooth that does not alias, and the shapes that open and close a plucked note.

A sawtooth drawn sample by sample folds its upper partials back as false tones; here each three semitones have a
table with just the partials that fit below half the sample rate.
"""

from __future__ import annotations

import numpy as np
import signalflow as sf

from app.sound.piano import Floats, Reals, frequency

TABLE = 4096
STEP = 3  # semitones between two tables
TABLES = 128 // STEP + 3  # one more than any pitch needs: the reader looks one ahead
PEAK = 0.9
SHAPE_S = 6.0
FILTER_DECAY_S, FILTER_RISE_S, FILTER_SHAPE_S = 0.09, 0.003, 1.0
AMPLITUDE_DECAY_S, ACCENT = 1.2, 0.45


def saw_table(pitch: float, rate: int) -> Floats:
    """One turn of a sawtooth for pitches up to `pitch`, [TABLE]; the highest partials fade, so it does not ring."""
    highest = max(1, min(TABLE // 4, int(0.45 * rate / frequency(pitch))))
    number = np.arange(1, highest + 1)
    spectrum = np.zeros(TABLE // 2 + 1, dtype=np.complex128)
    spectrum[1 : highest + 1] = -1j * np.sinc(number / (highest + 1)) / number * TABLE / np.pi
    return np.asarray(PEAK * np.fft.irfft(spectrum, TABLE), dtype=np.float32)


def saw_tables(rate: int) -> sf.Buffer2D:
    """All tables, low to high."""
    return sf.Buffer2D([sf.Buffer([saw_table(STEP * index, rate).tolist()]) for index in range(TABLES)])


def table_of(pitch: float) -> float:
    """Where the lowest table that holds for a pitch lies among all, 0..1."""
    return float(-(-pitch // STEP)) / (TABLES - 1)


def filter_shape(rate: int) -> Floats:
    """How the filter opens and closes, 0..1: a steep rise, then an exponential decay."""
    time = np.arange(round(FILTER_SHAPE_S * rate)) / rate
    return closed(np.exp(-time / FILTER_DECAY_S) * (1.0 - np.exp(-time / FILTER_RISE_S)))


def amplitude_shape(rate: int) -> Floats:
    """How loud the note is, 0..1: at once, then a slow decay with the filter's on top."""
    time = np.arange(round(SHAPE_S * rate)) / rate
    slow, fast = np.exp(-time / AMPLITUDE_DECAY_S), np.exp(-time / FILTER_DECAY_S)
    return closed((slow + ACCENT * fast) / (1.0 + ACCENT))


def closed(shape: Reals) -> Floats:
    """A shape whose last quarter leads to nothing."""
    tail = shape.size // 4
    shape[-tail:] *= 0.5 + 0.5 * np.cos(np.linspace(0.0, np.pi, tail))
    return shape.astype(np.float32)
