"""MIDI ports of the system by name, through python-rtmidi: listing, opening, losing, finding again.

RtMidi tells nobody that a port vanished, so the list of names is compared about once a second. Its calls keep
the interpreter lock (0.1 ms to list, 15 ms to become a JACK client), so a thread would not shorten the wait: the
dispatcher calls `connect` between notes instead. A client of a JACK server that died is forgotten, not closed (see
`app.device.midi_client`), and never written to (RtMidi waits for ever once its buffer is full); therefore the server is
recognised by its socket.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

from app.device import jack_out
from app.device.base import DeviceError
from app.device.midi_client import Clients, Running, forgotten

CLIENT = "Understudy"
ALSA_PORT = Path("/dev/snd/seq")
SOCKETS = Path("/proc/net/unix")
LISTENING = "00010000"
JACK_TRUST = 500  # Messages between two looks at the server; RtMidi's buffer holds four times as many.
NUMBERS = re.compile(r"\s+\d+(:\d+)?$")


def load() -> ModuleType:
    """Return the MIDI library; DeviceError if it is missing."""
    try:
        return import_module("rtmidi")
    except ImportError as error:
        raise DeviceError(f"MIDI is unavailable: {error}; install python-rtmidi (Python 3.11 or 3.12)") from error


def backends(library: ModuleType) -> Running:
    """Return the MIDI systems that run now."""
    found: Running = {}
    for api in library.get_compiled_api():
        run = _run_of(library, api)
        if run:
            found[api] = run
    return found


def _run_of(library: ModuleType, api: int) -> str:
    if api == library.API_RTMIDI_DUMMY:
        return ""
    if api == library.API_LINUX_ALSA:
        return "alsa" if ALSA_PORT.exists() else ""
    if api == library.API_UNIX_JACK and sys.platform == "linux":
        return jack_server()
    return "system"


def jack_server() -> str:
    """Return what identifies the running JACK server, "" without one. Reads the system's list of sockets."""
    name = f"/jack_{os.environ.get('JACK_DEFAULT_SERVER') or 'default'}_"
    try:
        lines = SOCKETS.read_text(errors="replace").splitlines()
    except OSError:
        return "unknown"
    fields = (line.split(maxsplit=7) for line in lines if name in line)
    return next((field[6] for field in fields if len(field) == 8 and field[3] == LISTENING), "")


def match(wanted: str, names: Sequence[str]) -> int | None:
    """Return the index of the port that a stored name means: the same, the same but for its numbers, or a part."""

    def plain(name: str) -> str:
        return NUMBERS.sub("", name.strip()).casefold()

    if not wanted:
        return next((index for index, name in enumerate(names) if "midi through" not in name.casefold()), None)
    for same in (
        lambda name: name == wanted,
        lambda name: plain(name) == plain(wanted),
        lambda name: plain(wanted) in plain(name),
    ):
        for index, name in enumerate(names):
            if same(name):
                return index
    return None


def _client_name() -> str:
    """A lost JACK client still waits on the semaphore of its name and would steal another's wake-ups."""
    return f"{CLIENT} {forgotten() + 1}" if forgotten() else CLIENT


class PortList:
    """The names of the MIDI ports there are. Keeps its clients, so that asking again costs 0.1 ms."""

    def __init__(self) -> None:
        self._clients = Clients()

    def outputs(self) -> list[str]:
        """Return the names of the ports to send to, or one line that begins with "unavailable:"."""
        return self._names("MidiOut")

    def inputs(self) -> list[str]:
        """Return the names of the ports to listen to, or one line that begins with "unavailable:"."""
        return self._names("MidiIn")

    def _names(self, way: str) -> list[str]:
        try:
            library = load()
            running = backends(library)
            if not running:
                return ["unavailable: no MIDI system runs here (ALSA or JACK)"]
            return [name for api in running for name in self._client(library, way, api, running).get_ports()]
        except (DeviceError, OSError, RuntimeError) as error:
            return [f"unavailable: {error}"]

    def _client(self, library: ModuleType, way: str, api: int, running: Running) -> Any:
        return self._clients.get((way, api), api, running, lambda: getattr(library, way)(api, name=f"{CLIENT} ports"))


class OutPort:
    """One MIDI port out: an existing one found by name, or a virtual one that others can see.

    Attributes: `name` (as asked for), `virtual`, `exact` (on JACK each message at its frame, where the library for
    that is installed), `where` (the port's full name when connected), `lead_s` (how early a message with a time is to
    be sent; 0.0 where it leaves at once).
    """

    def __init__(self, name: str, virtual: bool = False, exact: bool = False) -> None:
        self.name, self.virtual, self.exact = name, virtual, exact
        self.where = name
        self.lead_s = 0.0
        self._clients = Clients()
        self._open: Any = None
        self._trusted = 0

    def connect(self) -> str:
        """Open the port, notice that it went, find it again. Return "" if it is open, else why not.

        Cheap if nothing changed. DeviceError if waiting would not help.
        """
        library = load()
        if self.virtual and sys.platform == "win32":
            raise DeviceError("Windows has no virtual MIDI ports; install loopMIDI and choose its port by name")
        try:
            running = backends(library)
            self._drop_dead(running)
            if self._is_there() or any(self._join(library, api, running) for api in running):
                return ""
        except (OSError, RuntimeError, ValueError) as error:
            self._open = None
            return f"MIDI port {self.name or CLIENT} could not be opened: {error}"
        if not running:
            return "waiting for a MIDI system (ALSA or JACK); none runs here"
        return f"waiting for {self.name}" if self.name else "waiting for a MIDI port; connect an instrument"

    def send(self, data: Sequence[int], seconds: float | None = None) -> None:
        """Send one message, if `lead_s` is above 0 at a time of the clock; DeviceError if the port is gone."""
        self._trusted -= 1
        if self._open is None or not self._trust():
            raise DeviceError(f"MIDI port {self.name or self.where} is gone; it is used again when it comes back")
        try:
            if seconds is not None and self.lead_s:
                self._open.send_at(data, seconds)
            else:
                self._open.send_message(data)
        except (OSError, RuntimeError) as error:
            raise DeviceError(f"MIDI port {self.where} takes no messages ({error}); connect it again") from error

    def close(self) -> None:
        """Close the port after what was sent has left; a dead server's is only forgotten."""
        try:
            running = backends(load())
        except DeviceError:
            running = {}
        self._clients.close(running)
        self._open = None

    def _trust(self) -> bool:
        """Return whether the server still takes messages; looks only now and then."""
        if self._trusted > 0:
            return True
        self._drop_dead(backends(load()))
        self._trusted = JACK_TRUST
        return self._open is not None

    def _drop_dead(self, running: Running) -> None:
        self._clients.forget_dead(running)
        if not self._clients.has(self._open):
            self._open = None

    def _is_there(self) -> bool:
        if self._open is None:
            return False
        self._trusted = JACK_TRUST
        if self.lead_s:
            self.lead_s = self._open.lead_s  # The server's block may have changed.
        if self.virtual or self.where in self._open.get_ports():
            return True
        self._open.close_port()
        self._open = None
        return False

    def _join(self, library: ModuleType, api: int, running: Running) -> bool:
        """Connect through one MIDI system; return whether it has the port."""
        client = self._clients.get(api, api, running, lambda: self._client(library, api, _client_name()))
        if self.virtual:
            self.where = self.name or CLIENT
            client.open_virtual_port(self.where)
        else:
            names = client.get_ports()
            index = match(self.name, names)
            if index is None:
                return False
            self.where = names[index]
            client.open_port(index, CLIENT)
        self._open, self._trusted = client, JACK_TRUST
        self.lead_s = client.lead_s if isinstance(client, jack_out.JackOut) else 0.0
        return True

    def _client(self, library: ModuleType, api: int, name: str) -> Any:
        """Return a new client of one MIDI system."""
        jack = jack_out.load() if self.exact and api == library.API_UNIX_JACK else None
        return library.MidiOut(api, name=name) if jack is None else jack_out.JackOut(jack, name)
