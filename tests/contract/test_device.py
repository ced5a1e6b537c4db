"""Every kind of port goes through the same life: opened, played, lost, found again, silenced, closed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import pytest

from app.command import Configure, Panic, Ping, Play, Quit, Reply, Silent, Status
from app.device import midi_port
from app.device.base import Device, DeviceError, DeviceSpec
from app.device.dummy import Dummy
from app.device.registry import DEVICES, make
from app.dispatcher import Dispatcher
from app.event import Control, Message, NoteOff, NoteOn, NoteVelocity
from app.transport import OfflineClock
from tests.condition import wait_for
from tests.device.fake_rtmidi import System
from tests.receiver import Receiver


class Far(Protocol):
    """The far end of a port."""

    spec: DeviceSpec

    def lose(self) -> None: ...
    def find(self) -> None: ...
    def count(self) -> int: ...
    def holds(self) -> bool: ...


@dataclass
class FarDummy:
    spec: DeviceSpec
    device: Dummy | None = None

    def lose(self) -> None:
        assert self.device is not None
        self.device.plugged = False

    def find(self) -> None:
        assert self.device is not None
        self.device.plugged = True

    def count(self) -> int:
        return 0 if self.device is None else len(self.device.sent) + len(self.device.panics)

    def holds(self) -> bool:
        return self.device is not None and bool(self.device.held)


class FarOsc:
    def __init__(self, kind: str) -> None:
        self.receiver = Receiver()
        self.port = self.receiver.port
        self.spec = DeviceSpec(kind, kind, (("host", "127.0.0.1"), ("port", self.port)))
        self._before = 0

    def lose(self) -> None:
        self.receiver.read()
        self.receiver.close()

    def find(self) -> None:
        self._before = self.count()
        self.receiver = Receiver(self.port)

    def count(self) -> int:
        return self._before + len(self.receiver.read())

    def holds(self) -> bool:
        return bool(self.receiver.held)


class FarMidi:
    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.system = System("Piano 20:0")
        monkeypatch.setattr(midi_port, "load", lambda: self.system.library)
        self.spec = DeviceSpec("midi", "midi", (("port", "Piano"),))

    def lose(self) -> None:
        self.system.names.clear()

    def find(self) -> None:
        self.system.names.append("Piano 24:0")

    def count(self) -> int:
        return len(self.system.received)

    def holds(self) -> bool:
        return any(port == "Piano 24:0" for port, _, _ in self.system.held)


@pytest.fixture(params=sorted(DEVICES))
def far(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Far]:
    """The far end of each kind in the registry; a kind without one here fails."""
    if request.param == "dummy":
        yield FarDummy(DeviceSpec("dummy", "dummy"))
    elif request.param == "midi":
        yield FarMidi(monkeypatch)
    elif request.param in ("osc", "synth"):
        end = FarOsc(request.param)
        yield end
        end.receiver.close()
    else:
        pytest.fail(f"there is no far end for {request.param} ports: write one")


def built(far: Far) -> Device:
    device = make(far.spec)
    if isinstance(far, FarDummy):
        assert isinstance(device, Dummy)
        far.device = device
    return device


def try_to_send(device: Device, pitch: int = 1) -> str:
    """Send something harmless; return what was raised, if anything."""
    try:
        device.send(NoteOff(0, "composer", pitch))
    except DeviceError as error:
        return str(error)
    return ""


def is_well(device: Device) -> bool:
    """Check, and send: UDP learns only from sending whether anybody listens."""
    reasons = (device.check(), try_to_send(device))
    return not any(reasons)


def test_an_open_port_is_well_and_takes_every_event(far: Far) -> None:
    device = built(far)
    device.open()
    assert device.check() == ""
    assert device.where
    notes = [NoteOn(0, "composer", 60, 80), NoteVelocity(0, "composer", 60, 90), NoteOff(0, "composer", 60)]
    for event in (*notes, Control(0, "composer", 1, 2), Message(0, "composer", "/x", (1, 2.0, "three"))):
        device.send(event)
    wait_for(lambda: far.count() >= 4)
    assert not far.holds()
    device.close()


def test_a_lost_port_says_why_and_comes_back(far: Far) -> None:
    device = built(far)
    device.open()
    assert device.check() == ""
    far.lose()
    wait_for(lambda: try_to_send(device) or device.check())
    reason = device.check()
    assert reason
    assert "\n" not in reason
    before = far.count()
    far.find()
    wait_for(lambda: is_well(device) and far.count() > before)
    assert device.check() == ""
    device.close()


def test_panic_says_something_and_leaves_the_port_open(far: Far) -> None:
    device = built(far)
    device.open()
    device.panic()
    wait_for(lambda: far.count() >= 1)
    assert device.check() == ""
    assert try_to_send(device) == ""
    device.close()


def test_it_can_be_closed_in_any_state_and_opened_again(far: Far) -> None:
    device = built(far)
    device.close()
    device.open()
    device.close()
    device.close()
    try_to_send(device)
    device.open()
    assert device.check() == ""
    before = far.count()
    device.send(NoteOff(0, "composer", 1))
    wait_for(lambda: far.count() > before)
    device.close()


def test_through_the_dispatcher_nothing_is_left_held(far: Far) -> None:
    clock, replies = OfflineClock(100.0), list[Reply]()
    dispatcher = Dispatcher(lambda spec: built(far), clock, replies.append)
    dispatcher.handle(Configure((far.spec,)))

    def strike(pitch: int) -> None:
        dispatcher.handle(Play(0.0, (far.spec.name,), NoteOn(0, "composer", pitch, 80)))
        dispatcher.run_due(clock.now())

    def pass_time() -> bool:
        clock.advance(0.5)
        dispatcher.handle(Ping())
        dispatcher.tend(clock.now())
        return False

    def states() -> list[str]:
        return [reply.state for reply in replies if isinstance(reply, Status)]

    strike(60)
    wait_for(lambda: far.count() >= 1)
    far.lose()
    wait_for(lambda: strike(64) or pass_time() or states()[-1] == "waiting")
    far.find()
    wait_for(lambda: strike(67) or pass_time() or states()[-1] == "open")
    strike(72)
    wait_for(far.holds)
    dispatcher.handle(Panic())
    wait_for(lambda: not far.holds())
    strike(74)
    dispatcher.handle(Quit())
    wait_for(lambda: not far.holds())
    assert states()[-1] == "closed"
    assert [type(reply) for reply in replies].count(Silent) == 2
    assert dispatcher.ended


def test_an_unknown_kind_is_refused_in_one_sentence() -> None:
    with pytest.raises(DeviceError, match="no kind of port called 'organ'; choose dummy, midi, osc, synth"):
        make(DeviceSpec("x", "organ"))
