"""Struck-string tones, computed as sums of decaying partials.

A table per three semitones is computed once at start and played back by the voices: a struck string is linear
after the blow, so nothing is lost by computing it beforehand, and forty sounding notes cost no more than forty
table readers. Computing beats shipping recordings: no licence, no download, half a second.
"""

from __future__ import annotations

import math
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Floats: TypeAlias = npt.NDArray[np.float32]
Reals: TypeAlias = npt.NDArray[np.float64]
Complexes: TypeAlias = npt.NDArray[np.complex128]

BLOCK = 512
HIGHEST_HZ = 11_000.0
LOUDNESS = 0.1


def frequency(pitch: float) -> float:
    """Equal-tempered frequency in Hz of a MIDI pitch, A4 (69) = 440 Hz."""
    return 440.0 * math.pow(2.0, (pitch - 69.0) / 12.0)


def inharmonicity(pitch: float) -> float:
    """Stiffness coefficient B of a piano string.

    Two asymptotes on a logarithmic scale, after Rigaud, David and Daudet, "A parametric model of piano tuning",
    DAFx 2011.
    """
    return math.exp(0.0926 * pitch - 13.64) + math.exp(-0.0847 * pitch - 5.82)


def sustain_seconds(pitch: float) -> float:
    """Seconds until the first, fast part of the fundamental's decay has fallen by 60 dB."""
    return 10.0 * math.pow(2.0, (30.0 - pitch) / 20.0)


def tone_seconds(pitch: float) -> float:
    """Length of the table for one pitch, in seconds, a multiple of a quarter."""
    return math.ceil(4.0 * min(5.0, max(1.0, 1.9 * sustain_seconds(pitch)))) / 4.0


def partial_frequencies(pitch: float, rate: int) -> Reals:
    """Frequencies in Hz of all partials of a stiff string below the table's upper limit."""
    number = np.arange(1, 65)
    stretched = frequency(pitch) * number * np.sqrt(1.0 + inharmonicity(pitch) * number**2)
    return np.asarray(stretched[stretched < min(HIGHEST_HZ, 0.45 * rate)])


def sum_of_modes(poles: Complexes, amplitudes: Complexes, length: int) -> Floats:
    """Real part of `sum_p amplitudes[c, p] * exp(poles[p] * n)` for n < length.

    `poles` are per sample. Time is split into blocks, so that the sum is one matrix product.
    Returns an array [channels, length].
    """
    starts = np.arange(-(-length // BLOCK)) * BLOCK
    heads = np.exp(np.outer(starts, poles))[None] * amplitudes[:, None, :]
    inside = np.exp(np.outer(poles, np.arange(BLOCK)))
    table = heads.real.astype(np.float32) @ inside.real.astype(np.float32)
    table -= heads.imag.astype(np.float32) @ inside.imag.astype(np.float32)
    return np.asarray(table.reshape(len(amplitudes), -1)[:, :length])


def blow_spectrum(frequencies: Reals) -> Reals:
    """Amplitude of each partial after a hard blow at an eighth of the string."""
    number = np.arange(1, len(frequencies) + 1)
    comb = 0.12 + 0.88 * np.abs(np.sin(np.pi * number / 8.3))
    return np.asarray(comb * number**-0.75 * np.exp(-frequencies / 4200.0))


def string_modes(pitch: float, rate: int, random: np.random.Generator) -> tuple[Complexes, Complexes]:
    """Poles per sample [3 P] and amplitudes per channel [2, 3 P] of the P partials of one pitch.

    Each partial has a fast mode (motion across the soundboard) and two slow, slightly detuned ones (the strings
    of a choir, motion along it): hence the two-stage decay and the slow beating of a real piano.
    """
    frequencies = partial_frequencies(pitch, rate)
    loss = 6.91 / sustain_seconds(pitch) + 1.6e-7 * frequencies**2
    cents = random.uniform(0.15, 0.55, len(frequencies))
    detuned = frequencies * 2.0 ** (cents / 1200.0)
    poles = np.concatenate(
        [
            -loss * 1.2 + 2j * np.pi * frequencies,
            -loss * 0.45 + 2j * np.pi * frequencies,
            -loss * 0.40 + 2j * np.pi * detuned,
        ]
    )
    blow = blow_spectrum(frequencies)
    parts = np.concatenate([0.72 * blow, 0.16 * blow, 0.12 * blow])
    phase = random.uniform(-2.2, 2.2, (2, len(parts)))
    amplitudes: Complexes = -1j * parts * np.exp(1j * phase)
    return np.asarray(poles / rate, dtype=np.complex128), amplitudes


def hammer(rate: int, length: int, random: np.random.Generator) -> Floats:
    """The felt's thud: filtered noise of some 15 ms, [2, length]."""
    spectrum = np.fft.rfft(random.standard_normal((2, length)))
    bins = np.fft.rfftfreq(length, 1.0 / rate)
    spectrum *= np.exp(-((np.log2(np.maximum(bins, 1.0) / 420.0)) ** 2) / 1.6)
    noise = np.fft.irfft(spectrum, length)
    time = np.arange(length) / rate
    shaped = noise / np.abs(noise).max() * np.exp(-time / 0.015) * np.minimum(1.0, time / 0.001)
    return np.asarray(shaped, dtype=np.float32)


def fade_edges(table: Floats, rate: int) -> None:
    """Begin and end a table in silence, in place, so that neither end clicks."""
    rise, fall = rate // 1500, table.shape[1] // 4
    table[:, :rise] *= np.linspace(0.0, 1.0, rise, dtype=np.float32)
    table[:, -fall:] *= 0.5 + 0.5 * np.cos(np.linspace(0.0, np.pi, fall, dtype=np.float32))


def panned(table: Floats, place: float) -> Floats:
    """Shift a stereo table's balance; `place` -1 is left, +1 right."""
    angle = (place + 1.0) * math.pi / 4.0
    return table * np.array([[math.cos(angle)], [math.sin(angle)]], dtype=np.float32) * math.sqrt(2.0)


def piano_tone(pitch: int, rate: int) -> Floats:
    """One hard-struck note, [2, frames], of even loudness over the keyboard; the same at every call."""
    random = np.random.default_rng(pitch)
    length = round(tone_seconds(pitch) * rate)
    table = sum_of_modes(*string_modes(pitch, rate, random), length)
    head = table[:, : rate // 4]
    table *= LOUDNESS / math.sqrt(float((head * head).mean()))
    thud = rate // 5
    table[:, :thud] += 0.05 * hammer(rate, thud, random)
    fade_edges(table, rate)
    return panned(table, (pitch - 64) / 48.0 * 0.3)
