"""Reading strangers' arguments."""

from __future__ import annotations

import pytest

from app.adapter import argument
from app.adapter.project import Project, spelled
from app.player.listener.plan import read_plan


@pytest.mark.parametrize(("given", "taken"), [(3, 3), (3.0, 3), (-1.0, -1), (2**40, 2**40)])
def test_whole_numbers_of_either_kind(given: float, taken: int) -> None:
    assert argument.whole(given) == taken


@pytest.mark.parametrize("given", [1.5, float("nan"), float("inf"), "3", True, None, b"x", 10**400, [1]])
def test_what_is_no_whole_number(given: object) -> None:
    with pytest.raises(ValueError, match=r"wanted|too large"):
        argument.whole(given)


@pytest.mark.parametrize(("given", "taken"), [("a b", "a b"), (7, "7"), (0.5, "0.5")])
def test_texts(given: object, taken: str) -> None:
    assert argument.texts((given,)) == (taken,)


@pytest.mark.parametrize("given", ["", " ", "a\nb", b"x", None, True, "x" * 3 + "\0"])
def test_what_is_no_text(given: object) -> None:
    with pytest.raises(ValueError, match="a text is wanted"):
        argument.texts((given,))


def test_numbers_of_arguments() -> None:
    assert argument.nothing((1, 2)) == ()
    for reader, wrong in (
        (argument.one_whole, (1, 2)),
        (argument.wholes, ()),
        (argument.texts, ()),
        (argument.whole_and_texts, (1,)),
        (argument.whole_and_texts, (1, "a", "b", "c")),
    ):
        with pytest.raises(ValueError, match="wanted"):
            reader(wrong)
    assert argument.shown("x" * 100).endswith("...")


def test_names_become_addresses() -> None:
    assert [spelled(name) for name in ("sound", "/sound", "my sound", "a#*?b", "a/b")] == [
        "/sound",
        "/sound",
        "/my_sound",
        "/a___b",
        "/a/b",
    ]


def test_a_distribution_leaves_room_for_no_class() -> None:
    project = Project(read_plan("classifier:4"), 1)
    assert project.spread(0, (), ()) == (0.0,) * 4
    assert project.spread(0, (1, 3), (0.25, 0.75)) == (0.0, 0.25, 0.0, 0.75, 0.0)
    assert project.spread(0, (4, 9), (0.5, 0.5)) == (0.0, 0.0, 0.0, 0.0, 0.5)
