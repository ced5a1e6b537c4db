"""The Composer as a player: it steps in 16ths, follows its controls and changes models at bar lines.

The context, what was played lately, belongs to the player and not to a model. So a new model is primed with the
last bars in the background, takes over at the next bar line, and keeps or releases what sounds as it sees fit.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from math import ceil

import numpy as np

from app.event import Event, Message
from app.parameter import Linear, Log, Parameter, Steps, Tree, switch
from app.player.base import NEVER
from app.player.composer.checkpoint import Entry, ModelError
from app.player.composer.generation import Context, Controls, Generator, Step
from app.snapshot import ComposerState
from app.voices import Voices

STEP_BEATS = 0.25
RATE_STEPS = 64


@dataclass(slots=True)
class _Coming:
    """A model on its way: `primed_to` is the step count of the context that it knows."""

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
        self._smoothed = {name: 0.0 for name in ("temperature", "density", "intensity")}
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
        add(Parameter("/composer/mute", 0, switch(), title="Mute composer", help="Plays on in silence"))

    # --- the seam -------------------------------------------------------------------------------------

    def start(self, beat: float) -> None:
        self._due = ceil(round(beat / STEP_BEATS, 6)) * STEP_BEATS
        self.voices.release(beat)
        self._settle()

    def stop(self) -> None:
        self._due = NEVER
        self.voices.release(0.0)
        self.context.clear_sounding()

    def due(self) -> float:
        return self._due

    def step(self) -> list[Event]:
        beat, self._due = self._due, self._due + STEP_BEATS
        self._smooth()
        self._take_over(beat)
        if self._generator is None:
            return self.voices.release(beat)
        step = self._generator.step(self.context, self._controls(), self._random)
        self._note(step)
        return self._events(beat, step)

    def tend(self) -> list[Event]:
        if self._choice.version != self._seen:
            self._seen = self._choice.version
            self._fetch()
        if self._due == NEVER:
            self._take_over(0.0)
        return []

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

    def _prepare(self, entry: Entry, history: Context) -> Generator:
        """Load and prime a model; runs in the background."""
        generator = self._load(entry)
        generator.prime(history)
        return generator

    def _take_over(self, beat: float) -> None:
        """Let a model that is ready take over, at a bar line (at once, if nothing plays)."""
        coming = self._coming
        if coming is None or not coming.future.done():
            return
        if self._generator is not None and self._due != NEVER and not self.context.at_bar(self._bar_steps(beat)):
            return
        self._coming = None
        try:
            generator = coming.future.result()
        except (ModelError, OSError) as error:
            keeps = f"; {self._playing.name} plays on" if self._playing else ""
            self.say("error", f"{error}{keeps}")
            return
        # The bars since the background priming are few; this is the same cheap replay.
        generator.prime(self.context)
        self._generator, self._playing = generator, coming.entry

    def _bar_steps(self, beat: float) -> int:
        return 0
