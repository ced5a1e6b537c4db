"""The drums: one-shots by name, each with its row of effects, and samples from files beside them.

A hit takes a free voice and lets the channel's old one fade in 2 ms, so that neither a fast roll nor another row of
effects ever cuts a wave. Files are read by a thread of their own: a long one must not keep the next hit waiting.
"""

from __future__ import annotations

import math
import queue
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import signalflow as sf

from app.sound.argument import Argument, BadMessageError, note_arguments, number
from app.sound.drum_tone import DRUMS, drum_wave
from app.sound.effect import MOST_EFFECTS, Chain, Strip, chain_arguments, fitting, same_kinds, settings
from app.sound.gate import Gate, Mix
from app.sound.piano import Floats
from app.sound.shelf import Place, Shelf
from app.sound.voice import glide
from app.sound.wave_file import SampleError, read_wave

PART = "drums"
PITCHES = {36: "kick", 38: "snare", 42: "closedhat", 46: "openhat"}  # General MIDI, for hits that have no name
PREFIX = "/drum/"
VOICES = (MOST_EFFECTS,) * 4 + (2,) * 6 + (0,) * 6  # slots for effects in each voice
MOST_CHANNELS = 32
MOST_TROUBLES = 20
SHELF_S = 180.0
LEVEL = 0.5
FADE_S = 0.0007  # time constant: -25 dB after 2 ms
READY_S = 0.03  # after the fade, and when a device of long periods has seen the trigger fall
RING_S = 0.5  # what filters ring after the wave
NORMAL = 100.0  # the velocity of an ordinary hit


class DrumVoice:
    """A table reader, a row of effects and a gain.

    `size` is the number of slots for effects, `output` the node to mix, behind a `gate`; `name` is the channel it
    plays, "" when free; `free_s` when it can be taken again.
    """

    def __init__(self, buffer: sf.Buffer, size: int, rate: int) -> None:
        """Build the chain, silent."""
        self.size = size
        self.name = ""
        self.free_s = -math.inf
        self._rate = rate
        self._trigger, self._start, self._end = sf.Constant(0.0), sf.Constant(0.0), sf.Constant(0.0)
        self._gain, self._glide = sf.Constant(0.0), sf.Constant(0.0)
        player = sf.BufferPlayer(buffer, start_time=self._start, end_time=self._end, clock=self._trigger)
        self.strip = Strip(player, size, rate)
        self.output = self.strip.output * sf.Smooth(self._gain, self._glide)
        self.gate: Gate

    def strike(self, name: str, place: Place, chain: Chain, gain: float, now: float) -> None:
        """Play a wave from its beginning; the voice must be free."""
        self.name, self.free_s = name, now + place.end_s - place.start_s + RING_S
        self.gate.open()
        self._start.set_value(place.start_s)
        self._end.set_value(place.end_s)
        self.strip.become(chain)
        self._glide.set_value(0.0)
        self._gain.set_value(gain)
        self._trigger.set_value(1.0)  # last: the audio thread may run between any two of these lines

    def silence(self, now: float) -> None:
        """Fade out, and make the trigger ready for the next hit."""
        self.name, self.free_s = "", now + READY_S
        self._glide.set_value(glide(FADE_S, self._rate))
        self._gain.set_value(0.0)
        self._trigger.set_value(0.0)

    def rest(self, now: float) -> None:
        """Stop reading: what a faded voice still reads would ring in the next hit's filters; they ring out first."""
        self._end.set_value(0.0)
        if now > self.free_s + RING_S:
            self.gate.close()


@dataclass(slots=True)
class Drums:
    """The section of drums and samples.

    `rate` is the sample rate in Hz, `shelf` holds the waves, `chains` the effects by channel, `voices` the voices,
    `troubles` sentences about files that could not be used, `dropped` the hits for which no voice was free.
    """

    rate: int
    shelf: Shelf = field(init=False)
    chains: dict[str, Chain] = field(default_factory=dict)
    voices: list[DrumVoice] = field(init=False)
    troubles: list[str] = field(default_factory=list)
    dropped: int = 0
    nodes: list[sf.Node] = field(init=False)
    _loader: Loader = field(init=False)

    def __post_init__(self) -> None:
        """Compute the drums and build the voices; the audio graph must exist."""
        self.shelf = Shelf(self.rate, SHELF_S)
        for name in DRUMS:
            self.shelf.put(name, drum_wave(name, self.rate).astype(np.float32))
        self.voices = [DrumVoice(self.shelf.buffer, size, self.rate) for size in VOICES]
        mix = Mix([voice.output for voice in self.voices])
        for voice, gate in zip(self.voices, mix.gates, strict=True):
            voice.gate = gate
        self.nodes = [mix.output]
        self._loader = Loader(self.rate)

    def handle(self, address: str, arguments: Sequence[Argument], now: float) -> bool:
        """Obey `/drum/...`, and note messages of the part "drums"."""
        if address in ("/note_on", "/note_off"):
            return PART in arguments and self._note(address, arguments, now)
        if not address.startswith(PREFIX):
            return False
        if address == "/drum/effects":
            self.set_effects(*channel_argument(arguments), now)
        elif address == "/drum/load":
            self._load(arguments)
        else:
            self.hit(address[len(PREFIX) :], number(arguments[0] if arguments else NORMAL, 0.0, 127.0), now)
        return True

    def hit(self, name: str, velocity: float, now: float) -> None:
        """Strike a channel; velocity 0 does nothing. Raises BadMessageError for one that does not exist."""
        place = self.shelf.places.get(name)
        if place is None:
            raise BadMessageError(f"no drum {name!r}; load a sample of that name first")
        if not velocity:
            return
        for voice in self.voices:
            if voice.name == name:
                voice.silence(now)
        chain = self.chains.get(name, ())
        free = self._free_voice(len(settings(chain)), now) or self._free_voice(0, now)
        if free is None:
            self.dropped += 1
            return
        if len(settings(chain)) > free.size:
            self._tell(f"Too many drums with long rows of effects ring at once; {name} has only its first ones")
            chain = fitting(chain, free.size)
        free.strike(name, place, chain, LEVEL * math.pow(velocity / NORMAL, 1.5), now)

    def set_effects(self, name: str, arguments: Sequence[Argument], now: float) -> None:
        """Give a channel its row of effects: new values are heard at once, new kinds from the next hit."""
        chain = chain_arguments(arguments, self.rate)
        if name not in self.chains and len(self.chains) >= 2 * MOST_CHANNELS:
            raise BadMessageError(f"effects for more than {2 * MOST_CHANNELS} channels")
        self.chains[name] = chain
        for voice in self.voices:
            if voice.name == name and same_kinds(voice.strip.chain, chain):
                voice.strip.move(chain, now)

    @property
    def moving(self) -> bool:
        """Return whether effects are on their way to other values, so that ticks should come every few ms."""
        return any(voice.strip.moving for voice in self.voices)

    def tick(self, now: float) -> None:
        """Take in samples that were read, walk the effects, and let voices go that have ended."""
        for voice in self.voices:
            voice.strip.walk(now)
            if now > voice.free_s and voice.gate.is_open:
                if voice.name:
                    voice.silence(now)
                else:
                    voice.rest(now)
        for name, wave, trouble in self._loader.done():
            if trouble:
                self._tell(trouble)
            elif name not in self.shelf.places and len(self.shelf.places) >= MOST_CHANNELS:
                self._tell(f"There are {MOST_CHANNELS} drums already; {name} was left out")
            elif not self.shelf.put(name, wave):
                self._tell(f"The samples last more than {SHELF_S:.0f} s together; {name} was left out")

    def panic(self, now: float) -> None:
        """Fade everything within 10 ms."""
        for voice in self.voices:
            voice.silence(now)

    def finish_loading(self) -> None:
        """Wait until every sample asked for has been read: for a performance without a clock."""
        self._loader.wait()

    def _tell(self, trouble: str) -> None:
        """Keep a sentence until somebody reads it; not twice, and not without end."""
        if trouble not in self.troubles and len(self.troubles) < MOST_TROUBLES:
            self.troubles.append(trouble)

    def _load(self, arguments: Sequence[Argument]) -> None:
        match arguments:
            case [str(name), str(path), *_] if name and name not in ("effects", "load"):
                self._loader.ask(name, path)
            case _:
                raise BadMessageError("/drum/load needs a name and the path of a WAV file")

    def _note(self, address: str, arguments: Sequence[Argument], now: float) -> bool:
        """A hit by pitch; a one-shot has no end to hear of."""
        if address == "/note_on":
            _, (pitch, velocity) = note_arguments(arguments, 2)
            if pitch in PITCHES:
                self.hit(PITCHES[pitch], velocity, now)
        return True

    def _free_voice(self, slots: int, now: float) -> DrumVoice | None:
        """The smallest free voice with slots enough, of these the one longest free."""
        free = [v for v in self.voices if not v.name and v.size >= slots and now >= v.free_s]
        return min(free, key=lambda voice: (voice.size, voice.free_s), default=None)


class Loader:
    """A thread that reads sound files, one after the other."""

    def __init__(self, rate: int) -> None:
        """Prepare; the thread starts with the first file."""
        self._rate = rate
        self._asked: queue.Queue[tuple[str, str]] = queue.Queue()
        self._done: queue.SimpleQueue[tuple[str, Floats, str]] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None

    def ask(self, name: str, path: str) -> None:
        """Have a file read under a name."""
        self._asked.put((name, path))
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="samples", daemon=True)
            self._thread.start()

    def done(self) -> list[tuple[str, Floats, str]]:
        """What was read since the last call: name, wave, and why there is none ("" when there is)."""
        return [self._done.get() for _ in range(self._done.qsize())]

    def wait(self) -> None:
        """Wait until all is read."""
        self._asked.join()

    def _run(self) -> None:
        while True:
            name, path = self._asked.get()
            try:
                self._done.put((name, read_wave(path, self._rate), ""))
            except (SampleError, MemoryError) as error:
                self._done.put((name, np.zeros(0, np.float32), str(error) or f"{path} is too large"))
            self._asked.task_done()


def channel_argument(arguments: Sequence[Argument]) -> tuple[str, Sequence[Argument]]:
    """The name in front of other arguments, and these. Raises BadMessageError."""
    if not arguments or not isinstance(arguments[0], str):
        raise BadMessageError("effects need the name of a channel first")
    return arguments[0], arguments[1:]
