"""What others may ask over OSC: values, lists, and to be told when something moves.

`/get ADDRESS` answers with the value, `/help [ADDRESS]` with what there is, `/subscribe ADDRESS [RATE [SECONDS]]` with
every change from then on (or for so many seconds), at most RATE times a second; who made a change is told only if the
value stands elsewhere than it asked. All take address patterns. Who subscribed, or sent `/errors 1`, is told with
`/error ADDRESS SENTENCE` why what it sent had no effect.
"""

from __future__ import annotations

import errno
import math
from collections import deque
from collections.abc import Callable, Iterable, Iterator

from app.action import Action, Argument
from app.complaint import ERROR, Complaints
from app.hand import Hands
from app.inbox import Packet
from app.namespace import spoken
from app.osc_pattern import PatternError, reader
from app.parameter import AnyParameter, Parameter, Steps
from app.subscription import MOST_AT_ONCE, USUAL, Receiver, Reply, Subscription, Subscriptions
from app.transport import Clock

# What a question takes, and what it is answered with.
QUESTIONS = {
    "/get": ("ADDRESS", "Answers with the value at an address, or with those that a pattern means"),
    "/help": ("[ADDRESS]", "Answers with address, kind, range, value and help of one thing, of a pattern's, or of all"),
    "/subscribe": (
        "ADDRESS [RATE [SECONDS]]",
        "Tells the values now and each change from then on, at most RATE (0.1 to 50, else 20) times a second, for "
        "SECONDS or until /unsubscribe or the port is closed; sent again it is renewed. Who made a change is told only "
        "if the value stands elsewhere than it asked: clamped, snapped or refused",
    ),
    "/unsubscribe": ("[ADDRESS]", "Ends the subscription of an address or pattern; without one all of this sender's"),
    "/errors": (
        "[ON]",
        "1: whoever sends this is told /error ADDRESS SENTENCE when an address it sends to is unknown or an action "
        "fails, at most 10 times a second; 0: never. Subscribers are told unless they sent 0",
    ),
}
MOST_ANSWERS = 16_384  # Waiting; a few times all that there is to tell.
LONGEST_ADDRESS = 256
LONGEST_LIST = 4096  # Characters: some systems send no datagram of more than 9 kB.
GONE = (errno.ECONNREFUSED, errno.EHOSTUNREACH, errno.EHOSTDOWN)


class Inquiry:
    """Answers questions. Attributes: `subscribers` (who wants to be told), `complaints` (who wants errors)."""

    def __init__(self, hands: Hands, clock: Clock, trouble: Callable[[str, str], None]) -> None:
        """`trouble` is told a topic and a sentence when an answer cannot be sent."""
        self.subscribers = Subscriptions(hands.tree, self._send)
        self.complaints = Complaints(clock.now, self.subscribers.has)
        self._hands, self._clock, self._trouble = hands, clock, trouble
        self._answers: deque[tuple[Reply, Receiver, str, tuple[Argument, ...]]] = deque()
        self._verbs = {
            "/get": self._get,
            "/help": self._help,
            "/subscribe": self._subscribe,
            "/unsubscribe": self._unsubscribe,
            "/errors": self._errors,
        }

    @property
    def subscriptions(self) -> dict[tuple[Receiver, str], Subscription]:
        """All subscriptions by receiver and pattern."""
        return self.subscribers.lines

    def take(self, packet: Packet) -> bool:
        """Answer a packet if it is a question; return whether it is one."""
        verb = self._verbs.get(packet.address)
        if verb is None:
            return False
        try:
            verb(packet)
        except (ValueError, TypeError) as error:
            self._say(packet, ERROR, (str(error),))
        return True

    def refuse(self, packet: Packet, sentence: str) -> None:
        """Tell a sender that wants to know it why a message had no effect."""
        if self.complaints.admits(packet):
            self._say(packet, ERROR, (packet.address[:LONGEST_ADDRESS], sentence))

    def tend(self) -> None:
        """Send what waits and what moved; called often."""
        for _ in range(min(len(self._answers), MOST_AT_ONCE)):
            reply, receiver, address, arguments = self._answers.popleft()
            self._send(reply, receiver, address, arguments)
        self.subscribers.tend(self._clock.now())

    def wrote(self, packet: Packet, parameters: Iterable[AnyParameter], sent: Argument) -> None:
        """Note what a message asked of values: where they stand elsewhere, a subscriber that sent it is told."""
        self.subscribers.wrote(packet.sender, parameters, sent)

    # --- verbs ------------------------------------------------------------------------------------------

    def _get(self, packet: Packet) -> None:
        wanted = _text(packet)
        found = list(self._matching(wanted))
        if not found:
            raise ValueError(f"There is no value at {wanted[:80]}" if wanted else "/get needs the address of a value")
        for parameter in found:
            self._say(packet, parameter.address, (spoken(parameter),))

    def _help(self, packet: Packet) -> None:
        wanted = _text(packet, "//*")
        if wanted in QUESTIONS:
            takes, told = QUESTIONS[wanted]
            self._say(packet, "/help", (wanted, "question", takes, "", told))
            return
        known: list[AnyParameter | Action] = list(self._matching(wanted))
        pattern = reader(wanted)
        known += [action for action in self._hands.actions if pattern.fullmatch(action.address)]
        if not known:
            raise ValueError(f"There is nothing at {wanted[:80]}")
        for one in known:
            self._say(packet, "/help", describe(one))

    def _subscribe(self, packet: Packet) -> None:
        pattern = _text(packet, "//*")
        reader(pattern)
        rate = _number(packet, 1, "a rate such as 20", USUAL)
        seconds = _number(packet, 2, "how many seconds it shall last", 0.0)
        until = self._clock.now() + seconds if seconds > 0 else float("inf")
        self.subscribers.add(packet.sender, pattern, rate, until, packet.reply)

    def _unsubscribe(self, packet: Packet) -> None:
        self.subscribers.remove(packet.sender, _text(packet))

    def _errors(self, packet: Packet) -> None:
        self.complaints.ask(packet.sender, _number(packet, 0, "0 or 1", 1.0) > 0)

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

    def _say(self, packet: Packet, address: str, arguments: tuple[Argument, ...]) -> None:
        answer = (packet.reply, packet.sender, address, arguments)
        if len(self._answers) < MOST_AT_ONCE and packet.address == "/get":
            self._send(*answer)
        elif len(self._answers) < MOST_ANSWERS:
            self._answers.append(answer)
        else:
            self._trouble("osc answers", f"Too many questions at once from {packet.sender[0]}: one goes unanswered")

    def _send(self, reply: Reply, receiver: tuple[str, int], address: str, arguments: tuple[Argument, ...]) -> None:
        try:
            reply(receiver, address, arguments)
        except (OSError, OverflowError, TypeError) as error:
            number = error.errno if isinstance(error, OSError) else 0
            if number in GONE:
                self.subscribers.remove(receiver)
                self.complaints.forget(receiver)
            elif number == errno.EMSGSIZE and address != ERROR:
                self._send(reply, receiver, ERROR, (f"{address} is too long for a datagram; OSCQuery tells it",))
                return
            self._trouble("osc answers", f"OSC answer to {receiver[0]}:{receiver[1]} failed: {error}")


def _number(packet: Packet, index: int, what: str, default: float) -> float:
    if len(packet.arguments) <= index:
        return default
    given = packet.arguments[index]
    try:
        number = float(given) if isinstance(given, int | float | str) else float("nan")
    except ValueError:
        number = float("nan")
    if not math.isfinite(number):
        raise ValueError(f"{packet.address} needs {what} in place {index + 1}, not {given!r}")
    return number


def _text(packet: Packet, default: str = "") -> str:
    return str(packet.arguments[0]) if packet.arguments else default


def describe(one: AnyParameter | Action) -> tuple[Argument, ...]:
    """Return address, kind, range (or choices), value and help of a thing, as `/help` sends them."""
    if isinstance(one, Action):
        return (one.address, "action", "", "", one.help or one.title)
    if not isinstance(one, Parameter):
        return (one.address, "text", "", one.value, one.help or one.title)
    if isinstance(one.curve, Steps):
        names = "|".join(one.curve.names)
        names = names if len(names) <= LONGEST_LIST else names[:LONGEST_LIST] + "…"
        return (one.address, "choice", names, one.show(), one.help or one.title)
    low, high = one.curve.value(0.0), one.curve.value(1.0)
    limits = f"{low:g}..{high:g}{' ' + one.unit if one.unit else ''}"
    return (one.address, "number", limits, spoken(one), one.help or one.title)
