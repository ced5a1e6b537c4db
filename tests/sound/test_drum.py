"""The drums and samples, rendered offline from scores: what sounds, when, how loud, and that nothing breaks it."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np
import pytest
import signalflow as sf

from app.sound.argument import BadMessageError
from app.sound.drum import MOST_CHANNELS, Drums
from app.sound.drum_tone import DRUMS, drum_wave
from app.sound.offline import ScoreEvent, render
from tests.sound.measure import RATE, band, level, onsets, roughness, sound_of
from tests.sound.rig import perform

BLOCK_S = 64 / RATE
LOOK_AHEAD_S = 0.0015  # the limiter's, the same for everything that sounds
EXTREME = ("dist", 1000, "amp", 1000, "lpf", 1, "hpf", 30_000, "amp", 1000)


def hits(name: str, *times: float, velocity: int = 100) -> list[ScoreEvent]:
    return [(at, f"/drum/{name}", (velocity,)) for at in times]


def drummed(events: list[ScoreEvent], seconds: float) -> np.ndarray:
    return perform(Drums, events, seconds)


def write(path: Path, samples: np.ndarray, rate: int = RATE) -> str:
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, rate, 0, "NONE", ""))
        file.writeframes((samples * 32_000).astype("<i2").tobytes())
    return str(path)


@pytest.fixture
def drums() -> Drums:
    graph = sf.AudioGraph(output_device=sf.AudioOut_Dummy(2, RATE, 64), start=False)
    yield Drums(RATE)
    graph.destroy()


@pytest.mark.parametrize("name", sorted(DRUMS))
@pytest.mark.parametrize("rate", [44_100, 48_000])
def test_a_drum_is_a_clean_short_wave(name: str, rate: int) -> None:
    drum = drum_wave(name, rate)
    assert drum.size == pytest.approx(DRUMS[name][0] * rate, abs=1)
    assert np.abs(drum).max() == pytest.approx(0.9)
    assert drum[0] == 0.0
    assert abs(drum[-1]) < 1e-3
    assert abs(drum.mean()) < 0.02
    np.testing.assert_array_equal(drum, drum_wave(name, rate))


def test_each_drum_has_its_own_place_in_the_spectrum() -> None:
    sound = drummed([*hits("kick", 0.1), *hits("snare", 0.9), *hits("closedhat", 1.7), *hits("openhat", 2.5)], 3.4)
    low, high = (20.0, 200.0), (6000.0, 16_000.0)
    assert band(sound, 0.1, 0.5, *low) > band(sound, 0.1, 0.5, *high) + 20.0
    assert band(sound, 0.9, 1.1, 150.0, 3000.0) > band(sound, 0.9, 1.1, *low) - 10.0
    for start in (1.7, 2.5):
        assert band(sound, start, start + 0.3, *high) > band(sound, start, start + 0.3, *low) + 20.0
    assert level(sound, 2.7, 2.8) > level(sound, 1.9, 2.0) + 20.0, "the open hat rings, the closed one does not"
    sound_of(sound)


def test_hits_sound_on_time_and_as_often_as_played() -> None:
    times = [0.1, 0.2371, 0.5, 0.625, 0.9]
    heard = onsets(drummed(hits("closedhat", *times), 1.2))
    assert len(heard) == len(times)
    for played, at in zip(times, heard, strict=True):
        assert 0.0 <= at - played - LOOK_AHEAD_S < BLOCK_S + 0.0005


def test_a_roll_loses_no_hit() -> None:
    times = [0.1 + 0.015625 * index for index in range(48)]  # *64 at 240 bpm
    sound = drummed(hits("closedhat", *times), 1.0)
    levels = [level(sound, at + LOOK_AHEAD_S, at + 0.0156) for at in times]
    assert min(levels) > max(levels) - 6.0
    sound_of(sound)


def test_rolls_on_four_drums_lose_no_hit(drums: Drums) -> None:
    for index in range(100):
        for name in DRUMS:
            drums.tick(0.015625 * index)
            drums.hit(name, 100, 0.015625 * index)
    assert drums.dropped == 0


def test_harder_is_louder_and_velocity_0_is_nothing() -> None:
    sound = drummed(
        [*hits("kick", 0.1, velocity=40), *hits("kick", 0.7, velocity=127), *hits("kick", 1.5, velocity=0)], 2.0
    )
    assert level(sound, 0.7, 0.9) > level(sound, 0.1, 0.3) + 8.0
    assert len(onsets(sound)) == 2


def test_a_hit_lets_the_old_tail_fade_without_a_click() -> None:
    once, again = drummed(hits("kick", 0.1), 0.4), drummed([*hits("kick", 0.1), *hits("kick", 0.25, velocity=1)], 0.4)
    assert level(again, 0.26, 0.35) < level(once, 0.26, 0.35) - 12.0
    assert roughness(again, 0.248, 0.26) < 0.01


def test_effects_act_on_their_channel_alone() -> None:
    plain = drummed([*hits("snare", 0.1), *hits("kick", 0.6)], 1.0)
    dark = drummed([(0.0, "/drum/effects", ("snare", "lpf", 300)), *hits("snare", 0.1), *hits("kick", 0.6)], 1.0)
    assert band(dark, 0.1, 0.4, 3000.0, 12_000.0) < band(plain, 0.1, 0.4, 3000.0, 12_000.0) - 30.0
    assert band(dark, 0.1, 0.4, 100.0, 250.0) > band(plain, 0.1, 0.4, 100.0, 250.0) - 6.0
    assert abs(level(dark, 0.6, 0.8) - level(plain, 0.6, 0.8)) < 1.0


@pytest.mark.parametrize(
    ("words", "low", "high", "least", "most"),
    [
        (("amp", 0.5), 20, 16_000, -6.5, -5.5),
        (("hpf", 3000), 20, 300, -99.0, -25.0),
        (("dist", 8), 3000, 16_000, 4.0, 40.0),
        (("dist", 1), 20, 16_000, -0.2, 0.2),
        (("lpf", 300), 3000, 16_000, -99.0, -30.0),
        (("amp", 0), 20, 16_000, -999.0, -80.0),
    ],
)
def test_each_effect_does_what_it_says(words: tuple, low: float, high: float, least: float, most: float) -> None:
    plain = drummed(hits("kick", 0.1, velocity=60), 0.5)
    changed = drummed([(0.0, "/drum/effects", ("kick", *words)), *hits("kick", 0.1, velocity=60)], 0.5)
    assert least <= band(changed, 0.1, 0.5, low, high) - band(plain, 0.1, 0.5, low, high) <= most


def test_without_effects_again_it_sounds_as_before() -> None:
    events = [(0.0, "/drum/effects", ("kick", "dist", 50, "hpf", 2000)), *hits("kick", 0.1)]
    sound = drummed([*events, (0.7, "/drum/effects", ("kick",)), *hits("kick", 1.0)], 1.4)
    plain = drummed(hits("kick", 1.0), 1.4)
    assert abs(level(sound, 1.0, 1.4) - level(plain, 1.0, 1.4)) < 0.3


def test_extreme_arguments_on_everything_neither_clip_nor_break() -> None:
    events: list[ScoreEvent] = [(0.0, "/drum/effects", (name, *EXTREME)) for name in (*DRUMS, "lead", "bass")]
    events += [(0.0, "/drum/effects", (name, "dist", 1000, "amp", 1000)) for name in ("kick", "openhat", "lead")]
    for part in ("lead", "bass"):
        events += [(0.0, f"/{part}/{name}", (value,)) for name, value in (("cut", 0), ("res", 100), ("env", -5))]
    for at in (0.1, 0.3, 0.5):
        events += [(at, f"/drum/{name}", (127,)) for name in DRUMS]
        events += [(at, "/note_on", (30, 127, "lead")), (at, "/note_on", (100, 127, "bass"))]
    events += [(0.6, "/lead/res", (-50,)), (0.6, "/lead/cut", (1e9,)), (0.6, "/lead/env", (1e9,))]
    sound = render([*events, (0.9, "/panic", ()), *hits("openhat", 1.3)], 1.6)
    sound_of(sound)
    assert level(sound, 0.3, 0.6) > -15.0
    assert level(sound, 1.0, 1.25) < -60.0
    assert level(sound, 1.3, 1.4) > -40.0, "it plays on after a panic"


def test_a_full_program_sits_at_a_healthy_level_beside_the_composer() -> None:
    chord: list[ScoreEvent] = [(0.0, "/note_on", (pitch, 80)) for pitch in (48, 55, 60, 64, 67)]
    drums = [
        e
        for index in range(16)
        for e in [
            *hits("closedhat", 0.125 * index),
            *(hits("kick", 0.125 * index) if index % 4 == 0 else []),
            *(hits("snare", 0.125 * index) if index % 8 == 4 else []),
            (0.125 * index, "/note_on", (36 + 12 * (index % 2), 100, "bass")),
            (0.125 * index, "/note_on", (60, 100, "lead")),
        ]
    ]
    sound = render(sorted([*chord, *drums], key=lambda event: event[0]), 2.0)
    sound_of(sound)
    assert -24.0 < level(sound, 0.0, 2.0) < -10.0


def test_general_midi_pitches_of_the_part_sound_too() -> None:
    sound = render([(0.1, "/note_on", (36, 100, "drums")), (0.2, "/note_off", (36, "drums"))], 0.6)
    assert abs(level(sound, 0.1, 0.5) - level(render(hits("kick", 0.1), 0.6), 0.1, 0.5)) < 0.1
    assert level(render([(0.1, "/note_on", (70, 100, "drums"))], 0.4), 0.0, 0.4) < -100.0


def test_a_sample_replaces_a_drum_and_another_adds_one(tmp_path: Path) -> None:
    tone = 0.8 * np.sin(2 * np.pi * 1000 * np.arange(RATE // 5) / RATE)
    kick, bell = write(tmp_path / "kick.wav", tone), write(tmp_path / "bell.wav", tone[: RATE // 10], 22_050)
    loads = [(0.0, "/drum/load", ("kick", kick)), (0.0, "/drum/load", ("bell", bell)), (0.05, "/synth/gain", (0.8,))]
    sound = render([*loads, *hits("kick", 0.1), *hits("bell", 0.6)], 1.0)
    assert band(sound, 0.15, 0.25, 950, 1050) > band(sound, 0.15, 0.25, 20, 500) + 20.0
    assert band(sound, 0.65, 0.75, 450, 550) > band(sound, 0.65, 0.75, 900, 1100) + 20.0
    assert band(sound, 0.35, 0.55, 20, 16_000) < band(sound, 0.1, 0.3, 20, 16_000) - 10.0


def test_a_bad_file_is_told_once_and_changes_nothing(drums: Drums, tmp_path: Path) -> None:
    (tmp_path / "bad.wav").write_bytes(b"no sound")
    for _ in range(3):
        assert drums.handle("/drum/load", ("kick", str(tmp_path / "bad.wav")), 0.0)
        drums.finish_loading()
        drums.tick(0.1)
    assert len(drums.troubles) == 1
    assert "bad.wav" in drums.troubles[0]
    drums.hit("kick", 100, 0.2)
    assert [voice.name for voice in drums.voices if voice.name] == ["kick"]


def test_there_is_room_for_32_channels_and_for_no_more(drums: Drums, tmp_path: Path) -> None:
    path = write(tmp_path / "s.wav", np.ones(1000))
    for index in range(MOST_CHANNELS):
        drums.handle("/drum/load", (f"s{index}", path), 0.0)
    drums.finish_loading()
    drums.tick(0.1)
    assert len(drums.shelf.places) == MOST_CHANNELS
    assert any("left out" in text for text in drums.troubles)
    drums.handle("/drum/load", ("s0", path), 0.2)
    drums.finish_loading()
    drums.tick(0.3)
    assert len(drums.shelf.places) == MOST_CHANNELS


def test_samples_too_long_for_the_memory_are_told_and_room_comes_back(drums: Drums, tmp_path: Path) -> None:
    path = write(tmp_path / "long.wav", np.zeros(29 * 8000), 8000)
    for name in "abcdefgh":
        drums.handle("/drum/load", (name, path), 0.0)
    drums.finish_loading()
    drums.tick(0.1)
    assert any("180 s together" in text for text in drums.troubles)
    places = [(place.first, place.first + place.grains) for place in drums.shelf.places.values()]
    assert all(a[1] <= b[0] or b[1] <= a[0] for a in places for b in places if a is not b)
    drums.shelf.remove("a")
    assert drums.shelf.put("z", np.zeros(29 * RATE, np.float32))


@pytest.mark.parametrize(
    ("address", "arguments"),
    [
        ("/drum/gong", (100,)),
        ("/drum/kick", ("loud",)),
        ("/drum/kick", (128,)),
        ("/drum/kick", (float("nan"),)),
        ("/drum/load", ("kick",)),
        ("/drum/load", ("", "x.wav")),
        ("/drum/load", (1, 2)),
        ("/drum/effects", ()),
        ("/drum/effects", (3, "dist", 1)),
        ("/drum/effects", ("kick", "dist")),
        ("/drum/", (100,)),
        ("/note_on", ("drums",)),
        ("/drum/effects", ("kick", *("dist", 1) * 9)),
    ],
)
def test_what_cannot_be_meant_is_refused(drums: Drums, address: str, arguments: tuple) -> None:
    with pytest.raises(BadMessageError):
        drums.handle(address, arguments, 0.0)


def test_other_peoples_messages_are_left_alone(drums: Drums) -> None:
    others = (("/note_on", (60, 80)), ("/note_on", (60, 80, "lead")), ("/patch/freq", (1,)), ("/x", ()))
    for address, arguments in others:
        assert not drums.handle(address, arguments, 0.0)


def test_more_rings_than_there_are_voices_is_counted_not_broken(drums: Drums) -> None:
    for index in range(100):
        drums.hit("openhat", 100, 0.001 * index)
    assert drums.dropped > 0
    drums.tick(5.0)
    drums.tick(6.0)
    drums.hit("openhat", 100, 6.1)
    assert [voice.name for voice in drums.voices if voice.name] == ["openhat"]


def test_long_rows_on_too_many_drums_are_shortened_and_told(drums: Drums) -> None:
    for name in ("kick", "snare", "closedhat", "openhat", "a", "b"):
        drums.shelf.put(name, np.zeros(10_000, np.float32))
        drums.handle("/drum/effects", (name, *("lpf", 500) * 8), 0.0)
        drums.hit(name, 100, 0.0)
    assert sum(voice.name != "" for voice in drums.voices) == 6
    assert any("only its first ones" in text for text in drums.troubles)


def test_an_empty_shelf_is_silent_and_holds_what_is_laid_down(drums: Drums) -> None:
    samples = drums.shelf.buffer.data[0]
    assert not samples[20 * RATE : 170 * RATE].any()
    ramp = np.linspace(0.0, 1.0, 25 * RATE).astype(np.float32)
    assert drums.shelf.put("ramp", ramp)
    start = round(drums.shelf.places["ramp"].start_s * RATE)
    assert np.array_equal(drums.shelf.buffer.data[0][start : start + ramp.size], ramp)
