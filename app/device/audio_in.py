"""Sound in: features of what a microphone or another program plays, as frames.

Listening and computing happen in a process of their own (see `app.device.ear`); this is the instrument's hold on it. A
process that ends, whatever the reason, is started again, so a sound system can come and go while the music plays.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from multiprocessing.connection import Connection
from threading import Event
from typing import Any, Protocol

from app.device.base import DeviceError
from app.device.ear import EarSettings, run, tell_inputs
from app.device.reader import Put, Reader, UnavailableError
from app.frame import Frame, Names
from app.snapshot import DeviceState
from app.spectrum import RECIPES, Recipe

POLL_S = 0.1
RETRY_S = 2.0
END_S = 0.5
LIST_S = 10.0


class Process(Protocol):
    """A process that was started."""

    def join(self, timeout: float | None = None, /) -> None:
        """Wait for its end."""

    def kill(self) -> None:
        """End it by force."""


Start = Callable[[EarSettings], tuple[Process, Connection]]


def start(settings: EarSettings) -> tuple[Process, Connection]:
    """Start a process that listens; return it and the pipe it posts through."""
    return _spawn(run, settings)


def _spawn(entry: Callable[..., None], *arguments: object) -> tuple[Process, Connection]:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=entry, args=(theirs, *arguments), name="audio in", daemon=True)
    process.start()
    theirs.close()  # The only copy is now the child's: its death is seen here, and ours there.
    return process, ours


def inputs() -> list[str]:
    """Return the names of the devices to listen to, or one line that begins with "unavailable:".

    Asks in a process of its own, which takes half a second: not for the engine's or the window's thread.
    """
    process, connection = _spawn(tell_inputs)
    try:
        names: list[str] = connection.recv() if connection.poll(LIST_S) else []
    except (EOFError, OSError):
        names = []
    process.kill()
    connection.close()
    return names or ["unavailable: the sound system does not answer"]


class AudioIn:
    """Puts a frame of features for every hop of a sound input.

    Attributes: `name`, `overflows` (times samples were lost before they came to us), `dropped` (samples left out).
    """

    def __init__(
        self,
        put: Put,
        device: str = "",
        recipe: Recipe = RECIPES["full"],
        name: str = "audio",
        channels: int = 2,
        start: Start = start,
        retry_s: float = RETRY_S,
    ) -> None:
        """`device`: its name or a part of it, "" takes the system's choice; `channels`: mixed, at most."""
        self.name = name
        self.overflows = self.dropped = 0
        self._put, self._start = put, start
        self._settings = EarSettings(device, recipe, channels, retry_s)
        self._reader = Reader(name, self._read, retry_s)
        self._peak = 0.0

    @property
    def names(self) -> Names:
        """The names of the features."""
        return self._settings.recipe.names

    def open(self) -> None:
        self._reader.start()

    def check(self) -> DeviceState:
        return self._reader.state

    def close(self) -> None:
        self._reader.stop()

    def level(self) -> float:
        """Return the peak since this was asked last, 1 being full scale."""
        peak, self._peak = self._peak, 0.0
        return peak

    # --- the reading thread ----------------------------------------------------------------------------

    def _read(self, ended: Event) -> None:
        process, connection = self._start(self._settings)
        try:
            while not ended.is_set():
                if connection.poll(POLL_S):
                    self._take(connection.recv(), ended)
        except (EOFError, OSError):
            state = self._reader.state
            why = state.text if state.state == "waiting" else f"{self.name} in: its process ended; it starts again"
            raise DeviceError(why) from None
        finally:
            connection.close()
            process.join(END_S)
            process.kill()

    def _take(self, post: tuple[Any, ...], ended: Event) -> None:
        match post:
            case ("heard", frames, peak, overflows, dropped):
                self._peak = max(self._peak, peak)
                self.overflows, self.dropped = overflows, dropped
                for seconds, values in frames:
                    self._put(Frame(seconds, self.name, values))
            case ("open", where):
                self._reader.opened(ended, where)
            case ("waiting", why):
                self._reader.wait(ended, why)
            case ("failed", why):
                raise UnavailableError(why)
