"""Messages that are due at once, sent by the engine's own thread.

A prediction has no note-off to wait for and nothing to lose but time, so it does not take the way through the
dispatcher's process. The receivers are the same kind of port that the dispatcher uses.
"""

from __future__ import annotations

from app.device.base import DeviceSpec
from app.device.osc import Osc
from app.event import Message

Receiver = tuple[str, int]
MOST_RECEIVERS = 32
CHECK_S = 1.0


class Speaker:
    """Sends OSC now. Attributes: `sent` (messages so far)."""

    def __init__(self) -> None:
        self.sent = 0
        self._ports: dict[Receiver, Osc] = {}
        self._checked = float("-inf")

    def say(self, message: Message, receiver: Receiver) -> None:
        """Send a message to (host, port); what goes wrong is told by `troubles`."""
        port = self._ports.get(receiver)
        if port is None:
            port = self._open(receiver)
        port.send(message)
        self.sent += 1

    def _open(self, receiver: Receiver) -> Osc:
        if len(self._ports) >= MOST_RECEIVERS:
            self._ports.pop(next(iter(self._ports))).close()
        host, number = receiver
        port = Osc(DeviceSpec(f"{host}:{number}", "osc", (("host", host), ("port", number))))
        port.open()
        self._ports[receiver] = port
        return port

    def troubles(self, now: float) -> list[str]:
        """Return what is wrong with receivers, in sentences; looks once a second."""
        if now - self._checked < CHECK_S:
            return []
        self._checked = now
        return [trouble for port in self._ports.values() if (trouble := port.check())]

    def close(self) -> None:
        for port in self._ports.values():
            port.close()
        self._ports.clear()
