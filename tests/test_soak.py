"""Ten minutes of music with four players and restless hands, faster than they last: nothing grows, nothing hangs."""

from __future__ import annotations

import gc
import os
import time
from pathlib import Path

import pytest

from app.device.dummy import Dummy
from app.event import NoteOn
from app.inline import Inline
from app.instrument import Instrument, assemble
from app.offline import DirectSink
from app.transport import OfflineClock
from bench.night import Night
from tests.instrument import port_of
from tests.ui.inline import InlineWorker

MINUTES = 10
FASTER = 5.0  # Fifteen times on a calm machine; a busy one shall not fail here.
SETTLED = 4  # Minutes after which everything that is bounded has reached its bound.
GROWTH_MB = 4.0
PAGE = os.sysconf("SC_PAGE_SIZE")


def memory_mb() -> float:
    gc.collect()
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE / 2**20


def staged(folder: Path) -> Instrument:
    clock = OfflineClock(10.0)
    sink = DirectSink(lambda spec: Dummy(spec, clock), clock)
    instrument = assemble(clock, sink, None, Inline(), 0, folder, learning=InlineWorker())
    instrument.engine.outputs.open()
    instrument.engine.turn()
    return instrument


@pytest.mark.timeout(600)
def test_ten_minutes_leave_nothing_behind(tmp_path: Path, record_property: pytest.RecordProperty) -> None:
    instrument = staged(tmp_path)
    engine, port = instrument.engine, port_of(instrument)
    night, sizes, struck, parts = Night(engine, 1), [], 0, set()
    began, begun = time.process_time(), engine.clock.now()
    night.begin()
    for _ in range(MINUTES):
        for _ in range(60 * 5):
            night.go_on(0.2)
            engine.run_until(engine.clock.now() + 0.2)
        notes = [event for _, event in port.sent if isinstance(event, NoteOn)]
        struck, parts = struck + len(notes), parts | {note.part for note in notes}
        port.sent.clear()
        sizes.append(memory_mb())
    night.end()
    engine.run_until(engine.clock.now() + 1.0)
    took = time.process_time() - began
    record_property("minute by minute, MB", [round(size, 1) for size in sizes])
    record_property("times real time", round((engine.clock.now() - begun) / took, 1))
    assert port.held == set()
    assert engine.outputs.sounding == set()
    assert struck > 2000
    assert {"composer", "drums", "lead"} <= parts
    assert not engine.silenced
    assert [line.text for line in engine.monitor.log if "fault" in line.text.casefold()] == []
    assert sizes[-1] - sizes[SETTLED - 1] < GROWTH_MB, sizes
    assert len(engine.inbox._items) == 0
    assert (engine.clock.now() - begun) / took > FASTER
    instrument.close()
