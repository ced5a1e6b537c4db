"""OSCQuery as other programs meet it: the page to its last header, the WebSocket, and whatever is sent wrongly."""

from __future__ import annotations

import contextlib
import json
import random
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin

from app.device.packet import decode, encode
from app.network import Gate
from app.oscquery import OscQuery
from app.parameter import Linear, Parameter, Steps, TextParameter
from app.web_link import FETCH_S, LARGEST_MESSAGE, REQUEST_S, SILENT_S
from app.web_server import MOST_SOCKETS, MOST_VISITORS, WebServer
from tests.condition import wait_for
from tests.stage import Stage

HELLO = b"GET /a?TYPE HTTP/1.1\r\nHost: x\r\n\r\n"


class House:
    """An engine that turns in a thread of its own, with its page. Attributes: `stage`, `query`, `gate`."""

    def __init__(self) -> None:
        self.stage = Stage()
        tree = self.stage.engine.tree
        tree.add(Parameter("/a", 0.5, Linear(0, 1)))
        tree.add(Parameter("/voices", 4, Linear(1, 8, 1, 0)))
        tree.add(Parameter("/shape", 1, Steps(("sine", "saw"))))
        tree.add_text(TextParameter("/title", "tide"))
        self.fired: list[tuple[object, ...]] = []
        self.stage.engine.actions.add_with("/strike", self.fired.append)
        self.gate = Gate()
        engine = self.stage.engine
        self.query = OscQuery(engine.hands, "Test", 57120, self.gate, engine.inbox, engine.clock)
        self.query.open()
        self._ends = False
        self._thread = threading.Thread(target=self._turn, daemon=True)
        self._thread.start()

    def _turn(self) -> None:
        while not self._ends:
            self.stage.engine.turn(0.005)
            self.stage.clock.advance(0.01)

    def visit(self, origin: str | None = None) -> ClientConnection:
        return connect(f"ws://127.0.0.1:{self.query.port}", origin=None if origin is None else Origin(origin))

    @property
    def subscriptions(self) -> int:
        return len(self.stage.engine.reception.inquiry.subscriptions)

    def close(self) -> None:
        self.query.close()
        self._ends = True
        self._thread.join(5)


@pytest.fixture
def house() -> Iterator[House]:
    made = House()
    yield made
    made.close()


def told(visitor: ClientConnection) -> tuple[str, tuple[object, ...]]:
    data = visitor.recv(timeout=5)
    assert isinstance(data, bytes)
    (message,) = decode(data)
    return message


def command(visitor: ClientConnection, name: str, path: object) -> None:
    visitor.send(json.dumps({"COMMAND": name, "DATA": path}))


def raw(house: House, data: bytes, enough: Callable[[bytes], bool] | None = None) -> bytes:
    """Send bytes and return what comes back until the page hangs up or it is enough."""
    got = b""
    with socket.create_connection(("127.0.0.1", house.query.port), timeout=5) as client:
        client.sendall(data)
        with contextlib.suppress(OSError):
            while (piece := client.recv(65_536)) and not (enough is not None and enough(got + piece)):
                got += piece
            got += piece
    return got


# --- the WebSocket --------------------------------------------------------------------------------------------


def test_a_listener_is_told_the_value_and_every_change_as_its_type_says(house: House) -> None:
    with house.visit() as visitor:
        for path in ("/a", "/voices", "/shape", "/title"):
            command(visitor, "LISTEN", path)
        assert {told(visitor) for _ in range(4)} == {
            ("/a", (0.5,)), ("/voices", (4,)), ("/shape", ("saw",)), ("/title", ("tide",))
        }  # fmt: skip
        house.stage.engine.set("/shape", 0)
        assert told(visitor) == ("/shape", ("sine",))
        house.stage.engine.set("/voices", 7)
        assert told(visitor) == ("/voices", (7,))


def test_who_ignores_hears_no_more_and_who_leaves_is_forgotten(house: House) -> None:
    with house.visit() as visitor:
        command(visitor, "LISTEN", "/a")
        command(visitor, "LISTEN", "/voices")
        wait_for(lambda: house.subscriptions == 2)
        command(visitor, "IGNORE", "/a")
        wait_for(lambda: house.subscriptions == 1)
    wait_for(lambda: house.subscriptions == 0)


def test_a_path_means_itself_and_neither_a_pattern_nor_what_is_below(house: House) -> None:
    with house.visit() as visitor:
        for path in ("/*", "//*", "/", "/nowhere", "/strike", "", "/a"):
            command(visitor, "LISTEN", path)
        assert told(visitor) == ("/a", (0.5,))
        assert house.subscriptions == 1


def test_osc_over_the_websocket_moves_fires_and_is_answered(house: House) -> None:
    with house.visit() as visitor:
        visitor.send(encode("/a", (0.25,)))
        visitor.send(encode("/strike", (3, "hard")))
        visitor.send(encode("/get", ("/a",)))
        assert told(visitor) == ("/a", (0.25,))
        assert house.fired == [(3, "hard")]


def test_a_writer_hears_nothing_of_itself_but_the_truth_where_it_differs(house: House) -> None:
    with house.visit() as writer, house.visit() as reader:
        for one in (writer, reader):
            command(one, "LISTEN", "/a")
            assert told(one) == ("/a", (0.5,))
        writer.send(encode("/a", (0.25,)))
        assert told(reader) == ("/a", (0.25,))
        writer.send(encode("/a", (7.0,)))
        assert told(writer) == ("/a", (1.0,))
        writer.send(encode("/a", ("loud",)))
        assert told(writer) == ("/a", (1.0,))


def test_what_comes_and_changes_its_shape_is_told_to_everybody(house: House) -> None:
    with house.visit() as visitor:
        wait_for(lambda: house.query._server is not None and house.query._server.sockets)
        house.stage.engine.tree.add(Parameter("/new/one", 0, Linear(0, 1)))
        shape = house.stage.engine.tree.number("/shape")
        assert [json.loads(visitor.recv(timeout=5)) for _ in range(2)] == [
            {"COMMAND": "PATH_ADDED", "DATA": "/new/one"},
            {"COMMAND": "PATH_CHANGED", "DATA": "/new"},
        ]
        shape.offer(("sine", "saw", "noise"))
        assert json.loads(visitor.recv(timeout=5)) == {"COMMAND": "PATH_CHANGED", "DATA": "/shape"}


def test_nonsense_is_said_in_the_log_and_ends_nothing(house: House) -> None:
    chance = random.Random(3)
    with house.visit() as visitor:
        for text in ("", "{", "[]", '{"COMMAND": 1}', '{"COMMAND": "LISTEN", "DATA": ["/a"]}', "[" * 60_000, "\ud7ff"):
            visitor.send(text)
        for size in (0, 1, 4, 64, 400):
            visitor.send(bytes(chance.randrange(256) for _ in range(size)))
        command(visitor, "LISTEN", "/a")
        assert told(visitor) == ("/a", (0.5,))
    wait_for(lambda: any("OSCQuery" in text for text in house.stage.said("warning")))


def test_a_message_longer_than_a_datagram_ends_the_connection(house: House) -> None:
    with house.visit() as visitor:
        visitor.send(b"x" * (LARGEST_MESSAGE + 1))
        with pytest.raises(ConnectionClosed) as ended:
            visitor.recv(timeout=5)
        assert ended.value.rcvd is not None
        assert ended.value.rcvd.code == 1009


@pytest.mark.parametrize(
    ("origin", "is_let_in"),
    [
        (None, True),
        ("http://localhost:8080", True),
        ("http://127.0.0.1", True),
        ("file://", True),
        ("http://studio.local", True),
        ("https://example.com", False),
        ("http://192.168.1.9", False),
        ("null", False),
        ("http://[bad", False),
    ],
)
def test_a_page_from_elsewhere_cannot_play_through_the_browser(
    house: House, origin: str | None, is_let_in: bool
) -> None:
    if is_let_in:
        with house.visit(origin) as visitor:
            visitor.send(encode("/get", ("/a",)))
            assert told(visitor) == ("/a", (0.5,))
    else:
        with pytest.raises(InvalidStatus) as refused:
            house.visit(origin)
        assert refused.value.response.status_code == 403


def test_only_so_many_visitors_at_once(house: House) -> None:
    with contextlib.ExitStack() as stack:
        for _ in range(MOST_SOCKETS):
            stack.enter_context(house.visit())
        with pytest.raises(InvalidStatus):
            house.visit()
        for _ in range(MOST_VISITORS):
            stack.enter_context(socket.create_connection(("127.0.0.1", house.query.port), timeout=5))
        assert raw(house, HELLO + b"rubbish\r\n\r\n").startswith(b"HTTP/1.1 200")
    wait_for(lambda: not house.query._server.sockets)  # type: ignore[union-attr]
    with house.visit():
        assert house.query._server is not None


def test_who_does_not_read_is_let_go_and_the_engine_turns_on(house: House) -> None:
    client = socket.create_connection(("127.0.0.1", house.query.port), timeout=5)
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    client.sendall(
        b"GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n"
    )
    client.recv(4096)
    ask = encode("/help", ("//*",))
    frame = struct.pack(">BB4x", 0x82, 0x80 | len(ask)) + ask
    try:
        for _ in range(2000):
            client.sendall(frame)
    except OSError:
        pass  # It was let go already.
    began = house.stage.clock.seconds
    wait_for(lambda: house.stage.clock.seconds > began + 1)
    client.close()
    with house.visit() as visitor:
        command(visitor, "LISTEN", "/a")
        while told(visitor) != ("/a", (0.5,)):
            pass


def test_an_end_is_said_to_everybody_at_once(house: House) -> None:
    with house.visit() as visitor:
        command(visitor, "LISTEN", "/a")
        told(visitor)
        began = time.perf_counter()
        house.query.close()
        assert time.perf_counter() - began < 2.0
        with pytest.raises(ConnectionClosed) as ended:
            visitor.recv(timeout=5)
        assert ended.value.rcvd is not None
        assert ended.value.rcvd.code == 1001


def test_who_is_not_let_in_any_more_is_sent_away(house: House) -> None:
    with house.visit() as visitor:
        house.gate.admits = lambda host: False  # type: ignore[method-assign]
        with pytest.raises(ConnectionClosed):
            visitor.recv(timeout=5)
    assert raw(house, HELLO) == b""


# --- the page -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"GET /a HTTP/1.1\r\nHost: x\r\n\r\n", 200),
        (b"GET /a/ HTTP/1.0\r\n\r\n", 200),
        (b"GET /%61 HTTP/1.1\r\nHost: 127.0.0.1:80\r\n\r\n", 200),
        (b"GET http://x/a?VALUE HTTP/1.1\r\nHost: x\r\n\r\n", 200),
        (b"GET /a?VALUE#there HTTP/1.1\r\nHost: [::1]:80\r\n\r\n", 200),
        (b"GET /?TYPE HTTP/1.1\r\nHost: x\r\n\r\n", 200),
        (b"GET /a?HTML HTTP/1.1\r\nHost: x\r\n\r\n", 204),
        (b"GET /strike?VALUE HTTP/1.1\r\nHost: x\r\n\r\n", 204),
        (b"OPTIONS /a HTTP/1.1\r\nHost: x\r\n\r\n", 204),
        (b"GET /a?SOMETHING HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        (b"GET /b HTTP/1.1\r\nHost: x\r\n\r\n", 404),
        (b"GET //a/../b HTTP/1.1\r\nHost: x\r\n\r\n", 404),
        (b"GET /a HTTP/1.1\r\nHost: evil.example.com\r\n\r\n", 403),
        (b"POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhi", 405),
        (b"DELETE /a HTTP/1.1\r\nHost: x\r\n\r\n", 405),
        (b"GET /a HTTP/1.1\r\n\r\n", 400),
        (b"GET /a HTTP/9.9\r\nHost: x\r\n\r\n", 505),
        (b"rubbish\r\n\r\n", 400),
        (b"GET /a HTTP/1.1\r\nHost: x\r\nX: " + b"y" * 70_000 + b"\r\n\r\n", 431),
        (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9999999\r\n\r\n" + b"z" * 70_000, 413),
        (b"GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n", 400),
    ],
)
def test_every_request_has_its_status(house: House, request_: bytes, status: int) -> None:
    answer = raw(house, request_, lambda got: b"\r\n\r\n" in got)
    assert answer.startswith(b"HTTP/1.1 ")
    assert int(answer.split()[1]) == status


def test_a_connection_is_kept_and_requests_may_come_in_pieces_or_all_at_once(house: House) -> None:
    with socket.create_connection(("127.0.0.1", house.query.port), timeout=5) as client:
        for byte in HELLO:
            client.sendall(bytes((byte,)))
        assert b'{"TYPE": "f"}' in client.recv(65_536)
        client.sendall(
            b"HEAD /a HTTP/1.1\r\nHost: x\r\n\r\n"
            + HELLO * 20
            + HELLO.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")
        )
        got = b""
        while piece := client.recv(65_536):
            got += piece
    head, _, rest = got.partition(b"\r\n\r\n")
    assert b"Content-Length" in head.title()
    assert rest.startswith(b"HTTP/1.1 200")  # Of what only its head was asked for nothing more came.
    assert got.count(b'{"TYPE": "f"}') == 21


def test_the_page_says_where_it_was_reached_and_what_it_can(house: House) -> None:
    told_of = json.loads(
        raw(house, HELLO.replace(b"/a?TYPE", b"/x?HOST_INFO"), lambda got: b"}}" in got or b'T": ' in got).partition(
            b"\r\n\r\n"
        )[2]
    )
    assert (told_of["OSC_IP"], told_of["WS_IP"], told_of["WS_PORT"]) == ("127.0.0.1", "127.0.0.1", house.query.port)
    assert told_of["EXTENSIONS"]["LISTEN"]
    assert told_of["EXTENSIONS"]["PATH_ADDED"]
    assert not told_of["EXTENSIONS"]["PATH_RENAMED"]


def test_another_page_may_read_only_from_near(house: House) -> None:
    for origin, allowed in ((b"http://localhost:3000", True), (b"https://example.com", False)):
        answer = raw(house, HELLO[:-2] + b"Origin: " + origin + b"\r\n\r\n", lambda got: b"}" in got)
        assert (b"Access-Control-Allow-Origin: " + origin in answer.title().replace(origin.title(), origin)) == allowed


def test_the_slow_the_silent_and_the_deaf_are_let_go() -> None:
    stage = Stage()
    query = OscQuery(stage.engine.hands, "Test", 1, Gate(), stage.engine.inbox)
    server = WebServer("127.0.0.1", 0, query, Gate(), stage.clock, lambda: None)
    try:
        slow = socket.create_connection(("127.0.0.1", server.port), timeout=5)
        slow.sendall(b"GET / HTTP/1.1\r\n")
        asks = connect(f"ws://127.0.0.1:{server.port}") if query.welcomes(None, {}) else None  # type: ignore[arg-type]
        assert asks is None  # The page itself is not open: nobody may come in by the window.
        wait_for(lambda: server._links)
        stage.clock.advance(max(REQUEST_S, FETCH_S, SILENT_S) + 1)
        server.wake()
        wait_for(lambda: not server._links)
        assert slow.recv(10) == b""
        slow.close()
    finally:
        server.close()


def test_anything_at_all_may_be_sent(house: House) -> None:
    chance = random.Random(11)
    upgrade = (
        b"GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n"
    )
    for _ in range(150):
        start = chance.choice((b"", HELLO[: chance.randrange(len(HELLO))], HELLO, upgrade))
        with (
            socket.create_connection(("127.0.0.1", house.query.port), timeout=5) as client,
            contextlib.suppress(OSError),
        ):
            client.sendall(start + bytes(chance.randrange(256) for _ in range(chance.randrange(300))))
            if chance.random() < 0.3:
                client.shutdown(socket.SHUT_WR)
                client.recv(4096)
    assert b'{"TYPE": "f"}' in raw(house, HELLO, lambda got: b"}" in got)
    assert house.query._server is not None
    assert house.query._server._thread.is_alive()
