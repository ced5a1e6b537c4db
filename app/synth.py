"""The built-in synthesiser seen from outside: start it, ask how it is, end it.

It runs in a process of its own, so that nothing the window or the engine does can make the sound late and a fault
in an audio driver silences only the synth. This module stays light: the audio library is imported in the child.

By hand: python -m app.synth --backend auto|null|jack|... [--port N]
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import time
from collections.abc import Sequence
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

Report = tuple[str | int | float, ...]
QUIT_S = 1.0


def run(connection: Connection, backend: str, port: int, block: int) -> None:
    """Be the synthesiser: the entry of the child process.

    Posts `("backend", name)`, `("ready", port)`, `("level", left, right)` about 20 times a second (peaks, 1.0 is
    full scale), `("trouble", sentence)` and `("unavailable", reason)` over `connection`; obeys `("quit",)` and the
    connection's end.
    """
    spare_cores()
    from app.sound.link import PipeLink
    from app.sound.server import Options, serve

    link = PipeLink(connection)
    serve(link, Options(backend, port, block))
    link.drain()


def spare_cores() -> None:
    """Keep numpy to one thread: computing the tones is as fast, and four times faster beside other work."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # read when numpy is first imported


class SynthProcess:
    """The parent's hold on the synthesiser process; no call waits for it.

    `backend` is the audio backend to ask for; `port` the UDP port on loopback where it listens, None until it is
    ready; `reason` why there is no sound, "" while there is or may be; `level` the last peaks, left and right.
    """

    def __init__(self, backend: str = "auto", port: int = 0, block: int = 256) -> None:
        """Prepare; nothing runs yet."""
        self.backend = backend
        self.port: int | None = None
        self.reason = ""
        self.level = (0.0, 0.0)
        self._settings = (backend, port, block)
        self._process: BaseProcess | None = None
        self._connection: Connection | None = None
        self._leaving: list[tuple[BaseProcess, float]] = []

    @property
    def alive(self) -> bool:
        """Whether the process runs (it may not be ready yet)."""
        return self._process is not None and self._process.is_alive()

    def start(self) -> None:
        """Start the process, again if it has died; returns at once, `poll` tells when it is ready."""
        if self.alive:
            return
        self._forget()
        context = multiprocessing.get_context("spawn")
        self._connection, theirs = context.Pipe()
        self._process = context.Process(
            target=run, args=(theirs, *self._settings), name="understudy-synth", daemon=True
        )
        self._process.start()
        theirs.close()  # so that the pipe ends when the child does

    def poll(self) -> list[Report]:
        """Reports since the last call, oldest first; keeps `port`, `reason` and `level` up to date."""
        reports: list[Report] = []
        self._see_off()
        try:
            while self._connection is not None and self._connection.poll():
                reports.append(self._connection.recv())
        except (EOFError, OSError):  # the child is gone; `alive` says so
            self._close()
        for report in reports:
            self._note(report)
        if not self.alive:
            self.port, self.level = None, (0.0, 0.0)
        return reports

    def stop(self) -> None:
        """Let it fade out and end; `poll` ends by force one that does not."""
        if self._process is not None:
            self._leaving.append((self._process, time.perf_counter() + QUIT_S))
        self._forget()

    def _see_off(self) -> None:
        now = time.perf_counter()
        for process, deadline in self._leaving:
            if now > deadline and process.is_alive():
                process.kill()
        self._leaving = [(process, deadline) for process, deadline in self._leaving if process.is_alive()]

    def _note(self, report: Report) -> None:
        match report:
            case ("ready", int(port)):
                self.port, self.reason = port, ""
            case ("unavailable", str(reason)):
                self.port, self.reason = None, reason
            case ("level", float(left), float(right)):
                self.level = (left, right)

    def _forget(self) -> None:
        self._close()
        self._process, self.port, self.reason, self.level = None, None, "", (0.0, 0.0)

    def _close(self) -> None:
        """Close the pipe, which the child takes as its sign to leave."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a synthesiser in the foreground."""
    spare_cores()
    from app.sound.link import ConsoleLink
    from app.sound.server import Options, serve

    parser = argparse.ArgumentParser(prog="python -m app.synth", description="The built-in synthesiser.")
    parser.add_argument("--backend", default="auto", help='audio backend: "auto", "null", "jack", "alsa", ...')
    parser.add_argument("--port", type=int, default=0, help="UDP port on this machine (0: any free one)")
    parser.add_argument("--block", type=int, default=256, help="frames computed at a time (64..1024)")
    parser.add_argument("--parent-pid", type=int, default=0, help="end when this parent process ends")
    options = parser.parse_args(arguments)
    serve(ConsoleLink(options.parent_pid), Options(options.backend, options.port, options.block))


if __name__ == "__main__":
    main()
