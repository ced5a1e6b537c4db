"""The take-over table: which message of a hand that stands elsewhere moves the value."""

from __future__ import annotations

import pytest

from app.binding import Binding, Follow, Hold, Source, Turn
from app.encoder import ENCODINGS, Speed, ticks
from app.hand import Hands
from app.parameter import Linear, Log, Parameter, Steps, switch

CC = Source("midi", "cc21")
STEP = 1 / 127


def hands(mode: str = "pick-up") -> Hands:
    made = Hands(lambda _level, text: pytest.fail(text))
    made.tree.add(Parameter("/map/take_over", 0, Steps(("pick-up", "immediate", "scaled"))))
    made.tree.number("/map/take_over").set(mode)
    made.tree.add(Parameter("/x", 0.5, Linear(0, 1)))
    made.tree.add(Parameter("/eight", 0, Steps(tuple("abcdefgh"))))
    made.tree.add(Parameter("/on", 0, switch()))
    made.tree.add(Parameter("/hertz", 200, Log(20, 20_000)))
    return made


Moves = list[tuple[float, float]]


def moved(made: Hands, moves: Moves, target: str = "/x", move: Follow | Turn | None = None) -> list[float]:
    """Return the target's position after each (seconds, value)."""
    line = Binding(CC, target, move or Follow())
    made.bindings.add(line)
    heard = []
    for seconds, value in moves:
        made.feel(CC, value, "midi", seconds)
        heard.append(round(made.tree.number(target).position, 4))
    return heard


@pytest.mark.parametrize(
    ("moves", "positions"),
    [
        pytest.param([(0, 0.5)], [0.5], id="the first after load is refused, even where it would not jump"),
        pytest.param([(0, 0.9)], [0.5], id="the first after load is refused"),
        pytest.param([(0, 0.9), (1, 0.8), (2, 0.6)], [0.5] * 3, id="far and on one side waits"),
        pytest.param([(0, 0.9), (1, 0.5 + 3 / 128)], [0.5, round(0.5 + 3 / 128, 4)], id="as near as 3/128 takes"),
        pytest.param([(0, 0.9), (1, 0.5 + 3.2 / 128)], [0.5, 0.5], id="further than 3/128 waits"),
        pytest.param([(0, 0.9), (1, 0.2)], [0.5, 0.2], id="crossing takes, however far"),
        pytest.param([(0, 0.1), (1, 0.95)], [0.5, 0.95], id="crossing upwards"),
        pytest.param([(0, 0.9), (1, 0.49), (1.04, 0.1)], [0.5, 0.49, 0.1], id="quick after an accepted one"),
        pytest.param([(0, 0.9), (1, 0.49), (9, 0.1)], [0.5, 0.49, 0.1], id="a hand that stands at the value holds it"),
    ],
)
def test_pick_up(moves: list[tuple[float, float]], positions: list[float]) -> None:
    assert moved(hands(), moves) == positions


def test_another_hand_in_between_has_to_be_picked_up_from() -> None:
    made = hands()
    assert moved(made, [(0, 0.4), (1, 0.5), (1.01, 0.52)]) == [0.5, 0.5, 0.52]
    made.write("/x", 0.9, "ui", 1.02)
    assert moved(made, [(1.03, 0.53), (1.04, 0.6)]) == [0.9, 0.9]
    assert moved(made, [(2, 0.86), (3, 0.89), (4, 0.8)]) == [0.9, 0.89, 0.8]


def test_a_session_that_was_opened_makes_the_next_message_the_first() -> None:
    made = hands()
    assert moved(made, [(0, 0.4), (1, 0.6)]) == [0.5, 0.6]
    made.write("/x", 0.3, "session", 2)
    assert moved(made, [(3, 0.1), (4, 0.05), (5, 0.31)]) == [0.3, 0.3, 0.31]


def test_the_place_and_not_the_rounded_step_is_compared() -> None:
    made = hands()
    sweep = [(1.5 + place, place * STEP * 2) for place in range(1, 64)]
    positions = moved(made, [(0, 0.1), (1, 0.0), *sweep], "/eight")
    assert positions[-1] == 1.0
    assert len(set(positions)) == 8


def test_a_range_out_of_reach_is_entered_at_its_end() -> None:
    made = hands()
    made.write("/x", 0.9, "ui", 0)
    assert moved(made, [(0, 0.2), (1, 0.9), (2, 1.0), (3, 0.99)], move=Follow(start=0.1, end=0.4))[:2] == [0.9, 0.9]
    assert round(made.tree.number("/x").value, 3) == 0.397


def test_inverted_hands_pick_up_too() -> None:
    positions = moved(hands(), [(0, 0.1), (1, 0.2), (2, 0.7)], move=Follow(start=1.0, end=0.0))
    assert positions == [0.5, 0.5, 0.3]


def test_immediate_jumps() -> None:
    assert moved(hands("immediate"), [(0, 0.9), (1, 0.1)]) == [0.9, 0.1]
    assert moved(hands(), [(0, 0.9), (1, 0.1)], move=Follow(take_over="immediate")) == [0.9, 0.1]


def test_scaled_reaches_both_ends_with_the_hand() -> None:
    assert moved(hands("scaled"), [(0, 0.8), (1, 0.9), (2, 1.0), (3, 0.5)]) == [0.5, 0.75, 1.0, 0.5]
    assert moved(hands("scaled"), [(0, 0.8), (1, 0.4), (2, 0.0)]) == [0.5, 0.25, 0.0]
    assert moved(hands("scaled"), [(0, 0.2), (1, 0.1), (2, 0.0), (3, 0.2)]) == [0.5, 0.25, 0.0, 0.2]


def test_wheels_keys_and_osc_need_not_pick_up() -> None:
    for source in (Source("midi", "bend"), Source("osc", "/fader"), Source("output", "/listener/out", 0)):
        made = hands()
        made.bindings.add(Binding(source, "/x", Follow()))
        made.feel(source, 0.9, source.kind, 0.0)
        assert made.tree.number("/x").value == 0.9


@pytest.mark.parametrize(
    ("encoding", "right", "left", "quick"),
    [("twos", 1, 127, (5, 123)), ("signed", 1, 65, (5, 69)), ("reverse", 65, 1, (69, 5)), ("offset", 65, 63, (69, 59))],
)
def test_encoders_turn_both_ways(encoding: str, right: int, left: int, quick: tuple[int, int]) -> None:
    assert [ticks(encoding, raw) for raw in (right, left, *quick)] == [1, -1, 5, -5]
    made = hands()
    positions = moved(made, [(0, right / 127), (1, right / 127), (2, left / 127)], move=Turn(encoding))
    assert positions == [round(0.5 + steps / 128, 4) for steps in (1, 2, 1)]


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_every_seven_bits_are_steps_within_reason(encoding: str) -> None:
    assert all(-64 <= ticks(encoding, raw) <= 64 for raw in range(128))


def test_a_fast_encoder_goes_further_and_a_range_holds_it() -> None:
    slow = moved(hands(), [(step * 0.1, STEP) for step in range(20)], move=Turn())[-1]
    fast = moved(hands(), [(step * 0.008, STEP) for step in range(20)], move=Turn())[-1]
    plain = moved(hands(), [(step * 0.008, STEP) for step in range(20)], move=Turn(acceleration=0))[-1]
    assert slow == plain == round(0.5 + 20 / 128, 4)
    assert fast > 0.5 + 1.5 * (slow - 0.5)
    assert moved(hands(), [(step, STEP) for step in range(90)], move=Turn(start=0.2, end=0.6))[-1] == 0.6
    assert Speed().grown(0, 1.0, 1.0) == 0.0


def test_an_encoder_walks_through_names_and_backwards_if_inverted() -> None:
    made = hands()
    positions = moved(made, [(step, STEP) for step in range(32)], "/eight", Turn())
    assert (positions[0], positions[-1], len(set(positions))) == (0.0, 1.0, 8)
    assert moved(hands(), [(0, STEP)], move=Turn(start=1.0, end=0.0)) == [round(0.5 - 1 / 128, 4)]


def test_a_knob_on_a_verb_fires_once_on_its_way_up_and_a_trigger_each_time() -> None:
    made, fired = hands(), []
    made.actions.add("/do", lambda: fired.append(1))
    made.bindings.add(Binding(CC, "/do", Follow()))
    for at, value in enumerate((0.1, 0.4, 0.6, 0.9, 0.3, 0.7)):
        made.feel(CC, value, "midi", float(at))
    assert len(fired) == 2
    for at in range(3):
        made.feel(CC, 1.0, "midi", 10.0 + at)
    assert len(fired) == 4


def test_a_controller_that_is_pulled_lets_go() -> None:
    made = hands()
    source = Source("midi", "cc64")
    made.bindings.add(Binding(source, "/x", Hold(1.0, 0.25)))
    made.feel(source, 1.0, "midi", 0.0, "desk")
    made.let_go("other", 1.0)
    assert made.tree.number("/x").value == 1.0
    made.let_go("desk", 1.0)
    assert made.tree.number("/x").value == 0.25
