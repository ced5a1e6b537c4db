"""The Follower for the eye: its part of the engine's picture."""

from __future__ import annotations

from dataclasses import replace

from app.player.follower.pattern import tick_at
from app.player.follower.player import Follower
from app.snapshot import Snapshot
from app.snapshot_follower import ChannelState, FollowerState
from app.transport import Clock

LOOK_S = 0.03


class View:
    """Adds the Follower to the engine's picture; looks no more often than an eye can."""

    def __init__(self, follower: Follower, clock: Clock) -> None:
        self._follower, self._clock = follower, clock
        self._looked = float("-inf")
        self._state = FollowerState()

    def picture(self, snapshot: Snapshot) -> Snapshot:
        now = self._clock.now()
        if now - self._looked >= LOOK_S:
            self._looked = now
            self._state = describe(self._follower, snapshot.beat)
        return replace(snapshot, follower=self._state)


def describe(follower: Follower, beat: float) -> FollowerState:
    """Return what the window may see of a Follower at a beat."""
    shape, program, coming = follower.school.shape, follower.program, follower.coming
    return FollowerState(
        slot=follower.slot,
        text=program.text,
        pending=coming.program.text if coming is not None else "",
        at=coming.at if coming is not None else 0.0,
        evaluated=follower.evaluated,
        fault=follower.fault,
        warnings=follower.warnings,
        channels=tuple(
            ChannelState(line.name, line.role, line.place.line, follower.score.beats(line.name), line.show())
            for line in program.statements
        ),
        lessons=follower.school.states,
        rows=follower.school.rows,
        tick=tick_at(beat, shape.grid) % shape.phrase,
        grid=shape.grid,
        bars=shape.bars,
    )
