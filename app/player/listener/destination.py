"""Where each output of the Listener leaves beside the common messages: an OSC address, a MIDI controller, a note.

A receiver that knows nothing of us wants one number at its own address or on its own controller, in its own range.
Each output has its own way, described by Parameters; a note that one holds ends whatever happens: with its class, with
the answers, with the music, with a change of the way itself.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from app.binding import bent
from app.event import NOW, Event, Message
from app.parameter import ADDRESS, Curve, Linear, Parameter, Steps, TextParameter, Tree
from app.player.listener.midi_way import HIGHEST, MODES, MidiWay, Word
from app.transport import Transport
from app.watch import Watcher

PART = "listener"
PARTS = (PART, *(f"{PART}:{channel}" for channel in range(1, 17)))  # The latter name their MIDI channel.
NUMBERS: tuple[tuple[str, float, Curve, str], ...] = (
    ("number", 20, Linear(0, HIGHEST, 1, 0), "The controller; the first class's note or program"),
    ("channel", 0, Linear(0, 16, 1, 0), "MIDI channel; 0: that of the port"),
    ("low", 0, Linear(-1e6, 1e6), "What the low end of a value's range leaves as by OSC"),
    ("high", 1, Linear(-1e6, 1e6), "What the high end of a value's range leaves as by OSC"),
    ("midi_low", 0, Linear(0, HIGHEST, 1, 0), "What the low end of a value's range leaves as by MIDI"),
    ("midi_high", HIGHEST, Linear(0, HIGHEST, 1, 0), "What the high end of a value's range leaves as by MIDI"),
    ("curve", 0, Linear(-1, 1), "Of a value: below 0 it rises fast, then slowly; above 0 the other way round"),
    ("smoothing", 0, Linear(0, 0.99), "The share of the past that a value keeps from frame to frame"),
)


class Destination:
    """One output's own way out.

    Attributes: `addresses` (of the Parameters that say where it leads), `active` (whether it leads anywhere), `midi`.
    """

    def __init__(self, tree: Tree, place: int, say: Callable[[str, str], None]) -> None:
        self.active = False
        self.midi = MidiWay()
        self._say = say
        self._add_parameters(tree, place + 1)
        self._to: tuple[str, int] | None = None
        self._speaks = False
        self._word: Word | None = None
        self._share = 0.0
        self._told: tuple[object, ...] = ()

    def _add_parameters(self, tree: Tree, count: int) -> None:
        root, title = f"/listener/output/{count}", f"Output {count}"
        told = "An OSC address of its own: a label's number and name, or a value; empty: none"
        self._osc = tree.add_text(TextParameter(f"{root}/osc", "", f"{title} OSC", told))
        told = "HOST:PORT of its own, such as 127.0.0.1:9000; empty: where all OSC goes"
        self._host = tree.add_text(TextParameter(f"{root}/host", "", f"{title} host", told))
        told = "As a controller, a note held while the class lasts, a program, or (values only) pitch bend"
        self._mode = tree.add(Parameter(f"{root}/midi", 0, Steps(MODES), title=f"{title} MIDI", help=told))
        self._set: dict[str, Parameter] = {}
        for name, default, curve, told in NUMBERS:
            first = default + count - 1 if name == "number" else default  # A controller for each.
            shown = f"{title} {name.replace('_', ' ')}"
            self._set[name] = tree.add(Parameter(f"{root}/{name}", first, curve, title=shown, help=told))
        own = (self._osc, self._host, self._mode, self._set["number"], self._set["channel"])
        self.addresses = tuple(parameter.address for parameter in own)

    def follow(self) -> None:
        """Lead where the Parameters say; what is wrong is said, and that way stays shut."""
        channel = int(self._set["channel"].value)
        self.midi.change(self._mode.show(), PARTS[channel], int(self._set["number"].value))
        self._speaks = self._follow_osc()
        self._told = ()
        self.active = self._speaks or self.midi.mode != "off"

    def _follow_osc(self) -> bool:
        address, host = self._osc.value.strip(), self._host.value.strip()
        name, _, port = host.rpartition(":")
        self._to = None
        if not address:
            return False
        if not ADDRESS.fullmatch(address):
            self._say("warning", f"{self._osc.address}: {address!r} is no OSC address; write it as /part/name")
            return False
        if host and not (name and port.isdecimal() and 1 <= int(port) <= 65535):
            self._say("warning", f"{self._host.address}: {host!r} is no receiver; write it as 127.0.0.1:9000")
            return False
        self._to = (name, int(port)) if host else None
        return True

    def hear(self, number: float, name: str, share: float) -> None:
        """Take in what the output says of a frame: a label's number and name, or a value and its share of its range."""
        keep = self._set["smoothing"].value if self._word is not None and not name else 0.0
        self._share = keep * self._share + (1.0 - keep) * min(max(share, 0.0), 1.0)
        position = bent(self._share, self._set["curve"].value)
        low, high = self._set["midi_low"].value, self._set["midi_high"].value
        self._word = Word(number, name, position, round(low + (high - low) * position))

    def say(self, beat: float, here: float, always: bool) -> list[Event]:
        """Return what leaves at a beat, `here` being the music's now; `always`: by OSC also what was said before."""
        if self._word is None:
            return []
        events = self.midi.say(self._word, beat, here)
        return [*events, *self._by_osc(self._word, beat, always)] if self._speaks else events

    def _by_osc(self, word: Word, beat: float, always: bool) -> list[Event]:
        low, high = self._set["low"].value, self._set["high"].value
        value = low + (high - low) * word.position
        arguments: tuple[float | str, ...] = (int(word.number), word.name) if word.name else (value,)
        if arguments == self._told and not always:
            return []
        self._told = arguments
        return [Message(beat, PART, self._osc.value.strip(), arguments, self._to)]

    def forget(self) -> None:
        """Know nothing of what was heard, and say it all anew."""
        self._word, self._told = None, ()
        self.midi.repeat()


class Destinations:
    """All outputs' own ways out. Attributes: `active` (place of an output -> its way, of those that lead anywhere)."""

    def __init__(
        self, tree: Tree, watcher: Watcher, count: int, transport: Transport, say: Callable[[str, str], None]
    ) -> None:
        self._all = [Destination(tree, place, say) for place in range(count)]
        self._transport = transport
        self.active: dict[int, Destination] = {}
        self._changed = False
        for one in self._all:
            watcher.on(one.addresses, partial(self._follow, one))

    def _follow(self, one: Destination) -> None:
        one.follow()
        self._changed = True
        self.active = {place: one for place, one in enumerate(self._all) if one.active}

    def say(self, beat: float, always: bool, places: Sequence[int]) -> list[Event]:
        """Return what these outputs say at a beat."""
        here = self._transport.beat
        ways = [self.active[place] for place in places if place in self.active]
        return [event for way in ways for event in way.say(beat, here, always)]

    def tend(self) -> list[Event]:
        """Return the ends of notes whose way was changed."""
        if not self._changed:
            return []
        self._changed = False
        return self._release([one for one in self._all if one.midi.loose])

    def release(self) -> list[Event]:
        """End every note and forget what was heard: nothing is answered any more."""
        for one in self._all:
            one.forget()
        return self._release([one for one in self._all if one.midi.owing])

    def _release(self, ways: list[Destination]) -> list[Event]:
        here = self._transport.beat
        return [event for one in ways for event in one.midi.release(NOW, here)]

    def start(self) -> None:
        """The music starts: what a stop has silenced may sound again."""
        for one in self._all:
            if one.midi.held is None:
                one.midi.repeat()

    def stop(self) -> None:
        """Every note was released; none is struck again before its class changes or the music starts."""
        for one in self._all:
            one.midi.forget()
