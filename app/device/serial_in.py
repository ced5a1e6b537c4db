"""Sensors on a serial line: each line of text with numbers is a frame.

Microcontroller sketches print numbers with commas, blanks or tabs between them, one line a reading, so nothing has
to be installed on them. A sensor that is plugged in again often gets another name (ttyACM1, COM4); it is known by what
its USB chip says of itself. The library (pyserial) is optional: who has no such sensor does not need it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from importlib import import_module
from threading import Event
from typing import Any

from app.device.base import DeviceError
from app.device.midi_port import match
from app.device.reader import Put, Reader, UnavailableError
from app.frame import Frame, Names, Values, numbers
from app.inbox import Fault
from app.snapshot import DeviceState
from app.transport import Clock

RETRY_S = 1.0
WAIT_S = 0.1
LONGEST = 8192  # Bytes in a line; more is no text of numbers.
MOST_READ = 4096  # Then the end is looked for again: a line that never pauses must not keep the port.
BETWEEN = re.compile(r"[,;\s]+")

Chip = tuple[Any, ...]  # Vendor, product, serial number.


def load() -> Any:
    """Return the serial library; UnavailableError if it is missing."""
    try:
        import_module("serial.tools.list_ports")
        return import_module("serial")
    except ImportError as error:
        raise UnavailableError("serial in is unavailable: install pyserial (pip install pyserial)") from error


def inputs(library: Callable[[], Any] = load) -> list[str]:
    """Return the names of the serial ports, or one line that begins with "unavailable:"."""
    try:
        return [port.device for port in library().tools.list_ports.comports()] or [
            "unavailable: no serial port is connected"
        ]
    except DeviceError as error:
        return [f"unavailable: {error}"]


def read_line(line: bytes) -> Values:
    """Return a line's numbers; each may have a name and a colon before it. ValueError with the reason if not."""
    text = line.decode("utf-8", "replace").strip().strip(",;")
    words = [word.rpartition(":")[2] for word in BETWEEN.split(text.replace(": ", ":")) if word]
    try:
        return numbers([number(word) for word in words])
    except ValueError:
        raise ValueError(f"the line {text[:60]!r} holds no numbers" if words else "the line is empty") from None


def number(word: str) -> float:
    """Return a number as a sensor prints it; ValueError if it is none. Python's own 1_000 and other digits are none."""
    if "_" in word or not word.isascii():
        raise ValueError(word)
    return float(word)


def chip_of(library: Any, where: str) -> Chip | None:
    """Return what the USB chip behind a port, or a link to one, says of itself, None if it says nothing."""
    real = os.path.realpath(where) if os.path.islink(where) else where
    return next((_chip(port) for port in library.tools.list_ports.comports() if port.device in (where, real)), None)


def _chip(port: Any) -> Chip | None:
    known = tuple(getattr(port, name, None) for name in ("vid", "pid", "serial_number"))
    return None if known[0] is None else known


class Lines:
    """Cuts a stream of bytes into lines; the first, which one joins in the middle, is left out."""

    def __init__(self) -> None:
        self._rest = b""
        self._joined = False

    def feed(self, data: bytes) -> list[bytes]:
        """Return the lines that are now complete; ValueError if one grows without end, which is forgotten."""
        *lines, self._rest = (self._rest + data).replace(b"\r", b"\n").split(b"\n")
        if len(self._rest) > LONGEST or any(len(line) > LONGEST for line in lines):
            self._rest, self._joined = b"", False
            raise ValueError("it sends no lines; check the speed (baud)")
        if lines and not self._joined:
            self._joined = True
            del lines[0]
        return [line for line in lines if line]


class SerialIn:
    """Puts a frame for every line of a serial port.

    Attributes: `name`, `names` (unknown: ()), `bad` (lines that held no numbers).
    """

    names: Names = ()

    def __init__(
        self,
        put: Put,
        clock: Clock,
        port: str = "",
        baud: int = 115_200,
        name: str = "serial",
        library: Callable[[], Any] = load,
        retry_s: float = RETRY_S,
    ) -> None:
        """`port`: a path such as /dev/ttyACM0 or COM3, or a part of one that is listed; "" takes the first."""
        self.name = name
        self.bad = 0
        self._put, self._clock, self._port, self._baud, self._library = put, clock, port, baud, library
        self._chip: Chip | None = None
        self._reader = Reader(name, self._read, retry_s)

    def open(self) -> None:
        self._reader.start()

    def check(self) -> DeviceState:
        return self._reader.state

    def close(self) -> None:
        self._reader.stop()

    def _read(self, ended: Event) -> None:
        library = self._library()
        where = self._choose(library)
        try:
            with library.Serial(where, self._baud, timeout=WAIT_S) as port:
                self._chip = chip_of(library, where) or self._chip
                self._reader.opened(ended, where)
                self._listen(ended, port)
        except (OSError, ValueError) as error:  # pyserial's own errors are OSErrors
            raise DeviceError(f"waiting for {where} ({error})") from error

    def _choose(self, library: Any) -> str:
        ports = list(library.tools.list_ports.comports())
        names = [port.device for port in ports]
        found = match(self._port, names)
        if found is not None:
            return str(names[found])
        renamed = [port.device for port in ports if self._chip is not None and _chip(port) == self._chip]
        if len(renamed) == 1:
            return str(renamed[0])
        if not self._port:
            raise DeviceError("waiting for a serial port; connect a sensor")
        return self._port

    def _listen(self, ended: Event, port: Any) -> None:
        lines = Lines()
        while not ended.is_set():
            data = port.read(min(port.in_waiting or 1, MOST_READ))
            seconds = self._clock.now()
            try:
                for line in lines.feed(data):
                    self._take(line, seconds)
            except ValueError as error:
                self._refuse(str(error), seconds)

    def _take(self, line: bytes, seconds: float) -> None:
        try:
            values = read_line(line)
        except ValueError as error:
            self._refuse(str(error), seconds)
        else:
            self._put(Frame(seconds, self.name, values))

    def _refuse(self, reason: str, seconds: float) -> None:
        self.bad += 1
        self._put(Fault(seconds, f"{self.name} in", f"{self.name}: {reason}"))
