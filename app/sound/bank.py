"""All tones of the synthesiser, laid end to end in one audio buffer.

One buffer means that a voice is told where to read by plain numbers: no audio object changes hands while the audio
thread runs, which SignalFlow does not guard. Slots begin at quarter seconds, which 32-bit floats hold exactly.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import signalflow as sf

from app.sound.piano import Floats, frequency, piano_tone
from app.sound.strings import strings_tone

STEP = 3  # semitones between two tables; a voice shifts a table by one semitone at most


@dataclass(frozen=True, slots=True)
class Program:
    """How one instrument sounds and answers the player.

    `lowest` and `highest` bound the tables' pitches; notes beyond them shift the outermost table. Times are time
    constants of exponential approaches, in seconds: `attack_s` after a soft and a hard blow, `swell_s` on a change
    of velocity, `release_s` after the key is let go (`undamped_s` above pitch 88, where a piano has no dampers).
    `dark_hz` and `bright_octaves` give the low-pass at velocity 0 and how far full velocity opens it.
    """

    name: str
    tone: Callable[[int, int], Floats]
    loop: bool
    lowest: int
    highest: int
    attack_s: tuple[float, float]
    swell_s: float
    release_s: float
    undamped_s: float
    dark_hz: float
    bright_octaves: float


PROGRAMS = {
    program.name: program
    for program in (
        Program("piano", piano_tone, False, 22, 106, (0.003, 0.0006), 0.04, 0.055, 0.4, 420.0, 5.3),
        Program("strings", strings_tone, True, 25, 106, (0.075, 0.030), 0.07, 0.09, 0.09, 520.0, 4.3),
    )
}


@dataclass(frozen=True, slots=True)
class Zone:
    """One tone in the buffer: the `pitch` it was made for, where it starts and ends, in seconds."""

    pitch: int
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class Reading:
    """What a voice needs to read a tone: start and end in seconds, playback rate, looping or not."""

    start_s: float
    end_s: float
    rate: float
    loop: bool


class Bank:
    """The tones of all programs.

    `buffer` is the audio, stereo; `rate` its sample rate in Hz; `zones` the tones of each program, low to high.
    """

    def __init__(self, rate: int) -> None:
        """Compute every tone at `rate` (less than a second of work)."""
        self.rate = rate
        self.zones: dict[str, list[Zone]] = {}
        tones, seconds = [], 0.0
        for program in PROGRAMS.values():
            self.zones[program.name] = []
            for pitch in range(program.lowest, program.highest + 1, STEP):
                tone = program.tone(pitch, rate)
                end_s = seconds + tone.shape[1] / rate
                self.zones[program.name].append(Zone(pitch, seconds, end_s))
                tones.append((round(seconds * rate), tone))
                seconds = end_s + 0.25
        self.buffer = sf.Buffer(2, round(seconds * rate))
        for start, tone in tones:
            self._write(start, tone)

    def _write(self, start: int, tone: Floats) -> None:
        """Lay down a tone, and its first frame once more behind it: reading between frames looks one ahead."""
        length = tone.shape[1]
        for channel, samples in enumerate(self.buffer.data):
            samples[start : start + length] = tone[channel]
            samples[start + length] = tone[channel, 0]

    def reading(self, program: Program, pitch: int) -> Reading:
        """Where and how fast to read for a pitch.

        A loop's rate is rounded so that a turn takes a whole number of frames and closes without a jump: at most
        0.01 cents off.
        """
        zones = self.zones[program.name]
        zone = zones[max(0, min(len(zones) - 1, round((pitch - program.lowest) / STEP)))]
        rate = frequency(pitch) / frequency(zone.pitch)
        frames = (zone.end_s - zone.start_s) * self.rate
        if program.loop:
            rate = frames / round(frames / rate)
        return Reading(zone.start_s, zone.end_s, rate, program.loop)
