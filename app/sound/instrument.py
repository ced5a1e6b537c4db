"""The synthesiser as the other processes know it: addresses in, sound out.

It understands the addresses of the other peers (the Pd, SuperCollider and Max patches): a note is named by its
pitch, and its part where one is given, and sounds once. Striking it again fades the old sound under the new one;
when too many sound, the faintest gives way.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import signalflow as sf

from app.sound.argument import Argument, BadMessageError, note_arguments, number, part_argument
from app.sound.bank import PROGRAMS, Bank, Program
from app.sound.drum import Drums
from app.sound.gate import Gate, Mix
from app.sound.line import Lines
from app.sound.master import Master, guarded
from app.sound.patch import Patch
from app.sound.piano import frequency, sustain_seconds
from app.sound.section import Section
from app.sound.voice import Voice

Key = tuple[str, int]

VOICES = 40
POLYPHONY = 32
DEFAULT_GAIN = 0.8
DEFAULT_PROGRAM = "piano"
STEAL_S = 0.002
RESTRIKE_S = 0.012
PANIC_S = 0.002
ROOM_CLOSED_S = 0.3
SETTLE_S = 0.004  # a silenced voice's trigger is surely seen by the audio thread after this
FADED = 8.0  # after so many of its times a note has faded by 110 dB
FADED_S = 0.1  # and after this, however short its fade

SECTIONS: tuple[Callable[[int], Section], ...] = (Patch,)  # what else sounds, made for a sample rate


@dataclass(slots=True)
class Note:
    """What one voice is doing: `key` while the note is held, since when, how loud, and when it fades away.

    `gate` is open while the voice is computed.
    """

    voice: Voice
    gate: Gate
    key: Key | None = None
    program: Program | None = None
    struck_s: float = -1e9
    silenced_s: float = -1e9
    fading_s: float = STEAL_S
    gain: float = 0.0

    def faded(self, now: float) -> bool:
        """Whether nothing of the note is left."""
        return self.key is None and now - self.silenced_s > max(FADED * self.fading_s, FADED_S)

    def loudness(self, now: float) -> float:
        """Rough present loudness, for choosing which note gives way."""
        if self.key is None:
            return self.gain * math.exp(-(now - self.silenced_s) / self.fading_s)
        if self.program is None or self.program.loop:
            return self.gain
        return self.gain * math.exp(-2.0 * (now - self.struck_s) / sustain_seconds(self.key[1]))


@dataclass(slots=True)
class Count:
    """Figures for the log: messages understood, of unknown address, malformed, and notes without a voice."""

    understood: int = 0
    unknown: int = 0
    bad: int = 0
    dropped: int = 0


@dataclass(slots=True)
class Instrument:
    """Forty voices and the rule of who plays what.

    `bank` holds the tones, `drums` the one-shots, `lines` lead and bass, `sections` these and all else beside the
    voices, `master` the chain behind both, `notes` the voices' doings, `held` the notes held by part and pitch,
    `programs` the instrument of each part ("" is every other), `count` the figures. Times come in as seconds of any
    steady clock.
    """

    bank: Bank
    drums: Drums = field(init=False)
    lines: Lines = field(init=False)
    sections: list[Section] = field(init=False)
    master: Master = field(init=False)
    notes: list[Note] = field(init=False)
    held: dict[Key, Note] = field(default_factory=dict)
    programs: dict[str, str] = field(default_factory=lambda: {"": DEFAULT_PROGRAM})
    count: Count = field(default_factory=Count)
    _closed_s: float | None = None

    def __post_init__(self) -> None:
        """Build the audio nodes; the audio graph must exist."""
        voices = [Voice(self.bank) for _ in range(VOICES)]
        mix = Mix([voice.output for voice in voices])
        self.notes = [Note(voice, gate) for voice, gate in zip(voices, mix.gates, strict=True)]
        self.drums, self.lines = Drums(self.bank.rate), Lines(self.bank.rate)
        self.sections = [*(make(self.bank.rate) for make in SECTIONS), self.lines, self.drums]
        nodes = [guarded(node) for section in self.sections for node in section.nodes]
        self.master = Master([mix.output, *nodes], self.bank.rate)
        self.master.set_gain(DEFAULT_GAIN)

    def handle(self, address: str, arguments: Sequence[Argument], now: float) -> None:
        """Obey one message; unknown addresses are counted and passed over.

        Raises BadMessageError when a known address comes with arguments that cannot be meant.
        """
        self.tick(now)
        try:
            understood = self._obey(address, arguments, now)
        except BadMessageError:
            self.count.bad += 1
            raise
        self.count.understood += understood
        self.count.unknown += not understood and not address.startswith("/gen/")

    def _obey(self, address: str, arguments: Sequence[Argument], now: float) -> bool:
        if any(section.handle(address, arguments, now) for section in self.sections):
            return True
        act = ACTIONS.get(address)
        if act is not None:
            act(self, arguments, now)
        return act is not None

    @property
    def moving(self) -> bool:
        """Return whether something needs a tick every few milliseconds for now."""
        return self.drums.moving or self.lines.moving

    def tick(self, now: float) -> None:
        """Tend the sections, rest the voices that have faded, and open the room again some time after a panic."""
        for section in self.sections:
            section.tick(now)
        for note in self.notes:
            if note.gate.is_open and note.faded(now):
                note.gate.close()
        if self._closed_s is not None and now - self._closed_s > ROOM_CLOSED_S:
            self._closed_s = None
            self.master.open_room()

    def note_on(self, part: str, pitch: int, velocity: int, now: float) -> None:
        """Strike a note; velocity 0 lets it go."""
        if velocity == 0:
            return self.note_off(part, pitch, now)
        self._release((part, pitch), now, RESTRIKE_S)
        note = self._free_note(now)
        if note is None:
            self.count.dropped += 1
            return None
        program = PROGRAMS[self.programs.get(part, self.programs[""])]
        note.key, note.program, note.struck_s, note.gain = (part, pitch), program, now, loudness(velocity)
        self.held[part, pitch] = note
        note.gate.open()
        soft, hard = program.attack_s
        attack_s = soft + (hard - soft) * velocity / 127.0
        note.voice.strike(self.bank.reading(program, pitch), note.gain, brightness(program, pitch, velocity), attack_s)
        return None

    def note_off(self, part: str, pitch: int, now: float) -> None:
        """Let a note go; it rings for its natural release."""
        note = self.held.get((part, pitch))
        if note is not None and note.program is not None:
            program = note.program
            self._release((part, pitch), now, program.undamped_s if pitch > 88 else program.release_s)

    def note_velocity(self, part: str, pitch: int, velocity: int, now: float) -> None:
        """Swell or fade a held note, without striking it; a note not held is passed over."""
        note = self.held.get((part, pitch))
        if note is None or note.program is None:
            return
        note.gain = loudness(velocity) if velocity else 0.0
        note.voice.swell(note.gain, brightness(note.program, pitch, velocity), note.program.swell_s)

    def panic(self, now: float) -> None:
        """Silence everything, the room included, within 10 ms."""
        for note in self.notes:
            self._fade(note, now, PANIC_S)
        for section in self.sections:
            section.panic(now)
        self.held.clear()
        self.master.close_room()
        self._closed_s = now

    def choose_program(self, name: str, part: str) -> None:
        """Give a part ("" for all) another instrument, from its next note on. Raises BadMessageError."""
        if name not in PROGRAMS:
            raise BadMessageError(f"/synth/voice: no voice {name!r}; choose {' or '.join(PROGRAMS)}")
        if not part:
            self.programs.clear()
        self.programs[part] = name

    def _release(self, key: Key, now: float, glide_s: float) -> None:
        note = self.held.pop(key, None)
        if note is not None:
            self._fade(note, now, glide_s)

    def _fade(self, note: Note, now: float, glide_s: float) -> None:
        if note.key is not None:
            note.silenced_s = now
        note.key, note.fading_s = None, glide_s
        note.voice.silence(glide_s)

    def _free_note(self, now: float) -> Note | None:
        """A voice for a new note: the most faded one; when too many are held, the faintest of them is faded."""
        if len(self.held) >= POLYPHONY:
            faintest = min(self.held, key=lambda key: self.held[key].loudness(now))
            self._release(faintest, now, STEAL_S)
        ready = [n for n in self.notes if n.key is None and now - n.silenced_s > SETTLE_S]
        return min(ready, key=lambda n: n.loudness(now), default=None)


def loudness(velocity: int) -> float:
    """Linear gain of a velocity 0..127: a range of 40 dB between 15 and 127."""
    return math.pow(velocity / 127.0, 1.7)


def brightness(program: Program, pitch: int, velocity: int) -> float:
    """Cut-off in Hz of the voice's low-pass: harder is brighter, and no note loses its fundamental."""
    opened = program.dark_hz * math.pow(2.0, program.bright_octaves * velocity / 127.0)
    return opened + 1.5 * frequency(pitch)


def _note_on(instrument: Instrument, arguments: Sequence[Argument], now: float) -> None:
    part, (pitch, velocity) = note_arguments(arguments, 2)
    instrument.note_on(part, pitch, velocity, now)


def _note_off(instrument: Instrument, arguments: Sequence[Argument], now: float) -> None:
    part, (pitch,) = note_arguments(arguments, 1)
    instrument.note_off(part, pitch, now)


def _note_velocity(instrument: Instrument, arguments: Sequence[Argument], now: float) -> None:
    part, (pitch, velocity) = note_arguments(arguments, 2)
    instrument.note_velocity(part, pitch, velocity, now)


def _panic(instrument: Instrument, arguments: Sequence[Argument], now: float) -> None:
    instrument.panic(now)


def _voice(instrument: Instrument, arguments: Sequence[Argument], now: float) -> None:
    instrument.choose_program(str(arguments[0]) if arguments else "", part_argument(arguments[1:]))


def _gain(instrument: Instrument, arguments: Sequence[Argument], now: float) -> None:
    instrument.master.set_gain(number(arguments[0] if arguments else None, 0.0, 1.0))


ACTIONS: dict[str, Callable[[Instrument, Sequence[Argument], float], None]] = {
    "/note_on": _note_on,
    "/note_off": _note_off,
    "/note_vel": _note_velocity,
    "/panic": _panic,
    "/synth/voice": _voice,
    "/synth/gain": _gain,
}


def play(instrument: Instrument, graph: sf.AudioGraph) -> None:
    """Connect an instrument to the graph's output."""
    for node in instrument.master.outputs:
        graph.play(node)
