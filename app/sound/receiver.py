"""The thread that waits for OSC datagrams and plays them at once.

It blocks in the socket instead of polling: a note that arrives is handed to the voices some tens of microseconds
later. No datagram, however malformed, ends it.
"""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable

from pythonosc import osc_bundle, osc_message, osc_packet

LOOPBACK = "127.0.0.1"
DATAGRAM = 65_536
MALFORMED = (
    osc_packet.ParseError,
    osc_bundle.ParseError,
    osc_message.ParseError,
    ValueError,
    IndexError,
    OverflowError,
    RecursionError,
    struct.error,
)


class Receiver(threading.Thread):
    """A listener on one UDP port of this machine.

    `port` is where it listens; `bad` counts datagrams that are no OSC. Time tags are ignored: the sender sends
    at the due time.
    """

    def __init__(self, port: int, act: Callable[[str, list[object]], None]) -> None:
        """Bind the port, 0 for any. Raises OSError when it is taken, OverflowError when it is no port number."""
        super().__init__(name="osc", daemon=True)
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind((LOOPBACK, port))
        self._act = act
        self.port: int = self._socket.getsockname()[1]
        self.bad = 0

    def run(self) -> None:
        """Receive for ever; the process's end is its end."""
        while True:
            try:
                datagram = self._socket.recv(DATAGRAM)
            except ConnectionError:
                continue  # Windows tells here that somebody else's port is closed; this one is still good.
            self.receive(datagram)

    def receive(self, datagram: bytes) -> None:
        """Act on the messages of one datagram; a malformed one is counted."""
        try:
            messages = [timed.message for timed in osc_packet.OscPacket(datagram).messages]
        except MALFORMED:
            self.bad += 1
            return
        for message in messages:
            self._act(message.address, list(message.params))
