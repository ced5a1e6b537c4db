"""Fresh models, other shapes, the way back, and what is stored."""

from __future__ import annotations

import copy
import json
from typing import Any

import numpy as np
import pytest

from app.player.follower.lesson.shape import Manner, Shape, read_structure
from tests.player.follower.lesson.course import KICK_2, SIX, A, B, Stage, stage


def taught(seed: int = 1, shape: Shape | None = None) -> Stage:
    on = stage(seed, shape)
    on.until_low(*A)
    on.until_low(*B)
    return on


def test_a_fresh_model_knows_nothing_and_back_is_the_one_before() -> None:
    on = taught()
    on.lesson.renew(5)
    assert (on.lesson.state.examples, on.lesson.state.models, on.lesson.seed) == (0, 1, 5)
    assert on.lesson.state.text == "not taught yet"
    on.until_low("x.......", "x.......")
    assert on.lesson.back() == Shape()
    assert on.exact(*A)
    assert on.exact(*B)
    assert (on.lesson.seed, on.lesson.state.models) == (1, 0)
    with pytest.raises(ValueError, match="no earlier model"):
        on.lesson.back()


def test_the_same_seed_renews_the_same_model() -> None:
    on, other = taught(), taught(2)
    on.lesson.renew(9)
    other.lesson.renew(9)
    on.tick = other.tick = 0
    assert on.play(KICK_2, 4) == other.play(KICK_2, 4)


def test_another_structure_is_trained_from_what_was_taught() -> None:
    on = taught()
    on.lesson.reshape(Shape(structure=(24, 24)))
    assert on.lesson.state.examples == 16
    assert on.exact(*A)
    assert on.exact(*B)
    assert on.lesson.state.models == 1
    assert on.lesson.back() == Shape()
    assert on.exact(*A)


def test_another_grid_sets_aside_and_finds_again() -> None:
    on = taught()
    on.lesson.reshape(Shape(grid=16))
    assert on.lesson.state.examples == 0
    on.tick = 0
    on.until_low("x.......x.......", "....x.......x..x")
    on.lesson.reshape(Shape())
    on.tick = 0
    assert on.lesson.state.examples == 16
    assert on.exact(*A)
    assert on.exact(*B)
    on.lesson.reshape(Shape(grid=16))
    on.tick = 0
    assert on.exact("x.......x.......", "....x.......x..x")


def test_a_second_source_is_taken_to_have_rested() -> None:
    on = taught()
    on.lesson.reshape(Shape(sources=2))
    rest = "........"
    assert on.lesson.state.examples == 16
    assert on.exact((A[0], rest), A[1])
    assert on.exact((B[0], rest), B[1])
    on.until_low((A[0], "..x....."), "xx......")
    on.lesson.reshape(Shape(sources=1))
    assert on.lesson.state.examples == 16
    assert on.exact(*A)
    on.lesson.reshape(Shape(sources=2))
    assert on.exact((A[0], "..x....."), "xx......")
    assert on.lesson.state.models == 0, "programs change sources, and change them back"


def test_what_a_bar_taught_holds_in_every_bar_of_a_longer_phrase() -> None:
    on = taught()
    on.lesson.reshape(Shape(bars=2))
    assert on.lesson.state.examples == 32
    on.tick = 0
    assert on.exact(*A)
    on.until_low(A[0], "x.......x.x.x.x.")
    on.lesson.reshape(Shape(bars=1))
    assert on.exact(*B)


def test_the_forgetful_model_stands_beside_the_exact_one() -> None:
    on = taught()
    on.lesson.manner = Manner(forgetful=True)
    on.teach("x.......", "xxxxxxxx", 12)
    assert on.lesson.state.examples == 64
    on.lesson.manner = Manner()
    assert on.lesson.state.examples == 16
    assert on.exact(*A)
    assert on.exact(*B)


def test_stored_and_loaded_it_decides_the_same_to_the_bit() -> None:
    for shape in (Shape(), Shape(16, 2, 2, (8,)), Shape(structure=())):
        on, other = stage(1, shape), stage(2)
        on.teach([KICK_2] * shape.sources, "..x...x.", 5)
        on.lesson.manner = Manner(forgetful=True)
        on.teach([KICK_2] * shape.sources, "..x...x.", 2)
        on.lesson.manner = Manner()
        other.lesson.load(json.loads(json.dumps(on.lesson.save())))
        assert other.lesson.shape == shape
        other.tick = on.tick = 0
        for tick in range(100):
            sources = [tick % 3 == 0] * shape.sources
            for one in (on, other):
                one.lesson.hear(tick, sources, None)
                one.lesson.decide(tick + 1)
            if tick >= shape.grid:  # what was heard before loading is not stored
                assert on.lesson.confidence == other.lesson.confidence
        assert on.lesson.save() == other.lesson.save()


def test_it_goes_on_learning_where_it_was_stored() -> None:
    on, other = taught(), stage(9)
    other.lesson.load(on.lesson.save())
    other.tick = on.tick
    for pair in SIX[2:]:
        on.teach(*pair, 3)
        other.teach(*pair, 3)
    np.testing.assert_allclose(on.losses, other.losses, rtol=1e-6)
    assert other.lesson.state.models == 1


Path = tuple[str | int, ...]
DAMAGE: list[tuple[Path, Any]] = [
    ((), None),
    ((), []),
    (("format",), 2),
    (("shape", "grid"), 9),
    (("shape", "structure"), [4]),
    (("shape", "bars"), 1.5),
    (("seed",), "x"),
    (("students",), 3),
    (("students", 0), None),
    (("students", 0, "seeds"), [None]),
    (("students", 0, "weights", 3), float("nan")),
    (("students", 0, "weights"), [1.0, 2.0]),
    (("students", 0, "weights"), "much"),
    (("students", 0, "second", 0), -1.0),
    (("students", 0, "steps"), -4),
    (("students", 0, "examples", 0), [1]),
    (("students", 0, "examples", 0, 0), [99, 0]),
    (("students", 0, "examples", 0, 0), [1, 256]),
    (("students", 0, "examples", 0, 0), [1, 0, 0]),
    (("students", 0, "examples", 0, 1), "yes"),
]


@pytest.mark.parametrize(("path", "value"), DAMAGE, ids=str)
def test_a_damaged_lesson_is_refused_and_the_old_one_plays_on(path: Path, value: Any) -> None:
    on = taught()
    stored: Any = copy.deepcopy(on.lesson.save())
    if not path:
        stored = value
    else:
        place = stored
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = value
    before = on.lesson.save()
    with pytest.raises(ValueError, match=r"The stored lesson cannot be read \(.+\): load another file"):
        on.lesson.load(stored)
    assert on.lesson.save() == before
    assert on.exact(*A)


def test_every_missing_part_is_named() -> None:
    stored = taught().lesson.save()
    for name in stored["students"][0]:
        less = copy.deepcopy(stored)
        del less["students"][0][name]
        with pytest.raises(ValueError, match=f"'{name}' is missing"):
            stage(1).lesson.load(less)


def test_structures_are_read_from_text() -> None:
    assert read_structure("32,16,8") == (32, 16, 8)
    assert read_structure(" 32 16 ") == (32, 16)
    assert read_structure("") == read_structure("linear") == ()
    for wrong in ("a", "3.5", "-3", "0", "8,,x", "999999", "1,1,1,1,1,1"):
        with pytest.raises(ValueError, match="a structure"):
            read_structure(wrong)


@pytest.mark.parametrize("wrong", [{"grid": 12}, {"bars": 3}, {"sources": 0}, {"structure": (0,)}])
def test_a_shape_that_cannot_be_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="not"):
        Shape(**wrong)
