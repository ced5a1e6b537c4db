"""Bowed-ensemble tones, computed as endless loops with spread partials.

Many players never agree exactly on a pitch: each partial is a narrow band instead of a line. Drawing that band in
the spectrum with random phases and transforming back once gives a loop without a seam, wide in stereo and alive,
at the cost of one table reader per note (the "PADsynth" algorithm published by N. O. Paul, 2006).
"""

from __future__ import annotations

import math

import numpy as np

from app.sound.piano import Floats, Reals, frequency, panned

LOOP_SECONDS = 3.0
HIGHEST_HZ = 10_000.0
LOUDNESS = 0.12
SPREAD_CENTS = 17.0
BODY = ((280.0, 0.8, 0.5), (560.0, 0.9, 0.5), (1100.0, 0.5, 0.6), (2600.0, 0.7, 0.7))  # Hz, gain, octaves


def body(frequencies: Reals) -> Reals:
    """Resonance of the instruments' bodies at each frequency, 1 outside the resonances."""
    gain = np.ones_like(frequencies)
    for centre, height, octaves in BODY:
        gain += height * np.exp(-((np.log2(frequencies / centre) / octaves) ** 2))
    return gain


def spread_spectrum(pitch: float, rate: int, length: int) -> Reals:
    """Magnitudes [length // 2 + 1] of a bowed tone whose partials are bands."""
    fundamental = frequency(pitch)
    highest = min(HIGHEST_HZ, 0.45 * rate)
    number = np.arange(1.0, max(2, int(highest / fundamental) + 1))
    centres = fundamental * number
    amplitude = number**-1.15 * body(centres) * np.exp(-centres / 5200.0)
    width = centres * (2.0 ** (SPREAD_CENTS / 1200.0) - 1.0)
    magnitude = np.zeros(length // 2 + 1)
    for centre, height, hertz in zip(centres, amplitude, width, strict=True):
        first, last = int((centre - 4 * hertz) * length / rate), int((centre + 4 * hertz) * length / rate) + 2
        bins = np.arange(max(first, 1), min(last, magnitude.size))
        shape = np.exp(-(((bins * rate / length - centre) / hertz) ** 2))
        magnitude[bins] += height * shape / max(float(np.sqrt((shape**2).sum())), 1e-9)
    return magnitude


def loop_seconds(_pitch: int) -> float:
    """Length of the table, in seconds, a multiple of a quarter; the same for every pitch."""
    return LOOP_SECONDS


def strings_tone(pitch: int, rate: int) -> Floats:
    """One loop of a section playing a note, [2, frames]; the same at every call."""
    random = np.random.default_rng(1000 + pitch)
    length = round(LOOP_SECONDS * rate)
    magnitude = spread_spectrum(pitch, rate, length)
    phase = random.uniform(0.0, 2.0 * np.pi, (3, magnitude.size))
    middle, left, right = np.fft.irfft(magnitude * np.exp(1j * phase), length)
    table = np.stack([1.2 * middle + left, 1.2 * middle + right]).astype(np.float32)
    table *= LOUDNESS / math.sqrt(float((table * table).mean()))
    return panned(table, (64 - pitch) / 48.0 * 0.35)
