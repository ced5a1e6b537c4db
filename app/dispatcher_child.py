"""The dispatcher as a process of its own, seen from inside.

It starts in about 0.1 s because it imports neither Qt nor torch. It leaves on the end of its pipe, or as soon as the
engine's process is seen to die (`app.parent`), however that dies.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
import threading
import traceback
from collections import deque
from multiprocessing.connection import Connection

from app.command import Quit, Reply, Report
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
