"""Lead and bass, rendered offline: pitch, one voice, the filter's laws and its limits."""

from __future__ import annotations

import math

import numpy as np
import pytest
import signalflow as sf

from app.sound.argument import BadMessageError
from app.sound.line import Lines, damping, travel
from app.sound.offline import ScoreEvent
from app.sound.piano import frequency
from app.sound.saw import TABLES, saw_table, table_of
from tests.sound.measure import RATE, band, level, part, roughness, sound_of
from tests.sound.rig import perform


def note(at: float, pitch: float, name: str = "lead", velocity: int = 100) -> ScoreEvent:
    return (at, "/note_on", (pitch, velocity, name))


def off(at: float, pitch: int, name: str = "lead") -> ScoreEvent:
    return (at, "/note_off", (pitch, name))


def lined(events: list[ScoreEvent], seconds: float) -> np.ndarray:
    return perform(Lines, events, seconds)


def brightness(sound: np.ndarray, start: float, end: float) -> float:
    """How much of the sound lies above 2.5 kHz, in dB."""
    return band(sound, start, end, 2500, 16_000) - band(sound, start, end, 20, 16_000)


def peak_near(sound: np.ndarray, start: float, end: float, hertz: float) -> float:
    """The strongest frequency within a semitone of one."""
    piece = part(sound, start, end)
    power = np.abs(np.fft.rfft(piece * np.hanning(piece.size), 8 * piece.size))
    bins = np.fft.rfftfreq(8 * piece.size, 1 / RATE)
    near = (bins > hertz / 1.059) & (bins < hertz * 1.059)
    return float(bins[near][power[near].argmax()])


@pytest.mark.parametrize("pitch", [36, 48.5, 69, 81.25])
def test_it_sounds_at_its_pitch_between_the_keys_too(pitch: float) -> None:
    sound = lined([note(0.1, pitch)], 1.0)
    assert peak_near(sound, 0.2, 0.9, frequency(pitch)) == pytest.approx(frequency(pitch), rel=0.003)
    assert level(sound, 0.0, 0.09) < -100.0
    sound_of(sound)


def test_lead_and_bass_sound_together_and_each_is_one_voice() -> None:
    sound = lined([note(0.1, 60), note(0.1, 43, "bass"), off(0.5, 60), note(0.5, 67)], 1.2)
    assert band(sound, 0.6, 1.1, 387, 397) > band(sound, 0.6, 1.1, 257, 266) + 15.0, "the old note is gone"
    assert band(sound, 0.6, 1.1, 95, 101) > band(sound, 0.6, 1.1, 103, 125) + 15.0, "the bass holds"


def test_a_note_decays_by_itself_and_ends_when_let_go() -> None:
    sound = lined([note(0.0, 57), off(2.0, 57)], 3.0)
    assert 3.0 < level(sound, 0.3, 0.5) - level(sound, 1.3, 1.5) < 12.0  # a time constant of 1.2 s: 7.2 dB
    assert level(sound, 2.7, 3.0) < level(sound, 1.8, 2.0) - 30.0


def test_only_its_own_note_off_ends_a_note() -> None:
    sound = lined([note(0.0, 57.4), off(0.3, 60), off(0.6, 57)], 1.6)
    assert level(sound, 0.45, 0.6) > -45.0
    assert level(sound, 1.4, 1.6) < -60.0


def test_the_filter_opens_with_the_note_and_closes() -> None:
    sound = lined([note(0.1, 36)], 1.0)
    assert brightness(sound, 0.11, 0.16) > brightness(sound, 0.6, 0.9) + 6.0


def test_cut_opens_and_env_travels() -> None:
    dark, bright = (lined([(0.0, "/lead/cut", (hertz,)), note(0.1, 36)], 0.6) for hertz in (100, 5000))
    assert brightness(bright, 0.1, 0.5) > brightness(dark, 0.1, 0.5) + 10.0
    flat, wide = (lined([(0.0, "/lead/env", (env,)), note(0.1, 36)], 0.6) for env in (0, 100))
    assert brightness(wide, 0.1, 0.15) > brightness(flat, 0.1, 0.15) + 6.0


def test_resonance_lifts_the_partials_at_the_cut_off_and_keeps_the_level() -> None:
    def played(res: float) -> np.ndarray:
        events = [(0.0, "/bass/cut", (1500.0,)), (0.0, "/bass/env", (0.0,)), (0.0, "/bass/res", (res,))]
        return lined([*events, note(0.1, 33, "bass")], 0.8)

    soft, sharp = played(0), played(100)
    base, octaves = travel(1500.0, 0.0)
    hertz = 2.0**base
    assert octaves > 0.0
    raised = [band(s, 0.5, 0.8, 0.8 * hertz, 1.2 * hertz) - band(s, 0.5, 0.8, 40, 200) for s in (soft, sharp)]
    assert raised[1] > raised[0] + 10.0
    assert abs(level(soft, 0.2, 0.8) - level(sharp, 0.2, 0.8)) < 9.0


def test_the_law_of_the_filter_is_the_one_measured() -> None:
    base, octaves = travel(1000.0, 50.0)
    assert 2.0**base == pytest.approx(533.0, rel=0.02)
    assert 2.0 ** (base + octaves) == pytest.approx(3757.0, rel=0.02)
    assert damping(0.0) > damping(50.0) > damping(100.0) > 0.05


@pytest.mark.parametrize("pitch", [24, 60, 84, 108, 127])
def test_the_sawtooth_does_not_alias(pitch: int) -> None:
    """Read by the oscillator itself at every sample: what is not a multiple of the pitch is 50 dB below."""
    index = round(table_of(pitch) * (TABLES - 1))
    table = saw_table(3 * index, RATE)
    spectrum = np.abs(np.fft.rfft(table))
    highest = np.flatnonzero(spectrum > 1e-3 * spectrum.max())[-1]
    assert highest * frequency(pitch) < 0.5 * RATE
    assert index < TABLES - 1
    assert np.abs(table).max() < 1.1


def test_moving_the_filter_while_a_note_sounds_does_not_click() -> None:
    sweep = [(0.3 + 0.02 * index, "/lead/cut", (300.0 * 1.12**index,)) for index in range(20)]
    still = lined([(0.0, "/lead/cut", (300.0 * 1.12**19,)), note(0.1, 45)], 0.9)
    moved = lined([(0.0, "/lead/cut", (300.0,)), note(0.1, 45), *sweep], 0.9)
    assert roughness(moved, 0.3, 0.9) < 1.3 * roughness(still, 0.15, 0.9)


def test_effects_of_a_line_and_their_change_at_the_next_note() -> None:
    events = [note(0.1, 48), (0.4, "/drum/effects", ("lead", "hpf", 3000)), note(0.8, 48)]
    sound = lined(events, 1.4)
    assert band(sound, 0.85, 1.35, 20, 300) < band(sound, 0.15, 0.65, 20, 300) - 25.0
    back = lined([(0.0, "/drum/effects", ("bass", "amp", 0)), note(0.1, 48), note(0.1, 40, "bass")], 0.6)
    plain = lined([note(0.1, 48)], 0.6)
    assert abs(level(back, 0.1, 0.6) - level(plain, 0.1, 0.6)) < 0.5


@pytest.mark.parametrize("cut", [0, 20, 20_000, 1e9])
@pytest.mark.parametrize("res", [-50, 0, 100, 1e9])
def test_no_setting_breaks_it(cut: float, res: float) -> None:
    controls = [(0.0, "/lead/cut", (cut,)), (0.0, "/lead/res", (res,)), (0.0, "/lead/env", (-5,))]
    sound = lined([*controls, note(0.05, 0), note(0.15, 127), note(0.25, 60), (0.3, "/lead/env", (1e9,))], 0.5)
    sound_of(sound)
    assert level(sound, 0.25, 0.5) > -60.0


@pytest.mark.parametrize(
    ("address", "arguments"),
    [
        ("/note_on", ("lead",)),
        ("/note_on", (60, "lead")),
        ("/note_on", (128, 90, "lead")),
        ("/note_off", ("bass",)),
        ("/note_on", (math.nan, 90, "lead")),
        ("/lead/cut", ()),
        ("/lead/cut", ("dark",)),
        ("/bass/res", (math.nan,)),
        ("/drum/effects", ("lead", "dist")),
    ],
)
def test_what_cannot_be_meant_is_refused(address: str, arguments: tuple) -> None:
    graph = sf.AudioGraph(output_device=sf.AudioOut_Dummy(2, RATE, 64), start=False)
    try:
        with pytest.raises(BadMessageError):
            Lines(RATE).handle(address, arguments, 0.0)
    finally:
        graph.destroy()
