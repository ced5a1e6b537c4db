"""What players' notes and words will move, each at its moment.

Players compute their steps early and hand them over with the time at which they are due. What a hit moves must move
with the hit and not when it was thought of, so it waits here in order of time, and is withdrawn with the notes: by
stop, panic and whatever else empties the queue of a part.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable

from app.binding import Source
from app.binding_gate import Gate
from app.command import Panic, Release
from app.event import NOW, Event, Message, NoteOff, NoteOn
from app.hand import Hands

NEVER = float("inf")
MOST = 4096
COMPOSER, COMPOSED, HIT = "composer", "/composer/note", "/follower/hit/"

Cue = Message | NoteOn | NoteOff


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
        if not isinstance(event, Cue) or not (self._hands.bindings.any_of("output") or self._gate.down):
            return
        if event.beat == NOW:
            self._feel(self._now(), event)
        elif len(self._waiting) >= MOST:
            self.dropped += 1
        else:
            self._count += 1
            heapq.heappush(self._waiting, (due, self._count, event))

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
                for source in self._gate.end((part, pitch)):
                    self._hands.release(source, seconds)

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
