"""Bindings: one table for every hand, and what it does to a target."""

import pytest

from app.binding import Binding, BindingTable, Fire, Flip, Follow, Hold, Put, Source, Step, from_json, to_json
from app.hand import Hands
from app.parameter import Linear, Parameter, Steps, switch


def hands(said: list[str] | None = None) -> Hands:
    made = Hands(lambda _level, text: (said if said is not None else []).append(text))
    made.tree.add(Parameter("/density", 0.8, Linear(0, 1)))
    made.tree.add(Parameter("/mute", 0, switch()))
    made.tree.add(Parameter("/model", 0, Steps(("Haydn", "Satie"))))
    return made


def bind(made: Hands, source: Source, target: str, move: Follow | Step | Put | Flip | Fire) -> Source:
    made.bindings.add(Binding(source, target, move))
    return source


def test_steps_do_not_gather_rounding() -> None:
    made = hands()
    key = bind(made, Source("key", "F"), "/density", Step(-0.1))
    for _ in range(3):
        made.feel(key, 1.0, "key", 0.0)
    assert made.tree.number("/density").value == 0.5


def test_an_inverted_osc_argument() -> None:
    made = hands()
    source = bind(made, Source("osc", "/accel", 1), "/density", Follow(-10, 10, 1.0, 0.0))
    made.feel(source, 5.0, "osc", 0.0)
    assert made.tree.number("/density").value == pytest.approx(0.25)


def test_a_label_heard_chooses_a_composer_and_a_key_mutes() -> None:
    made = hands()
    glass = bind(made, Source("output", "/listener/label/glass"), "/model", Put("Satie"))
    key = bind(made, Source("key", "M"), "/mute", Flip())
    made.feel(glass, 1.0, "listener", 0.0)
    made.feel(key, 1.0, "key", 0.0)
    assert (made.tree.number("/model").show(), made.tree.number("/mute").show()) == ("Satie", "on")
    made.feel(key, 1.0, "key", 0.0)
    assert made.tree.number("/mute").show() == "off"


def test_a_held_key_holds_and_lets_go_and_others_act_on_the_press_only() -> None:
    made, fired = hands(), []
    made.actions.add("/do", lambda: fired.append(1))
    key = bind(made, Source("key", "1"), "/density", Hold(0.25, 0.75))
    bind(made, key, "/do", Fire())
    bind(made, key, "/mute", Flip())
    heard = []
    for value in (1.0, 1.0, 0.0):
        made.feel(key, value, "key", 0.0)
        heard.append(made.tree.number("/density").value)
    assert heard == [0.25, 0.25, 0.75]
    assert (len(fired), made.tree.number("/mute").value) == (2, 0)


def test_one_source_moves_several_targets_and_fires_actions() -> None:
    made, fired = hands(), []
    made.actions.add_with("/do", lambda arguments: fired.append(arguments))
    source = bind(made, Source("osc", "/go"), "/do", Fire((3.0,)))
    bind(made, source, "/density", Put(0.1))
    assert made.feel(source, 1.0, "osc", 0.0) == 2
    assert fired == [(3.0,)]
    assert made.tree.number("/density").value == 0.1


def test_keys_can_be_undone_and_osc_cannot() -> None:
    made = hands()
    key = bind(made, Source("key", "D"), "/density", Step(-0.5))
    osc = bind(made, Source("osc", "/d"), "/density", Follow())
    made.feel(key, 1.0, "key", 0.0)
    made.feel(osc, 0.9, "osc", 5.0)
    assert made.history.undo() == "Density"
    assert made.tree.number("/density").value == 0.8
    assert made.history.undo() == ""


def test_a_missing_target_is_said() -> None:
    said: list[str] = []
    made = hands(said)
    made.feel(bind(made, Source("key", "X"), "/nowhere", Step(1)), 1.0, "key", 0.0)
    assert said == ["X + is bound to /nowhere, which does not exist"]


def test_a_failing_action_is_said_not_raised() -> None:
    said: list[str] = []
    made = hands(said)

    def fail() -> None:
        raise OSError("disk full")

    made.actions.add("/save", fail, "Save")
    assert made.fire("/save")
    assert said == ["Save failed: disk full"]


@pytest.mark.parametrize(
    "move", [Follow(0, 127, 1, 0), Step(0.1), Put("Satie"), Put(0.5), Hold(2, 0), Flip(), Fire(("a", 1.0))]
)
def test_lines_survive_a_session(move: Follow | Step | Put | Flip | Fire) -> None:
    line = Binding(Source("osc", "/accel", 2), "/density", move)
    assert from_json(to_json(line)) == line


@pytest.mark.parametrize("line", [{}, {"source": 3, "target": "/a", "move": "step"}, {"move": "jump"}])
def test_a_broken_line_is_named(line: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="a binding cannot be read"):
        from_json(line)


def test_the_table_finds_by_target_and_forgets() -> None:
    table, line = BindingTable(), Binding(Source("key", "T"), "/density", Step(0.1))
    table.add(line)
    table.add(line)
    assert (len(table), table.for_target("/density")) == (1, [line])
    assert line.label == "T +"
    table.remove(line)
    assert list(table) == []
