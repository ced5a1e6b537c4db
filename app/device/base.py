"""The seam between the dispatcher and whatever sounds.

A device knows one port and nothing else: not the time, not which notes sound, not who plays. Keeping those in
the dispatcher means that no device can forget a note, and that a new kind of port is one small class.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol, runtime_checkable

from app.event import Event

Option = str | int | float | tuple[tuple[str, int], ...]
CHANNEL_OPTIONS = ("channel", "channels")
PART_CHANNELS = {"drums": 10, "lead": 2, "bass": 3}  # as General MIDI has its drums; used where nothing else is said


class DeviceError(Exception):
    """A port cannot be used. The text is one sentence: what, where, what to do."""


@dataclass(frozen=True, slots=True)
class DeviceSpec:
    """A description of one port that can be compared, hashed and sent to another process.

    Attributes: `name` (unique among the open ports), `kind` (key into the registry), `options` (sorted pairs),
    `latency_ms` (added to each due time; may be negative).
    """

    name: str
    kind: str
    options: tuple[tuple[str, Option], ...] = ()
    latency_ms: float = 0.0

    def option(self, key: str) -> Option | None:
        return next((value for name, value in self.options if name == key), None)

    def text(self, key: str, default: str = "") -> str:
        """Return an option as text."""
        value = self.option(key)
        return default if value is None else str(value).strip()

    def integer(self, key: str, default: int, low: int, high: int) -> int:
        """Return an option as a whole number; DeviceError outside `low`..`high`."""
        value = self.option(key)
        if value is None:
            return default
        if not isinstance(value, int | float) or not low <= value <= high:
            raise DeviceError(f"{self.name}: {key} is {value!r}; choose a whole number from {low} to {high}")
        return int(value)

    def channel(self, part: str) -> int:
        """Return the MIDI channel 1..16 of a part: its own, else its usual one, else that of the port, else 1."""
        part = part.removeprefix("loop:")  # What is played again keeps its instrument.
        own = self.option("channels")
        for name, channel in own if isinstance(own, tuple) else ():
            if name == part:
                return min(max(channel, 1), 16)
        return PART_CHANNELS.get(part) or self.integer("channel", 1, 1, 16)

    def same_port(self, other: DeviceSpec) -> bool:
        """Return whether both lead to one port, which then need not be closed: latency and channels may differ."""
        return self._port() == other._port()

    def _port(self) -> DeviceSpec:
        options = tuple(pair for pair in self.options if pair[0] not in CHANNEL_OPTIONS)
        return replace(self, options=options, latency_ms=0.0)


@runtime_checkable
class TimedDevice(Protocol):
    """A Device that can place an event in time better than by being called at its moment.

    Attributes: `lead_s` (how long before its time an event is to be given; 0.0 while it cannot).
    """

    @property
    def lead_s(self) -> float:
        """Return how early an event is wanted, in seconds; changes only in `open` and `check`."""

    def send_at(self, event: Event, seconds: float) -> None:
        """As `send`, for an event that leaves at a time of the clock; those given before leave before."""


class Device(Protocol):
    """One port out.

    Attributes: `spec` (replaced only by one with the same port), `where` (where it leads, for the screen),
    `merges_parts` (True: parts on one channel share their pitches, so that one part's note-off would end
    another's note; False: the receiver tells parts apart).
    """

    spec: DeviceSpec
    merges_parts: bool

    @property
    def where(self) -> str:
        """Return where the port leads."""

    def open(self) -> None:
        """Open the port, or begin to wait for it; DeviceError if waiting would not help."""

    def send(self, event: Event) -> None:
        """Send now, without blocking; DeviceError when there is no port to send to."""

    def panic(self) -> None:
        """Tell the receiver to be silent by every means beside note-offs; DeviceError as `send`."""

    def check(self) -> str:
        """Return "" if all is well, else why not; take up a port that came back. Fast: called between notes."""

    def close(self) -> None:
        """Let the port go; may be called in any state, raises nothing."""
