"""What passed, how late it was and how busy the engine is.

Performers notice jitter before they notice latency, so lateness is measured at the socket by the process that
sends, kept for a few seconds and shown as its worst value, never as a reassuring average.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable
from dataclasses import replace

from app.lateness import Lateness
from app.snapshot import LogLine, MonitorLine

LATE_WINDOW_S = 5.0
LOAD_WINDOW_S = 1.0
MOST_SHOWN = 16  # Of a message's arguments.
MOST_LINES = 400


class Monitor:
    """Figures and lines for the screen.

    Attributes: `log` (for the performer), `messages` (what passed the ports), `shown` (those of them that are asked
    for), `passed_on` (how many were shown so far), `counts` (events by name), `active` (port -> seconds of its last
    message), `unknown` (the last OSC address nobody knows), `lateness` (of the present run; replaced by a new one),
    `realtime` (whether the sending process has real-time priority; None: not known yet).
    """

    def __init__(self) -> None:
        self.log: deque[LogLine] = deque(maxlen=200)
        self.messages: deque[MonitorLine] = deque(maxlen=MOST_LINES)
        self.shown: deque[MonitorLine] = deque(maxlen=MOST_LINES)
        self.passed_on = 0
        self.lateness = Lateness()
        self.realtime: bool | None = None
        self._wanted: Callable[[str], object] | None = None
        self._paused = False
        self.counts: Counter[str] = Counter()
        self.active: dict[str, float] = {}
        self.unknown = ""
        self._late: deque[tuple[float, float]] = deque()
        self._busy: deque[tuple[float, float]] = deque()
        self._busy_s = 0.0

    def say(self, seconds: float, level: str, text: str) -> LogLine:
        """Keep a line for the performer; the same sentence again within a second is not kept twice."""
        line = LogLine(seconds, level, text)
        if self.log and self.log[-1].text == text and seconds - self.log[-1].seconds < 1.0:
            return self.log[-1]
        self.log.append(line)
        return line

    def passed(
        self, seconds: float, direction: str, port: str, address: str, arguments: tuple[object, ...] = ()
    ) -> None:
        """Keep a message that passed a port."""
        name = f"{port} {direction}"
        self.active[name] = seconds
        self.counts[name] += 1
        self.note(MonitorLine(seconds, direction, port, address, arguments[:MOST_SHOWN]))

    def note(self, line: MonitorLine) -> None:
        """Keep a line that was counted elsewhere."""
        if len(line.arguments) > MOST_SHOWN:
            line = replace(line, arguments=line.arguments[:MOST_SHOWN])
        self.messages.append(line)
        if not self._paused and (self._wanted is None or self._wanted(line.address)):
            self.shown.append(line)
            self.passed_on += 1

    def show(self, wanted: Callable[[str], object] | None, paused: bool) -> None:
        """Show only lines whose address is wanted (None: all); a paused list stays as it is."""
        self._paused = False
        if not paused or wanted is not self._wanted:
            self._wanted = wanted
            self.shown.clear()
            self.shown.extend(line for line in self.messages if wanted is None or wanted(line.address))
        self._paused = paused

    def clear(self) -> None:
        """Begin an empty list."""
        self.messages.clear()
        self.shown.clear()

    def late(self, seconds: float, samples_ms: tuple[float, ...]) -> None:
        """Take the lateness of events sent, in ms."""
        if samples_ms:
            self._late.append((seconds, max(samples_ms)))
            self.lateness.add(samples_ms)

    def worst_late_ms(self, seconds: float) -> float:
        """Return the worst lateness of the last 5 s, in ms."""
        while self._late and self._late[0][0] < seconds - LATE_WINDOW_S:
            self._late.popleft()
        return max((late for _, late in self._late), default=0.0)

    def turned(self, seconds: float, busy_s: float) -> None:
        """Take the working time of one turn of the engine."""
        self._busy.append((seconds, busy_s))
        self._busy_s += busy_s
        while self._busy[0][0] < seconds - LOAD_WINDOW_S:
            self._busy_s -= self._busy.popleft()[1]

    @property
    def load(self) -> float:
        """The share of the last second that the engine worked, 0..1."""
        return min(max(self._busy_s, 0.0) / LOAD_WINDOW_S, 1.0)
