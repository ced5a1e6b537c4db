"""Real MIDI bytes: the dispatcher process and a second client on a JACK server."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator

import pytest

from app.command import Configure, Panic, Ping, Play, Reply, Status
from app.device.base import DeviceSpec
from app.device.midi_port import PortList
from app.dispatcher_process import DispatcherProcess
from app.event import Control, Event, NoteOff, NoteOn, NoteVelocity
from tests.condition import wait_for
from tests.peer_jack import JackPeer, JackServer, missing
from tests.receiver import Receiver

pytestmark = [pytest.mark.peer, pytest.mark.skipif(bool(missing()), reason=missing() or "-")]


@pytest.fixture
def server() -> Iterator[JackServer]:
    server = JackServer()
    server.start()
    yield server
    server.close()


@pytest.fixture
def peer(server: JackServer) -> Iterator[JackPeer]:
    peer = JackPeer("stage piano")
    yield peer
    peer.close()


class Rig:
    """A dispatcher process with a MIDI and an OSC port. Attributes: `process`, `replies`, `osc`."""

    def __init__(self, **options: int | str | tuple) -> None:
        self.osc = Receiver()
        self.replies: list[Reply] = []
        self.process = DispatcherProcess()
        self.process.start()
        spec = DeviceSpec("osc", "osc", (("port", self.osc.port),))
        self.process.send(Configure((DeviceSpec("midi", "midi", tuple(sorted(options.items()))), spec)))

    def play(self, *events: Event) -> None:
        self.process.send_all([Play(0.0, ("midi", "osc"), event) for event in events])

    def states(self) -> list[tuple[str, str]]:
        """Ping, and return (state, text) of the MIDI port so far."""
        self.process.send(Ping())
        self.replies += self.process.poll()
        return [(r.state, r.text) for r in self.replies if isinstance(r, Status) and r.device == "midi"]

    def wait_state(self, state: str, limit_s: float = 10.0) -> str:
        """Wait for the last state to be this; return its text."""
        wait_for(lambda: self.states() and self.states()[-1][0] == state, limit_s, f"state {state}")
        return self.states()[-1][1]

    def close(self) -> None:
        self.process.stop()
        self.osc.close()


@pytest.fixture
def rig(peer: JackPeer) -> Iterator[Rig]:
    rig = Rig(port="stage piano", channel=3, channels=(("bass", 10),))
    yield rig
    rig.close()


def test_every_kind_of_event_arrives_as_its_bytes(peer: JackPeer, rig: Rig) -> None:
    assert rig.wait_state("open") == "stage piano:in"
    sent = time.perf_counter()
    rig.play(
        NoteOn(0, "composer", 60, 100),
        NoteVelocity(0, "composer", 60, 77),
        Control(0, "composer", 7, 99),
        NoteOn(0, "bass", 40, 90),
        NoteOff(0, "composer", 60),
    )
    wait_for(lambda: len(peer.messages) == 5)
    assert peer.bytes == [(0x92, 60, 100), (0xA2, 60, 77), (0xB2, 7, 99), (0x99, 40, 90), (0x82, 60, 64)]
    print(f"JACK: five messages arrived within {(peer.messages[-1][0] - sent) * 1000:.1f} ms (block 5.3 ms)")


def test_panic_ends_the_notes_and_silences_all_channels(peer: JackPeer, rig: Rig) -> None:
    rig.wait_state("open")
    rig.play(*(NoteOn(0, "composer", pitch, 80) for pitch in (60, 64, 67)))
    wait_for(lambda: len(peer.held) == 3)
    asked = time.perf_counter()
    rig.process.send(Panic())
    wait_for(lambda: not peer.held)
    print(f"JACK: panic to the last note-off {(peer.messages[-1][0] - asked) * 1000:.1f} ms (block 5.3 ms)")
    wait_for(lambda: len(peer.messages) == 3 + 3 + 3 + 30)
    for channel in range(16):
        assert (0xB0 | channel, 123, 0) in peer.bytes
        assert (0xB0 | channel, 120, 0) in peer.bytes


def test_stopping_releases_before_the_port_closes(peer: JackPeer, rig: Rig) -> None:
    rig.wait_state("open")
    rig.play(*(NoteOn(0, "composer", pitch, 80) for pitch in (60, 64, 67)))
    wait_for(lambda: len(peer.held) == 3)
    asked = time.perf_counter()
    rig.process.stop()
    wait_for(lambda: not peer.held)
    print(f"JACK: stop to the last note-off {(peer.messages[-1][0] - asked) * 1000:.1f} ms")


def test_an_unplugged_instrument_is_named_and_used_again_when_it_is_back(peer: JackPeer, rig: Rig) -> None:
    rig.wait_state("open")
    rig.play(NoteOn(0, "composer", 60, 100), NoteOn(0, "composer", 64, 100))
    wait_for(lambda: len(peer.held) == 2)
    peer.kill()
    assert rig.wait_state("waiting") == "waiting for stage piano"
    rig.play(NoteOff(0, "composer", 60), NoteOn(0, "composer", 67, 100))
    again = JackPeer("stage piano")
    rig.wait_state("open")
    wait_for(lambda: len(again.messages) == 2)
    assert set(again.bytes) == {(0x82, 60, 64), (0x82, 64, 64)}
    rig.play(NoteOn(0, "composer", 72, 100))
    wait_for(lambda: again.held == {(3, 72)})
    again.close()


def test_a_dead_server_is_survived_and_its_successor_used(server: JackServer, peer: JackPeer, rig: Rig) -> None:
    rig.wait_state("open")
    server.stop()
    for number in range(3000):  # More than fits into the buffer of the dead connection.
        rig.process.send(Play(0.0, ("midi",), Control(0, "composer", 1, number % 128)))
    rig.play(NoteOn(0, "composer", 60, 100))
    asked = time.perf_counter()
    wait_for(lambda: rig.process.send(Ping()) or (60, "composer") in rig.osc.held)
    took_ms = (time.perf_counter() - asked) * 1000
    text = rig.wait_state("waiting")
    assert text == "waiting for a MIDI system (ALSA or JACK); none runs here"
    peer.kill()
    server.start()
    again = JackPeer("stage piano")
    rig.wait_state("open", 20)
    rig.play(NoteOn(0, "composer", 72, 100))
    wait_for(lambda: (3, 72) in again.held)
    print(f"JACK: server gone, 3000 messages later OSC still plays (queue empty after {took_ms:.0f} ms)")
    again.close()


def test_a_virtual_port_can_be_connected_to(server: JackServer) -> None:
    peer = JackPeer("unrelated")
    rig = Rig(virtual=1)
    assert rig.wait_state("open") == "Understudy"
    assert any("Understudy" in name for name in PortList().inputs())
    rig.close()
    peer.close()


def test_a_killed_engine_leaves_no_note(peer: JackPeer, rig: Rig) -> None:
    """The pipe's end is what the process sees of its parent's death; closing it here is the same to it."""
    rig.wait_state("open")
    rig.play(*(NoteOn(0, "composer", pitch, 80) for pitch in (60, 64, 67)))
    wait_for(lambda: len(peer.held) == 3)
    gone = time.perf_counter()
    rig.process._give_up()
    wait_for(lambda: not peer.held)
    took_ms = (peer.messages[-1][0] - gone) * 1000
    print(f"JACK: engine gone to the last note-off {took_ms:.1f} ms")
    assert took_ms <= 50


def test_sigterm_leaves_no_note(peer: JackPeer, rig: Rig) -> None:
    rig.wait_state("open")
    rig.play(NoteOn(0, "composer", 60, 80))
    wait_for(lambda: len(peer.held) == 1)
    assert rig.process.pid is not None
    os.kill(rig.process.pid, signal.SIGTERM)
    wait_for(lambda: not peer.held, 1.0)
    wait_for(lambda: not rig.process.alive)
