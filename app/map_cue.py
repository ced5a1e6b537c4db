"""What players' notes and words will move, each at its moment.

Players compute their steps early and hand them over with the time at which they are due. What a hit moves must move
with the hit and not when it was thought of, so it waits here in order of time, and is withdrawn with the notes: by
stop, panic and whatever else empties the queue of a part.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass

from app.binding import Source
from app.binding_gate import Gate, Note
from app.command import Panic, Release
from app.event import NOW, Event, Message, NoteOff, NoteOn
from app.hand import Hands

NEVER = float("inf")
MOST = 4096
COMPOSER, COMPOSED, HIT = "composer", "/composer/note", "/follower/hit/"


@dataclass(frozen=True, slots=True)
class Struck:
    """A hit that no named note tells of: a synth's, or one that sounds elsewhere or nowhere.

    `part` and `velocity` as in events, `name` of the channel, `until` when it ends, in seconds of the clock.
    """

    part: str
    name: str
    velocity: int
    until: float


@dataclass(frozen=True, slots=True)
class _Ended:
    """A `Struck` is over. Attributes: `part`, `note` (as its source is held)."""

    part: str
    note: tuple[str, str, int]


Cue = Message | NoteOn | NoteOff | Struck | _Ended
EVENTS = Message | NoteOn | NoteOff


class Cues:
    """Attributes: `dropped` (cues refused because too many waited)."""

    def __init__(self, hands: Hands, now: Callable[[], float]) -> None:
        self.dropped = 0
        self._hands, self._now = hands, now
        self._waiting: list[tuple[float, int, Cue]] = []
        self._count = 0
        self._gate = Gate()

    @property
    def due(self) -> float:
        """When the next is meant, in seconds of the clock."""
        return self._waiting[0][0] if self._waiting else NEVER

    def take(self, due: float, event: Event) -> None:
        """Have an event move what is bound to it when it is due; what has no time does so at once."""
        if not isinstance(event, EVENTS) or not (self._hands.bindings.any_of("output") or self._gate.down):
            return
        if event.beat == NOW:
            self._feel(self._now(), event)
        else:
            self._keep(due, event)

    def strike(self, due: float, hit: Struck) -> None:
        """Have a hit without a note of its own move what is bound to it when it is due."""
        if self._hands.bindings.any_of("output"):
            self._keep(due, hit)

    def _keep(self, due: float, cue: Cue) -> None:
        # An end is never refused: what it lets go would be held for ever.
        if len(self._waiting) >= MOST and not isinstance(cue, _Ended | NoteOff):
            self.dropped += 1
            return
        self._count += 1
        heapq.heappush(self._waiting, (due, self._count, cue))

    def feel(self, now: float) -> None:
        """Carry out what is due."""
        while self._waiting and self._waiting[0][0] <= now:
            self._feel(now, heapq.heappop(self._waiting)[2])

    def tell(self, _due: float, sent: Event | Release | Panic) -> None:
        """Look on at what is handed to the ports: what withdraws notes withdraws what they would have moved."""
        if isinstance(sent, Panic):
            self.withdraw()
        elif isinstance(sent, Release):
            self.withdraw(sent.part)

    def withdraw(self, part: str | None = None) -> None:
        """Forget what waits, of one part or of all, and let go what its notes held."""
        self._waiting = [cue for cue in self._waiting if part not in (None, cue[2].part)]
        heapq.heapify(self._waiting)
        for source in self._gate.end_all(lambda note: part in (None, note[0])):
            self._hands.release(source, self._now())
        if part is None:
            self._hands.release_notes(self._now())

    # --- one cue --------------------------------------------------------------------------------------

    def _feel(self, seconds: float, event: Cue) -> None:
        match event:
            case Message():
                self._feel_message(seconds, event)
            case NoteOn():
                self._feel_note(seconds, event)
            case NoteOff(_, part, pitch):
                self._end(seconds, (part, pitch))
            case Struck():
                self._feel_hit(seconds, event)
            case _Ended(_, note):
                self._end(seconds, note)

    def _end(self, seconds: float, note: Note) -> None:
        for source in self._gate.end(note):
            self._hands.release(source, seconds)

    def _feel_hit(self, seconds: float, hit: Struck) -> None:
        """A hit by its name; it is held until it ends, or the last one of its channel does."""
        self._count += 1
        source, note = Source("output", f"{HIT}{hit.name}"), (hit.part, hit.name, self._count)
        self._gate.strike((source,), note)
        self._keep(max(hit.until, seconds), _Ended(hit.part, note))
        self._hands.feel(source, hit.velocity / 127, hit.part, seconds, struck=True)

    def _feel_message(self, seconds: float, message: Message) -> None:
        """A player's output: numbers move by their place, a text as the address's end."""
        for index, value in enumerate(message.arguments):
            if isinstance(value, str):
                self._hands.feel(Source("output", f"{message.address}/{value}"), 1.0, message.part, seconds)
            else:
                self._hands.feel(Source("output", message.address, index), float(value), message.part, seconds)

    def _feel_note(self, seconds: float, note: NoteOn) -> None:
        """A note: a struck channel's by its name, the Composer's by loudness and pitch."""
        loudness = note.velocity / 127
        said: tuple[tuple[Source, float], ...] = ()
        if note.part == COMPOSER:
            said = ((Source("output", COMPOSED), loudness), (Source("output", COMPOSED, 1), note.pitch / 127))
        elif note.name:
            said = ((Source("output", f"{HIT}{note.name}"), loudness),)
        self._gate.strike((source for source, _ in said), (note.part, note.pitch))
        for source, value in said:
            self._hands.feel(source, value, note.part, seconds, struck=True)
