"""The sending process is killed while it plays another program over JACK: the one that stands by ends its notes."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import psutil
import pytest

from app.device.base import DeviceSpec
from app.device.midi_port import jack_server
from app.dispatcher_process import shareable
from tests.condition import wait_for
from tests.peer_jack import JackPeer, JackServer, missing
from tests.test_headless import Program

CONTROL, SILENCE = 0xB0, (120, 123)


def test_only_ports_that_two_may_hold_are_shared() -> None:
    own = DeviceSpec("midi", "midi", (("port", "keys"),))
    others = (
        DeviceSpec("osc", "osc", (("port", 1),)),
        DeviceSpec("midi", "midi", (("port", "ours"), ("virtual", 1))),
        DeviceSpec("lights x", "midi", (("port", "x"), ("raw", 1))),
    )
    assert shareable((own, *others)) == (own,)


@pytest.fixture
def server() -> Iterator[JackServer]:
    server = JackServer()
    server.start()
    wait_for(jack_server, 15.0, "the JACK server")
    yield server
    server.close()


def _ended(peer: JackPeer, mark: int, held: set[tuple[int, int]]) -> float | None:
    """Return when the last of some notes had ended, by the messages since `mark`; None: not all have."""
    ends: dict[tuple[int, int], float] = {}
    for seconds, (status, number, *_) in list(peer.messages)[mark:]:
        silenced = held if status & 0xF0 == CONTROL and number in SILENCE else {((status & 15) + 1, number)}
        for note in silenced if status & 0xF0 in (0x80, CONTROL) else ():
            ends.setdefault(note, seconds)
    return max(ends[note] for note in held) if held <= ends.keys() else None


def _sender(program: Program) -> psutil.Process:
    """Return the process that sends: the one with a socket to where OSC goes."""
    children = psutil.Process(program.process.pid).children()
    ports = {child: [one.raddr.port for one in child.net_connections("udp") if one.raddr] for child in children}
    return next(child for child, to in ports.items() if program.peer.port in to)


@pytest.mark.peer
@pytest.mark.skipif(bool(missing()), reason=missing() or "-")
def test_notes_at_another_program_end_soon_after_the_sender_was_killed(server: JackServer) -> None:
    peer = JackPeer("ear")
    program = Program("--seed", "3", "--midi-out", "ear")
    for stream in (program.process.stdout, program.process.stderr):
        threading.Thread(target=lambda stream=stream: list(stream), daemon=True).start()  # type: ignore[misc]
    try:
        program.send("/composer/density", 0.95)
        program.send("/transport/play")
        wait_for(lambda: len(peer.messages) > 10, 20.0, "music")
        program.peer.wait(lambda: False, 4.0)  # Until one stands by, with its port open.
        wait_for(lambda: peer.held, 20.0, "a note")
        held, mark, killed = set(peer.held), len(peer.messages), time.perf_counter()
        _sender(program).kill()
        wait_for(lambda: _ended(peer, mark, held) is not None, 5.0, "the end of the notes")
        took_ms = ((_ended(peer, mark, held) or 0.0) - killed) * 1000
        print(f"{len(held)} notes ended {took_ms:.1f} ms after the kill")
        assert took_ms < 250  # The bar is 50 ms; a loaded test machine gets room.
        said = len(peer.messages)
        wait_for(lambda: len(peer.messages) > said + 4, 20.0, "music again")
    finally:
        program.send("/quit")
        program.process.wait(20)
        program.peer.close()
        peer.close()
