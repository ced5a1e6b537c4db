"""Real MIDI in: keys of a second client on a JACK server, unplugged and plugged in again, and a server that dies."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Iterator

import numpy as np
import pytest

from app.device.midi_in import MidiIn
from app.frame import Frame, MidiMessage
from app.inbox import Fault
from app.transport import WallClock
from tests.condition import wait_for
from tests.peer_jack import JackPeer, JackServer, missing

pytestmark = [pytest.mark.peer, pytest.mark.skipif(bool(missing()), reason=missing() or "-")]

KEYS = """
import sys, time, rtmidi
end = time.perf_counter() + 15
while True:
    try:
        port = rtmidi.MidiOut(rtmidi.API_UNIX_JACK, sys.argv[1])
        break
    except OSError:
        if time.perf_counter() > end:
            raise
        time.sleep(0.1)
port.open_virtual_port("out")
print("ready", flush=True)
for line in sys.stdin:
    port.send_message(bytes.fromhex(line))
    print(time.perf_counter(), flush=True)
port.close_port()
port.delete()
"""


class Keys:
    """A keyboard in another process. Attributes: `sent` (times of sending)."""

    def __init__(self, name: str) -> None:
        self.sent: list[float] = []
        self._process = subprocess.Popen(
            [sys.executable, "-c", KEYS, name], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self._line() == "ready"

    def _line(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()

    def play(self, *messages: tuple[int, ...]) -> None:
        assert self._process.stdin is not None
        for message in messages:
            self._process.stdin.write(bytes(message).hex() + "\n")
            self._process.stdin.flush()
            self.sent.append(float(self._line()))

    def kill(self) -> None:
        """Pull the cable."""
        self._process.kill()
        self._process.wait()

    def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(10)


class Rig:
    """Attributes: `midi`, `items` (put so far)."""

    def __init__(self, port: str, *features: str, virtual: bool = False) -> None:
        self.items: list[Frame | MidiMessage | Fault] = []
        self.midi = MidiIn(self.items.append, WallClock(), port, features, virtual=virtual)
        self.midi.open()

    @property
    def messages(self) -> list[MidiMessage]:
        return [item for item in self.items if isinstance(item, MidiMessage)]

    @property
    def frames(self) -> list[list[float]]:
        return [item.values.tolist() for item in self.items if isinstance(item, Frame)]

    def wait_state(self, state: str, limit_s: float = 15.0) -> str:
        wait_for(lambda: self.midi.check().state == state, limit_s, f"state {state}")
        return self.midi.check().text


@pytest.fixture
def server() -> Iterator[JackServer]:
    server = JackServer()
    server.start()
    yield server
    server.close()


def test_every_message_arrives_soon_and_in_order(server: JackServer) -> None:
    keys = Keys("stage keys")
    rig = Rig("stage keys", "cc21", "note60")
    assert rig.wait_state("open") == "stage keys:out"
    played = [(0xB0, 21, value) for value in range(100)] + [(0x90, 60, 100), (0x80, 60, 0)]
    keys.play(*played)
    wait_for(lambda: len(rig.messages) == len(played))
    assert [message.data for message in rig.messages] == played
    late_ms = np.array([one.seconds - sent for one, sent in zip(rig.messages, keys.sent, strict=True)]) * 1000
    print(f"JACK: sent to heard, median {np.median(late_ms):.2f}, most {late_ms.max():.2f} ms (block 5.3 ms)")
    assert np.median(late_ms) < 20
    assert rig.frames[-3:] == [[np.float32(99 / 127), 0], [np.float32(99 / 127), 1], [np.float32(99 / 127), 0]]
    rig.midi.close()
    keys.close()


def test_unplugged_keys_are_let_go_and_heard_again_when_they_are_back(server: JackServer) -> None:
    keys = Keys("stage keys")
    rig = Rig("stage keys", "note60")
    rig.wait_state("open")
    keys.play((0x90, 60, 100))
    wait_for(lambda: rig.frames == [[1.0]])
    keys.kill()
    assert rig.wait_state("waiting") == "waiting for stage keys"
    assert rig.frames[-1] == [0.0]
    again = Keys("stage keys")
    rig.wait_state("open")
    again.play((0x90, 60, 1))
    wait_for(lambda: rig.frames[-1] == [1.0])
    rig.midi.close()
    again.close()


def test_a_dead_server_is_survived_and_its_successor_used(server: JackServer) -> None:
    keys = Keys("stage keys")
    rig = Rig("stage keys")
    rig.wait_state("open")
    server.stop()
    began = time.perf_counter()
    assert rig.wait_state("waiting") == "waiting for a MIDI system (ALSA or JACK); none runs here"
    assert time.perf_counter() - began < 5
    keys.kill()
    server.start()
    again = Keys("stage keys")
    rig.wait_state("open", 20)
    again.play((0x90, 60, 1))
    wait_for(lambda: bool(rig.messages))
    rig.midi.close()
    again.close()


def test_a_virtual_port_can_be_connected_to(server: JackServer) -> None:
    rig = Rig("", virtual=True)
    rig.wait_state("open")
    listing = subprocess.run(["jack_lsp"], capture_output=True, text=True, check=True).stdout
    assert re.search(r"^Understudy( \d+)? in:Understudy$", listing, re.MULTILINE)
    rig.midi.close()


def test_without_a_name_it_takes_the_first_that_is_not_ours(server: JackServer) -> None:
    peer = JackPeer("listener")  # Has no port to hear from, so the server is up and there is nothing to take.
    rig = Rig("")
    assert rig.midi.check().text in ("waiting for a MIDI port; connect an instrument", "system:midi_capture_1")
    keys = Keys("stage keys")
    wait_for(lambda: rig.midi.check().state == "open", 15)
    assert "Understudy" not in rig.midi.where
    rig.midi.close()
    keys.close()
    peer.close()
