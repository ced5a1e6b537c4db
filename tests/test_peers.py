"""The patches we ship, run in the real programs where they are installed, and read as text where they cannot run."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import time
import wave
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from pythonosc.osc_message import OscMessage
from pythonosc.udp_client import SimpleUDPClient

from app.synth import SynthProcess
from tests.condition import wait_for

ROOT = Path(__file__).parent.parent
PEERS = ROOT / "resources" / "peers"
HERE = Path(__file__).parent / "peer"
START_S = 25.0


def needs(program: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(shutil.which(program) is None, reason=f"{program} is not installed")


def free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Peer:
    """A running peer: `notes` sends it music, `voice` asks it what a pitch is doing."""

    def __init__(self, notes_port: int, ask_port: int, answers: socket.socket) -> None:
        self.notes = SimpleUDPClient("127.0.0.1", notes_port)
        self._ask = SimpleUDPClient("127.0.0.1", ask_port)
        self._answers = answers

    def voice(self, pitch: int) -> float | None:
        """The level of a pitch's voice as the peer tells it; None while it does not answer."""
        self._ask.send_message("/ask", pitch)
        end = time.perf_counter() + 0.2
        while time.perf_counter() < end:
            try:
                told, level = OscMessage(self._answers.recv(1000)).params
            except TimeoutError:
                return None
            if told == pitch:
                return float(level)
        return None

    def settles(self, pitch: int, level: float) -> None:
        wait_for(lambda: self.voice(pitch) == pytest.approx(level, abs=1e-3), 5.0, f"level {level} of {pitch}")


@pytest.fixture
def answers() -> Iterator[socket.socket]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as receiver:
        receiver.bind(("127.0.0.1", 0))
        receiver.settimeout(0.2)
        yield receiver


def ended(process: subprocess.Popen) -> None:
    process.terminate()
    try:
        process.wait(3.0)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@pytest.fixture
def pd(answers: socket.socket) -> Iterator[Peer]:
    port, ask_port, reply = free_port(), free_port(), answers.getsockname()[1]
    tell = [f"composer-port {port}", f"echo-listen {ask_port}", f"echo-reply {reply}"]
    process = subprocess.Popen(
        [
            "pd",
            "-nogui",
            "-noaudio",
            "-noprefs",
            "-path",
            str(PEERS),
            "-open",
            str(PEERS / "composer.pd"),
            "-open",
            str(HERE / "echo.pd"),
            *(word for message in tell for word in ("-send", message)),
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    peer = Peer(port, ask_port, answers)
    wait_for(lambda: peer.voice(60) is not None, START_S, "Pd's first answer")
    yield peer
    ended(process)


@pytest.fixture
def sclang(answers: socket.socket, tmp_path: Path) -> Iterator[Peer]:
    port, reply = free_port(), answers.getsockname()[1]
    environment = os.environ | {
        "QTWEBENGINE_DISABLE_SANDBOX": "1",
        "QT_QPA_PLATFORM": "offscreen",
        "XDG_RUNTIME_DIR": str(tmp_path),
        "UNDERSTUDY_PORT": str(port),
        "UNDERSTUDY_REPLY": str(reply),
        "UNDERSTUDY_PATCH": str(PEERS / "composer.scd"),
    }
    process = subprocess.Popen(
        ["sclang", "-u", str(free_port()), str(HERE / "echo.scd")],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    peer = Peer(port, port, answers)
    wait_for(lambda: peer.voice(60) is not None, START_S, "sclang's first answer")
    yield peer
    ended(process)


@pytest.mark.peer
@needs("pd")
def test_pd_understands_the_composer(pd: Peer) -> None:
    perform(pd, lambda velocity: (velocity / 127) ** 1.6)


@pytest.mark.peer
@needs("sclang")
def test_supercollider_understands_the_composer(sclang: Peer) -> None:
    perform(sclang, float)


def perform(peer: Peer, level: object) -> None:
    """A short score through every address; `level` is the peer's answer to a velocity."""
    peer.settles(60, 0.0)
    peer.notes.send_message("/gen/token", "60,64,67")
    peer.notes.send_message("/gen/active", 3)
    peer.notes.send_message("/gen/params", [0.8, 0.7, 0.9])
    peer.notes.send_message("/note_on", [60, 90])
    peer.settles(60, level(90))
    peer.settles(61, 0.0)
    peer.notes.send_message("/note_vel", [60, 33])
    peer.settles(60, level(33))
    peer.notes.send_message("/note_on", [60, 101])
    peer.settles(60, level(101))
    peer.notes.send_message("/note_off", 60)
    peer.settles(60, 0.0)
    peer.notes.send_message("/note_vel", [60, 80])
    peer.notes.send_message("/note_on", [127, 64])
    peer.settles(127, level(64))
    assert peer.voice(60) == 0.0, "a swell of a note not held was heard"
    peer.notes.send_message("/note_on", [127, 0])
    peer.settles(127, 0.0)
    for pitch in (0, 64, 67):
        peer.notes.send_message("/note_on", [pitch, 80])
    for pitch in (0, 64, 67):
        peer.settles(pitch, level(80))
    peer.notes.send_message("/panic", [])
    for pitch in (0, 64, 67):
        peer.settles(pitch, 0.0)


@pytest.mark.peer
@needs("pd")
def test_pd_sounds_swells_and_falls_silent(tmp_path: Path) -> None:
    """In Pd's own time: struck softly at 0.2 s, swells at 1.2 s, let go at 2.2 s."""
    file = tmp_path / "sound.wav"
    run = subprocess.run(
        [
            "pd",
            "-stderr",
            "-batch",
            "-nogui",
            "-noprefs",
            "-r",
            "44100",
            "-path",
            str(PEERS),
            "-open",
            str(PEERS / "composer.pd"),
            "-open",
            str(HERE / "record.pd"),
            "-send",
            f"record-to symbol {file}",
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        timeout=60,
        check=True,
    )
    assert "couldn't create" not in run.stderr
    assert "no such object" not in run.stderr
    with wave.open(str(file)) as recording:
        rate = recording.getframerate()
        sound = np.frombuffer(recording.readframes(recording.getnframes()), "<i2") / 32768.0

    def loudness(start: float, end: float) -> float:
        return float(np.sqrt((sound[int(start * rate) : int(end * rate)] ** 2).mean()))

    assert loudness(0.0, 0.19) == 0.0
    assert loudness(0.3, 1.1) > 0.001
    assert loudness(1.4, 2.1) > 3.0 * loudness(0.3, 1.1)
    assert loudness(2.7, 2.95) == 0.0
    assert np.abs(sound).max() < 0.9
    bend = np.abs(np.diff(sound, 2))
    assert bend[int(1.15 * rate) : int(1.3 * rate)].max() <= 1.5 * bend[int(1.4 * rate) : int(2.1 * rate)].max()


@pytest.fixture
def jack(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A JACK server without hardware, under a name of its own."""
    name = f"understudy{os.getpid()}"
    monkeypatch.setenv("JACK_DEFAULT_SERVER", name)
    monkeypatch.setenv("JACK_NO_START_SERVER", "1")
    process = subprocess.Popen(
        ["jackd", "-n", name, "-r", "-d", "dummy", "-r", "44100", "-p", "256"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    yield
    ended(process)


@pytest.mark.peer
@needs("jackd")
def test_the_synth_plays_through_jack(jack: None) -> None:
    synth = SynthProcess("jack")

    def ready() -> bool:
        if not synth.alive:  # the JACK server may need a moment
            synth.start()
        synth.poll()
        return synth.port is not None

    wait_for(ready, START_S, "the synth on JACK")
    SimpleUDPClient("127.0.0.1", synth.port).send_message("/note_on", [60, 110])
    wait_for(lambda: synth.poll() and max(synth.level) > 0.05, 5.0, "a note's level")
    assert max(synth.level) < 1.0
    synth.stop()


# ---- Max cannot be run here: its files are checked as what they are -------------------------------------------


@pytest.mark.parametrize("name", ["composer.maxpat", "composer-voice.maxpat", "follower.maxpat"])
def test_a_max_patch_is_whole(name: str) -> None:
    """Every cord leads from an outlet to an inlet that exist, and nothing but a comment is left unconnected."""
    patcher = json.loads((PEERS / name).read_text())["patcher"]
    boxes = {entry["box"]["id"]: entry["box"] for entry in patcher["boxes"]}
    assert len(boxes) == len(patcher["boxes"])
    joined = set()
    for entry in patcher["lines"]:
        (source, outlet), (target, inlet) = entry["patchline"]["source"], entry["patchline"]["destination"]
        assert outlet < boxes[source]["numoutlets"], boxes[source]
        assert inlet < boxes[target]["numinlets"], boxes[target]
        joined |= {source, target}
    loose = [box for identity, box in boxes.items() if identity not in joined and box["maxclass"] != "comment"]
    assert loose == []
    for box in boxes.values():
        assert len(box.get("outlettype", [])) == box["numoutlets"], box


def test_the_max_patch_listens_for_every_address() -> None:
    patcher = json.loads((PEERS / "composer.maxpat").read_text())["patcher"]
    texts = [entry["box"].get("text", "") for entry in patcher["boxes"]]
    route = next(text for text in texts if text.startswith("route "))
    wanted = ["/note_on", "/note_off", "/note_vel", "/panic", "/gen/token", "/gen/active", "/gen/params"]
    assert route.split()[1:] == wanted
    assert "udpreceive 56120" in texts
    assert any(text.startswith("poly~ composer-voice ") for text in texts)
