"""Sound in: features of what a microphone or another program plays, through sounddevice (PortAudio).

The callback of the sound system only copies: it has some milliseconds and must not wait. A thread cuts the stream
into overlapping windows and computes a frame of features for each. A latency of 0.1 s is asked for, because with a
short one samples are lost whenever other threads of this process are busy; features are a little late, not wrong.
"""

from __future__ import annotations

import queue
from collections.abc import Callable, Iterator
from importlib import import_module
from threading import Event
from typing import Any

import numpy as np

from app.device.base import DeviceError
from app.device.midi_port import match
from app.device.reader import Put, Reader, UnavailableError
from app.frame import Frame, Names, Values
from app.snapshot import DeviceState
from app.spectrum import RECIPES, Recipe, Spectrum
from app.transport import Clock

LATENCY_S = 0.1
RETRY_S = 2.0
WAIT_S = 0.1
SILENT_S = 2.0  # No samples for so long: the device is gone, even if the sound system has not noticed.
MOST_BLOCKS = 256  # More wait only when the thread is starved; then the newest are left out and counted.


def load() -> Any:
    """Return the sound library; UnavailableError if it or PortAudio is missing."""
    try:
        return import_module("sounddevice")
    except (ImportError, OSError) as error:
        raise UnavailableError(
            f"audio in is unavailable: {error}; install the Python package sounddevice, on Linux also libportaudio2"
        ) from error


def inputs(library: Callable[[], Any] = load) -> list[str]:
    """Return the names of the devices to listen to, or one line that begins with "unavailable:"."""
    try:
        return [name for _, name in _devices(library())] or ["unavailable: no device with an input is connected"]
    except DeviceError as error:
        return [f"unavailable: {error}"]


def _devices(library: Any) -> list[tuple[int, str]]:
    """Return (number, name) of the devices with an input; the name ends with that of the sound system."""
    try:
        systems = library.query_hostapis()
        found = enumerate(library.query_devices())
        return [
            (number, f"{device['name']} ({systems[device['hostapi']]['name']})")
            for number, device in found
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


class AudioIn:
    """Puts a frame of features for every hop of a sound input.

    Attributes: `name`, `names` (of the features), `overflows` (times samples were lost before they came here),
    `dropped` (samples left out here).
    """

    def __init__(
        self,
        put: Put,
        clock: Clock,
        device: str = "",
        recipe: Recipe = RECIPES["full"],
        name: str = "audio",
        channels: int = 2,
        library: Callable[[], Any] = load,
        retry_s: float = RETRY_S,
    ) -> None:
        """`device`: its name or a part of it, "" takes the system's choice; `channels`: mixed, at most."""
        self.name = name
        self.overflows = self.dropped = 0
        self._put, self._clock, self._device, self._recipe, self._channels = put, clock, device, recipe, channels
        self._library = library
        self._reader = Reader(name, self._read, put, clock, retry_s)
        self._blocks: queue.SimpleQueue[tuple[float, Values]] = queue.SimpleQueue()
        self._peak = 0.0
        self._asked = False

    @property
    def names(self) -> Names:
        return self._recipe.names

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
        library = self._library()
        self._look_again(library)
        number, where = self._choose(library)
        try:
            device = library.query_devices(number)
            rate_hz = float(device["default_samplerate"])
            stream = library.InputStream(
                device=number,
                channels=min(self._channels, device["max_input_channels"]),
                samplerate=rate_hz,
                dtype="float32",
                latency=LATENCY_S,
                callback=self._arrived,
            )
        except library.PortAudioError as error:
            raise DeviceError(f"{where} cannot be opened ({error}); close the program that uses it") from error
        self._blocks = queue.SimpleQueue()
        try:
            stream.start()
            self._reader.opened(where)
            self._listen(ended, stream, rate_hz, where)
        except library.PortAudioError as error:
            raise DeviceError(f"{where} failed ({error}); it is used again when it comes back") from error
        finally:
            stream.close(ignore_errors=True)

    def _look_again(self, library: Any) -> None:
        """Let PortAudio, which knows only the devices of its start, start anew; it serves no other stream."""
        if self._asked:
            library._terminate()
            library._initialize()
        self._asked = True

    def _choose(self, library: Any) -> tuple[int, str]:
        devices = _devices(library)
        if self._device:
            found = match(self._device, [name for _, name in devices])
        else:
            default = library.default.device[0]
            found = next((place for place, (number, _) in enumerate(devices) if number == default), 0)
        if not devices or found is None:
            raise DeviceError(f"waiting for {self._device or 'a sound input; connect a microphone'}")
        return devices[found]

    def _listen(self, ended: Event, stream: Any, rate_hz: float, where: str) -> None:
        spectrum = Spectrum(self._recipe, rate_hz)
        windows = Windows(self._recipe.frame, self._recipe.hop)
        silent_s = 0.0
        while not ended.is_set():
            try:
                seconds, block = self._blocks.get(timeout=WAIT_S)
            except queue.Empty:
                silent_s += WAIT_S
                if silent_s >= SILENT_S or not stream.active:
                    raise DeviceError(f"{where} gives no more sound; it is used again when it comes back") from None
                continue
            silent_s = 0.0
            for window, later in windows.feed(block.mean(axis=1)):
                self._put(Frame(seconds - later / rate_hz, self.name, spectrum.features(window)))
            self._peak = max(self._peak, float(np.abs(block).max(initial=0.0)))

    def _arrived(self, samples: Values, _frames: int, _times: object, status: Any) -> None:
        """Copy what the sound system hands over; runs in its own thread."""
        self.overflows += bool(status.input_overflow)
        if self._blocks.qsize() < MOST_BLOCKS:
            self._blocks.put((self._clock.now(), samples.copy()))
        else:
            self.dropped += len(samples)
