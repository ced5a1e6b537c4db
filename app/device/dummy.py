"""A port that leads nowhere and remembers what it was sent.

Tests read its list like a score, and can pull its plug; the instrument uses it when nothing else is there.
"""

from __future__ import annotations

from app.device.base import DeviceError, DeviceSpec
from app.event import Event, NoteOff, NoteOn
from app.transport import Clock, WallClock


class Dummy:
    """A recording port.

    Attributes: as Device; `sent` ((time in seconds, event) in order), `panics` (their times), `plugged` (False:
    the port is gone), `deaf` (True: it takes messages even so, like UDP), `is_open`.
    """

    merges_parts = False

    def __init__(self, spec: DeviceSpec, clock: Clock | None = None) -> None:
        self.spec = spec
        self.where = "nowhere"
        self.sent: list[tuple[float, Event]] = []
        self.panics: list[float] = []
        self.plugged = True
        self.deaf = False
        self.is_open = False
        self._clock: Clock = clock or WallClock()

    def open(self) -> None:
        self.is_open = True

    def send(self, event: Event) -> None:
        self._need_port()
        self.sent.append((self._clock.now(), event))

    def panic(self) -> None:
        self._need_port()
        self.panics.append(self._clock.now())

    def check(self) -> str:
        return "" if self.plugged else f"waiting for {self.spec.name}"

    def close(self) -> None:
        self.is_open = False

    @property
    def held(self) -> set[tuple[str, int]]:
        """The (part, pitch) that a receiver of all this would still sound."""
        sounding: set[tuple[str, int]] = set()
        for _, event in self.sent:
            if isinstance(event, NoteOn):
                sounding.add((event.part, event.pitch))
            elif isinstance(event, NoteOff):
                sounding.discard((event.part, event.pitch))
        return sounding

    def _need_port(self) -> None:
        if not ((self.plugged or self.deaf) and self.is_open):
            raise DeviceError(f"{self.spec.name} is gone; it is used again when it comes back")
