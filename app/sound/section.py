"""A part of the synthesiser beside the note voices: drums, mono synths, a patch of sixteen parameters.

The instrument asks each section in turn whether a message is its own and mixes what it plays before the master,
so that a new kind of sound is one module and the volume, the limiter and the guard are common to all.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import signalflow as sf

from app.sound.argument import Argument


class Section(Protocol):
    """Nodes that sound, and the messages they obey.

    Times are seconds of any steady clock, the same for all calls. Calls never overlap. The audio thread runs
    meanwhile: after the nodes are built only numbers of `sf.Constant`s and samples of buffers may change.
    """

    @property
    def nodes(self) -> Sequence[sf.Node]:
        """Return what to mix: mono or stereo nodes, built once, silent until told."""

    def handle(self, address: str, arguments: Sequence[Argument], now: float) -> bool:
        """Obey a message and return True if it was this section's; else return False and do nothing.

        Raises BadMessageError when its own address comes with arguments that cannot be meant.
        """

    def tick(self, now: float) -> None:
        """Do what time brings; called before every message and 20 times a second."""

    def panic(self, now: float) -> None:
        """Be silent within 10 ms, without a click, and ready to be played again 50 ms later."""
