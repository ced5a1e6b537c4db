"""One sounding note: a table reader, a low-pass and a gain that glide.

All voices are built before the sound starts and are only ever told numbers afterwards. The audio thread reads
those numbers once a block; a new note begins on the rising edge of the trigger number, which it reads first.
"""

from __future__ import annotations

import math

import signalflow as sf

from app.sound.bank import Bank, Reading


def glide(seconds: float, rate: int) -> float:
    """Coefficient of a one-pole smoother with the given time constant."""
    return math.exp(-1.0 / max(seconds * rate, 1e-6))


def low_pass(hertz: float, rate: int) -> float:
    """Coefficient of a one-pole low-pass with the given cut-off frequency."""
    return math.exp(-2.0 * math.pi * min(hertz, 0.45 * rate) / rate)


class Voice:
    """A chain of audio nodes that plays one note at a time.

    `output` is the node to mix. The remaining attributes are the numbers of the chain.
    """

    def __init__(self, bank: Bank) -> None:
        """Build the chain, silent."""
        self._rate_hz = bank.rate
        self._trigger = sf.Constant(0.0)
        self._start, self._end = sf.Constant(0.0), sf.Constant(0.0)
        self._rate, self._loop = sf.Constant(1.0), sf.Constant(0.0)
        self._tone, self._glide, self._gain = sf.Constant(0.0), sf.Constant(0.5), sf.Constant(0.0)
        player = sf.BufferPlayer(
            bank.buffer,
            rate=self._rate,
            loop=self._loop,
            start_time=self._start,
            end_time=self._end,
            clock=self._trigger,
        )
        self._player = player
        dark = sf.Smooth(sf.Smooth(player, self._tone), self._tone)
        self.output = dark * sf.Smooth(sf.Smooth(self._gain, self._glide), self._glide)

    def strike(self, reading: Reading, gain: float, hertz: float, attack_s: float) -> None:
        """Begin a note; the voice must have been silenced before. Gain is linear, `hertz` the low-pass."""
        self._start.set_value(reading.start_s)
        self._end.set_value(reading.end_s)
        self._rate.set_value(reading.rate)
        self._loop.set_value(1.0 if reading.loop else 0.0)
        self.swell(gain, hertz, attack_s)
        self._trigger.set_value(1.0)  # last: the audio thread may run between any two of these lines

    def swell(self, gain: float, hertz: float, glide_s: float) -> None:
        """Glide to a new gain and brightness."""
        self._tone.set_value(low_pass(hertz, self._rate_hz))
        self._glide.set_value(glide(glide_s / 2.0, self._rate_hz))  # two smoothers in a row
        self._gain.set_value(gain)

    def silence(self, glide_s: float) -> None:
        """Fade out, and make the trigger ready for the next note."""
        self._glide.set_value(glide(glide_s / 2.0, self._rate_hz))
        self._gain.set_value(0.0)
        self._trigger.set_value(0.0)
