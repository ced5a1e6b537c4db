"""The Rules, put together: synths, knobs, presets, learning, verbs and what a session keeps of them.

Part of the composition root, like the instrument that takes it in.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import platformdirs

from app.action import Argument
from app.binding import Source
from app.engine import Engine
from app.player.rules.memory import Memory
from app.player.rules.player import Rules
from app.player.rules.sequence import Sequence
from app.player.rules.study import Study
from app.player.rules.synth import find
from app.player.rules.table import Table
from app.player.rules.verb import Verbs
from app.player.rules.view import View
from app.player.rules.voice import Voice
from app.player.rules.worker import Worker
from app.session import Session

SHIPPED = Path(__file__).resolve().parent.parent / "presets" / "synths"


@dataclass(frozen=True, slots=True)
class Ruling:
    """Attributes: `rules` (the player), `study` (how it learns)."""

    rules: Rules
    study: Study

    def close(self) -> None:
        self.study.close()


def user_synths() -> Path:
    """Return the folder where users put descriptions of their own synths."""
    return platformdirs.user_data_path("understudy") / "synths"


def rule(engine: Engine, session: Session, worker: Worker, seed: int, folders: tuple[Path, ...] = ()) -> Ruling:
    """Add the Rules to an engine; `worker` learns for them, the session keeps what they know.

    `folders` are searched for descriptions of synths after the shipped ones; none given: the user's own.
    """
    folders = (SHIPPED, *(folders or (user_synths(),)))
    synths, troubles = find(folders)
    for trouble in troubles:
        engine.say("warning", trouble)
    tree, transport = engine.tree, engine.transport
    random = np.random.default_rng(seed)
    table = Table(engine.note_step)
    study = Study(tree, table, worker, engine.clock, engine.say)
    voice, sequence = Voice(tree, synths, transport), Sequence(tree, transport)
    player = Rules(tree, voice, sequence, table, study, random, engine.note_step, engine.say)
    engine.add(player)
    verbs = Verbs(player, lambda address, arguments: _do(engine, address, arguments), folders, player.pending_events)
    for verb in verbs.table:
        engine.actions.add_with(verb.address, verb, verb.title, verb.help, "Rules")
    engine.picturing.append(View(player, engine.clock).picture)
    engine.tending += [_Return(engine, player).tend, _Caller(engine, player).tend]
    session.keepers.append(Memory(player, lambda text: engine.say("error", text)))
    return Ruling(player, study)


def _do(engine: Engine, address: str, arguments: tuple[Argument, ...]) -> None:
    """Carry out what a line asks for, as a hand at the window would."""
    if arguments and engine.hands.write(address, arguments[0], "ui", engine.clock.now()):
        return
    if not engine.hands.fire(address, arguments):
        engine.say("warning", f"There is nothing at {address}")


class _Caller:
    """Lets the label that sounds move what is bound to it, each time another preset is called."""

    def __init__(self, engine: Engine, player: Rules) -> None:
        self._engine, self._player = engine, player
        self._called: tuple[object, ...] = ()

    def tend(self) -> None:
        state = self._player.sounding
        called = (state.label, state.rule, state.nearest, len(self._player.lineage))
        if called == self._called:
            return
        self._called = called
        if state.label:
            now = self._engine.clock.now()
            self._engine.hands.feel(Source("output", f"/rules/label/{state.label}"), 1.0, "rules", now)


class _Return:
    """Tells the built-in synth where the knobs are when it is back: a process that was restarted knows nothing."""

    def __init__(self, engine: Engine, player: Rules) -> None:
        self._engine, self._player = engine, player
        self._open = False

    def tend(self) -> None:
        state = self._engine.outputs.states.get("synth")
        is_open = state is not None and state.state == "open"
        if is_open and not self._open:
            self._player.voice.resend()
        self._open = is_open
