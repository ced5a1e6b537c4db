"""Who is told over OSC why what they sent had no effect: those who asked for it, a few times a second at most.

A sender that never listens must not be sent anything, and one that floods us with what we do not know must not be
flooded in turn; so an answer goes only to subscribers and to those who sent `/errors 1`.
"""

from __future__ import annotations

from collections.abc import Callable

from app.inbox import Packet
from app.subscription import MOST_SUBSCRIBERS, Receiver

ERROR = "/error"
MOST_A_SECOND = 10
SPAN_S = 1.0


class Complaints:
    """Attributes: `asked` (receiver -> whether it wants to be told, whatever it subscribed to)."""

    def __init__(self, now: Callable[[], float], subscribes: Callable[[Receiver], bool]) -> None:
        self.asked: dict[Receiver, bool] = {}
        self._now, self._subscribes = now, subscribes
        self._told: dict[Receiver, tuple[float, int]] = {}  # When its second began, and how often it was told since.

    def ask(self, receiver: Receiver, wanted: bool) -> None:
        """Tell a receiver from now on, or no more; of too many the one that asked first is forgotten."""
        self.asked.pop(receiver, None)
        if len(self.asked) >= MOST_SUBSCRIBERS:
            self.forget(next(iter(self.asked)))
        self.asked[receiver] = wanted

    def forget(self, receiver: Receiver) -> None:
        """Nobody listens there any more."""
        self.asked.pop(receiver, None)
        self._told.pop(receiver, None)

    def admits(self, packet: Packet) -> bool:
        """Return whether the sender of a packet is to be told of it now; it counts as told then."""
        receiver, now = packet.sender, self._now()
        # Two instruments that tell each other their errors must not go on for ever.
        if packet.address == ERROR or not self.asked.get(receiver, self._subscribes(receiver)):
            return False
        since, count = self._told.get(receiver, (now, 0))
        if now - since >= SPAN_S:
            since, count = now, 0
        if count >= MOST_A_SECOND:
            return False
        if len(self._told) > 2 * MOST_SUBSCRIBERS:
            self._told.clear()  # Those who went without a word.
        self._told[receiver] = since, count + 1
        return True
