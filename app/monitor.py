"""What passed, how late it was and how busy the engine is.

Performers notice jitter before they notice latency, so lateness is measured at the socket by the process that
sends, kept for a few seconds and shown as its worst value, never as a reassuring average.
"""

from __future__ import annotations

from collections import Counter, deque

from app.snapshot import LogLine, MonitorLine

LATE_WINDOW_S = 5.0
LOAD_WINDOW_S = 1.0
MOST_SHOWN = 16  # Of a message's arguments.


class Monitor:
    """Figures and lines for the screen.

    Attributes: `log` (for the performer), `messages` (what passed the ports), `counts` (events by name),
    `active` (port -> seconds of its last message), `unknown` (the last OSC address nobody knows).
    """

    def __init__(self) -> None:
        self.log: deque[LogLine] = deque(maxlen=200)
        self.messages: deque[MonitorLine] = deque(maxlen=400)
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
        self.messages.append(MonitorLine(seconds, direction, port, address, arguments[:MOST_SHOWN]))

    def late(self, seconds: float, samples_ms: tuple[float, ...]) -> None:
        """Take the lateness of events sent, in ms."""
        if samples_ms:
            self._late.append((seconds, max(samples_ms)))

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
