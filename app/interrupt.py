"""Ctrl-C, Ctrl-Break and SIGTERM, heard at once.

Python runs a signal's handler only when its main thread comes around to it, which may be a paint later. The
signal's number is written to a socket by the C handler itself, so a waiting thread hears it without delay.
"""

from __future__ import annotations

import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

INTERRUPTS = ("SIGINT", "SIGBREAK")  # Keys of a terminal, which tells every process of the instrument of them.
SIGNALS = tuple(number for name in (*INTERRUPTS, "SIGTERM", "SIGHUP") if (number := getattr(signal, name, None)))


def leave_to_parent() -> None:
    """Let Ctrl-C, and Ctrl-Break on Windows, pass: they are meant for the instrument, which then ends this process."""
    for number in (getattr(signal, name, None) for name in INTERRUPTS):
        if number is not None:
            signal.signal(number, signal.SIG_IGN)


@contextmanager
def on_interrupt(act: Callable[[], None]) -> Iterator[None]:
    """Call `act` from a thread of its own on each signal that asks to end. Main thread only."""
    near, far = socket.socketpair()
    near.setblocking(False)

    def wait() -> None:
        while (data := far.recv(16)) and 0 not in data:
            act()

    thread = threading.Thread(target=wait, name="interrupt", daemon=True)
    before_fd = signal.set_wakeup_fd(near.fileno(), warn_on_full_buffer=False)
    before = {number: signal.signal(number, lambda _number, _frame: None) for number in SIGNALS}
    thread.start()
    try:
        yield
    finally:
        signal.set_wakeup_fd(before_fd)
        for number, handler in before.items():
            signal.signal(number, handler)
        near.send(b"\0")
        thread.join(1.0)
        near.close()
        far.close()
