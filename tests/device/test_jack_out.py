"""Frames and seconds of a JACK server, and what its callback writes, on a server in memory."""

from __future__ import annotations

import random
from itertools import pairwise
from types import SimpleNamespace

import pytest

from app.command import Configure, Play, Reply, Report
from app.device.base import DeviceSpec
from app.device.dummy import Dummy
from app.device.jack_out import MARGIN_S, JackOut
from app.device.jack_ruler import Ruler
from app.dispatcher import Dispatcher
from app.event import NoteOff, NoteOn
from app.transport import OfflineClock

RATE, BLOCK = 48000, 256


def wake_ups(seconds: float, rate: float = RATE, first: int = 0, seed: int = 0) -> list[tuple[int, float]]:
    """Return (frame, time) of cycles that begin at 100 s: mostly 50 us late, often much later."""
    luck = random.Random(seed)
    count = int(seconds * RATE / BLOCK)
    lateness = [luck.gauss(50e-6, 8e-6) + (luck.expovariate(500) if luck.random() < 0.5 else 0) for _ in range(count)]
    return [(first + at * BLOCK, 100.0 + at * BLOCK / rate + late) for at, late in enumerate(lateness)]


@pytest.mark.parametrize("drift", [0.0, 80e-6, -80e-6])
def test_a_ruler_is_exact_to_the_frame_though_wake_ups_are_late(drift: float) -> None:
    ruler, away = Ruler(RATE), []
    for frame, seconds in wake_ups(60, RATE * (1 + drift)):
        ruler.mark(frame, seconds)
        away.append(ruler.frame_at(100.0 + (frame + 300.5) / RATE / (1 + drift)) - frame - 300.5)
    settled = away[10 * RATE // BLOCK :]
    print(f"ruler: {min(settled):.2f}..{max(settled):.2f} frames off with wake-ups up to many ms late")
    assert max(settled) - min(settled) < 1.5
    assert max(map(abs, settled)) < 4  # The least wake-up is 50 us late itself: a steady 2.4 frames.


def test_seconds_and_frames_are_each_others_inverse() -> None:
    ruler = Ruler(RATE)
    for frame, seconds in wake_ups(20, RATE * 1.00005):
        ruler.mark(frame, seconds)
    assert ruler.frame_at(ruler.seconds_at(123456.5)) == pytest.approx(123456.5, abs=1e-4)


def test_frames_count_on_where_the_server_s_32_bits_begin_anew() -> None:
    ruler, first = Ruler(RATE), 2**32 - 5 * RATE
    counted = [ruler.mark(frame % 2**32, seconds) for frame, seconds in wake_ups(10, first=first)]
    assert [after - before for before, after in pairwise(counted)] == [BLOCK] * (len(counted) - 1)
    assert ruler.frame_at(105.0) == pytest.approx(2**32, abs=4)


def test_after_a_stumble_of_the_server_frames_have_their_new_place() -> None:
    ruler = Ruler(RATE)
    for frame, seconds in wake_ups(20):
        ruler.mark(frame, seconds)
    for frame, seconds in wake_ups(3, first=20 * RATE, seed=1):
        ruler.mark(frame, seconds + 20 + 0.0075)
    assert ruler.seconds_at(22 * RATE) == pytest.approx(122.0075, abs=1e-4)


# --- the callback -----------------------------------------------------------------------------------------


class Port:
    """Attributes: `written` ((offset, bytes) of the cycle), `room` (events a block holds)."""

    def __init__(self) -> None:
        self.written: list[tuple[int, bytes]] = []
        self.room = 100

    def clear_buffer(self) -> None:
        self.written = []

    def write_midi_event(self, offset: int, data: bytes) -> None:
        if len(self.written) >= self.room:
            raise BufferError("full")
        assert not self.written or offset >= self.written[-1][0]
        self.written.append((offset, data))

    def disconnect(self) -> None: ...
    def unregister(self) -> None:
        self.written = []


class Server:
    """A client of a server that runs when told to. Attributes: `port`, `last_frame_time`."""

    samplerate, blocksize = RATE, BLOCK

    def __init__(self) -> None:
        self.port = Port()
        self.last_frame_time = 0
        self.midi_outports = SimpleNamespace(register=lambda name: self.port)

    @property
    def library(self) -> SimpleNamespace:
        return SimpleNamespace(Client=lambda name, no_start_server: self, JackError=BufferError)

    def set_process_callback(self, process: object) -> None:
        self.process = process

    def activate(self) -> None:
        """It always runs."""

    def cycle(self, out: JackOut, start: int) -> list[tuple[int, bytes]]:
        """Run the cycle at a frame; return what was written, at which frames."""
        self.last_frame_time = start
        out._process(BLOCK)
        return [(start + offset, data) for offset, data in self.port.written]


@pytest.fixture
def rig(monkeypatch: pytest.MonkeyPatch) -> tuple[Server, JackOut]:
    """A server whose frame 0 comes at second 0 and whose wake-ups are never late."""
    server = Server()
    monkeypatch.setattr("app.device.jack_out.time.perf_counter", lambda: server.last_frame_time / RATE)
    out = JackOut(server.library, "x")
    out.open_virtual_port("out")
    server.cycle(out, 0)
    return server, out


def test_each_event_is_written_at_its_frame_and_not_before_its_cycle(rig: tuple[Server, JackOut]) -> None:
    server, out = rig
    for frame in (300, 511, 512, 900):
        out.send_at((0xF8,), frame / RATE)
    assert [frame for frame, _ in server.cycle(out, 256)] == [300, 511]
    assert [frame for frame, _ in server.cycle(out, 512)] == [512]
    assert [frame for frame, _ in server.cycle(out, 768)] == [900]
    assert out.late == 0


def test_what_has_no_time_comes_steadily_later(rig: tuple[Server, JackOut]) -> None:
    server, out = rig
    delay = BLOCK + round(MARGIN_S * RATE)
    heard = []
    for start in range(256, 3000, 256):
        out.send_message((0x90, 60, 1))  # The clock stands at the beginning of the cycle before.
        heard += [frame - (start - 256) for frame, _ in server.cycle(out, start)]
    assert set(heard) == {delay}


def test_what_comes_too_late_leaves_at_once_and_in_order(rig: tuple[Server, JackOut]) -> None:
    server, out = rig
    out.send_at((0x90, 60, 1), 300 / RATE)
    out.send_at((0x80, 60, 0), 100 / RATE)
    out.send_at((0xF8,), 280 / RATE)
    assert server.cycle(out, 256) == [(300, b"\x90\x3c\x01"), (300, b"\x80\x3c\x00"), (300, b"\xf8")]
    out.send_at((0xF8,), 100 / RATE)
    assert server.cycle(out, 512) == [(512, b"\xf8")]
    assert out.late == 2


def test_a_full_block_loses_nothing(rig: tuple[Server, JackOut]) -> None:
    server, out = rig
    server.port.room = 3
    for number in range(7):
        out.send_at((0xB0, 1, number), 256 / RATE)
    heard = [data[2] for start in (256, 512, 768) for _, data in server.cycle(out, start)]
    assert heard == list(range(7))


def test_a_fault_in_a_cycle_is_told_and_the_next_cycle_plays_on(
    rig: tuple[Server, JackOut], monkeypatch: pytest.MonkeyPatch
) -> None:
    server, out = rig

    def fail() -> None:
        raise ZeroDivisionError("a fault")

    with monkeypatch.context() as broken:
        broken.setattr(server.port, "clear_buffer", fail)
        server.cycle(out, 256)  # The library would never call again what raises here.
    with pytest.raises(OSError, match="a fault"):
        out.send_at((0x80, 60, 0), 600 / RATE)
    out.send_at((0x80, 60, 0), 600 / RATE)
    assert server.cycle(out, 512) == [(600, b"\x80\x3c\x00")]


def test_a_server_that_stands_is_given_nothing_more_until_it_goes_on(
    rig: tuple[Server, JackOut], monkeypatch: pytest.MonkeyPatch
) -> None:
    server, out = rig
    now = [0.0]
    monkeypatch.setattr("app.device.jack_out.time.perf_counter", lambda: now[0])
    refused = 0
    for number in range(1, 1001):
        now[0] = number / 100
        try:
            out.send_at((0xF8,), now[0])
        except OSError as error:
            assert "stands" in str(error)
            refused += 1
    assert 895 <= refused <= 901
    with pytest.raises(OSError, match="stands"):
        out.get_ports()
    assert len(server.cycle(out, 10 * RATE)) == 1000 - refused
    out.send_at((0x80, 60, 0), now[0])
    assert [data for _, data in server.cycle(out, 10 * RATE + BLOCK)] == [b"\x80\x3c\x00"]


# --- the dispatcher ---------------------------------------------------------------------------------------


class Early(Dummy):
    """A port that wants its events 10 ms early. Attributes: `lead_s`, `timed` ((asked for, given at))."""

    lead_s = 0.010

    def __init__(self, spec: DeviceSpec, clock: OfflineClock) -> None:
        super().__init__(spec, clock)
        self.timed: list[tuple[float, float]] = []

    def send_at(self, event: object, seconds: float) -> None:
        self.timed.append((round(seconds, 6), round(self._clock.now(), 6)))


def test_the_dispatcher_hands_events_over_early_to_ports_that_want_it() -> None:
    clock = OfflineClock(5.0)
    ports: dict[str, Dummy] = {}
    replies: list[Reply] = []

    def make(spec: DeviceSpec) -> Dummy:
        ports[spec.name] = Early(spec, clock) if spec.name == "early" else Dummy(spec, clock)
        return ports[spec.name]

    dispatcher = Dispatcher(make, clock, replies.append)
    dispatcher.handle(Configure((DeviceSpec("early", "dummy", latency_ms=3), DeviceSpec("plain", "dummy"))))
    dispatcher.handle(Play(5.1, ("early", "plain"), NoteOn(0, "a", 60, 1)))
    dispatcher.handle(Play(0.0, ("early", "plain"), NoteOn(0, "a", 72, 1)))
    dispatcher.handle(Play(5.2, ("early", "plain"), NoteOff(0, "a", 60)))
    while dispatcher.next_due() < 6:
        clock.seconds = max(dispatcher.next_due(), clock.seconds)
        dispatcher.run_due(clock.seconds)
    early, plain = ports["early"], ports["plain"]
    assert isinstance(early, Early)
    assert early.timed == [(5.013, 5.003), (5.103, 5.093), (5.203, 5.193)]
    assert [round(at, 6) for at, _ in plain.sent] == [5.0, 5.1, 5.2]
    dispatcher.tend(5.5)
    reports = [reply for reply in replies if isinstance(reply, Report)]
    assert max(abs(late) for report in reports for late in report.late_ms) < 0.001
