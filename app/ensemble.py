"""The players on stage: each is asked for its steps in time, and one that fails is silenced while the others play on.

Engine thread only. A step is computed before its beat by the look-ahead and handed over with the time at which it is
due; what it says and strikes is heard by the players that listen to others, and moves what is bound to it.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from app.event import Event, Message, NoteOn
from app.map_cue import Cues
from app.monitor import Monitor
from app.output import Outputs
from app.parameter import Linear, Parameter, Tree
from app.player.base import NEVER, Player
from app.roll import Roll
from app.transport import Transport

LOST_S = 0.5  # A step later than this (a suspended laptop) is skipped rather than played in a burst.
Safely = Callable[..., Any]


class Ensemble:
    """Attributes: `players`, `silenced` (parts that stopped by a fault), `outputs` (None before they are connected),
    `output_hearers` and `note_hearers` (are told the messages and notes of all players)."""

    def __init__(
        self,
        tree: Tree,
        transport: Transport,
        monitor: Monitor,
        roll: Roll,
        cues: Cues,
        say: Callable[[str, str], None],
        safely: Safely,
    ) -> None:
        """`safely` runs what no note depends on, and tells its faults."""
        self.players: list[Player] = []
        self.silenced: set[str] = set()
        self.output_hearers: list[Callable[[Message], None]] = []
        self.note_hearers: list[Callable[[NoteOn], None]] = []
        self._outputs: Outputs | None = None
        self._transport, self._monitor, self._roll, self._cues = transport, monitor, roll, cues
        self._say, self._safely = say, safely
        self._told = False  # Whether a player said something that others may hear.
        self._ahead = tree.add(
            Parameter(
                "/engine/lookahead",
                60,
                Linear(10, 100, digits=0),
                "ms",
                "Look-ahead",
                "How early a step is computed and handed over",
            )
        )

    @property
    def outputs(self) -> Outputs:
        """The ports out; RuntimeError before they are connected."""
        if self._outputs is None:
            raise RuntimeError("the engine has no outputs yet: call connect() first")
        return self._outputs

    @outputs.setter
    def outputs(self, outputs: Outputs) -> None:
        self._outputs = outputs

    # --- all of them ----------------------------------------------------------------------------------

    def start(self) -> None:
        """Let all play from where the transport is, those that failed before too."""
        self.silenced.clear()
        for player in self.players:
            self._start(player)

    def stop(self) -> None:
        """Let all stop and release every note."""
        for player in self.players:
            self._guard(player, player.stop)
        self.outputs.release()
        self._roll.release(self._transport.beat)

    def tend(self, frames: bool, moves: Callable[[], int]) -> None:
        """Look after all: after `frames` alone only those who answer them, unless they said or moved something."""
        before, self._told = moves(), not frames
        for player in self.players:
            if not frames or getattr(player, "answers_frames", False):
                self._guard(player, player.tend)
        if frames and (self._told or moves() != before):
            for player in self.players:
                if not getattr(player, "answers_frames", False):
                    self._guard(player, player.tend)

    # --- their steps ----------------------------------------------------------------------------------

    def due(self) -> float:
        """Return when the next step must be computed, in seconds of the clock; NEVER while nothing plays."""
        if not self._transport.playing:
            return NEVER
        beat = min((player.due() for player in self._sounding()), default=NEVER)
        return NEVER if beat == NEVER else self._transport.time_at(beat) - self._ahead_s

    def play_due(self, now: float) -> None:
        """Play the steps that are due, by the time at which the turn began: so that it can be repeated exactly."""
        if not self._transport.playing:
            return
        until = now + self._ahead_s
        for player in self._sounding():
            self._skip_lost(player)
            while player.part not in self.silenced and self._transport.time_at(player.due()) <= until:
                self._guard(player, player.step)

    @property
    def _ahead_s(self) -> float:
        return self._ahead.value / 1000

    def _sounding(self) -> list[Player]:
        return [player for player in self.players if player.part not in self.silenced]

    def _skip_lost(self, player: Player) -> None:
        """After a long stall go on from now, instead of playing all that was missed at once."""
        due = player.due()
        late_s = 0.0 if due == NEVER else self._transport.clock.now() - self._transport.time_at(due)
        if late_s > LOST_S:
            self._monitor.counts["skipped"] += 1
            self._say("warning", f"{player.part} lost {late_s:.1f} s and goes on from now")
            self._start(player)

    def _start(self, player: Player) -> None:
        self._guard(player, lambda: player.start(self._transport.beat))

    # --- what they play -------------------------------------------------------------------------------

    def send(self, events: list[Event]) -> None:
        """Hand events to the ports, to who listens, and to what is bound to them."""
        if self._transport.playing:  # While the music stands no beats pass, and nothing has a place on the roll.
            self._roll.add(events, self._transport.beat)
        self.outputs.play((self._transport.time_at(event.beat), event) for event in events)
        for event in events:
            if isinstance(event, Message):
                self._told |= event.to is None
                for hear in self.output_hearers:
                    self._safely("what listens to players", hear, event)
            elif isinstance(event, NoteOn):
                for hear_note in self.note_hearers:
                    self._safely("what listens to players", hear_note, event)
            self._safely("what it moves", self._cues.take, self._transport.time_at(event.beat), event)

    def _guard(self, player: Player, deed: Callable[[], list[Event] | None]) -> None:
        """Let a player act and send what it answers; one that fails is silenced, the others play on."""
        try:
            events = deed()
        except Exception as error:  # noqa: BLE001 - whatever a player does, its notes must end and the rest play on
            self.silenced.add(player.part)
            for part in getattr(player, "parts", (player.part,)):
                self.outputs.release(part)
                self._roll.release(self._transport.beat, part)
            what = f"{error!r} at {place(error)}"
            self._say("error", f"{player.part} stopped: {what}; its notes are released, play starts it again")
            return
        if events:
            self.send(events)


def place(error: Exception) -> str:
    """Return where an error arose: the file's name and the line."""
    where = traceback.extract_tb(error.__traceback__)[-1]
    return f"{Path(where.filename).name}:{where.lineno}"
