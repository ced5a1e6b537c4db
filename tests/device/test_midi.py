"""MIDI out: bytes, names, lost and found ports, on a MIDI system in memory."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.device import midi_port
from app.device.base import DeviceError, DeviceSpec
from app.device.midi import Midi, data
from app.device.midi_port import OutPort, PortList, jack_server, match
from app.event import Bend, Control, Event, Message, NoteOff, NoteOn, NoteVelocity, Program
from tests.device.fake_rtmidi import System


@pytest.fixture
def system(monkeypatch: pytest.MonkeyPatch) -> System:
    system = System("Midi Through 14:0", "nanoKONTROL2:nanoKONTROL2 MIDI 1 24:0", "Synth:Synth MIDI 1 28:0")
    monkeypatch.setattr(midi_port, "load", lambda: system.library)
    return system


def midi(**options: int | str | tuple) -> Midi:
    device = Midi(DeviceSpec("midi", "midi", tuple(sorted(options.items()))))
    device.open()
    return device


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (NoteOn(0, "composer", 60, 100), (0x92, 60, 100)),
        (NoteOn(0, "composer", 60, 999), (0x92, 60, 127)),
        (NoteOff(0, "composer", 60), (0x82, 60, 64)),
        (NoteVelocity(0, "composer", 60, 33), (0xA2, 60, 33)),
        (Control(0, "composer", 7, 99), (0xB2, 7, 99)),
        (Program(0, "listener", 12), (0xC2, 12)),
        (Program(0, "listener", 500), (0xC2, 127)),
        (Bend(0, "listener", 0), (0xE2, 0, 64)),
        (Bend(0, "listener", -8192), (0xE2, 0, 0)),
        (Bend(0, "listener", 9999), (0xE2, 127, 127)),
        (Message(0, "composer", "/gen/active", (3,)), None),
        (NoteOn(0, "drums", 36, 100, "kick"), (0x92, 36, 100)),
        (NoteOn(0, "lead", 60, 100, detune=0.4), (0x92, 60, 100)),
        (Message(0, "lead", "/lead/cut", (20.0,)), (0xB2, 74, 0)),
        (Message(0, "lead", "/lead/cut", (1000.0,)), (0xB2, 74, 90)),
        (Message(0, "bass", "/bass/cut", (5000.0,)), (0xB2, 74, 127)),
        (Message(0, "bass", "/bass/cut", (1e9,)), (0xB2, 74, 127)),
        (Message(0, "bass", "/bass/cut", (-3,)), (0xB2, 74, 0)),
        (Message(0, "bass", "/bass/cut", (float("nan"),)), None),
        (Message(0, "lead", "/lead/cut", ("high",)), None),
        (Message(0, "lead", "/lead/cut", ()), None),
        (Message(0, "lead", "/lead/res", (50,)), (0xB2, 71, 64)),
        (Message(0, "bass", "/bass/env", (100,)), (0xB2, 79, 127)),
        (Message(0, "drums", "/drum/effects", ("kick", "dist", 2.0)), None),
    ],
)
def test_each_event_has_its_bytes(event: Event, expected: tuple | None) -> None:
    assert data(event, 3) == expected


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("Synth:Synth MIDI 1 28:0", 2),
        ("Synth:Synth MIDI 1 131:0", 2),
        ("synth", 2),
        ("nanoKONTROL2", 1),
        ("nanokontrol2:nanokontrol2 midi 1", 1),
        ("", 1),
        ("drum machine", None),
    ],
)
def test_a_port_is_found_by_its_name_whatever_its_number(system: System, wanted: str, found: int | None) -> None:
    assert match(wanted, system.names) == found


def test_the_same_name_is_preferred_to_one_that_contains_it() -> None:
    assert match("Synth", ["Synth 2 Editor", "Synth"]) == 1


def test_parts_have_channels(system: System) -> None:
    device = midi(port="Synth", channel=5, channels=(("bass", 2),))
    device.send(NoteOn(0, "composer", 60, 100))
    device.send(NoteOn(0, "bass", 40, 90))
    assert [message for _, message in system.received] == [(0x94, 60, 100), (0x91, 40, 90)]
    assert device.where == "Synth:Synth MIDI 1 28:0"


def test_drums_lead_and_bass_have_channels_of_their_own_unless_told_otherwise(system: System) -> None:
    device = midi(port="Synth", channel=5, channels=(("bass", 7),))
    for part in ("drums", "lead", "bass", "composer"):
        device.send(NoteOn(0, part, 36, 100))
    assert [message[0] & 0x0F for _, message in system.received] == [9, 1, 6, 4]


def test_a_lost_port_is_named_and_taken_up_under_its_new_number(system: System) -> None:
    device = midi(port="Synth")
    assert device.check() == ""
    system.names.pop()
    assert device.check() == "waiting for Synth"
    with pytest.raises(DeviceError, match="Synth is gone"):
        device.send(NoteOn(0, "composer", 60, 100))
    system.names.append("Synth:Synth MIDI 1 31:0")
    assert device.check() == ""
    device.send(NoteOn(0, "composer", 60, 100))
    assert system.received == [("Synth:Synth MIDI 1 31:0", (0x90, 60, 100))]


def test_a_driver_error_is_one_sentence(system: System) -> None:
    device = midi(port="Synth")
    system.broken = True
    with pytest.raises(DeviceError, match=r"takes no messages \(driver error\); connect it again"):
        device.send(NoteOn(0, "composer", 60, 100))


def test_panic_silences_the_channels_in_use_first_and_then_all(system: System) -> None:
    device = midi(port="Synth", channel=10)
    device.send(NoteOn(0, "composer", 60, 100))
    system.received.clear()
    device.panic()
    messages = [message for _, message in system.received]
    assert messages[:3] == [(0xB9, 64, 0), (0xB9, 123, 0), (0xB9, 120, 0)]
    for channel in range(16):
        assert (0xB0 | channel, 123, 0) in messages
        assert (0xB0 | channel, 120, 0) in messages


def test_a_virtual_port_is_offered(system: System, monkeypatch: pytest.MonkeyPatch) -> None:
    device = midi(virtual=1)
    assert device.check() == ""
    assert (system.virtual, device.where) == (["Understudy"], "Understudy")
    monkeypatch.setattr(midi_port.sys, "platform", "win32")
    with pytest.raises(DeviceError, match="loopMIDI"):
        midi(virtual=1)


def test_without_the_library_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise ImportError(f"No module named {name!r}")

    monkeypatch.setattr(midi_port, "import_module", missing)
    assert PortList().outputs() == [
        "unavailable: MIDI is unavailable: No module named 'rtmidi'; install python-rtmidi (Python 3.11 or 3.12)"
    ]
    with pytest.raises(DeviceError, match="install python-rtmidi"):
        midi()


def test_without_a_midi_system_it_waits(system: System, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(midi_port, "backends", lambda library: {})
    assert midi(port="Synth").check() == "waiting for a MIDI system (ALSA or JACK); none runs here"
    assert PortList().inputs() == ["unavailable: no MIDI system runs here (ALSA or JACK)"]


def test_ports_are_listed(system: System) -> None:
    assert PortList().outputs() == system.names
    assert PortList().inputs() == system.names


def test_a_server_that_died_is_never_written_to_again(system: System, monkeypatch: pytest.MonkeyPatch) -> None:
    run = {9: "first"}
    monkeypatch.setattr(midi_port, "backends", lambda library: dict(run))
    port = OutPort("Synth")
    assert port.connect() == ""
    run.clear()
    for _ in range(midi_port.JACK_TRUST - 1):
        port.send((0x90, 60, 1))
    with pytest.raises(DeviceError, match="gone"):
        port.send((0x90, 60, 1))
    run[9] = "second"
    assert port.connect() == ""
    port.send((0x90, 60, 1))
    assert len(system.received) == midi_port.JACK_TRUST


def test_the_jack_server_is_known_by_its_socket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sockets = tmp_path / "unix"
    sockets.write_text(
        "Num       RefCount Protocol Flags    Type St Inode Path\n"
        "000000002bc7e3db: 00000003 00000000 00000000 0001 03 10347 /dev/shm/jack_stage_0_0\n"
        "000000002bc7e3db: 00000002 00000000 00010000 0001 01 10247 /dev/shm/jack_stage_0_0\n"
    )
    monkeypatch.setattr(midi_port, "SOCKETS", sockets)
    monkeypatch.setenv("JACK_DEFAULT_SERVER", "stage")
    assert jack_server() == "10247"
    monkeypatch.delenv("JACK_DEFAULT_SERVER")
    assert jack_server() == ""


@pytest.mark.parametrize("options", [(("channel", 0),), (("channel", 17),), (("virtual", 2),)])
def test_wrong_options_are_refused(options: tuple) -> None:
    with pytest.raises(DeviceError, match="choose a whole number"):
        Midi(DeviceSpec("midi", "midi", options))
