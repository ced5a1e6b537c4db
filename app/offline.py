"""The instrument without processes or real time: for tests, renders and scripts.

The same dispatcher that runs in its own process is called directly here, on the same offline clock as the
engine, so that a test sees exactly what a port would have sent, and when.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from app.command import Command, Quit, Reply
from app.device.base import Device, DeviceSpec
from app.dispatcher import Dispatcher
from app.transport import OfflineClock


class DirectSink:
    """A dispatcher called directly. Attributes: `dispatcher`, `devices` (the newest of each name), `alive`."""

    def __init__(self, make: Callable[[DeviceSpec], Device], clock: OfflineClock) -> None:
        self.alive = False
        self.devices: dict[str, Device] = {}
        self._make, self._clock = make, clock
        self._last = clock.seconds
        self._replies: list[Reply] = []
        self.dispatcher = Dispatcher(self._keep, clock, self._replies.append)

    def _keep(self, spec: DeviceSpec) -> Device:
        self.devices[spec.name] = self._make(spec)
        return self.devices[spec.name]

    def start(self) -> None:
        self.alive = True

    def send_all(self, commands: Sequence[Command]) -> None:
        self._catch_up()
        for command in commands:
            self.dispatcher.handle(command)

    def wait(self, seconds: float) -> None:
        """Return at once: whoever is called directly is there."""

    def poll(self) -> list[Reply]:
        """Send what is due by the clock; return what the dispatcher answered."""
        self._catch_up()
        self.dispatcher.tend(self._clock.now())
        replies = list(self._replies)
        self._replies.clear()
        return replies

    def _catch_up(self) -> None:
        """Send each event at its own time, although the clock has jumped past it since the last turn."""
        now = self._clock.seconds
        while (due := self.dispatcher.next_due()) <= now:
            self._clock.seconds = max(due, self._last)
            self._last = self._clock.seconds
            self.dispatcher.run_due(self._clock.seconds)
        self._clock.seconds = self._last = now

    def stop(self) -> None:
        self.dispatcher.handle(Quit())
        self.alive = False
