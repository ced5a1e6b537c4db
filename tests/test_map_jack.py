"""Map mode with a real controller: another program on a JACK server is mapped, moved, shown, unplugged, replugged."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from app.binding import Follow, Source
from app.dispatcher_process import DispatcherProcess
from app.instrument import Instrument, assemble
from app.profile import read
from app.transport import WallClock
from tests.condition import wait_for
from tests.peer_jack import JackServer, missing

pytestmark = [pytest.mark.peer, pytest.mark.skipif(bool(missing()), reason=missing() or "-")]

DENSITY = "/composer/density"
DESK = """
import sys, time, rtmidi
end = time.perf_counter() + 15
while True:
    try:
        out = rtmidi.MidiOut(rtmidi.API_UNIX_JACK, sys.argv[1])
        break
    except OSError:
        if time.perf_counter() > end:
            raise
        time.sleep(0.1)
into = rtmidi.MidiIn(rtmidi.API_UNIX_JACK, sys.argv[1])
into.set_callback(lambda item, _: print(time.perf_counter(), bytes(item[0]).hex(), flush=True))
into.open_virtual_port("in")
out.open_virtual_port("out")
print("ready", flush=True)
for line in sys.stdin:
    out.send_message(bytes.fromhex(line))
for port in (out, into):
    port.close_port()
    port.delete()
"""


class Desk:
    """A motor fader in another process. Attributes: `told` (seconds and bytes of what it was shown)."""

    def __init__(self, name: str = "stage desk") -> None:
        self.told: list[tuple[float, tuple[int, ...]]] = []
        self._ready = threading.Event()
        self._process = subprocess.Popen(
            [sys.executable, "-c", DESK, name], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        threading.Thread(target=self._read, daemon=True).start()
        assert self._ready.wait(20), "the desk did not come up"

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if line == "ready\n":
                self._ready.set()
            else:
                seconds, data = line.split()
                self.told.append((float(seconds), tuple(bytes.fromhex(data))))

    @property
    def shown(self) -> tuple[int, ...]:
        return self.told[-1][1] if self.told else ()

    def move(self, *values: int) -> None:
        assert self._process.stdin is not None
        for value in values:
            self._process.stdin.write(bytes((0xB0, 21, value)).hex() + "\n")
            self._process.stdin.flush()
            time.sleep(0.01)  # As a hand does.

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()

    def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(10)


@pytest.fixture
def server() -> Iterator[JackServer]:
    server = JackServer()
    server.start()
    yield server
    server.close()


@pytest.fixture
def instrument(server: JackServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Instrument]:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home"))
    made = assemble(WallClock(), DispatcherProcess(), None, ThreadPoolExecutor(1), 0, tmp_path / "session")
    made.engine.tree.number("/output/osc/on").set(0)
    thread = threading.Thread(target=made.engine.run)
    thread.start()
    yield made
    made.engine.fire("/quit")
    thread.join(20)
    made.close()


def lit(instrument: Instrument) -> Callable[[], bool]:
    return lambda: any(
        state.name == "stage desk" and state.lit for state in instrument.engine.snapshot.mapping.controllers
    )


def test_a_controller_is_mapped_moved_shown_unplugged_and_replugged(instrument: Instrument, tmp_path: Path) -> None:
    engine = instrument.engine
    density = engine.tree.number(DENSITY)
    desk = Desk()
    wait_for(lit(instrument), 15, "the desk open both ways")
    engine.set("/window/view", "studio")
    engine.set("/map/on", 1)
    engine.fire("/map/target", DENSITY)
    wait_for(lambda: engine.snapshot.mapping.waiting)
    desk.move(*range(20, 40))
    wait_for(lambda: engine.snapshot.mapping.bound > 0, 5, "the line")
    line = next(line for line in engine.bindings if line.source.kind == "midi")
    assert (line.source, line.target, line.move) == (Source("midi", "cc21", 1, "stage desk"), DENSITY, Follow())
    engine.set("/map/on", 0)
    wait_for(lambda: desk.shown == (0xB0, 21, round(density.value * 127)), 5, "the motor at the value")
    desk.move(*range(100, 121))
    wait_for(lambda: density.value == pytest.approx(120 / 127), 5, "the value at the fader")
    quiet = len(desk.told)
    wait_for(lambda: time.perf_counter() - engine.hands.felt[line.source].seconds > 0.6, 5)
    assert len(desk.told) == quiet  # Nothing came back of what the hand did.
    late_ms = []
    for step in range(20):
        value, count = 0.1 + step * 0.03, len(desk.told)
        began = time.perf_counter()
        engine.set(DENSITY, value)
        wait_for(lambda count=count: len(desk.told) > count, 5, "the motor")  # type: ignore[misc]
        late_ms.append((desk.told[-1][0] - began) * 1000)
        assert desk.shown == (0xB0, 21, round(value * 127))
    print(f"JACK: set to shown, median {np.median(late_ms):.1f}, most {max(late_ms):.1f} ms (block 5.3, tick 20 ms)")
    assert np.median(late_ms) < 80
    desk.kill()
    wait_for(lambda: not engine.snapshot.mapping.controllers, 10, "the desk gone")
    engine.set(DENSITY, 0.25)
    again = Desk()
    wait_for(lambda: again.shown == (0xB0, 21, 32), 15, "all shown to the desk that came back")
    again.move(30, 31, 32, 33, 34)
    wait_for(lambda: density.value == pytest.approx(34 / 127), 5, "the value at the fader again")
    again.close()
    _, kept, faults = read(tmp_path / "home" / "understudy" / "controllers" / "stage desk.json")
    assert ([(one.source, one.target) for one in kept], faults) == ([(line.source, DENSITY)], [])
    assert line.profile
