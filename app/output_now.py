"""What leaves from the engine's own thread, without a queue: messages that are due now and have no life after it.

It saves them the way through another process; and when that process is gone, it is how the notes it left behind end.
"""

from __future__ import annotations

from collections.abc import Sequence

from app.device.osc import message
from app.event import NOW, Message, NoteOff
from app.speaker import Speaker

Address = tuple[str, int]


class Now:
    """Attributes: `speaks` (whether there is a socket; without one all goes through the dispatcher)."""

    def __init__(self, speaker: Speaker | None) -> None:
        self.speaks = speaker is not None
        self._speaker = speaker

    def say(self, said: Message, receivers: Sequence[Address]) -> None:
        """Send a message to some addresses."""
        if self._speaker is None:
            return
        for receiver in receivers:
            self._speaker.say(said, receiver)

    def end(self, notes: Sequence[tuple[str, int]], receivers: Sequence[Address]) -> None:
        """End notes, each a part and a pitch: a new output process may take a moment to start."""
        for part, pitch in notes:
            address, arguments = message(NoteOff(0.0, part, pitch))
            self.say(Message(NOW, part, address, tuple(arguments)), receivers)

    def troubles(self, now: float) -> Sequence[str]:
        """Return what went wrong since it was asked last, as sentences."""
        return self._speaker.troubles(now) if self._speaker is not None else ()

    def close(self) -> None:
        if self._speaker is not None:
            self._speaker.close()
