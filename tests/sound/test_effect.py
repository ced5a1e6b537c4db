"""Effects, alone on waves: each does what it says at every argument, in the written order, without a click."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
import signalflow as sf

from app.sound.argument import BadMessageError
from app.sound.effect import (
    MOST_EFFECTS,
    Chain,
    Effect,
    Strip,
    chain_arguments,
    fitting,
    same_kinds,
    settings,
)
from tests.sound.measure import RATE, roughness

BLOCK = 64
Deed = Callable[[Strip], None]


def through(wave: np.ndarray, chain: Chain, deeds: dict[int, Deed] | None = None) -> np.ndarray:
    """The wave behind a strip; `deeds` are done to it before the blocks of those numbers."""
    graph = sf.AudioGraph(output_device=sf.AudioOut_Dummy(2, RATE, BLOCK), start=False)
    try:
        buffer = sf.Buffer(1, wave.size)
        buffer.data[0][:] = wave
        strip = Strip(sf.BufferPlayer(buffer), MOST_EFFECTS, RATE)
        strip.become(chain)
        graph.play(strip.output)
        piece, result = sf.Buffer(2, BLOCK), []
        for block in range(wave.size // BLOCK):
            strip.walk(block * BLOCK / RATE)
            (deeds or {}).get(block, lambda strip: None)(strip)
            graph.render_to_buffer(piece)
            result.append(np.array(piece.data[0]))
        return np.concatenate(result)
    finally:
        graph.destroy()


def chain(*words: str | float) -> Chain:
    return chain_arguments(words, RATE)


def impulse() -> np.ndarray:
    wave = np.zeros(RATE, dtype=np.float32)
    wave[0] = 1.0
    return wave


def tone(hertz: float, amplitude: float = 0.5) -> np.ndarray:
    return (amplitude * np.sin(2 * np.pi * hertz * np.arange(RATE) / RATE)).astype(np.float32)


def decibels(sound: np.ndarray, hertz: float) -> float:
    spectrum = np.abs(np.fft.rfft(sound, RATE))
    return 20.0 * math.log10(spectrum[round(hertz)] + 1e-12)


@pytest.mark.parametrize("hertz", [20, 100, 1000, 5000, 15_000, 19_845])
def test_a_filter_is_3_db_down_at_its_frequency(hertz: float) -> None:
    assert decibels(through(impulse(), chain("lpf", hertz)), hertz) == pytest.approx(-3.0, abs=0.3)
    assert decibels(through(impulse(), chain("hpf", hertz)), hertz) == pytest.approx(-3.0, abs=0.3)


@pytest.mark.parametrize("hertz", [100, 400, 1000])
def test_a_filter_falls_by_12_db_an_octave_and_passes_the_rest(hertz: float) -> None:
    low, high = through(impulse(), chain("lpf", hertz)), through(impulse(), chain("hpf", hertz))
    for inside, outside, sound in ((0.5, 4, low), (2, 0.25, high)):
        assert decibels(sound, inside * hertz) == pytest.approx(-0.27, abs=0.3)
        assert decibels(sound, outside * hertz) == pytest.approx(-24.1, abs=0.8)
    assert decibels(low, 16 * hertz) < -44.0


def test_distortion_clips_and_gain_multiplies() -> None:
    wave = tone(220)
    np.testing.assert_allclose(through(wave, chain("dist", 5)), np.clip(5 * wave, -1, 1)[: RATE // 64 * 64], atol=1e-4)
    np.testing.assert_allclose(through(wave, chain("dist", -1)), -wave[: RATE // 64 * 64], atol=1e-4)
    np.testing.assert_allclose(through(wave, chain("amp", 1.5)), 1.5 * wave[: RATE // 64 * 64], atol=1e-4)
    assert np.abs(through(wave, chain("amp", 0))).max() == 0.0


def test_the_written_order_is_kept() -> None:
    wave = tone(220)
    clipped = np.clip(4 * wave, -1, 1)[: RATE // 64 * 64]
    np.testing.assert_allclose(through(wave, chain("dist", 4, "amp", 0.5)), 0.5 * clipped, atol=1e-4)
    np.testing.assert_allclose(
        through(wave, chain("amp", 0.5, "dist", 4)), np.clip(2 * wave, -1, 1)[: clipped.size], atol=1e-4
    )
    bright = through(tone(2000), chain("lpf", 200, "dist", 8))
    dull = through(tone(2000), chain("dist", 8, "lpf", 200))
    assert np.abs(dull[4000:]).max() < 0.02 < np.abs(bright[4000:]).max()


@pytest.mark.parametrize(
    ("words", "slots"),
    [
        ((), 0),
        (("dist", 2.0), 1),
        (("amp", 2.0, "amp", 3.0, "dist", 1.0, "lpf", 100.0, "hpf", 50.0), 1),
        (("lpf", 100.0, "lpf", 100.0), 2),
        (("hpf", 100.0, "lpf", 100.0), 2),
        (("dist", 2.0, "amp", 2.0), 2),
        (("dist", 2.0) * 8, 8),
        (("lpf", 2000.0, "dist", 2.0) * 4, 5),
    ],
)
def test_a_chain_takes_as_few_slots_as_its_order_allows(words: tuple, slots: int) -> None:
    assert len(settings(chain(*words))) == slots


def test_repeats_add_up() -> None:
    assert decibels(through(impulse(), chain(*("lpf", 1000.0) * 8)), 1000) == pytest.approx(-24.1, abs=0.5)
    assert np.abs(through(tone(220), chain(*("amp", 2.0) * 8))).max() == pytest.approx(128.0, rel=1e-3)


@pytest.mark.parametrize(
    "words",
    [
        ("dist", 1000),
        ("amp", 1000),
        ("lpf", 1),
        ("hpf", 30_000),
        ("lpf", 1e9),
        ("hpf", -5),
        ("dist", 1e30),
        ("dist", 1000, "amp", 1000, "lpf", 1, "hpf", 30_000, "amp", 1000, "dist", -1e9, "hpf", 20, "lpf", 20_000),
        ("lpf", 20, "hpf", 20) * 4,
        ("hpf", 20_000, "lpf", 20_000) * 4,
        ("amp", 8) * 8,
    ],
)
def test_no_argument_breaks_the_sound(words: tuple) -> None:
    noise = np.random.default_rng(1).uniform(-1, 1, RATE).astype(np.float32)
    sound = through(noise, chain(*words))
    assert np.isfinite(sound).all()
    assert np.abs(sound).max() < 3e7


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (("lpf", 300), ("lpf", 3000)),
        (("lpf", 8000), ("lpf", 60)),
        (("hpf", 50), ("hpf", 2000)),
        (("amp", 1), ("amp", 0.1)),
        (("amp", 0.1), ("amp", 1)),
        (("dist", 0.3), ("dist", 1)),
        (("dist", 1, "lpf", 500), ("dist", 0.2, "lpf", 4000)),
    ],
)
def test_a_moved_argument_does_not_click(before: tuple, after: tuple) -> None:
    wave = tone(110)
    sound = through(wave, chain(*before), {300: lambda strip: strip.move(chain(*after), 300 * BLOCK / RATE)})
    still = max(roughness(sound, 0.2, 0.42), roughness(sound, 0.9, 0.99))
    assert roughness(sound, 0.43, 0.9) < still + 0.01  # -34 dB under the tone; a bare step of the gain makes 0.45
    after_all = through(wave, chain(*after))
    np.testing.assert_allclose(sound[-4000:], after_all[-4000:], atol=2e-3)


def test_arguments_moved_in_steps_arrive() -> None:
    steps = {
        100 + 12 * index: (lambda strip, f=f: strip.move(chain("amp", f), 0.0))
        for index, f in enumerate(np.linspace(1.0, 0.2, 20))
    }
    sound = through(tone(110), chain("amp", 1), steps)
    np.testing.assert_allclose(sound[-4000:], 0.2 * tone(110)[sound.size - 4000 : sound.size], atol=1e-3)
    assert roughness(sound, 0.1, 0.6) < 0.003


@pytest.mark.parametrize(
    "words",
    [
        ("dist",),
        ("echo", 2.0),
        ("dist", "hot"),
        ("dist", float("nan")),
        ("lpf", float("inf")),
        (3, 4),
        ("amp", True),
        ("dist", 1.0) * 9,
        ("lpf", None),
    ],
)
def test_what_is_no_chain_is_refused(words: tuple) -> None:
    with pytest.raises(BadMessageError):
        chain(*words)


def test_chains_compare_by_their_kinds_and_can_be_cut() -> None:
    assert same_kinds(chain("lpf", 100), chain("lpf", 200))
    assert not same_kinds(chain("lpf", 100), chain("hpf", 100))
    assert fitting(chain("lpf", 100, "hpf", 50, "dist", 2), 1) == (Effect("lpf", 100.0), Effect("hpf", 50.0))
