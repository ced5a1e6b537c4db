"""The one door into the engine's thread.

The window, signal handlers and other threads put plain values here; sockets are read here too. The engine takes
all in order. Nothing else crosses into musical state, so musical code needs no locks.
"""

from __future__ import annotations

import select
import socket
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from app.action import Argument
from app.binding import Binding
from app.frame import Frame, MidiMessage


@dataclass(frozen=True, slots=True)
class Write:
    """Set a Parameter. `gesture`: writes of one press share a number and are one undo step."""

    address: str
    value: float | str
    origin: str = "ui"
    gesture: int | None = None


@dataclass(frozen=True, slots=True)
class Reset:
    """Set a Parameter to its default."""

    address: str
    origin: str = "ui"


@dataclass(frozen=True, slots=True)
class Trigger:
    """Fire an Action."""

    address: str
    arguments: tuple[Argument, ...] = ()
    origin: str = "ui"


@dataclass(frozen=True, slots=True)
class Press:
    """A key went down or up."""

    key: str
    pressed: bool = True


@dataclass(frozen=True, slots=True)
class Bind:
    """Add a line to the table of bindings, or take it out; `gone` are others that leave with the same gesture."""

    binding: Binding
    present: bool = True
    gone: tuple[Binding, ...] = ()


@dataclass(frozen=True, slots=True)
class Packet:
    """An OSC message came in at `seconds` from `sender` (host, port); `reply` sends one to a
    receiver through the same port."""

    seconds: float
    address: str
    arguments: tuple[object, ...]
    sender: tuple[str, int]
    reply: Callable[[tuple[str, int], str, tuple[Argument, ...]], None]


@dataclass(frozen=True, slots=True)
class Fault:
    """Something came in that could not be read, or a port stopped: a sentence for the log."""

    seconds: float
    port: str
    text: str


Item = Write | Reset | Trigger | Press | Bind | Packet | Frame | MidiMessage | Fault


class Port(Protocol):
    """A socket that the engine's thread reads itself, whenever something is there."""

    def fileno(self) -> int:
        """Return the descriptor to wait for."""

    def read(self, put: Callable[[Item], None]) -> None:
        """Read what is there, without blocking, and put it."""


class Inbox:
    """What the engine's thread waits for: items put by other threads, and ports that it reads itself.

    A message read by the thread that answers it needs no hand-over between threads, which would cost more than
    reading, predicting and answering together.

    Attributes: `dropped`, items refused when full.
    """

    def __init__(self, limit: int = 20_000) -> None:
        self._items: deque[Item] = deque()
        self._limit = limit
        self._ports: list[Port] = []
        self._waiting = False
        self._bell, self._ear = socket.socketpair()
        self._bell.setblocking(False)
        self._ear.setblocking(False)
        self.dropped = 0

    def watch(self, port: Port) -> None:
        """Read this port too from now on; engine's thread, or before it runs."""
        self._ports.append(port)

    def unwatch(self, port: Port) -> None:
        self._ports.remove(port)

    def put(self, item: Item) -> None:
        """Add an item; past the limit it is dropped and counted, so that a flood cannot eat the memory."""
        if len(self._items) >= self._limit:
            self.dropped += 1
            return
        self._items.append(item)
        if self._waiting:
            try:
                self._bell.send(b"\0")
            except BlockingIOError:
                return  # It has been rung often enough.

    def take(self, timeout_s: float = 0.0) -> Iterator[Item]:
        """Yield what is there now; wait up to `timeout_s` for something to come."""
        self._waiting = True
        # Looked at after the flag is up: whoever puts from now on rings the bell.
        sources: list[Any] = [self._ear, *self._ports]
        ready = _ready(sources, 0 if self._items else max(timeout_s, 0.0))
        self._waiting = False
        for source in ready:
            if source is self._ear:
                self._ear.recv(4096)
            else:
                source.read(self.put)
        for _ in range(len(self._items)):
            yield self._items.popleft()

    def close(self) -> None:
        self._bell.close()
        self._ear.close()


def _ready(sources: list[Any], wait_s: float) -> list[Any]:
    """Return what can be read; wait up to `wait_s` for it.

    `select` wakes to the microsecond and knows no descriptor from 1024 on; `poll` knows all, to the millisecond.
    """
    try:
        return select.select(sources, [], [], wait_s)[0]
    except ValueError:
        if not hasattr(select, "poll"):
            raise
    numbers = {source.fileno(): source for source in sources}
    poller = select.poll()
    for number in numbers:
        poller.register(number, select.POLLIN)
    return [numbers[number] for number, _ in poller.poll(wait_s * 1000)]
