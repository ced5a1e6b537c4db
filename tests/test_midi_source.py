"""MIDI moves what is bound to it, on its channel or on any."""

import pytest

from app.binding import Binding, Fire, Follow, Hold, Source, from_json, to_json
from app.frame import MidiMessage
from app.midi_source import touched
from app.parameter import Linear, Parameter
from tests.stage import Stage


@pytest.mark.parametrize(
    ("data", "name", "channel", "value"),
    [
        ((0xB2, 21, 127), "cc21", 3, 1.0),
        ((0x90, 60, 127), "note60", 1, 1.0),
        ((0x90, 60, 0), "note60", 1, 0.0),
        ((0x8F, 60, 64), "note60", 16, 0.0),
        ((0xC0, 5), "program5", 1, 1.0),
        ((0xD0, 127), "pressure", 1, 1.0),
        ((0xA0, 60, 127), "pressure60", 1, 1.0),
        ((0xE0, 127, 127), "bend", 1, 1.0),
        ((0xE0, 0, 0), "bend", 1, 0.0),
    ],
)
def test_each_message_has_a_name_a_channel_and_a_place(
    data: tuple[int, ...], name: str, channel: int, value: float
) -> None:
    found = touched(data)
    assert found is not None
    assert found[0] == (Source("midi", name, channel), Source("midi", name, 0))
    assert found[1] == pytest.approx(value)


@pytest.mark.parametrize("data", [(), (0x90,), (0xB0, 1), (0xF8,), (0xF0, 1, 2, 0xF7), (64, 3, 2), (0xC0,)])
def test_what_is_no_whole_channel_message_touches_nothing(data: tuple[int, ...]) -> None:
    assert touched(data) is None


def test_a_knob_a_pad_and_a_program_button_move_the_instrument() -> None:
    stage = Stage()
    engine, fired, heard = stage.engine, [], []
    engine.tree.add(Parameter("/density", 0.5, Linear(0, 2)))
    engine.tree.add(Parameter("/record", 0, Linear(0, 9, 1)))
    engine.actions.add("/scene", lambda: fired.append(1))
    engine.midi_hearers.append(heard.append)
    for binding in (
        Binding(Source("midi", "cc21"), "/density", Follow()),
        Binding(Source("midi", "note36", 10), "/record", Hold(3.0)),
        Binding(Source("midi", "program5"), "/scene", Fire()),
    ):
        assert from_json(to_json(binding)) == binding
        engine.bindings.add(binding)
    for data in ((0xB4, 21, 127), (0x99, 36, 100), (0x90, 36, 100), (0xC0, 5)):
        engine.inbox.put(MidiMessage(10.0, "pads", data))
    stage.run(0.01)
    assert (engine.tree.number("/density").value, engine.tree.number("/record").value) == (2.0, 3.0)
    engine.inbox.put(MidiMessage(10.0, "pads", (0x89, 36, 0)))
    stage.run(0.01)
    assert engine.tree.number("/record").value == 0.0
    assert (len(fired), len(heard)) == (1, 5)
