"""All tones of the synthesiser, laid end to end in one audio buffer.

One buffer means that a voice is told where to read by plain numbers: no audio object changes hands while the audio
thread runs, which SignalFlow does not guard. Slots begin at quarter seconds, which 32-bit floats hold exactly.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import signalflow as sf

from app.sound.piano import Floats, frequency, piano_tone, tone_seconds
from app.sound.strings import loop_seconds, strings_tone

STEP = 3  # semitones between two tables; a voice shifts a table by one semitone at most


@dataclass(frozen=True, slots=True)
class Program:
    """How one instrument sounds and answers the player.

    `tone` computes a table from pitch and sample rate, `seconds` tells its length from the pitch beforehand.
    `lowest` and `highest` bound the tables' pitches; notes beyond them shift the outermost table. Times are time
    constants of exponential approaches, in seconds: `attack_s` after a soft and a hard blow, `swell_s` on a change
    of velocity, `release_s` after the key is let go (`undamped_s` above pitch 88, where a piano has no dampers).
    `dark_hz` and `bright_octaves` give the low-pass at velocity 0 and how far full velocity opens it.
    """

    name: str
    tone: Callable[[int, int], Floats]
    seconds: Callable[[int], float]
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
        Program("piano", piano_tone, tone_seconds, False, 22, 106, (0.003, 0.0006), 0.04, 0.055, 0.4, 420.0, 5.3),
        Program("strings", strings_tone, loop_seconds, True, 25, 106, (0.075, 0.030), 0.07, 0.09, 0.09, 520.0, 4.3),
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
        """Lay out the buffer for `rate`, silent."""
        self.rate = rate
        self.zones: dict[str, list[Zone]] = {}
        seconds = 0.0
        for program in PROGRAMS.values():
            self.zones[program.name] = []
            for pitch in range(program.lowest, program.highest + 1, STEP):
                zone = Zone(pitch, seconds, seconds + program.seconds(pitch))
                self.zones[program.name].append(zone)
                seconds = zone.end_s + 0.25
        self.buffer = sf.Buffer(2, round(seconds * rate))

    def fill(self, name: str, pause_s: float = 0.0) -> None:
        """Compute a program's tones: half a second of work, safe while other programs sound.

        A pause after each tone leaves the processor to those that play meanwhile.
        """
        for zone in self.zones[name]:
            tone = PROGRAMS[name].tone(zone.pitch, self.rate)
            start = round(zone.start_s * self.rate)
            for channel, samples in enumerate(self.buffer.data):
                samples[start : start + tone.shape[1]] = tone[channel]
                samples[start + tone.shape[1]] = tone[channel, 0]  # reading between frames looks one ahead
            time.sleep(pause_s)

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
