"""MIDI as a Listener hears it: chosen features of a controller, as frames.

It opens nothing. The controllers are open already, and a system that gives a port to one program only would refuse it
a second time.
"""

from __future__ import annotations

from collections.abc import Sequence

from app.controller import Controllers
from app.device.midi_in import Features
from app.device.reader import Put
from app.frame import Frame, Names
from app.snapshot import DeviceState
from app.transport import Clock


class MidiEar:
    """An Inlet.

    Attributes: `name`, `names` (of the features).
    """

    def __init__(
        self,
        put: Put,
        clock: Clock,
        port: str,
        features: Sequence[str],
        channel: int,
        controllers: Controllers,
        name: str = "midi",
    ) -> None:
        """`port`: a controller's name or a part of it, "" takes the first; ValueError for an unknown feature."""
        self.name = name
        self._put, self._clock, self._port = put, clock, port
        self._features = Features(features, channel)
        self._controllers = controllers
        self._controller = ""
        self._is_open = False

    @property
    def names(self) -> Names:
        return self._features.names

    def open(self) -> None:
        self._is_open = True
        self._controllers.want(self, self._port)
        self._controllers.ears.append(self._hear)

    def check(self) -> DeviceState:
        """Return how it does; a controller that went lets go of its keys and wheels."""
        if not self._is_open:
            return DeviceState(self.name, "closed", "off")
        now = self._controllers.first(self._port)
        if self._controller and now != self._controller:
            released = self._features.release()
            if released is not None:
                self._put(Frame(self._clock.now(), self.name, released))
        self._controller = now
        if now:
            return DeviceState(self.name, "open", now)
        return DeviceState(self.name, "waiting", f"waiting for {self._port or 'a MIDI port; connect an instrument'}")

    def close(self) -> None:
        if self._is_open:
            self._controllers.ears.remove(self._hear)
            self._controllers.want_no_more(self)
        self._is_open = False

    def _hear(self, seconds: float, controller: str, data: tuple[int, ...]) -> None:
        """Keep the features; the port's own thread."""
        if controller != (self._controller or self._controllers.first(self._port)):
            return
        values = self._features.take(data)
        if values is not None:
            self._put(Frame(seconds, self.name, values))
