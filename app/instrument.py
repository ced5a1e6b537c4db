"""The whole instrument, put together from options.

It belongs to the composition root: `main.py` calls it, and so does every test or command that needs the real
instrument on another clock or with another sink.
"""

from __future__ import annotations

import argparse
import secrets
from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import platformdirs

from app.action import Argument
from app.adapter.drop_in import join
from app.built_in import Sound
from app.calibration_desk import Calibration
from app.controller import NONE as NO_PORT
from app.controller import listing
from app.device.base import DeviceError
from app.doctor import Doctor
from app.engine import Engine
from app.factory import add_opening, belongs_to, copied
from app.following import Following, follow
from app.keymap import factory_keys
from app.learning import Learning
from app.listening import Listening, listen
from app.mapping import Mapping
from app.monitor_panel import MonitorPanel
from app.output import Outputs
from app.output_port import Sink
from app.parameter import Linear, Parameter, Steps, switch
from app.player.composer.checkpoint import Entry, find
from app.player.composer.player import Composer
from app.player.listener.player import Listener
from app.player.listener.study import Study, Worker
from app.player.rules import worker as rules_worker
from app.reach import Reach
from app.recorder import Recorder
from app.ruling import Ruling, rule
from app.saving import newer_autosaves
from app.scene import Scenes
from app.session import Session, SessionError
from app.snapshot import Snapshot
from app.speaker import Speaker
from app.sync import Sync
from app.trainer import Trainer
from app.transport import Clock, OfflineClock, WallClock

ROOT = Path(__file__).resolve().parent.parent
SHIPPED_MODELS = ROOT / "resources" / "models"
PRESETS = ROOT / "presets"
FIRST_SESSION = PRESETS / "first_run"
OSC_IN_PORT = 57120


class SetupError(Exception):
    """The instrument cannot be put together: what, where, what to do."""


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


class Inline(Executor):
    """Runs work at once, in the caller: offline, the background must not depend on the wall clock."""

    def submit(self, work: Callable[..., Any], /, *arguments: Any, **named: Any) -> Future[Any]:
        future: Future[Any] = Future()
        try:
            future.set_result(work(*arguments, **named))
        except Exception as error:  # noqa: BLE001 - as every executor: the error belongs to who asks for the result
            future.set_exception(error)
        return future


def user_models() -> Path:
    """Return the folder of the models that the user trained."""
    return platformdirs.user_data_path("understudy") / "models"


def build(options: argparse.Namespace) -> Instrument:
    """Put the real instrument together; SetupError if an option cannot be honoured."""
    from app.dispatcher_process import DispatcherProcess
    from app.synth import SynthProcess

    sound = None if options.synth == "off" or options.safe else SynthProcess(options.synth)
    background = ThreadPoolExecutor(1, "background")
    seed = secrets.randbits(32) if options.seed is None else options.seed
    folder = _session_folder(options)
    instrument = assemble(WallClock(), DispatcherProcess(), sound, background, seed, folder, Speaker())
    modes = join(instrument.engine, instrument.listener, instrument.study, background)
    instrument.mapping.mode.has_stage = not options.headless
    instrument.mapping.home.on = not options.safe
    _open_session(instrument, options)
    _obey(instrument.engine, options)
    instrument.closing.append(modes.close)
    try:
        modes.obey(options)
    except ValueError as error:
        raise SetupError(str(error)) from error
    _listen(instrument, OSC_IN_PORT if options.osc_in is None else options.osc_in, options.osc_in is not None)
    return instrument


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
    composer = Composer(engine.tree, _models(), _load, background, seed, engine.say)
    engine.add(composer)
    trainer = Trainer(engine.tree, clock, engine.say, _start_job, user_models(), lambda _: composer.offer(_models()))
    reading = background if isinstance(background, Inline) else ThreadPoolExecutor(1, "sessions")
    stored = Session(session, engine.hands, clock, background, engine.say, reading)
    _add_window(engine)
    _add_actions(engine, composer, trainer, stored)
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
    engine.tending += [trainer.tend, stored.tend]
    engine.picturing += [composer.picture, trainer.picture, lambda picture: _name(picture, stored, clock)]
    Calibration(engine)
    MonitorPanel(engine)
    doctor = Doctor(engine, stored, background if is_offline else None)
    reach = Reach(engine)
    parts = (reach, mapping, recorder, doctor, listening, ruling, following, sync, trainer)
    closing: list[Callable[[], None]] = [part.close for part in parts]
    closing += [stored.close, reading.shutdown]
    players = (composer, listening, ruling, following)
    return Instrument(engine, *players, trainer, stored, reach, mapping, background, closing)


def _models() -> list[Entry]:
    return [*find(SHIPPED_MODELS), *find(user_models())]


def _load(entry: Entry) -> Any:
    from app.player.composer.checkpoint import load
    from app.player.composer.generation import Generator

    return Generator(load(entry.folder), entry.composer)


def _start_job(request: Any) -> Any:
    from app.player.composer.job import TrainingJob

    return TrainingJob(request)


def _add_window(engine: Engine) -> None:
    """The window's own state is Parameters too, so that keys, OSC and sessions reach it."""
    players = Steps(("listener", "rules", "follower", "composer"))
    views, themes = Steps(("studio", "stage")), Steps(("dark", "light"))
    for parameter in (
        Parameter("/window/view", 1, views, title="View", help="Studio to prepare, Stage to play"),
        Parameter("/window/player", 3, players, title="Player", help="Whose columns Studio shows"),
        Parameter("/window/keys", 0, switch(), title="Key sheet", help="Shows every key", kept=False),
        Parameter("/window/fullscreen", 0, switch(), title="Full screen", kept=False),
        Parameter("/window/size", 100, Linear(90, 175, 1, 0), "%", "Size", "Of everything in the window"),
        Parameter("/window/code", 100, Linear(60, 300, 10, 0), "%", "Size of programs", "Of the text one plays with"),
        Parameter("/window/dim", 0, Linear(0, 0.8), title="Dim", help="Darkens the window for dark halls"),
        Parameter("/window/theme", 0, themes, title="Theme"),
        Parameter("/window/motion", 1, switch(), title="Motion", help="Off: no trails and pulses"),
        Parameter("/window/coach", 1, switch(), title="Hints", help="Says what to try next"),
    ):
        parameter.undoable = False
        engine.tree.add(parameter)


def _add_actions(engine: Engine, composer: Composer, trainer: Trainer, session: Session) -> None:
    add = engine.actions.add
    add("/composer/next", lambda: composer.turn_to(1), "Next composer", "From the next bar on", "Composer")
    add("/composer/previous", lambda: composer.turn_to(-1), "Previous composer", "From the next bar on", "Composer")
    add(
        "/composer/rescan",
        lambda: composer.offer(_models()),
        "Look for models",
        "Reads the model folders",
        "Composer",
    )
    add("/composer/train", trainer.train, "Train", "Learn from the dataset folder", "Composer")
    add("/composer/train_stop", trainer.stop, "Stop training", "Keeps the best model so far", "Composer")
    told = "Writes it to its folder, or to another, where it lives from then on"
    engine.actions.add_with("/session/save", lambda given: _save(session, given), "Save", told, "Session")
    add_opening(engine, session, PRESETS)
    add("/output/test", engine.test_note, "Test note", "One note to every port that is on", "Transport")


def _save(session: Session, given: tuple[Argument, ...]) -> None:
    """Save, into a folder if one is given: a bare name lies beside the session."""
    folder = Path(str(given[0])).expanduser() if given and str(given[0]).strip() else None
    session.save(None if folder is None else session.folder.parent / folder)


def _name(picture: Snapshot, session: Session, clock: Clock) -> Snapshot:
    ago = None if session.saved_at is None else clock.now() - session.saved_at
    return replace(picture, session=session.folder.name, saved_ago=ago)


def _session_folder(options: argparse.Namespace) -> Path:
    home = platformdirs.user_data_path("understudy") / "sessions"
    if options.session is None:
        return home / "default"
    folder = Path(options.session).expanduser()
    try:
        return copied(folder, home) if belongs_to(folder, PRESETS) else folder
    except SessionError as error:
        raise SetupError(f"--session {folder}: {error}") from error


def _open_session(instrument: Instrument, options: argparse.Namespace) -> None:
    """Load the session asked for; without one, the stored default in a window and the factory's headless."""
    session = instrument.session
    if options.session is not None:
        _make_folder(session.folder)
    own = options.session is not None or not options.headless
    is_claimed = not own or options.safe or session.claim()
    has_own = own and ((session.folder / "session.json").exists() or bool(newer_autosaves(session.folder)))
    try:
        if has_own and not options.safe:
            session.resume()
        elif not options.safe:
            session.load(FIRST_SESSION)
    except SessionError as error:
        if options.session is not None:
            raise SetupError(str(error)) from error
        instrument.engine.say("error", str(error))
    instrument.keeps = own and not options.safe  # Else nobody asked for anything to be kept.
    session.writes = instrument.keeps and is_claimed


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SetupError(f"--session {folder}: this folder cannot be made ({error}); choose another") from error


def _obey(engine: Engine, options: argparse.Namespace) -> None:
    """Let the command line win over the session."""
    tree = engine.tree
    if options.safe:
        for kind in ("osc", "midi", "synth"):
            tree.number(f"/output/{kind}/on").set(0)
        tree.text("/midi/in").set(NO_PORT)
    if options.osc_out is not None:
        host, port = _host_port(options.osc_out)
        tree.text("/output/osc/host").set(host)
        tree.number("/output/osc/port").set(port)
        tree.number("/output/osc/on").set(1)
    if options.midi_out is not None:
        tree.text("/output/midi/port").set(options.midi_out)
        tree.number("/output/midi/on").set(1)
    if options.synth == "off":
        tree.number("/output/synth/on").set(0)


def _host_port(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    if not host or not port.isdigit() or not 1 <= int(port) <= 65535:
        raise SetupError(f"--osc-out {text!r}: write HOST:PORT, such as 127.0.0.1:56120")
    return host, int(port)


def _listen(instrument: Instrument, port: int, asked: bool) -> None:
    """Open the OSC port; a port that was asked for must be had, the usual one may be taken by a twin."""
    if not 0 <= port <= 65535:
        raise SetupError(f"--osc-in {port}: a port is a number from 0 (takes a free one) to 65535")
    try:
        instrument.reach.open(port)
    except DeviceError as error:
        if asked:
            raise SetupError(str(error)) from error
        instrument.engine.say("warning", str(error))
