"""The Rules as a player: presets that are kept under labels, and labels that are called.

A setting is heard, kept with one press, and becomes an example; a label is called and becomes a setting. What lies
between, learning, goes on beside the music and is swapped in whole.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from app.event import NOW, Event
from app.history import Edit
from app.parameter import Linear, Parameter, Tree
from app.player.rules import snap
from app.player.rules.assessment import Blind
from app.player.rules.board import Span
from app.player.rules.call import Caller, nearest_row, numbers_of, values_for
from app.player.rules.grid import settled, snap_kept
from app.player.rules.job import Learnt
from app.player.rules.model_edit import done
from app.player.rules.palette import Palette
from app.player.rules.sequence import Sequence
from app.player.rules.study import Study
from app.player.rules.synth import Value
from app.player.rules.table import Content, Table
from app.player.rules.vary import varied, warning
from app.player.rules.voice import Voice
from app.player.rules.wire import PART
from app.snapshot_rules import SoundingState

LINEAGE = 32
NEAREST = 2000  # With more presets, the one nearest to a setting made by hand is not looked for.


@dataclass(frozen=True, slots=True)
class SettingEdit:
    """The knobs were put elsewhere at one stroke."""

    player: Rules
    title: str
    before: Mapping[int, float]
    after: Mapping[int, float]

    def undo(self) -> None:
        self.player.show(self.before)

    def redo(self) -> None:
        self.player.show(self.after)

    def merge(self, later: Edit) -> Edit | None:
        return None


@dataclass(frozen=True, slots=True)
class Coming:
    """A preset that waits for its beat. Attributes: `at`, `numbers` (by knob), `state` (what it will be)."""

    at: float
    numbers: Mapping[int, float]
    state: SoundingState


class Rules:
    """Keeps labelled presets of a synth and makes new ones from the rules in them.

    Attributes: `part`, `tree`, `voice` (what is heard), `table` (kept presets), `study` (how rules are learnt),
    `sequence` (calls in time), `palette` (kept models), `playing` (the number of the palette's model in use, 0: the
    newest), `sounding` (where it came from), `lineage` (of generated presets, the newest last), `warned` (the last
    sentence about exploring), `echo` (the last text line), `blind` (tests the rules by ear), `pending` (what
    verbs want sent at the next turn), `coming` (the preset that waits for its beat).
    """

    part = PART

    def __init__(
        self,
        tree: Tree,
        voice: Voice,
        sequence: Sequence,
        table: Table,
        study: Study,
        random: np.random.Generator,
        push: Callable[[Edit], None],
        tell_user: Callable[[str, str], None],
    ) -> None:
        self.tree, self.voice, self.sequence, self.table, self.study = tree, voice, sequence, table, study
        self.say = tell_user
        self.board = voice.board
        self.palette = Palette()
        self.playing = 0
        self.sounding = SoundingState()
        self.lineage: deque[str] = deque(maxlen=LINEAGE)
        self.warned = self.echo = ""
        self.blind = Blind(random, self._pose, tell_user)
        self._push, self._random = push, random
        self._caller = Caller(tree, random)
        levels = "Values a knob is varied among; 0: anywhere"
        self._levels = tree.add(Parameter("/rules/levels", 4, Linear(0, 12, 1, 0), title="Levels", help=levels))
        self.pending: list[Event] = []
        self.coming: Coming | None = None
        self._base = self.board.numbers
        self._origin = self._label = self._trouble = ""
        self._foreign: tuple[str, ...] = ()

    # --- the seam -------------------------------------------------------------------------------------

    def start(self, beat: float) -> None:
        self.sequence.start(beat)
        self._trouble = ""

    def stop(self) -> None:
        """End the sequence and the sound; the next turn tells the synth."""
        self.coming = None
        self.sequence.stop()
        self.voice.end()

    def due(self) -> float:
        return self.sequence.due if self.coming is None else min(self.sequence.due, self.coming.at)

    def step(self) -> list[Event]:
        coming = self.coming
        if coming is not None and coming.at <= self.sequence.due:
            self.coming = None
            return self._go(coming.numbers, coming.state, coming.at)
        beat, label = self.sequence.advance(self._label)
        try:
            return self.call(label, beat=beat)
        except ValueError as error:
            if str(error) != self._trouble:  # Once, not at every beat.
                self._trouble = str(error)
                self.say("warning", f"Sequence at beat {beat:g}: {error}")
            return []

    def tend(self) -> list[Event]:
        self.study.tend()
        self.sequence.follow()
        synth = self.voice.synth
        events, self.pending = [*self.pending, *self.voice.tend()], []
        if self.voice.touched or self.voice.synth is not synth:
            self._base, self._origin, self.sounding = self.board.numbers, "", SoundingState()
        elif self.sounding.morph != self.voice.share:
            self.sounding = replace(self.sounding, morph=self.voice.share)
        return events

    def pending_events(self, events: list[Event]) -> None:
        """Send events at the next turn, which follows at once."""
        self.pending += events

    # --- verbs ----------------------------------------------------------------------------------------

    @property
    def model(self) -> Learnt | None:
        """The model that answers: the newest, or the one of the palette that was chosen."""
        return self.palette.use(self.playing) if self.playing else self.study.model

    def choose(self, title: str, deed: Callable[[], object]) -> None:
        """Do something with models: one step of undo. ValueError, and no step, if it cannot be done."""
        self._push(done(self, title, deed))

    def call(self, label: str, rule: int | None = None, mode: str = "", beat: float = NOW) -> list[Event]:
        """Make a preset of a label and go there; return what is due at `beat`. ValueError says why it cannot be."""
        drawn = self._caller.draw(self.model, label or self._label, rule, mode, self.board)
        self._tell_foreign(drawn.foreign)
        self._label = self.study.wanted = drawn.label
        self._origin = drawn.origin
        self.lineage.append(drawn.origin)
        state = SoundingState(drawn.label, drawn.rule, drawn.mode, drawn.nearest, drawn.changed, drawn.new)
        return self._go(drawn.numbers, state, beat) if beat != NOW else self._launch(drawn.numbers, state)

    def _launch(self, numbers: Mapping[int, float], state: SoundingState) -> list[Event]:
        """Go to a setting where launches fall; what waited there before is replaced."""
        at = self.sequence.launch
        self.coming = None if at is None else Coming(at, numbers, state)
        return self._go(numbers, state, NOW) if at is None else []

    def _pose(self, label: str) -> list[Event]:
        """Go to a preset of a label so that nothing on the screen tells which made it."""
        drawn = self._caller.draw(self.model, label, None, "", self.board)
        self._origin = ""
        return self._go(drawn.numbers, SoundingState(), NOW)

    def _tell_foreign(self, names: tuple[str, ...]) -> None:
        """Say once which columns of the model no knob of this synth takes."""
        if names and names != self._foreign:
            self.say("warning", f"{self.voice.synth.title} has no knob for {', '.join(names[:3])}; the others are set")
        self._foreign = names

    def recall(self, number: int) -> list[Event]:
        """Go to a kept preset; ValueError if there is none."""
        row = self.table.find(number)
        numbers, foreign = numbers_of(row.values, self.table.names, self.voice.synth)
        if not numbers:
            raise ValueError(f"{self.voice.synth.title} has no knob for {', '.join(foreign[:3])}")
        self._origin = ""
        return self._launch(numbers, SoundingState(row.label, nearest=number))

    def _go(self, numbers: Mapping[int, float], state: SoundingState, beat: float) -> list[Event]:
        self.voice.follow()
        locked = self.board.locked
        goal = {place: number for place, number in numbers.items() if place not in locked}
        self._base = tuple(goal.get(place, now) for place, now in enumerate(self.board.numbers))
        self.sounding = state
        return self.voice.go(goal, beat)

    def vary(self, count: int, only: int | None = None) -> list[Event]:
        """Vary so many knobs of the base, 0 for all, or `only` one (from 0); ValueError if none is free."""
        free = set(range(self.board.count)) - self.board.locked
        if only is not None:
            free &= {only}
        if not free:
            locked = "every knob is" if only is None else "this knob is"
            raise ValueError(f"{locked} locked: unlock one to vary it")
        levels = int(self._levels.value)
        numbers = varied(self.voice.synth.knobs, self._base, free, count, levels, self._random, self.board.spans)
        self.warned = warning(len(free), count, levels, int(self.tree.number("/rules/distance").value))
        if self.warned:
            self.say("warning", self.warned)
        before = dict(enumerate(self.board.numbers))
        self._origin, self.sounding = f"varied {count or 'all'}", SoundingState()
        events = self.voice.go(numbers)
        self._push(SettingEdit(self, "Vary", before, numbers))
        return events

    def back_to_base(self) -> list[Event]:
        """Come back to the setting that is varied."""
        self._origin, self.sounding = "", SoundingState()
        return self.voice.go(dict(enumerate(self._base)))

    def show(self, numbers: Mapping[int, float]) -> None:
        """Put the knobs somewhere at once; nothing for undo."""
        self._origin, self.sounding = "", SoundingState()
        self.voice.show(numbers)

    def keep(self, label: str) -> int:
        """Keep what is heard under a label; return its number. ValueError if it is there already."""
        self._settle()
        names, values = self.present()
        return self.table.keep(names, values, label, self._origin)

    def keep_good(self, label: str = "") -> int:
        """Keep the generated preset under its own label, or another."""
        if not label and not self.sounding.label:
            raise ValueError("no called preset sounds: call a label first, or keep this under a name")
        return self.keep(label or self.sounding.label)

    def reject(self) -> None:
        """Let what is heard be an example of no class, so that rules keep away from it: one step of undo."""
        self._settle()
        names, values = self.present()
        known = [row.number for row in self.table.rows if row.values == values and row.label]
        if known:
            self.table.reject(known)
        else:
            self.table.keep(names, values, "", self._origin)

    def snap_knob(self, number: int, how: str = "") -> None:
        """Round what is kept of a knob (from 1), so that presets can meet in it; ValueError if that cannot be."""
        self.say("info", snap_kept(self.table, self.voice.synth, number, snap.read(how) or self.study.grid))

    def _settle(self) -> None:
        """Bring the knobs onto the grid that is asked for, so that what is kept is what is heard."""
        if self.study.grid is not None:
            self.voice.settle(settled(self.table, self.voice.synth, self.voice.goal, self.study.grid))

    def present(self) -> tuple[tuple[str, ...], tuple[Value, ...]]:
        """Return the columns and values of what is heard (in a morph: of where it leads), as the table keeps them."""
        synth = self.voice.synth
        names = self.table.names if len(self.table) else tuple(knob.name for knob in synth.knobs)
        return names, values_for(names, synth, self.voice.goal)

    def named(self) -> str:
        """Return the label that the model gives this very setting, "" for none."""
        model = self.model
        if model is None:
            return ""
        try:
            return str(model.ruler.name(values_for(model.names, self.voice.synth, self.voice.goal)))
        except ValueError:
            return ""  # The model is of another synth.

    def nearest(self) -> tuple[int, int]:
        """Return the kept preset nearest to what is heard, and how many knobs differ; (0, 0) if none compares."""
        if len(self.table) > NEAREST:
            return 0, 0
        try:
            _, values = self.present()
        except ValueError:
            return 0, 0
        return nearest_row(self.table.rows, values)

    def restore(
        self, content: Content, numbers: Mapping[int, float], locks: Mapping[int, bool], spans: Mapping[int, Span]
    ) -> None:
        """Take over what a session kept: presets, knobs (by index), locks and ranges."""
        self.voice.renew()
        self.voice.show(numbers, "session")
        for place, locked in locks.items():
            if 0 <= place < self.board.count:
                self.board.locks[place].set(float(locked), "session")
        for place, (low, high) in spans.items():
            if 0 <= place < self.board.count:
                self.board.lows[place].set(low, "session")
                self.board.highs[place].set(high, "session")
        self._base, self.sounding = self.board.numbers, SoundingState()
        self.study.forget()
        self.table.show(content)
