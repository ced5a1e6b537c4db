"""The built-in synthesiser: its sound, rendered offline from scores, and its process, on the null device."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pythonosc.udp_client import SimpleUDPClient

from app.sound.argument import BadMessageError, note_arguments
from app.sound.bank import PROGRAMS
from app.sound.offline import render
from app.sound.receiver import Receiver
from app.synth import SynthProcess
from tests.condition import wait_for

RATE = 44_100
ROOT = Path(__file__).parent.parent


@pytest.fixture(params=sorted(PROGRAMS))
def voice(request: pytest.FixtureRequest) -> tuple:
    """The message that chooses a voice; tests run once for each."""
    return (0.0, "/synth/voice", (request.param,))


def part(sound: np.ndarray, start: float, end: float) -> np.ndarray:
    return sound[:, int(start * RATE) : int(end * RATE)]


def level(sound: np.ndarray, start: float, end: float) -> float:
    """RMS in dB of full scale."""
    return 10.0 * np.log10(float((part(sound, start, end) ** 2).mean()) + 1e-20)


def roughness(sound: np.ndarray, start: float, end: float) -> float:
    """Largest bend of the curve between neighbouring samples: a click is a spike in it."""
    return float(np.abs(np.diff(part(sound, start, end), 2)).max())


def centroid(sound: np.ndarray, start: float, end: float) -> float:
    """Brightness: mean frequency in Hz of the spectrum's energy."""
    left = part(sound, start, end)[0]
    power = np.abs(np.fft.rfft(left * np.hanning(left.size))) ** 2
    return float((power * np.fft.rfftfreq(left.size, 1 / RATE)).sum() / power.sum())


def loudest_frequency(sound: np.ndarray, start: float, end: float) -> float:
    left = part(sound, start, end)[0]
    return float(np.abs(np.fft.rfft(left * np.hanning(left.size))).argmax() * RATE / left.size)


def test_a_note_sounds_at_its_pitch_and_ends(voice: tuple) -> None:
    sound = render([voice, (0.2, "/note_on", (69, 80)), (1.2, "/note_off", (69,))], 2.4)
    assert level(sound, 0.0, 0.19) < -100.0
    assert level(sound, 0.4, 1.2) > -45.0
    assert abs(loudest_frequency(sound, 0.4, 1.2) - 440.0) < 3.0
    assert level(sound, 2.2, 2.4) < -80.0
    assert np.isfinite(sound).all()


@pytest.mark.parametrize("pitch", [0, 21, 60, 108, 127])
def test_every_pitch_sounds(pitch: int) -> None:
    assert level(render([(0.0, "/note_on", (pitch, 100))], 0.4), 0.05, 0.4) > -60.0


def test_forty_fortissimo_notes_neither_clip_nor_break(voice: tuple) -> None:
    chord = [(0.1, "/note_on", (40 + i, 127)) for i in range(40)]
    again = [(1.0, address, arguments) for _, address, arguments in chord]
    sound = render([voice, *chord, *again], 2.0)
    assert np.isfinite(sound).all()
    assert np.abs(sound).max() < 0.98
    assert level(sound, 0.3, 0.6) > -25.0


def test_a_piano_note_dies_away_and_a_bowed_one_stays() -> None:
    piano = render([(0.0, "/note_on", (72, 90))], 2.0)
    strings = render([(0.0, "/synth/voice", ("strings",)), (0.0, "/note_on", (72, 90))], 2.0)
    assert level(piano, 1.8, 2.0) < level(piano, 0.05, 0.25) - 12.0
    assert abs(level(strings, 1.5, 2.0) - level(strings, 0.5, 1.0)) < 6.0


def test_harder_is_louder_and_brighter(voice: tuple) -> None:
    soft = render([voice, (0.0, "/note_on", (60, 30))], 0.8)
    hard = render([voice, (0.0, "/note_on", (60, 120))], 0.8)
    assert level(hard, 0.2, 0.8) > level(soft, 0.2, 0.8) + 10.0
    assert centroid(hard, 0.2, 0.8) > 1.1 * centroid(soft, 0.2, 0.8)


def test_velocity_swells_a_held_bowed_note_without_a_click() -> None:
    events = [(0.0, "/synth/voice", ("strings",)), (0.0, "/note_on", (60, 40)), (1.0, "/note_vel", (60, 120))]
    sound = render(events, 2.0)
    assert level(sound, 1.5, 2.0) > level(sound, 0.5, 1.0) + 10.0
    assert centroid(sound, 1.5, 2.0) > centroid(sound, 0.5, 1.0)
    assert roughness(sound, 0.98, 1.2) <= 1.5 * roughness(sound, 1.3, 2.0)


def test_velocity_of_a_note_not_held_is_silent() -> None:
    assert level(render([(0.1, "/note_vel", (60, 120))], 0.5), 0.0, 0.5) < -100.0


def test_note_off_and_panic_do_not_click(voice: tuple) -> None:
    for ending in ((1.0, "/note_off", (60,)), (1.0, "/panic", ())):
        sound = render([voice, (0.0, "/note_on", (60, 110)), ending], 1.3)
        assert roughness(sound, 0.99, 1.2) <= 1.5 * roughness(sound, 0.5, 0.98)


def test_stealing_a_voice_does_not_click() -> None:
    held = [(0.01 * i, "/note_on", (40 + i, 90)) for i in range(32)]
    sound = render([(0.0, "/synth/voice", ("strings",)), *held, (1.0, "/note_on", (90, 1))], 1.4)
    assert roughness(sound, 0.99, 1.1) <= 1.3 * roughness(sound, 0.6, 0.98)


def test_panic_is_silence_within_50_ms_and_the_next_note_sounds(voice: tuple) -> None:
    chord = [(0.0, "/note_on", (48 + 3 * i, 110)) for i in range(8)]
    sound = render([voice, *chord, (1.0, "/panic", ()), (1.5, "/note_on", (60, 90))], 2.0)
    assert level(sound, 0.9, 1.0) > -40.0
    assert level(sound, 1.0105, 1.05) < level(sound, 0.9, 1.0) - 24.0
    assert np.abs(part(sound, 1.05, 1.5)).max() < 1e-4
    assert level(sound, 1.7, 2.0) > -45.0


def test_a_note_struck_twice_needs_one_note_off(voice: tuple) -> None:
    events = [voice, (0.0, "/note_on", (60, 90)), (0.5, "/note_on", (60, 90)), (1.0, "/note_off", (60,))]
    assert level(render(events, 2.2), 2.0, 2.2) < -75.0


def test_velocity_zero_is_a_note_off() -> None:
    sound = render([(0.0, "/note_on", (60, 90)), (0.5, "/note_on", (60, 0))], 1.6)
    assert level(sound, 1.4, 1.6) < -75.0


def test_parts_hold_the_same_pitch_apart_and_have_their_own_voice() -> None:
    events = [
        (0.0, "/synth/voice", ("strings", "follower")),
        (0.0, "/note_on", (60, 90)),
        (0.0, "/note_on", (60, 90, "follower")),
        (0.3, "/note_off", (60,)),
    ]
    sound = render(events, 2.0)
    assert level(sound, 1.5, 2.0) > -45.0
    assert level(render([*events, (0.3, "/note_off", (60, "follower"))], 2.0), 1.7, 2.0) < -75.0


def test_volume_glides_to_silence() -> None:
    sound = render([(0.0, "/note_on", (60, 110)), (0.5, "/synth/gain", (0.0,))], 1.0)
    assert level(sound, 0.4, 0.5) > -40.0
    assert level(sound, 0.7, 1.0) < -80.0
    assert roughness(sound, 0.49, 0.6) <= 1.5 * roughness(sound, 0.3, 0.48)


def test_the_two_sides_differ_and_agree(voice: tuple) -> None:
    left, right = part(render([voice, (0.0, "/note_on", (60, 90))], 1.0), 0.1, 1.0)
    assert 0.05 < np.corrcoef(left, right)[0, 1] < 0.98


@settings(max_examples=300, deadline=None)
@given(
    st.binary(max_size=200)
    | st.binary(max_size=80).map(lambda tail: b"/note_on\0\0\0\0,ii\0" + tail)
    | st.binary(max_size=80).map(lambda tail: b"#bundle\0" + tail)
)
def test_no_datagram_breaks_the_receiver(datagram: bytes) -> None:
    heard: list = []
    receiver = Receiver.__new__(Receiver)
    receiver.bad, receiver._act = 0, lambda address, arguments: heard.append((address, arguments))
    receiver.receive(datagram)
    assert all(isinstance(address, str) for address, _ in heard)
    receiver.receive(b"/panic\0\0,\0\0\0")
    assert heard[-1] == ("/panic", [])


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        (60,),
        ("sixty", 80),
        (60, None),
        (60, float("nan")),
        (float("inf"), 80),
        (-1, 80),
        (128, 80),
        (60, 128),
        (60, True),
        ([60], 80),
        (60, 10**40),
    ],
)
def test_a_note_that_cannot_be_meant_is_refused(arguments: tuple) -> None:
    with pytest.raises(BadMessageError):
        note_arguments(arguments, 2)


@pytest.mark.parametrize(
    ("arguments", "meant"),
    [
        ((60, 80), ("", [60, 80])),
        ((60.0, 80.0), ("", [60, 80])),
        ((60, 80, "follower"), ("follower", [60, 80])),
        ((60, 80, 3), ("", [60, 80])),
        ((0, 127), ("", [0, 127])),
    ],
)
def test_a_note_is_read_as_meant(arguments: tuple, meant: tuple) -> None:
    assert note_arguments(arguments, 2) == meant


# ---- the process ----------------------------------------------------------------------------------------------


@pytest.fixture
def synth() -> Iterator[SynthProcess]:
    process = SynthProcess("null")
    process.start()
    wait_for(lambda: process.poll() and process.port, 20.0, "the synth's port")
    yield process
    leave(process)


def leave(process: SynthProcess) -> None:
    """Stop it and see that it really goes, by itself."""
    child = process._process
    before = time.perf_counter()
    process.stop()
    assert time.perf_counter() - before < 0.1, "stop waited"
    assert not process.alive
    wait_for(lambda: not child.is_alive(), 1.0, "the synth's end")
    process.poll()
    assert process._leaving == []


def loud(process: SynthProcess) -> Callable[[], bool]:
    return lambda: bool(process.poll()) and max(process.level) > 0.01


def test_the_child_plays_what_it_is_sent_and_reports_its_level(synth: SynthProcess) -> None:
    client = SimpleUDPClient("127.0.0.1", synth.port)
    client.send_message("/gen/params", [0.8, 0.8, 0.8])
    client.send_message("/nonsense", ["x"])
    client.send_message("/note_on", ["sixty"])
    client.send_message("/synth/gain", [float("nan")])
    client.send_message("/note_on", [60, 110])
    wait_for(loud(synth))
    assert max(synth.level) < 1.0
    client.send_message("/panic", [])
    wait_for(lambda: synth.poll() and max(synth.level) < 1e-3)


def test_start_returns_at_once_and_a_dead_child_can_be_started_again(synth: SynthProcess) -> None:
    os.kill(synth._process.pid, signal.SIGKILL)
    wait_for(lambda: not synth.alive)
    assert synth.poll() == [] or synth.port is None
    assert synth.port is None
    before = time.perf_counter()
    synth.start()
    assert time.perf_counter() - before < 0.5
    wait_for(lambda: synth.poll() and synth.port)
    SimpleUDPClient("127.0.0.1", synth.port).send_message("/note_on", [60, 110])
    wait_for(loud(synth))


def test_sigterm_ends_the_child_and_an_interrupt_does_not(synth: SynthProcess) -> None:
    os.kill(synth._process.pid, signal.SIGINT)
    SimpleUDPClient("127.0.0.1", synth.port).send_message("/note_on", [60, 110])
    wait_for(loud(synth))
    os.kill(synth._process.pid, signal.SIGTERM)
    wait_for(lambda: not synth.alive, 2.0)
    assert synth._process.exitcode == 0


def test_the_child_leaves_when_its_parent_is_killed() -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    pid, port = (int(word) for word in parent.stdout.readline().split())
    parent.kill()
    parent.wait()
    wait_for(lambda: free(port), 2.0)
    wait_for(lambda: not Path(f"/proc/{pid}").exists() or "Z" in Path(f"/proc/{pid}/stat").read_text(), 2.0)


PARENT = """
import time
from app.synth import SynthProcess
from tests.condition import wait_for
synth = SynthProcess("null")
synth.start()
while synth.port is None:
    synth.poll(); time.sleep(0.01)
print(synth._process.pid, synth.port, flush=True)
time.sleep(60)
"""


def free(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def test_it_can_be_stopped_and_started_at_once(synth: SynthProcess) -> None:
    first = synth._process
    synth.stop()
    synth.start()
    wait_for(lambda: synth.poll() and synth.port, 20.0, "the second port")
    assert synth._process is not first
    wait_for(lambda: not first.is_alive(), 2.0)
    assert first.exitcode == 0


def test_without_a_device_it_says_so_and_ends_cleanly() -> None:
    process = SynthProcess("no-such-backend")
    process.start()
    wait_for(lambda: not process.alive)
    process.poll()
    assert process.reason.startswith("no audio device:")
    assert process._process.exitcode == 0
    process.stop()


def test_a_taken_port_is_named() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        process = SynthProcess("null", port)
        process.start()
        wait_for(lambda: not process.alive)
        process.poll()
    assert str(port) in process.reason
    process.stop()


def test_it_can_be_started_by_hand() -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "app.synth", "--backend", "null"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        stderr=subprocess.DEVNULL,
    )
    words = [process.stdout.readline().split()[0] for _ in range(2)]
    process.terminate()
    assert words == ["backend", "ready"]
    assert process.wait(5.0) == 0


def test_the_child_drums_and_tells_of_a_file_it_cannot_use(synth: SynthProcess, tmp_path: Path) -> None:
    client = SimpleUDPClient("127.0.0.1", synth.port)
    client.send_message("/drum/effects", ["kick", "dist", 4.0, "lpf", 2000.0])
    client.send_message("/drum/kick", [100])
    wait_for(loud(synth))
    client.send_message("/drum/load", ["bell", str(tmp_path / "none.wav")])
    told: list = []
    wait_for(lambda: told.extend(report for report in synth.poll() if report[0] == "trouble") or told)
    assert "none.wav" in told[0][1]
    client.send_message("/drum/effects", ["kick", "dist", 1.0, "lpf", 100.0])
    client.send_message("/note_on", [48, 100, "bass"])
    wait_for(loud(synth))
