"""Who is meant to play, and what keeps each of them from it: a mute, a fader, nothing to play, nothing learnt."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from app.engine import Engine
from app.parameter import Parameter

FEW = 0.02  # A density below which hardly a note is struck.
FOLLOWER_PAGE = 2  # Of /window/player.
HANDS = {"midi": "a MIDI controller", "session": "the session", "listener": "the Listener", "key": "a key"}


@dataclass(frozen=True, slots=True)
class Reason:
    """Attributes: `cause` (a clause), `remedy` (what to do)."""

    cause: str
    remedy: str


class Players:
    """Reads the players' part of the picture."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def meant(self) -> Iterator[str]:
        """Yield who is meant to play: the Composer, and the others if they were given something."""
        picture = self._engine.snapshot
        others = [one for one, busy in (("rules", self._number("/rules/sound").value), ("loop", self._loops)) if busy]
        meant = bool(picture.follower.channels or picture.follower.pending or picture.follower.fault)
        looked_at = self._engine.tree.find("/window/player")
        if meant or (looked_at is not None and looked_at.value == FOLLOWER_PAGE):
            others.append("follower")
        if picture.composer.name or picture.composer.coming or not others:
            others.append("composer")
        yield from others

    @property
    def _loops(self) -> bool:
        return bool(self._number("/recorder/loop/play").value)

    def obstacle(self, part: str) -> Reason | None:
        """Return why a player cannot be heard, None if it can."""
        if part in self._engine.silenced:
            return Reason(f"{part} stopped after a fault", "stop and play again")
        match part:
            case "composer":
                return self._composer()
            case "follower":
                return self._follower()
            case "loop" if not self._number("/recorder/loop/level").value:
                return Reason("the loop's level is 0", "raise it in Recorder")
        return None

    def _composer(self) -> Reason | None:
        state = self._engine.snapshot.composer
        mute, density = self._number("/composer/mute"), self._number("/composer/density")
        if not state.name and not state.coming:
            return Reason("no composer is loaded", "train one, or choose another")
        if not state.name:
            return Reason(f"the composer {state.coming} is still being loaded", "wait a moment")
        if mute.value:
            return Reason(f"the Composer is muted{by(self._engine, mute)}", "press M")
        if density.value < FEW:
            return Reason(f"the Composer's density is {density.show()}{by(self._engine, density)}", "raise it with D")
        return None

    def _follower(self) -> Reason | None:
        state, mute = self._engine.snapshot.follower, self._number("/follower/mute")
        if mute.value:
            return Reason(f"the Follower is muted{by(self._engine, mute)}", "unmute it in Studio, Follower")
        if not state.channels and state.pending:
            return Reason(f"the Follower's program waits for beat {state.at:g}", "wait, or let it take effect now")
        if not state.channels and state.fault is not None:
            where = f"line {state.fault.line}: {state.fault.text}"
            return Reason(f"the Follower did not take its program ({where})", "correct it and evaluate it again")
        if not state.channels:
            return Reason("the Follower has no program", "write one, such as kick*4, and evaluate it")
        taught = any(lesson.examples for lesson in state.lessons)
        if not taught and all(channel.role == "predict" for channel in state.channels):
            return Reason("the Follower predicts what it was never taught", "write learn before the channel and play")
        return None

    def _number(self, address: str) -> Parameter:
        return self._engine.tree.number(address)


def by(engine: Engine, parameter: Parameter) -> str:
    """Return who moved a value there, in brackets; "" for a hand in the window."""
    origin = str(parameter.origin or "")
    who = HANDS.get(origin, "")
    if origin.startswith("osc"):
        who = f"OSC {origin.partition(' ')[2]}".strip()
    scenes = engine.snapshot.scenes
    mark = scenes.find(scenes.called)
    if origin == "scene" and mark is not None:
        who = f"scene {mark.name}"
    return f" ({who} did that)" if who else ""
