"""The SuperCollider file, in the real program: presets arrive in a node proxy, one call asks for one."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from pythonosc.osc_message import OscMessage
from pythonosc.udp_client import SimpleUDPClient

from tests.condition import wait_for

ROOT = Path(__file__).resolve().parents[3]
START_S = 40.0
needs_sclang = pytest.mark.skipif(shutil.which("sclang") is None, reason="sclang is not installed")


def free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def receiver() -> socket.socket:
    made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    made.bind(("127.0.0.1", 0))
    made.settimeout(0.3)
    return made


@dataclass
class Peer:
    """A running sclang: `presets` is where it listens, `control` moves it, `asked` is us, as it asks for presets."""

    presets: SimpleUDPClient
    control: SimpleUDPClient
    answers: socket.socket
    asked: socket.socket

    def value(self, name: str) -> float | None:
        self.control.send_message("/read", name)
        try:
            told, number = OscMessage(self.answers.recv(1000)).params
        except TimeoutError:
            return None
        return float(number) if told == name else None


@pytest.fixture
def peer(tmp_path: Path) -> Iterator[Peer]:
    answers, asked = receiver(), receiver()
    port, control = free_port(), free_port()
    environment = os.environ | {
        "QTWEBENGINE_DISABLE_SANDBOX": "1",
        "QT_QPA_PLATFORM": "offscreen",
        "XDG_RUNTIME_DIR": str(tmp_path),
        "UNDERSTUDY_PORT": str(port),
        "UNDERSTUDY_CONTROL": str(control),
        "UNDERSTUDY_REPLY": str(answers.getsockname()[1]),
        "UNDERSTUDY_TO": str(asked.getsockname()[1]),
        "UNDERSTUDY_PATCH": str(ROOT / "resources" / "peers" / "rules.scd"),
    }
    process = subprocess.Popen(
        ["sclang", "-u", str(free_port()), str(ROOT / "tests" / "peer" / "rules.scd")],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    made = Peer(SimpleUDPClient("127.0.0.1", port), SimpleUDPClient("127.0.0.1", control), answers, asked)
    wait_for(lambda: made.value("freq") is not None, START_S, "sclang's first answer")
    yield made
    process.terminate()
    try:
        process.wait(3.0)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    answers.close()
    asked.close()


@pytest.mark.peer
@needs_sclang
def test_supercollider_takes_presets_and_asks_for_them(peer: Peer) -> None:
    peer.presets.send_message("/rules/preset", [60, 8, 1200, 0.25, 0.5, 0.75])
    wait_for(lambda: peer.value("freq") == 60.0, 5.0, "the first knob")
    assert [peer.value(name) for name in ("harm", "cutoff", "res", "mix")] == [8.0, 1200.0, 0.25, 0.75]
    peer.presets.send_message("/rules/preset", [72])  # Too short: what is there is set, nothing breaks.
    wait_for(lambda: peer.value("freq") == 72.0, 5.0, "the knob of a short preset")
    assert peer.value("mix") == 0.75
    peer.control.send_message("/ask", ["rain", "r"])
    asked = OscMessage(peer.asked.recv(1000))
    assert (asked.address, asked.params) == ("/rules/call", ["rain", "r", "set"])
    peer.control.send_message("/ask", ["rain", 3])
    assert OscMessage(peer.asked.recv(1000)).params == ["rain", "3", "set"]
