"""The one door into the engine's thread.

Receive threads, the window and signal handlers put plain values here; the engine takes them in order. Nothing
else crosses into musical state, so musical code needs no locks.
"""

from __future__ import annotations

import queue
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from app.action import Argument


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
class Packet:
    """An OSC message came in at `seconds` from `sender` (host, port); `reply` sends one back to it."""

    seconds: float
    address: str
    arguments: tuple[object, ...]
    sender: tuple[str, int]
    reply: Callable[[str, tuple[Argument, ...]], None]


@dataclass(frozen=True, slots=True)
class Fault:
    """Something came in that could not be read, or a port stopped: a sentence for the log."""

    seconds: float
    port: str
    text: str


Item = Write | Reset | Trigger | Press | Packet | Fault


class Inbox:
    """A queue that many threads fill and one empties. Attributes: `dropped`, items refused when full."""

    def __init__(self, limit: int = 20_000) -> None:
        self._queue: queue.SimpleQueue[Item] = queue.SimpleQueue()
        self._limit = limit
        self.dropped = 0

    def put(self, item: Item) -> None:
        """Add an item; past the limit it is dropped and counted, so that a flood cannot eat the memory."""
        if self._queue.qsize() >= self._limit:
            self.dropped += 1
        else:
            self._queue.put(item)

    def take(self, timeout_s: float = 0.0) -> Iterator[Item]:
        """Yield what is there now; wait up to `timeout_s` for the first item."""
        try:
            yield self._queue.get(timeout=timeout_s) if timeout_s > 0 else self._queue.get_nowait()
            for _ in range(self._queue.qsize()):
                yield self._queue.get_nowait()
        except queue.Empty:
            return
