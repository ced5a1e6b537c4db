"""What one sees of the traffic: every port's messages, held still or filtered, how many a second, how many went wrong.

For the window it is a part of the picture; for others it is OSC: `/monitor/list` answers with the newest lines,
`/monitor/stream RATE` with every line from then on, until `/monitor/stream 0`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from app.action import Argument
from app.command import Panic, Release
from app.device.osc import message
from app.engine import Engine
from app.event import Event, Pulse
from app.inbox import Packet
from app.monitor import MOST_SHOWN
from app.monitor_state import MonitorState, PortRate
from app.osc_pattern import PatternError, reader
from app.parameter import Parameter, TextParameter, switch
from app.snapshot import MonitorLine

COUNT_S = 1.0
LISTED = 50
FASTEST, USUAL = 500.0, 50.0
MOST_RECEIVERS = 8
PORTS = ("osc in", "osc out", "midi in", "midi out", "synth out")
ERRORS = {"osc in": ("osc in faults", "osc unknown", "frames refused"), "midi in": ("midi faults",)}


@dataclass(slots=True)
class _Receiver:
    """Somebody who wants every line. `sent` counts lines, `room` may be sent now."""

    reply: Callable[[tuple[str, int], str, tuple[Argument, ...]], None]
    rate: float
    sent: int
    room: float = 0.0


class MonitorPanel:
    """Attributes: `state`."""

    def __init__(self, engine: Engine) -> None:
        self.state = MonitorState()
        self._engine, self._monitor = engine, engine.monitor
        self._counted, self._next, self._told = dict[str, int](), float("-inf"), engine.clock.now()
        self._receivers: dict[tuple[str, int], _Receiver] = {}
        told = "Holds the list still; what passes meanwhile is counted"
        self._pause = engine.tree.add(Parameter("/monitor/pause", 0, switch(), title="Pause", help=told, kept=False))
        told = "Shows only these addresses: a pattern such as /composer/* or a part such as note"
        self._filter = engine.tree.add_text(
            TextParameter("/monitor/filter", "", "Filter", told, kept=False, undoable=False, limit=200)
        )
        self._pause.undoable = False
        add = engine.actions.add
        add("/monitor/clear", self._monitor.clear, "Clear the monitor", "Begins an empty list", "Monitor")
        engine.watcher.on((self._pause.address, self._filter.address), self._follow)
        engine.ears["/monitor/list"] = self._list
        engine.ears["/monitor/stream"] = self._stream
        engine.outputs.taps.append(self._left)
        engine.tending.append(self.tend)
        engine.picturing.append(lambda picture: replace(picture, monitor=self.state))

    def tend(self) -> None:
        """Count, and send on what passed; called often."""
        now = self._engine.clock.now()
        if self._receivers:
            self._send(now - self._told)
        self._told = now
        if now >= self._next:
            self._count(now)

    # --- the list -------------------------------------------------------------------------------------

    def _left(self, due: float, sent: Event | Release | Panic) -> None:
        """Show what leaves; the clock's pulses would push everything else out."""
        if isinstance(sent, Release | Panic | Pulse):
            return
        address, arguments = message(sent)
        seconds = due if due > 0 else self._engine.clock.now()
        shown = tuple(arguments[:MOST_SHOWN])
        for port in self._engine.outputs.names:
            self._monitor.note(MonitorLine(seconds, "out", port, address, shown))

    def _follow(self) -> None:
        """Show what the switches say."""
        wanted: Callable[[str], object] | None = None
        text = self._filter.value.strip()
        if text.startswith("/"):
            try:
                wanted = reader(text).fullmatch
            except PatternError as error:
                self._engine.say("warning", f"/monitor/filter: {error}; all is shown")
        elif text:
            wanted = lambda address: text.casefold() in address.casefold()  # noqa: E731 - a question as the other
        self._monitor.show(wanted, bool(self._pause.value))

    def _count(self, now: float) -> None:
        counts, passed = self._monitor.counts, now - self._next + COUNT_S
        span = passed if 0 < passed < float("inf") else COUNT_S
        ports = []
        for name in PORTS:
            total = counts[name]
            errors = sum(counts[one] for one in ERRORS.get(name, (f"{name} errors",)))
            last = self._monitor.active.get(name)
            rate = (total - self._counted.get(name, total)) / span
            ports.append(PortRate(name, rate, total, errors, None if last is None else now - last))
            self._counted[name] = total
        self._next = now + COUNT_S
        self.state = MonitorState(tuple(ports), bool(self._pause.value), self._filter.value, self._monitor.unknown)

    # --- OSC ------------------------------------------------------------------------------------------

    def _list(self, packet: Packet) -> None:
        """Answer with what each port does and the newest lines that are shown."""
        for port in self.state.ports:
            self._say(packet.reply, packet.sender, "/monitor/port", (port.name, port.per_s, port.total, port.errors))
        for line in list(self._monitor.shown)[-LISTED:]:
            self._say(packet.reply, packet.sender, "/monitor/line", _words(line))

    def _stream(self, packet: Packet) -> None:
        given = packet.arguments[0] if packet.arguments else USUAL
        rate = float(given) if isinstance(given, int | float) else USUAL
        if not rate > 0:
            self._receivers.pop(packet.sender, None)
        elif packet.sender in self._receivers or len(self._receivers) < MOST_RECEIVERS:
            self._receivers[packet.sender] = _Receiver(packet.reply, min(rate, FASTEST), self._monitor.passed_on)
        else:
            self._say(packet.reply, packet.sender, "/error", (f"{MOST_RECEIVERS} monitors listen already",))

    def _send(self, seconds: float) -> None:
        """Send new lines on, no faster than each receiver asked for; the oldest of a flood are left out."""
        shown = self._monitor.shown
        for sender, receiver in tuple(self._receivers.items()):
            receiver.room = min(receiver.room + seconds * receiver.rate, max(receiver.rate, 1.0))
            fresh = min(self._monitor.passed_on - receiver.sent, len(shown), int(receiver.room))
            if fresh <= 0:
                continue
            receiver.sent, receiver.room = self._monitor.passed_on, receiver.room - fresh
            for line in list(shown)[-fresh:]:
                if not self._say(receiver.reply, sender, "/monitor/line", _words(line)):
                    del self._receivers[sender]
                    break

    def _say(
        self,
        reply: Callable[[tuple[str, int], str, tuple[Argument, ...]], None],
        receiver: tuple[str, int],
        address: str,
        arguments: tuple[Argument, ...],
    ) -> bool:
        try:
            reply(receiver, address, arguments)
        except OSError as error:
            self._engine.reception.say_now_and_then("monitor", f"The monitor at {receiver[0]} is not reached: {error}")
            return False
        return True


def _words(line: MonitorLine) -> tuple[Argument, ...]:
    """Return a line as OSC arguments: seconds, "in" or "out", port, text."""
    return line.seconds, line.direction, line.port, line.text
