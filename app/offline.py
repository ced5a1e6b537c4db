"""The instrument without processes or real time: for tests, renders and scripts.

The same dispatcher that runs in its own process is called directly here, on the same offline clock as the
engine, so that a test sees exactly what a port would have sent, and when.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from app.device.base import Device, DeviceSpec
from app.dispatcher import Command, Dispatcher, Quit, Reply
from app.transport import Clock


class DirectSink:
    """A dispatcher called directly. Attributes: `dispatcher`, `alive`."""

    def __init__(self, make: Callable[[DeviceSpec], Device], clock: Clock) -> None:
        self.alive = False
        self._clock = clock
        self._replies: list[Reply] = []
        self.dispatcher = Dispatcher(make, clock.now, self._replies.append)

    def start(self) -> None:
        self.alive = True

    def send_all(self, commands: Sequence[Command]) -> None:
        for command in commands:
            self.dispatcher.handle(command)

    def poll(self) -> list[Reply]:
        """Send what is due by the clock; return what the dispatcher answered."""
        self.dispatcher.run_due(self._clock.now())
        replies = list(self._replies)
        self._replies.clear()
        return replies

    def stop(self) -> None:
        self.dispatcher.handle(Quit())
        self.alive = False
