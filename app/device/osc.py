"""OSC out: notes and messages to one UDP address, as Pd, Max and SuperCollider expect them.

The addresses are those of NeuralMIDI-Streamer (`/note_on` pitch velocity, `/note_off` pitch, `/note_vel` pitch
velocity), so that its patches work unchanged; parts other than the Composer add their name as a last argument.
What is struck by name leaves as `/drum/NAME` velocity; a note between the keys has a float for its pitch.
UDP has no connection: that nobody listens is seen only from the answers of the receiving computer, so it is
shown as a state and never stops the sending.
"""

from __future__ import annotations

import errno
import ipaddress
import socket
import threading
from collections.abc import Sequence

from app.device.base import DeviceSpec
from app.device.packet import Argument, encode
from app.event import Bend, Control, Event, Message, NoteOff, NoteOn, NoteVelocity, Program, Pulse

FULL_S = 0.005  # How long a send may wait for room in the system's buffer.
PLAIN_PART = "composer"
BLOCKED = (errno.EACCES, errno.EPERM)


class Osc:
    """A UDP address that takes OSC, one datagram per message.

    Attributes: as Device; `where` is "host:port". Options: `host` (127.0.0.1), `port` (56120).
    """

    merges_parts = False

    def __init__(self, spec: DeviceSpec) -> None:
        self.spec = spec
        self._host = spec.text("host") or "127.0.0.1"
        self._port = spec.integer("port", 56120, 1, 65535)
        self.where = f"{self._host}:{self._port}"
        self._socket: socket.socket | None = None
        self._trouble = ""
        self._failed = self._sent = False
        self._closed = False
        self._search: threading.Thread | None = None

    def open(self) -> None:
        self._closed = False
        host = "127.0.0.1" if self._host == "localhost" else self._host
        try:
            ipaddress.ip_address(host)
        except ValueError:
            self._look_up()
        else:
            self._connect(host)

    def send(self, event: Event) -> None:
        address, arguments = message(event)
        try:
            data = encode(address, arguments)
        except (OverflowError, TypeError) as error:
            self._failed, self._trouble = True, f"A message {address} to {self.where} was not sent: {error}"
        else:
            self._write(data)

    def panic(self) -> None:
        self._write(encode("/panic"))

    def check(self) -> str:
        if self._socket is None:
            self._look_up()
            return self._trouble
        pending = self._socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if pending:
            self._note(OSError(pending, ""))
        elif self._sent and not self._failed:
            self._trouble = ""
        self._sent = self._failed = False
        return self._trouble

    def close(self) -> None:
        self._closed = True
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def _write(self, data: bytes) -> None:
        if self._socket is None:
            return
        self._sent = True
        try:
            self._socket.send(data)
        except ConnectionError as error:
            # The system reports here that an *earlier* datagram found nobody, and has not sent this one.
            self._note(error)
            self._write_again(data)
        except OSError as error:
            self._note(error)

    def _write_again(self, data: bytes) -> None:
        try:
            if self._socket is not None:
                self._socket.send(data)
        except OSError as error:
            self._note(error)

    def _note(self, error: OSError) -> None:
        """Keep what went wrong for the next check."""
        self._failed = True
        if isinstance(error, TimeoutError | BlockingIOError):
            self._trouble = f"{self.where} takes messages too slowly; some were dropped"
        elif error.errno == errno.EMSGSIZE:
            self._trouble = f"A message was too long for one datagram to {self.where}; send less at once"
        elif error.errno in BLOCKED:
            self._trouble = f"The system does not allow sending to {self.where}; check the firewall or the address"
        elif error.errno in (errno.ECONNREFUSED, errno.ECONNRESET):
            self._trouble = f"Nobody listens at {self.where}; start the receiver or change host and port"
        else:
            self._trouble = f"{self.where} cannot be reached; check the network or change the host"

    def _look_up(self) -> None:
        """Find the address of a host name in a thread: that can take seconds."""
        if self._search is None or not self._search.is_alive():
            self._trouble = self._trouble or f"Looking for the host {self._host}"
            self._search = threading.Thread(target=self._resolve, name=f"look up {self._host}", daemon=True)
            self._search.start()

    def _resolve(self) -> None:
        try:
            found = socket.getaddrinfo(self._host, self._port, type=socket.SOCK_DGRAM)
        except (OSError, UnicodeError):
            self._trouble = f"The host {self._host!r} is not known; correct its name or give its number"
            return
        if not self._closed:
            self._connect(str(found[0][4][0]))

    def _connect(self, host: str) -> None:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        opened = socket.socket(family, socket.SOCK_DGRAM)
        try:
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
            opened.connect((host, self._port))
        except OSError as error:
            opened.close()
            self._note(error)
            return
        opened.settimeout(FULL_S)
        self._trouble, self._socket = "", opened


def message(event: Event) -> tuple[str, Sequence[Argument]]:
    """Return the OSC address and arguments of an event."""
    match event:
        case Message(_, _, address, arguments):
            return address, arguments
        case NoteOn(_, _, _, velocity, name) if name:
            return f"/drum/{name}", (velocity,)
        case NoteOn(_, part, pitch, velocity, _, detune):
            return "/note_on", (pitch + detune if detune else pitch, velocity, *_signed(part))
        case NoteOff(_, part, pitch):
            return "/note_off", (pitch, *_signed(part))
        case NoteVelocity(_, part, pitch, velocity):
            return "/note_vel", (pitch, velocity, *_signed(part))
        case Control(_, part, number, value):
            return "/control", (number, value, *_signed(part))
        case Pulse(_, _, kind, value):
            return f"/clock/{kind}", (value,) if kind == "position" else ()
        case Program(_, part, number):
            return "/program", (number, *_signed(part))
        case Bend(_, part, value):
            return "/bend", (value, *_signed(part))


def _signed(part: str) -> tuple[str, ...]:
    return () if part == PLAIN_PART else (part,)
