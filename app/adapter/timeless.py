"""A player without a time of its own: it answers what comes in, whether the music plays or stands."""

from __future__ import annotations

from app.event import Event
from app.player.base import NEVER


class Timeless:
    """The half of a player that concerns beats, for one that has none."""

    def start(self, beat: float) -> None:
        """The transport started; nothing here follows it."""

    def stop(self) -> None:
        """The transport stopped; what comes in is answered all the same."""

    def due(self) -> float:
        return NEVER

    def step(self) -> list[Event]:
        return []
