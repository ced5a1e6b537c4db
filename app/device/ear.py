"""The far side of sound in: a process that listens to a sound device and posts frames of features.

It is a process of its own because PortAudio ends the one it runs in when a JACK server dies under it, and because
computing features would take the interpreter lock from the music 90 times a second. The callback of the sound system
only copies: it has some milliseconds and must not wait. A latency of 0.1 s is asked for, because with a short one
samples are lost whenever the machine is busy; features are a little late, not wrong.
"""

from __future__ import annotations

import os
import queue
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from multiprocessing.connection import Connection
from typing import Any

import numpy as np

from app.device.base import DeviceError
from app.device.midi_port import match
from app.frame import Values
from app.interrupt import leave_to_parent
from app.spectrum import RECIPES, Recipe, Spectrum
from app.transport import Clock, WallClock

LATENCY_S = 0.1
WAIT_S = 0.1
SILENT_S = 2.0  # No samples for so long: the device is gone, even if the sound system has not noticed.
MOST_BLOCKS = 256  # More wait only when this process is starved; then the newest are left out and counted.


@dataclass(frozen=True, slots=True)
class EarSettings:
    """What to listen to.

    Attributes: `device` (its name or a part of it, "" takes the system's choice), `recipe`, `channels` (mixed, at
    most so many), `retry_s` (between two looks for a device).
    """

    device: str = ""
    recipe: Recipe = RECIPES["full"]
    channels: int = 2
    retry_s: float = 2.0


class LostError(DeviceError):
    """The device that was listened to is gone; the sound library must start anew in another process."""


def load() -> Any:
    """Return the sound library; DeviceError if it or PortAudio is missing."""
    try:
        return import_module("sounddevice")
    except (ImportError, OSError) as error:
        raise DeviceError(
            f"audio in is unavailable: {error}; install the Python package sounddevice, on Linux also libportaudio2"
        ) from error


def run(connection: Connection, settings: EarSettings) -> None:
    """Be the process: listen until the pipe's other end is closed. Ends without the sound library's farewell."""
    leave_to_parent()
    hear(connection, settings, load, WallClock())
    os._exit(0)


def tell_inputs(connection: Connection) -> None:
    """Be a process that posts the names of the devices to listen to, and ends."""
    try:
        names = [name for _, name in devices(load())]
    except DeviceError as error:
        names = [f"unavailable: {error}"]
    connection.send(names or ["unavailable: no device with an input is connected"])
    os._exit(0)


def hear(connection: Connection, settings: EarSettings, library: Callable[[], Any], clock: Clock) -> None:
    """Listen, and post until the other end closes or the device is lost.

    Posts ("open", where), ("waiting", why), ("failed", why: there is no library) and ("heard", frames, peak,
    overflows, dropped): frames as (seconds, values), the peak since the last post, counts since the beginning.
    """

    def wanted() -> bool:
        return not connection.poll(0)

    try:
        try:
            sounds = library()
        except DeviceError as error:
            connection.send(("failed", str(error)))
            return
        ear = Ear(sounds, settings, connection.send, wanted, clock)
        _listen_on(ear, sounds, settings.retry_s, connection)
    except OSError:
        return  # Nobody reads any more.


def _listen_on(ear: Ear, library: Any, retry_s: float, connection: Connection) -> None:
    """Listen until nobody wants it or the device is lost; look again for one that is not there yet."""
    while not connection.poll(0):
        try:
            ear.listen()
        except LostError as error:
            connection.send(("waiting", str(error)))
            return
        except DeviceError as error:
            connection.send(("waiting", str(error)))
            connection.poll(retry_s)
            library._terminate()  # PortAudio knows only the devices that were there when it began.
            library._initialize()


def devices(library: Any) -> list[tuple[int, str]]:
    """Return (number, name) of the devices with an input; the name ends with that of the sound system."""
    try:
        systems = library.query_hostapis()
        return [
            (number, f"{device['name']} ({systems[device['hostapi']]['name']})")
            for number, device in enumerate(library.query_devices())
            if device["max_input_channels"] > 0
        ]
    except library.PortAudioError as error:
        raise DeviceError(f"the sound system cannot be asked for its devices ({error})") from error


class Windows:
    """Cuts a stream of samples into overlapping windows."""

    def __init__(self, size: int, hop: int) -> None:
        self._size, self._hop = size, hop
        self._rest = np.empty(0, np.float32)

    def feed(self, samples: Values) -> Iterator[tuple[Values, int]]:
        """Yield each window that is now complete, with the number of samples that came after it."""
        self._rest = np.concatenate((self._rest, samples))
        while self._rest.size >= self._size:
            yield self._rest[: self._size], self._rest.size - self._size
            self._rest = self._rest[self._hop :]


class Ear:
    """Listens to one device.

    Attributes: `overflows` (times samples were lost before they came here), `dropped` (samples left out here).
    """

    def __init__(
        self,
        library: Any,
        settings: EarSettings,
        post: Callable[[tuple[object, ...]], None],
        wanted: Callable[[], bool],
        clock: Clock,
    ) -> None:
        self.overflows = self.dropped = 0
        self._library, self._settings, self._post, self._wanted, self._clock = library, settings, post, wanted, clock
        self._blocks: queue.SimpleQueue[tuple[float, Values]] = queue.SimpleQueue()
        self._peak = 0.0

    def listen(self) -> None:
        """Open the device and listen while wanted. DeviceError if it is not there, LostError if it goes."""
        number, where = self._choose()
        stream, rate_hz = self._open(number, where)
        try:
            stream.start()
            self._post(("open", where))
            self._take(stream, rate_hz, where)
        except self._library.PortAudioError as error:
            raise LostError(f"{where} failed ({error}); it is used again when it comes back") from error
        if not self._wanted():
            stream.close(ignore_errors=True)  # A lost one is left alone: closing it can hang.

    def _choose(self) -> tuple[int, str]:
        there = devices(self._library)
        if self._settings.device:
            found = match(self._settings.device, [name for _, name in there])
        else:
            default = self._library.default.device[0]
            found = next((place for place, (number, _) in enumerate(there) if number == default), 0)
        if not there or found is None:
            raise DeviceError(f"waiting for {self._settings.device or 'a sound input; connect a microphone'}")
        return there[found]

    def _open(self, number: int, where: str) -> tuple[Any, float]:
        try:
            device = self._library.query_devices(number)
            rate_hz = float(device["default_samplerate"])
            stream = self._library.InputStream(
                device=number,
                channels=min(self._settings.channels, device["max_input_channels"]),
                samplerate=rate_hz,
                dtype="float32",
                latency=LATENCY_S,
                callback=self._arrived,
            )
        except self._library.PortAudioError as error:
            raise DeviceError(f"{where} cannot be opened ({error}); close the program that uses it") from error
        return stream, rate_hz

    def _take(self, stream: Any, rate_hz: float, where: str) -> None:
        """Post a frame for every hop."""
        recipe = self._settings.recipe
        spectrum, windows = Spectrum(recipe, rate_hz), Windows(recipe.frame, recipe.hop)
        silent_s = 0.0
        while self._wanted():
            try:
                seconds, block = self._blocks.get(timeout=WAIT_S)
            except queue.Empty:
                silent_s += WAIT_S
                if silent_s >= SILENT_S or not stream.active:
                    raise LostError(f"{where} gives no more sound; it is used again when it comes back") from None
                continue
            silent_s = 0.0
            self._peak = max(self._peak, float(np.abs(block).max(initial=0.0)))
            with np.errstate(all="ignore"):  # A driver may hand over what is no number; its frames say so.
                frames = [
                    (seconds - later / rate_hz, spectrum.features(window))
                    for window, later in windows.feed(block.mean(axis=1))
                ]
            if frames:
                self._post(("heard", frames, self._peak, self.overflows, self.dropped))
                self._peak = 0.0

    def _arrived(self, samples: Values, _frames: int, _times: object, status: Any) -> None:
        """Copy what the sound system hands over; runs in its own thread."""
        self.overflows += bool(status.input_overflow)
        if self._blocks.qsize() < MOST_BLOCKS:
            self._blocks.put((self._clock.now(), samples.copy()))
        else:
            self.dropped += len(samples)
