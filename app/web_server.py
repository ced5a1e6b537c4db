"""The web page's one thread: all visitors at once, none of whom can keep another, or the music, waiting.

One thread with a bounded number of visitors instead of a thread for each: a hundred half-open connections cost nothing
but their sockets, and everything that the page does happens in one order.
"""

from __future__ import annotations

import contextlib
import selectors
import socket
import sys
import threading
from collections.abc import Callable, Iterator

from app.network import Gate
from app.transport import Clock
from app.web_link import Link, Site

MOST_VISITORS = 48
MOST_SOCKETS = 16
LOOK_S = 1.0  # How often the gate and the tables are looked at.
END_S = 3.0
BREATH_S = 0.05
# Those that open no file of their own: the page must go on when the process may open no more.
Selector = getattr(selectors, "PollSelector", selectors.SelectSelector)


class WebServer:
    """Listens on a TCP port. Attributes: `port`, `refused` (who were not let in, or for whom there was no room)."""

    def __init__(self, host: str, port: int, site: Site, gate: Gate, clock: Clock, look: Callable[[], None]) -> None:
        """`look` is called now and then by the server's thread. OSError if the port cannot be had."""
        self.refused = 0
        self._site, self._gate, self._clock, self._look = site, gate, clock, look
        self._links: list[Link] = []
        self._doors = [_door(host, port)]
        self.port = int(self._doors[0].getsockname()[1])
        with contextlib.suppress(OSError):  # A computer without IPv6, or a twin that has the port there.
            self._doors.append(_door("::1" if host == "127.0.0.1" else "::", self.port))
        self._bell, self._ear = socket.socketpair()
        self._bell.setblocking(False)
        self._ear.setblocking(False)
        self._ended = False
        self._thread = threading.Thread(target=self._run, name="oscquery", daemon=True)
        self._thread.start()

    @property
    def sockets(self) -> list[Link]:
        """The open WebSockets; the server's own thread."""
        return [link for link in self._links if link.is_socket]

    @property
    def has_room(self) -> bool:
        """Whether one more WebSocket may be opened."""
        return len(self.sockets) < MOST_SOCKETS

    def wake(self) -> None:
        """Something waits to be sent; any thread."""
        with contextlib.suppress(BlockingIOError, OSError):  # Rung often enough, or closed meanwhile.
            self._bell.send(b"\0")

    def close(self) -> None:
        """Say good-bye to everybody and end; may be called in any state."""
        self._ended = True
        self.wake()
        if threading.current_thread() is not self._thread:
            self._thread.join(END_S)
        self._bell.close()

    # --- the loop ---------------------------------------------------------------------------------------

    def _run(self) -> None:
        next_look = self._clock.now() + LOOK_S
        try:
            while not self._ended:
                for ready, mask in self._wait(max(0.0, next_look - self._clock.now())):
                    self._serve(ready, mask)
                now = self._clock.now()
                if now >= next_look:
                    next_look = now + LOOK_S
                    self._tend(now)
        finally:
            for link in self._links:
                link.part()
            for end in (*self._doors, self._ear):
                end.close()

    def _wait(self, seconds: float) -> Iterator[tuple[object, int]]:
        with Selector() as selector:
            for source in (*self._doors, self._ear):
                selector.register(source, selectors.EVENT_READ)
            for link in self._links:
                write = selectors.EVENT_WRITE if link.has_more else 0
                selector.register(link, write | (selectors.EVENT_READ if link.hears else 0))
            found = selector.select(seconds)
        for key, mask in found:
            yield key.fileobj, mask

    def _serve(self, ready: object, mask: int) -> None:
        now = self._clock.now()
        if isinstance(ready, Link):
            self._attend(ready, mask, now)
            if ready.closed and ready in self._links:
                self._links.remove(ready)
        elif ready is self._ear:
            self._ear.recv(4096)
        elif isinstance(ready, socket.socket):
            self._admit(ready, now)

    def _attend(self, link: Link, mask: int, now: float) -> None:
        """Write to and read from one visitor; a fault with one must not send the others away."""
        try:
            if mask & selectors.EVENT_WRITE:
                link.write(now)
            if mask & selectors.EVENT_READ and not link.closed:
                link.read(now)
        except Exception as error:  # noqa: BLE001 - whatever a stranger's bytes brought about, it is said and he goes
            link.close()
            self._site.trouble(f"A web visitor from {link.sender[0]} was let go ({error!r})")

    def _admit(self, door: socket.socket, now: float) -> None:
        try:
            connection, sender = door.accept()
        except OSError:
            self._breathe()  # Out of files, perhaps: not again at once.
            return
        if not self._gate.admits(str(sender[0])) or not self._make_room():
            self.refused += 1
            connection.close()
            return
        try:
            link = Link(connection, (str(sender[0]), int(sender[1])), self._site, now)
        except OSError:  # It hung up before it was let in.
            connection.close()
            return
        self._links.append(link)

    def _breathe(self) -> None:
        with Selector() as selector:
            selector.register(self._ear, selectors.EVENT_READ)
            selector.select(BREATH_S)

    def _make_room(self) -> bool:
        """Return whether there is room; of those who only ask, the one that came first must go."""
        if len(self._links) < MOST_VISITORS:
            return True
        oldest = next((link for link in self._links if not link.is_socket), None)
        if oldest is None:
            return False
        oldest.close()
        self._links.remove(oldest)
        return True

    def _tend(self, now: float) -> None:
        for link in self._links:
            if not self._gate.admits(link.sender[0]):
                link.part()
            link.tend(now)
        self._links = [link for link in self._links if not link.closed]
        self._look()


def _door(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    door = socket.socket(family, socket.SOCK_STREAM)
    try:
        if sys.platform != "win32":  # There it would let a twin take the port of one who listens.
            door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            door.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        door.bind((host, port))
        door.listen(16)
        door.setblocking(False)
    except (OSError, OverflowError) as error:
        door.close()
        raise OSError(str(error)) from error
    return door
