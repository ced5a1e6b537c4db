"""What the engine tells the dispatcher, and what the dispatcher answers.

Plain values, because they travel through a pipe between two processes; due times are seconds of
`time.perf_counter()`, which on Linux, macOS and Windows is one clock for all processes.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.device.base import DeviceSpec
from app.event import Event
from app.transport import Bend


@dataclass(frozen=True, slots=True)
class Play:
    """Send an event to some ports at `due` seconds; 0 means now. A past `due` goes at once and counts as late."""

    due: float
    devices: tuple[str, ...]
    event: Event


@dataclass(frozen=True, slots=True)
class Configure:
    """Have exactly these ports open. What did not change stays open; what closes is released first."""

    specs: tuple[DeviceSpec, ...]


@dataclass(frozen=True, slots=True)
class Withdraw:
    """Forget what is queued and not yet due, of one part or (None) of all.

    That includes note-offs: who withdraws then says anew what shall end, or uses Release.
    """

    part: str | None = None


@dataclass(frozen=True, slots=True)
class Retime:
    """Move what a part has queued to where the tempo puts it now; what has left stays, so nothing is sent twice."""

    part: str
    bend: Bend


@dataclass(frozen=True, slots=True)
class Release:
    """Withdraw, and end what sounds, of one part or (None) of all, now."""

    part: str | None = None


@dataclass(frozen=True, slots=True)
class Adopt:
    """Take (part, pitch) pairs for sounding that an earlier dispatcher left behind, so that they can be ended."""

    devices: tuple[str, ...]
    held: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Panic:
    """Withdraw all, release all, and tell every port to be silent. Answered by Silent."""


@dataclass(frozen=True, slots=True)
class Ping:
    """The engine lives. Without any command for a second, all notes are released."""


@dataclass(frozen=True, slots=True)
class Quit:
    """Panic, close every port, end. Answered by Silent."""


Command = Play | Configure | Withdraw | Retime | Release | Adopt | Panic | Ping | Quit


@dataclass(frozen=True, slots=True)
class Status:
    """A port's state changed: "open" (`text` says where it leads), "waiting", "failed" (why), or "closed"."""

    device: str
    state: str
    text: str


@dataclass(frozen=True, slots=True)
class Report:
    """What was sent since the last report; ten a second at most.

    Attributes: `sent` (messages by port), `late_ms` (send time minus due time, of events that had one),
    `sounding` (notes now held on all ports), `realtime` (whether the system grants real-time priority),
    `dropped` (events without effect: offs of silent notes, ports that are gone), `errors` (sentences).
    """

    sent: dict[str, int]
    late_ms: tuple[float, ...]
    sounding: int
    realtime: bool
    dropped: int = 0
    errors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Silent:
    """All ports are silent: how many notes were ended for it, and how long it took."""

    sounding_released: int
    took_ms: float


Reply = Status | Report | Silent
