"""The sixteen-parameter sound, rendered offline: heard at once, steady at every extreme, silent when told."""

from __future__ import annotations

import numpy as np
import pytest

from app.sound.argument import BadMessageError
from app.sound.offline import render
from app.sound.patch import SETTINGS, saw_shares

RATE = 44_100
ON = (0.1, "/patch/play", (1,))


def level(sound: np.ndarray, start: float, end: float) -> float:
    """RMS in dB of full scale."""
    return 10.0 * np.log10(float((sound[:, int(start * RATE) : int(end * RATE)] ** 2).mean()) + 1e-20)


def bend(sound: np.ndarray, start: float, end: float) -> float:
    return float(np.abs(np.diff(sound[:, int(start * RATE) : int(end * RATE)], 2)).max())


def centroid(sound: np.ndarray, start: float, end: float) -> float:
    left = sound[0, int(start * RATE) : int(end * RATE)]
    power = np.abs(np.fft.rfft(left * np.hanning(left.size))) ** 2
    return float((power * np.fft.rfftfreq(left.size, 1 / RATE)).sum() / power.sum())


def setting(name: str, value: float, at: float = 0.0) -> tuple[float, str, tuple[float, ...]]:
    return (at, f"/patch/{name}", (value,))


def test_it_sounds_while_it_is_on_and_is_silent_otherwise() -> None:
    sound = render([setting("delay", 0), ON, (1.0, "/patch/play", (0,))], 2.0)
    assert level(sound, 0.0, 0.09) < -150.0
    assert level(sound, 0.3, 1.0) > -40.0
    assert level(sound, 1.8, 2.0) < -60.0  # The hall of the whole instrument dies away.
    assert bend(sound, 0.99, 1.2) <= 1.5 * bend(sound, 0.5, 0.98)


def test_a_knob_is_heard_within_a_tenth_of_a_second() -> None:
    sound = render([setting("cutoff", 150), ON, setting("cutoff", 8000, at=1.0)], 1.5)
    assert centroid(sound, 1.1, 1.4) > 1.3 * centroid(sound, 0.6, 0.9)


def test_it_pulses_where_depth_is_up() -> None:
    pulse = [setting("depth", 1), setting("rate", 4), setting("decay", 0.1), setting("delay", 0)]
    sound = render([*pulse, ON], 2.0)
    loud = [level(sound, at, at + 0.02) for at in np.arange(0.5, 1.5, 0.02)]
    assert max(loud) - min(loud) > 15.0


def test_a_strike_sounds_once_without_being_on() -> None:
    sound = render([setting("decay", 0.2), setting("delay", 0), (0.1, "/patch/strike", (110,))], 2.0)
    assert level(sound, 0.12, 0.25) > -40.0
    assert level(sound, 1.8, 2.0) < -60.0


def test_a_panic_is_heard_within_ten_ms_and_does_not_last() -> None:
    sound = render([setting("delay", 1), ON, (1.0, "/panic", ()), (1.1, "/patch/play", (1,))], 1.8)
    assert level(sound, 1.012, 1.05) < level(sound, 0.8, 1.0) - 30.0
    assert level(sound, 1.4, 1.8) > -40.0


@pytest.mark.parametrize("seed", range(3))
def test_no_extreme_breaks_it(seed: int) -> None:
    random = np.random.default_rng(seed)
    wild = [
        (0.02 * step, "/patch/all", tuple(float(random.choice([s.low, s.high])) for s in SETTINGS))
        for step in range(150)
    ]
    sound = render([(0.0, "/patch/play", (1,)), *wild], 3.0)
    assert np.isfinite(sound).all()
    assert np.abs(sound).max() < 0.98


@pytest.mark.parametrize("end", ["low", "high"])
def test_all_at_one_end_is_steady(end: str) -> None:
    sound = render([(0.0, "/patch/all", tuple(getattr(s, end) for s in SETTINGS)), ON], 1.5)
    assert np.isfinite(sound).all()
    assert -80.0 < level(sound, 0.5, 1.5) < -3.0


def test_far_out_of_range_is_clamped() -> None:
    sound = render(
        [setting(s.name, 1e9) for s in SETTINGS] + [ON] + [setting(s.name, -1e9, 0.5) for s in SETTINGS], 1.0
    )
    assert np.isfinite(sound).all()


@pytest.mark.parametrize(
    ("address", "arguments"),
    [
        ("/patch/freq", ()),
        ("/patch/freq", ("high",)),
        ("/patch/freq", (float("nan"),)),
        ("/patch/nothing", (1,)),
        ("/patch/all", (1, 2, 3)),
        ("/patch/all", ("x",) * 16),
        ("/patch/strike", (300,)),
    ],
)
def test_what_cannot_be_meant_is_refused(address: str, arguments: tuple[object, ...]) -> None:
    with pytest.raises(BadMessageError):
        render([(0.0, address, arguments)], 0.01)


def test_the_saws_always_add_up() -> None:
    for freq in np.geomspace(20, 2000, 200):
        assert sum(saw_shares(float(freq))) == pytest.approx(1.0)
