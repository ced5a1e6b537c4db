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

Put = Callable[[Frame | MidiMessage | Fault], None]


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

    Attributes: `state` (a DeviceState, replaced whole; whoever looks at it tells the performer).
    """

    def __init__(self, name: str, read: Callable[[Event], None], retry_s: float) -> None:
        """`read` opens the port, calls `opened`, reads until the event given to it is set, and closes the port.

        It raises DeviceError when the port is lost, and is called again after `retry_s`.
        """
        self.state = DeviceState(name, "closed", "off")
        self._name, self._read, self._retry_s = name, read, retry_s
        self._ended = Event()
        self._ended.set()

    def start(self) -> None:
        """Begin; nothing happens if it has begun."""
        if not self._ended.is_set():
            return
        self._ended = Event()
        self.state = DeviceState(self._name, "waiting", "opening")
        Thread(target=self._run, args=(self._ended,), name=f"{self._name} in", daemon=True).start()

    def stop(self) -> None:
        """Have it end; does not wait for it, because a dead sound system can keep it."""
        self._ended.set()
        self.state = DeviceState(self._name, "closed", "off")

    def opened(self, ended: Event, where: str) -> None:
        """Tell where the port leads; from the reading thread, with the event given to it."""
        self._become(ended, "open", where)

    def wait(self, ended: Event, why: str) -> None:
        """Tell why there is nothing to read yet; as `opened`."""
        self._become(ended, "waiting", why)

    def _run(self, ended: Event) -> None:
        while not ended.is_set():
            try:
                self._read(ended)
            except UnavailableError as error:
                self._become(ended, "failed", str(error))
                return
            except DeviceError as error:
                self._become(ended, "waiting", str(error))
            except Exception as error:  # noqa: BLE001 - a driver may raise anything; it is told, and tried again
                self._become(ended, "waiting", f"{self._name} stopped: {error!r}")
            ended.wait(self._retry_s)

    def _become(self, ended: Event, state: str, text: str) -> None:
        """Change the state, unless this reading was to end."""
        if not ended.is_set():
            self.state = DeviceState(self._name, state, text)
