"""The Follower as a player: a program, swapped without a seam, and lessons that play along.

Time is cut into small slices between ticks, each computed ahead of its beats from the closed formula of every
pattern. Nothing is carried from slice to slice but what sounds and which note comes next, so a program takes effect
at any slice without striking twice or missing a hit. At a tick the lessons first hear the tick that is over, then
decide the one that begins.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from app.event import Event
from app.parameter import Tree
from app.player.base import NEVER
from app.player.follower.argument import Inputs
from app.player.follower.language import parse
from app.player.follower.missing import missing
from app.player.follower.option import Options
from app.player.follower.pattern import BAR, DIGITS, EARLY, beat_of, nearest_tick, tick_at
from app.player.follower.program import Channel, Program, ProgramError, Statement, own_channels
from app.player.follower.sample import Samples
from app.player.follower.school import Make, School
from app.player.follower.score import Hit, Score
from app.player.follower.setting import Settings
from app.player.follower.voice import VELOCITY, Voice, is_synth
from app.snapshot_follower import ProgramFault

SLICES = 64  # In a bar, at least; as many to every tick of the grid.
RING_S = 3.0  # A synth's note without a follower is let go after its sound has died away.
EDGE = 1e-9
UNNAMED = ("synth", "osc")  # Kinds of sounds whose events do not say which channel was struck.
PARTS = ("drums", "lead", "bass", *(f"drums:{channel}" for channel in range(1, 17)))
Tell = Callable[[str, str, int, float, float], None]


@dataclass(frozen=True, slots=True)
class Coming:
    """A program that waits for beat `at`."""

    program: Program
    at: float


class Follower:
    """Plays a program and learns from it.

    Attributes: `part`, `parts` (whose events it sends), `options`, `inputs`, `samples`, `school`, `score`, `program`
    (the one that plays), `slot` (it came from), `coming` (the one that waits), `fault` (why the last text was not
    taken), `warnings` (about the program that plays), `evaluated` (counts programs taken), `struck` (is told part,
    name, velocity, beat and end of each hit that no named note tells of: a synth's, one that sounds elsewhere).
    """

    part = "follower"
    parts = PARTS

    def __init__(
        self,
        tree: Tree,
        make: Make,
        seed: int,
        say: Callable[[str, str], None],
        here: Callable[[], float] = float,
        turn: Callable[[float, float], None] = lambda _beat, _bpm: None,
    ) -> None:
        """`here` returns the beat now, for what is sent at once; `turn` takes a beat and the tempo from there on."""
        self.tree, self.say, self._here, self._turn = tree, say, here, turn
        self.options = Options(tree, say)
        self.inputs = Inputs(tree)
        self.samples = Samples(self.options.samples)
        self.school = School(make, seed)
        self.score = Score()
        self.program = Program(channels=own_channels())
        self.slot = 1
        self.coming: Coming | None = None
        self.fault: ProgramFault | None = None
        self.warnings: tuple[str, ...] = ()
        self.evaluated = 0
        self.struck: Tell = lambda *_: None
        self._settings = Settings(self.inputs, self.samples.find)
        self._voices: dict[str, Voice] = {}
        self._struck: dict[int, set[str]] = {}
        self._decided: dict[str, bool] = {}
        self._reached = NEVER
        self._whole = 0  # The first tick that begins since the start.
        self._heard = -1  # The last tick the lessons have heard.
        self._out: list[Event] = []

    # --- programs -------------------------------------------------------------------------------------

    def evaluate(self, text: str, wait: float | None = None) -> bool:
        """Let a text take effect at the next multiple of `wait` beats (None: as the performer chose; 0: at once).

        Return whether it is a program; if not, `fault` says why and the one that plays goes on.
        """
        try:
            program = parse(text, self.samples.names)
        except ProgramError as error:
            self.fault = error.fault
            self.say("warning", f"Program: line {error.fault.line}, column {error.fault.column}: {error.fault.text}")
            return False
        self.take(program, self.options.wait if wait is None else wait)
        return True

    def take(self, program: Program, wait: float = 0.0) -> None:
        """Let a program take effect at the next multiple of `wait` beats, or at once while nothing plays."""
        self.fault = None
        self.evaluated += 1
        self.slot = self.options.slot
        if self._reached == NEVER:
            self._swap(program)
            return
        at = self._reached if wait <= 0 else round(math.ceil(self._reached / wait - EDGE) * wait, DIGITS)
        self.coming = Coming(program, at)

    def restore(self, text: str, slot: int) -> None:
        """Let the program that a session kept play at once, in the session's tempo; "" is silence.

        ProgramError if it can be read no longer, and then nothing plays.
        """
        self.fault, self.coming, self.slot = None, None, slot
        program = Program(channels=own_channels())
        try:
            program = parse(text, self.samples.names) if text.strip() else program
        finally:
            self.evaluated += bool(text.strip() or self.program.text)
            self._follow(program)
            self._decided = {}
            if self._reached != NEVER:
                self._begin_ticks()
                self.school.prepare(self._whole, program)

    @property
    def wanted(self) -> Program:
        """The program that was evaluated last: the one that waits, else the one that plays."""
        return self.program if self.coming is None else self.coming.program

    def _swap(self, program: Program) -> None:
        """Let a program be the one that plays; what it says as before goes on."""
        coming, self.coming = self.coming, None
        if program.bpm is not None:
            if coming is not None:  # Its beat is still ahead of the clock: steps are computed early.
                self._turn(coming.at, program.bpm)
            self.tree.number("/transport/bpm").set(program.bpm, self.part)
        self._follow(program)

    def _follow(self, program: Program) -> None:
        """Let lessons, voices and receivers follow a program."""
        self.program = program
        self.school.follow(program)
        for statement in program.statements:
            self._voices.setdefault(statement.name, Voice()).follow(statement)
        self.warnings = (*program.warnings, *missing(program, self.inputs, self.samples))
        for warning in self.warnings:
            self.say("warning", f"Program: {warning}")
        self._out += self._settings.loads(program, self._here())

    # --- the seam -------------------------------------------------------------------------------------

    def start(self, beat: float) -> None:
        self._reached = NEVER
        if self.coming is not None:
            self._swap(self.coming.program)
        self._reform()
        self._reached = beat_of(math.ceil(beat * self._slices / BAR - EDGE), self._slices)
        for voice in self._voices.values():
            voice.rewind()
        self.score.clear()
        self._settings.forget()
        self._out += self._settings.loads(self.program, self._here())
        self._begin_ticks()
        self.school.prepare(self._whole, self.program)

    def stop(self) -> None:
        self._reached = NEVER
        for voice in self._voices.values():
            voice.rewind()
        if self.coming is not None:
            self._swap(self.coming.program)

    def due(self) -> float:
        return self._reached

    def step(self) -> list[Event]:
        start = self._reached
        at_tick = self._tick_begins(start)
        if at_tick:
            self._hear_until(tick_at(start, self._grid))
        if self.coming is not None and self.coming.at <= start:
            self._swap(self.coming.program)
        if at_tick and self._reform():
            self._begin_ticks()
            at_tick = self._tick_begins(start)
        self._decided = self.school.decide(tick_at(start, self._grid)) if at_tick else {}
        end = self._reached = self._line_after(start)
        events = self._settings.moves(self.program, start)
        for statement in self.program.statements:
            for beat in self._beats(statement, start, end):
                events += self._strike(statement, beat, VELOCITY, tick_at(beat, self._grid))
        for voice in self._voices.values():
            events += voice.end_before(end)
        events.sort(key=_beat)
        return self._take_out() + events

    def tend(self) -> list[Event]:
        return self._take_out()

    def _take_out(self) -> list[Event]:
        out, self._out = self._out, []
        return out

    # --- time -----------------------------------------------------------------------------------------

    @property
    def _grid(self) -> int:
        """Ticks a bar, as the lessons count them now."""
        return self.school.shape.grid

    @property
    def _slices(self) -> int:
        """Slices of a bar, as many to every tick."""
        return self._grid * math.ceil(SLICES / self._grid)

    def _line_after(self, beat: float) -> float:
        """Return the first line between slices after a beat."""
        return beat_of(math.floor(beat * self._slices / BAR + EARLY) + 1, self._slices)

    def _tick_begins(self, beat: float) -> bool:
        return beat_of(tick_at(beat, self._grid), self._grid) == beat

    def _reform(self) -> bool:
        """Follow the lessons' Parameters; return whether ticks are another length now."""
        grid = self._grid
        self.school.reform(self.options.shape, self.options.manner)
        return self._grid != grid

    def _begin_ticks(self) -> None:
        """Count ticks anew: the next one that begins is the first to be heard."""
        self._struck.clear()
        self._whole = math.ceil(self._grid * self._reached / BAR - EARLY)
        self._heard = self._whole - 1

    def _hear_until(self, tick: int) -> None:
        """Let the lessons hear the ticks before `tick` that they have not heard."""
        for past in range(self._heard + 1, tick):
            self.school.hear(past, self._struck.pop(past, set()))
        self._heard = max(self._heard, tick - 1)

    def _beats(self, statement: Statement, start: float, end: float) -> list[float]:
        """Return when a channel is struck in a slice by itself."""
        if statement.role == "predict":
            return [start] if self._decided.get(statement.name) else []
        return [] if statement.channel.ear is not None else statement.pattern.hits(start, end)

    # --- hits -----------------------------------------------------------------------------------------

    def _strike(self, statement: Statement, beat: float, velocity: int, tick: int) -> list[Event]:
        """Return the events of a hit and let the lessons know; a tick they have heard already gives it to the next."""
        self._struck.setdefault(max(tick, self._heard + 1), set()).add(statement.name)
        voice = self._voices[statement.name]
        sound = statement.channel.sound
        pitch, detune = voice.pitch(statement)
        plain = "note" if is_synth(sound) else "hit"
        kind = "predict" if statement.role == "predict" else plain
        self.score.add(Hit(beat, statement.name, kind, sound.part if sound else "", pitch, velocity, detune))
        if self.options.muted:
            voice.skip()
            return voice.end(beat)
        until = self._end_of(statement, beat)
        if sound is None or sound.kind in UNNAMED:
            self.struck(sound.part if sound else PARTS[0], statement.name, velocity, beat, until)
        if sound is None:
            voice.skip()
            return voice.end(beat)
        return voice.strike(statement, beat, velocity, until)

    def _end_of(self, statement: Statement, beat: float) -> float:
        """Return when a hit ends if nothing follows: half a tick later, a synth's when its sound has died away."""
        if is_synth(statement.channel.sound):
            return round(beat + RING_S * self.tree.number("/transport/bpm").value / 60, DIGITS)
        return round(beat + BAR / self._grid / 2, DIGITS)

    def hear(self, channel: Channel, beat: float, velocity: int) -> None:
        """Take a hit that somebody played on a channel at a beat; it belongs to the nearest tick."""
        statement = self.program.find(channel.name)
        if statement is None or statement.role == "predict":
            return
        running = self._reached != NEVER
        tick = nearest_tick(beat, self._grid) if running else self._heard + 1
        self._out += self._strike(statement, beat, velocity, tick)
        if not running:
            self._out += self._voices[statement.name].end(NEVER)
            self._struck.clear()

    def ears(self, kind: str) -> list[Channel]:
        """Return the channels of the playing program that are played from outside, by kind of ear."""
        return [line.channel for line in self.program.statements if line.channel.ear and line.channel.ear.kind == kind]

    def repeat_settings(self) -> None:
        """Tell the receivers everything anew: one of them has just come."""
        self._settings.forget()
        self._out += self._settings.loads(self.program, self._here())


def _beat(event: Event) -> float:
    return event.beat
