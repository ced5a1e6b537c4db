"""The seam between the engine and whoever plays.

A player never sees a clock or a port: it is asked for one step after another, each with a beat, and answers
with events. So every player runs the same on stage, in a test and in a render faster than real time.
"""

from __future__ import annotations

from typing import Protocol

from app.event import Event

NEVER = float("inf")


class Player(Protocol):
    """One part. Attributes: `part`, its name in events, addresses and on screen."""

    part: str

    def start(self, beat: float) -> None:
        """Prepare to play from `beat`; the first step is at or after it."""

    def stop(self) -> None:
        """Stop; the engine releases the notes. What was learnt or remembered stays."""

    def due(self) -> float:
        """Return the beat of the next step, or NEVER."""

    def step(self) -> list[Event]:
        """Play the next step and return its events, in the order in which they sound."""

    def tend(self) -> list[Event]:
        """Look after what is not tied to a beat (a model that finished loading); called often, cheap."""
