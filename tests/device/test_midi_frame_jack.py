"""MIDI on JACK at its frame: the clock and notes of an engine, as another client's frames tell them."""

from __future__ import annotations

import time
from collections.abc import Iterator

import numpy as np
import pytest

from app.clock_follower import ClockFollower
from app.command import Configure, Ping, Play, Reply, Status
from app.device import jack_out
from app.device.base import DeviceSpec
from app.device.jack_in import JackEars
from app.device.midi_in import InPort, stamped
from app.device.midi_port import PortList
from app.dispatcher_process import DispatcherProcess
from app.engine import Engine
from app.event import Pulse
from app.output import Outputs
from app.sync import Sync
from app.transport import WallClock
from tests.condition import wait_for
from tests.peer_frame import FramePeer
from tests.peer_frame import missing as no_frames
from tests.peer_jack import JackServer, missing
from tests.stage import Metronome

WHY = missing() or no_frames()
pytestmark = [pytest.mark.peer, pytest.mark.skipif(bool(WHY), reason=WHY or "-")]

RATE = 48000
TICK, START, CONTINUE, STOP, POSITION = 0xF8, 0xFA, 0xFB, 0xFC, 0xF2
TRIES = 3
Heard = list[tuple[int, tuple[int, ...]]]


class Rig:
    """An engine with its MIDI port on a JACK server. Attributes: `engine`, `peer`."""

    def __init__(self) -> None:
        clock = WallClock()
        self.peer = FramePeer("recorder")
        self.engine = Engine(clock)
        self.engine.connect(
            Outputs(self.engine.tree, clock, self.engine.monitor, lambda *_: None, DispatcherProcess(), None)
        )
        Sync(self.engine)
        self.engine.add(Metronome())
        for address, value in (("/output/osc/on", 0), ("/output/synth/on", 0), ("/output/midi/on", 1)):
            self.engine.tree.number(address).set(value)
        self.engine.tree.text("/output/midi/port").set("recorder")
        self.engine.tree.number("/sync/clock_out").set(1)
        self.engine.outputs.open()
        self.turn(3.0)  # Longer than the ruler needs for its first line.
        assert self.engine.outputs.states["midi"].state == "open"

    def turn(self, seconds: float) -> None:
        end = time.perf_counter() + seconds
        while time.perf_counter() < end:
            self.engine.turn(0.005)

    def close(self) -> Heard:
        self.engine.outputs.close()
        return self.peer.read()


@pytest.fixture
def server() -> Iterator[JackServer]:
    server = JackServer(realtime=True)
    server.start()
    yield server
    server.close()


def perform() -> tuple[Heard, int]:
    """Play at 120, then at 140, stop, continue; return what was heard and how often the server stumbled."""
    rig = Rig()
    rig.engine.fire("/transport/play")
    rig.turn(6.0)
    rig.engine.set("/transport/bpm", 140)
    rig.turn(4.0)
    rig.engine.fire("/transport/stop")
    rig.turn(0.3)
    rig.engine.fire("/transport/play")
    rig.turn(2.0)
    rig.engine.fire("/transport/stop")
    rig.turn(0.2)
    heard = rig.close()
    return heard, rig.peer.xruns


def off_grid(frames: list[int], bpm: float) -> np.ndarray:
    """Return how far each frame is from a grid of 24 a beat that is laid through them."""
    grid = np.arange(len(frames)) * RATE * 60 / bpm / 24
    away = np.array(frames) - grid
    return away - np.median(away)


def test_clock_and_notes_leave_at_their_frame(server: JackServer) -> None:
    for _ in range(TRIES):
        heard, xruns = perform()
        if not xruns:
            break
    else:
        pytest.skip(f"the JACK server stumbled in {TRIES} runs ({xruns} times): no frames to count on this machine")
    realtime = [(frame, data) for frame, data in heard if data[0] >= POSITION]
    first_stop = next(at for at, (_, data) in enumerate(realtime) if data == (STOP,))
    run, rest = realtime[:first_stop], realtime[first_stop:]
    assert run[0][1] == (START,)
    assert run[0][0] == run[1][0]  # Start stands at the frame of the first tick, before it.
    ticks = [frame for frame, data in run if data == (TICK,)]
    assert len(ticks) == len(run) - 1
    turn = next(at for at, step in enumerate(np.diff(ticks)) if abs(step - 1000) > 20)
    slow, fast = off_grid(ticks[:turn], 120), off_grid(ticks[turn + 2 :], 140)
    print(
        f"JACK clock, frames off the grid: 120 BPM {slow.min():.1f}..{slow.max():.1f} in {len(slow)} ticks, "
        f"140 BPM {fast.min():.1f}..{fast.max():.1f} in {len(fast)}"
    )
    assert len(slow) > 270
    assert len(fast) > 200
    assert max(abs(slow).max(), abs(fast).max()) <= 2
    again = [data for _, data in rest]
    assert again[0] == (STOP,)
    assert [one[0] for one in again[1:4]] == [POSITION, CONTINUE, TICK]
    assert again[-1] == (STOP,)
    assert [one[0] for one in again[4:-1]] == [TICK] * (len(again) - 5)
    after = [frame for frame, data in rest if data == (TICK,)]
    assert abs(off_grid(after, 140)).max() <= 2
    struck = [frame for frame, data in heard if data[0] == 0x90 and frame <= ticks[turn]]
    assert len(struck) >= 11
    assert [min(abs(frame - tick) for tick in ticks) for frame in struck] == [0] * len(struck)
    released = {data[1] for _, data in heard if data[0] == 0x80}
    assert released == {60}
    silenced = [data for _, data in heard if data[0] & 0xF0 == 0xB0 and data[1] == 123]
    assert sorted(silenced) == [(0xB0 | channel, 123, 0) for channel in range(16)]  # Once: no buffer was read again.


def follow(monkeypatch: pytest.MonkeyPatch, exact: bool) -> ClockFollower:
    """Follow four seconds of a clock of 120 BPM that another process writes at its frames."""
    with monkeypatch.context() as patch:
        if not exact:
            patch.setattr(jack_out, "load", lambda: None)
        follower, clock = ClockFollower(), WallClock()
        ears = JackEars()

        def hear(item: tuple, _: object) -> None:
            seconds, data = stamped(item, clock)
            follower.take(data, seconds)

        port = InPort("clock in", hear, True, ears)
        wait_for(lambda: port.connect() == "", 15, "the port")
    sender = DispatcherProcess()
    sender.start()
    sender.send(Configure((DeviceSpec("midi", "midi", (("port", "clock in"),)),)))
    states: list[Reply] = []
    wait_for(lambda: states.extend(sender.poll()) or Status("midi", "open", port_name()) in states, 15, "the sender")
    time.sleep(3.0)  # Both rulers learn.
    first = clock.now() + 0.1
    for number in range(192):
        sender.send(Play(first + number / 48, ("midi",), Pulse(0, "clock", "tick")))
        while clock.now() < first + number / 48 - 0.05:
            sender.send(Ping())
            time.sleep(0.005)
    wait_for(lambda: len(follower._ticks) == 192, 5, "all ticks")
    follower.tend(clock.now())
    sender.stop()
    port.close()
    ears.stop()
    return follower


def port_name() -> str:
    """Return the full name of the port that hears the clock."""
    return next(name for name in PortList().outputs() if name.endswith(":clock in"))


def test_a_clock_is_followed_without_the_jitter_of_the_block(
    server: JackServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, after = follow(monkeypatch, exact=False), follow(monkeypatch, exact=True)
    print(f"JACK clock in, jitter: by RtMidi {before.jitter_ms:.2f} ms, by frames {after.jitter_ms:.3f} ms")
    assert before.bpm == pytest.approx(120, abs=0.5)
    assert after.bpm == pytest.approx(120, abs=0.05)
    assert after.jitter_ms < 0.3
    assert after.jitter_ms < before.jitter_ms / 3
