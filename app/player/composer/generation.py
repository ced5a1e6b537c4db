"""Notes from a model: the generator steps through sixteenths, plays within the player's controls and never gets stuck.

It carries only the network's state; the past belongs to the `Context`. Guards keep the stage safe: a silence that
lasts leans towards notes, a bar that comes again and again warms the choice, a loop or a narrow choice of pitches
lowers the keys that would go on with it, a note held too long is let go, a full hand lets go of its oldest inner
note first.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from app.player.composer.checkpoint import Model
from app.player.composer.context import Context, ContextMark
from app.player.composer.feature import LOWEST_PITCH, STEPS_PER_QUARTER, Bytes, keys
from app.player.composer.inference import Frame, Hidden, Inference
from app.player.composer.sampling import DRAWS, Reader, Sampler, bent_velocity, rhythm_of, shift_of

__all__ = ["Context", "Controls", "Generator", "Mark", "Step"]

STEP_BEATS = 1.0 / STEPS_PER_QUARTER
LONGEST_NOTE = 64  # steps
PATIENCE = 16  # steps without a strike before the generator leans towards notes
LEAN, MOST_LEAN = 0.25, 5.0  # per step, at most
ECHO_BARS = 3  # identical bars in a row before the generator gets restless
WARMTH, MOST_WARMTH = 0.1, 0.8  # of temperature, per further bar and at most
SERVO_GAIN, SERVO_REACH = 0.02, 1.5


@dataclass(frozen=True, slots=True)
class Controls:
    """What the performer sets, already smoothed.

    Attributes:
        temperature: 0.01..10, 1 is the model itself.
        density: 0..1, about 0.65 is the model's own rate.
        intensity: 0.1..1.5, 0.8 leaves velocities as the model wants.
        polyphony: most notes at once, 1..32.
        penalty: repetition penalty, 0 leaves the choice to the model, 1 keeps it from getting stuck, 2 at most.
    """

    temperature: float = 0.9
    density: float = 0.65
    intensity: float = 0.8
    polyphony: int = 16
    penalty: float = 0.0


@dataclass(frozen=True, slots=True)
class Step:
    """What one sixteenth brings.

    Attributes:
        sounding: MIDI pitch to velocity 1..127 of all that sounds after this step.
        struck: the part of it struck in this step; a pitch that sounded before is struck anew.
        released: pitches let go and not struck again.
        entropy: nats of all decisions met, at these controls. surprise: nats of the answers.
    """

    sounding: dict[int, int]
    struck: dict[int, int]
    released: frozenset[int]
    entropy: float
    surprise: float


@dataclass(frozen=True, slots=True)
class Mark:
    """A moment of generator and context to return to, when a step computed ahead is thrown away."""

    context: ContextMark
    hidden: Hidden
    seen: int
    lean: float


class Generator:
    """Generates music step by step from one model; runs on one thread, in about 0.2 ms a step.

    Attributes:
        model: whose music it is. composer: number of the composer in it, None for none in particular.
        rate: strikes per step of that composer's works.
    """

    def __init__(self, model: Model, composer: int | None = 0) -> None:
        self.model, self.composer = model, composer
        rates = [voice.rate for voice in model.composers]
        self.rate = rates[composer] if composer is not None else float(np.mean(rates))
        self._inference = Inference(model, composer)
        self._hidden = self._inference.rest()
        self._seen = -1  # count of the context up to which the network has followed
        self._lean = 0.0

    def blend(self, shares: Mapping[int, float]) -> None:
        """Stand between composers of this model: shares by number, the rest is "no composer"."""
        self._inference.blend(dict(shares))

    # --- following the context ------------------------------------------------------------------------

    def prime(self, context: Context) -> None:
        """Replay the steps that the context remembers, so that the music goes on in its sense."""
        self._hidden, self._lean = self._inference.rest(), 0.0
        self._follow(context, len(context.vectors))

    def _follow(self, context: Context, steps: int) -> None:
        if steps:
            vectors = np.stack(list(context.vectors)[-steps:])
            _, self._hidden = self._inference.advance(vectors, self._hidden)
        self._seen = context.count

    def _catch_up(self, context: Context) -> None:
        """Follow steps that were committed by others; start anew where the past was changed."""
        behind = context.count - self._seen
        if self._seen < 0 or behind < 0 or behind > len(context.vectors):
            self.prime(context)
        elif behind:
            self._follow(context, behind)

    # --- stepping -------------------------------------------------------------------------------------

    def step(self, context: Context, controls: Controls, rng: np.random.Generator) -> Step:
        """Generate the coming step and commit it to the context.

        Each step draws the same count of random numbers, so the same seed and controls give the same music.
        """
        self._catch_up(context)
        top, self._hidden = self._inference.advance(context.coming()[None], self._hidden)
        sampler = self._sampler(context, controls, rng)
        frame = self._inference.decide(top, context.state.age > 0, sampler)
        kept, struck = self._plain(frame, context, controls)
        step = self._bent(kept, struck, sampler, context, controls)
        # The network must hear its own velocities: bent ones would bend the next ones too, and so for ever.
        context.commit(kept | struck, struck)
        self._seen = context.count
        self._servo(context, controls)
        return step

    def _sampler(self, context: Context, controls: Controls, rng: np.random.Generator) -> Sampler:
        temperature = min(10.0, max(0.01, controls.temperature) + _restless(context))
        overdue = np.flatnonzero(context.state.age >= LONGEST_NOTE)
        shift = shift_of(controls.density) + self._lean + self._impatience(context, controls)
        return Sampler(
            rng.random(DRAWS),
            temperature,
            rhythm_of(temperature),
            shift,
            frozenset(int(key) for key in overdue),
            context.repetition.penalty(context.state.recent, controls.penalty),
        )

    def _impatience(self, context: Context, controls: Controls) -> float:
        """Return how far a long silence leans towards notes; the less, the lower the density."""
        waiting = context.state.quiet - PATIENCE / max(0.05, controls.density)
        return min(MOST_LEAN, LEAN * max(0.0, waiting)) * controls.density

    def _servo(self, context: Context, controls: Controls) -> None:
        """Lean slowly towards the rate that the density asks for, within narrow bounds."""
        wanted = self.rate * 2.0 ** (shift_of(controls.density) * 0.5)
        error = (wanted - context.state.rates[1]) / max(self.rate, 0.1)
        self._lean = min(SERVO_REACH, max(-SERVO_REACH, self._lean + SERVO_GAIN * min(1.0, max(-1.0, error))))

    def _plain(self, frame: Frame, context: Context, controls: Controls) -> tuple[dict[int, int], dict[int, int]]:
        """Return what is held and what is struck, MIDI pitch to velocity as the model wants it."""
        loud = {
            key: min(127, max(1, round(float(self.model.velocities[number]))))
            for key, number in zip(frame.struck, frame.bins, strict=True)
        }
        kept, struck = _fitted(frame.kept, loud, context.state.age, max(1, controls.polyphony))
        before = context.sounding
        held = {key + LOWEST_PITCH: before.get(key + LOWEST_PITCH, 64) for key in kept}
        return held, {key + LOWEST_PITCH: velocity for key, velocity in struck.items()}

    @staticmethod
    def _bent(
        kept: dict[int, int], struck: dict[int, int], sampler: Sampler, context: Context, controls: Controls
    ) -> Step:
        """Return the step as it sounds at the present intensity, held notes included."""
        attacks = {pitch: bent_velocity(velocity, controls.intensity) for pitch, velocity in struck.items()}
        sounding = {pitch: bent_velocity(velocity, controls.intensity) for pitch, velocity in kept.items()} | attacks
        released = frozenset(context.sounding.keys() - sounding.keys())
        return Step(sounding, attacks, released, sampler.entropy, sampler.surprise)

    # --- undoing and measuring ------------------------------------------------------------------------

    def mark(self, context: Context) -> Mark:
        """Return the present moment of generator and context; costs next to nothing."""
        return Mark(context.mark(), self._hidden, self._seen, self._lean)

    def restore(self, mark: Mark, context: Context) -> None:
        """Return both to a moment, as if nothing had been generated since."""
        context.restore(mark.context)
        self._hidden, self._seen, self._lean = mark.hidden, mark.seen, mark.lean

    def nats(self, context: Context, struck: Mapping[int, int], sounding: Mapping[int, int]) -> float:
        """Return how unlikely a step would be as the coming one, in nats (without velocities); changes nothing."""
        self._catch_up(context)
        top, _ = self._inference.advance(context.coming()[None], self._hidden)
        past = context.state.age > 0
        hit = keys(struck)
        held = keys(pitch for pitch in sounding if pitch not in struck) & past
        reader = Reader(held, hit, bool((hit | (past & ~held)).any()))
        self._inference.decide(top, past, reader)
        return reader.nats


def _restless(context: Context) -> float:
    """Return how much warmer to play because the same bar comes again and again."""
    bars = context.echo // context.metre.bar
    return min(MOST_WARMTH, WARMTH * max(0, bars - ECHO_BARS))


def _fitted(kept: list[int], struck: dict[int, int], age: Bytes, most: int) -> tuple[list[int], dict[int, int]]:
    """Keep at most `most` notes: the oldest held ones go first, then inner strikes; the top note always stays."""
    excess = len(kept) + len(struck) - most
    if excess <= 0:
        return kept, struck
    melody = max([*kept, *struck])
    oldest = sorted((key for key in kept if key != melody), key=lambda key: (-int(age[key]), key))
    gone = set(oldest[:excess])
    kept = [key for key in kept if key not in gone]
    room = most - len(kept)
    if len(struck) > room:
        order = sorted(struck, reverse=True)
        chosen = set(
            [order[0], order[-1], *order[1:-1]][:room] if melody in struck else [order[-1], *order[:-1]][:room]
        )
        struck = {key: velocity for key, velocity in struck.items() if key in chosen}
    return kept, struck
