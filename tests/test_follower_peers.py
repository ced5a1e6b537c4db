"""The Follower's patches, run in the real programs where these are installed: what they hear, and what sounds."""

from __future__ import annotations

import os
import socket
import subprocess
import wave
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from pythonosc.osc_message import OscMessage
from pythonosc.udp_client import SimpleUDPClient

from tests.condition import wait_for
from tests.test_peers import HERE, PEERS, START_S, ended, free_port, needs

Message = tuple[str, list[object]]


@pytest.fixture
def answers() -> Iterator[socket.socket]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as receiver:
        receiver.bind(("127.0.0.1", 0))
        receiver.settimeout(0.2)
        yield receiver


def told(answers: socket.socket) -> Message | None:
    """The next thing a peer says, None if it says nothing for a while."""
    try:
        message = OscMessage(answers.recv(1000))
    except TimeoutError:
        return None
    return message.address, list(message.params)


def says(answers: socket.socket, ask: Callable[[], None], wanted: Message) -> None:
    """Ask again and again until the peer says what is wanted."""

    def asked() -> bool:
        ask()
        return told(answers) == wanted

    wait_for(asked, START_S, f"{wanted} from the peer")


@pytest.mark.peer
@needs("pd")
def test_pd_hears_the_follower(answers: socket.socket) -> None:
    port, reply = free_port(), answers.getsockname()[1]
    process = subprocess.Popen(
        [
            "pd",
            "-nogui",
            "-noaudio",
            "-noprefs",
            "-path",
            str(PEERS),
            "-open",
            str(PEERS / "follower.pd"),
            "-open",
            str(HERE / "follower.pd"),
            "-send",
            f"follower-port {port}",
            "-send",
            f"echo-reply {reply}",
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    notes = SimpleUDPClient("127.0.0.1", port)
    try:
        says(answers, lambda: notes.send_message("/drum/kick", 100), ("/hit", ["kick", 100.0]))
        while told(answers) is not None:
            continue
        for address, arguments, heard in (
            ("/note_on", [60.5, 90, "lead"], ("/lead", ["on", 60.5, 90.0])),
            ("/note_on", [60, 90], None),
            ("/note_on", [40, 80, "bass"], ("/bass", ["on", 40.0, 80.0])),
            ("/note_off", [60, "lead"], ("/lead", ["off", 60.0])),
            ("/note_off", [36, "drums"], None),
            ("/lead/cut", [300.0], ("/lead", ["cut", 300.0])),
            ("/drum/effects", ["kick", "dist", 2.0], ("/effects", ["kick", "dist", 2.0])),
        ):
            notes.send_message(address, arguments)
            assert told(answers) == heard
    finally:
        ended(process)


@pytest.mark.peer
@needs("sclang")
def test_supercollider_hears_the_follower_and_can_build_its_sounds(answers: socket.socket, tmp_path: Path) -> None:
    port = free_port()
    environment = os.environ | {
        "QTWEBENGINE_DISABLE_SANDBOX": "1",
        "QT_QPA_PLATFORM": "offscreen",
        "XDG_RUNTIME_DIR": str(tmp_path),
        "UNDERSTUDY_PORT": str(port),
        "UNDERSTUDY_REPLY": str(answers.getsockname()[1]),
        "UNDERSTUDY_PATCH": str(PEERS / "follower.scd"),
    }
    process = subprocess.Popen(
        ["sclang", "-u", str(free_port()), str(HERE / "follower.scd")],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    notes = SimpleUDPClient("127.0.0.1", port)

    def asked() -> list[object] | None:
        notes.send_message("/ask", [])
        answer = told(answers)
        return answer[1] if answer else None

    try:
        wait_for(lambda: asked() is not None, START_S, "sclang's first answer")
        while told(answers) is not None:
            continue
        for address, arguments in (
            ("/drum/kick", [100]),
            ("/drum/kick", [0]),
            ("/note_on", [60.5, 100, "lead"]),
            ("/note_on", [70, 100]),
            ("/note_on", [40, 100, "bass"]),
            ("/note_off", [41, "bass"]),
            ("/lead/cut", [300.0]),
            ("/drum/effects", ["snare", "dist", 2.0, "lpf", 300.0]),
        ):
            notes.send_message(address, arguments)
        hits, lead, bass, cut, words, smallest = asked() or []
        assert (hits, lead, bass, cut, words) == (1, 60.5, 40, 300.0, 4)
        assert smallest > 100, "a SynthDef that cannot be built has no bytes"
        notes.send_message("/note_off", [60, "lead"])
        assert (asked() or [])[1:3] == [-1, 40]
        notes.send_message("/panic", [])
        assert (asked() or [])[1:3] == [-1, -1]
    finally:
        ended(process)


@pytest.mark.peer
@needs("pd")
def test_pd_sounds_drums_lead_and_bass(tmp_path: Path) -> None:
    """In Pd's own time: four drums, a lead let go, a bass cut by a panic, a note of the Composer, a dark lead."""
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
            str(PEERS / "follower.pd"),
            "-open",
            str(HERE / "record-follower.pd"),
            "-send",
            f"record-to symbol {file}",
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        timeout=60,
        check=True,
    )
    for complaint in ("couldn't create", "no such object", "no method", "out of range"):
        assert complaint not in run.stderr
    with wave.open(str(file)) as recording:
        rate = recording.getframerate()
        sound = np.frombuffer(recording.readframes(recording.getnframes()), "<i2") / 32768.0

    def loudness(start: float, end: float) -> float:
        return float(np.sqrt((sound[int(start * rate) : int(end * rate)] ** 2).mean()))

    def centre(start: float, end: float) -> float:
        piece = sound[int(start * rate) : int(end * rate)]
        power = np.abs(np.fft.rfft(piece)) ** 2
        return float((power * np.fft.rfftfreq(piece.size, 1 / rate)).sum() / power.sum())

    assert loudness(0.0, 0.19) == 0.0
    for start, low, high in ((0.2, 40, 400), (0.7, 6000, 22_000), (1.0, 300, 8000), (1.3, 6000, 22_000)):
        assert loudness(start, start + 0.03) > 0.02
        assert low < centre(start, start + 0.1) < high
    assert loudness(1.4, 1.5) > 0.01 > loudness(0.8, 0.9), "the open hat rings, the closed one does not"
    assert loudness(2.0, 2.4) > 0.02
    assert loudness(2.5, 2.7) < 1e-3, "let go"
    assert loudness(2.95, 3.15) > 0.02, "only its own note-off ends a note"
    assert loudness(3.25, 3.7) < 1e-4, "panic, and the Composer's note is not for this patch"
    assert centre(3.8, 4.2) < 0.7 * centre(2.0, 2.4)
    assert np.abs(sound).max() < 0.95
