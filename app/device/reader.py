"""A port in that is read by a thread of its own, and taken up again when it comes back.

Reading a sound card or a serial line blocks, and finding one can take a second; neither may happen in the engine's
thread. The thread does all of it: open, read until it fails, say why, wait, open again. What it read it
puts into the inbox; its state is one immutable value that others look at.
"""

from __future__ import annotations

from collections.abc import Callable
from threading import Event, Thread
from typing import Protocol

from app.device.base import DeviceError
from app.frame import Frame, MidiMessage, Names
from app.inbox import Fault
from app.snapshot import DeviceState
from app.transport import Clock

Put = Callable[[Frame | MidiMessage | Fault], None]
CLOSE_S = 2.0  # A dead sound system can keep the thread longer; it is then left to end with the process.


class UnavailableError(DeviceError):
    """A port cannot be used, and waiting would not help. The text is one sentence."""


class Inlet(Protocol):
    """One port in. Attributes: `name` (the source of its frames), `names` (of a frame's values; () if unknown)."""

    name: str

    @property
    def names(self) -> Names:
        """Return the names of a frame's values, () if only the sender knows."""

    def open(self) -> None:
        """Open the port, or begin to wait for it; raises nothing."""

    def check(self) -> DeviceState:
        """Return how it does; take up a port that came back. Fast: called between notes."""

    def close(self) -> None:
        """Let the port go; may be called in any state, raises nothing."""


class Reader:
    """Runs a port's reading in a thread.

    Attributes: `state` (a DeviceState, replaced whole).
    """

    def __init__(self, name: str, read: Callable[[Event], None], put: Put, clock: Clock, retry_s: float) -> None:
        """`read` opens the port, calls `opened`, reads until the event given to it is set, and closes the port.

        It raises DeviceError when the port is lost, and is called again after `retry_s`.
        """
        self.state = DeviceState(name, "closed", "off")
        self._name, self._read, self._put, self._clock, self._retry_s = name, read, put, clock, retry_s
        self._ended = Event()
        self._thread: Thread | None = None

    def start(self) -> None:
        """Begin; nothing happens if it has begun."""
        if self._thread is not None:
            return
        self._ended = Event()
        self.state = DeviceState(self._name, "waiting", "opening")
        self._thread = Thread(target=self._run, args=(self._ended,), name=f"{self._name} in", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End, and wait for it a little."""
        self._ended.set()
        if self._thread is not None:
            self._thread.join(CLOSE_S)
        self._thread = None
        self.state = DeviceState(self._name, "closed", "off")

    def opened(self, where: str) -> None:
        """Tell where the port leads; from the reading thread."""
        self.state = DeviceState(self._name, "open", where)

    def wait(self, why: str) -> None:
        """Tell why there is nothing to read yet; from the reading thread."""
        self._tell(self._ended, "waiting", why)

    def _run(self, ended: Event) -> None:
        while not ended.is_set():
            try:
                self._read(ended)
            except UnavailableError as error:
                self._tell(ended, "failed", str(error))
                return
            except DeviceError as error:
                self._tell(ended, "waiting", str(error))
            except Exception as error:  # noqa: BLE001 - a driver may raise anything; it is told, and tried again
                self._tell(ended, "waiting", f"{self._name} stopped: {error!r}")
            ended.wait(self._retry_s)

    def _tell(self, ended: Event, state: str, text: str) -> None:
        """Change the state, with a line for the log the first time; nobody asks any more once it shall end."""
        if ended.is_set():
            return
        before, self.state = self.state, DeviceState(self._name, state, text)
        if self.state != before:
            self._put(Fault(self._clock.now(), f"{self._name} in", text))
