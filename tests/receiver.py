"""A UDP socket that reads OSC with python-osc, a decoder that is not ours."""

from __future__ import annotations

import socket
import time
from typing import Any

from pythonosc.osc_message import OscMessage


class Receiver:
    """A listening UDP port. Attributes: `port`, `packets` ((seconds, bytes) in order)."""

    def __init__(self, port: int = 0) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        self._socket.bind(("127.0.0.1", port))
        self._socket.setblocking(False)
        self.port: int = self._socket.getsockname()[1]
        self.packets: list[tuple[float, bytes]] = []

    def read(self) -> list[tuple[Any, ...]]:
        """Return every message so far as (address, argument, ...)."""
        while self._socket.fileno() >= 0:
            try:
                data = self._socket.recv(65_535)
            except BlockingIOError:
                break
            self.packets.append((time.perf_counter(), data))
        messages = [OscMessage(data) for _, data in self.packets]
        return [(message.address, *message.params) for message in messages]

    @property
    def held(self) -> set[tuple[int, str]]:
        """The (pitch, part) that an instrument behind this port would sound."""
        sounding: set[tuple[int, str]] = set()
        for address, *arguments in self.read():
            part = arguments[-1] if arguments and isinstance(arguments[-1], str) else "composer"
            if address == "/note_on":
                sounding.add((arguments[0], part))
            elif address == "/note_off":
                sounding.discard((arguments[0], part))
        return sounding

    def close(self) -> None:
        self._socket.close()
