"""Features of sound: cepstrum, spectral shape, loudness, chroma and pitch of one window of samples.

All come from one spectrum, in numpy alone, because the playing process should start at once and a window every
12 ms leaves little time. Two conventions of the cepstrum are kept apart: ours, which is that of speech and music
retrieval at large, and that of the FluCoMa externals, whose numbers patches made with them have learnt from.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.frame import Names, Values

Floats = NDArray[np.float64]
SILENT = 2.220446049250313e-16  # Magnitudes are never below: silence has a flat spectrum and divides nothing by zero.
ROLLOFF = 0.95
CLASSES = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")
CHROMA_HZ = (100.0, 5000.0)
CHROMA_FLOOR = 1e-6
PITCH_HZ = (50.0, 2000.0)
PERIODIC = 0.15  # A dip of the difference function below this is a period.


@dataclass(frozen=True, slots=True)
class Cepstrum:
    """A convention of mel-frequency cepstral coefficients, with the HTK mel scale and an orthonormal DCT-II.

    Attributes: `bands`, `low_hz`, `high_hz`, `power` (of the spectrum: 2 power, 1 magnitude), `equal_area` (Slaney's
    norm: each band's triangle has the area 1 in Hz; else the height 1), `factor` (of log10), `floor_db` (bands are
    at most so far below the loudest; 0: no floor).
    """

    bands: int = 40
    low_hz: float = 20.0
    high_hz: float = 20_000.0
    power: int = 2
    equal_area: bool = True
    factor: float = 10.0
    floor_db: float = 80.0

    @property
    def least(self) -> float:
        """The least energy that a band has, so that its logarithm exists."""
        return 1e-10 if self.power == 2 else SILENT


FLUCOMA = Cepstrum(power=1, equal_area=False, factor=20.0, floor_db=0.0)
MFCC = tuple(f"mfcc {number}" for number in range(14))
SHAPE = ("centroid", "spread", "skewness", "kurtosis", "flatness", "rolloff")
WAVE = ("rms", "crossings")
CHROMA = tuple(f"chroma {name}" for name in CLASSES)
PITCH = ("pitch", "clarity")
GROUPS = (MFCC, SHAPE, WAVE, CHROMA, PITCH)


@dataclass(frozen=True, slots=True)
class Recipe:
    """Which features are taken and how.

    Attributes: `names` (of the features, in order), `frame` (samples in a window), `hop` (from window to window),
    `cepstrum`.

    Units: centroid, spread and roll-off in Hz; flatness in dB (0: noise); rms of full scale; crossings as a
    share of the samples; chroma 0..1; pitch as a MIDI note with a fraction (0: none); clarity 0..1.
    """

    names: Names
    frame: int = 2048
    hop: int = 512
    cepstrum: Cepstrum = Cepstrum()


RTLEARNER = (*MFCC[1:], "spread", "skewness", "kurtosis", "flatness")
RECIPES: dict[str, Recipe] = {
    "full": Recipe((*MFCC[:13], *SHAPE, *WAVE, *CHROMA, *PITCH)),
    "rtlearner17": Recipe(RTLEARNER, 1024, 512, FLUCOMA),
    "rtlearner17 and level": Recipe((*RTLEARNER, "rms"), 1024, 512, FLUCOMA),
}


class Spectrum:
    """Computes a recipe's features at a sample rate. Attributes: `recipe`, `rate_hz`."""

    def __init__(self, recipe: Recipe, rate_hz: float) -> None:
        self.recipe, self.rate_hz = recipe, rate_hz
        size = recipe.frame
        self._hz: Floats = np.fft.rfftfreq(size, 1 / rate_hz).astype(np.float64)
        self._window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(size) / size)
        self._mel = mel_bank(recipe.cepstrum, self._hz)
        self._cosines = cosines(len(MFCC), recipe.cepstrum.bands)
        self._chroma = chroma_bank(self._hz)
        wanted = set(recipe.names)
        self._groups = [group for group in GROUPS if wanted & set(group)]
        there = [name for group in self._groups for name in group]
        self._picks = np.array([there.index(name) for name in recipe.names])

    def features(self, samples: Values) -> Values:
        """Return the features of a window, all NaN if a sample is no number.

        ValueError unless it has `recipe.frame` samples.
        """
        if samples.shape != (self.recipe.frame,):
            raise ValueError(f"a window has {self.recipe.frame} samples, got {samples.shape}")
        exact = samples.astype(np.float64)
        magnitudes: Floats = np.abs(np.fft.rfft(exact * self._window))
        np.maximum(magnitudes, SILENT, out=magnitudes)
        power = np.square(magnitudes)
        if not math.isfinite(power.sum()):
            return np.full(len(self.recipe.names), np.nan, np.float32)
        parts: list[Floats] = []
        for group in self._groups:
            if group is MFCC:
                parts.append(self._mfcc(power if self.recipe.cepstrum.power == 2 else magnitudes))
            elif group is SHAPE:
                parts.append(self._shape(magnitudes, power))
            elif group is WAVE:
                parts.append(wave(exact))
            elif group is CHROMA:
                parts.append(self._classes(power))
            else:
                parts.append(np.array(pitch(exact, self.rate_hz)))
        picked: Values = np.concatenate(parts)[self._picks].astype(np.float32)
        return picked

    def _mfcc(self, spectrum: Floats) -> Floats:
        cepstrum = self.recipe.cepstrum
        energies = self._mel @ spectrum
        levels = cepstrum.factor * np.log10(np.maximum(energies, cepstrum.least))
        if cepstrum.floor_db:
            np.maximum(levels, levels.max() - cepstrum.floor_db, out=levels)
        coefficients: Floats = self._cosines @ levels
        return coefficients

    def _shape(self, magnitudes: Floats, power: Floats) -> Floats:
        """Moments of the magnitudes over frequency, their geometric over arithmetic mean, and the roll-off."""
        total = magnitudes.sum()
        share = magnitudes / total
        centroid = share @ self._hz
        away = self._hz - centroid
        squares = away * away
        spread = np.sqrt(share @ squares)
        skewness = share @ (squares * away) / spread**3
        kurtosis = share @ (squares * squares) / spread**4
        flatness = 20 * (np.log10(magnitudes).mean() - np.log10(total / magnitudes.size))
        sums = np.cumsum(power)
        rolloff = self._hz[np.searchsorted(sums, ROLLOFF * sums[-1])]
        return np.array([centroid, spread, skewness, kurtosis, flatness, rolloff])

    def _classes(self, power: Floats) -> Floats:
        """Return how much of each pitch class there is, the strongest being 1; all 0 in silence."""
        classes: Floats = self._chroma @ power
        most = classes.max()
        return classes / most if most > CHROMA_FLOOR else np.zeros(len(CLASSES))


def mel_bank(cepstrum: Cepstrum, hz: Floats) -> Floats:
    """Return the triangles of the mel bands, shape (bands, bins), over frequencies in Hz (HTK's mel scale)."""
    low, high = (2595 * math.log10(1 + edge / 700) for edge in (cepstrum.low_hz, min(cepstrum.high_hz, hz[-1])))
    edges = 700 * (10 ** (np.linspace(low, high, cepstrum.bands + 2) / 2595) - 1)
    left, middle, right = edges[:-2, None], edges[1:-1, None], edges[2:, None]
    bank: Floats = np.maximum(0, np.minimum((hz - left) / (middle - left), (right - hz) / (right - middle)))
    return bank * 2 / (right - left) if cepstrum.equal_area else bank


def cosines(count: int, size: int) -> Floats:
    """Return the first rows of the orthonormal DCT-II of a size, shape (count, size)."""
    table: Floats = np.cos(np.pi / size * np.outer(np.arange(count), np.arange(size) + 0.5))
    table *= np.sqrt(2 / size)
    table[0] /= np.sqrt(2)
    return table


def chroma_bank(hz: Floats) -> Floats:
    """Return what each frequency gives to the pitch classes, shape (12, bins): to the two nearest, by distance."""
    bank = np.zeros((len(CLASSES), hz.size))
    for bin_, frequency in enumerate(hz):
        if CHROMA_HZ[0] <= frequency <= CHROMA_HZ[1]:
            note, share = divmod(69 + 12 * np.log2(frequency / 440), 1)
            bank[int(note) % 12, bin_] += 1 - share
            bank[int(note + 1) % 12, bin_] += share
    return bank


def wave(samples: Floats) -> Floats:
    """Return the root mean square and the share of neighbours between which the sign changes."""
    negative = np.signbit(samples)
    crossings = np.count_nonzero(negative[1:] != negative[:-1]) / samples.size
    return np.array([np.sqrt(samples.dot(samples) / samples.size), crossings])


def pitch(samples: Floats, rate_hz: float) -> tuple[float, float]:
    """Return the pitch as a MIDI note with a fraction, 0 where there is none, and its clarity 0..1.

    The cumulative mean normalised difference of YIN (de Cheveigné and Kawahara 2002, steps 1 to 5), its correlation
    by FFT.
    """
    half = samples.size // 2
    spectrum = np.fft.rfft(samples)
    head = np.fft.rfft(samples[:half], samples.size)
    same = np.fft.irfft(np.conj(head) * spectrum)[:half]
    energy = np.concatenate(([0.0], np.cumsum(np.square(samples))))
    difference = energy[half] + energy[half : 2 * half] - energy[:half] - 2 * same
    sums = np.cumsum(difference[1:])
    first, last = int(rate_hz / PITCH_HZ[1]), min(int(rate_hz / PITCH_HZ[0]), half - 2)
    if energy[-1] < CHROMA_FLOOR or sums[-1] <= 0:
        return 0.0, 0.0
    lags = np.arange(first, last + 2)
    dips = difference[lags] * lags / np.maximum(sums[lags - 1], SILENT)
    below = np.flatnonzero(dips[:-1] < PERIODIC)
    if not below.size:
        return 0.0, float(max(0.0, 1 - dips.min()))
    bottom = int(below[0] + np.argmax(np.append(np.diff(dips[below[0] :]) >= 0, True)))
    period = first + bottom + _vertex(dips, bottom)
    return float(69 + 12 * np.log2(rate_hz / period / 440)), float(np.clip(1 - dips[bottom], 0, 1))


def _vertex(curve: Floats, bottom: int) -> float:
    """Return how far the vertex of the parabola through three points is from the middle one."""
    if not 0 < bottom < curve.size - 1:
        return 0.0
    before, here, after = curve[bottom - 1 : bottom + 2]
    bend = before - 2 * here + after
    return float((before - after) / (2 * bend)) if bend > 0 else 0.0
