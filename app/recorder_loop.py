"""A loop: the last bars, played again until told to stop.

It is a player like the others, in time with the transport and from bar line to bar line. Its notes keep the instrument
that they had but are parts of their own, so that the end of one of them never ends a note of somebody who plays live.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.event import Event, NoteOff, NoteOn
from app.parameter import Linear, Parameter, Tree, switch
from app.player.base import NEVER
from app.transport import Transport

PART = "loop"
PLAIN = "composer"  # Its instrument is the one that every receiver has.


@dataclass(frozen=True, slots=True)
class LoopNote:
    """A note of a loop. Attributes: `part`, `pitch`, `velocity`, `start` and `end` in beats of the loop, `name`."""

    part: str
    pitch: int
    velocity: int
    start: float
    end: float
    name: str = ""


@dataclass(frozen=True, slots=True)
class Content:
    """What a loop plays. Attributes: `notes`, `beats` (0: there is none), `on`."""

    notes: tuple[LoopNote, ...] = ()
    beats: float = 0.0
    on: bool = False


@dataclass(frozen=True, slots=True)
class LoopEdit:
    """A loop was taken, in the place of another or of none."""

    loop: Loop
    transport: Transport
    before: Content
    after: Content

    @property
    def title(self) -> str:
        return "Loop"

    def undo(self) -> None:
        self._put(self.before)

    def redo(self) -> None:
        self._put(self.after)

    def _put(self, content: Content) -> None:
        self.loop.put(content, self.transport.beat if self.transport.playing else None)

    def merge(self, later: object) -> None:
        """Each loop is a step."""


class Loop:
    """Plays bars again.

    Attributes: `part`, `parts` (of its events), `notes`, `beats` (its length, 0: there is none).
    """

    part = PART

    def __init__(self, tree: Tree, next_bar: Callable[[float], float]) -> None:
        """`next_bar` returns the first bar line at or after a beat."""
        self._next_bar = next_bar
        self.notes: tuple[LoopNote, ...] = ()
        self.beats = 0.0
        self.parts: tuple[str, ...] = (PART,)
        add = tree.add
        self._on = add(Parameter("/recorder/loop/play", 0, switch(), title="Loop", help="Plays the kept bars again"))
        self._level = add(Parameter("/recorder/loop/level", 1, Linear(0, 1.5), title="Loop level"))
        self._shift = add(Parameter("/recorder/loop/transpose", 0, Linear(-24, 24, 1, 0), "semitones", "Transpose"))
        self._origin = 0.0
        self._next = NEVER
        self._moments: tuple[float, ...] = ()
        self._place = 0
        self._round = 0
        self._reached = 0.0  # The beat of the last step.
        self._owed: list[Event] = []
        self._held: dict[tuple[str, int], int] = {}  # What was struck, and the key that sounds for it.

    def take(self, notes: Sequence[LoopNote], beats: float, beat: float | None) -> None:
        """Play these from the first bar line after `beat` on, or (None) from the next start; what sounds ends there."""
        self.put(Content(tuple(notes), beats, True), beat)

    @property
    def content(self) -> Content:
        """What is played now."""
        return Content(self.notes, self.beats, bool(self._on.value))

    def put(self, content: Content, beat: float | None) -> None:
        """As `take`, also for a loop that is switched off, or none."""
        notes = self.notes = content.notes
        self.beats = content.beats
        self.parts = tuple(dict.fromkeys((PART, *(_own(note.part) for note in notes))))
        self._moments = tuple(sorted({0.0, *(note.start for note in notes), *(note.end for note in notes)}))
        self._on.set(float(content.on), "recorder")
        if beat is not None:
            if not self.beats:  # No round will come that ends what sounds; what was struck ahead ends as it begins.
                self._owed = self._let_go(max(beat, self._reached))
            self._begin(beat)

    # --- the seam -------------------------------------------------------------------------------------

    def start(self, beat: float) -> None:
        self._reached = beat
        self._held.clear()
        self._begin(beat)

    def stop(self) -> None:
        self._next = NEVER
        self._held.clear()

    def due(self) -> float:
        return self._next

    def step(self) -> list[Event]:
        beat = self._next
        if beat == NEVER:
            return []
        self._reached = beat
        now = self._moments[self._place]
        ends = [note for note in self.notes if note.end == now or (now == 0.0 and note.end >= self.beats)]
        events: list[Event] = []
        if self._place == 0:
            events += self._let_go(beat)
        for note in ends:
            events += self._end(beat, note)
        if self._on.value:
            for note in self.notes:
                if note.start == now:
                    events += self._strike(beat, note)
        else:
            events += self._let_go(beat)
        self._advance()
        return events

    def tend(self) -> list[Event]:
        owed, self._owed = self._owed, []
        return owed

    # --- one step -------------------------------------------------------------------------------------

    def _begin(self, beat: float) -> None:
        """Begin the first round at the first bar line."""
        self._origin, self._place, self._round = self._next_bar(beat), 0, 0
        self._next = self._origin if self.beats else NEVER

    def _advance(self) -> None:
        self._place += 1
        if self._place >= len(self._moments) or self._moments[self._place] >= self.beats:
            self._place, self._round = 0, self._round + 1
        # Counted from the first round, so that no sum can drift.
        self._next = self._origin + self._round * self.beats + self._moments[self._place]

    def _strike(self, beat: float, note: LoopNote) -> list[Event]:
        velocity = min(max(round(note.velocity * self._level.value), 0), 127)
        if not velocity:
            return []
        pitch = note.pitch if note.name else min(max(note.pitch + int(self._shift.value), 0), 127)
        ended = self._end(beat, note)
        self._held[note.part, note.pitch] = pitch
        return [*ended, NoteOn(beat, _own(note.part), pitch, velocity, note.name)]

    def _end(self, beat: float, note: LoopNote) -> list[Event]:
        pitch = self._held.pop((note.part, note.pitch), None)
        return [] if pitch is None else [NoteOff(beat, _own(note.part), pitch)]

    def _let_go(self, beat: float) -> list[Event]:
        held, self._held = self._held, {}
        return [NoteOff(beat, _own(part), pitch) for (part, _), pitch in held.items()]


def _own(part: str) -> str:
    """Return the loop's own part for a part."""
    return PART if part == PLAIN else f"{PART}:{part.removeprefix(PART + ':')}"
