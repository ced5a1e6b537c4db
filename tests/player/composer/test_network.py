"""The network's likelihood is a real one: torch and numpy agree, and chances sum to one."""

import itertools
from collections import Counter

import numpy as np
import pytest

from app.player.composer.batch import END, collate
from app.player.composer.context import Context
from app.player.composer.corpus import Table, tabulate
from app.player.composer.feature import LOWEST_PITCH
from app.player.composer.generation import Controls, Generator
from app.player.composer.score import MidiFile, read
from tests.player.composer.tiny import random_model, scale, write_midi

torch = pytest.importorskip("torch")

from app.player.composer.evaluation import mean, score  # noqa: E402
from app.player.composer.network import Network, network_from  # noqa: E402


@pytest.fixture
def table(tmp_path) -> Table:
    path = write_midi(tmp_path / "a.mid", [*scale(64, 4), (8, 4, 67, 90), (12, 8, 67, 40), (30, 1, 21, 127)])
    return tabulate(read(MidiFile("Ada", path, "a.mid", "0")))


def network(model) -> Network:
    built = network_from(model.shape, model.weights, dropout=0.0)
    return built.eval()


def pitches(row) -> dict[int, int]:
    return {int(key) + LOWEST_PITCH: int(row[key]) or 64 for key in np.flatnonzero(row)}


def test_the_sizes_written_down_are_the_network_s():
    model = random_model()
    assert {
        name: tuple(value.shape) for name, value in Network(model.shape).state_dict().items()
    } == model.shape.weights()


def test_numpy_and_torch_give_every_frame_the_same_loss(table):
    model = random_model(3, hidden=20)
    with torch.inference_mode():
        losses = network(model)(collate([table.window(0, len(table))], [2], len(table))).notes.numpy()
    generator, context = Generator(model, 1), Context()
    mine = []
    for step in range(len(table)):
        struck = pitches(table.struck[step])
        sounding = struck | pitches(table.held[step].astype(np.uint8))
        mine.append(generator.nats(context, struck, sounding))
        context.commit(sounding, struck)
    np.testing.assert_allclose(mine, losses, rtol=2e-3, atol=2e-3)


def test_padding_and_company_do_not_change_a_loss(table):
    alone = score(network(random_model()), [table], [1])[0]
    windows = [table.window(0, 40), table.window(10, 100)]
    with torch.inference_mode():
        together = network(random_model())(collate(windows, [1, 0], 128)).notes.view(2, 128)
    first = collate([table.window(0, 40)], [1], 40)
    with torch.inference_mode():
        single = network(random_model())(first).notes
    np.testing.assert_allclose(together[0, :40], single, atol=1e-4)
    assert not together[0, 40:].any()
    assert alone.steps == len(table) and np.isfinite(mean([alone]))


def test_decisions_are_laid_out_high_to_low_with_end(table):
    batch = collate([table.window(0, len(table))], [1], len(table))
    for frame in np.flatnonzero(batch.gate[0]):
        answers = batch.strikes.key[batch.strikes.frame == frame]
        assert answers[-1] == END
        assert (np.diff(answers[:-1]) < 0).all()
        allowed = batch.strikes.allowed[batch.strikes.frame == frame]
        assert allowed[np.arange(len(answers)), answers].all()
    asked = batch.holds.key[batch.holds.frame == np.flatnonzero(batch.gate[0])[1]]
    assert (np.diff(asked) < 0).all() and len(asked)


def after(model, history) -> tuple[Generator, Context]:
    generator, context = Generator(model, 0), Context()
    for sounding, struck in history:
        context.commit(sounding, struck)
    return generator, context


HISTORIES = {
    "silence": [],
    "a chord": [({60: 80, 64: 80}, {60: 80, 64: 80})],
    "a chord going on": [({60: 80, 64: 80}, {60: 80, 64: 80}), ({60: 80, 64: 80, 67: 50}, {67: 50})],
}


@pytest.mark.parametrize("history", HISTORIES)
def test_the_chances_of_all_frames_sum_to_one(history):
    """With five keys in reach every possible frame can be counted out."""
    reach = (60, 62, 64, 65, 67)
    model = random_model(1, favourites=tuple(pitch - LOWEST_PITCH for pitch in reach))
    model.weights["strike.bias"][[key for key in range(88) if key + LOWEST_PITCH not in reach]] = -60.0
    generator, context = after(model, HISTORIES[history])
    sounding = list(context.sounding)
    total = 0.0
    for kept in itertools.chain.from_iterable(itertools.combinations(sounding, n) for n in range(len(sounding) + 1)):
        free = [pitch for pitch in reach if pitch not in kept]
        for struck in itertools.chain.from_iterable(itertools.combinations(free, n) for n in range(len(free) + 1)):
            hit = dict.fromkeys(struck, 80)
            total += np.exp(-generator.nats(context, hit, hit | dict.fromkeys(kept, 80)))
    assert total == pytest.approx(1.0, abs=1e-4)


@pytest.mark.parametrize("history", ["a chord", "a chord going on"])
def test_sampled_frequencies_equal_the_likelihood(history):
    """The calibration check: what is drawn at temperature 1 comes as often as the loss says."""
    model = random_model(2, favourites=(39, 43, 46))
    generator, context = after(model, HISTORIES[history])
    rng, counts, draws = np.random.default_rng(5), Counter(), 4000
    generator.nats(context, {}, {})  # the network has now followed the history
    moment = generator.mark(context)
    neutral = Controls(temperature=1.0, density=0.65, polyphony=32)
    for _ in range(draws):
        step = generator.step(context, neutral, rng)
        counts[tuple(sorted(step.struck)), tuple(sorted(step.sounding))] += 1
        generator.restore(moment, context)
    seen = 0.0
    for (struck, sounding), count in counts.items():
        chance = np.exp(-generator.nats(context, dict.fromkeys(struck, 80), dict.fromkeys(sounding, 80)))
        seen += chance
        if count > 60:
            assert count / draws == pytest.approx(chance, abs=4 * np.sqrt(chance / draws) + 1e-3)
    assert max(counts.values()) > 60
    assert 0.9 < seen <= 1.0 + 1e-4
