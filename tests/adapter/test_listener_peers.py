"""The Listener's patches for Pd, SuperCollider and Max: the first two play with the real program, Max's is read."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.adapter.program import ROOT, Client, Headless, osc
from tests.adapter.stage import free_port

PEERS = ROOT / "resources" / "peers"
HERE = ROOT / "tests" / "peer"
LEFT, RIGHT = (0.1, 0.9), (0.9, 0.2)


def needs(program: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(shutil.which(program) is None, reason=f"{program} is not installed")


class Loop:
    """The program, a peer that talks to it, and a client that moves the peer. Attributes: `client`."""

    def __init__(self, port: int) -> None:
        self.client = Client()
        self.control = free_port()
        self.program = Headless("--osc-out", f"127.0.0.1:{port}")
        self.program.tell("/listener/outputs", "classifier:2")
        self.program.tell("/listener/smoothing", 0)
        self.peer: subprocess.Popen[bytes] | None = None

    def say(self, address: str, *arguments: float) -> None:
        self.client.send(self.control, osc(address, *arguments))

    def frame(self, x: float, y: float) -> None:
        self.say("/frame", x, y)

    def teach(self) -> None:
        """Record two labels, train and answer, as often as it takes until the peer is there."""
        for label, place in ((1, LEFT), (2, RIGHT)):
            self.say("/record", label)
            for step in range(10):
                self.frame(place[0] + step / 200, place[1])
                self.client.wait(lambda: False, 0.005)
            self.say("/record", 0)
        self.say("/train")
        self.say("/play", 1)

    def hears(self, place: tuple[float, float], label: str) -> bool:
        """Send a frame again and again until the peer says the label; return whether it did."""

        def said() -> bool:
            return bool(self.client.got) and self.client.got[-1] == ("/label", label)

        for _ in range(15):
            self.frame(*place)
            if self.client.wait(said, 0.1):
                return True
        return False

    def end(self) -> None:
        if self.peer is not None:
            self.peer.kill()
            self.peer.wait()
        self.client.close()
        self.program.close()


class PdLoop(Loop):
    def frame(self, x: float, y: float) -> None:
        self.say("/x", x)
        self.say("/y", y)


@pytest.fixture
def pd() -> Iterator[Loop]:
    port = free_port()
    loop = PdLoop(port)
    tell = [f"listener-to {loop.program.osc}", f"listener-port {port}", f"echo-listen {loop.control}"]
    tell.append(f"echo-reply {loop.client.port}")
    loop.peer = subprocess.Popen(
        ["pd", "-nogui", "-noaudio", "-noprefs",
         "-open", str(PEERS / "listener.pd"), "-open", str(HERE / "listener.pd"),
         *(word for message in tell for word in ("-send", message))],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    yield loop
    loop.end()


@pytest.fixture
def sclang(tmp_path: Path) -> Iterator[Loop]:
    port = free_port()
    loop = Loop(port)
    environment = os.environ | {
        "QTWEBENGINE_DISABLE_SANDBOX": "1", "QT_QPA_PLATFORM": "offscreen", "XDG_RUNTIME_DIR": str(tmp_path),
        "UNDERSTUDY_TO": str(loop.program.osc), "UNDERSTUDY_PORT": str(port), "UNDERSTUDY_CONTROL": str(loop.control),
        "UNDERSTUDY_REPLY": str(loop.client.port), "UNDERSTUDY_PATCH": str(PEERS / "listener.scd"),
    }  # fmt: skip
    loop.peer = subprocess.Popen(
        ["sclang", "-u", str(free_port()), str(HERE / "listener.scd")], env=environment,
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    yield loop
    loop.end()


def perform(loop: Loop) -> None:
    """Teach two places through the peer and see its label follow."""
    # The peer takes its time to start: what it is told before is lost, and told again.
    for _ in range(30):
        loop.teach()
        if loop.hears(LEFT, "1"):
            break
    assert loop.hears(RIGHT, "2")
    assert loop.hears(LEFT, "1")


@pytest.mark.peer
@needs("pd")
def test_pd_teaches_and_hears(pd: Loop) -> None:
    perform(pd)


@pytest.mark.peer
@needs("sclang")
def test_supercollider_teaches_and_hears(sclang: Loop) -> None:
    perform(sclang)


def test_the_max_patch_is_whole() -> None:
    """Every cord leads from an outlet to an inlet that exist, and nothing but a comment is left unconnected."""
    patcher = json.loads((PEERS / "listener.maxpat").read_text())["patcher"]
    boxes = {entry["box"]["id"]: entry["box"] for entry in patcher["boxes"]}
    joined = set()
    for entry in patcher["lines"]:
        (source, outlet), (target, inlet) = entry["patchline"]["source"], entry["patchline"]["destination"]
        assert outlet < boxes[source]["numoutlets"], boxes[source]
        assert inlet < boxes[target]["numinlets"], boxes[target]
        joined |= {source, target}
    assert [box for name, box in boxes.items() if name not in joined and box["maxclass"] != "comment"] == []
    texts = [box.get("text", "") for box in boxes.values()]
    for wanted in ("udpsend 127.0.0.1 57120", "prepend /listener/in", "prepend /listener/record", "/listener/train",
                   "prepend /listener/play", "udpreceive 56120",
                   "route /listener/out /listener/label /listener/sure"):  # fmt: skip
        assert wanted in texts
