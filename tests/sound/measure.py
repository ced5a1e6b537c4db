"""What a test hears: levels, onsets, spectra and clicks of rendered sound."""

from __future__ import annotations

import numpy as np

RATE = 44_100
SILENT_DB = -100.0


def part(sound: np.ndarray, start: float, end: float) -> np.ndarray:
    """The left side, or the only one, between two times in seconds."""
    left = sound[0] if sound.ndim == 2 else sound
    return left[int(start * RATE) : int(end * RATE)]


def level(sound: np.ndarray, start: float, end: float) -> float:
    """RMS in dB of full scale."""
    return 10.0 * np.log10(float((part(sound, start, end) ** 2).mean()) + 1e-20)


def roughness(sound: np.ndarray, start: float, end: float) -> float:
    """Largest bend of the curve between neighbouring samples: a click is a spike in it."""
    return float(np.abs(np.diff(part(sound, start, end), 2)).max())


def band(sound: np.ndarray, start: float, end: float, low: float, high: float) -> float:
    """Energy in dB between two frequencies."""
    piece = part(sound, start, end)
    power = np.abs(np.fft.rfft(piece)) ** 2
    hertz = np.fft.rfftfreq(piece.size, 1 / RATE)
    return 10.0 * np.log10(float(power[(hertz >= low) & (hertz < high)].sum()) + 1e-20)


def onsets(sound: np.ndarray, threshold: float = 0.02, rest_s: float = 0.03) -> list[float]:
    """Times in seconds at which the sound rises above the threshold after a rest below it."""
    loud = np.flatnonzero(np.abs(part(sound, 0.0, 1e6)) > threshold) / RATE
    return [float(at) for before, at in zip(np.concatenate([[-1.0], loud]), loud, strict=False) if at - before > rest_s]


def sound_of(sound: np.ndarray) -> None:
    """Check that a sound can be played: finite, below full scale."""
    assert np.isfinite(sound).all()
    assert np.abs(sound).max() < 0.985
