"""The parts of a lesson: states, memories, the network's slope, chance."""

from __future__ import annotations

import numpy as np

from app.player.follower.lesson.chance import chance
from app.player.follower.lesson.memory import Keyed, Recent, carried
from app.player.follower.lesson.network import Descent, Network, Trained
from app.player.follower.lesson.shape import Shape
from app.player.follower.lesson.state import Example, History, vector


def test_a_state_is_the_tick_to_come_and_the_bar_before() -> None:
    shape = Shape(8, 2, 2)
    history = History(shape)
    for tick, hits in enumerate(["x.", ".x", "..", "xx"], start=8):
        history.hear(tick, [sign == "x" for sign in hits])
    key = history.key(12)
    assert key == (12, 0b1001, 0b0101)
    signs = "".join("x" if value > 0 else "." for value in vector(key, shape))
    assert signs == "....x..." + ".x" + "x..x...." + "x.x....."
    assert set(np.unique(vector(key, shape))) == {-1.0, 1.0}


def test_ticks_that_were_not_heard_count_as_rests() -> None:
    history = History(Shape())
    history.hear(0, [True])
    assert history.key(1) == (1, 0b1)
    assert history.key(3) == (3, 0b100)
    assert not history.follows(3)
    assert history.follows(9)


def test_a_keyed_memory_keeps_the_latest_target_and_drops_the_longest_unheard() -> None:
    memory = Keyed(cap=3)
    rows = [memory.place(Example((place, 0), False, 0)) for place in (0, 1, 2)]
    assert rows == [0, 1, 2]
    assert memory.place(Example((0, 0), True, 1)) == 0
    assert memory.place(Example((3, 0), True, 1)) == 1, "the row of what was dropped is used again"
    assert [(example.key[0], example.target) for example in memory] == [(2, False), (0, True), (3, True)]


def test_a_recent_memory_is_a_queue() -> None:
    memory = Recent(Example((place % 8, 0), False, 0) for place in range(70))
    assert len(memory) == 64
    assert next(iter(memory)).key[0] == 6


def test_examples_are_carried_where_they_are_true() -> None:
    one, two = Shape(8, 1, 1), Shape(8, 2, 1)
    example = Example((3, 5), True, 0)
    assert [told.key for told in carried([example], one, two)] == [(3, 5), (11, 5)]
    agreeing = [Example((place, 5), True, 0) for place in (3, 11, 4)] + [Example((12, 5), False, 0)]
    assert {told.key for told in carried(agreeing, two, one)} == {(3, 5)}
    assert [told.key for told in carried([example], one, Shape(sources=3))] == [(3, 5, 0, 0)]
    both = [Example((3, 5, 0), True, 0), Example((3, 5, 1), True, 0)]
    assert [told.key for told in carried(both, Shape(sources=2), one)] == [(3, 5)]
    assert carried([example], one, Shape(grid=16)) == []


def test_the_slope_is_the_slope() -> None:
    random = np.random.default_rng(1)
    start = Trained.drawn((5, 4, 3, 2), random)
    seen, right = random.normal(size=(7, 5)), random.normal(size=(7, 2))
    mask = (random.random((7, 4)) > 0.3) / 0.7
    for dropped in (None, mask):
        descent = Descent(start)
        descent.step(descent.forward(seen, dropped) - right, 0.0)
        found = 10.0 * descent.trained.first  # the first moment after one step is a tenth of the slope
        for place in range(0, found.size, 5):
            losses = []
            for nudge in (1e-5, -1e-5):
                flat = start.flat.copy()
                flat[place] += nudge
                near = Descent(Trained(start.sizes, flat, start.first, start.second))
                losses.append(np.mean((near.forward(seen, dropped) - right) ** 2))
            assert np.isclose(found[place], (losses[0] - losses[1]) / 2e-5, atol=1e-6)


def test_one_state_and_many_get_the_same_answers_quickly() -> None:
    random = np.random.default_rng(2)
    trained = Trained.drawn((16, 32, 16, 8, 1), random)
    seen = random.choice([-1.0, 1.0], (20, 16))
    network = Network(trained)
    together = Descent(trained).forward(seen)
    np.testing.assert_allclose([network.answer(one) for one in seen], together, atol=1e-12)


def test_chance_is_even_and_depends_on_all_it_is_given() -> None:
    drawn = np.array([chance(1, 2, tick) for tick in range(-2000, 2000)])
    assert ((drawn >= 0.0) & (drawn < 1.0)).all()
    assert abs(drawn.mean() - 0.5) < 0.02
    assert np.histogram(drawn, 10)[0].min() > 320
    assert len({chance(*numbers) for numbers in [(1, 2, 3), (2, 1, 3), (1, 2, 4), (0, 2, 3)]}) == 4
    assert abs(np.corrcoef(drawn[:-1], drawn[1:])[0, 1]) < 0.05
