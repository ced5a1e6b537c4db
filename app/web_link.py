"""One visitor of the web page: HTTP requests one after another, or from some point on a WebSocket.

It never waits. What cannot be sent at once is kept, up to a bound, and who does not fetch it, or is slower to ask than
a person would be, is let go. The protocols themselves are h11's (HTTP/1.1, RFC 9112) and wsproto's (RFC 6455).
"""

from __future__ import annotations

import errno
import socket
from collections import deque
from typing import Protocol

import h11
from wsproto import ConnectionType, WSConnection
from wsproto.events import AcceptConnection, BytesMessage, CloseConnection, Message, Ping, Request, TextMessage
from wsproto.utilities import LocalProtocolError, RemoteProtocolError

REQUEST_S = 10.0  # To send one request whole, or to begin the next.
FETCH_S = 10.0  # To take an answer.
PING_S, SILENT_S = 20.0, 45.0
LARGEST_HEAD = 16_384
LARGEST_BODY = 65_536
LARGEST_MESSAGE = 65_535  # As a datagram.
MOST_PARTS = 8192  # Of one message; a part may be empty, and still costs its room.
MOST_WAITING = 4096
MOST_UNSENT = 1 << 20
GOING_AWAY, TOO_BIG = 1001, 1009
VERSIONS = (b"1.0", b"1.1")
METHODS = (b"GET", b"HEAD", b"OPTIONS")
Headers = list[tuple[bytes, bytes]]


class Site(Protocol):
    """What a visitor comes for."""

    def answer(self, link: Link, target: str, headers: dict[bytes, bytes]) -> tuple[int, bytes, Headers]:
        """Return status, JSON and further headers for a request."""

    def welcomes(self, link: Link, headers: dict[bytes, bytes]) -> bool:
        """Return whether a WebSocket may be opened."""

    def hear(self, link: Link, message: str | bytes) -> None:
        """Take a message."""

    def leave(self, link: Link) -> None:
        """A WebSocket is gone."""

    def trouble(self, text: str) -> None:
        """Take a sentence about a visitor who was let go for a fault."""


class Link:
    """A connection. Attributes: `sender` (host and port), `own_host` (under which it reached us), `deadline` (when it
    is let go, or pinged), `is_socket` (whether it is a WebSocket), `closed`."""

    def __init__(self, connection: socket.socket, sender: tuple[str, int], site: Site, now: float) -> None:
        connection.setblocking(False)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.sender, self.own_host = sender, str(connection.getsockname()[0])
        self.deadline = now + REQUEST_S
        self.is_socket = self.closed = False
        self._connection, self._site = connection, site
        self._http = h11.Connection(h11.SERVER, max_incomplete_event_size=LARGEST_HEAD)
        self._web: WSConnection | None = None
        self._request: h11.Request | None = None
        self._body = 0
        self._out = bytearray()
        self._ends = False  # Once everything is sent.
        self._heard = now
        self._parts: list[str | bytes] = []
        self._size = 0  # Of all parts.
        self._waiting: deque[bytes] = deque()

    def fileno(self) -> int:
        return self._connection.fileno()

    @property
    def has_more(self) -> bool:
        """Whether something waits to be sent."""
        return bool(self._out or self._waiting)

    @property
    def hears(self) -> bool:
        """Whether it may be read: who asks on and on must fetch the answers first."""
        return self.is_socket or not self._out

    def say(self, data: bytes) -> bool:
        """Send a binary message; any thread. Return whether it waits alone, so that the server must be woken.
        ConnectionRefusedError when nobody is there any more."""
        if self.closed or len(self._waiting) >= MOST_WAITING:
            self._ends = True
            raise ConnectionRefusedError(errno.ECONNREFUSED, "it is gone, or does not read what it asked for")
        self._waiting.append(data)
        return len(self._waiting) == 1

    def tell(self, text: str) -> None:
        """Send a text message; the server's own thread."""
        if self._web is not None and not self._ends:
            self._put(self._web.send(TextMessage(text)))

    def part(self) -> None:
        """Say good-bye; what can be sent at once still is."""
        if self._web is not None and not self._ends:
            self._finish(GOING_AWAY)
        self.write(self._heard)
        self.close()

    def close(self) -> None:
        """End it; may be called in any state."""
        if not self.closed:
            self.closed = True
            self._connection.close()
            if self.is_socket:
                self._site.leave(self)

    def tend(self, now: float) -> None:
        """A deadline has come."""
        if now < self.deadline:
            return
        if self._web is None or self._ends or now - self._heard > SILENT_S:
            self.close()
            return
        self._put(self._web.send(Ping()))
        self.deadline = now + PING_S

    # --- bytes ------------------------------------------------------------------------------------------

    def read(self, now: float) -> None:
        """Take what is there."""
        try:
            data = self._connection.recv(65_536)
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            self.close()
            return
        self._heard = now
        if self._web is not None:
            self._listen(data)
        else:
            self._serve(data, now)
        self.write(now)

    def write(self, now: float) -> None:
        """Send what the other side takes."""
        while self._waiting and self._web is not None and not self._ends:
            self._put(self._web.send(BytesMessage(self._waiting.popleft())))
        try:
            while self._out and not self.closed:
                del self._out[: self._connection.send(self._out)]
        except (BlockingIOError, InterruptedError):
            if len(self._out) > MOST_UNSENT:
                self.close()
            return
        except OSError:
            self.close()
            return
        if self._ends:
            self.close()
        elif self._http.our_state is h11.DONE and self._http.their_state is h11.DONE and not self.closed:
            self._http.start_next_cycle()
            self.deadline = now + REQUEST_S
            self._serve(None, now)

    def _put(self, data: bytes) -> None:
        self._out += data

    # --- HTTP -------------------------------------------------------------------------------------------

    def _serve(self, data: bytes | None, now: float) -> None:
        try:
            if data is not None:
                self._http.receive_data(data)
            self._take_requests(now)
        except h11.RemoteProtocolError as error:
            self._refuse(error.error_status_hint)

    def _take_requests(self, now: float) -> None:
        """Take events until more bytes are wanted; an answer must be fetched before the next is made."""
        while not self._out and not self.closed and not self._ends:
            event = self._http.next_event()
            if event is h11.NEED_DATA or event is h11.PAUSED:
                return
            if isinstance(event, h11.Request):
                self._request, self._body = event, 0
            elif isinstance(event, h11.Data):
                self._body += len(event.data)
                if self._body > LARGEST_BODY:
                    self._refuse(413)
            elif isinstance(event, h11.ConnectionClosed):
                self.close()
            elif isinstance(event, h11.EndOfMessage) and self._request is not None:
                self._reply(self._request, now)

    def _reply(self, request: h11.Request, now: float) -> None:
        headers = dict(request.headers)
        if request.http_version not in VERSIONS:
            self._refuse(505)
            return
        if headers.get(b"upgrade", b"").lower() == b"websocket":
            self._upgrade(request, headers, now)
            return
        self.deadline = now + FETCH_S
        if request.method not in METHODS:
            self._send(405, b"", [(b"Allow", b", ".join(METHODS))])
            return
        status, body, further = self._site.answer(self, request.target.decode("ascii", "replace"), headers)
        if request.method == b"OPTIONS" and status < 300:
            status, body, further = 204, b"", [*further, (b"Access-Control-Allow-Methods", b"GET"), (b"Allow", b"GET")]
        self._send(status, body, further, request.method != b"HEAD")

    def _refuse(self, status: int) -> None:
        """Answer what is no request, and end."""
        if self._http.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            self._send(status, b"", [(b"Connection", b"close")])
        self._ends = True

    def _send(self, status: int, body: bytes, further: Headers, whole: bool = True) -> None:
        headers: Headers = [(b"Server", b"Understudy"), (b"Cache-Control", b"no-store"), *further]
        if status != 204:
            headers += [(b"Content-Type", b"application/json"), (b"Content-Length", str(len(body)).encode())]
        events: list[h11.Event] = [h11.Response(status_code=status, headers=headers)]
        events += [h11.Data(data=body)] if body and whole else []
        for event in (*events, h11.EndOfMessage()):
            self._put(self._http.send(event) or b"")
        self._ends |= self._http.our_state is h11.MUST_CLOSE

    # --- WebSocket --------------------------------------------------------------------------------------

    def _upgrade(self, request: h11.Request, headers: dict[bytes, bytes], now: float) -> None:
        if not self._site.welcomes(self, headers):
            self._refuse(403)
            return
        web = WSConnection(ConnectionType.SERVER)
        try:
            web.initiate_upgrade_connection([*request.headers], request.target.decode("ascii", "replace"))
            for event in web.events():
                if isinstance(event, Request):
                    self._put(web.send(AcceptConnection()))
        except (RemoteProtocolError, UnicodeError):  # Letters that no name or protocol has.
            self._refuse(400)
            return
        self._web, self.is_socket = web, True
        self.deadline = now + PING_S
        if self._http.trailing_data[0]:
            self._listen(self._http.trailing_data[0])

    def _listen(self, data: bytes) -> None:
        assert self._web is not None
        try:
            self._web.receive_data(data or None)  # None: the other side hung up.
            for event in self._web.events():
                self._take(event)
        except (RemoteProtocolError, LocalProtocolError) as error:
            hint = getattr(error, "event_hint", None)
            self._finish(hint.code if isinstance(hint, CloseConnection) else 1002)

    def _take(self, event: object) -> None:
        assert self._web is not None
        if isinstance(event, Message):
            if self._ends:
                return
            self._parts.append(event.data if isinstance(event, TextMessage) else bytes(event.data))
            self._size += len(event.data)
            if self._size > LARGEST_MESSAGE or len(self._parts) > MOST_PARTS:
                self._parts.clear()
                self._finish(TOO_BIG)
            elif event.message_finished:
                whole, self._parts, self._size = self._parts, [], 0
                empty: str | bytes = "" if isinstance(event, TextMessage) else b""
                self._site.hear(self, empty.join(whole))  # type: ignore[arg-type]
        elif isinstance(event, Ping):
            self._put(self._web.send(event.response()))
        elif isinstance(event, CloseConnection):
            self._finish(0, event)

    def _finish(self, code: int, asked: CloseConnection | None = None) -> None:
        """Close the WebSocket: for a reason of our own, or because the other side asked."""
        assert self._web is not None
        if not self._ends:
            try:
                self._put(self._web.send(asked.response() if asked is not None else CloseConnection(code)))
            except LocalProtocolError:
                self._out.clear()  # It is closed already: nobody waits for an answer.
        self._ends = True
