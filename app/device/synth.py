"""The built-in synth as a port: an OSC receiver on this computer.

Its process listens to the same addresses as our Pd, Max and SuperCollider peers, so sending to it is sending
OSC; only the words for what is wrong differ.
"""

from __future__ import annotations

from app.device.base import DeviceSpec
from app.device.osc import Osc


class Synth(Osc):
    """The synth's UDP port on loopback. Attributes and options: as Osc."""

    def __init__(self, spec: DeviceSpec) -> None:
        super().__init__(spec)
        self.where = "this computer"

    def check(self) -> str:
        return super().check() and "The built-in synth does not answer; it is started again by itself"
