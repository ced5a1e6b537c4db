"""The real instrument, put together from the options of the command line."""

from __future__ import annotations

import argparse
import secrets
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import platformdirs

from app.adapter.drop_in import join
from app.controller import NONE as NO_PORT
from app.device.base import DeviceError
from app.engine import Engine
from app.factory import belongs_to, copied
from app.instrument import PRESETS, Instrument, assemble
from app.saving import newer_autosaves
from app.session import SessionError
from app.speaker import Speaker
from app.transport import WallClock

FIRST_SESSION = PRESETS / "first_run"
OSC_IN_PORT = 57120


class SetupError(Exception):
    """The instrument cannot be put together: what, where, what to do."""


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
