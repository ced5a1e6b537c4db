"""One section of the synthesiser behind the master, without the note voices: a tenth of the work of a whole one."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import signalflow as sf

from app.sound.master import Master
from app.sound.offline import ScoreEvent
from app.sound.section import Section
from tests.sound.measure import RATE

BLOCK = 64


def perform(make: Callable[[int], Section], events: Sequence[ScoreEvent], seconds: float) -> np.ndarray:
    """Play a score to a section; every event must be its own. Returns samples [2, frames]."""
    graph = sf.AudioGraph(output_device=sf.AudioOut_Dummy(2, RATE, BLOCK), start=False)
    try:
        section = make(RATE)
        master = Master(list(section.nodes), RATE)
        master.set_gain(0.8)
        for node in master.outputs:
            graph.play(node)
        piece, result, waiting = sf.Buffer(2, BLOCK), [], list(events)
        for block in range(round(seconds * RATE / BLOCK)):
            now = block * BLOCK / RATE
            section.tick(now)
            while waiting and waiting[0][0] <= now:
                _, address, arguments = waiting.pop(0)
                assert section.handle(address, arguments, now), address
            graph.render_to_buffer(piece)
            result.append(np.array(piece.data))
        return np.concatenate(result, axis=1)
    finally:
        graph.destroy()
