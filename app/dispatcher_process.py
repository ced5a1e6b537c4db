"""The engine's end of the pipe to the dispatcher's process, and the process that stands by.

Painting and learning hold the interpreter lock for milliseconds, and notes must not wait for them; and whatever
happens to the window's process, something must be left to end the notes. What the process does is in
`app.dispatcher_child`.
"""

from __future__ import annotations

import multiprocessing
import select
import sys
import time
from collections import deque
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess

from app.command import Command, Configure, Quit, Reply
from app.device.base import DeviceSpec
from app.dispatcher_child import run

PACKET = 256  # Commands written at once: few enough for the room that a writable pipe has.
SPARE_S = 2.0  # After the start: then nobody waits for the processor.
STUCK_S = 3.0  # A dispatcher that reads nothing for so long hangs.


class DispatcherProcess:
    """The engine's side of the dispatcher. For one thread; only `start` and `stop` may take a moment.

    A second process stands by, its imports done: if the first one is killed, the notes that it left behind are ended
    some milliseconds later instead of after a start. It holds the MIDI ports too, and sends nothing: becoming a client
    of JACK takes 50 ms, in which a note would hang.
    """

    def __init__(self, realtime: bool = True) -> None:
        self._realtime = realtime
        self._process: SpawnProcess | None = None
        self._connection: Connection | None = None
        self._spare: tuple[SpawnProcess, Connection] | None = None
        self._can_write: Callable[[], bool] = lambda: True
        self._backlog: deque[Command] = deque()
        self._shared: tuple[DeviceSpec, ...] = ()
        self._wrote = self._started = 0.0

    def start(self) -> None:
        """Start the process, or let the one that stands by take over. Commands may be sent at once; they wait."""
        self._end(0.0)
        if self._spare is not None and self._spare[0].is_alive():
            self._process, self._connection = self._spare
        else:
            self._process, self._connection = self._spawn()
        self._spare = None
        self._started = self._wrote = time.perf_counter()
        self._can_write = _write_check(self._connection)

    def _spawn(self) -> tuple[SpawnProcess, Connection]:
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(target=run, args=(theirs, self._realtime), name="dispatcher", daemon=True)
        process.start()
        theirs.close()  # The only copy is now the child's: its death is seen here, and ours there.
        return process, ours

    def _stand_by(self) -> None:
        """Have a second process ready, once the first has had its time to start."""
        if self._spare is None and self.alive and time.perf_counter() - self._started > SPARE_S:
            self._spare = self._spawn()
            self._prepare()

    def _prepare(self) -> None:
        """Let the one that stands by open the ports that it may share with the first."""
        if self._spare is not None and self._spare[0].is_alive():
            try:
                self._spare[1].send([Configure(self._shared)])
            except OSError:
                self._spare = None  # It died; another is started.

    @property
    def alive(self) -> bool:
        """Whether it takes commands."""
        return self._connection is not None and self._process is not None and self._process.is_alive()

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process is not None else None

    @property
    def spare_pid(self) -> int | None:
        """Which process stands by, None if none does yet."""
        return self._spare[0].pid if self._spare is not None else None

    def send(self, command: Command) -> None:
        self.send_all((command,))

    def send_all(self, commands: Sequence[Command]) -> None:
        """Hand commands over, in order. Never waits: what the pipe has no room for goes with the next call."""
        if self._connection is not None:
            self._backlog.extend(commands)
            self._flush()
        for command in commands:
            if isinstance(command, Configure) and (shared := shareable(command.specs)) != self._shared:
                self._shared = shared
                self._prepare()

    def _flush(self) -> None:
        """Write what waits, as far as there is room; give up a dispatcher that has stopped to read."""
        try:
            while self._backlog and self._connection is not None and self._can_write():
                self._connection.send([self._backlog.popleft() for _ in range(min(PACKET, len(self._backlog)))])
                self._wrote = time.perf_counter()
        except OSError:
            self._give_up()
        if self._backlog and time.perf_counter() - self._wrote > STUCK_S:
            self._give_up()

    def wait(self, seconds: float) -> None:
        """Return when the process is up, or after some seconds."""
        if self._connection is not None:
            self._connection.poll(seconds)

    def poll(self) -> list[Reply]:
        """Return what it answered since the last call."""
        self._stand_by()
        self._flush()
        replies: list[Reply] = []
        try:
            while self._connection is not None and self._connection.poll(0):
                replies += self._connection.recv()
        except (EOFError, OSError):
            self._give_up()
        return replies

    def stop(self, timeout_s: float = 0.5) -> None:
        """Have it silence and close everything, and end; by force after `timeout_s`."""
        self.send(Quit())
        self._end(timeout_s)
        if self._spare is not None:
            self._spare[1].close()  # It sees the end of its pipe and leaves.
            self._spare = None

    def _give_up(self) -> None:
        """Close the pipe: the process, if it lives, sees the end of it and silences everything."""
        self._backlog.clear()
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _end(self, timeout_s: float) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.join(timeout_s)
            for end in (process.terminate, process.kill):
                if process.is_alive():
                    end()
                    process.join(0.2)
        self._give_up()


def shareable(specs: Sequence[DeviceSpec]) -> tuple[DeviceSpec, ...]:
    """Return the ports that two processes may hold at once: MIDI ports of others that take notes, not on Windows."""
    if sys.platform == "win32":
        return ()
    return tuple(
        spec for spec in specs if spec.kind == "midi" and not spec.option("virtual") and not spec.option("raw")
    )


def _write_check(connection: Connection) -> Callable[[], bool]:
    """Return a question that is True if a write would not wait. Windows cannot be asked; there it is True."""
    if not hasattr(select, "poll"):
        return lambda: True
    poller = select.poll()
    poller.register(connection.fileno(), select.POLLOUT)
    return lambda: bool(poller.poll(0))
