"""The same synthesiser without a device and without a clock: events in, samples out.

Tests and bounces use it; it builds exactly the graph that the synthesiser process plays.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import signalflow as sf

from app.sound.argument import Argument
from app.sound.bank import PROGRAMS, Bank
from app.sound.instrument import DEFAULT_PROGRAM, Instrument, play
from app.sound.piano import Floats

ScoreEvent = tuple[float, str, Sequence[Argument]]


def render(events: Sequence[ScoreEvent], seconds: float, rate: int = 44_100, block: int = 64) -> Floats:
    """Play `(seconds, address, arguments)` events, in time order, to the block; return samples [2, frames].

    Raises BadMessageError on an event that cannot be meant, and RuntimeError when a graph already runs in this
    process (there can be only one).
    """
    graph = sf.AudioGraph(output_device=sf.AudioOut_Dummy(2, rate, block), start=False)
    try:
        bank = Bank(rate)
        for name in {DEFAULT_PROGRAM} | {str(e[2][0]) for e in events if e[1] == "/synth/voice"} & PROGRAMS.keys():
            bank.fill(name)
        instrument = Instrument(bank)
        play(instrument, graph)
        return _perform(graph, instrument, list(events), round(seconds * rate / block), rate, block)
    finally:
        graph.destroy()


def _perform(
    graph: sf.AudioGraph, instrument: Instrument, events: list[ScoreEvent], blocks: int, rate: int, block: int
) -> Floats:
    result = np.zeros((2, blocks * block), dtype=np.float32)
    piece = sf.Buffer(2, block)
    for index in range(blocks):
        now = index * block / rate
        while events and events[0][0] <= now:
            at, address, arguments = events.pop(0)
            instrument.handle(address, arguments, at)
            instrument.drums.finish_loading()
        instrument.tick(now)
        graph.render_to_buffer(piece)
        result[:, index * block : (index + 1) * block] = np.array(piece.data)
    return result
