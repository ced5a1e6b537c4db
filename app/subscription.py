"""Who wants to be told what moves: each at its own rate, never what it did itself, always the truth.

Versions are looked at once for everybody, so a hundred subscribers cost little more than one. A writer is not told its
own moves, which would pull a finger's fader back; but when a value was clamped, snapped or refused, so that it stands
elsewhere than was asked, its writer is told like everybody else.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from app.action import Argument
from app.namespace import spoken
from app.osc_pattern import PatternError, reader
from app.parameter import AnyParameter, Parameter, Tree

POLL_S = 0.02
FASTEST, USUAL, SLOWEST = 50.0, 20.0, 0.1
MOST_SUBSCRIBERS = 64
MOST_LINES = 4096
MOST_AT_ONCE = 64  # Messages a turn: a receiver's buffer holds a few hundred datagrams.
NEAR = 1e-6  # OSC's floats have 24 bits.

Receiver = tuple[str, int]
Reply = Callable[[Receiver, str, tuple[Argument, ...]], None]
Send = Callable[[Reply, Receiver, str, tuple[Argument, ...]], None]


def origin_of(sender: Receiver) -> str:
    """Return the name under which a sender moves things."""
    return f"osc {sender[0]}:{sender[1]}"


@dataclass(slots=True, eq=False)
class Subscription:
    """One who wants to be told.

    Attributes: `receiver`, `pattern`, `period_s`, `until` (when it ends), `reply`, `origin` (its own name), `next_s`,
    `meant` (the values), `owed` (what moved since it was told), `wrong` (what stands elsewhere than it asked).
    """

    receiver: Receiver
    pattern: str
    period_s: float
    reply: Reply
    origin: str
    until: float = math.inf
    next_s: float = -math.inf
    meant: list[AnyParameter] = field(default_factory=list)
    owed: dict[str, AnyParameter] = field(default_factory=dict)
    wrong: dict[str, AnyParameter] = field(default_factory=dict)


class Subscriptions:
    """All subscriptions. Attributes: `lines` (by receiver and pattern)."""

    def __init__(self, tree: Tree, send: Send) -> None:
        self.lines: dict[tuple[Receiver, str], Subscription] = {}
        self._tree, self._send = tree, send
        self._versions: dict[str, int] = {}
        self._by_address: dict[str, list[Subscription]] = {}
        self._counts: Counter[Receiver] = Counter()
        self._size = -1
        self._next = self._next_sweep = -math.inf
        self._waiting: dict[Subscription, Iterator[AnyParameter]] = {}  # What each is told first.
        self._due: dict[Subscription, None] = {}

    def add(self, receiver: Receiver, pattern: str, rate: float, until: float, reply: Reply) -> None:
        """Tell all that a pattern means now, and then what moves; again: renewed. ValueError if there is no room."""
        key = (receiver, pattern)
        if key in self.lines:
            self._end(key)
        elif len(self.lines) >= MOST_LINES or (receiver not in self._counts and len(self._counts) >= MOST_SUBSCRIBERS):
            raise ValueError(
                f"There are {len(self._counts)} subscribers with {len(self.lines)} subscriptions already; "
                "one of them must send /unsubscribe first"
            )
        if not self.lines:
            self._versions = {one.address: one.version for one in self._tree}
        period = 1.0 / min(max(rate, SLOWEST), FASTEST)
        line = self.lines[key] = Subscription(receiver, pattern, period, reply, origin_of(receiver), until)
        self._counts[receiver] += 1
        self._enter(line)
        self._waiting[line] = iter(line.meant)

    def remove(self, receiver: Receiver, pattern: str = "") -> None:
        """End one subscription of a receiver; without a pattern all."""
        for known in [key for key in self.lines if key[0] == receiver and pattern in ("", key[1])]:
            self._end(known)

    def has(self, receiver: Receiver) -> bool:
        """Return whether a receiver subscribes to anything."""
        return receiver in self._counts

    def keep(self, admits: Callable[[str], bool]) -> None:
        """End those of receivers that are not let in any more."""
        for known in [key for key in self.lines if not admits(key[0][0])]:
            self._end(known)

    def wrote(self, writer: Receiver, parameters: Iterable[AnyParameter], sent: Argument) -> None:
        """Note what a subscriber asked for, so that it is told where the value stands elsewhere."""
        if not self.lines:
            return
        own = origin_of(writer)
        self._index()
        for parameter in parameters:
            is_true = stands_at(parameter, sent)
            for line in self._by_address.get(parameter.address, ()):
                if line.origin != own:
                    continue
                if is_true:
                    line.wrong.pop(parameter.address, None)
                else:
                    line.wrong[parameter.address] = parameter
                    self._due[line] = None

    def tend(self, now: float) -> None:
        """Send what waits and what moved; called often."""
        self._tell_first()
        if self.lines and now >= self._next:
            self._next = now + POLL_S
            self._notice()
            self._sweep(now)
            for line in tuple(self._due):
                if line in self._due and now >= line.next_s:  # The one before may have told that it is gone.
                    self._tell(line, now)

    def _tell_first(self) -> None:
        """Tell the newcomers what they asked for, one value of each in turn."""
        for _ in range(MOST_AT_ONCE):
            line = next(iter(self._waiting), None)
            if line is None:
                return
            rest = self._waiting.pop(line)
            parameter = next(rest, None)
            if parameter is not None:
                self._waiting[line] = rest
                self._say(line, parameter)

    # --- how ----------------------------------------------------------------------------------------------

    def _meant(self, pattern: str) -> list[AnyParameter]:
        exact = self._tree.find(pattern)
        if exact is not None:
            return [exact]
        try:
            meant = reader(pattern)
        except PatternError:
            return []
        return [one for one in self._tree if meant.fullmatch(one.address)]

    def _index(self) -> None:
        """Know who wants to be told of which address; made anew when addresses came."""
        if self._size == len(self._tree):
            return
        self._size, self._by_address = len(self._tree), {}
        for line in self.lines.values():
            self._enter(line)

    def _enter(self, line: Subscription) -> None:
        line.meant = self._meant(line.pattern)
        for parameter in line.meant:
            self._by_address.setdefault(parameter.address, []).append(line)

    def _notice(self) -> None:
        """Look what moved since the last time, and who wants to know."""
        self._index()
        for parameter in self._tree:
            address, version = parameter.address, parameter.version
            if self._versions.get(address) == version:
                continue
            self._versions[address] = version
            for line in self._by_address.get(address, ()):
                if parameter.origin == line.origin:
                    line.owed.pop(address, None)
                else:
                    line.owed[address] = parameter
                    self._due[line] = None

    def _tell(self, line: Subscription, now: float) -> None:
        line.next_s = now + line.period_s
        moved, line.owed, line.wrong = {**line.owed, **line.wrong}, {}, {}
        del self._due[line]
        for parameter in moved.values():
            self._say(line, parameter)

    def _say(self, line: Subscription, parameter: AnyParameter) -> None:
        self._send(line.reply, line.receiver, parameter.address, (spoken(parameter),))

    def _sweep(self, now: float) -> None:
        if now >= self._next_sweep:
            self._next_sweep = now + 1.0
            for known in [key for key, line in self.lines.items() if now >= line.until]:
                self._end(known)

    def _end(self, known: tuple[Receiver, str]) -> None:
        line = self.lines.pop(known)
        self._due.pop(line, None)
        self._waiting.pop(line, None)
        for parameter in line.meant:
            self._by_address[parameter.address].remove(line)
        self._counts[line.receiver] -= 1
        if not self._counts[line.receiver]:
            del self._counts[line.receiver]


def stands_at(parameter: AnyParameter, sent: Argument) -> bool:
    """Return whether a value is what a message asked for, as exactly as OSC can say it."""
    if not isinstance(parameter, Parameter):
        return parameter.value == (sent if isinstance(sent, str) else f"{sent:g}")
    if isinstance(sent, str):
        try:
            sent = parameter.curve.read(sent.strip().removesuffix(parameter.unit) or sent)
        except ValueError:
            return False
    return math.isclose(parameter.value, sent, rel_tol=NEAR, abs_tol=NEAR * NEAR)
