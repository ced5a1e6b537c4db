"""Clients of MIDI systems that end: forgotten in time, so that the process ends well."""

from __future__ import annotations

import gc
import subprocess
import sys
from pathlib import Path

import pytest

from app.device.midi_client import Clients, forget_dead, forgotten
from tests.peer_frame import missing as no_frames
from tests.peer_jack import missing

ROOT = Path(__file__).resolve().parent.parent.parent
WHY = missing() or no_frames()

ACROSS_TWO_SERVERS = """
import sys
from app.device.jack_in import JackEars
from app.device.midi_in import InPort
from app.device.midi_port import OutPort, PortList
from tests.condition import wait_for
from tests.peer_jack import JackServer

def join(ports):
    for port in ports:
        wait_for(lambda: port.connect() == "", 20, port.name)

server, ears = JackServer(), JackEars()
server.start()
exact, plain = OutPort("exact", True, exact=True), OutPort("plain", True)
heard = InPort("heard", print, True, ears)
idle = [OutPort("idle", True, exact=True), OutPort("idle too", True), InPort("idle in", print, True, ears)]
lists = [PortList(), PortList()]
join([exact, plain, heard, *idle])
assert all(any("exact" in name for name in ports.inputs()) for ports in lists)
server.stop()
wait_for(lambda: exact.connect() != "", 20, "the end of the server")
server.start()
join([exact, plain, heard])
assert any("exact" in name for name in lists[0].inputs())
exact.close()
print("left", flush=True)
if "stopped" in sys.argv:
    server.stop()
ears.stop()
server.close()
"""


class Client:
    """Attributes: `closed`. `gone`: it can no longer be closed."""

    destroyed = 0

    def __init__(self, gone: bool = False) -> None:
        self.closed, self.gone = False, gone

    def close_port(self) -> None:
        if self.gone:
            raise OSError("the server is gone")

    def delete(self) -> None:
        self.closed = True

    def __del__(self) -> None:
        Client.destroyed += 1


def test_a_client_serves_one_run_of_its_system() -> None:
    clients = Clients()
    first = clients.get("out", 2, {2: "a"}, Client)
    assert clients.get("out", 2, {2: "a"}, Client) is first
    assert clients.get("in", 2, {2: "a"}, Client) is not first
    second = clients.get("out", 2, {2: "b"}, Client)
    assert second is not first
    assert clients.has(second)
    assert not clients.has(first)
    assert not clients.has(None)


def test_before_anyone_joins_a_new_run_all_have_forgotten_the_old_one_and_nothing_destroys_it() -> None:
    idle, busy = Clients(), Clients()
    idle.get("out", 2, {2: "a"}, Client)
    other = idle.get("out of ALSA", 1, {1: "alsa", 2: "a"}, Client)
    before, destroyed = forgotten(), Client.destroyed
    seen: list[int] = []

    def make() -> Client:
        seen.append(forgotten() - before)
        return Client()

    busy.get("out", 2, {1: "alsa", 2: "b"}, make)
    assert seen == [1]
    assert idle.has(other)
    del idle
    gc.collect()
    assert Client.destroyed == destroyed  # `other` is still held here; the forgotten one by nobody, and lives.
    del other
    gc.collect()
    assert Client.destroyed == destroyed + 1


def test_closing_takes_leave_of_the_living_and_of_no_other() -> None:
    clients = Clients()
    running = {1: "alsa", 2: "a"}
    living = clients.get("living", 1, running, Client)
    dead = clients.get("dead", 2, running, Client)
    dying = clients.get("dying", 1, running, lambda: Client(gone=True))
    before = forgotten()
    clients.close({1: "alsa"})
    assert (living.closed, dead.closed, dying.closed) == (True, False, False)
    assert forgotten() == before + 2
    assert not any(clients.has(client) for client in (living, dead, dying))
    forget_dead({})
    assert forgotten() == before + 2


@pytest.mark.peer
@pytest.mark.skipif(bool(WHY), reason=WHY or "-")
@pytest.mark.parametrize("how", ["running", "stopped"])
def test_a_process_that_saw_its_server_end_and_another_come_ends_well(how: str) -> None:
    command = [sys.executable, "-X", "faulthandler", "-c", ACROSS_TWO_SERVERS, how]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=110, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith("left\n")
