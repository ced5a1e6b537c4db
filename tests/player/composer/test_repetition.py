"""The repetition penalty: it breaks loops and widens narrow material, lets music repeat, and is not there when off."""

from dataclasses import replace
from itertools import groupby, pairwise

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from app.player.composer.checkpoint import Model
from app.player.composer.context import Context
from app.player.composer.feature import PITCHES
from app.player.composer.generation import Controls, Generator, Step
from app.player.composer.repetition import MOST, Repetition
from tests.player.composer.tiny import random_model

BAR = 16


def row(*played: int) -> np.ndarray:
    struck = np.zeros(PITCHES, np.bool_)
    struck[list(played)] = True
    return struck


def after(rows: list[np.ndarray]) -> tuple[Repetition, tuple[np.ndarray, ...]]:
    memory = Repetition.none()
    for each in rows:
        memory = memory.advance(each)
    return memory, tuple(rows[-64:])


def melody(length: int, seed: int = 3) -> list[np.ndarray]:
    return [row(int(key)) for key in np.random.default_rng(seed).integers(20, 60, length)]


def stuck_model(key: int, seed: int = 1) -> Model:
    """Return a network that strikes one key on and on: all others are nine nats less likely, whatever was played."""
    model = random_model(seed, hidden=8)
    for name in ("strike.weight", "gate_out.weight", "hold.weight"):
        model.weights[name][:] = 0.0
    bias = np.full(PITCHES + 1, -5.0, np.float32)
    bias[key], bias[PITCHES] = 4.0, 1.0
    model.weights["strike.bias"] = bias
    model.weights["gate_out.bias"][:] = 6.0
    model.weights["hold.bias"][:] = -6.0
    return model


def play(model: Model, steps: int, controls: Controls, seed: int = 1, context: Context | None = None) -> list[Step]:
    generator, rng = Generator(model, 0), np.random.default_rng(seed)
    context = context or Context()
    return [generator.step(context, controls, rng) for _ in range(steps)]


def longest_same(steps: list[Step]) -> int:
    """Return the longest run of bars struck alike."""
    bars = [tuple(tuple(sorted(step.struck)) for step in steps[at : at + BAR]) for at in range(0, len(steps), BAR)]
    return max(len(list(run)) for _, run in groupby(bars))


def longest_narrow(steps: list[Step]) -> int:
    """Return the longest run of bars that together strike at most two pitches."""
    bars = [{pitch for step in steps[at : at + BAR] for pitch in step.struck} for at in range(0, len(steps), BAR)]
    best = start = 0
    for end in range(len(bars)):
        while len(set().union(*bars[start : end + 1])) > 2:
            start += 1
        best = max(best, end + 1 - start)
    return best


# --- what is noticed ----------------------------------------------------------------------------------


@pytest.mark.parametrize("length", [1, 3, 4, 12, 16, 24, 32, 48, 64])
def test_a_loop_of_any_length_is_noticed_after_three_times_and_its_continuation_lowered(length):
    pattern = melody(length)
    allowed = max(3 * length, length + BAR)
    assert after((pattern * 200)[:allowed])[0].loop == 0.0
    memory, recent = after((pattern * 200)[: allowed + 64])
    assert memory.loop > MOST / 2
    lowered = memory.penalty(recent, 1.0)
    expected = (pattern * 200)[allowed + 64]
    assert (lowered[expected] >= memory.loop - 1e-6).all()


def test_a_rich_passage_that_moves_is_left_alone():
    memory, recent = after(melody(600))
    assert memory.loop == 0.0 and memory.narrow == 0.0 and memory.penalty(recent, 1.0) is None


def test_one_note_in_ever_other_rhythms_is_noticed_as_narrow():
    random = np.random.default_rng(5)
    memory, recent = after([row(15) if random.random() < 0.4 else row() for _ in range(160)])
    lowered = memory.penalty(recent, 1.0)
    assert memory.loop == 0.0 and memory.narrow > MOST / 3
    assert lowered[15] == pytest.approx(memory.narrow) and np.count_nonzero(lowered) == 1


def test_few_notes_are_not_narrow():
    """At a low density a window holds few pitches because it holds few notes."""
    rows = [row() for _ in range(400)]
    for number, at in enumerate(range(0, 400, 12)):
        rows[at] = row(20 + number * 7 % 30)
    assert after(rows)[0].narrow == 0.0


def test_silence_alone_lowers_nothing():
    memory, recent = after([row()] * 400)
    lowered = memory.penalty(recent, 1.0)
    assert lowered is None or not lowered.any()


def test_the_penalty_fades_once_the_music_moves():
    pattern, fresh = melody(16) * 12, melody(160, seed=9)
    levels = [after(pattern + fresh[:steps])[0].loop for steps in (0, 32, 64, 160)]
    assert levels[0] > MOST / 2
    assert levels[1] == pytest.approx(levels[0] / 2) and levels[2] == pytest.approx(levels[0] / 4)
    assert levels[3] < 0.05 * levels[0]


@given(st.lists(st.lists(st.integers(0, 87), max_size=6), max_size=200), st.floats(0, 2))
@settings(max_examples=60, deadline=None)
def test_whatever_is_played_the_penalty_is_bounded_and_only_lowers(steps, strength):
    memory, recent = after([row(*keys) for keys in steps])
    lowered = memory.penalty(recent, strength)
    assert 0.0 <= memory.loop <= MOST and 0.0 <= memory.narrow <= MOST
    assert lowered is None or ((lowered >= 0).all() and (lowered <= MOST * strength + 1e-5).all())


# --- what is played -----------------------------------------------------------------------------------


@given(st.integers(3, 84), st.integers(0, 1000), st.sampled_from([0.3, 0.5, 0.8]))
@settings(max_examples=10, deadline=None, phases=(Phase.explicit, Phase.generate))
def test_a_network_that_is_stuck_on_one_note_moves_on(key, seed, temperature):
    controls = Controls(temperature, 0.8, 0.8, 8, 1.0)
    steps = play(stuck_model(key), 40 * BAR, controls, seed)
    assert longest_same(steps) <= 6
    assert longest_narrow(steps) <= 10


def test_without_the_penalty_the_same_network_stays():
    steps = play(stuck_model(3), 40 * BAR, Controls(0.3, 0.8, 0.8, 8, 0.0))
    assert longest_narrow(steps) > 20


def test_off_is_the_model_itself_however_stuck_it_is():
    """The memory of a penalty that is off, even a full one, changes no note."""
    plain, marked = Context(), Context()
    loop = [row(15)] * 400
    memory = after(loop)[0]
    assert memory.loop > 5
    rng, other = np.random.default_rng(2), np.random.default_rng(2)
    one, two = Generator(stuck_model(15), 0), Generator(stuck_model(15), 0)
    for _ in range(100):
        marked.repetition = memory
        first = one.step(plain, Controls(0.8, 0.8), rng)
        assert first == two.step(marked, Controls(0.8, 0.8, penalty=0.0), other)


def test_the_same_seed_gives_the_same_music_and_an_undone_step_leaves_no_trace():
    controls, wild = Controls(0.5, 0.8, penalty=1.0), Controls(4.0, 1.0, penalty=2.0)
    straight = play(stuck_model(30), 300, controls, seed=7)
    assert straight == play(stuck_model(30), 300, controls, seed=7)
    generator, context, rng, taken = Generator(stuck_model(30), 0), Context(), np.random.default_rng(7), []
    for _ in range(300):
        moment, chance = generator.mark(context), rng.bit_generator.state
        generator.step(context, wild, rng)
        generator.restore(moment, context)
        rng.bit_generator.state = chance
        taken.append(generator.step(context, controls, rng))
    assert taken == straight


def test_a_copy_remembers_and_a_cleared_context_does_not():
    context = Context()
    play(stuck_model(30), 200, Controls(0.5, 0.8), context=context)
    assert context.repetition.narrow > 1.0
    assert context.copy().repetition is context.repetition
    context.clear()
    assert context.repetition.narrow == context.repetition.loop == 0.0


@pytest.mark.parametrize("temperature", [0.3, 1.0, 3.0])
def test_more_density_strikes_all_that_less_would_have_under_a_full_penalty(temperature):
    generator, context, rng = Generator(stuck_model(30), 0), Context(), np.random.default_rng(1)
    for _ in range(200):
        generator.step(context, Controls(0.5, 0.8), rng)
    assert context.repetition.narrow > 1.0
    moment, totals = generator.mark(context), []
    for seed in range(60):
        rows = []
        for density in (0.0, 0.2, 0.4, 0.65, 0.8, 1.0):
            controls = Controls(temperature, density, polyphony=32, penalty=1.0)
            rows.append(set(generator.step(context, controls, np.random.default_rng(seed)).struck))
            generator.restore(moment, context)
        assert all(less <= more for less, more in pairwise(rows))
        totals.append([len(each) for each in rows])
    assert (np.diff(np.sum(totals, axis=0)) >= 0).all()


def test_temperature_raises_the_entropy_under_a_full_penalty():
    generator, context = Generator(random_model(3, hidden=16, favourites=(30, 34, 37)), 0), Context()
    rng = np.random.default_rng(1)
    for _ in range(200):
        generator.step(context, Controls(0.3, 0.8), rng)
    context.repetition = replace(context.repetition, narrow=MOST)
    moment, means = generator.mark(context), []
    for temperature in (0.05, 0.2, 0.5, 0.8, 1.3, 2.0, 4.0):
        total, chance = 0.0, np.random.default_rng(11)
        for _ in range(150):
            total += generator.step(context, Controls(temperature, polyphony=32, penalty=1.0), chance).entropy
            generator.restore(moment, context)
        means.append(total)
    assert (np.diff(means) > 0).all(), means
