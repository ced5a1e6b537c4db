"""What receivers are told beside notes: samples, chains of effects, the knobs of the synths.

Only what differs from what was told before is sent, so evaluating a program again sends nothing, and an argument that
moves sends as often as it is looked at and no more.
"""

from __future__ import annotations

from collections.abc import Callable

from app.event import Event, Message
from app.player.follower.argument import Inputs
from app.player.follower.program import KNOBS, Argument, Channel, Program, Statement

LEAST = 1e-3  # Share by which a value must have moved to be told again.
Arguments = tuple[int | float | str, ...]


class Settings:
    """Remembers what was told. `find` returns the file of a channel's sample, "" if there is none."""

    def __init__(self, inputs: Inputs, find: Callable[[Channel], str]) -> None:
        self._inputs, self._find = inputs, find
        self._told: dict[tuple[str, str], Arguments] = {}

    def forget(self) -> None:
        """Tell everything anew: a receiver may have come that knows nothing."""
        self._told.clear()

    def loads(self, program: Program, beat: float) -> list[Event]:
        """Return the samples that a program needs and that were not told yet."""
        found: list[Event] = []
        for channel in program.channels.values():
            if channel.sound is None or channel.sound.kind != "sample":
                continue
            path = self._find(channel)
            if path:
                found += self._tell(beat, "drums", "/drum/load", channel.name, (channel.name, path))
        return found

    def moves(self, program: Program, beat: float) -> list[Event]:
        """Return what has to be told at a beat about a program that plays."""
        return [event for statement in program.statements for event in self._of(statement, beat)]

    def _of(self, statement: Statement, beat: float) -> list[Event]:
        sound, name = statement.channel.sound, statement.name
        if sound is None or sound.kind == "osc":
            return []
        chain: list[int | float | str] = [name]
        for effect in statement.effects:
            chain += [effect.kind, self._inputs.value(effect.kind, effect.argument)]
        events = self._tell(beat, "drums", "/drum/effects", name, tuple(chain))
        if sound.kind == "synth":
            given = dict(statement.knobs)
            for knob, default in KNOBS.items():
                value = self._inputs.value(knob, given.get(knob, Argument(default)))
                events += self._tell(beat, name, f"/{name}/{knob}", name, (value,))
        return events

    def _tell(self, beat: float, part: str, address: str, key: str, arguments: Arguments) -> list[Event]:
        if _same(self._told.get((address, key)), arguments):
            return []
        self._told[address, key] = arguments
        return [Message(beat, part, address, arguments)]


def _same(before: Arguments | None, now: Arguments) -> bool:
    if before is None or len(before) != len(now):
        return False
    for old, new in zip(before, now, strict=True):
        if isinstance(old, str) or isinstance(new, str):
            if old != new:
                return False
        elif abs(old - new) > LEAST * max(abs(old), abs(new), LEAST):
            return False
    return True
