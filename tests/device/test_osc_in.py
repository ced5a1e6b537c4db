"""OSC in over a real socket: types, bundles, garbage, a taken port."""

import random
import socket
import threading
from collections.abc import Iterator

import pytest
from pythonosc import osc_bundle_builder
from pythonosc.osc_message_builder import OscMessageBuilder

from app.device.base import DeviceError
from app.device.osc_in import MOST_PER_READ, OscIn
from app.inbox import Fault, Inbox, Item, Packet
from app.transport import WallClock


class Listening:
    """An open port, the inbox that reads it, and a sender."""

    def __init__(self) -> None:
        self.inbox = Inbox()
        self.port = OscIn(WallClock(), 0)
        self.port.open()
        self.inbox.watch(self.port)
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.settimeout(5)
        self._waiting: list[Item] = []

    def send(self, data: bytes) -> None:
        self.socket.sendto(data, ("127.0.0.1", self.port.port))

    def next(self) -> Item:
        while not self._waiting:
            self._waiting += self.inbox.take(5)
        return self._waiting.pop(0)


@pytest.fixture
def listening() -> Iterator[Listening]:
    made = Listening()
    yield made
    made.port.close()
    made.inbox.close()
    made.socket.close()


def message(address: str, *arguments: tuple[object, str]) -> bytes:
    builder = OscMessageBuilder(address=address)
    for value, kind in arguments:
        builder.add_arg(value, kind)
    return bytes(builder.build().dgram)


def test_all_number_types_and_texts(listening: Listening) -> None:
    listening.send(message("/x", (1, "i"), (0.5, "f"), (0.25, "d"), (2**40, "h"), ("a", "s"), (True, "T")))
    item = listening.next()
    assert isinstance(item, Packet)
    assert (item.address, item.arguments) == ("/x", (1, 0.5, 0.25, 2**40, "a", True))


def test_a_bundle_is_taken_apart(listening: Listening) -> None:
    bundle = osc_bundle_builder.OscBundleBuilder(osc_bundle_builder.IMMEDIATELY)
    for number in (1, 2):
        builder = OscMessageBuilder(address=f"/n/{number}")
        builder.add_arg(number)
        bundle.add_content(builder.build())
    listening.send(bundle.build().dgram)
    found = [listening.next(), listening.next()]
    assert [item.address for item in found if isinstance(item, Packet)] == ["/n/1", "/n/2"]


def test_garbage_is_told_and_the_next_message_is_heard(listening: Listening) -> None:
    numbers = random.Random(7)
    for _ in range(300):
        listening.send(numbers.randbytes(numbers.randint(1, 200)))
    for data in (b"/x", b"/x\0\0\0,i\0\0", b"#bundle\0" + b"\xff" * 20, b"/a b*{\0", b"\0" * 64):
        listening.send(data)
    listening.send(message("/good", (1, "i")))
    faults = 0
    while True:
        item = listening.next()
        if isinstance(item, Fault):
            faults += 1
            assert "could not be read" in item.text
        elif isinstance(item, Packet) and item.address == "/good":
            break
    assert faults > 100


def test_it_answers_the_sender(listening: Listening) -> None:
    listening.send(message("/get", ("/a", "s")))
    item = listening.next()
    assert isinstance(item, Packet)
    item.reply(item.sender, "/a", (0.5,))
    assert listening.socket.recv(100) == message("/a", (0.5, "f"))


def test_a_taken_port_is_said(listening: Listening) -> None:
    with pytest.raises(DeviceError, match="choose another port with --osc-in"):
        OscIn(WallClock(), listening.port.port).open()


def test_one_read_leaves_the_music_its_turn(listening: Listening) -> None:
    for number in range(MOST_PER_READ + 10):
        listening.send(message("/n", (number, "i")))
    first = list(listening.inbox.take(1))
    assert len(first) == MOST_PER_READ
    assert len(list(listening.inbox.take(1))) == 10


def test_another_thread_wakes_the_waiting_inbox(listening: Listening) -> None:
    threading.Timer(0.05, listening.inbox.put, [Fault(0, "test", "knock")]).start()
    assert list(listening.inbox.take(5)) == [Fault(0, "test", "knock")]
    assert list(listening.inbox.take(0)) == []
