"""A sound system in memory with the face of sounddevice, whose devices a test can play, unplug and plug in."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np


class PortAudioError(Exception):
    """As in sounddevice."""


class Stream:
    """An input stream. Attributes: `options` (as asked for), `active`, `closed`."""

    def __init__(self, callback: Callable[..., None], **options: Any) -> None:
        self._callback, self.options = callback, options
        self.active = self.closed = False

    def start(self) -> None:
        self.active = True

    def play(self, samples: np.ndarray, overflow: bool = False) -> None:
        """Hand samples over, shape (frames, channels), as the sound system's thread does."""
        self._callback(samples.astype(np.float32), len(samples), None, SimpleNamespace(input_overflow=overflow))

    def close(self, ignore_errors: bool = True) -> None:
        self.active, self.closed = False, True


class SoundSystem:
    """Attributes: `names` (of the devices there are), `known` (those that the library has found), `streams`."""

    PortAudioError = PortAudioError

    def __init__(self, *names: str, rate: float = 44_100.0, channels: int = 2) -> None:
        self.names = list(names)
        self.known = list(names)
        self.streams: list[Stream] = []
        self.busy = False
        self.default = SimpleNamespace(device=(-1, -1))
        self._rate, self._channels = rate, channels

    def begin(self) -> SoundSystem:
        """Return the library as another process finds it."""
        self._initialize()
        return self

    def _terminate(self) -> None:
        self.known = []

    def _initialize(self) -> None:
        self.known = list(self.names)

    def query_hostapis(self) -> tuple[dict[str, Any], ...]:
        return ({"name": "Fake"},)

    def query_devices(self, number: int | None = None) -> Any:
        devices = [
            {
                "name": name,
                "hostapi": 0,
                "max_input_channels": 0 if name == "speaker" else self._channels,
                "default_samplerate": self._rate,
            }
            for name in self.known
        ]
        return devices if number is None else devices[number]

    def InputStream(self, **options: Any) -> Stream:  # noqa: N802 - the library's name
        if self.busy:
            raise PortAudioError("device unavailable")
        self.streams.append(Stream(**options))
        return self.streams[-1]
