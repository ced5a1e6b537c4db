"""Real sound: a program that plays a tone into a JACK server without sound hardware, heard through PortAudio."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from ctypes.util import find_library
from importlib.util import find_spec

import numpy as np
import pytest

from app.device.audio_in import AudioIn, inputs
from app.device.midi_port import jack_server
from app.frame import Frame, MidiMessage
from app.inbox import Fault
from app.spectrum import RECIPES
from tests.condition import wait_for
from tests.peer_jack import JackServer, missing

TONE = "jack_simple_client"  # Plays a sine that repeats every 200 samples: 240 Hz at 48 kHz.


def absent() -> str:
    """Return why sound cannot be tested here, "" if it can."""
    if missing() or shutil.which(TONE) is None:
        return missing() or f"{TONE} is not installed (apt-get install jackd2)"
    if find_spec("sounddevice") is None or find_library("portaudio") is None:
        return "sounddevice or PortAudio is not installed (pip install sounddevice, apt-get install libportaudio2)"
    return ""


pytestmark = [pytest.mark.peer, pytest.mark.skipif(bool(absent()), reason=absent() or "-")]


@pytest.fixture
def server() -> Iterator[JackServer]:
    server = JackServer()
    server.start()
    yield server
    server.close()


class Tone:
    """The program that plays."""

    def __init__(self, server: JackServer) -> None:
        wait_for(jack_server, 15, "the server")
        command = [TONE, "stage tone", server.name]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        wait_for(lambda: "stage tone:output1" in self._ports(), 15, "the tone's ports")

    @staticmethod
    def _ports() -> str:
        return subprocess.run(["jack_lsp"], capture_output=True, text=True, check=False).stdout

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        self._process.send_signal(how)
        self._process.wait(10)


class Ear:
    """An input. Attributes: `audio`, `items` (put so far)."""

    def __init__(self, recipe: str = "full") -> None:
        self.items: list[Frame | MidiMessage | Fault] = []
        self.audio = AudioIn(self.items.append, "stage tone", RECIPES[recipe], retry_s=0.1)
        self.audio.open()

    @property
    def frames(self) -> list[Frame]:
        return [item for item in self.items if isinstance(item, Frame)]

    def value(self, name: str) -> float:
        return float(self.frames[-1].values[RECIPES["full"].names.index(name)])


@pytest.fixture
def tone(server: JackServer) -> Iterator[Tone]:
    tone = Tone(server)
    yield tone
    tone.stop()


def test_a_tone_is_heard_at_its_pitch_and_rate(tone: Tone) -> None:
    ear = Ear()
    wait_for(lambda: len(ear.frames) >= 10, 15, "frames")
    began, so_far = time.perf_counter(), len(ear.frames)
    wait_for(lambda: len(ear.frames) >= so_far + 90, 15, "about a second of frames")
    passed = time.perf_counter() - began
    state = ear.audio.check()
    ear.audio.close()
    assert (state.state, state.text) == ("open", "stage tone (JACK Audio Connection Kit)")
    assert ear.value("pitch") == pytest.approx(69 + 12 * np.log2(240 / 440), abs=0.05)
    assert ear.value("clarity") > 0.95
    assert ear.value("rms") > 0.05
    steps = np.diff([frame.seconds for frame in ear.frames])
    assert np.median(steps) == pytest.approx(512 / 48_000, rel=0.2)
    print(f"JACK: 90 frames in {passed:.2f} s (0.96 s of sound), {ear.audio.overflows} overflows")


def test_a_source_that_ends_is_told_and_heard_again_when_it_is_back(server: JackServer) -> None:
    tone = Tone(server)
    ear = Ear()
    wait_for(lambda: ear.frames and ear.value("rms") > 0.05, 15, "the tone")
    tone.stop(signal.SIGKILL)
    wait_for(lambda: ear.value("rms") < 1e-6 or ear.audio.check().state == "waiting", 10, "silence")
    ear.audio.close()
    again = Tone(server)
    ear.audio.open()
    wait_for(lambda: ear.frames and ear.value("rms") > 0.05, 15, "the tone again")
    ear.audio.close()
    again.stop()


def test_a_dead_server_is_told_and_its_successor_used(server: JackServer) -> None:
    tone = Tone(server)
    ear = Ear()
    wait_for(lambda: ear.frames, 15, "the tone")
    server.stop()
    tone.stop(signal.SIGKILL)
    wait_for(lambda: ear.audio.check().state == "waiting", 15, "the loss")
    server.start()
    again = Tone(server)
    heard = len(ear.frames)
    wait_for(lambda: len(ear.frames) > heard, 20, "the tone again")
    ear.audio.close()
    again.stop()


def test_what_plays_is_listed(tone: Tone) -> None:
    assert "stage tone (JACK Audio Connection Kit)" in inputs()


def test_without_any_sound_system_it_waits(server: JackServer) -> None:
    os.environ["JACK_DEFAULT_SERVER"] = "nobody"
    ear = Ear()
    wait_for(lambda: ear.audio.check().text == "waiting for stage tone", 15, "the reason")
    ear.audio.close()
    assert not ear.frames
