"""One sound of sixteen parameters, which sounds as long as it is on: what a preset is heard with.

Auditioning presets needs a voice that speaks at once and goes on while knobs turn, so it is no note: it drones, or
pulses where `depth` is up, and every number glides. Two detuned saws, or a sine modulated by its own octave below,
pass saturation, a resonant low-pass, a pulse that opens both filter and volume, and an echo.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import signalflow as sf

from app.sound.argument import Argument, BadMessageError, number
from app.sound.gate import Mix
from app.sound.master import fixed, guarded
from app.sound.voice import glide

ROOT = "/patch/"
GLIDE_S = 0.008
FADE_S = 0.02
PANIC_S = 0.0015
SILENT_S = 0.04
ECHO_S = 0.34
ECHO_RUNS_OUT_S = 0.5  # After a panic, until the echo's line holds nothing any more.
RINGS_S = 14.0  # After the last word: the longest attack and decay, and an echo that has lost 110 dB.
LOUDNESS = 0.3
PARTIALS = (96, 24, 7)  # Of the three saws, for low, middle and high frequencies.
MIDDLE_HZ, HIGH_HZ = 220.0, 850.0


@dataclass(frozen=True, slots=True)
class Setting:
    """One parameter's range and the value it begins with."""

    name: str
    low: float
    high: float
    default: float


SETTINGS = (
    Setting("freq", 20.0, 2000.0, 110.0),
    Setting("harm", 1.0, 32.0, 4.0),
    Setting("cutoff", 60.0, 12000.0, 1200.0),
    Setting("res", 0.0, 1.0, 0.2),
    Setting("attack", 0.002, 2.0, 0.01),
    Setting("decay", 0.02, 4.0, 0.5),
    Setting("mix", 0.0, 1.0, 0.3),
    Setting("drive", 0.0, 1.0, 0.1),
    Setting("detune", 0.0, 1.0, 0.1),
    Setting("sub", 0.0, 1.0, 0.0),
    Setting("noise", 0.0, 1.0, 0.0),
    Setting("rate", 0.1, 20.0, 2.0),
    Setting("depth", 0.0, 1.0, 0.0),
    Setting("fm", 0.0, 1.0, 0.0),
    Setting("pan", -1.0, 1.0, 0.0),
    Setting("delay", 0.0, 1.0, 0.1),
)


class Patch:
    """The voice and its sixteen numbers; a Section of the instrument.

    Attributes: `values` (setting name -> what was last sent), `playing` (whether it drones), `nodes`.
    """

    def __init__(self, rate: int) -> None:
        """Build the nodes at a sample rate in Hz, silent; the audio graph must exist."""
        self.values = {setting.name: setting.default for setting in SETTINGS}
        self.playing = False
        self._rate = rate
        self._numbers = {setting.name: sf.Constant(setting.default) for setting in SETTINGS}
        self._saws = [sf.Constant(share) for share in saw_shares(self.values["freq"])]
        self._gate, self._fade = sf.Constant(0.0), sf.Constant(glide(FADE_S, rate))
        self._blow, self._trigger = sf.Constant(0.0), sf.Constant(0.0)
        self._echo, self._feedback = sf.Constant(1.0), sf.Constant(0.5)
        self._armed_s: float | None = None
        self._silenced_s: float | None = None
        mix = Mix([self._build()])
        self._sound = mix.gates[0]
        self._heard_s = -math.inf
        self.nodes: Sequence[sf.Node] = (mix.output,)

    # --- the section ----------------------------------------------------------------------------------

    def handle(self, address: str, arguments: Sequence[Argument], now: float) -> bool:
        if not address.startswith(ROOT):
            return False
        self._heard_s = now
        self._sound.open()
        self.tick(now)
        name = address.removeprefix(ROOT)
        if name in self.values:
            self.set(name, _first(arguments, address))
        elif name == "all":
            self._set_all(arguments)
        elif name == "play":
            self.play(bool(number(arguments[0] if arguments else 1, -1e9, 1e9)))
        elif name == "strike":
            self.strike(number(arguments[0] if arguments else 100, 0.0, 127.0), now)
        else:
            raise BadMessageError(f"{address}: the patch has no {name}; it has {', '.join(self.values)}")
        return True

    def tick(self, now: float) -> None:
        """Let a strike begin that waited for the trigger to fall, the echo return after a panic, and silence rest."""
        if self._sound.is_open and not self.playing and now - self._heard_s > RINGS_S:
            self._sound.close()
        if self._armed_s is not None and now >= self._armed_s:
            self._armed_s = None
            self._trigger.set_value(1.0)
        if self._silenced_s is None:
            return
        if now - self._silenced_s > SILENT_S:
            self._fade.set_value(glide(FADE_S, self._rate))
        if now - self._silenced_s > ECHO_RUNS_OUT_S:
            self._silenced_s = None
            self._echo.set_value(1.0)
            self._feedback.set_value(0.5)

    def panic(self, now: float) -> None:
        self.playing, self._armed_s, self._silenced_s = False, None, now
        self._fade.set_value(glide(PANIC_S, self._rate))
        self._gate.set_value(0.0)
        self._blow.set_value(0.0)
        self._trigger.set_value(0.0)
        self._echo.set_value(0.0)
        self._feedback.set_value(0.0)

    # --- verbs ----------------------------------------------------------------------------------------

    def set(self, name: str, value: float) -> None:
        """Let a parameter glide to a value, clamped to its range."""
        setting = next(one for one in SETTINGS if one.name == name)
        self.values[name] = value = min(max(value, setting.low), setting.high)
        self._numbers[name].set_value(value)
        if name == "freq":
            for constant, share in zip(self._saws, saw_shares(value), strict=True):
                constant.set_value(share)

    def play(self, on: bool) -> None:
        """Sound from now on, or fade out."""
        self.playing = on
        self._gate.set_value(1.0 if on else 0.0)

    def strike(self, velocity: float, now: float) -> None:
        """Sound once, with attack and decay, whether it drones or not; velocity 0..127, 0 does nothing."""
        if velocity <= 0:
            return
        self._blow.set_value(math.pow(velocity / 127.0, 1.7))
        self._trigger.set_value(0.0)
        self._armed_s = now + 0.006  # The audio thread must have seen it fall to see it rise.

    def _set_all(self, arguments: Sequence[Argument]) -> None:
        if len(arguments) != len(SETTINGS):
            raise BadMessageError(f"/patch/all needs {len(SETTINGS)} numbers, got {len(arguments)}")
        for setting, argument in zip(SETTINGS, [number(one, -1e9, 1e9) for one in arguments], strict=True):
            self.set(setting.name, argument)

    # --- nodes ----------------------------------------------------------------------------------------

    def _build(self) -> sf.Node:
        at: Callable[[str], sf.Node] = self._glided
        tone = self._tone(at) + sf.WhiteNoise() * at("noise") * fixed(0.5)
        driven = sf.Tanh(tone * (fixed(0.7) + at("drive") * at("drive") * fixed(12.0)))
        pulse, blow = self._pulse(self._glided), self._struck()
        shape = (fixed(1.0) - at("depth")) + at("depth") * pulse
        top = sf.Clip(at("cutoff") * (fixed(1.0) + (at("depth") * pulse + blow) * fixed(1.5)), fixed(40.0), self._top)
        dark = sf.SVFilter(driven, "low_pass", top, at("res") * fixed(0.94))
        body = sf.Tanh(guarded(dark) * fixed(0.9))
        gate = sf.Smooth(sf.Smooth(self._gate, self._fade), self._fade)
        dry = body * (shape * gate + sf.Smooth(blow, self._fade))
        echo = sf.CombDelay(dry, fixed(ECHO_S), self._feedback, 0.5) - dry
        wet = echo * at("delay") * sf.Smooth(self._echo, fixed(glide(PANIC_S, self._rate)))
        return guarded(sf.StereoPanner((dry + wet) * fixed(LOUDNESS), at("pan")))

    @property
    def _top(self) -> sf.Node:
        return fixed(0.4 * self._rate)

    def _glided(self, name: str) -> sf.Node:
        coefficient = fixed(glide(GLIDE_S, self._rate))
        return sf.Smooth(sf.Smooth(self._numbers[name], coefficient), coefficient)

    def _tone(self, at: Callable[[str], sf.Node]) -> sf.Node:
        """Saws on one side of `mix`, a modulated sine at the harmonic on the other, a sine an octave below both."""
        freq, spread = at("freq"), at("detune") * at("detune") * fixed(0.06)
        below, above = freq * (fixed(1.0) - spread), freq * (fixed(1.0) + spread)
        saws = []
        for partials, share in zip(PARTIALS, self._saws, strict=True):
            table = sf.Buffer([saw_table(partials)])
            pair = sf.Wavetable(table, below) + sf.Wavetable(table, above)
            saws.append(pair * sf.Smooth(share, fixed(glide(GLIDE_S, self._rate))))
        high = sf.Clip(freq * at("harm"), fixed(1.0), fixed(0.4 * self._rate))
        bell = sf.SineOscillator(high, sf.SineOscillator(freq) * at("fm") * fixed(5.0))
        mix = at("mix")
        tone: sf.Node = sf.Sum(saws) * fixed(0.5) * (fixed(1.0) - mix) + bell * mix
        return tone + sf.SineOscillator(freq * fixed(0.5)) * at("sub")

    def _pulse(self, at: Callable[[str], sf.Node]) -> sf.Node:
        """0..1, rising and falling `rate` times a second; a rise from where it fell to does not click."""
        attack, longest = at("attack"), fixed(0.4) / at("rate")  # A slower rise would never arrive.
        attack = (attack + longest - sf.Abs(attack - longest)) * fixed(0.5)
        envelope = sf.ASREnvelope(attack, fixed(0.0), at("decay"), fixed(1.0), sf.Impulse(at("rate")))
        smoothed: sf.Node = sf.Smooth(envelope * envelope, fixed(glide(0.0015, self._rate)))
        return smoothed

    def _struck(self) -> sf.Node:
        envelope = sf.ASREnvelope(self._glided("attack"), fixed(0.0), self._glided("decay"), fixed(1.0), self._trigger)
        return sf.Smooth(envelope * envelope, fixed(glide(0.0015, self._rate))) * self._blow


def saw_shares(freq: float) -> tuple[float, float, float]:
    """Return how loud each of the three saws is at a frequency: crossfades over half an octave, the sum is 1."""
    low = _below(freq, MIDDLE_HZ)
    high = 1.0 - _below(freq, HIGH_HZ)
    return low, max(1.0 - low - high, 0.0), high


def _below(freq: float, border: float) -> float:
    return min(max(0.5 - 2.0 * math.log2(freq / border), 0.0), 1.0)


def saw_table(partials: int, size: int = 2048) -> list[float]:
    """Return one turn of a saw of so many partials, peaks near 1."""
    phase = np.arange(size) / size * 2.0 * math.pi
    order = np.arange(1, partials + 1)[:, None]
    # Each partial a little softer towards the top, so that the last one does not ring.
    softened = np.sinc(order / (partials + 1)) / order
    wave = (softened * np.sin(order * phase)).sum(axis=0) * (2.0 / math.pi)
    return [float(one) for one in wave]


def _first(arguments: Sequence[Argument], address: str) -> float:
    if not arguments:
        raise BadMessageError(f"{address} needs a number")
    return number(arguments[0], -1e9, 1e9)
