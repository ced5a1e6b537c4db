"""The far side of MIDI in from JACK: a process that reads each message with its frame and posts it with its time.

The server's callback must come back within a block, and in the instrument's process it would wait for whatever paints:
beside two busy threads RtMidi's lost 44 of 300 messages. Here it has an interpreter of its own.
"""

from __future__ import annotations

import os
import sys
import time
import traceback
from collections.abc import Callable
from multiprocessing.connection import Connection
from queue import SimpleQueue
from threading import Thread
from typing import Any

from app.device import jack_out
from app.device.jack_ruler import Ruler
from app.interrupt import leave_to_parent

Post = tuple[int, float, bytes]  # The number of the port, when it came, its bytes.
SYSEX = 0xF0


def run(connection: Connection, client: str) -> None:
    """Be the process: a client of the server with the ports in that are asked for, until the pipe's or server's end.

    Takes ("open", number, name, source; "": connected to none) and ("close", number). Posts ("open", number, ""),
    ("failed", number or -1, why), and lists of (number, seconds, bytes).
    """
    leave_to_parent()
    library = jack_out.load()
    try:
        if library is None:
            connection.send(("failed", -1, "the library JACK-Client is not installed"))
        else:
            _serve(library, connection, client)
    except (EOFError, OSError):
        sys.stderr.flush()  # Nobody is at the other end any more, which is how it ends.
    os._exit(0)  # The library's farewell to a dead server takes a second.


def _serve(library: Any, connection: Connection, client: str) -> None:
    heard: SimpleQueue[Post] = SimpleQueue()
    try:
        ear = Ear(library.Client(client, no_start_server=True), heard.put)
    except library.JackError as error:
        connection.send(("failed", -1, str(error)))
        return
    Thread(target=_post, args=(connection, heard), daemon=True).start()
    while True:
        command, number, *rest = connection.recv()
        try:
            ear.close(number) if command == "close" else ear.open(number, *rest)
            reply = (command, number, "")
        except library.JackError as error:
            reply = ("failed", number, str(error))
        connection.send(reply)


def _post(connection: Connection, heard: SimpleQueue[Post]) -> None:
    """Post what is heard; a thread of its own."""
    while True:
        posts = [heard.get()]
        while not heard.empty():
            posts.append(heard.get())
        try:
            connection.send(posts)
        except OSError:
            os._exit(0)


class Ear:
    """A client with ports in, and its callback.

    What another program wrote counts from its frame, which may lie a block ahead, for that is where it lies for all in
    the server. What came from outside was there a block before: that long it takes until the server hands it over.
    """

    def __init__(self, jack: Any, put: Callable[[Post], None]) -> None:
        self._jack, self._put = jack, put
        # Number, port, whether it leads outside; replaced whole, for the server's thread walks over it.
        self._ports: tuple[tuple[int, Any, bool], ...] = ()
        self._ruler = Ruler(jack.samplerate)
        jack.set_process_callback(self._process)
        jack.set_shutdown_callback(lambda *_: os._exit(0))
        jack.activate()

    def open(self, number: int, name: str, source: str) -> None:
        """Offer a port of its own name, connected to a source unless that is ""; the library's JackError if not."""
        port = self._jack.midi_inports.register(name)
        outside = bool(source) and self._jack.get_port_by_name(source).is_physical
        self._ports = (*self._ports, (number, port, outside))
        if source:
            self._jack.connect(source, port)

    def close(self, number: int) -> None:
        """Take a port back."""
        gone = [port for of, port, _ in self._ports if of == number]
        self._ports = tuple(one for one in self._ports if one[0] != number)
        time.sleep(2 * self._jack.blocksize / self._jack.samplerate)  # A cycle that has begun still holds it.
        for port in gone:
            port.unregister()

    def _process(self, frames: int) -> None:
        """Be called in each cycle, in the server's thread: which calls no more what has once failed."""
        try:
            self._hear(frames)
        except Exception:  # noqa: BLE001 - printed, and the process ends
            traceback.print_exc()
            sys.stderr.flush()
            os._exit(1)  # Rather than to be deaf: another process takes its place.

    def _hear(self, frames: int) -> None:
        """Put each message with its time."""
        start = self._ruler.mark(self._jack.last_frame_time, time.perf_counter())
        for number, port, outside in self._ports:
            for offset, data in port.incoming_midi_events():
                whole = bytes(data)
                if whole and whole[0] != SYSEX:
                    frame = start + offset - (frames if outside else 0)
                    self._put((number, self._ruler.seconds_at(frame), whole))
