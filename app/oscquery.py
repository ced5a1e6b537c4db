"""OSCQuery: a web server that tells the address space, and the name under which others find it.

It only reads, in threads of its own, so the music never waits for it. It listens on this computer alone unless the
performer opens the instrument to the network.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote, urlsplit

from app.hand import Hands
from app.namespace import ATTRIBUTES, find, host_info, tree
from app.network import Gate

LOOPBACK = "127.0.0.1"
IDLE_S = 5.0
SERVICE = "_oscjson._tcp.local."


class Server(ThreadingHTTPServer):
    """Answers GET; refuses strangers. Attributes: `answer` (path and query to status and JSON), `gate`."""

    daemon_threads = True
    request_queue_size = 16

    def __init__(self, host: str, port: int, answer: Callable[[str, str], tuple[int, object]], gate: Gate) -> None:
        self.answer, self.gate = answer, gate
        super().__init__((host, port), Asked)

    def verify_request(self, request: Any, client_address: Any) -> bool:
        return self.gate.admits(str(client_address[0]))

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up in the middle is no event."""


class Asked(BaseHTTPRequestHandler):
    """One request."""

    server_version = "Understudy"
    timeout = IDLE_S
    server: Server

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        status, found = self.server.answer(unquote(parts.path), parts.query)
        body = b"" if found is None else json.dumps(found).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: object) -> None:
        """Requests are not for the terminal."""


class OscQuery:
    """The address space over HTTP, announced by mDNS.

    Attributes: `port` (0 until it is open), `announced` ("" or why nobody is told its name).
    """

    def __init__(self, hands: Hands, name: str, osc_port: int, gate: Gate) -> None:
        self.port = 0
        self.announced = "not announced yet"
        self._hands, self._name, self._osc_port, self._gate = hands, name, osc_port, gate
        self._server: Server | None = None
        self._announcer: Any = None
        self._host = LOOPBACK

    def open(self, host: str = LOOPBACK, port: int = 0) -> int:
        """Serve, and announce in the background; return the port. OSError if it cannot be had."""
        self._host = host
        self._server = Server(host, port, self.answer, self._gate)
        self.port = int(self._server.server_address[1])
        threading.Thread(target=self._server.serve_forever, name="oscquery", daemon=True).start()
        threading.Thread(target=self._announce, name="mdns", daemon=True).start()
        return self.port

    def close(self) -> None:
        """Stop serving and take the name back; may be called in any state."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None
        if self._announcer is not None:
            self._announcer.close()
            self._announcer = None

    def answer(self, path: str, query: str) -> tuple[int, object]:
        """Return the status and JSON for a path and a query (an attribute's name, HOST_INFO or nothing)."""
        if query == "HOST_INFO":
            return 200, host_info(self._name, self._host, self._osc_port)
        node = find(tree(self._hands), path)
        if node is None:
            return 404, None
        if not query:
            return 200, node
        if query not in ATTRIBUTES:
            return 400, None
        return (200, {query: node[query]}) if query in node else (204, None)

    def _announce(self) -> None:
        try:
            from app.announcement import Announcement

            self._announcer = Announcement(self._name, SERVICE, self._host, self.port)
            self.announced = ""
        except Exception as error:  # noqa: BLE001 - mDNS fails in as many ways as there are networks; playing does not need it
            self.announced = f"mDNS: unavailable ({error}); type the address by hand"
