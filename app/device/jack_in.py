"""MIDI in from JACK, stamped by the frame: a client with the face of RtMidi's, whose callback lives elsewhere.

RtMidi tells when the server's callback ran, so a message is early by up to a block, at random. Here a process of its
own reads the frames (see `app.device.jack_ear`), one for all ports, and this is the instrument's hold on it: a thread
hands on what comes, as RtMidi's would.
"""

from __future__ import annotations

import multiprocessing
import traceback
from collections.abc import Callable
from itertools import count
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from threading import Thread
from types import ModuleType
from typing import Any

from app.device.jack_ear import run

END_S = 0.5
Heard = Callable[[tuple[Any, ...], object], None]


class JackIn:
    """One port in.

    Attributes: `hears` (it is connected), `trouble` ("" or why nothing is heard, in the words of the server), `heard`
    (is told each message, from a thread, as ((bytes, 0.0, seconds), None)).
    """

    def __init__(self, library: ModuleType, name: str, ears: JackEars) -> None:
        """Become a client, which only asks and has no ports; OSError if the server does not take us."""
        try:
            self._client = library.Client(f"{name} list", no_start_server=True)
        except library.JackError as error:
            raise OSError(f"JACK refuses a client ({error})") from error
        self.hears = False
        self.trouble = ""
        self.heard: Heard | None = None
        self._name, self._ears = name, ears
        self._number = -1

    def get_ports(self) -> list[str]:
        """Return the names of the ports to listen to; none once our process has ended, so that it is opened anew."""
        if self._number >= 0 and not self._ears.holds(self._number):
            return []
        return [port.name for port in self._client.get_ports(is_midi=True, is_output=True)]

    def set_callback(self, heard: Heard) -> None:
        self.heard = heard

    def ignore_types(self, **_: bool) -> None:
        """System exclusive messages never come; the clock always does."""

    def open_port(self, index: int, name: str) -> None:
        """Listen to a port of `get_ports`."""
        self._number = self._ears.open(self, self._name, name, self.get_ports()[index])

    def open_virtual_port(self, name: str) -> None:
        """Offer a port to listen to."""
        if self._number < 0 or not self._ears.holds(self._number):
            self._number = self._ears.open(self, self._name, name, "")

    def close_port(self) -> None:
        """Hear nothing more."""
        self._ears.close(self._number)
        self._number, self.hears = -1, False

    def delete(self) -> None:
        """Leave the server."""
        self.close_port()
        self._client.close()


class JackEars:
    """The process and the ports that it listens to. It runs while a port is open or one may come back."""

    def __init__(self) -> None:
        self._ports: dict[int, JackIn] = {}
        self._names: dict[int, str] = {}
        self._numbers = count()
        self._process: SpawnProcess | None = None
        self._connection: Connection | None = None

    def holds(self, number: int) -> bool:
        """Whether a port is still listened to: its process lives."""
        return number in self._ports and self._process is not None and self._process.is_alive()

    def open(self, port: JackIn, client: str, name: str, source: str) -> int:
        """Have the process offer a port, connected to a source; return its number. OSError if nobody takes it."""
        if self._process is None or not self._process.is_alive():
            self._start(client)
        number = next(self._numbers)
        taken = set(self._names.values())
        names = (name if again == 1 else f"{name} {again}" for again in count(1))
        self._names[number] = next(free for free in names if free not in taken)
        self._ports[number] = port
        self._send(("open", number, self._names[number], source))
        return number

    def close(self, number: int) -> None:
        """Take a port back; nothing happens if it is gone."""
        if self._ports.pop(number, None) is not None:
            try:
                self._send(("close", number))
            except OSError:
                self._names.clear()  # The process ended, and its ports with it.

    def stop(self) -> None:
        """End the process."""
        process, connection = self._process, self._connection
        self._process = self._connection = None
        if connection is not None and process is not None:
            process.kill()
            process.join(END_S)

    def _start(self, client: str) -> None:
        self._ports.clear()
        self._names.clear()
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(target=run, args=(theirs, client), name="jack in", daemon=True)
        process.start()
        theirs.close()  # The only copy is now the child's: its death is seen here, and ours there.
        self._process, self._connection = process, ours
        Thread(target=self._hand_on, args=(ours,), name="jack in", daemon=True).start()

    def _send(self, command: tuple[object, ...]) -> None:
        if self._connection is not None:
            self._connection.send(command)

    def _hand_on(self, connection: Connection) -> None:
        """Hand on what comes until the process ends; a thread of its own."""
        try:
            while True:
                self._take(connection.recv())
        except (EOFError, OSError):
            connection.close()

    def _take(self, post: Any) -> None:
        if isinstance(post, list):
            for number, seconds, data in post:
                port = self._ports.get(number)
                if port is not None and port.heard is not None:
                    _tell(port.heard, (data, 0.0, seconds))
            return
        kind, number, why = post
        if kind == "close":
            self._names.pop(number, None)
            return
        for of, port in tuple(self._ports.items()):
            if number in (of, -1):
                port.hears, port.trouble = kind == "open", why


def _tell(heard: Heard, message: tuple[Any, ...]) -> None:
    """Hand one message on; a fault in who hears it is printed, as RtMidi does, and costs no other message."""
    try:
        heard(message, None)
    except Exception:  # noqa: BLE001 - the thread listens for all ports, and would be gone
        traceback.print_exc()
