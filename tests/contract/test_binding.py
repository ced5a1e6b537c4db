"""Every Parameter and every Action can be bound to every kind of hand, kept, shown and moved; nothing needs code."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.action import Action
from app.binding import Binding, Follow, Source, Turn, from_json, to_json
from app.binding_move import inverted, kind_of, move_for, overlap, ranged
from app.feedback import shown_place
from app.guess import KINDS, KNOB
from app.hand import Hands
from app.instrument import PRESETS, Instrument
from app.midi_source import MidiReader, messages, touched
from app.parameter import Parameter, TextParameter
from app.profile import read
from tests.instrument import offline

HARMFUL = ("/quit", "/quit/ask", "/session/open", "/session/save")
SOURCES = {"knob": "cc21", "momentary": "note36", "toggle": "cc48", "press": "program5"}


@pytest.fixture(scope="module")
def instrument(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Instrument]:
    made = offline(tmp_path_factory.mktemp("session"))
    yield made
    made.close()


@pytest.mark.parametrize("kind", KINDS)
def test_everything_is_bindable(instrument: Instrument, kind: str) -> None:
    hands = instrument.engine.hands
    source = Source("midi", SOURCES.get(kind, "cc16"), 1, "desk")
    for target in (*hands.tree, *hands.actions):
        if isinstance(target, TextParameter) and (kind == KNOB or kind not in SOURCES):
            with pytest.raises(ValueError, match="is a text"):
                move_for(kind, target)
            continue
        line = Binding(source, target.address, move_for(kind, target))
        assert from_json(json.loads(json.dumps(to_json(line)))) == line
        if isinstance(target, Parameter):
            place = shown_place(line, target)
            assert place is None or 0.0 <= place <= 1.0
            assert kind_of(line) in KINDS


@pytest.mark.parametrize("kind", ["knob", "twos", "toggle"])
def test_a_hand_reaches_both_ends_of_every_number(instrument: Instrument, kind: str) -> None:
    said: list[str] = []
    hands = Hands(lambda _level, text: said.append(text))
    source = Source("midi", "cc21", 1, "desk")
    for known in instrument.engine.tree:
        if not isinstance(known, Parameter) or known.curve.value(0.0) == known.curve.value(1.0):
            continue
        copy = Parameter("/target", known.default, known.curve)
        hands.tree._by_address["/target"] = copy
        line = Binding(source, "/target", move_for(kind, copy))
        hands.bindings.add(line)
        for at in range(200):
            hands.feel(source, 127 / 127 if kind != "twos" else 3 / 127, "midi", at * 0.1)
        if kind == "toggle" and not isinstance(line.move, Follow):
            continue
        assert copy.position == 1.0, known.address
        for at in range(200):
            hands.feel(source, 0.0 if kind != "twos" else 125 / 127, "midi", 100 + at * 0.1)
        assert copy.position == 0.0, known.address
        hands.bindings.remove(line)
    assert said == []


@pytest.mark.parametrize("path", sorted((PRESETS / "controllers").glob("*.json")), ids=lambda path: path.stem)
def test_the_shipped_profiles_are_whole(instrument: Instrument, path: Path) -> None:
    controller, lines, faults = read(path)
    assert controller == path.stem
    assert faults == []
    assert len(lines) >= 8
    assert len({line.source for line in lines}) == len(lines)
    hands = instrument.engine.hands
    for line in lines:
        target = hands.tree.find(line.target) or hands.actions.find(line.target)
        assert target is not None, line.target
        assert not (isinstance(target, Action) and line.target in HARMFUL)
        assert line.source.port == controller


fields = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8), st.lists(st.integers()))


@given(
    st.sampled_from(("follow", "turn", "step", "put", "hold", "flip", "fire", "fly")),
    st.dictionaries(
        st.sampled_from(
            ("low", "high", "start", "end", "curve", "take_over", "encoding", "amount", "value", "rest", "arguments")
        ),
        fields,
        max_size=5,
    ),
)
def test_a_line_that_is_read_can_be_carried_out(move: str, given_fields: dict[str, object]) -> None:
    line = {"source": {"kind": "midi", "name": "cc21", "index": 1}, "target": "/x", "move": move, **given_fields}
    try:
        binding = from_json(line)
    except ValueError:
        return
    hands = Hands(lambda _level, _text: None)
    parameter = hands.tree.add(Parameter("/x", 0.5, instrument_curve()))
    hands.bindings.add(binding)
    for at, value in enumerate((0.0, 1.0, 0.4, 1.0)):
        hands.feel(binding.source, value, "midi", float(at))
    assert math.isfinite(parameter.value)
    assert shown_place(binding, parameter) is None or math.isfinite(shown_place(binding, parameter) or 0.0)


def instrument_curve() -> object:
    from app.parameter import Linear

    return Linear(0, 1)


@given(st.lists(st.binary(max_size=40), max_size=30))
def test_any_midi_bytes_are_read_or_left(stream: list[bytes]) -> None:
    reader = MidiReader()
    for data in stream:
        for touch in reader.read("desk", tuple(data)):
            assert 0.0 <= touch.value <= 1.0
            assert 1 <= touch.channel <= 16
            assert len(touch.sources) == 4
        found = touched(tuple(data))
        assert found is None or 0.0 <= found[1] <= 1.0


def test_running_status_and_real_time_in_between_are_read_and_sysex_is_left() -> None:
    stream = (0xB0, 21, 1, 22, 0xF8, 2, 0xF0, 1, 2, 3, 0xF7, 21, 5, 0xC1, 7, 8, 0x90, 60)
    assert list(messages(stream)) == [(0xB0, 21, 1), (0xB0, 22, 2), (0xC1, 7), (0xC1, 8)]


def test_a_flood_of_numbers_keeps_the_readers_memory_small() -> None:
    reader = MidiReader()
    for status in range(0xB0, 0xC0):
        for number in range(128):
            reader.read("desk", (status, number, 1))
    assert len(reader._coarse) <= 16 * 32
    assert len(reader._selected) <= 16


@given(st.floats(0, 1), st.floats(0, 1))
def test_inverting_twice_is_nothing_and_a_range_holds(start: float, end: float) -> None:
    line = ranged(Binding(Source("midi", "cc1"), "/x", Turn()), start, end)
    assert inverted(inverted(line)) == line


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (Source("midi", "cc1+", 1, "a"), Source("midi", "cc33", 1, "a"), True),
        (Source("midi", "cc1+", 1), Source("midi", "cc1", 0), True),
        (Source("midi", "nrpn5+", 1), Source("midi", "nrpn5", 1), True),
        (Source("midi", "cc1", 1, "a"), Source("midi", "cc1", 1, "b"), False),
        (Source("midi", "cc1", 1, "a"), Source("midi", "cc1", 2, "a"), False),
        (Source("midi", "cc1"), Source("midi", "cc2"), False),
        (Source("osc", "/a", 1), Source("osc", "/a", 2), False),
        (Source("osc", "/a"), Source("output", "/a"), False),
    ],
)
def test_which_hands_are_the_same(one: Source, other: Source, same: bool) -> None:
    assert overlap(one, other) == overlap(other, one) == same


MOVED_BY = (
    Source("midi", "cc21", 1, "desk"),
    Source("midi", "note36", 10, "desk"),
    Source("midi", "note"),
    Source("midi", "pitch", 2),
    Source("midi", "bend", 1, "desk"),
    Source("osc", "/hand", 1),
    Source("output", "/listener/out", 2),
    Source("output", "/follower/hit/kick"),
    Source("key", "X"),
)


@pytest.mark.parametrize("source", MOVED_BY, ids=lambda source: f"{source.kind} {source.name}")
def test_every_number_moves_every_action_fires_and_every_text_is_put(instrument: Instrument, source: Source) -> None:
    """Bound through the engine's own door, stored and read as a session does, then moved by the hand."""
    said: list[str] = []
    hands = Hands(lambda _level, text: said.append(text))
    for known in (*instrument.engine.tree, *instrument.engine.actions):
        fired: list[tuple[object, ...]] = []
        hands.tree._by_address.clear()
        hands.actions._by_address.clear()
        if isinstance(known, Action):
            hands.actions.add_with("/target", fired.append, known.title)
            target: Parameter | TextParameter | Action | None = hands.actions.find("/target")
            kind = "press"
        elif isinstance(known, TextParameter):
            target = hands.tree.add_text(TextParameter("/target", known.default))
            target.value = "kept"
            kind = "press"
        else:
            target = hands.tree.add(Parameter("/target", known.default, known.curve))
            kind = "momentary" if source.name in ("note36", "X", "/follower/hit/kick") else KNOB
        assert target is not None
        line = from_json(json.loads(json.dumps(to_json(Binding(source, "/target", move_for(kind, target))))))
        hands.bindings.add(line)
        if isinstance(target, TextParameter):
            target.value = "other"
        start = target.value if not isinstance(target, Action) else None
        for at, value in enumerate((0.0, 1.0, 0.0, 0.5, 1.0, 0.0)):
            hands.feel(source, value, "osc", at * 0.5, "desk", struck=source.is_note and value > 0)
            if not isinstance(target, Action) and target.value != start:
                break
        hands.bindings.remove(line)
        if isinstance(known, Action):
            assert fired, known.address
        elif isinstance(target, TextParameter):
            assert target.value == "kept", known.address
        elif known.curve.value(0.0) != known.curve.value(1.0):  # type: ignore[union-attr]
            assert target.value != start, known.address  # type: ignore[union-attr]
    assert said == []
