"""OSCQuery: a web page that tells the address space, a WebSocket that tells what moves, and a name to be found by.

It reads the tables in a thread of its own, so the music never waits for it; what it hears goes through the inbox as
everybody's messages do. It listens on this computer alone unless the performer opens the instrument to the network.
Source: the OSCQuery proposal (github.com/Vidvox/OSCQueryProposal).
"""

from __future__ import annotations

import json
import threading
from typing import Any
from urllib.parse import unquote, urlsplit

from app.action import Argument
from app.device.osc_in import packets
from app.device.packet import PacketError, encode
from app.hand import Hands
from app.inbox import Fault, Inbox, Packet
from app.namespace import ATTRIBUTES, UNSUPPORTED, Namespace, host_info, value_of
from app.network import LOOPBACK, Gate, is_near
from app.transport import Clock, WallClock
from app.web_link import Headers, Link
from app.web_server import WebServer

SERVICES = ("_oscjson._tcp.local.", "_osc._udp.local.")  # The page, and OSC itself: TouchOSC looks for the latter.
RATE_HZ = 20.0


class OscQuery:
    """The address space over HTTP and WebSocket, announced by mDNS.

    Attributes: `port` (0 until it is open), `announced` ("" or why nobody is told its name).
    """

    def __init__(
        self,
        hands: Hands,
        name: str,
        osc_port: int,
        gate: Gate,
        inbox: Inbox | None = None,
        clock: Clock | None = None,
    ) -> None:
        """`inbox` takes what is heard; without one it tells and hears nothing."""
        self.port = 0
        self.announced = "not announced yet"
        self._hands, self._name, self._osc_port, self._gate = hands, name, osc_port, gate
        self._inbox, self._clock = inbox, clock or WallClock()
        self._space = Namespace(hands)
        self._server: WebServer | None = None
        self._announcers: list[Any] = []
        self._closed = False
        self._host = LOOPBACK

    def open(self, host: str = LOOPBACK, port: int = 0) -> int:
        """Serve, and announce in the background; return the port. OSError if it cannot be had."""
        self._host = host
        self._server = WebServer(host, port, self, self._gate, self._clock, self._look)
        self.port = self._server.port
        threading.Thread(target=self._announce, name="mdns", daemon=True).start()
        return self.port

    def close(self) -> None:
        """Stop serving and take the name back; may be called in any state."""
        self._closed = True
        if self._server is not None:
            self._server.close()
            self._server = None
        while self._announcers:
            self._announcers.pop().close()

    # --- questions: the server's thread -----------------------------------------------------------------

    def answer(self, link: Link, target: str, headers: dict[bytes, bytes]) -> tuple[int, bytes, Headers]:
        """Return status, JSON and further headers for what a visitor asks."""
        if not is_near(self._gate, _host_of("//" + headers.get(b"host", b"").decode("latin-1"))):
            return 403, b"", []  # A name from elsewhere that leads here: a page in a browser asks, and nobody near.
        path, query = _parts(target)
        further: Headers = []
        if b"origin" in headers and self._is_near(headers):
            further = [(b"Access-Control-Allow-Origin", headers[b"origin"]), (b"Vary", b"Origin")]
        status, body = self._asked(link, path, query)
        return status, body.encode(), further

    def _asked(self, link: Link, path: str, query: str) -> tuple[int, str]:
        if query == "HOST_INFO":
            port = self.port if self._inbox is not None else 0
            return 200, json.dumps(host_info(self._name, link.own_host, self._osc_port, port))
        branch = self._space.find(path)
        if branch is None:
            return 404, ""
        if not query:
            return 200, branch.text()
        if query in UNSUPPORTED:
            return 204, ""
        if query not in ATTRIBUTES:
            return 400, ""
        node = branch.node if query == "CONTENTS" else branch.own
        if query not in node:
            return (200, "{}") if branch.one is None and query in ("TYPE", "CONTENTS") else (204, "")
        return 200, json.dumps({query: node[query]})

    # --- the WebSocket: the server's thread -------------------------------------------------------------

    def welcomes(self, link: Link, headers: dict[bytes, bytes]) -> bool:
        """Return whether a WebSocket may be opened: there is room, and no page from elsewhere asks."""
        return self._inbox is not None and self._server is not None and self._server.has_room and self._is_near(headers)

    def hear(self, link: Link, message: str | bytes) -> None:
        """Take a command (text) or an OSC packet (binary)."""
        now = self._clock.now()
        try:
            if isinstance(message, bytes):
                for packet in packets(message, link.sender, now, self._reply_of(link)):
                    self._put(packet)
            else:
                self._obey(link, message, now)
        except (PacketError, ValueError, RecursionError) as error:
            self._put(Fault(now, "oscquery", f"OSCQuery from {link.sender[0]} could not be read ({error})"))

    def leave(self, link: Link) -> None:
        """Forget what a visitor listened to."""
        self._put(Packet(self._clock.now(), "/unsubscribe", (), link.sender, self._reply_of(link)))

    def trouble(self, text: str) -> None:
        """Say why a visitor was let go."""
        self._put(Fault(self._clock.now(), "oscquery", text))

    def _obey(self, link: Link, text: str, now: float) -> None:
        asked = json.loads(text)
        command, path = (asked.get("COMMAND"), asked.get("DATA")) if isinstance(asked, dict) else (None, None)
        if command not in ("LISTEN", "IGNORE") or not isinstance(path, str):
            raise ValueError(f"{text[:60]!r} is neither LISTEN nor IGNORE with a path")
        if path in self._hands.tree:  # A path alone is meant: no pattern, and not what lies below it.
            verb, told = ("/subscribe", (path, RATE_HZ)) if command == "LISTEN" else ("/unsubscribe", (path,))
            self._put(Packet(now, verb, told, link.sender, self._reply_of(link)))

    def _reply_of(self, link: Link) -> Any:
        def reply(_receiver: tuple[str, int], address: str, arguments: tuple[Argument, ...]) -> None:
            """Send an answer over the same WebSocket; the engine's thread."""
            known = self._hands.tree.find(address)
            told = tuple(value_of(known)) if known is not None and len(arguments) == 1 else arguments
            server = self._server
            if link.say(encode(address, told)) and server is not None:
                server.wake()

        return reply

    def _put(self, item: Packet | Fault) -> None:
        if self._inbox is not None:
            self._inbox.put(item)

    def _look(self) -> None:
        """Tell every WebSocket what came, went or changed its shape."""
        changes, server = self._space.changes(), self._server
        for command, path in changes if server is not None else ():
            for link in server.sockets if server is not None else ():
                link.tell(json.dumps({"COMMAND": command, "DATA": path}))

    def _is_near(self, headers: dict[bytes, bytes]) -> bool:
        """Return whether a browser says that a page of this network asks; other programs name no page."""
        origin = headers.get(b"origin", b"").decode("latin-1")
        return origin != "null" and is_near(self._gate, _host_of(origin))

    def _announce(self) -> None:
        try:
            from app.announcement import Announcement

            for service, port in zip(SERVICES, (self.port, self._osc_port), strict=True):
                self._announcers.append(Announcement(self._name, service, self._host, port))
            self.announced = ""
        except Exception as error:  # noqa: BLE001 - mDNS fails in as many ways as there are networks; playing does not need it
            self.announced = f"mDNS: unavailable ({error}); type the address by hand"
        if self._closed:
            self.close()


def _parts(target: str) -> tuple[str, str]:
    """Return path and query of what a request asks for, which may be a whole address."""
    if not target.startswith("/"):
        split = urlsplit(target) if target.isascii() and "[" not in target else urlsplit("/")
        target = f"{split.path or '/'}?{split.query}"
    path, _, query = target.partition("#")[0].partition("?")
    return unquote(path), unquote(query)


def _host_of(address: str) -> str:
    """Return the host in a web address; "" if it has none, a name that is not near if it cannot be read."""
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return "unreadable.invalid"
