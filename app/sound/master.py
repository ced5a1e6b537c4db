"""From the voices to the loudspeaker: room, volume, limiter, guard and meter.

The limiter looks 1.5 ms ahead, so that forty fortissimo notes are turned down before they arrive; the clipper
behind it only guarantees what the limiter promises. A value that is not a number never reaches the loudspeaker.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import signalflow as sf

from app.sound.voice import glide

LOOK_AHEAD_S = 0.0015
THRESHOLD = 0.7
CEILING = 0.98
MAKE_UP = 1.15
WET = 0.22
FEEDBACK = 0.8
METER_S = 0.1
UNTOUCHED = 2.0  # above the ceiling: marks meter samples that no audio has overwritten


class Master:
    """The nodes behind the voices.

    `outputs` are the nodes to play: what is heard and the meter's recorder, which itself is silent.
    """

    def __init__(self, voices: Sequence[sf.Node], rate: int) -> None:
        """Build the chain; the volume starts at 0."""
        self._gain, self._wet, self._feedback = sf.Constant(0.0), sf.Constant(WET), sf.Constant(FEEDBACK)
        dry = guarded(sf.Sum(list(voices)))
        room = self._room(dry, rate)
        volume = sf.Smooth(self._gain, fixed(glide(0.015, rate)))
        heard = sf.Clip(limited((dry + room) * volume), fixed(-CEILING), fixed(CEILING))
        self._meter = sf.Buffer(2, round(METER_S * rate))
        self._clear_meter()
        self.outputs = [heard, sf.BufferRecorder(self._meter, heard, fixed(0.0), True)]

    def _room(self, dry: sf.Node, rate: int) -> sf.Node:
        """A small hall: two all-pass filters blur the attacks, a delay network carries them on."""
        once = sf.AllpassDelay(dry, fixed(0.0071), fixed(0.6), 0.02)
        twice = sf.AllpassDelay(once, fixed(0.0117), fixed(0.55), 0.02)
        network = sf.FeedbackDelayNetwork(twice, 8, self._feedback, fixed(0.45), fixed(1.0), fixed(0.0), 0.062)
        room: sf.Node = guarded(network) * sf.Smooth(self._wet, fixed(glide(0.004, rate)))
        return room

    def set_gain(self, gain: float) -> None:
        """Set the volume, 0..1, reached in 50 ms."""
        self._gain.set_value(gain * MAKE_UP)

    def close_room(self) -> None:
        """Silence the room and let its echoes run out."""
        self._wet.set_value(0.0)
        self._feedback.set_value(0.0)

    def open_room(self) -> None:
        """Let the room answer again."""
        self._wet.set_value(WET)
        self._feedback.set_value(FEEDBACK)

    def level(self) -> tuple[float, float] | None:
        """Peaks of left and right since the last call (100 ms at most); None when no audio was computed."""
        taken = np.abs(np.array(self._meter.data))
        self._clear_meter()
        fresh = taken < UNTOUCHED
        if not fresh.any():
            return None
        left, right = np.where(fresh, taken, 0.0).max(axis=1)
        return float(left), float(right)

    def _clear_meter(self) -> None:
        for samples in self._meter.data:
            samples[:] = UNTOUCHED


def fixed(value: float) -> sf.Node:
    """A node that never changes."""
    return sf.Constant(value)


def guarded(node: sf.Node) -> sf.Node:
    """Pass numbers, replace what is not a number (and so unequal to itself) by 0."""
    return sf.If(sf.Equal(node, node), node, fixed(0.0))


def limited(node: sf.Node) -> sf.Node:
    """Turn down what exceeds the threshold, both channels alike, before it arrives."""
    size = sf.Abs(node)
    left, right = sf.ChannelSelect(size, 0, 1), sf.ChannelSelect(size, 1, 2)
    louder = (left + right + sf.Abs(left - right)) * 0.5
    delayed = sf.OneTapDelay(node, fixed(LOOK_AHEAD_S), 0.01)
    return sf.Compressor(delayed, fixed(THRESHOLD), fixed(60.0), fixed(0.0002), fixed(0.15), louder)
