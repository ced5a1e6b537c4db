"""Played keys as sources that mean any key: how hard, and how high.

A line of "note" or "pitch" hears every key of its controller and channel, goes down with the first and is let go with
the last. What nobody lets go, a key heard by Map mode or a controller that says "all notes off", is let go here.
"""

from __future__ import annotations

from collections.abc import Sequence

from app.binding_gate import Gate, pitch_of, played
from app.hand import Hands
from app.midi_source import Touch

ALL_OFF = ("cc120", "cc123")  # A controller says that none of its keys is down.


class PlayedNotes:
    """Tells the hands of keys."""

    def __init__(self, hands: Hands) -> None:
        self._hands = hands
        self._gate = Gate()

    def take(self, touch: Touch, seconds: float) -> None:
        """Let a key move what any key is bound to."""
        pitch = pitch_of(touch)
        if pitch is None:
            if touch.name in ALL_OFF:
                self._gate.end_all(lambda key: key[0] == touch.port)
                self._hands.release_notes(seconds, touch.port)
            return
        key = (touch.port, touch.channel, pitch)
        if touch.value <= 0:
            for source in self._gate.end(key):
                self._hands.release(source, seconds)
        elif self._hands.bindings.any_of("midi"):
            for one in played(touch, pitch):
                self._gate.strike(one.sources, key)
                for source in one.sources:
                    self._hands.feel(source, one.value, "midi", seconds, touch.port, struck=True)

    def let_go(self, touches: Sequence[Touch], seconds: float) -> None:
        """What Map mode hears moves nothing, but a key that goes up still lets go."""
        for touch in touches:
            if touch.value <= 0:
                self.take(touch, seconds)
                for source in touch.sources:
                    self._hands.release(source, seconds)
