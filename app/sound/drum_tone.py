"""Four drums, computed as one-shot waves.

A drum is a short wave that never changes, so it is computed once at start with numpy instead of being shipped as a
recording: no licence, no file, any sample rate, and the same wave at every call.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from app.sound.piano import Reals

PEAK = 0.9
METAL_HZ = (1021.0, 1377.0, 1729.0, 2213.0, 2683.0, 3491.0)  # no two in a simple ratio
METAL_FROM_HZ = 6500.0


def drum_wave(name: str, rate: int) -> Reals:
    """One of DRUMS as a mono wave for `rate`, peak 0.9, beginning and ending at silence."""
    seconds, draw = DRUMS[name]
    time = np.arange(round(seconds * rate)) / rate
    wave = draw(time, rate)
    wave *= np.minimum(1.0, time / 0.0004)
    tail = time.size // 5
    wave[-tail:] *= 0.5 + 0.5 * np.cos(np.linspace(0.0, np.pi, tail))
    return np.asarray(wave * (PEAK / np.abs(wave).max()))


def kick(time: Reals, rate: int) -> Reals:
    """A sine that falls from a slap to 47 Hz, pressed a little, with a click in front."""
    hertz = 47.0 + 150.0 * np.exp(-time / 0.024) + 420.0 * np.exp(-time / 0.005)
    body = np.sin(2.0 * np.pi * np.cumsum(hertz) / rate) * np.exp(-time / 0.15)
    click = high_passed(noise(time.size, 1), rate, 2200.0) * np.exp(-time / 0.0022)
    return np.tanh(1.7 * body) + 0.22 * click


def snare(time: Reals, rate: int) -> Reals:
    """Two tones of the skin, slightly falling, under the rattle of the wires."""
    bend = 1.0 + 0.35 * np.exp(-time / 0.008)
    low = np.sin(2.0 * np.pi * np.cumsum(184.0 * bend) / rate) * np.exp(-time / 0.045)
    high = np.sin(2.0 * np.pi * np.cumsum(331.0 * bend) / rate) * np.exp(-time / 0.030)
    wires = high_passed(noise(time.size, 2), rate, 1500.0) * (0.6 * np.exp(-time / 0.055) + 0.5 * np.exp(-time / 0.01))
    return low + 0.5 * high + 0.45 * wires


def closed_hat(time: Reals, rate: int) -> Reals:
    """Metal, stopped at once."""
    return metal(time, rate, 3) * np.exp(-time / 0.011)


def open_hat(time: Reals, rate: int) -> Reals:
    """Metal, left to ring."""
    return metal(time, rate, 4) * (0.75 * np.exp(-time / 0.16) + 0.25 * np.exp(-time / 0.02))


def metal(time: Reals, rate: int, seed: int) -> Reals:
    """Six square waves that share no partial, and noise; only what is high in them."""
    highest = min(16_000.0, 0.45 * rate)
    mixed = np.zeros(time.size)
    for hertz in METAL_HZ:
        for number in range(1, int(highest / hertz) + 1, 2):
            mixed += np.sin(2.0 * np.pi * hertz * number * time + hertz) / number
    return high_passed(mixed + 0.9 * noise(time.size, seed), rate, METAL_FROM_HZ)


def noise(frames: int, seed: int) -> Reals:
    """White noise, the same at every call."""
    return np.random.default_rng(seed).standard_normal(frames)


def high_passed(wave: Reals, rate: int, hertz: float) -> Reals:
    """The wave without what lies below `hertz`, 24 dB an octave, applied to the whole wave at once."""
    spectrum = np.fft.rfft(wave, 2 * wave.size)
    ratio = (np.fft.rfftfreq(2 * wave.size, 1.0 / rate) / hertz) ** 4
    return np.asarray(np.fft.irfft(spectrum * ratio / (1.0 + ratio))[: wave.size])


DRUMS: dict[str, tuple[float, Callable[[Reals, int], Reals]]] = {  # seconds, wave
    "kick": (0.36, kick),
    "snare": (0.19, snare),
    "closedhat": (0.04, closed_hat),
    "openhat": (0.5, open_hat),
}
