"""The whole instrument, put together.

It belongs to the composition root: `app.start` calls it, and so does every test or command that needs the real
instrument on another clock or with another sink.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

import platformdirs

from app.action import Argument
from app.built_in import Sound
from app.calibration_desk import Calibration
from app.composing import compose
from app.controller import listing
from app.doctor import Doctor
from app.engine import Engine
from app.factory import add_opening
from app.following import Following, follow
from app.inline import Inline
from app.keymap import factory_keys
from app.learning import Learning
from app.listening import Listening, listen
from app.mapping import Mapping
from app.monitor_panel import MonitorPanel
from app.output import Outputs
from app.output_port import Sink
from app.player.composer.player import Composer
from app.player.listener.player import Listener
from app.player.listener.study import Study, Worker
from app.player.rules import worker as rules_worker
from app.reach import Reach
from app.recorder import Recorder
from app.ruling import Ruling, rule
from app.scene import Scenes
from app.session import Session
from app.snapshot import Snapshot
from app.speaker import Speaker
from app.sync import Sync
from app.trainer import Trainer
from app.transport import Clock, OfflineClock
from app.window_parameter import add_window

ROOT = Path(__file__).resolve().parent.parent
PRESETS = ROOT / "presets"


@dataclass(slots=True)
class Instrument:
    """The parts that outlive the engine's loop.

    Attributes: `engine`, the four players with what belongs to them (`composer`, `listening`, `ruling`, `following`),
    `trainer`, `session`, `reach` (how others reach it), `mapping` (of hands), `background`, `closing` (ends what is not
    the engine's), `keeps` (whether the session is written at the end).
    """

    engine: Engine
    composer: Composer
    listening: Listening
    ruling: Ruling
    following: Following
    trainer: Trainer
    session: Session
    reach: Reach
    mapping: Mapping
    background: Executor
    closing: list[Callable[[], None]]
    keeps: bool = False

    @property
    def listener(self) -> Listener:
        return self.listening.listener

    @property
    def study(self) -> Study:
        return self.listening.study

    def close(self) -> None:
        """End what the engine does not own; saves are finished first."""
        if self.keeps:
            self.session.keep()
        for close in self.closing:
            close()
        self.background.shutdown(wait=True)


def user_controllers() -> Path:
    """Return the folder of the bindings that the user exported, one file for each controller."""
    return platformdirs.user_data_path("understudy") / "controllers"


def assemble(
    clock: Clock,
    sink: Sink,
    sound: Sound | None,
    background: Executor,
    seed: int,
    session: Path,
    speaker: Speaker | None = None,
    learning: Worker | None = None,
) -> Instrument:
    """Put the parts together, on any clock, sink and executor."""
    engine = Engine(clock)
    engine.connect(Outputs(engine.tree, clock, engine.monitor, engine.say, sink, sound, speaker))
    composer, trainer = compose(engine, background, seed)
    reading = background if isinstance(background, Inline) else ThreadPoolExecutor(1, "sessions")
    stored = Session(session, engine.hands, clock, background, engine.say, reading)
    add_window(engine.tree)
    _add_actions(engine, stored)
    for binding in factory_keys():
        engine.bindings.add(binding)
    sync = Sync(engine)
    scenes = Scenes(engine.hands, engine.transport, engine.note_step)
    stored.keepers.append(scenes)
    engine.players.insert(0, scenes)  # What waits for a bar holds for the steps of that very bar.
    engine.midi_hearers.append(scenes.hear)
    engine.picturing.append(scenes.picture)
    reader = background if isinstance(background, Inline) else None  # Files wait for nobody else's work.
    is_offline = isinstance(clock, OfflineClock)
    ports, quick = (None, None) if is_offline else (listing(), ThreadPoolExecutor(1, "profiles"))
    mapping = Mapping(engine, user_controllers(), PRESETS / "controllers", ports, quick)
    listening = listen(engine, stored, learning or Learning(clock), mapping.controllers, reader)
    recorder = Recorder(engine, stored, listening.listener, seed, background if is_offline else None)
    ruling = rule(engine, stored, rules_worker.Inline() if is_offline else rules_worker.Process(clock), seed)
    following = follow(engine, stored, seed)
    engine.tending.append(stored.tend)
    engine.picturing.append(lambda picture: _name(picture, stored, clock))
    Calibration(engine)
    MonitorPanel(engine)
    doctor = Doctor(engine, stored, background if is_offline else None)
    reach = Reach(engine)
    parts = (reach, mapping, recorder, doctor, listening, ruling, following, sync, trainer)
    closing: list[Callable[[], None]] = [part.close for part in parts]
    closing += [stored.close, reading.shutdown]
    players = (composer, listening, ruling, following)
    return Instrument(engine, *players, trainer, stored, reach, mapping, background, closing)


def _add_actions(engine: Engine, session: Session) -> None:
    told = "Writes it to its folder, or to another, where it lives from then on"
    engine.actions.add_with("/session/save", lambda given: _save(session, given), "Save", told, "Session")
    add_opening(engine, session, PRESETS)
    engine.actions.add("/output/test", engine.test_note, "Test note", "One note to every port that is on", "Transport")


def _save(session: Session, given: tuple[Argument, ...]) -> None:
    """Save, into a folder if one is given: a bare name lies beside the session."""
    folder = Path(str(given[0])).expanduser() if given and str(given[0]).strip() else None
    session.save(None if folder is None else session.folder.parent / folder)


def _name(picture: Snapshot, session: Session, clock: Clock) -> Snapshot:
    ago = None if session.saved_at is None else clock.now() - session.saved_at
    return replace(picture, session=session.folder.name, saved_ago=ago)
