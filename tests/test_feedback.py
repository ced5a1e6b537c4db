"""Controllers are shown what moves: never against the hand, never in a circle, fifty times a second at most."""

from __future__ import annotations

import pytest

from app.binding import Binding, Flip, Follow, Hold, Put, Source, Turn
from app.feedback import Feedback
from app.hand import Hands
from app.midi_source import MidiReader, sends
from app.parameter import Linear, Parameter, Steps, switch


class Surface:
    """A controller on a clock of its own. Attributes: `hands`, `sent` (seconds, controller, bytes), `seconds`."""

    def __init__(self, *bindings: Binding) -> None:
        self.hands = Hands(lambda _level, text: pytest.fail(text))
        self.sent: list[tuple[float, str, tuple[int, ...]]] = []
        self.seconds = 100.0
        self.feedback = Feedback(self.hands, lambda name, data: self.sent.append((self.seconds, name, data)))
        self.feedback.controllers = ("desk",)
        self.hands.tree.add(Parameter("/x", 0.0, Linear(0, 1)))
        self.hands.tree.add(Parameter("/on", 0, switch()))
        self.hands.tree.add(Parameter("/name", 0, Steps(("a", "b", "c"))))
        for binding in bindings:
            self.hands.bindings.add(binding)
        self._reader = MidiReader()
        self.run(0.1)

    def run(self, seconds: float) -> None:
        for _ in range(round(seconds / 0.005)):
            self.seconds += 0.005
            self.feedback.tend(self.seconds)

    def hear(self, *data: int, port: str = "desk") -> None:
        for touch in self._reader.read(port, data):
            if self.feedback.echoes(touch, self.seconds):
                continue
            for source in touch.sources:
                self.hands.feel(source, touch.value, "midi", self.seconds, port)

    def write(self, address: str, value: float) -> None:
        self.hands.write(address, value, "ui", self.seconds)

    def news(self) -> list[tuple[int, ...]]:
        """What came since this was asked last."""
        found, self.sent = [data for _, _, data in self.sent], []
        return found


def knob(name: str = "cc21", index: int = 1, port: str = "desk") -> Source:
    return Source("midi", name, index, port)


@pytest.mark.parametrize(
    ("source", "move", "address", "value", "data"),
    [
        (knob(), Follow(), "/x", 0.5, [(0xB0, 21, 64)]),
        (knob(), Follow(start=1, end=0), "/x", 0.25, [(0xB0, 21, 95)]),
        (knob(), Follow(start=0.5, end=1), "/x", 0.75, [(0xB0, 21, 64)]),
        (knob(index=10), Turn("offset"), "/x", 1.0, [(0xB9, 21, 127)]),
        (knob("cc1+"), Follow(), "/x", 0.5, [(0xB0, 1, 64), (0xB0, 33, 0)]),
        (knob("nrpn300"), Follow(), "/x", 1.0, [(0xB0, 99, 2), (0xB0, 98, 44), (0xB0, 6, 127)]),
        (knob("bend", 9), Follow(), "/x", 1.0, [(0xE8, 127, 127)]),
        (knob("note36", 10), Flip(), "/on", 1, [(0x99, 36, 127)]),
        (knob("note36", 0), Flip(), "/on", 1, [(0x90, 36, 127)]),
        (knob("cc41"), Hold(1.0), "/x", 1.0, [(0xB0, 41, 127)]),
        (knob("cc42"), Put("b"), "/name", 1, [(0xB0, 42, 127)]),
        (knob("program5"), Put("b"), "/name", 1, []),
    ],
)
def test_a_change_is_shown_in_the_controllers_own_words(
    source: Source, move: Follow | Turn | Flip | Hold | Put, address: str, value: float, data: list[tuple[int, ...]]
) -> None:
    surface = Surface(Binding(source, address, move))
    surface.news()
    surface.write(address, value)
    surface.run(0.05)
    assert surface.news() == data
    surface.run(1.0)
    assert surface.news() == []


def test_all_is_told_at_first_and_again_when_asked() -> None:
    surface = Surface(Binding(knob(), "/x", Follow()), Binding(knob("note36"), "/on", Flip()))
    assert surface.news() == [(0xB0, 21, 0), (0x90, 36, 0)]
    surface.run(1.0)
    assert surface.news() == []
    surface.feedback.forget("desk")
    surface.run(0.1)
    assert len(surface.news()) == 2


def test_no_more_than_fifty_a_second() -> None:
    surface = Surface(Binding(knob(), "/x", Follow()))
    surface.news()
    for step in range(400):
        surface.write("/x", step / 400)
        surface.run(0.005)
    assert 70 <= len(surface.news()) <= 101


def test_a_hand_on_a_fader_is_left_alone_and_the_motor_follows_later() -> None:
    surface = Surface(Binding(knob(), "/x", Follow()))
    surface.news()
    for value in range(10, 60):
        surface.hear(0xB0, 21, value)
        surface.run(0.01)
    assert surface.news() == []
    surface.run(1.0)
    assert surface.news() == []  # It stands where the hand left it.
    surface.hear(0xB0, 21, 70)
    surface.run(0.1)
    surface.write("/x", 0.0)
    surface.run(0.15)
    assert surface.news() == []
    surface.run(0.2)
    assert surface.news() == [(0xB0, 21, 0)]


def test_a_buttons_light_is_told_after_its_own_press() -> None:
    surface = Surface(Binding(knob("note36"), "/on", Flip()))
    surface.news()
    surface.hear(0x90, 36, 100)
    surface.hear(0x80, 36, 0)
    assert surface.hands.tree.number("/on").value == 1
    surface.run(0.25)
    assert surface.news() == []
    surface.run(0.1)
    assert surface.news() == [(0x90, 36, 127)]


def test_a_source_that_got_another_target_shows_that_one() -> None:
    surface = Surface(Binding(knob(), "/x", Follow()))
    surface.write("/x", 1.0)
    surface.run(0.1)
    surface.write("/on", 0.0)
    surface.hands.write("/name", 1, "ui", surface.seconds)  # As many changes as /x had.
    surface.hands.bindings.remove(Binding(knob(), "/x", Follow()))
    surface.hands.bindings.add(Binding(knob(), "/name", Follow()))
    surface.news()
    surface.run(0.1)
    assert surface.news() == [(0xB0, 21, 64)]


def test_a_cable_that_repeats_everything_makes_no_circle() -> None:
    surface = Surface(Binding(knob(), "/x", Follow()), Binding(knob("cc1+"), "/name", Follow()))
    surface.news()
    surface.write("/x", 0.3)
    for _ in range(100):
        surface.run(0.02)
        for data in surface.news():
            surface.hear(*data)
    assert surface.hands.tree.number("/x").value == 0.3


def test_a_source_of_any_controller_is_shown_where_it_was_moved() -> None:
    surface = Surface(Binding(Source("midi", "cc21", 1), "/x", Follow()))
    surface.feedback.controllers = ("desk", "pads")
    surface.run(0.1)
    surface.sent.clear()
    surface.hear(0xB0, 21, 5, port="pads")
    surface.run(0.5)
    surface.write("/x", 1.0)
    surface.run(0.1)
    assert [name for _, name, _ in surface.sent] == ["pads"]


def test_what_is_sent_is_read_as_the_same_place() -> None:
    for name in ("cc7", "cc7+", "nrpn300", "nrpn300+", "rpn2+", "bend", "note60"):
        for value in (0.0, 0.25, 0.5, 1.0):
            reader = MidiReader()
            touches = [one for data in sends(knob(name, 3), value) for one in reader.read("desk", data)]
            found = [one.value for one in touches if one.name == name]
            assert found[-1] == pytest.approx(value, abs=0.005)
            assert touches[-1].channel == 3
    assert sends(knob("pressure"), 0.5) == []
