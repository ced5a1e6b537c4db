"""How others reach the instrument: its OSC port, its OSCQuery page, and whether the network may.

Part of the composition root. The port listens to this computer alone until `/osc/network` is switched on, which the
window shows; `/osc/allow` then says whose hands are meant.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from app.device.base import DeviceError
from app.device.osc_in import OscIn
from app.engine import Engine
from app.inbox import Fault
from app.network import ANY, LOOPBACK, Gate, read_networks
from app.parameter import Parameter, TextParameter, switch

if TYPE_CHECKING:
    from app.oscquery import OscQuery

NAME = "Understudy"
SETTLE_S = 1.0
SIXTH = {LOOPBACK: "::1", ANY: "::"}


class Reach:
    """Attributes: `gate` (who is let in), `osc_in` (None: not listening), `query` (None: not served), `without_second`
    ("" or why nobody is heard by IPv6)."""

    def __init__(self, engine: Engine) -> None:
        self.gate = Gate()
        self.osc_in: OscIn | None = None
        self.query: OscQuery | None = None
        self._engine = engine
        self._second: OscIn | None = None
        self.without_second = ""
        self._port = 0
        self._starting: threading.Timer | None = None
        self._page = threading.Lock()
        self._closed = False
        add = engine.tree.add
        network = "Others in the network may move the instrument; off: only this computer"
        self._network = add(Parameter("/osc/network", 0, switch(), title="Network", help=network, undoable=False))
        serve = "Tells other programs every address (OSCQuery)"
        self._query = add(Parameter("/osc/query", 1, switch(), title="OSCQuery", help=serve, undoable=False))
        allow = "Who may, such as 192.168.1.20 10.0.0.0/24; empty: everybody"
        self._allow = engine.tree.add_text(TextParameter("/osc/allow", "", "Allowed", allow))
        engine.watcher.on((self._allow.address,), self._let_in)
        engine.watcher.on((self._network.address, self._query.address), self._follow)

    def open(self, port: int) -> None:
        """Listen on a UDP port, 0 for any; DeviceError if it cannot be had."""
        self._port, self._closed = port, False
        self._listen()
        self._follow()

    def close(self) -> None:
        """End both; may be called in any state."""
        self._closed = True
        if self._starting is not None:
            self._starting.cancel()
        self._renew(None)
        if self.osc_in is not None:
            self.osc_in.close()
            self.osc_in = None
        self._close_second()

    @property
    def _host(self) -> str:
        return ANY if self._network.value else LOOPBACK

    def _let_in(self) -> None:
        try:
            self.gate.allowed = read_networks(self._allow.value)
        except ValueError as error:
            self._engine.say("warning", f"/osc/allow: {error}")
        self._engine.reception.inquiry.subscribers.keep(self.gate.admits)

    def _follow(self) -> None:
        """Be as open as the switches say."""
        self.gate.open = bool(self._network.value)
        self._engine.reception.inquiry.subscribers.keep(self.gate.admits)
        if self.osc_in is None:
            return
        if self.osc_in.host != self._host:
            self._listen()
        self._serve()

    def _listen(self) -> None:
        """Open the port, anew if need be; a port that was had is had again."""
        old, port = self.osc_in, self._port
        if old is not None:
            port = old.port
            self._engine.inbox.unwatch(old)
            old.close()
            self.osc_in = None
        opened = OscIn(self._engine.clock, port, self._host, self.gate)
        try:
            self._engine.osc_port = opened.open()
        except DeviceError as error:
            opened.close()
            if old is None:
                raise
            self._engine.say("error", str(error))
            return
        self._engine.inbox.watch(opened)
        self.osc_in = opened
        self._listen_second(opened.port)
        if old is not None:
            whom = "the network" if self._network.value else "this computer alone"
            self._engine.say("info", f"OSC listens to {whom} on port {opened.port}")

    def _listen_second(self, port: int) -> None:
        """Listen by IPv6 too, where "localhost" leads many a program first; without it nothing is amiss."""
        self._close_second()
        try:
            second = OscIn(self._engine.clock, port, SIXTH[self._host], self.gate)
        except OSError as error:
            self.without_second = f"IPv6: unavailable ({error})"
            return
        try:
            second.open()
        except DeviceError as error:
            second.close()
            self.without_second = f"IPv6: unavailable ({error})"
            return
        self._second, self.without_second = second, ""
        self._engine.inbox.watch(second)

    def _close_second(self) -> None:
        if self._second is not None:
            self._engine.inbox.unwatch(self._second)
            self._second.close()
            self._second = None

    def _serve(self) -> None:
        """Serve the page as the switches say, a moment later and in a thread of its own: the first note does not wait
        for a web server to be imported, nor the music for one to end."""
        if self._starting is not None:
            self._starting.cancel()
        wanted = self._query.value and self.osc_in is not None
        place = (self.osc_in.port, self._host) if wanted and self.osc_in is not None else None
        self._starting = threading.Timer(SETTLE_S, self._renew, (place,))
        self._starting.daemon = True
        self._starting.start()

    def _renew(self, place: tuple[int, str] | None) -> None:
        """End the page that is served and, with a place (OSC port and host), serve one there."""
        with self._page:
            if self.query is not None:
                self.query.close()
                self.query = None
            if place is not None and not self._closed:
                self._start_query(*place)

    def _start_query(self, osc_port: int, host: str) -> None:
        from app.oscquery import OscQuery

        query = OscQuery(self._engine.hands, NAME, osc_port, self.gate, self._engine.inbox, self._engine.clock)
        for port in (osc_port, 0):  # The same number as OSC is the custom; any other will be found too.
            try:
                query.open(host, port)
            except OSError:
                continue
            self.query = query
            return
        why = "OSCQuery cannot be served: no port is free; OSC itself works"
        self._engine.inbox.put(Fault(self._engine.clock.now(), "oscquery", why))
