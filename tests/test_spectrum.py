"""Sound features against the same formulas written out as plain sums, and against sounds whose features are known."""

from __future__ import annotations

import cmath
import math
from itertools import pairwise

import numpy as np
import pytest

from app.spectrum import FLUCOMA, RECIPES, Cepstrum, Recipe, Spectrum, pitch

RATE = 44_100.0
FULL, TWIN = RECIPES["full"], RECIPES["rtlearner17"]
Floats = list[float]


def sound(name: str, size: int, rate: float = RATE) -> np.ndarray:
    """Return one of some sounds, in full scale 1."""
    time = np.arange(size) / rate
    random = np.random.default_rng(7)
    made = {
        "tone": 0.5 * np.sin(2 * np.pi * 440 * time),
        "chord": sum(0.2 * np.sin(2 * np.pi * hz * time + hz) for hz in (261.63, 329.63, 392.0, 1318.5)),
        "noise": 0.1 * random.standard_normal(size),
        "mix": 0.3 * np.sin(2 * np.pi * 1000 * time) + 0.02 * random.standard_normal(size),
        "silence": np.zeros(size),
        "click": np.eye(1, size, size // 3)[0],
        "offset": np.full(size, 0.25),
    }
    return made[name].astype(np.float32)


# --- the formulas, written out ---------------------------------------------------------------------------


def spectrum_of(samples: np.ndarray) -> Floats:
    """Return the magnitudes of a Hann window's spectrum by the definition of the discrete Fourier transform."""
    size = len(samples)
    shaped = [float(x) * (0.5 - 0.5 * math.cos(2 * math.pi * n / size)) for n, x in enumerate(samples)]
    turns = [cmath.exp(-2j * math.pi * n / size) for n in range(size)]
    magnitudes = []
    for k in range(size // 2 + 1):
        magnitudes.append(max(abs(sum(x * turns[k * n % size] for n, x in enumerate(shaped))), 2.220446049250313e-16))
    return magnitudes


def mel(hz: float) -> float:
    return 2595 * math.log10(1 + hz / 700)


def bands_of(magnitudes: Floats, rate: float, kind: Cepstrum) -> Floats:
    """Return the energies of the mel bands: triangles between edges that are equally far apart in mel."""
    size = 2 * (len(magnitudes) - 1)
    low, high = mel(kind.low_hz), mel(min(kind.high_hz, rate / 2))
    edges = [700 * (10 ** ((low + (high - low) * n / (kind.bands + 1)) / 2595) - 1) for n in range(kind.bands + 2)]
    energies = []
    for left, middle, right in zip(edges, edges[1:], edges[2:], strict=False):
        total = 0.0
        for k, magnitude in enumerate(magnitudes):
            hz = k * rate / size
            rising, falling = (hz - left) / (middle - left), (right - hz) / (right - middle)
            total += max(0.0, min(rising, falling)) * magnitude**kind.power
        energies.append(total * (2 / (right - left) if kind.equal_area else 1.0))
    return energies


def mfcc_of(magnitudes: Floats, rate: float, kind: Cepstrum) -> Floats:
    least = 1e-10 if kind.power == 2 else 2.220446049250313e-16
    levels = [kind.factor * math.log10(max(energy, least)) for energy in bands_of(magnitudes, rate, kind)]
    if kind.floor_db:
        levels = [max(level, max(levels) - kind.floor_db) for level in levels]
    count = len(levels)
    found = []
    for k in range(14):
        total = sum(level * math.cos(math.pi * k * (2 * n + 1) / (2 * count)) for n, level in enumerate(levels))
        found.append(total * math.sqrt((1 if k == 0 else 2) / count))
    return found


def shape_of(magnitudes: Floats, rate: float) -> dict[str, float]:
    size = 2 * (len(magnitudes) - 1)
    hz = [k * rate / size for k in range(len(magnitudes))]
    total = math.fsum(magnitudes)

    def moment(order: int, around: float) -> float:
        return math.fsum(m * (f - around) ** order for f, m in zip(hz, magnitudes, strict=True)) / total

    centroid = moment(1, 0)
    spread = math.sqrt(moment(2, centroid))
    geometric = math.exp(math.fsum(math.log(m) for m in magnitudes) / len(magnitudes))
    wanted, passed, rolloff = 0.95 * math.fsum(m * m for m in magnitudes), 0.0, hz[-1]
    for f, m in zip(hz, magnitudes, strict=True):
        passed += m * m
        if passed >= wanted:
            rolloff = f
            break
    return {
        "centroid": centroid,
        "spread": spread,
        "skewness": moment(3, centroid) / spread**3,
        "kurtosis": moment(4, centroid) / spread**4,
        "flatness": 20 * math.log10(geometric / (total / len(magnitudes))),
        "rolloff": rolloff,
    }


def chroma_of(magnitudes: Floats, rate: float) -> Floats:
    size = 2 * (len(magnitudes) - 1)
    classes = [0.0] * 12
    for k, magnitude in enumerate(magnitudes):
        hz = k * rate / size
        if 100 <= hz <= 5000:
            note = 69 + 12 * math.log2(hz / 440)
            below = math.floor(note)
            classes[below % 12] += (1 - (note - below)) * magnitude**2
            classes[(below + 1) % 12] += (note - below) * magnitude**2
    return [one / max(classes) for one in classes]


# --- the tests -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["tone", "chord", "noise", "mix", "click"])
def test_features_equal_the_formulas(name: str) -> None:
    small = Recipe(FULL.names, frame=512)
    samples = sound(name, 512)
    found = dict(zip(small.names, Spectrum(small, RATE).features(samples).tolist(), strict=True))
    magnitudes = spectrum_of(samples)
    for number, wanted in enumerate(mfcc_of(magnitudes, RATE, small.cepstrum)[:13]):
        assert found[f"mfcc {number}"] == pytest.approx(wanted, rel=1e-5, abs=1e-4), number
    shape = shape_of(magnitudes, RATE)
    for key in ("centroid", "spread", "skewness", "kurtosis"):
        assert found[key] == pytest.approx(shape[key], rel=1e-5), key
    assert found["flatness"] == pytest.approx(shape["flatness"], abs=1e-3)
    assert found["rolloff"] == pytest.approx(shape["rolloff"], abs=1e-2)
    for (key, value), wanted in zip(list(found.items())[21:33], chroma_of(magnitudes, RATE), strict=True):
        assert value == pytest.approx(wanted, abs=1e-5), key
    exact = [float(x) for x in samples]
    assert found["rms"] == pytest.approx(math.sqrt(math.fsum(x * x for x in exact) / 512), rel=1e-5)
    signs = [math.copysign(1, x) for x in exact]
    crossings = sum(one != other for one, other in pairwise(signs))
    assert found["crossings"] == pytest.approx(crossings / 512)


@pytest.mark.parametrize("name", ["noise", "mix"])
@pytest.mark.parametrize("rate", [44_100.0, 48_000.0, 22_050.0])
def test_the_twin_of_the_seed_has_its_17_values_in_its_order(name: str, rate: float) -> None:
    samples = sound(name, TWIN.frame, rate)
    magnitudes = spectrum_of(samples)
    shape = shape_of(magnitudes, rate)
    wanted = [*mfcc_of(magnitudes, rate, FLUCOMA)[1:], *(shape[key] for key in TWIN.names[13:])]
    assert TWIN.names == (*(f"mfcc {n}" for n in range(1, 14)), "spread", "skewness", "kurtosis", "flatness")
    assert (TWIN.frame, TWIN.hop) == (1024, 512)
    assert Spectrum(TWIN, rate).features(samples).tolist() == pytest.approx(wanted, rel=1e-5, abs=1e-4)


def test_a_recipe_with_level_adds_it_at_the_end() -> None:
    samples = sound("mix", 1024)
    with_level = Spectrum(RECIPES["rtlearner17 and level"], RATE).features(samples)
    assert with_level[:17].tolist() == Spectrum(TWIN, RATE).features(samples).tolist()
    assert with_level[17] == pytest.approx(np.sqrt(np.mean(samples.astype(float) ** 2)), rel=1e-5)


def test_known_sounds_have_known_features() -> None:
    spectrum = Spectrum(FULL, RATE)
    tone = dict(zip(FULL.names, spectrum.features(sound("tone", 2048)).tolist(), strict=True))
    assert tone["pitch"] == pytest.approx(69, abs=0.02)
    assert tone["clarity"] > 0.99
    assert tone["chroma A"] == 1.0
    assert tone["rms"] == pytest.approx(0.5 / math.sqrt(2), rel=0.01)
    assert tone["rolloff"] == pytest.approx(440, abs=22)
    noise = dict(zip(FULL.names, spectrum.features(sound("noise", 2048)).tolist(), strict=True))
    assert noise["centroid"] == pytest.approx(RATE / 4, rel=0.05)
    assert noise["flatness"] > -3 > tone["flatness"]
    assert noise["crossings"] == pytest.approx(0.5, abs=0.05)
    assert noise["pitch"] == 0


@pytest.mark.parametrize("name", ["silence", "offset", "click"])
@pytest.mark.parametrize("recipe", RECIPES)
def test_odd_sounds_give_numbers(name: str, recipe: str) -> None:
    features = Spectrum(RECIPES[recipe], RATE).features(sound(name, RECIPES[recipe].frame))
    assert features.shape == (len(RECIPES[recipe].names),)
    assert np.isfinite(features).all()


@pytest.mark.parametrize("bad", [np.nan, np.inf, 1e38])
def test_a_broken_sample_gives_a_frame_that_says_so(bad: float) -> None:
    samples = sound("tone", 2048)
    samples[100] = bad
    with np.errstate(all="ignore"):
        features = Spectrum(FULL, RATE).features(samples)
    assert np.isnan(features).all() or np.isfinite(features).all()
    assert np.isfinite(Spectrum(FULL, RATE).features(sound("tone", 2048))).all()


def test_a_window_of_another_size_is_refused() -> None:
    with pytest.raises(ValueError, match="a window has 2048 samples"):
        Spectrum(FULL, RATE).features(sound("tone", 1024))


@pytest.mark.parametrize("hz", [55.0, 82.41, 110.0, 440.0, 987.77, 1760.0])
@pytest.mark.parametrize("rate", [44_100.0, 48_000.0])
def test_the_pitch_of_a_rich_tone(hz: float, rate: float) -> None:
    time = np.arange(2048) / rate
    samples = sum(np.sin(2 * np.pi * hz * n * time + n) / n for n in range(1, 6)).astype(np.float32)
    note, clarity = pitch(0.1 * samples.astype(np.float64), rate)
    assert note == pytest.approx(69 + 12 * math.log2(hz / 440), abs=0.1)
    assert clarity > 0.9


@pytest.mark.parametrize("recipe", ["full", "rtlearner17"])
def test_mfcc_and_shape_equal_librosa(recipe: str) -> None:
    librosa = pytest.importorskip("librosa", reason="librosa, a second opinion on the features, is not installed")
    size, kind, wanted = RECIPES[recipe].frame, RECIPES[recipe].cepstrum, RECIPES[recipe].names
    samples = sound("mix", size)
    magnitudes = np.abs(librosa.stft(samples, n_fft=size, center=False))
    bank = librosa.filters.mel(
        sr=RATE, n_fft=size, n_mels=40, fmin=20, fmax=20_000, htk=True, norm="slaney" if kind.equal_area else None
    )
    energies = bank @ magnitudes**kind.power
    levels = librosa.power_to_db(energies, top_db=kind.floor_db or None, amin=kind.least) * (kind.factor / 10)
    mfcc = librosa.feature.mfcc(S=levels, n_mfcc=14)[:, 0]
    found = dict(zip(wanted, Spectrum(RECIPES[recipe], RATE).features(samples).tolist(), strict=True))
    for number in range(1, 13):
        assert found[f"mfcc {number}"] == pytest.approx(mfcc[number], rel=1e-4, abs=5e-3)
    spread = librosa.feature.spectral_bandwidth(S=magnitudes, sr=RATE, n_fft=size)[0, 0]
    assert found["spread"] == pytest.approx(spread, rel=1e-4)
