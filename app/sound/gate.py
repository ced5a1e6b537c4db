"""A mix whose sources are computed only while they sound.

SignalFlow computes every node that is connected, sounding or not, and most of what a synthesiser has ready is silent
most of the time. Nodes may not come and go while the audio thread runs, but another node may take a place that is
there already: the thread copies one counted pointer, and neither node is ever given up, so it finds the one or the
other. Each place has a silence of its own, for SignalFlow 0.6 loses itself looking for one output among several.
"""

from __future__ import annotations

from collections.abc import Sequence

import signalflow as sf


class Gate:
    """One source's place in a mix, closed at first. Attributes: `is_open` (whether the source is computed).

    Close it only when the source has been silent for a block: what it said last is heard once more when it opens.
    """

    def __init__(self, mix: sf.Node, place: int, source: sf.Node) -> None:
        """Take a place; the source must feed nothing else."""
        self.is_open = False
        self._mix, self._name, self._source = mix, f"input{place}", source
        self._silence = sf.Constant(0.0)
        mix.set_input(self._name, self._silence)

    def open(self) -> None:
        """Compute the source from the next block on, where it stopped."""
        if not self.is_open:
            self.is_open = True
            self._mix.set_input(self._name, self._source)

    def close(self) -> None:
        """Compute the source no longer."""
        if self.is_open:
            self.is_open = False
            self._mix.set_input(self._name, self._silence)


class Mix:
    """A sum of sources that open and close. Attributes: `output`, `gates` (one for each source, in order)."""

    def __init__(self, sources: Sequence[sf.Node]) -> None:
        """Build the sum; the graph must stand still."""
        self.output = sf.Sum(list(sources))  # With the sources: their number of channels is the sum's for good.
        # Smoothers begin at the first number that they see: it must be that of silence.
        sf.AudioGraph.get_shared_graph().render_subgraph(self.output, 1)
        self.gates = [Gate(self.output, place, source) for place, source in enumerate(sources)]
