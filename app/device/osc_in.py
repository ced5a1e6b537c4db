"""OSC in: one thread that receives, decodes and puts messages into the inbox.

One blocking socket in one thread kept every message of 1000/s in our measurements where a thread per message
lost some. A packet that cannot be read is counted and told, and never ends the thread (OSC 1.0).
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Sequence
from typing import Any

from pythonosc.osc_bundle import OscBundle
from pythonosc.osc_message import OscMessage
from pythonosc.osc_message_builder import OscMessageBuilder
from pythonosc.osc_packet import OscPacket

from app.device.base import DeviceError
from app.inbox import Fault, Item, Packet
from app.transport import Clock

LARGEST = 65_535  # A UDP datagram cannot be longer.


class OscIn:
    """A UDP port that listens for OSC.

    Attributes: `host`, `port` (the real one after `open`, also when 0 was asked for).
    """

    def __init__(self, put: Callable[[Item], None], clock: Clock, port: int, host: str = "127.0.0.1") -> None:
        self.host, self.port = host, port
        self._put, self._clock = put, clock
        self._socket: socket.socket | None = None
        self._thread: threading.Thread | None = None

    def open(self) -> int:
        """Listen; return the port. DeviceError if it is taken or not allowed."""
        listening = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
            listening.bind((self.host, self.port))
        except (OSError, OverflowError) as error:
            listening.close()
            raise DeviceError(
                f"OSC cannot listen on {self.host}:{self.port} ({error}); close the program that uses it or choose "
                "another port with --osc-in (0 takes a free one)"
            ) from error
        self.port = listening.getsockname()[1]
        self._socket = listening
        self._thread = threading.Thread(target=self._receive, name="osc in", daemon=True)
        self._thread.start()
        return self.port

    def close(self) -> None:
        """Stop listening."""
        listening, self._socket = self._socket, None
        if listening is None:
            return
        # An empty datagram wakes the thread on every system; closing alone does not.
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as waker:
            waker.sendto(b"", ("127.0.0.1" if self.host == "0.0.0.0" else self.host, self.port))
        if self._thread is not None:
            self._thread.join(1.0)
        listening.close()

    def _receive(self) -> None:
        while (listening := self._socket) is not None:
            try:
                data, sender = listening.recvfrom(LARGEST)
            except OSError as error:
                # Some systems report a peer's closed port here; the socket itself is still good.
                if self._socket is not None:
                    self._put(Fault(self._clock.now(), "osc in", f"OSC in: {error}"))
                continue
            if data:
                self._decode(data, sender)

    def _decode(self, data: bytes, sender: tuple[str, int]) -> None:
        now = self._clock.now()

        def reply(address: str, arguments: tuple[float | str, ...]) -> None:
            self._send(address, arguments, sender)

        try:
            for message in messages(data):
                self._put(Packet(now, message.address, tuple(message.params), sender, reply))
        except Exception as error:  # noqa: BLE001 - anyone may send anything; no packet may end this thread
            said = f"OSC from {sender[0]}:{sender[1]} could not be read ({len(data)} bytes: {error})"
            self._put(Fault(now, "osc in", said))

    def _send(self, address: str, arguments: Sequence[float | str], receiver: tuple[str, int]) -> None:
        sending = self._socket
        if sending is None:
            return
        builder = OscMessageBuilder(address=address)
        for argument in arguments:
            builder.add_arg(argument)
        try:
            sending.sendto(builder.build().dgram, receiver)
        except OSError as error:
            self._put(
                Fault(self._clock.now(), "osc in", f"OSC answer to {receiver[0]}:{receiver[1]} failed: {error}")
            )


def messages(data: bytes) -> list[OscMessage]:
    """Return the messages of a datagram, also those inside bundles; an exception of the library if malformed."""
    if OscBundle.dgram_is_bundle(data):
        return [timed.message for timed in OscPacket(data).messages]
    message: Any = OscMessage(data)
    return [message]
