"""Lead and bass: one voice each, a sawtooth through a resonant filter that every note opens and lets close.

The sound that acid lines are made of, after the published behaviour of such machines (Open303, R. Schmidt): one
voice, decay only, a cut-off that travels with the envelope. Two state-variable filters in a row make the four
poles; unlike a ladder they stay stable at every cut-off and resonance, however fast these move.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import signalflow as sf

from app.sound.argument import Argument, BadMessageError, number
from app.sound.drum import channel_argument
from app.sound.effect import MOST_EFFECTS, Chain, Strip, chain_arguments, same_kinds
from app.sound.gate import Gate, Mix
from app.sound.master import fixed
from app.sound.piano import Floats, frequency
from app.sound.saw import SHAPE_S, amplitude_shape, filter_shape, saw_tables, table_of
from app.sound.voice import glide

NAMES = ("lead", "bass")
LEVEL = 0.42
LOWEST_CUT, HIGHEST_CUT = 20.0, 20_000.0  # Hz
LOWEST_OPEN, HIGHEST_OPEN = 200.0, 20_000.0  # Hz, of the travelling cut-off
NARROWEST, WIDEST = 0.08, 1.35  # damping (1/Q) at full and at no resonance
FIRST_DAMPING = 1.6
STRIKE_S, LET_GO_S, PANIC_S = 0.0008, 0.02, 0.0007
MOVE_S = 0.008
RING_S = 0.5  # what filters ring after the shapes
EDGE_S = 0.001  # length of the pulse that starts the shapes
COUNT = 1024


def travel(cut: float, env: float) -> tuple[float, float]:
    """Octaves of the cut-off (as log2 of Hz) with the envelope at 0, and what the envelope adds at 1.

    The law measured on Open303: cut * 2 ** (A * (e - off)), with A and off depending on both settings.
    """
    place = math.log(cut / 313.8) / math.log(2394.4 / 313.8)
    amount = env / 100.0
    octaves = (1.0 - place) * (3.774 * amount + 0.737) + place * (4.195 * amount + 0.864)
    return math.log2(cut) - octaves * (0.0483 * place + 0.2944), octaves


def damping(res: float) -> float:
    """1/Q of the resonant pair of poles for a resonance 0..100; most happens early, as the ear hears it."""
    skewed = (1.0 - math.exp(-3.0 * res / 100.0)) / (1.0 - math.exp(-3.0))
    return WIDEST * math.pow(NARROWEST / WIDEST, skewed)


class Line:
    """One voice.

    `name` is its part; `output` the node to mix, behind a `gate`; `strip` its effects; `pitch` what sounds, None when
    nothing is held.
    """

    def __init__(self, name: str, tables: sf.Buffer2D, shapes: tuple[sf.Buffer, sf.Buffer], rate: int) -> None:
        """Build the voice, silent, with the filter half open. `shapes` are the filter's and the amplitude's."""
        self.name = name
        self.pitch: float | None = None
        self._rate = rate
        self._chain: Chain = ()
        self._cut, self._env = 1000.0, 50.0
        self._count, self._hertz, self._table = sf.Constant(0.0), sf.Constant(110.0), sf.Constant(0.0)
        self._loudness, self._gate, self._glide = sf.Constant(0.0), sf.Constant(0.0), sf.Constant(0.0)
        self._base, self._octaves, self._resonance = sf.Constant(9.0), sf.Constant(0.0), sf.Constant(0.0)
        self._drive = sf.Constant(1.0)
        # A new count differs from the count a millisecond ago: a pulse at every note, also of two in one breath.
        edge = sf.NotEqual(self._count, sf.OneTapDelay(self._count, fixed(EDGE_S), 2 * EDGE_S))
        opening, closing = (sf.BufferPlayer(shape, clock=edge) for shape in shapes)
        amplitude = sf.Smooth(closing * self._loudness, fixed(glide(STRIKE_S, rate)))
        self.strip = Strip(self._filtered(tables, opening) * amplitude, MOST_EFFECTS, rate)
        self.output = self.strip.output * sf.Smooth(self._gate, self._glide)
        self.gate: Gate
        self._still_s = -math.inf
        self._turn()
        self.set_res(50.0)

    def _filtered(self, tables: sf.Buffer2D, opening: sf.Node) -> sf.Node:
        """The sawtooth through the filter."""
        slow = fixed(glide(MOVE_S, self._rate))
        octaves = sf.Smooth(self._base, slow) + sf.Smooth(self._octaves, slow) * opening
        hertz = sf.Clip(sf.Pow(fixed(2.0), octaves), fixed(LOWEST_OPEN), fixed(min(HIGHEST_OPEN, 0.45 * self._rate)))
        saw = sf.Wavetable2D(tables, self._hertz, self._table) * sf.Smooth(self._drive, slow)
        first = sf.SVFilter(saw, "low_pass", hertz, fixed(1.0 - FIRST_DAMPING / 2.0))
        return sf.Tanh(sf.SVFilter(first, "low_pass", hertz, sf.Smooth(self._resonance, slow)))

    def wake(self, now: float) -> None:
        """Be computed until all shapes have ended and all numbers have arrived."""
        self._still_s = now + SHAPE_S + RING_S
        self.gate.open()

    def tick(self, now: float) -> None:
        """Walk the effects, and be computed no longer when nothing sounds any more."""
        self.strip.walk(now)
        if now > self._still_s:
            self.gate.close()

    def strike(self, pitch: float, velocity: float) -> None:
        """Begin a note; what sounds gives way to it."""
        self.pitch = pitch
        if not same_kinds(self.strip.chain, self._chain):
            self.strip.become(self._chain)
        self._hertz.set_value(frequency(pitch))
        self._table.set_value(table_of(pitch))
        self._loudness.set_value(LEVEL * math.pow(velocity / 100.0, 1.5))
        self._glide.set_value(glide(STRIKE_S, self._rate))
        self._gate.set_value(1.0)
        self._count.set_value((self._count.value + 1.0) % COUNT)

    def let_go(self, seconds: float = LET_GO_S) -> None:
        """End the note."""
        self.pitch = None
        self._glide.set_value(glide(seconds, self._rate))
        self._gate.set_value(0.0)

    def set_cut(self, hertz: float) -> None:
        """Set the cut-off around which the filter travels."""
        self._cut = min(max(hertz, LOWEST_CUT), HIGHEST_CUT)
        self._turn()

    def set_env(self, amount: float) -> None:
        """Set how far the filter travels, 0..100."""
        self._env = min(max(amount, 0.0), 100.0)
        self._turn()

    def set_res(self, amount: float) -> None:
        """Set the resonance, 0..100; the more of it, the less of the rest, so that the level stays."""
        damped = damping(min(max(amount, 0.0), 100.0))
        self._resonance.set_value(1.0 - damped / 2.0)
        self._drive.set_value(1.6 * math.pow(damped, 0.4))

    def set_effects(self, arguments: Sequence[Argument], now: float) -> None:
        """Set the row of effects: new values are heard at once, new kinds from the next note."""
        self._chain = chain_arguments(arguments, self._rate)
        if same_kinds(self.strip.chain, self._chain):
            self.strip.move(self._chain, now)

    def _turn(self) -> None:
        base, octaves = travel(self._cut, self._env)
        self._base.set_value(base)
        self._octaves.set_value(octaves)


CONTROLS: dict[str, Callable[[Line, float], None]] = {"cut": Line.set_cut, "res": Line.set_res, "env": Line.set_env}


class Lines:
    """The section of lead and bass.

    `lines` are the voices by part; `nodes` what to mix.
    """

    def __init__(self, rate: int) -> None:
        """Compute the tables and build the voices; the audio graph must exist."""
        tables = saw_tables(rate)
        shapes = (shape_buffer(filter_shape(rate)), shape_buffer(amplitude_shape(rate)))
        self.lines = {name: Line(name, tables, shapes, rate) for name in NAMES}
        mix = Mix([line.output for line in self.lines.values()])
        for line, gate in zip(self.lines.values(), mix.gates, strict=True):
            line.gate = gate
        self.nodes = [mix.output]
        self._controls = {
            f"/{name}/{control}": (line, act) for name, line in self.lines.items() for control, act in CONTROLS.items()
        }

    def handle(self, address: str, arguments: Sequence[Argument], now: float) -> bool:
        """Obey notes of the parts, `/lead/cut` and its like, and effects for them."""
        if address in ("/note_on", "/note_off"):
            return self._note(address, arguments, now)
        if address in self._controls:
            line, act = self._controls[address]
            line.wake(now)
            act(line, number(arguments[0] if arguments else None, -1e9, 1e9))
            return True
        if address == "/drum/effects":
            name, values = channel_argument(arguments)
            if name in self.lines:
                self.lines[name].wake(now)
                self.lines[name].set_effects(values, now)
            return name in self.lines
        return False

    def _note(self, address: str, arguments: Sequence[Argument], now: float) -> bool:
        """A note of a part that plays here; its pitch may lie between the keys."""
        line = next((self.lines[part] for part in arguments if isinstance(part, str) and part in self.lines), None)
        if line is None:
            return False
        numbers = 2 if address == "/note_on" else 1
        if len(arguments) <= numbers:
            raise BadMessageError(f"{address} needs {numbers} numbers before the part")
        pitch, *rest = (number(argument, 0.0, 127.0) for argument in arguments[:numbers])
        line.wake(now)
        if rest and rest[0] > 0.0:
            line.strike(pitch, rest[0])
        elif line.pitch is not None and abs(line.pitch - pitch) <= 0.5:
            line.let_go()
        return True

    @property
    def moving(self) -> bool:
        """Return whether effects are on their way to other values, so that ticks should come every few ms."""
        return any(line.strip.moving for line in self.lines.values())

    def tick(self, now: float) -> None:
        """Tend both."""
        for line in self.lines.values():
            line.tick(now)

    def panic(self, now: float) -> None:
        """Fade both within 10 ms."""
        for line in self.lines.values():
            line.wake(now)
            line.let_go(PANIC_S)


def shape_buffer(shape: Floats) -> sf.Buffer:
    """A shape as an audio buffer."""
    buffer = sf.Buffer(1, shape.size)
    buffer.data[0][:] = shape  # By a list of numbers it would take ten times the memory.
    return buffer
