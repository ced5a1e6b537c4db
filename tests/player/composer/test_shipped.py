"""The models that ship: whole, small, attributed, and they play music rather than noise."""

import itertools

import numpy as np
import pytest

from app.player.composer.checkpoint import Entry, find, load
from app.player.composer.generation import Context, Controls, Generator
from app.player.composer.option import SHIPPED_MODELS
from app.player.composer.statistic import describe

ENTRIES = find(SHIPPED_MODELS)


def music(entry: Entry, controls: Controls, steps: int, seed: int = 1) -> tuple[dict[str, float], float]:
    """Return the figures of fresh music and its mean entropy per step."""
    generator, context = Generator(load(entry.folder), entry.composer), Context()
    rng, struck, held, entropy = np.random.default_rng(seed), [], [], 0.0
    for _ in range(steps):
        entropy += generator.step(context, controls, rng).entropy
        struck.append(context.state.age == 1)
        held.append(context.state.age > 1)
    return describe(np.array(struck), np.array(held)), entropy / steps


def test_several_composers_ship_within_ten_megabytes():
    assert len(ENTRIES) >= 3 and len({entry.name for entry in ENTRIES}) == len(ENTRIES)
    assert sum(path.stat().st_size for path in SHIPPED_MODELS.rglob("*") if path.is_file()) < 10_000_000


@pytest.mark.parametrize("folder", sorted({entry.folder for entry in ENTRIES}), ids=lambda folder: folder.name)
def test_each_model_tells_its_origin(folder):
    card = load(folder).card
    assert "CC0" in card["licence"] and card["command"].startswith("python main.py train")
    assert all(len(work["sha256"]) == 64 for part in card["works"].values() for work in part)


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
def test_each_composer_plays_music(entry):
    figures, _ = music(entry, Controls(0.9, 0.65), 512)
    rate = load(entry.folder).composers[entry.composer].rate
    assert 0.6 * rate < figures["strikes"] < 1.5 * rate
    assert 1.5 < figures["polyphony"] < 7
    assert figures["in_key"] > 0.8  # twelve keys at random give 0.6
    assert figures["silence"] < 0.25 and figures["longest_still"] <= 64 and figures["repeats"] < 0.2


def test_density_and_temperature_run_one_way_over_whole_passages():
    rates = [music(ENTRIES[0], Controls(0.9, density), 400)[0]["strikes"] for density in (0, 0.2, 0.4, 0.65, 0.9, 1)]
    assert all(less < more for less, more in itertools.pairwise(rates)), rates
    entropies = [music(ENTRIES[0], Controls(temperature), 400)[1] for temperature in (0.01, 0.3, 0.8, 1.2, 2.0)]
    assert all(less < more for less, more in itertools.pairwise(entropies)), entropies
