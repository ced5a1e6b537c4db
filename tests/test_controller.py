"""MIDI controllers are there when they are plugged in, once each, and nothing hangs when they go."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.binding import Binding, Flip, Follow, Hold, Source
from app.controller import controller_of
from app.frame import Frame, MidiMessage
from app.midi_ear import MidiEar
from app.parameter import Linear, Parameter, switch
from tests.controller_rig import Rig


def rig(folder: Path, *names: str) -> Rig:
    made = Rig(folder, *names)
    made.engine.tree.add(Parameter("/x", 0.25, Linear(0, 1)))
    made.engine.tree.add(Parameter("/on", 0, switch()))
    made.run(0.1)
    return made


@pytest.mark.parametrize(
    ("port", "name"),
    [
        ("nanoKONTROL2:nanoKONTROL2 MIDI 1 20:0", "nanoKONTROL2"),
        ("nanoKONTROL2 20:0", "nanoKONTROL2"),
        ("stage desk:out", "stage desk"),
        ("nanoKONTROL2 1", "nanoKONTROL2"),
        ("a2j:LPD8 [20] (capture): LPD8 MIDI 1", "LPD8"),
        ("system:midi_capture_1", "midi_capture_1"),
        ("BeatStep", "BeatStep"),
    ],
)
def test_a_controllers_name_is_the_same_on_every_system(port: str, name: str) -> None:
    assert controller_of(port) == name


def test_every_controller_is_open_without_being_asked_for(tmp_path: Path) -> None:
    made = rig(tmp_path, "desk:out", "pads:out", "Understudy:Understudy", "Midi Through:0")
    assert set(made.boxes.open) == {"desk:out", "pads:out"}
    made.engine.bindings.add(Binding(Source("midi", "cc21"), "/x", Follow()))
    made.boxes.play("pads:out", 0xB0, 21, 127)
    made.run()
    assert made.engine.tree.number("/x").value == 0.25  # The first waits to be picked up,
    made.boxes.play("pads:out", 0xB0, 21, 0)
    made.run()
    assert made.engine.tree.number("/x").value == 0.0  # and now it came by.
    states = made.engine.snapshot.mapping.controllers
    assert [(one.name, one.state, one.lit) for one in states] == [("desk", "open", True), ("pads", "open", True)]
    assert made.engine.snapshot.lights["midi in"] is not None


def test_names_choose_and_none_closes_all(tmp_path: Path) -> None:
    made = rig(tmp_path, "desk:out", "pads:out")
    made.engine.set("/midi/in", "PADS, keys")
    made.run(0.1)
    assert set(made.boxes.open) == {"pads:out"}
    states = made.engine.snapshot.mapping.controllers
    assert [(state.name, state.state) for state in states] == [("pads", "open"), ("keys", "waiting")]
    assert "midi in: waiting for keys" in made.said()
    made.engine.set("/midi/in", "none")
    made.run(0.1)
    assert made.boxes.open == {}
    made.engine.set("/midi/in", "")
    made.run(0.1)
    assert len(made.boxes.open) == 2


def test_twins_are_told_apart(tmp_path: Path) -> None:
    made = rig(tmp_path, "LPD8 20:0", "LPD8 24:0")
    assert [state.name for state in made.engine.snapshot.mapping.controllers] == ["LPD8", "LPD8 #2"]


def test_a_pulled_cable_lets_go_of_everything_and_is_taken_up_again(tmp_path: Path) -> None:
    made, heard = rig(tmp_path, "desk:out"), list[MidiMessage]()
    made.engine.midi_hearers.append(heard.append)
    made.engine.bindings.add(Binding(Source("midi", "cc64", 1, "desk"), "/x", Hold(1.0, 0.25)))
    made.engine.bindings.add(Binding(Source("midi", "note36", 10, "desk"), "/on", Hold(1.0, 0.0)))
    for data in ((0xB0, 64, 127), (0x99, 36, 90), (0x90, 60, 90)):
        made.boxes.play("desk:out", *data)
    made.run()
    assert (made.engine.tree.number("/x").value, made.engine.tree.number("/on").value) == (1.0, 1.0)
    made.boxes.pull("desk:out")
    made.run(1.2)
    assert (made.engine.tree.number("/x").value, made.engine.tree.number("/on").value) == (0.25, 0.0)
    assert [message.data for message in heard[-2:]] == [(0x80, 60, 0), (0x89, 36, 0)]
    assert any("desk is gone" in line for line in made.said())
    made.boxes.plug("desk:out 2")
    made.run(1.2)
    made.boxes.play("desk:out 2", 0xB0, 64, 127)
    made.run()
    assert made.engine.tree.number("/x").value == 1.0


def test_a_controller_is_shown_everything_when_it_comes_and_whenever_asked(tmp_path: Path) -> None:
    made = rig(tmp_path)
    made.engine.bindings.add(Binding(Source("midi", "cc21", 1, "desk"), "/x", Follow()))
    made.engine.bindings.add(Binding(Source("midi", "note36", 10, "desk"), "/on", Flip()))
    made.run(0.5)
    assert made.told("desk") == []
    made.boxes.plug("desk:out")
    made.run(1.5)
    assert [data for _, data in made.told("desk")] == [(0xB0, 21, 32), (0x99, 36, 0)]
    made.engine.set("/x", 1.0)
    made.run(0.1)
    assert made.told("desk")[-1][1] == (0xB0, 21, 127)
    made.boxes.pull("desk:out")
    made.run(1.5)
    made.engine.set("/x", 0.0)
    made.boxes.plug("desk:out")
    made.run(1.5)
    assert [data for _, data in made.told("desk")[-2:]] == [(0xB0, 21, 0), (0x99, 36, 0)]
    before = len(made.told("desk"))
    made.engine.fire("/map/resend")
    made.run(0.1)
    assert len(made.told("desk")) == before + 2
    made.engine.set("/map/feedback", "other")
    made.run(1.2)
    assert not made.engine.snapshot.mapping.controllers[0].lit
    made.engine.set("/x", 0.5)
    made.run(0.5)
    assert made.told("desk")[-1][1] != (0xB0, 21, 64)


def test_stop_and_panic_leave_the_lights_alone(tmp_path: Path) -> None:
    made = rig(tmp_path, "desk:out")
    made.engine.bindings.add(Binding(Source("midi", "note36", 10, "desk"), "/on", Flip()))
    made.engine.set("/on", 1)
    made.run(0.5)
    assert made.told("desk")[-1][1] == (0x99, 36, 127)
    before = len(made.told("desk"))
    made.engine.fire("/transport/play")
    made.run(0.2)
    made.engine.fire("/panic")
    made.run(0.2)
    assert len(made.told("desk")) == before


def test_the_listener_hears_the_same_port_that_is_open_already(tmp_path: Path) -> None:
    made, frames = rig(tmp_path, "desk:out", "pads:out"), list[Frame]()
    made.engine.hearers.append(frames.append)
    ear = MidiEar(made.engine.inbox.put, made.clock, "pads", ("cc21", "note60"), 0, made.mapping.controllers)
    ear.open()
    assert (ear.check().state, ear.check().text) == ("open", "pads")
    made.boxes.play("pads:out", 0xB0, 21, 127)
    made.boxes.play("desk:out", 0xB0, 21, 0)
    made.boxes.play("pads:out", 0x90, 60, 100)
    made.run()
    assert [frame.values.tolist() for frame in frames] == [[1.0, 0.0], [1.0, 1.0]]
    made.boxes.pull("pads:out")
    made.run(1.2)
    assert ear.check().text == "waiting for pads"
    made.run()
    assert frames[-1].values.tolist() == [1.0, 0.0]
    ear.close()
    assert ear.check().state == "closed"


def test_the_listeners_port_is_open_even_if_it_is_no_hand(tmp_path: Path) -> None:
    made = rig(tmp_path, "desk:out", "pads:out")
    made.engine.set("/midi/in", "desk")
    made.run(0.1)
    ear = MidiEar(made.engine.inbox.put, made.clock, "pads", ("cc21",), 0, made.mapping.controllers)
    ear.open()
    made.run(0.1)
    assert set(made.boxes.open) == {"desk:out", "pads:out"}
    ear.close()
    made.run(0.1)
    assert set(made.boxes.open) == {"desk:out"}


def test_of_two_clocks_the_first_leads(tmp_path: Path) -> None:
    made, heard = rig(tmp_path, "desk:out", "pads:out"), list[MidiMessage]()
    made.engine.midi_hearers.append(heard.append)
    for _ in range(10):
        made.boxes.play("desk:out", 0xF8)
        made.boxes.play("pads:out", 0xF8)
        made.run(0.02)
    assert {message.port for message in heard} == {"desk"}
    for _ in range(100):
        made.boxes.play("pads:out", 0xF8)
        made.run(0.02)
    assert heard[-1].port == "pads"
