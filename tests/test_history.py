"""Undo: one step per gesture, by address."""

from app.history import History, ParameterEdit
from app.parameter import Linear, Parameter, Tree


def tree() -> Tree:
    made = Tree()
    for address in ("/a", "/b"):
        made.add(Parameter(address, 0, Linear(0, 10)))
    return made


def move(made: Tree, history: History, address: str, value: float, seconds: float, gesture: int | None = None) -> None:
    before = made.number(address).value
    made.number(address).set(value)
    history.push(ParameterEdit(made, address, before, value), seconds, gesture)


def test_one_press_is_one_step_however_long_it_takes() -> None:
    made, history = tree(), History()
    for value in range(1, 6):
        move(made, history, "/a", value, seconds=value * 10.0, gesture=7)
    assert history.undo() == "A"
    assert made.number("/a").value == 0
    assert history.undo() == ""


def test_keys_merge_within_a_second_and_not_after() -> None:
    made, history = tree(), History()
    move(made, history, "/a", 1, 0.0)
    move(made, history, "/a", 2, 0.9)
    move(made, history, "/a", 3, 2.0)
    history.undo()
    assert made.number("/a").value == 2
    history.undo()
    assert made.number("/a").value == 0


def test_other_addresses_do_not_merge_and_redo_returns() -> None:
    made, history = tree(), History()
    move(made, history, "/a", 1, 0.0)
    move(made, history, "/b", 2, 0.1)
    history.undo()
    history.undo()
    assert [made.number(address).value for address in ("/a", "/b")] == [0, 0]
    history.redo()
    history.redo()
    assert [made.number(address).value for address in ("/a", "/b")] == [1, 2]


def test_a_new_edit_forgets_what_was_undone() -> None:
    made, history = tree(), History()
    move(made, history, "/a", 1, 0.0)
    history.undo()
    move(made, history, "/a", 5, 0.1)
    assert history.redo() == ""
    assert made.number("/a").value == 5


def test_only_the_newest_steps_are_kept() -> None:
    made, history = tree(), History(limit=3)
    for value in range(1, 9):
        move(made, history, "/a", value, seconds=value * 5.0)
    while history.undo():
        pass
    assert made.number("/a").value == 5
