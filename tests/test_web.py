"""The web page among people who mean harm, or whose programs are broken: nobody ends it, and nobody costs the music."""

from __future__ import annotations

import errno
import os
import resource
import select
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from app.inbox import Packet
from app.inquiry import MOST_ANSWERS
from app.network import Gate
from app.parameter import Linear, Parameter
from app.subscription import MOST_AT_ONCE
from app.web_link import MOST_PARTS, MOST_WAITING, Headers, Link
from app.web_server import WebServer, _door
from tests.stage import Stage
from tests.test_oscquery import House, house, raw

__all__ = ["house"]

UPGRADE = b"GET / HTTP/1.1\r\nHost: %s\r\nConnection: %s\r\nUpgrade: websocket\r\n%s\r\n"
ASK = b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"


@pytest.mark.parametrize(
    ("host", "connection", "asked"),
    [
        (b"caf\xe9.local", b"Upgrade", ASK),
        (b"localhost", b"Upgrade, \xe9", ASK),
        (b"localhost", b"Upgrade", ASK + b"Sec-WebSocket-Protocol: \xff\r\n"),
        (b"localhost", b"Upgrade", ASK + b"Sec-WebSocket-Extensions: \xff\r\n"),
    ],
)
def test_an_upgrade_that_cannot_be_read_is_refused_and_the_page_goes_on(
    house: House, host: bytes, connection: bytes, asked: bytes
) -> None:
    assert raw(house, UPGRADE % (host, connection, asked)).startswith(b"HTTP/1.1 400")
    assert raw(house, b"GET /?HOST_INFO HTTP/1.0\r\n\r\n").startswith(b"HTTP/1.1 200")


class Nobody:
    """A site that hears nothing. Attributes: `told` (of which troubles)."""

    def __init__(self) -> None:
        self.told: list[str] = []

    def answer(self, link: Link, target: str, headers: dict[bytes, bytes]) -> tuple[int, bytes, Headers]:
        if target == "/fault":
            raise KeyError("a fault of our own")
        return 200, b"{}", []

    def welcomes(self, link: Link, headers: dict[bytes, bytes]) -> bool:
        return True

    def hear(self, link: Link, message: str | bytes) -> None:
        """Nothing."""

    def leave(self, link: Link) -> None:
        """Nothing."""

    def trouble(self, text: str) -> None:
        self.told.append(text)


@contextmanager
def served() -> Iterator[tuple[WebServer, Nobody]]:
    site = Nobody()
    server = WebServer("127.0.0.1", 0, site, Gate(), Stage().clock, lambda: None)
    try:
        yield server, site
    finally:
        server.close()


def ask(client: socket.socket, path: bytes = b"/") -> bytes:
    client.sendall(b"GET %s HTTP/1.1\r\nHost: x\r\n\r\n" % path)
    return client.recv(4096)


def test_a_fault_with_one_visitor_is_said_and_costs_nobody_else() -> None:
    with served() as (server, site), socket.create_connection(("127.0.0.1", server.port), 5) as other:
        assert ask(other).endswith(b"{}")
        with socket.create_connection(("127.0.0.1", server.port), 5) as client:
            assert ask(client, b"/fault") == b""
        assert ask(other).endswith(b"{}")
    assert site.told == ["A web visitor from 127.0.0.1 was let go (KeyError('a fault of our own'))"]


@contextmanager
def no_more_files() -> Iterator[None]:
    """The process may open nothing more."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    probe = os.dup(0)
    resource.setrlimit(resource.RLIMIT_NOFILE, (probe + 64, before[1]))
    held = [probe]
    try:
        while True:
            held.append(os.dup(0))
    except OSError as error:
        assert error.errno == errno.EMFILE
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)
        for one in held:
            os.close(one)


def test_without_files_for_more_visitors_those_who_are_there_are_served() -> None:
    with (
        served() as (server, _),
        socket.create_connection(("127.0.0.1", server.port), 5) as here,
        socket.socket() as new,
    ):
        new.settimeout(5)
        assert ask(here).endswith(b"{}")
        with no_more_files():
            new.connect(("127.0.0.1", server.port))
            for _ in range(3):
                assert ask(here).endswith(b"{}")
        assert ask(new).endswith(b"{}")  # As soon as there is room.


def test_a_message_in_endless_pieces_of_nothing_ends_the_connection() -> None:
    with tcp_pair() as (ours, theirs):
        link = Link(ours, ("127.0.0.1", 1), Nobody(), 0.0)
        theirs.sendall(UPGRADE % (b"x", b"Upgrade", ASK))
        select.select([ours], [], [], 5)
        link.read(0.0)
        assert link.is_socket
        mask = b"\0\0\0\0"
        theirs.sendall(b"\x01\x80" + mask + (b"\x00\x80" + mask) * (MOST_PARTS + 1))  # A text that goes on.
        while not link.closed and select.select([ours], [], [], 5)[0]:
            link.read(0.0)
        assert link.closed
        assert len(link._parts) <= MOST_PARTS


@contextmanager
def tcp_pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    """Both ends of a connection."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        theirs = socket.create_connection(door.getsockname()[:2], 5)
        ours, _ = door.accept()
    with ours, theirs:
        yield ours, theirs


def test_who_does_not_read_is_reported_as_gone_so_that_nothing_more_is_sent() -> None:
    with tcp_pair() as (ours, _):
        link = Link(ours, ("127.0.0.1", 1), Nobody(), 0.0)
        for _ in range(MOST_WAITING):
            link.say(b"")
        with pytest.raises(ConnectionRefusedError) as raised:
            link.say(b"")
        assert raised.value.errno == errno.ECONNREFUSED  # By which a subscriber is known to be gone.


def test_who_left_before_he_was_let_in_costs_nobody_anything(monkeypatch: pytest.MonkeyPatch) -> None:
    with served() as (server, _):
        with monkeypatch.context() as patch:
            patch.setattr("app.web_link.Link.__init__", _hung_up)
            with socket.create_connection(("127.0.0.1", server.port), 5) as client:
                assert client.recv(1) == b""
        with socket.create_connection(("127.0.0.1", server.port), 5) as client:
            assert ask(client).endswith(b"{}")


def _hung_up(*_: object) -> None:
    raise OSError(errno.EINVAL, "Invalid argument")  # As macOS says it.


@pytest.mark.parametrize(("platform", "shares"), [("linux", 1), ("win32", 0)])
def test_on_windows_no_twin_may_take_the_port_away(platform: str, shares: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", platform)
    with _door("127.0.0.1", 0) as door:
        assert door.getsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR) == shares


def test_questions_without_end_hold_no_memory_without_end() -> None:
    stage = Stage()
    inquiry = stage.engine.reception.inquiry
    reply = lambda *_: None  # noqa: E731
    for _ in range(300):
        inquiry.take(Packet(0.0, "/help", (), ("127.0.0.1", 9), reply))
        inquiry.subscribers.add(("127.0.0.1", 9), "//*", 20, float("inf"), reply)
    assert len(inquiry._answers) <= MOST_ANSWERS
    assert len(inquiry.subscribers._waiting) <= 1


def test_one_who_asks_for_everything_lets_others_have_their_turn() -> None:
    stage = Stage()
    for number in range(4 * MOST_AT_ONCE):
        stage.engine.tree.add(Parameter(f"/many/{number}", 0, Linear(0, 1)))
    subscribers, told = stage.engine.reception.inquiry.subscribers, []
    subscribers.add(("a", 1), "//*", 20, float("inf"), lambda *_: None)
    subscribers.add(("b", 2), "/many/7", 20, float("inf"), lambda _, address, __: told.append(address))
    subscribers.tend(0.0)
    assert told == ["/many/7"]


def test_a_subscriber_that_is_gone_with_two_subscriptions_is_forgotten_in_one_turn() -> None:
    stage, gone = Stage(), []
    value = stage.engine.tree.add(Parameter("/a", 0, Linear(0, 1)))
    inquiry = stage.engine.reception.inquiry

    def reply(*_: object) -> None:
        if gone:
            raise ConnectionRefusedError(errno.ECONNREFUSED, "nobody is there")

    for pattern in ("/a", "/a*"):
        inquiry.subscribers.add(("127.0.0.1", 9), pattern, 50, float("inf"), reply)
    inquiry.subscribers.tend(0.0)
    gone.append(True)
    value.set(0.5)
    inquiry.subscribers.tend(10.0)
    assert not inquiry.subscriptions
