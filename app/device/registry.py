"""Which kinds of port out there are.

One table: the dispatcher opens by it, the contract tests walk over it.
"""

from __future__ import annotations

from collections.abc import Callable

from app.device.base import Device, DeviceError, DeviceSpec
from app.device.dummy import Dummy
from app.device.midi import Midi
from app.device.osc import Osc
from app.device.synth import Synth

DEVICES: dict[str, Callable[[DeviceSpec], Device]] = {"dummy": Dummy, "midi": Midi, "osc": Osc, "synth": Synth}


def make(spec: DeviceSpec) -> Device:
    """Return the device that a spec describes, not yet open; DeviceError for an unknown kind or a wrong option."""
    if spec.kind not in DEVICES:
        raise DeviceError(f"{spec.name}: there is no kind of port called {spec.kind!r}; choose {', '.join(DEVICES)}")
    return DEVICES[spec.kind](spec)
