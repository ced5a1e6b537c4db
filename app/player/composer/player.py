"""The Composer as a player: it steps in 16ths, follows its controls and changes models at bar lines.

The context, what was played lately, belongs to the player and not to a model. So a new model is primed with the
last bars in the background, takes over at the next bar line, and keeps or releases what sounds as it sees fit.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from concurrent.futures import Executor, Future, wait
from dataclasses import dataclass, replace
from math import ceil

import numpy as np

from app.event import Event, Message
from app.launch import GRIDS, is_on
from app.parameter import Linear, Log, Parameter, Steps, Tree, switch
from app.player.base import NEVER
from app.player.composer.checkpoint import Entry, ModelError
from app.player.composer.feature import STEPS_PER_QUARTER, Metre
from app.player.composer.generation import STEP_BEATS, Context, Controls, Generator, Step
from app.snapshot import ComposerState, Snapshot
from app.voices import Voices

RATE_STEPS = 64
FIRST_MODEL_S = 2.0
CONTROLS = ("temperature", "density", "intensity")


@dataclass(frozen=True, slots=True)
class _Coming:
    """A model on its way."""

    entry: Entry
    future: Future[Generator]


class Composer:
    """Streams notes from a trained model.

    Attributes: `part`, `tree`, `entries` (the models that can be chosen), `context`, `voices`.
    """

    part = "composer"

    def __init__(
        self,
        tree: Tree,
        entries: list[Entry],
        load: Callable[[Entry], Generator],
        background: Executor,
        seed: int,
        say: Callable[[str, str], None],
    ) -> None:
        self.tree, self.entries, self.say = tree, entries, say
        self.context = Context()
        self.voices = Voices(self.part)
        self._load, self._background = load, background
        self._seed = seed
        self._random = np.random.default_rng(seed)
        self._generator: Generator | None = None
        self._playing: Entry | None = None
        self._coming: _Coming | None = None
        self._due = NEVER
        self._smoothed = dict.fromkeys(CONTROLS, 0.0)
        self._token = "rest"
        self._starts: deque[int] = deque(maxlen=RATE_STEPS)
        self._seen = -1
        self._add_parameters()
        self._settle()

    def _add_parameters(self) -> None:
        add = self.tree.add
        names = tuple(entry.name for entry in self.entries)
        self._choice = add(Parameter("/composer/model", 0, Steps(names), title="Composer", help="Who composes"))
        add(Parameter("/composer/temperature", 0.8, Log(0.01, 10), help="From strict to wild"))
        add(Parameter("/composer/density", 0.8, Linear(0, 1), help="From silence to many notes"))
        add(Parameter("/composer/intensity", 0.8, Linear(0.1, 1.5), help="How loud it plays"))
        smoothing = "How fast controls reach the music: the share of the way that one 16th goes"
        add(Parameter("/composer/smoothing", 0.3, Linear(0.01, 1), title="Smoothing", help=smoothing))
        add(Parameter("/composer/polyphony", 8, Linear(1, 32, 1, 0), title="Polyphony", help="Most notes at once"))
        stuck = "What keeps it from getting stuck on a note or a bar; 0 leaves all to the model"
        add(Parameter("/composer/penalty", 1, Linear(0, 2), title="Repetition penalty", help=stuck))
        told = "Where another composer takes over while the music plays"
        self._waits = add(Parameter("/composer/quantise", 1, Steps(GRIDS), title="Takes over at", help=told))
        add(Parameter("/composer/mute", 0, switch(), title="Mute composer", help="Plays on in silence"))

    # --- the seam -------------------------------------------------------------------------------------

    def start(self, beat: float) -> None:
        self._due = ceil(round(beat / STEP_BEATS, 6)) * STEP_BEATS
        self.voices.release(beat)
        self.context.clear_sounding()
        self._settle()
        self._await_first()

    def stop(self) -> None:
        self._due = NEVER
        self.voices.release(0.0)
        self.context.clear_sounding()

    def due(self) -> float:
        return self._due

    def step(self) -> list[Event]:
        beat, self._due = self._due, self._due + STEP_BEATS
        self._smooth()
        self._align(beat)
        if is_on(self._waits.show(), beat, self.tree.number("/transport/beats_per_bar").value):
            self._take_over()
        if self._generator is None:
            return self.voices.release(beat)
        step = self._generator.step(self.context, self._controls(), self._random)
        self._starts.append(len(step.struck))
        self._token = ",".join(map(str, sorted(step.sounding))) or "rest"
        return [*self._notes(beat, step), *self._messages(beat)]

    def tend(self) -> list[Event]:
        if self._choice.version != self._seen:
            self._seen = self._choice.version
            self._fetch()
        if self._generator is None or self._due == NEVER:
            self._take_over()
        return []

    # --- one step -------------------------------------------------------------------------------------

    def _settle(self) -> None:
        """Put the smoothed controls where the faders are."""
        for name in CONTROLS:
            self._smoothed[name] = self._target(name)

    def _smooth(self) -> None:
        share = self._target("smoothing")
        for name in CONTROLS:
            self._smoothed[name] += (self._target(name) - self._smoothed[name]) * share

    def _target(self, name: str) -> float:
        return self.tree.number(f"/composer/{name}").value

    def _controls(self) -> Controls:
        return Controls(**self._smoothed, polyphony=int(self._target("polyphony")), penalty=self._target("penalty"))

    def _align(self, beat: float) -> None:
        """Tell the context where in the bar the step lies: the transport decides, not the model."""
        metre = Metre(int(self.tree.number("/transport/beats_per_bar").value), 4)
        place = round(beat * STEPS_PER_QUARTER) % metre.bar
        if (place, metre) != (self.context.place, self.context.metre):
            self.context.align(place, metre)

    def _notes(self, beat: float, step: Step) -> list[Event]:
        if self._target("mute"):
            return self.voices.move(beat, {})
        # After a mute, what the model holds on is struck, because nobody hears it.
        return self.voices.move(beat, step.sounding, step.struck)

    def _messages(self, beat: float) -> list[Event]:
        controls = tuple(float(self._smoothed[name]) for name in CONTROLS)
        return [
            Message(beat, self.part, "/gen/token", (self._token,)),
            Message(beat, self.part, "/gen/active", (len(self.voices.held),)),
            Message(beat, self.part, "/gen/params", controls),
        ]

    def picture(self, snapshot: Snapshot) -> Snapshot:
        """Add the Composer to the picture."""
        beats = max(len(self._starts), 1) * STEP_BEATS
        state = ComposerState(
            name=self._playing.name if self._playing else "",
            coming=self._coming.entry.name if self._coming else "",
            token=self._token,
            sounding=len(self.voices.held),
            rate=sum(self._starts) / beats,
            **self._smoothed,
        )
        return replace(snapshot, composer=state)

    # --- models ---------------------------------------------------------------------------------------

    def offer(self, entries: list[Entry]) -> None:
        """Replace the list of models; the one that plays goes on."""
        self.entries = entries
        self._choice.offer(tuple(entry.name for entry in entries), "composer")

    def turn_to(self, steps: int) -> None:
        """Choose the model `steps` further in the list, around its end."""
        if self.entries:
            self._choice.set((self._choice.value + steps) % len(self.entries), "composer")

    @property
    def next_name(self) -> str:
        """The name that the next turn would choose."""
        return self.entries[(int(self._choice.value) + 1) % len(self.entries)].name if self.entries else ""

    def _fetch(self) -> None:
        """Load the chosen model in the background."""
        if not self.entries:
            self.say("warning", "No composer is installed; train one from a folder of MIDI files")
            return
        entry = self.entries[int(self._choice.value)]
        if self._coming is not None and self._coming.entry == entry:
            return
        if self._coming is None and entry == self._playing:
            return
        history = self.context.copy()
        self._coming = _Coming(entry, self._background.submit(self._prepare, entry, history))

    def _await_first(self) -> None:
        """Wait for the very first model: nothing sounds yet, and the first step must not depend on the disk."""
        self.tend()
        if self._generator is None and self._coming is not None:
            wait([self._coming.future], FIRST_MODEL_S)
            self._take_over()

    def _prepare(self, entry: Entry, history: Context) -> Generator:
        """Load and prime a model; runs in the background."""
        generator = self._load(entry)
        generator.prime(history)
        return generator

    def _take_over(self) -> None:
        """Let a model that is ready take over; it catches up by itself with the steps since it was primed."""
        coming = self._coming
        if coming is None or not coming.future.done():
            return
        self._coming = None
        try:
            generator = coming.future.result()
        except (ModelError, OSError) as error:
            keeps = f"; {self._playing.name} plays on" if self._playing else ""
            self.say("error", f"{error}{keeps}")
            return
        self._generator, self._playing = generator, coming.entry
