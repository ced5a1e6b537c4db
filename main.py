"""Understudy: builds the instrument, passes the parts to each other, runs it.

This is the only place that knows everybody. Heavy libraries are imported where they are needed, because the
child processes import this file too and must start in a moment.
"""

from __future__ import annotations

import argparse
import io
import logging
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.instrument import Instrument
    from app.snapshot import LogLine

# Name, where its `main` is, what it does.
COMMANDS: dict[str, tuple[str, str]] = {
    "train": ("app.player.composer.training", "train a composer on a folder of MIDI files"),
    "follow": ("app.player.follower.command", "run a program of the Follower and print what it plays"),
    "namespace": ("app.peer_file", "print every address, or files for Open Stage Control and TouchOSC"),
    "doctor": ("app.doctor", "say in a sentence each why nothing sounds, and what to do"),
    "replay": ("app.replay", "run a recording again and compare what it plays"),
    "rules": ("app.player.rules.command", "learn rules from presets and print them, or new presets"),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the instrument or one of its commands; return the exit status."""
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    _write_any_letter()
    if arguments and arguments[0] in COMMANDS:
        return _command(arguments[0])(arguments[1:])
    # Steps are small: more than one thread for them only makes them late. Read by numpy when it is first imported.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    # Lets the engine's thread in while the window computes: see the timing figures in the README.
    sys.setswitchinterval(0.0005)
    # The OSC library would print the bytes of every damaged packet; the engine says in words what came in.
    logging.getLogger().addHandler(logging.NullHandler())
    options = _read(arguments)
    from app.start import SetupError, build

    try:
        instrument = build(options)
    except SetupError as error:
        print(f"understudy: {error}", file=sys.stderr)
        return 2
    return _run_headless(instrument) if options.headless else _run_window(instrument)


def _write_any_letter() -> None:
    """Let no letter that the console cannot show end a command; on Windows a file of its output is UTF-8 too."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8" if sys.platform == "win32" else None, errors="backslashreplace")


def _command(name: str) -> Callable[[Sequence[str]], int]:
    import importlib

    found: Callable[[Sequence[str]], int] = importlib.import_module(COMMANDS[name][0]).main
    return found


def _read(arguments: Sequence[str]) -> argparse.Namespace:
    from app.adapter.option import add_options

    commands = "; ".join(f"{name}: {what}" for name, (_, what) in COMMANDS.items())
    parser = argparse.ArgumentParser("main.py", description=__doc__.splitlines()[0], epilog=f"Commands: {commands}")
    add = parser.add_argument
    add("--headless", action="store_true", help="run without a window; OSC moves everything")
    add("--safe", action="store_true", help="start without ports, bindings of your own or a stored session")
    add("--session", type=Path, metavar="FOLDER", help="open this session (made if it does not exist)")
    add("--seed", type=int, metavar="N", help="the same number gives the same notes")
    add(
        "--osc-in",
        type=int,
        default=None,
        metavar="PORT",
        help="UDP port to listen on (57120; 0 takes a free one)",
    )
    add("--osc-out", metavar="HOST:PORT", help="where OSC goes (127.0.0.1:56120)")
    add("--midi-out", metavar="NAME", help="send MIDI to this port; part of its name is enough")
    add("--synth", choices=("auto", "null", "off"), default="auto", help="the built-in synth (auto)")
    add_options(parser)
    return parser.parse_args(arguments)


def _run_headless(instrument: Instrument) -> int:
    from app.interrupt import on_interrupt

    engine = instrument.engine
    engine.listener = _printer()
    for line in tuple(engine.monitor.log):  # What was said while it was built.
        engine.listener(line)
    with on_interrupt(lambda: engine.fire("/quit")):
        print(f"ready osc={engine.osc_port}", flush=True)
        engine.run()
    instrument.close()
    return 0


def _printer() -> Callable[[LogLine], None]:
    """Return a printer of log lines that never blocks: whoever reads standard error may be slow or asleep."""
    import queue
    import threading

    lines: queue.Queue[LogLine] = queue.Queue(maxsize=1000)

    def write() -> None:
        while True:
            line = lines.get()
            print(f"{line.level}: {line.text}", file=sys.stderr, flush=True)

    def put(line: LogLine) -> None:
        if not lines.full():
            lines.put_nowait(line)

    threading.Thread(target=write, name="log", daemon=True).start()
    return put


def _run_window(instrument: Instrument) -> int:
    from app.interrupt import on_interrupt
    from ui.application import run

    with on_interrupt(lambda: instrument.engine.fire("/quit")):
        status = run(instrument.engine)
    instrument.close()
    return status


if __name__ == "__main__":
    sys.exit(main())
