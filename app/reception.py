"""What came in, sorted: values to the tables, frames to those who learn, the unknown to the log.

Everything that another thread, a key or a port asked for passes here, in the engine's thread and in order.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

from app.binding import Source
from app.binding_edit import edit_of
from app.frame import Frame, MidiMessage
from app.hand import Hands
from app.hand_note import PlayedNotes
from app.history import Edit
from app.inbox import Bind, Fault, Item, Packet, Press, Reset, Trigger, Write
from app.inquiry import Inquiry
from app.midi_source import MidiReader, Touch
from app.monitor import Monitor
from app.osc_pattern import PatternError, is_pattern, reader
from app.subscription import origin_of
from app.transport import Clock

MOST_HELD = 4096
CLOCK = (0xF8,)
LEADING = (0xF2, 0xF8, 0xFA, 0xFB, 0xFC)  # Place, tick, start, continue, stop.
MOST_REFUSED = 10.0  # Sentences at once on what strangers sent wrongly.
LEADS_S = 1.0  # A clock that was silent for so long leads no more.


def _is_renamed(item: Bind) -> bool:
    """Return whether a line only follows the new name of a player's output, a label's say: that maps nothing anew."""
    old = item.gone[0] if item.present and len(item.gone) == 1 else item.binding
    outputs = old.source.kind == item.binding.source.kind == "output"
    return (
        outputs
        and old.source != item.binding.source
        and (old.target, old.move)
        == (
            item.binding.target,
            item.binding.move,
        )
    )


class Mapping(Protocol):
    """Map mode: hears what moves before it moves anything."""

    def takes(self, touches: Sequence[Touch], seconds: float) -> bool:
        """Return whether what moved on a controller must move nothing."""

    def takes_value(self, source: Source, value: float, seconds: float) -> bool:
        """Return whether what an OSC message said must move nothing."""

    def unlock(self) -> None:
        """Raise ValueError while bindings are locked."""


class Reception:
    """Takes items one by one.

    Attributes: `ears` (OSC address -> who takes its messages instead of the tables), `frame_ears` (those of them whose
    messages are frames), `hearers` (who takes the
    frames of inputs), `midi_hearers` (who takes every MIDI message), `taps` (are told of every item before anything
    is done with it), `mapping` (hears what moves first, None: nobody), `inquiry` (answers questions), `due`
    (when the next message with a time tag is meant).
    """

    def __init__(self, hands: Hands, monitor: Monitor, clock: Clock, note_step: Callable[[Edit], None]) -> None:
        self.ears: dict[str, Callable[[Packet], None]] = {}
        self.frame_ears: set[str] = set()
        self.hearers: list[Callable[[Frame], None]] = []
        self.midi_hearers: list[Callable[[MidiMessage], None]] = []
        self.taps: list[Callable[[Item], None]] = []
        self._hands, self._monitor, self._clock = hands, monitor, clock
        self._say, self._note_step = hands.say, note_step
        self._said_at: dict[str, float] = {}
        self._refused: set[str] = set()
        self._refused_since, self._credit = float("-inf"), 0.0
        hands.say_seldom = self.say_refused
        self.inquiry = Inquiry(hands, clock, self.say_now_and_then)
        self._later: list[tuple[float, int, Packet]] = []
        self._held = 0
        self.mapping: Mapping | None = None
        self._reader = MidiReader()
        self._played = PlayedNotes(hands)
        self._leader, self._led = "", float("-inf")

    def say_refused(self, text: str, level: str) -> None:
        """Say what a stranger sent wrongly: a few sentences at once, then one a second, and none twice within it."""
        now = self._clock.now()
        if now - self._refused_since >= 1.0:
            self._credit = min(self._credit + now - self._refused_since, MOST_REFUSED)
            self._refused_since = now
            self._refused.clear()
        self._monitor.counts["refused"] += 1
        if text in self._refused:
            return
        if self._credit < 1.0:
            self.say_now_and_then("refused unsaid", f"More is refused than can be told, such as: {text}", level)
            return
        self._credit -= 1.0
        self._refused.add(text)
        self._say(level, text)

    def say_now_and_then(self, topic: str, text: str, level: str = "warning") -> None:
        """Say what a stranger can cause at any rate at most once a second, with the count so far."""
        now = self._clock.now()
        self._monitor.counts[topic] += 1
        if now - self._said_at.get(topic, float("-inf")) >= 1.0:
            self._said_at[topic] = now
            count = self._monitor.counts[topic]
            self._say(level, text if count < 2 else f"{text} ({count} such so far)")

    def is_frame(self, item: Item) -> bool:
        """Return whether an item is a frame, which concerns nobody but those who answer frames."""
        return isinstance(item, Frame) or (isinstance(item, Packet) and item.address in self.frame_ears)

    def take(self, item: Item) -> None:
        """Carry out what one item asks for."""
        now = self._clock.now()
        for tap in self.taps:
            tap(item)
        match item:
            case Write(address, value, origin, gesture):
                if not self._hands.write(address, value, origin, now, gesture):
                    self._say("warning", f"There is no value at {address}")
            case Reset(address, origin):
                found = self._hands.tree.find(address)
                if found is not None:
                    self._hands.write(address, found.default, origin, now)
            case Trigger(address, arguments, _):
                if not self._hands.fire(address, arguments):
                    self._say("warning", f"There is no action at {address}")
            case Press(key, pressed):
                self._hands.feel(Source("key", key), float(pressed), "key", now)
            case Bind():
                self._bind(item)
            case Packet():
                self._hold(item) if item.seconds > now else self._take_packet(item)
            case Frame():
                for hear in self.hearers:
                    hear(item)
            case MidiMessage():
                self._take_midi(item)
            case Fault(_, port, text):
                self.say_now_and_then(f"{port} faults", text)

    def _bind(self, item: Bind) -> None:
        """Change the table in one step of undo, unless it is locked."""
        try:
            if self.mapping is not None and not _is_renamed(item):
                self.mapping.unlock()
        except ValueError as error:
            self._say("warning", f"{item.binding.label} was not bound: {error}")
            return
        gone = item.gone if item.present else (item.binding, *item.gone)
        edit = edit_of(self._hands.bindings, gone, (item.binding,) if item.present else ())
        if edit is not None:
            edit.redo()
            self._note_step(edit)

    def _take_midi(self, message: MidiMessage) -> None:
        if message.data and message.data[0] in LEADING and not self._leads(message):
            return
        if message.data[:1] != CLOCK:  # Fifty a second would push everything else out of the list.
            self._monitor.passed(message.seconds, "in", "midi", bytes(message.data).hex(" "))
        for hear in self.midi_hearers:
            hear(message)
        touches = self._reader.read(message.port, message.data)
        if self.mapping is not None and self.mapping.takes(touches, message.seconds):
            self._played.let_go(touches, message.seconds)
            return
        for touch in touches if self._hands.bindings.any_of("midi") else ():
            for source in touch.sources:
                self._hands.feel(source, touch.value, "midi", message.seconds, message.port)
        for touch in touches:
            self._played.take(touch, message.seconds)

    def _leads(self, message: MidiMessage) -> bool:
        """Return whether a clock is the one that is followed: of two that tick at once only the first."""
        if message.port != self._leader and message.seconds - self._led < LEADS_S:
            return False
        self._leader, self._led = message.port, message.seconds
        return True

    def _take_packet(self, packet: Packet) -> None:
        self._monitor.passed(packet.seconds, "in", "osc", packet.address, packet.arguments)
        ear = self.ears.get(packet.address)
        if ear is not None:
            ear(packet)
            return
        arguments = tuple(value for value in packet.arguments if isinstance(value, int | float | str))
        if self.inquiry.take(packet):
            return
        self._hands.refused = ""
        if not self._obey(packet, arguments):
            self._monitor.unknown = packet.address
            hint = "needs a value" if packet.address in self._hands.tree else "is not known here"
            self.say_now_and_then("osc unknown", f"OSC {packet.address} from {packet.sender[0]} {hint}")
            self._hands.refused = f"{packet.address} {hint}"
        if self._hands.refused:
            self.inquiry.refuse(packet, self._hands.refused)

    def _obey(self, packet: Packet, arguments: tuple[float | str, ...]) -> bool:
        """Do what a message means to hands, values and verbs; return whether it means anything."""
        known = self._felt(packet, arguments)
        origin = origin_of(packet.sender)
        if arguments and self._hands.write(packet.address, arguments[0], origin, packet.seconds):
            self._wrote(packet, (packet.address,), arguments[0])
            return True
        if is_pattern(packet.address) and self._write_all(packet, arguments, origin):
            return True
        return self._hands.fire(packet.address, arguments, origin) or known

    def _felt(self, packet: Packet, arguments: tuple[float | str, ...]) -> bool:
        """Feed the bindings of an OSC address; return whether it has any."""
        felt = 0
        mapping = self.mapping if self._is_free(packet.address) else None
        for index, value in enumerate(arguments or (1.0,)):
            if not isinstance(value, str):
                source = Source("osc", packet.address, index)
                if mapping is not None and mapping.takes_value(source, float(value), packet.seconds):
                    if value <= 0:
                        self._hands.release(source, packet.seconds)
                    felt += 1
                    continue
                felt += self._hands.feel(source, float(value), "osc", packet.seconds)
        return felt > 0

    def _is_free(self, address: str) -> bool:
        """Return whether an OSC address is nobody's name, so that it may be a hand's."""
        return address not in self._hands.tree and address not in self._hands.actions

    def _write_all(self, packet: Packet, arguments: tuple[float | str, ...], origin: str) -> bool:
        """Set every value that a pattern means; verbs want their own name, so that no pattern quits by accident."""
        try:
            pattern = reader(packet.address)
        except PatternError:
            return False
        meant = [one.address for one in self._hands.tree if pattern.fullmatch(one.address)] if arguments else []
        for address in meant:
            self._hands.write(address, arguments[0], origin, packet.seconds)
        if meant:
            self._wrote(packet, meant, arguments[0])
        return bool(meant)

    def _wrote(self, packet: Packet, addresses: Iterable[str], sent: float | str) -> None:
        if self.inquiry.subscriptions:
            found = (self._hands.tree.find(address) for address in addresses)
            self.inquiry.wrote(packet, (one for one in found if one is not None), sent)

    # --- what has its own time --------------------------------------------------------------------------

    @property
    def due(self) -> float:
        """When the next message of a bundle with a time tag is meant, in seconds of the clock."""
        return self._later[0][0] if self._later else float("inf")

    def catch_up(self) -> None:
        """Take what a time tag held back and is due now."""
        while self._later and self._later[0][0] <= self._clock.now():
            self._take_packet(heapq.heappop(self._later)[2])

    def _hold(self, packet: Packet) -> None:
        if len(self._later) >= MOST_HELD:
            self.say_now_and_then("osc held", f"{MOST_HELD} OSC messages wait for their time; one more was dropped")
            return
        self._held += 1
        heapq.heappush(self._later, (packet.seconds, self._held, packet))
