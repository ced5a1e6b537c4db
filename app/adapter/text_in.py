"""A UDP port for frames as plain text: "0.12, -3.4, 6638.7".

RTLEARNER's patch sends its features so. Each datagram is one frame; numbers are separated by commas, with or without
space. A frame that came as OSC is taken too, because most programs other than that patch can send nothing else.
"""

from __future__ import annotations

import socket
from collections.abc import Callable

import numpy as np

from app.device.base import DeviceError
from app.device.packet import PacketError, decode
from app.frame import Frame, Values, numbers
from app.inbox import Item
from app.transport import Clock

LARGEST = 65_535
MOST_PER_READ = 4096  # More than a socket's buffer holds: the newest frame is always among them.
MOST_SHOWN = 60


class TextIn:
    """A UDP port that hears frames as text.

    Attributes: `host`, `port` (the real one after `open`), `frames` (heard, not yet taken by whoever asks),
    `complain` (takes a sentence on what could not be read).
    """

    def __init__(self, clock: Clock, host: str, port: int, source: str, complain: Callable[[str], None]) -> None:
        self.host, self.port, self.complain = host, port, complain
        self.frames: list[Frame] = []
        self._clock, self._source = clock, source
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.setblocking(False)

    def open(self) -> int:
        """Listen; return the port. DeviceError if it is taken or not allowed."""
        try:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
            self._socket.bind((self.host, self.port))
        except (OSError, OverflowError) as error:
            self._socket.close()
            raise DeviceError(f"Frames as text cannot be heard on {self.host}:{self.port} ({error})") from error
        self.port = int(self._socket.getsockname()[1])
        return self.port

    def close(self) -> None:
        self._socket.close()

    def fileno(self) -> int:
        return self._socket.fileno()

    def read(self, put: Callable[[Item], None]) -> None:
        """Read all that is there into `frames`. Nothing is put: frames are for one taker only."""
        for _ in range(MOST_PER_READ):
            try:
                data, sender = self._socket.recvfrom(LARGEST)
            except BlockingIOError:
                return
            except OSError as error:
                self.complain(f"Port {self.port}: {error}")
                continue
            try:
                self.frames.append(Frame(self._clock.now(), self._source, read_frame(data)))
            except ValueError as error:
                self.complain(f"A frame from {sender[0]}:{sender[1]} could not be read: {error}")


def read_frame(data: bytes) -> Values:
    """Return a datagram's numbers, shape (n,); ValueError says why it holds none."""
    if data[:1] in (b"/", b"#"):
        return _read_osc(data)
    try:
        words = data.decode("utf-8").rstrip(" ,;\r\n\t\0").split(",")
    except UnicodeDecodeError:
        raise ValueError(f"its {len(data)} bytes are no text") from None
    try:
        with np.errstate(over="ignore"):  # What is too large becomes infinite and is refused below.
            values = np.array([float(word) for word in words], np.float64).astype(np.float32)
    except ValueError:
        raise ValueError(_refusal(words)) from None
    if not np.isfinite(values).all():
        raise ValueError("it holds something that is no finite number")
    return values


def _refusal(words: list[str]) -> str:
    if len(words) == 1 and not words[0].strip():
        return "it is empty"
    for place, word in enumerate(words, 1):
        try:
            float(word)
        except ValueError:
            return f"value {place} is {word.strip()[:MOST_SHOWN]!r}; write numbers with commas between them"
    return "it holds no numbers"


def _read_osc(data: bytes) -> Values:
    try:
        messages = decode(data)
    except PacketError as error:
        raise ValueError(f"as OSC: {error}") from error
    if len(messages) != 1:
        raise ValueError(f"an OSC frame is one message, {len(messages)} came")
    values = numbers(messages[0][1])
    if not np.isfinite(values).all():
        raise ValueError("it holds something that is no finite number")
    return values
