"""The first minute on a real screen: the program under Xvfb, real keys and clicks, notes heard over UDP."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.test_headless import LIMIT_S, ROOT, Peer

MISSING = [name for name in ("Xvfb", "xdotool") if shutil.which(name) is None]
pytestmark = [
    pytest.mark.peer,
    pytest.mark.skipif(bool(MISSING), reason=f"not installed: {', '.join(MISSING)}"),
]
SCREEN = "1280x800x24"


class Screen:
    """A virtual screen with the program on it. Attributes: `peer`, `port`, `program`, `environment`."""

    def __init__(self, data: Path) -> None:
        self.peer = Peer()
        self.server = subprocess.Popen(
            ["Xvfb", "-displayfd", "1", "-screen", "0", SCREEN], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        assert self.server.stdout is not None
        display = f":{self.server.stdout.readline().decode().strip()}"
        platform = {"DISPLAY": display, "QT_QPA_PLATFORM": "xcb", "XDG_DATA_HOME": str(data)}
        self.environment = {**os.environ, **platform}
        self.port = self._free_port()
        options = ["--osc-in", str(self.port), "--osc-out", f"127.0.0.1:{self.peer.port}", "--synth", "off"]
        self.program = subprocess.Popen(
            [sys.executable, "main.py", "--seed", "5", *options],
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        self.window = self._find_window()

    @staticmethod
    def _free_port() -> int:
        peer = Peer()
        peer.close()
        return peer.port

    def tool(self, *arguments: str) -> str:
        done = subprocess.run(
            ["xdotool", *arguments], env=self.environment, capture_output=True, text=True, timeout=LIMIT_S, check=False
        )
        return done.stdout.strip()

    def _find_window(self) -> str:
        end = time.perf_counter() + LIMIT_S
        while time.perf_counter() < end:
            found = self.tool("search", "--onlyvisible", "--name", "Understudy").splitlines()
            if found:
                self.tool("windowfocus", found[-1])
                return found[-1]
            time.sleep(0.1)
        raise AssertionError("no window appeared")

    def key(self, name: str) -> None:
        self.tool("key", name)

    def value(self, address: str) -> float | str:
        before = self.peer.count(address)
        self.peer.send(self.port, "/get", address)
        assert self.peer.wait(lambda: self.peer.count(address) > before)
        found = [message.params[0] for _, message in self.peer.got if message.address == address]
        return found[-1]  # type: ignore[no-any-return]

    def becomes(self, address: str, wanted: float) -> bool:
        """Ask until a value is what a key should have made it."""
        end = time.perf_counter() + LIMIT_S
        while time.perf_counter() < end:
            found = self.value(address)
            if isinstance(found, float | int) and abs(found - wanted) < 1e-6:
                return True
        return False

    def close(self) -> None:
        if self.program.poll() is None:
            self.program.terminate()
        self.program.communicate(timeout=LIMIT_S)
        self.server.terminate()
        self.server.wait(LIMIT_S)
        self.peer.close()


@pytest.fixture
def screen(tmp_path: Path) -> Iterator[Screen]:
    made = Screen(tmp_path)
    yield made
    made.close()


def test_space_plays_keys_bend_c_switches_f1_turns_q_asks(screen: Screen) -> None:
    screen.key("space")
    assert screen.peer.wait(lambda: screen.peer.count("/note_on") > 4)
    for name in ("t", "t", "t", "f", "i"):
        screen.key(name)
    assert screen.becomes("/composer/temperature", 1.1)
    assert screen.becomes("/composer/density", 0.7)
    assert screen.becomes("/composer/intensity", 0.9)
    first = screen.value("/composer/model")
    screen.key("c")
    assert isinstance(first, int | float)
    assert screen.becomes("/composer/model", first + 1)
    screen.key("F1")
    assert screen.becomes("/window/view", 0)
    screen.key("F2")
    assert screen.becomes("/window/view", 1)
    screen.key("ctrl+period")
    assert screen.peer.wait(lambda: screen.peer.count("/panic") > 0 and not screen.peer.held)
    screen.key("q")
    screen.program.wait(LIMIT_S)
    assert screen.program.returncode == 0


def test_a_drag_on_a_fader_moves_it_and_ctrl_z_takes_it_back(screen: Screen) -> None:
    before = screen.value("/composer/density")
    # The second bar on Stage; where it is follows from the layout at this size.
    x, y = 200, 285
    screen.tool("mousemove", str(x), str(y), "mousedown", "1")
    for step in range(1, 9):
        screen.tool("mousemove", str(x - step * 15), str(y))
    screen.tool("mouseup", "1")
    end = time.perf_counter() + LIMIT_S
    while screen.value("/composer/density") == before and time.perf_counter() < end:
        time.sleep(0.05)
    assert screen.value("/composer/density") != before
    screen.key("ctrl+z")
    assert screen.becomes("/composer/density", float(before))
