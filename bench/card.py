"""The figures of a model's card: held-out loss, the matrix of styles, generated music beside the data.

Everything is printed as Markdown, ready for `resources/models/README.md`. The losses are those that training wrote
into `model.json`; the statistics are made here, from the works held out for testing and from fresh music.

Run: python -m bench.card --dataset DIR [--model resources/models/openscore] [--steps N]
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np

from app.player.composer import checkpoint, corpus
from app.player.composer.checkpoint import Model
from app.player.composer.corpus import Table
from app.player.composer.generation import Context, Controls, Generator
from app.player.composer.score import scan
from app.player.composer.statistic import describe
from app.player.composer.training import default_cache

PASSAGE = 1024
COLUMNS = {
    "strikes": "strikes/16th",
    "polyphony": "voices",
    "note_length": "note length",
    "silence": "silence",
    "in_key": "in key",
    "longest_still": "longest still",
    "repeats": "same bar again",
}


def loss_table(model: Model) -> list[str]:
    """Return the cross-loss matrix as Markdown."""
    matrix = model.card["loss"]["matrix"]
    names = [name for name in (voice.name for voice in model.composers) if name in matrix]
    rows = ["| works of | " + " | ".join([*names, "none"]) + " |", "|---|" + "---|" * (len(names) + 1)]
    for name in names:
        cells = [
            f"**{matrix[name][other]:.3f}**" if other == name else f"{matrix[name][other]:.3f}"
            for other in [*names, "none"]
        ]
        rows.append(f"| {name} | " + " | ".join(cells) + " |")
    return rows


def generated(model: Model, composer: int, temperature: float, steps: int) -> dict[str, float]:
    """Return the figures of fresh music, as the mean over passages that each begin from nothing."""
    figures = []
    for passage in range(max(1, steps // PASSAGE)):
        generator, context = Generator(model, composer), Context()
        random, struck, held = np.random.default_rng(passage), [], []
        for _ in range(PASSAGE):
            generator.step(context, Controls(temperature=temperature, polyphony=32), random)
            struck.append(context.state.age == 1)
            held.append(context.state.age > 1)
        figures.append(describe(np.array(struck), np.array(held)))
    return {key: float(np.mean([entry[key] for entry in figures])) for key in COLUMNS}


def of_data(tables: list[Table]) -> dict[str, float]:
    """Return the figures of works, weighted by their length."""
    figures = [describe(table.struck > 0, table.held) for table in tables]
    weights = [len(table) for table in tables]
    return {key: float(np.average([entry[key] for entry in figures], weights=weights)) for key in COLUMNS}


def statistic_table(model: Model, tables: list[Table], steps: int) -> list[str]:
    """Return data and generated music side by side as Markdown."""
    rows = ["| | | " + " | ".join(COLUMNS.values()) + " |", "|---|---|" + "---|" * len(COLUMNS)]
    for number, voice in enumerate(model.composers):
        lines = {"works": of_data([table for table in tables if table.composer == voice.name])}
        for temperature in (0.8, 1.0):
            lines[f"T {temperature}"] = generated(model, number, temperature, steps)
        for title, entry in lines.items():
            rows.append(f"| {voice.name} | {title} | " + " | ".join(f"{entry[key]:.2f}" for key in COLUMNS) + " |")
    return rows


def main(argv: list[str]) -> int:
    """Print the tables."""
    line = argparse.ArgumentParser(prog="bench.card", description="Figures for a model's card, as Markdown.")
    line.add_argument("--dataset", type=Path, required=True)
    line.add_argument("--model", type=Path, default=Path("resources/models/openscore"))
    line.add_argument("--steps", type=int, default=4096)
    line.add_argument("--cache", type=Path, default=None)
    wish = line.parse_args(argv)
    model = checkpoint.load(wish.model)
    tables, _ = corpus.load(scan(wish.dataset).files, wish.cache or default_cache())
    print("\n".join(loss_table(model)), end="\n\n")
    print("\n".join(statistic_table(model, corpus.split(tables).test, wish.steps)))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
