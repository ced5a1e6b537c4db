"""The ports in, opened as the switches say, in the whole instrument on the offline clock."""

from pathlib import Path

import pytest

from app.snapshot import DeviceState
from tests.instrument import offline


class FakePort:
    """A port in that does nothing but tell how it is."""

    made: list["FakePort"]

    def __init__(self, *arguments: object) -> None:
        self.arguments, self.open_now = arguments, False
        self.names = ("cc21", "bend")
        self.state = DeviceState("midi", "waiting", "waiting for nanoKONTROL")
        FakePort.made.append(self)

    def open(self) -> None:
        self.open_now = True

    def check(self) -> DeviceState:
        return self.state

    def close(self) -> None:
        self.open_now = False


@pytest.fixture(autouse=True)
def _fake(monkeypatch: pytest.MonkeyPatch) -> None:
    FakePort.made = []
    monkeypatch.setattr("app.inlets.MidiEar", FakePort)


def test_a_switch_opens_a_port_names_its_values_and_shows_its_state() -> None:
    instrument = offline(Path("/nonexistent/session"))
    engine = instrument.engine
    engine.set("/listener/input/midi/features", "cc21, bend")
    engine.set("/listener/input/midi/on", 1)
    engine.run_until(engine.clock.now() + 0.5)
    port = FakePort.made[-1]
    assert port.open_now
    assert port.arguments[3] == ("cc21", "bend")
    assert [state.names for state in instrument.listener.inputs.states(0) if state.source == "midi"] == [port.names]
    assert DeviceState("midi in", "waiting", "waiting for nanoKONTROL") in engine.snapshot.devices
    assert any("waiting for nanoKONTROL" in line.text for line in engine.monitor.log)
    port.state = DeviceState("midi", "open", "nanoKONTROL")
    engine.run_until(engine.clock.now() + 0.5)
    assert engine.snapshot.lights["midi in"] is not None
    engine.set("/listener/input/midi/on", 0)
    engine.run_until(engine.clock.now() + 0.5)
    assert not port.open_now
    assert engine.snapshot.lights["midi in"] is None


def test_another_port_is_opened_anew() -> None:
    instrument = offline(Path("/nonexistent/session"))
    engine = instrument.engine
    engine.set("/listener/input/midi/on", 1)
    engine.turn()
    engine.set("/listener/input/midi/port", "Keystation")
    engine.run_until(engine.clock.now() + 0.1)
    assert [port.open_now for port in FakePort.made] == [False, True]
    assert FakePort.made[-1].arguments[2] == "Keystation"
