"""Sources that are computed only while they sound: heard as if they always were, and safe while the graph runs."""

from __future__ import annotations

import random
import time

import numpy as np
import pytest
import signalflow as sf

from app.sound.bank import Bank
from app.sound.drum import Drums
from app.sound.gate import Gate, Mix
from app.sound.instrument import Instrument
from app.sound.line import Lines
from app.sound.offline import ScoreEvent, render
from app.sound.patch import Patch
from tests.condition import wait_for
from tests.sound.measure import RATE
from tests.sound.rig import perform

SCORE: list[ScoreEvent] = [
    (0.1, "/note_on", (60, 90)),
    (0.4, "/note_off", (60,)),
    (0.5, "/drum/snare", (100,)),
    (2.5, "/note_on", (64, 100)),
    (2.6, "/note_off", (64,)),
    (2.61, "/note_on", (64, 50)),
    (2.7, "/drum/snare", (60,)),
]


def always_open(patch: pytest.MonkeyPatch) -> None:
    """Let gates stay open."""
    patch.setattr(Gate, "__init__", lambda self, *_: setattr(self, "is_open", True))
    patch.setattr(Gate, "close", lambda self: None)


def test_notes_and_drums_sound_as_if_all_voices_were_always_computed(monkeypatch: pytest.MonkeyPatch) -> None:
    gated = render(SCORE, 3.2)
    with monkeypatch.context() as patch:
        always_open(patch)
        whole = render(SCORE, 3.2)
    assert np.abs(whole).max() > 0.1
    assert np.abs(gated - whole).max() < 1e-5


def open_gates(instrument: Instrument) -> int:
    gates = [note.gate for note in instrument.notes] + [voice.gate for voice in instrument.drums.voices]
    return sum(gate.is_open for gate in [*gates, *(line.gate for line in instrument.lines.lines.values())])


def test_what_is_silent_is_not_computed() -> None:
    graph = sf.AudioGraph(output_device=sf.AudioOut_Dummy(2, RATE, 64), start=False)
    try:
        instrument = Instrument(Bank(RATE))
        assert open_gates(instrument) == 0
        instrument.handle("/note_on", (60, 90), 1.0)
        instrument.handle("/drum/kick", (100,), 1.0)
        instrument.handle("/note_on", (60, 90, "lead"), 1.0)
        assert open_gates(instrument) == 3
        instrument.handle("/note_off", (60,), 2.0)
        for now in np.arange(2.0, 9.0, 0.05):
            instrument.tick(float(now))
        assert open_gates(instrument) == 0
    finally:
        graph.destroy()


def test_a_line_that_rested_speaks_again() -> None:
    score = [(0.1, "/note_on", (48, 100, "bass")), (0.3, "/note_off", (48, "bass"))]
    later = [(9.0, "/note_on", (48, 100, "bass")), (9.2, "/note_off", (48, "bass"))]
    sound = perform(Lines, [*score, *later], 9.5)
    first, second = (np.sqrt((sound[:, int(at * RATE) : int((at + 0.2) * RATE)] ** 2).mean()) for at in (0.1, 9.0))
    assert first > 0.01
    assert abs(second / first - 1.0) < 0.1
    assert np.abs(sound[:, int(8.0 * RATE) : int(8.9 * RATE)]).max() < 1e-5


def test_a_drone_goes_on_as_long_as_it_is_on_and_rests_afterwards() -> None:
    sound = perform(Patch, [(0.0, "/patch/play", (1,)), (17.0, "/patch/play", (0,))], 18.0)
    assert np.abs(sound[:, int(16.5 * RATE) : int(16.9 * RATE)]).max() > 0.05


def test_drums_in_one_breath_after_a_rest() -> None:
    hits = [(at, "/drum/kick", (100,)) for at in (0.0, 5.0, 5.02, 5.04)]
    sound = perform(Drums, hits, 5.6)
    first, after = (np.abs(sound[:, int(at * RATE) : int((at + 0.4) * RATE)]).max() for at in (0.0, 5.04))
    assert abs(after / first - 1.0) < 0.1


def test_gates_move_while_the_audio_thread_runs() -> None:
    config = sf.AudioGraphConfig()
    config.backend_name, config.output_buffer_size, config.sample_rate = "null", 64, RATE
    graph = sf.AudioGraph(config=config, start=False)
    try:
        mix = Mix([sf.Smooth(sf.SineOscillator(110.0 * number), 0.5) * 0.05 for number in range(1, 9)])
        counter = sf.Counter(sf.Impulse(1000.0))
        graph.play(mix.output)
        graph.play(counter * 0.0)
        graph.start()
        chance, end = random.Random(1), time.perf_counter() + 1.0
        moves = 0
        while time.perf_counter() < end:
            gate = chance.choice(mix.gates)
            gate.close() if gate.is_open else gate.open()
            moves += 1
        assert moves > 1000
        before = counter.output_buffer[0][0]
        wait_for(lambda: counter.output_buffer[0][0] > before, 5.0)  # The audio thread goes on.
        graph.stop()
    finally:
        graph.destroy()
