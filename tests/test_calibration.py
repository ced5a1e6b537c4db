"""Latency read off taps and onsets: simulated tappers who miss, double and scatter, and devices that are late."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from app.binding import Binding, Fire, Source
from app.calibration import CalibrationError, Lag, lag_of, latencies, middle_of, onset
from app.event import NoteOff, NoteOn
from app.frame import Frame, MidiMessage
from app.instrument import Instrument
from app.spectrum import RECIPES
from tests.instrument import offline, port_of

PERIOD = 0.6
CLICKS = [100 + PERIOD * number for number in range(26)]  # 24 count: nobody knows the time of the first two.


def tapper(late_s: float, seed: int, scatter_s: float = 0.025) -> list[float]:
    """Return taps up to `scatter_s` off, a tenth left out and a tenth doubled."""
    luck, taps = random.Random(seed), []
    for click in CLICKS:
        if luck.random() < 0.1:
            continue
        taps.append(click + late_s + luck.uniform(-scatter_s, scatter_s))
        if luck.random() < 0.1:
            taps.append(taps[-1] + luck.uniform(0.04, 0.25))
    return taps


@pytest.mark.parametrize("late_ms", [-60, 0, 45, 180, 350])
def test_24_taps_tell_a_latency_to_a_few_milliseconds(late_ms: float) -> None:
    told = [lag_of(CLICKS, tapper(late_ms / 1000, seed), PERIOD).seconds * 1000 for seed in range(100)]
    off = np.array(told) - late_ms
    print(
        f"24 clicks, taps +-25 ms, a tenth missing, a tenth doubled: off by {np.abs(off).mean():.1f} ms on average, "
        f"95 % within {np.percentile(np.abs(off), 95):.1f}"
    )
    assert abs(off.mean()) < 1.5
    assert np.percentile(np.abs(off), 95) < 8


def test_more_taps_tell_it_better_and_the_error_says_how_well() -> None:
    clicks = [100 + PERIOD * number for number in range(62)]
    luck = random.Random(3)
    taps = [click + 0.03 + luck.uniform(-0.025, 0.025) for click in clicks]
    few, many = lag_of(clicks[:14], taps, PERIOD), lag_of(clicks, taps, PERIOD)
    assert many.error_s < 0.002 < few.error_s
    assert many.seconds == pytest.approx(0.03, abs=0.004)


def test_the_answers_of_a_machine_are_told_exactly() -> None:
    lag = lag_of(CLICKS, [click + 0.0125 for click in CLICKS], PERIOD, tapped=False)
    assert (lag.seconds, lag.spread_s, lag.count) == (pytest.approx(0.0125), pytest.approx(0), len(CLICKS))


def test_too_few_taps_are_refused_in_a_sentence() -> None:
    with pytest.raises(CalibrationError, match="too few taps: 5 of at least 8; go on for longer"):
        lag_of(CLICKS, [click + 0.01 for click in CLICKS[:7]], PERIOD)
    with pytest.raises(CalibrationError, match="too few taps: 0"):
        lag_of(CLICKS, [], PERIOD)
    with pytest.raises(CalibrationError, match="too few taps"):
        lag_of([], [1.0, 2.0], PERIOD)


def test_taps_without_a_beat_are_refused_in_a_sentence() -> None:
    refused = 0
    for seed in range(50):
        luck = random.Random(seed)
        with pytest.raises(CalibrationError, match=r"the taps scatter by \d+ ms"):
            lag_of(CLICKS, [luck.uniform(100, 115) for _ in range(40)], PERIOD)
        refused += 1
    assert refused == 50


def test_the_middle_of_few_values_is_deaf_to_one_slip() -> None:
    assert middle_of([1.0, 2.0, 3.0, 4.0, 1000.0]) == 3.0  # of 15 means
    assert middle_of([7.0]) == 7.0


def test_the_slowest_device_leads_and_the_others_wait_for_it() -> None:
    lags = {name: Lag(seconds, 0.01, 0.001, 20, 0) for name, seconds in (("a", 0.120), ("b", 0.030), ("c", 0.055))}
    assert latencies(lags, {"a": 0, "b": 0, "c": 15}) == {"a": 0, "b": 90, "c": 80}
    with pytest.raises(CalibrationError, match="two devices"):
        latencies({"a": lags["a"]}, {"a": 0})


def rises(start: float, floor: float = 0.001, peak: float = 0.2) -> list[tuple[float, float]]:
    """Return levels every 10 ms of a sound that swells over a window of 43 ms."""
    luck = random.Random(1)
    times = [99.9 + 0.010667 * number for number in range(50)]
    power = [floor**2 * luck.uniform(0.5, 1) + peak**2 * min(max((at - start) / 0.043, 0), 1) for at in times]
    return [(at, one**0.5) for at, one in zip(times, power, strict=True)]


def test_an_onset_is_found_finer_than_the_levels_come() -> None:
    starts = [100 + number * 0.0007 for number in range(100)]
    found = [onset(rises(start)) for start in starts]
    late = [at - start for at, start in zip(found, starts, strict=True) if at is not None]
    assert len(late) == len(starts)
    assert max(late) - min(late) < 0.003
    assert onset([]) is None
    assert onset(rises(200)) is None
    assert onset([(0.01 * number, 0.1) for number in range(40)]) is None


# --- the instrument ---------------------------------------------------------------------------------------


@pytest.fixture
def instrument(tmp_path: Path) -> Instrument:
    instrument = offline(tmp_path)
    instrument.engine.set("/output/midi/on", 1)
    run(instrument, 0.1)
    return instrument


def run(instrument: Instrument, seconds: float) -> None:
    instrument.engine.run_until(instrument.engine.clock.now() + seconds)


def said(instrument: Instrument) -> str:
    return instrument.engine.monitor.log[-1].text


def clicks_of(instrument: Instrument, device: str) -> list[float]:
    return [at for at, event in port_of(instrument, device).sent if isinstance(event, NoteOn)]


def measure(instrument: Instrument, device: str, hears: Callable[[float], float], count: int = 24) -> None:
    """Let a device click, answer each click when it is heard, and stop."""
    engine, before = instrument.engine, len(clicks_of(instrument, device))
    engine.fire("/calibrate/start", device)
    answered = 0
    while answered < count:
        run(instrument, 0.005)
        there = clicks_of(instrument, device)[before:]
        if len(there) > answered and engine.clock.now() >= hears(there[answered]):
            engine.fire("/calibrate/tap")
            answered += 1
    run(instrument, 0.1)
    engine.fire("/calibrate/stop")
    run(instrument, 0.1)


def test_two_devices_are_brought_together_in_one_step_of_undo(instrument: Instrument) -> None:
    engine, luck = instrument.engine, random.Random(7)
    engine.set("/output/osc/latency", 20)
    own = {"osc": 0.035, "midi": 0.115}
    for device, late in own.items():
        measure(instrument, device, lambda click, late=late: click + late - 0.03 + luck.uniform(0, 0.03))  # type: ignore[misc]
    lags = {lag.device: lag for lag in engine.snapshot.calibration.lags}
    print(f"told: {said(instrument)}")
    assert lags["osc"].proposed_ms is not None
    assert lags["midi"].late_ms - lags["osc"].late_ms == pytest.approx(80, abs=10)
    assert lags["midi"].proposed_ms == 0
    engine.fire("/calibrate/apply")
    run(instrument, 0.05)
    set_ms = {device: engine.tree.number(f"/output/{device}/latency").value for device in own}
    assert set_ms["midi"] == 0
    assert set_ms["osc"] == pytest.approx(80, abs=10)
    assert "sound together" in said(instrument)
    engine.fire("/undo")
    run(instrument, 0.05)
    assert [engine.tree.number(f"/output/{device}/latency").value for device in own] == [20, 0]
    engine.fire("/redo")
    run(instrument, 0.05)
    assert engine.tree.number("/output/osc/latency").value == set_ms["osc"]


def test_only_the_chosen_device_clicks_steadily_and_nothing_hangs(instrument: Instrument) -> None:
    engine = instrument.engine
    engine.fire("/calibrate/start", "midi")
    run(instrument, 6.0)
    engine.fire("/calibrate/stop")
    run(instrument, 1.0)
    clicks = clicks_of(instrument, "midi")
    assert len(clicks) == 10
    assert np.allclose(np.diff(clicks), 0.6, atol=1e-6)
    assert clicks_of(instrument, "osc") == []
    assert not port_of(instrument, "midi").held
    assert "too few taps: 0" in said(instrument)
    assert engine.snapshot.calibration.device == ""
    assert "too few" in engine.snapshot.calibration.text
    ends = [event for _, event in port_of(instrument, "midi").sent if isinstance(event, NoteOff)]
    assert len(ends) == 10


def test_a_pad_is_a_tap_and_counts_from_when_it_was_struck(instrument: Instrument) -> None:
    engine = instrument.engine
    engine.bindings.add(Binding(Source("midi", "note36"), "/calibrate/tap", Fire()))
    engine.fire("/calibrate/start", "osc")
    for number in range(20):
        run(instrument, 0.6)
        struck = clicks_of(instrument, "osc")[number] + 0.05
        engine.run_until(max(struck + 0.02, engine.clock.now()))  # The cable took its time; the stamp tells.
        engine.inbox.put(MidiMessage(struck, "pads", (0x99, 36, 100)))
        engine.inbox.put(MidiMessage(struck, "pads", (0x89, 36, 0)))
    run(instrument, 0.1)
    assert engine.snapshot.calibration.answers == 20
    engine.fire("/calibrate/stop")
    run(instrument, 0.1)
    (lag,) = engine.snapshot.calibration.lags
    assert lag.late_ms == pytest.approx(50, abs=0.1)


@pytest.mark.parametrize("verb", ["/transport/play", "/panic", "/transport/stop"])
def test_whatever_starts_or_silences_the_music_ends_the_clicks(instrument: Instrument, verb: str) -> None:
    engine = instrument.engine
    engine.tree.number("/composer/mute").set(1)
    engine.fire("/calibrate/start", "midi")
    run(instrument, 2.0)
    engine.fire(verb)
    run(instrument, 0.2)
    assert engine.snapshot.calibration.device == ""
    count = len([1 for _, event in port_of(instrument, "midi").sent if isinstance(event, NoteOn) and event.pitch == 76])
    run(instrument, 2.0)
    assert len([1 for _, e in port_of(instrument, "midi").sent if isinstance(e, NoteOn) and e.pitch == 76]) == count


@pytest.mark.parametrize(
    ("verb", "argument", "sentence"),
    [
        ("/calibrate/start", "synth", "Synth is not open"),
        ("/calibrate/start", "trumpet", "none of osc, midi, synth"),
        ("/calibrate/tap", None, "nothing clicks"),
        ("/calibrate/apply", None, "measure two devices"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(
    instrument: Instrument, verb: str, argument: str | None, sentence: str
) -> None:
    instrument.engine.fire(verb, *([argument] if argument else []))
    run(instrument, 0.05)
    assert sentence in said(instrument)


def test_while_the_music_plays_nothing_clicks(instrument: Instrument) -> None:
    instrument.engine.fire("/transport/play")
    run(instrument, 0.5)
    instrument.engine.fire("/calibrate/start", "midi")
    run(instrument, 0.1)
    assert "the music is playing" in said(instrument)


def test_a_microphone_needs_no_hand(instrument: Instrument) -> None:
    engine = instrument.engine
    engine.set("/calibrate/by", "microphone")
    engine.fire("/calibrate/start", "osc")
    run(instrument, 0.1)
    assert "no microphone is on" in said(instrument)
    instrument.listening.inlets.sealed = True
    engine.set("/listener/input/audio/on", 1)
    run(instrument, 0.1)
    names = RECIPES["full"].names
    for device, late in (("osc", 0.020), ("midi", 0.150)):
        engine.fire("/calibrate/start", device)
        began, heard = engine.clock.now(), 0
        while not any(lag.device == device for lag in engine.snapshot.calibration.lags):
            run(instrument, 0.010667)
            now = engine.clock.now()
            assert now < began + 20
            clicks = [at for at in clicks_of(instrument, device) if at >= began]
            since = now - clicks[-1] - late if clicks else -1.0
            if since < 0 and len(clicks) > 1:
                since = now - clicks[-2] - late
            power = 1e-6 + (0.04 * min(since / 0.043, 1) if 0 < since < 0.1 else 0)
            values = np.zeros(len(names), np.float32)
            values[names.index("rms")] = power**0.5
            engine.inbox.put(Frame(now, "audio", values))
            heard += 1
    lags = {lag.device: lag for lag in engine.snapshot.calibration.lags}
    apart = lags["midi"].late_ms - lags["osc"].late_ms
    print(f"microphone: {apart:.1f} ms apart, spread {lags['osc'].spread_ms:.1f} ms")
    assert apart == pytest.approx(130, abs=3)
    assert min(lag.count for lag in lags.values()) >= 8


def test_a_microphone_that_goes_ends_the_clicks_and_is_said(instrument: Instrument) -> None:
    engine = instrument.engine
    instrument.listening.inlets.sealed = True
    engine.set("/calibrate/by", "microphone")
    engine.set("/listener/input/audio/on", 1)
    run(instrument, 0.1)
    engine.fire("/calibrate/start", "osc")
    run(instrument, 1.0)
    assert engine.snapshot.calibration.device == "osc"
    engine.set("/listener/input/audio/on", 0)
    heard: list[Frame] = []
    engine.hearers.append(heard.append)  # Whoever comes after it hears the frame all the same.
    engine.inbox.put(Frame(engine.clock.now(), "audio", np.zeros(len(RECIPES["full"].names), np.float32)))
    run(instrument, 0.1)
    assert "no microphone is on" in said(instrument)
    assert engine.snapshot.calibration.device == ""
    assert len(heard) == 1


def test_a_latency_moved_while_it_clicks_is_no_measurement(instrument: Instrument) -> None:
    engine = instrument.engine
    engine.fire("/calibrate/start", "midi")
    for number in range(14):
        run(instrument, 0.6)
        if number == 6:
            engine.set("/output/midi/latency", 90)
        engine.fire("/calibrate/tap")
    engine.fire("/calibrate/stop")
    run(instrument, 0.1)
    assert "its latency was moved" in said(instrument)
    assert engine.snapshot.calibration.lags == ()


def test_after_a_stall_the_clicks_go_on_in_their_grid_and_not_in_a_burst(instrument: Instrument) -> None:
    engine = instrument.engine
    engine.fire("/calibrate/start", "midi")
    run(instrument, 3.0)
    before = len(clicks_of(instrument, "midi"))
    engine.clock.seconds += 5.0  # type: ignore[attr-defined]
    run(instrument, 3.0)
    gaps = np.diff(clicks_of(instrument, "midi"))
    assert len(gaps) >= before + 3
    assert gaps.min() > 0.5
    assert np.allclose(gaps / 0.6, np.round(gaps / 0.6), atol=1e-6)
