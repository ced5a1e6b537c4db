"""OSC out on real UDP: the table, the types, and what happens when nobody listens."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from app.device.base import DeviceError, DeviceSpec
from app.device.osc import Osc
from app.device.synth import Synth
from app.event import Bend, Control, Event, Message, NoteOff, NoteOn, NoteVelocity, Program
from tests.condition import wait_for
from tests.receiver import Receiver


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    receiver = Receiver()
    yield receiver
    receiver.close()


def osc(port: int, host: str = "127.0.0.1") -> Osc:
    device = Osc(DeviceSpec("osc", "osc", (("host", host), ("port", port))))
    device.open()
    return device


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (NoteOn(0, "composer", 60, 80), ("/note_on", 60, 80)),
        (NoteOff(0, "composer", 60), ("/note_off", 60)),
        (NoteVelocity(0, "composer", 60, 90), ("/note_vel", 60, 90)),
        (Message(0, "composer", "/gen/token", ("60,64,67",)), ("/gen/token", "60,64,67")),
        (Message(0, "composer", "/gen/active", (3,)), ("/gen/active", 3)),
        (Message(0, "composer", "/gen/params", (0.5, 1.0, 0.25)), ("/gen/params", 0.5, 1.0, 0.25)),
        (NoteOn(0, "follower", 36, 100), ("/note_on", 36, 100, "follower")),
        (NoteOff(0, "follower", 36), ("/note_off", 36, "follower")),
        (NoteVelocity(0, "follower", 36, 70), ("/note_vel", 36, 70, "follower")),
        (Message(0, "listener", "/prediction", ("[0.1 0.9]",)), ("/prediction", "[0.1 0.9]")),
        (Control(0, "composer", 7, 99), ("/control", 7, 99)),
        (NoteOn(0, "drums", 36, 100, "kick"), ("/drum/kick", 100)),
        (NoteOff(0, "drums", 36), ("/note_off", 36, "drums")),
        (NoteOn(0, "lead", 60, 90, detune=0.25), ("/note_on", 60.25, 90, "lead")),
        (NoteOn(0, "bass", 60, 90), ("/note_on", 60, 90, "bass")),
        (Message(0, "lead", "/lead/cut", (300.0,)), ("/lead/cut", 300.0)),
        (Message(0, "drums", "/drum/effects", ("kick", "dist", 2.0)), ("/drum/effects", "kick", "dist", 2.0)),
        (Program(0, "listener", 12), ("/program", 12, "listener")),
        (Bend(0, "listener:3", -5), ("/bend", -5, "listener:3")),
    ],
)
def test_each_event_is_one_datagram(receiver: Receiver, event: Event, expected: tuple) -> None:
    device = osc(receiver.port)
    device.send(event)
    wait_for(receiver.read)
    assert receiver.read() == [expected]
    assert [type(value) for value in receiver.read()[0]] == [type(value) for value in expected]
    assert device.check() == ""
    device.close()


def test_panic_is_a_message(receiver: Receiver) -> None:
    device = osc(receiver.port)
    device.panic()
    wait_for(receiver.read)
    assert receiver.read() == [("/panic",)]


def test_nobody_listening_is_a_state_and_the_sending_goes_on(receiver: Receiver) -> None:
    device = osc(receiver.port)
    assert device.check() == ""
    receiver.close()
    wait_for(lambda: device.send(NoteOff(0, "composer", 1)) or "Nobody listens" in device.check())
    assert device.check() == f"Nobody listens at 127.0.0.1:{receiver.port}; start the receiver or change host and port"
    again = Receiver(receiver.port)
    device.send(NoteOn(0, "composer", 60, 80))  # The very first message after the return arrives.
    wait_for(again.read)
    assert again.read() == [("/note_on", 60, 80)]
    assert device.check() == ""
    again.close()


def test_the_first_message_after_a_refusal_arrives(receiver: Receiver) -> None:
    port = receiver.port
    receiver.close()
    device = osc(port)
    device.send(NoteOff(0, "composer", 1))  # Refused; the system says so at the next call.
    again = Receiver(port)
    device.send(NoteOn(0, "composer", 60, 80))
    wait_for(again.read)
    assert again.read() == [("/note_on", 60, 80)]
    again.close()


def test_an_unknown_host_is_a_state_and_never_waited_for() -> None:
    device = osc(9, "no-such-host.invalid")
    device.send(NoteOn(0, "composer", 60, 80))
    wait_for(lambda: "is not known" in device.check(), 20.0)
    device.close()


def test_a_host_name_is_found(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    found = [(socket.AF_INET, socket.SOCK_DGRAM, 17, "", ("127.0.0.1", receiver.port))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *arguments, **named: found)
    device = osc(receiver.port, "stage.local")
    wait_for(lambda: device.check() == "")
    device.send(NoteOn(0, "composer", 60, 80))
    wait_for(receiver.read)
    assert device.where == f"stage.local:{receiver.port}"


def test_a_message_that_osc_cannot_carry_is_told_and_the_next_one_leaves(receiver: Receiver) -> None:
    device = osc(receiver.port)
    device.send(Message(0, "composer", "/x", (1e300,)))
    assert "was not sent" in device.check()
    device.send(Message(0, "composer", "/x", ("a" * 70_000,)))
    assert "too long" in device.check()
    device.send(NoteOn(0, "composer", 60, 80))
    wait_for(receiver.read)
    assert device.check() == ""


def test_a_broadcast_address_is_allowed() -> None:
    device = osc(9, "255.255.255.255")
    assert "allow" not in device.check()
    device.close()


@pytest.mark.parametrize("port", [0, 70_000, "ten"])
def test_a_wrong_port_number_is_refused(port: int | str) -> None:
    with pytest.raises(DeviceError, match="choose a whole number from 1 to 65535"):
        Osc(DeviceSpec("osc", "osc", (("port", port),)))


def test_the_synth_is_an_osc_port_with_words_of_its_own(receiver: Receiver) -> None:
    device = Synth(DeviceSpec("synth", "synth", (("host", "127.0.0.1"), ("port", receiver.port))))
    device.open()
    device.send(NoteOn(0, "composer", 60, 80))
    wait_for(receiver.read)
    assert (device.check(), device.where) == ("", "this computer")
    receiver.close()
    wait_for(lambda: device.send(NoteOff(0, "composer", 60)) or "synth does not answer" in device.check())
