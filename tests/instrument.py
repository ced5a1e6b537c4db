"""The whole instrument on the offline clock, for tests."""

from __future__ import annotations

from pathlib import Path

from app.device.dummy import Dummy
from app.inline import Inline
from app.instrument import Instrument, assemble
from app.offline import DirectSink
from app.transport import OfflineClock


def offline(session: Path, seed: int = 0, window: bool = False) -> Instrument:
    """Return the instrument with dummy ports, loading in the foreground; as `window` shows it, or as without one."""
    clock = OfflineClock(10.0)
    sink = DirectSink(lambda spec: Dummy(spec, clock), clock)
    instrument = assemble(clock, sink, None, Inline(), seed, session)
    instrument.mapping.mode.has_stage = window
    instrument.engine.outputs.open()
    instrument.engine.turn()
    return instrument


def port_of(instrument: Instrument, name: str = "osc") -> Dummy:
    """Return the dummy behind an output of an offline instrument."""
    sink = instrument.engine.outputs._sink
    assert isinstance(sink, DirectSink)
    device = sink.devices[name]
    assert isinstance(device, Dummy)
    return device
