"""Effects in a row: distortion, gain, low-pass and high-pass, in any order and number up to eight.

SignalFlow does not guard its graph against the audio thread (rewiring one that runs ends in a crash within
seconds), so a row is never built to order. Each slot of a row can drive, clip, and cut from above and below, in this
order; what is not wanted is turned so that nothing happens. A chain is written into as few slots as its order allows.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import signalflow as sf

from app.sound.argument import Argument, BadMessageError
from app.sound.master import fixed
from app.sound.voice import glide

MOST_EFFECTS = 8
KINDS = ("dist", "amp", "lpf", "hpf")
GLIDE_S = 0.008
OCTAVE_S = 0.05  # in which a cut-off walks one octave
LONGEST_STEP = 0.25  # octaves at once, however late the step
LOWEST_HZ, HIGHEST_HZ = 20.0, 20_000.0
MOST_DRIVE, MOST_GAIN = 10_000.0, 8.0
UNLIMITED = 1e9
RANGE_DB = 100.0  # how far a filter cuts
SPREAD = math.pow(10.0, RANGE_DB / 40.0)  # between the corners of a shelf that deep, at 12 dB an octave


@dataclass(frozen=True, slots=True)
class Effect:
    """One effect: `kind` (of KINDS) and its argument, Hz for filters, else a factor."""

    kind: str
    value: float


Chain = tuple[Effect, ...]


def chain_arguments(arguments: Sequence[Argument], rate: int) -> Chain:
    """The effects of `kind value kind value ...`, their values clamped. Raises BadMessageError."""
    if len(arguments) % 2 or len(arguments) > 2 * MOST_EFFECTS:
        raise BadMessageError(f"effects are pairs of kind and value, {MOST_EFFECTS} at most")
    return tuple(read_effect(arguments[at], arguments[at + 1], rate) for at in range(0, len(arguments), 2))


def read_effect(kind: Argument, value: Argument, rate: int) -> Effect:
    """An effect with its value clamped. Raises BadMessageError."""
    if not isinstance(kind, str) or kind not in KINDS:
        raise BadMessageError(f"no effect {kind!r}; choose {', '.join(KINDS)}")
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise BadMessageError(f"{kind} needs a number, got {value!r}")
    if kind == "dist":
        return Effect(kind, min(max(float(value), -MOST_DRIVE), MOST_DRIVE))
    if kind == "amp":
        return Effect(kind, min(max(float(value), 0.0), MOST_GAIN))
    return Effect(kind, min(max(float(value), LOWEST_HZ), highest_hz(rate)))


def highest_hz(rate: int) -> float:
    """The highest cut-off at a sample rate."""
    return min(HIGHEST_HZ, 0.45 * rate)


def same_kinds(one: Chain, other: Chain) -> bool:
    """Whether two chains differ in their values only."""
    return [effect.kind for effect in one] == [effect.kind for effect in other]


@dataclass(frozen=True, slots=True)
class Setting:
    """What one slot does, in this order: multiply by `gain`, clip to -1..1, low-pass `low_hz`, high-pass `high_hz`."""

    gain: float = 1.0
    clips: bool = False
    low_hz: float | None = None
    high_hz: float | None = None


NOTHING = Setting()


def settings(chain: Chain) -> list[Setting]:
    """The chain as slots, as few as its order allows."""
    found: list[Setting] = []
    for effect in chain:
        if not found or not takes(found[-1], effect.kind):
            found.append(NOTHING)
        found[-1] = added(found[-1], effect)
    return found


def fitting(chain: Chain, slots: int) -> Chain:
    """As many of the chain's first effects as fit into so many slots."""
    while len(settings(chain)) > slots:
        chain = chain[:-1]
    return chain


def takes(setting: Setting, kind: str) -> bool:
    """Whether nothing in a slot would have to come after one more effect."""
    if kind == "hpf":
        return setting.high_hz is None
    filters = setting.low_hz is not None or setting.high_hz is not None
    return not filters and (kind == "lpf" or not setting.clips)


def added(setting: Setting, effect: Effect) -> Setting:
    """The slot with one more effect."""
    match effect.kind:
        case "lpf":
            return replace(setting, low_hz=effect.value)
        case "hpf":
            return replace(setting, high_hz=effect.value)
        case kind:
            return replace(setting, gain=setting.gain * effect.value, clips=kind == "dist")


class Slot:
    """A place for a setting. `output` is the node behind it.

    The filters are shelves: at 0 dB they pass everything unchanged, at -100 dB their slope is that of a second-order
    Butterworth filter, so that they need no second way around them. They take a new corner once a block, which is
    heard as a click if it is far from the old one: so corners walk, while the gain is smoothed by the audio thread.
    """

    def __init__(self, source: sf.Node, glide: sf.Node, one: sf.Node, rate: int) -> None:
        """Build the nodes behind `source`, doing nothing; `glide` smooths the gain, `one` is a node that says 1."""
        self._gain, self._floor, self._ceiling = sf.Constant(1.0), sf.Constant(-UNLIMITED), sf.Constant(UNLIMITED)
        driven = sf.Clip(source * sf.Smooth(self._gain, glide), self._floor, self._ceiling)
        self._low, self._high = Corner(SPREAD, rate), Corner(1.0 / SPREAD, rate)
        dark = sf.BiquadFilter(driven, "high_shelf", self._low.hertz, one, self._low.decibels)
        self.output = sf.BiquadFilter(dark, "low_shelf", self._high.hertz, one, self._high.decibels)

    def become(self, setting: Setting) -> None:
        """Do another thing at once."""
        self._floor.set_value(-1.0 if setting.clips else -UNLIMITED)
        self._ceiling.set_value(1.0 if setting.clips else UNLIMITED)
        self._gain.set_value(setting.gain)
        self._low.become(setting.low_hz)
        self._high.become(setting.high_hz)

    def move(self, setting: Setting) -> None:
        """Set out for other numbers of the same setting."""
        self._gain.set_value(setting.gain)
        self._low.goal, self._high.goal = setting.low_hz, setting.high_hz

    def walk(self, ratio: float) -> bool:
        """Bring the corners nearer to their goals, by a factor of `ratio` at most; return whether both are there."""
        return self._low.walk(ratio) & self._high.walk(ratio)


class Corner:
    """The cut-off of a filter made of a shelf.

    `hertz` and `decibels` are the nodes that set the shelf, `goal` is the cut-off wanted, None for no filter.
    """

    def __init__(self, spread: float, rate: int) -> None:
        """Begin without a filter. `spread` is how far the shelf's own corner lies from the cut-off."""
        self.hertz, self.decibels = sf.Constant(1000.0), sf.Constant(0.0)
        self.goal: float | None = None
        self._place: float | None = None
        self._spread, self._rate = spread, rate

    def become(self, hertz: float | None) -> None:
        """Take a cut-off at once."""
        self.goal = hertz
        self.decibels.set_value(0.0 if hertz is None else -RANGE_DB)
        if hertz is not None:
            self._put(hertz)

    def walk(self, ratio: float) -> bool:
        """Come nearer to the goal; return whether it is reached."""
        if self.goal is None or self._place is None or self.goal == self._place:
            return True
        self._put(min(max(self.goal, self._place / ratio), self._place * ratio))
        return self.goal == self._place

    def _put(self, hertz: float) -> None:
        self._place = hertz
        self.hertz.set_value(warped(hertz, self._spread, self._rate))


def warped(hertz: float, factor: float, rate: int) -> float:
    """A frequency times a factor, on the scale of the bilinear transform: never above half the sample rate."""
    return rate / math.pi * math.atan(factor * math.tan(math.pi * hertz / rate))


class Strip:
    """A row of slots.

    `size` is how many; `output` the node behind the last; `chain` what it does now; `moving` whether it is on its
    way to other numbers and needs `walk`.
    """

    def __init__(self, source: sf.Node, size: int, rate: int) -> None:
        """Build the slots behind `source`, doing nothing."""
        self.size = size
        self.chain: Chain = ()
        self.moving = False
        self._walked_s = 0.0
        self._rate = rate
        self._glide, one = sf.Constant(0.0), fixed(1.0)
        self._slots: list[Slot] = []
        self.output = source
        for _ in range(size):
            self._slots.append(Slot(self.output, self._glide, one, rate))
            self.output = self._slots[-1].output

    def become(self, chain: Chain) -> None:
        """Do another chain at once: for a strip that is silent, or at the onset of a sound."""
        if chain == self.chain and not self.moving:
            return
        self._glide.set_value(0.0)
        wanted = settings(chain)
        for slot, setting in zip(self._slots, wanted + [NOTHING] * (self.size - len(wanted)), strict=True):
            slot.become(setting)
        self.chain, self.moving = chain, False

    def move(self, chain: Chain, now: float) -> None:
        """Set out for the values of a chain of the same kinds."""
        if chain == self.chain:
            return
        self._glide.set_value(glide(GLIDE_S, self._rate))
        for slot, setting in zip(self._slots, settings(chain), strict=False):
            slot.move(setting)
        if not self.moving:
            self._walked_s = now
        self.chain, self.moving = chain, True

    def walk(self, now: float) -> None:
        """Go on towards the values; call it every few milliseconds while `moving`."""
        if not self.moving or now <= self._walked_s:
            return
        ratio = math.pow(2.0, min((now - self._walked_s) / OCTAVE_S, LONGEST_STEP))
        self._walked_s = now
        self.moving = not all([slot.walk(ratio) for slot in self._slots])
