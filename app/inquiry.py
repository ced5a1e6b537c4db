"""What others may ask over OSC: values, lists, and to be told when something moves.

`/get ADDRESS` answers with the value, `/help [ADDRESS]` with what there is, `/subscribe ADDRESS [RATE]` with every
change from then on, at most RATE times a second, never to the one who made it. All take address patterns.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from app.action import Action, Argument
from app.hand import Hands
from app.inbox import Packet
from app.osc_pattern import PatternError, reader
from app.parameter import AnyParameter, Parameter, Steps
from app.transport import Clock

POLL_S = 0.02
FASTEST, USUAL, SLOWEST = 50.0, 20.0, 0.1
MOST_SUBSCRIBERS = 64
MOST_AT_ONCE = 64  # Answers a turn: a receiver's buffer holds a few hundred datagrams.

Reply = Callable[[tuple[str, int], str, tuple[Argument, ...]], None]


def origin_of(sender: tuple[str, int]) -> str:
    """Return the name under which a sender moves things."""
    return f"osc {sender[0]}:{sender[1]}"


@dataclass(slots=True)
class Subscription:
    """One who wants to be told. `seen` holds the versions told so far."""

    receiver: tuple[str, int]
    pattern: str
    period_s: float
    reply: Reply
    next_s: float = 0.0
    seen: dict[str, int] = field(default_factory=dict)


class Inquiry:
    """Answers questions. Attributes: `subscriptions` (by receiver and pattern)."""

    def __init__(self, hands: Hands, clock: Clock, trouble: Callable[[str, str], None]) -> None:
        """`trouble` is told a topic and a sentence when an answer cannot be sent."""
        self.subscriptions: dict[tuple[tuple[str, int], str], Subscription] = {}
        self._hands, self._clock, self._trouble = hands, clock, trouble
        self._next = float("-inf")
        self._answers: deque[tuple[Reply, tuple[str, int], str, tuple[Argument, ...]]] = deque()
        self._verbs = {
            "/get": self._get,
            "/help": self._help,
            "/subscribe": self._subscribe,
            "/unsubscribe": self._unsubscribe,
        }

    def take(self, packet: Packet) -> bool:
        """Answer a packet if it is a question; return whether it is one."""
        verb = self._verbs.get(packet.address)
        if verb is None:
            return False
        try:
            verb(packet)
        except (ValueError, TypeError) as error:
            self._say(packet, "/error", (str(error),))
        return True

    def tend(self) -> None:
        """Send what waits and what moved; called often."""
        for _ in range(min(len(self._answers), MOST_AT_ONCE)):
            reply, receiver, address, arguments = self._answers.popleft()
            self._send(reply, receiver, address, arguments)
        now = self._clock.now()
        if self.subscriptions and now >= self._next:
            self._next = now + POLL_S
            for subscription in tuple(self.subscriptions.values()):
                if now >= subscription.next_s:
                    self._tell(subscription, now)

    # --- verbs ------------------------------------------------------------------------------------------

    def _get(self, packet: Packet) -> None:
        wanted = _text(packet)
        found = list(self._matching(wanted))
        if not found:
            raise ValueError(f"There is no value at {wanted or 'no address'}")
        for parameter in found:
            self._say(packet, parameter.address, (parameter.value,))

    def _help(self, packet: Packet) -> None:
        wanted = _text(packet, "//*")
        known: list[AnyParameter | Action] = list(self._matching(wanted))
        pattern = reader(wanted)
        known += [action for action in self._hands.actions if pattern.fullmatch(action.address)]
        if not known:
            raise ValueError(f"There is nothing at {wanted}")
        for one in known:
            self._say(packet, "/help", describe(one))

    def _subscribe(self, packet: Packet) -> None:
        pattern = _text(packet, "//*")
        reader(pattern)
        rate = float(packet.arguments[1]) if len(packet.arguments) > 1 else USUAL  # type: ignore[arg-type]
        key = (packet.sender, pattern)
        if key not in self.subscriptions and len(self.subscriptions) >= MOST_SUBSCRIBERS:
            raise ValueError(f"There are {MOST_SUBSCRIBERS} subscriptions already; send /unsubscribe first")
        period = 1.0 / min(max(rate, SLOWEST), FASTEST)
        self.subscriptions[key] = Subscription(packet.sender, pattern, period, packet.reply)

    def _unsubscribe(self, packet: Packet) -> None:
        pattern = _text(packet)
        for receiver, known in tuple(self.subscriptions):
            if receiver == packet.sender and pattern in ("", known):
                del self.subscriptions[receiver, known]

    # --- sending ----------------------------------------------------------------------------------------

    def _matching(self, wanted: str) -> Iterator[AnyParameter]:
        exact = self._hands.tree.find(wanted)
        if exact is not None:
            yield exact
            return
        try:
            pattern = reader(wanted)
        except PatternError:
            return
        for parameter in self._hands.tree:
            if pattern.fullmatch(parameter.address):
                yield parameter

    def _tell(self, subscription: Subscription, now: float) -> None:
        """Send the values that changed since they were last sent; the first time all of them."""
        subscription.next_s = now + subscription.period_s
        own = origin_of(subscription.receiver)
        for parameter in self._matching(subscription.pattern):
            if subscription.seen.get(parameter.address) == parameter.version:
                continue
            known = parameter.address in subscription.seen
            subscription.seen[parameter.address] = parameter.version
            if not (known and parameter.origin == own):
                # After the first, changes are few; the first may be hundreds and wait their turn.
                answer = (subscription.reply, subscription.receiver, parameter.address, (parameter.value,))
                self._send(*answer) if known else self._answers.append(answer)

    def _say(self, packet: Packet, address: str, arguments: tuple[Argument, ...]) -> None:
        answer = (packet.reply, packet.sender, address, arguments)
        if len(self._answers) < MOST_AT_ONCE and packet.address == "/get":
            self._send(*answer)
        else:
            self._answers.append(answer)

    def _send(self, reply: Reply, receiver: tuple[str, int], address: str, arguments: tuple[Argument, ...]) -> None:
        try:
            reply(receiver, address, arguments)
        except OSError as error:
            self._trouble("osc answers", f"OSC answer to {receiver[0]}:{receiver[1]} failed: {error}")


def _text(packet: Packet, default: str = "") -> str:
    return str(packet.arguments[0]) if packet.arguments else default


def describe(one: AnyParameter | Action) -> tuple[Argument, ...]:
    """Return address, kind, range (or choices), value and help of a thing, as `/help` sends them."""
    if isinstance(one, Action):
        return (one.address, "action", "", "", one.help or one.title)
    if not isinstance(one, Parameter):
        return (one.address, "text", "", one.value, one.help or one.title)
    if isinstance(one.curve, Steps):
        return (one.address, "choice", "|".join(one.curve.names), one.show(), one.help or one.title)
    low, high = one.curve.value(0.0), one.curve.value(1.0)
    return (one.address, "number", f"{low:g}..{high:g}{' ' + one.unit if one.unit else ''}", one.value, one.help)
