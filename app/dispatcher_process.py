"""The dispatcher in a process of its own, and the end of the pipe that the engine holds.

Painting and learning hold the interpreter lock for milliseconds, and notes must not wait for them; and whatever
happens to the window's process, something must be left to end the notes. The process starts in about 0.1 s
because it imports neither Qt nor torch. It leaves on the end of its pipe, or as soon as the engine's process is seen
to die (`app.parent`), however it dies.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import select
import signal
import sys
import threading
import time
import traceback
from collections import deque
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess

from app.command import Command, Configure, Quit, Reply, Report
from app.device.base import DeviceSpec
from app.device.registry import make
from app.dispatcher import Dispatcher
from app.interrupt import leave_to_parent
from app.parent import Parent
from app.priority import raise_priority
from app.transport import WallClock

SPIN_S = 0.001  # Below this, waiting is left to a loop: the system wakes a sleeper 0.1 ms late, or much later.
TURN_S = 0.01  # The longest sleep: signals and a dying engine are noticed at least this often.
WATCH_S = 0.005  # How often the engine's process is looked at while there is much to send.
MOST_AT_ONCE = 64  # Packets read before due notes get their turn.
MOST_REPLIES = 1000
PACKET = 256  # Commands written at once: few enough for the room that a writable pipe has.
SPARE_S = 2.0  # After the start: then nobody waits for the processor.
STUCK_S = 3.0  # A dispatcher that reads nothing for so long hangs.


def run(connection: Connection, realtime: bool) -> None:
    """Be the child process. Ends without the interpreter's farewell, which a dead MIDI server can block."""
    try:
        serve(connection, realtime)
    except Exception:  # noqa: BLE001 - told, and then the process ends, as it would by itself
        traceback.print_exc()
        sys.stderr.flush()
        os._exit(1)
    os._exit(0)


def serve(connection: Connection, realtime: bool = True) -> None:
    """Obey the commands of a pipe (each item a list of them) until Quit, SIGTERM or the pipe's end.

    However it ends, every note is released, every port told to be silent, and closed.
    """
    asked = _Signals()
    outbox = Outbox(connection)
    clock = WallClock()
    dispatcher = Dispatcher(make, clock, outbox.post, realtime and raise_priority())
    parent, watched = Parent(), 0.0
    outbox.post(Report({}, (), 0, dispatcher.realtime))  # The engine waits for a sign of life.
    gc.freeze()
    try:
        while not (dispatcher.ended or asked.to_end):
            _turn(dispatcher, connection, clock)
            if clock.now() - watched >= WATCH_S:
                if parent.is_gone():
                    break
                watched = clock.now()
    except (EOFError, OSError):
        outbox.broken = True  # Nobody reads any more; the notes still have to end.
    finally:
        dispatcher.handle(Quit())
        outbox.close()


def _turn(dispatcher: Dispatcher, connection: Connection, clock: WallClock) -> None:
    """Wait for a command or the next due time, whichever is first, and do what is to be done."""
    now = clock.now()
    left = dispatcher.next_due() - now
    _wait(connection, min(left - SPIN_S, TURN_S))
    for _ in range(MOST_AT_ONCE):
        if not connection.poll(0):
            break
        for command in connection.recv():
            dispatcher.handle(command)
        dispatcher.run_due(clock.now())
    now = clock.now()
    while now < dispatcher.next_due() < now + SPIN_S:
        now = clock.now()
    dispatcher.run_due(now)
    dispatcher.tend(now)


def _wait(connection: Connection, seconds: float) -> None:
    """Sleep up to `seconds`, or until something can be read.

    Rounded down to milliseconds, because `poll` rounds up to them and would sleep past the due time.
    """
    milliseconds = int(seconds * 1000)
    if milliseconds > 0:
        connection.poll((milliseconds - 0.5) / 1000)


class _Signals:
    """SIGTERM asks to end in order; an interrupt is meant for the window, which then asks.

    Attributes: `to_end`.
    """

    def __init__(self) -> None:
        self.to_end = False
        if threading.current_thread() is not threading.main_thread():
            return  # In a test: signals belong to the main thread.
        leave_to_parent()
        if hasattr(signal, "SIGHUP"):
            signal.signal(signal.SIGHUP, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, self._end)

    def _end(self, number: int, frame: object) -> None:
        self.to_end = True


class Outbox:
    """Replies on their way to the engine; a reader that sleeps blocks this thread and no note.

    Attributes: `broken` (nobody reads any more).
    """

    def __init__(self, connection: Connection) -> None:
        self.broken = False
        self._connection = connection
        self._replies: deque[Reply] = deque(maxlen=MOST_REPLIES)
        self._ready = threading.Event()
        self._closing = False
        self._thread = threading.Thread(target=self._run, name="replies", daemon=True)
        self._thread.start()

    def post(self, reply: Reply) -> None:
        self._replies.append(reply)
        self._ready.set()

    def close(self, timeout_s: float = 0.05) -> None:
        """Send what is left, if somebody reads."""
        self._closing = True
        self._ready.set()
        self._thread.join(timeout_s)

    def _run(self) -> None:
        while not self.broken:
            self._ready.wait()
            self._ready.clear()
            self._send()
            if self._closing:
                return

    def _send(self) -> None:
        replies: list[Reply] = []
        while self._replies:
            replies.append(self._replies.popleft())
        try:
            if replies and not self.broken:
                self._connection.send(replies)
        except OSError:
            self.broken = True


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
