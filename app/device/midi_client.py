"""The clients that we have with the MIDI systems of the computer, and how those of a dead one are let be.

Closing a client of a JACK server that died takes a second, and once another client has joined its successor it ends
the process (libjack then reads what it has freed; seen with JACK 1.9.21). So such a client is never closed: it is
forgotten, and kept from every destructor, the interpreter's last ones included. All owners of clients do so before
any of them becomes a client of something new.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Hashable
from typing import Any
from weakref import WeakSet

Running = dict[int, str]  # RtMidi's number of each system that runs, and what tells this run of it from the next.
_owners: WeakSet[Clients] = WeakSet()
_forgotten = 0


def forgotten() -> int:
    """Return how many clients of dead servers this process still has."""
    return _forgotten


def forget_dead(running: Running) -> None:
    """Have every owner forget the clients of systems that run no more; before a client is made."""
    for owner in tuple(_owners):
        owner.forget_dead(running)


def _forget(client: Any) -> None:
    """Keep a client for ever: one reference more than there are."""
    global _forgotten
    ctypes.pythonapi.Py_IncRef(ctypes.py_object(client))
    _forgotten += 1


class Clients:
    """The clients of one owner, at most one for each key in each run of a MIDI system."""

    def __init__(self) -> None:
        self._held: dict[Hashable, tuple[int, str, Any]] = {}
        _owners.add(self)

    def get(self, key: Hashable, api: int, running: Running, make: Callable[[], Any]) -> Any:
        """Return the client for a key, made if there is none in this run of the system."""
        held = self._held.get(key)
        if held is None or held[1] != running[api]:
            forget_dead(running)
            held = self._held[key] = (api, running[api], make())
        return held[2]

    def forget_dead(self, running: Running) -> None:
        """Forget the clients of systems that run no more. Any thread."""
        for key, (api, run, _) in tuple(self._held.items()):
            if running.get(api) != run:
                gone = self._held.pop(key, None)
                if gone is not None:
                    _forget(gone[2])

    def has(self, client: Any) -> bool:
        """Return whether a client is held, and so its system runs as far as is known."""
        return any(held is client for _, _, held in self._held.values())

    def close(self, running: Running) -> None:
        """Close all; those that cannot be, and those of systems that run no more, are forgotten."""
        self.forget_dead(running)
        held, self._held = self._held, {}
        for _, _, client in held.values():
            try:
                client.close_port()
                client.delete()
            except (OSError, RuntimeError):
                _forget(client)  # Its system ended just now, or it would have taken its leave.
