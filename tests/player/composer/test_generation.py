"""Generation on the offline clock: the controls do what they say, the guards hold, a seed repeats its music."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.player.composer.context import Context
from app.player.composer.feature import PITCHES
from app.player.composer.generation import LONGEST_NOTE, Controls, Generator, Step
from app.player.composer.inference import END
from app.player.composer.sampling import DRAWS, Sampler, bent_velocity, logistic, rhythm_of, shift_of, softened
from tests.player.composer.tiny import random_model

DENSITIES = [0.0, 0.1, 0.25, 0.4, 0.5, 0.6, 0.65, 0.7, 0.8, 0.9, 1.0]
TEMPERATURES = [0.01, 0.05, 0.2, 0.5, 0.8, 1.0, 1.3, 2.0, 4.0, 10.0]


def play(steps: int, controls: Controls | None = None, seed: int = 1, model=None, context=None) -> list[Step]:
    generator, rng = Generator(model or random_model(4, hidden=16), 0), np.random.default_rng(seed)
    context = context or Context()
    return [generator.step(context, controls or Controls(), rng) for _ in range(steps)]


def consistent(steps: list[Step]) -> None:
    """Check that every step follows from the one before it."""
    before: dict[int, int] = {}
    for step in steps:
        assert step.struck.items() <= step.sounding.items()
        assert step.released == before.keys() - step.sounding.keys()
        assert step.sounding.keys() - step.struck.keys() <= before.keys()
        assert all(21 <= pitch <= 108 and 1 <= velocity <= 127 for pitch, velocity in step.sounding.items())
        assert all(before[pitch] == step.sounding[pitch] for pitch in step.sounding.keys() - step.struck.keys())
        before = step.sounding


def test_the_same_seed_gives_the_same_music():
    assert play(80, seed=7) == play(80, seed=7)
    assert play(80, seed=7) != play(80, seed=8)


@given(st.floats(0.01, 10), st.floats(0, 1), st.floats(0.1, 1.5), st.integers(1, 32), st.integers(0, 50))
@settings(max_examples=40, deadline=None)
def test_any_controls_give_sound_steps(temperature, density, intensity, polyphony, seed):
    steps = play(40, Controls(temperature, density, intensity, polyphony), seed, random_model(seed, hidden=8))
    consistent(steps)
    assert all(len(step.sounding) <= polyphony for step in steps)
    assert all(np.isfinite(step.entropy) and step.entropy >= 0 and np.isfinite(step.surprise) for step in steps)


@pytest.mark.parametrize("temperature", [0.01, 10.0])
def test_extreme_temperatures_of_an_extreme_model_stay_numbers(temperature):
    model = random_model(1, hidden=8)
    for weight in model.weights.values():
        weight *= 60.0
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        consistent(play(40, Controls(temperature), model=model))


# --- density ------------------------------------------------------------------------------------------


def test_density_shifts_strictly():
    shifts = [shift_of(density) for density in np.linspace(0, 1, 101)]
    assert (np.diff(shifts) > 0).all() and shift_of(0.65) == 0.0


def strikes_at(density: float, draws: np.ndarray, generator: Generator, context: Context) -> list[int]:
    """Return what one state strikes at a density with given random numbers."""

    class Given:
        def random(self, count):
            assert count == DRAWS
            return draws

    moment = generator.mark(context)
    step = generator.step(context, Controls(1.0, density, polyphony=32), Given())
    generator.restore(moment, context)
    return sorted(step.struck)


@pytest.mark.parametrize("history", [0, 1, 9])
def test_more_density_strikes_all_that_less_would_have_and_more(history):
    """From one state and the same random numbers no strike is lost as density rises; in the mean there are more."""
    generator, context = Generator(random_model(6, hidden=16), 0), Context()
    rng = np.random.default_rng(3)
    for _ in range(history):
        generator.step(context, Controls(), rng)
    sums = np.zeros(len(DENSITIES))
    for _ in range(250):
        draws = rng.random(DRAWS)
        rows = [strikes_at(density, draws, generator, context) for density in DENSITIES]
        assert all(set(less) <= set(more) for less, more in itertools.pairwise(rows))
        sums += [len(row) for row in rows]
    assert (np.diff(sums) > 0).all(), sums


@given(st.floats(-12, 12), st.floats(-6, 6), st.sampled_from(TEMPERATURES))
@settings(max_examples=60)
def test_density_raises_the_gate_and_lowers_end_exactly(gate, end, temperature):
    """The chances themselves, not samples: strictly monotone for any logits of sane size."""
    rhythm = rhythm_of(temperature)
    logits = np.zeros(PITCHES + 1, np.float32)
    logits[END] = end
    opens, ends = [], []
    for density in DENSITIES:
        sampler = Sampler(np.zeros(DRAWS), 1.0, rhythm, shift_of(density))
        opens.append((gate + sampler.shift) / rhythm)
        ends.append(sampler.end_chance(logits))
    assert (np.diff(opens) > 0).all()
    assert (np.diff(ends) <= 0).all()
    assert rhythm < 0.3 or (np.diff(ends) < 0).all()
    assert (np.diff([logistic(value) for value in opens]) >= 0).all()


def test_no_density_falls_silent_and_hangs_no_note():
    context = Context()
    play(60, Controls(1.0, 0.9), context=context)
    assert context.sounding
    steps = play(400, Controls(1.0, 0.0), context=context)
    assert sum(len(step.struck) for step in steps) == 0
    assert not steps[LONGEST_NOTE + 1].sounding and not steps[-1].sounding


def test_over_a_whole_passage_density_runs_from_silence_to_busy():
    counts = [sum(len(step.struck) for step in play(300, Controls(1.0, density))) for density in (0, 0.3, 0.65, 1.0)]
    assert counts == sorted(counts) and counts[0] == 0 and counts[3] > 2 * counts[2] > 0


# --- temperature --------------------------------------------------------------------------------------


# Logits a tenth apart: what half precision could not tell apart has no entropy to gain.
@given(st.lists(st.integers(-200, 200).map(lambda tenths: tenths / 10), min_size=3, max_size=30, unique=True))
@settings(max_examples=60)
def test_temperature_raises_the_entropy_of_every_choice(values):
    entropies = []
    for temperature in TEMPERATURES:
        chances = softened(np.array(values, np.float32), temperature)
        assert chances.sum() == pytest.approx(1.0)
        likely = chances[chances > 0]
        entropies.append(-float(likely @ np.log(likely)))
    assert (np.diff(entropies) >= -1e-9).all()
    assert entropies[-1] > entropies[0]


@pytest.mark.parametrize("seed", [0, 3])
def test_temperature_raises_the_entropy_of_a_fixed_state(seed):
    """Each choice is certain to gain entropy (above); here a whole step, whose choices depend on each other, does."""
    generator = Generator(random_model(seed, hidden=16, favourites=(30, 34, 37, 42, 46)), 0)
    context = Context()
    for _ in range(6):
        generator.step(context, Controls(), np.random.default_rng(2))
    moment, means = generator.mark(context), []
    for temperature in TEMPERATURES:
        rng, total = np.random.default_rng(11), 0.0
        for _ in range(200):
            total += generator.step(context, Controls(temperature, 0.65, polyphony=32), rng).entropy
            generator.restore(moment, context)
        means.append(total / 200)
    assert (np.diff(means) > 0).all(), means


# --- intensity ----------------------------------------------------------------------------------------


def test_intensity_covers_the_whole_range_and_keeps_order():
    assert [bent_velocity(velocity, 0.8) for velocity in (1, 64, 127)] == [1, 64, 127]
    for velocity in (20, 64, 110):
        bent = [bent_velocity(velocity, intensity) for intensity in np.linspace(0.1, 1.5, 29)]
        assert bent == sorted(bent) and bent[0] < velocity < bent[-1]
    for intensity in np.linspace(0.1, 1.5, 15):
        bent = [bent_velocity(velocity, intensity) for velocity in range(1, 128)]
        assert bent == sorted(bent) and bent[0] >= 1 and bent[-1] <= 127
    assert bent_velocity(8, 0.1) == 1 and bent_velocity(127, 1.5) == 127


# --- guards -------------------------------------------------------------------------------------------


def test_a_full_hand_lets_go_of_the_oldest_but_never_of_the_melody():
    context = Context()
    for pitch in (90, 40, 45, 50, 55):  # the melody is the oldest note of all
        context.commit(context.sounding | {pitch: 80}, {pitch: 80})
    model = random_model(1, hidden=8)
    model.weights["gate_out.bias"][:] = -30.0  # nothing changes by itself
    step = play(1, Controls(polyphony=3), model=model, context=context)[0]
    assert sorted(step.sounding) == [50, 55, 90]
    assert step.released == {40, 45}


def test_no_note_is_held_for_ever():
    context = Context()
    context.commit({60: 80}, {60: 80})
    model = random_model(1, hidden=8)
    model.weights["gate_out.bias"][:] = -60.0
    steps = play(LONGEST_NOTE + 2, Controls(density=0.3), model=model, context=context)
    assert 60 in steps[LONGEST_NOTE - 2].sounding
    assert 60 not in steps[LONGEST_NOTE].sounding


def test_a_long_silence_leans_towards_notes():
    model = random_model(1, hidden=8)
    for name in ("gate_in.weight", "gate_out.weight"):
        model.weights[name][:] = 0.0
    model.weights["gate_out.bias"][:] = -6.0  # of itself one strike in 400 steps
    steps = play(400, Controls(1.0, 0.65), model=model)
    gaps = np.diff([-1, *[number for number, step in enumerate(steps) if step.struck], len(steps)])
    assert gaps.max() <= 80


def test_the_same_bar_again_and_again_warms_the_choice():
    model = random_model(3, hidden=8, favourites=(40, 44))
    steps = play(400, Controls(0.01, 0.65), model=model)
    bars = [tuple(tuple(sorted(step.struck)) for step in steps[start : start + 16]) for start in range(0, 400, 16)]
    longest = run = 1
    for before, now in itertools.pairwise(bars):
        run = run + 1 if before == now else 1
        longest = max(longest, run)
    assert len(set(bars)) > 1 and longest <= 14


# --- following and undoing ----------------------------------------------------------------------------


def test_an_undone_step_leaves_no_trace():
    generator, context, rng = Generator(random_model(4, hidden=16), 0), Context(), np.random.default_rng(1)
    straight = play(40)
    taken = []
    for _ in range(40):
        moment, chance = generator.mark(context), rng.bit_generator.state
        generator.step(context, Controls(3.0, 1.0), rng)
        generator.restore(moment, context)
        rng.bit_generator.state = chance
        taken.append(generator.step(context, Controls(), rng))
    assert taken == straight


def test_a_primed_model_goes_on_as_one_that_was_there():
    model = random_model(4, hidden=16)
    context, rng = Context(), np.random.default_rng(1)
    there = Generator(model, 0)
    for _ in range(30):
        there.step(context, Controls(), rng)
    copy, later = context.copy(), Generator(model, 0)
    later.prime(copy)
    for struck in ({60: 80}, {55: 80, 72: 60}):
        assert later.nats(copy, struck, struck) == pytest.approx(there.nats(context, struck, struck), abs=1e-4)


def test_steps_played_by_hand_are_followed():
    model = random_model(4, hidden=16)
    context = Context()
    generator = Generator(model, 0)
    generator.step(context, Controls(), np.random.default_rng(1))
    context.commit({60: 90, 64: 90}, {60: 90, 64: 90})
    context.commit({60: 90}, {})
    fresh = Generator(model, 0)
    copy = context.copy()
    fresh.prime(copy)
    assert generator.nats(context, {67: 80}, {67: 80}) == pytest.approx(fresh.nats(copy, {67: 80}, {67: 80}), abs=1e-5)


def test_a_thousand_swaps_lose_no_note():
    models = [random_model(seed, hidden=8) for seed in range(3)]
    context, rng, steps = Context(), np.random.default_rng(1), []
    for number in rng.integers(0, 3, 1000):
        generator = Generator(models[number], int(number) % 2)
        generator.prime(context)
        steps.append(generator.step(context, Controls(1.0, 0.8), rng))
    consistent(steps)


def test_a_blend_stands_between_its_composers():
    model = random_model(5, hidden=16)
    history = [({60: 80, 64: 80}, {60: 80, 64: 80})] * 3
    nats = []
    for share in (0.0, 0.5, 1.0):
        generator, context = Generator(model, 0), Context()
        generator.blend({0: 1 - share, 1: share})
        for sounding, struck in history:
            context.commit(sounding, struck)
        nats.append(generator.nats(context, {67: 80}, {67: 80}))
    pure = Generator(model, 1)
    context = Context()
    for sounding, struck in history:
        context.commit(sounding, struck)
    assert nats[2] == pytest.approx(pure.nats(context, {67: 80}, {67: 80}), abs=1e-5)
    assert nats[0] != nats[2] and min(nats[0], nats[2]) - 0.2 < nats[1] < max(nats[0], nats[2]) + 0.2


def test_intensity_bends_what_sounds_and_not_what_the_network_hears() -> None:
    heard, loud = [], []
    for intensity in (0.4, 0.8, 1.2):
        generator, context, rng = Generator(random_model(4, hidden=16), 0), Context(), np.random.default_rng(3)
        velocities: list[int] = []
        for _ in range(300):
            step = generator.step(context, Controls(density=0.9, intensity=intensity), rng)
            velocities += step.struck.values()
        heard.append(tuple(context.state.velocities))
        loud.append(float(np.mean(velocities)))
    assert heard[0] == heard[1] == heard[2]
    assert loud[0] < loud[1] < loud[2]


def test_held_notes_follow_the_intensity() -> None:
    generator, context, rng = Generator(random_model(4, hidden=16), 0), Context(), np.random.default_rng(5)
    before = generator.step(context, Controls(density=1.0), rng).sounding
    after = generator.step(context, Controls(density=0.0, intensity=1.5), rng).sounding
    held = before.keys() & after.keys()
    assert held
    assert all(after[pitch] >= before[pitch] for pitch in held)
