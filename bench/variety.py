"""How often the Composer gets stuck: every composer of a model, some seeds, long passages at the player's defaults.

A listener forgives a bar that comes again, not twenty. So the longest runs count here and not the means: bars struck
alike, bars of one pitch, bars in the same few pitches, silence. What was played is also read by the model at its own
temperature, because a cure that left the style would be none.

Run: python -m bench.variety [--bars N] [--seeds N] [--temperature T ...] [--penalty P ...] [--model DIR]
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):  # read when numpy is imported
    os.environ.setdefault(name, "1")

import numpy as np  # noqa: E402

from app.player.composer.checkpoint import Model, load  # noqa: E402
from app.player.composer.generation import Context, Controls, Generator, Step  # noqa: E402

BAR = 16
FEW = 4  # pitches: bars that stay within the same so many count as one run


@dataclass(frozen=True, slots=True)
class Passage:
    """The figures of one passage.

    Attributes:
        same: longest run of bars struck alike. few: longest run of bars that stay within four pitches.
        one: longest run of bars with fewer than two distinct pitches, thin: their share of all bars.
        silence: longest silence, in bars. nats: per sixteenth, of what was played, under the model at temperature 1.
    """

    same: int
    few: int
    one: int
    thin: float
    silence: float
    nats: float


def passage(model: Model, composer: int, seed: int, bars: int, controls: Controls) -> Passage:
    """Play a passage from nothing and measure it."""
    generator, context, random = Generator(model, composer), Context(), np.random.default_rng(seed)
    reader, heard = Generator(model, composer), Context()
    steps, nats = [], 0.0
    for _ in range(bars * BAR):
        step = generator.step(context, controls, random)
        nats += reader.nats(heard, step.struck, step.sounding)
        heard.commit(step.sounding, step.struck)
        steps.append(step)
    return measured(steps, nats / len(steps))


def measured(steps: list[Step], nats: float) -> Passage:
    """Return the figures of steps."""
    bars = [steps[start : start + BAR] for start in range(0, len(steps) - BAR + 1, BAR)]
    looks = [tuple(tuple(sorted(step.struck)) for step in bar) for bar in bars]
    pitches = [frozenset(pitch for step in bar for pitch in step.sounding) for bar in bars]
    alone = [len(each) < 2 for each in pitches]
    silent = longest(not step.sounding for step in steps)
    return Passage(
        max(len(list(run)) for _, run in groupby(looks)),
        _narrow(pitches),
        longest(alone),
        sum(alone) / len(alone),
        silent / BAR,
        nats,
    )


def longest(flags: Iterable[bool]) -> int:
    """Return the length of the longest run of truth."""
    return max((len(list(run)) for flag, run in groupby(flags) if flag), default=0)


def _narrow(pitches: list[frozenset[int]]) -> int:
    """Return the longest run of bars that together hold at most `FEW` pitches."""
    best, start = 0, 0
    for end in range(len(pitches)):
        while len(frozenset().union(*pitches[start : end + 1])) > FEW:
            start += 1
        best = max(best, end + 1 - start)
    return best


def table(model: Model, wish: argparse.Namespace, temperature: float, penalty: float) -> None:
    """Measure all composers at one setting and print a line each."""
    print(f"\ntemperature {temperature}, density {wish.density}, repetition penalty {penalty}, {wish.bars} bars each")
    print("| composer | same bar, each seed | four pitches | one pitch | thin bars | silence | nats per 16th |")
    print("|---|---|---|---|---|---|---|", flush=True)
    controls = Controls(temperature, wish.density, 0.8, 8, penalty)
    everything: list[Passage] = []
    for number, voice in enumerate(model.composers):
        rows = [passage(model, number, seed, wish.bars, controls) for seed in range(wish.seeds)]
        everything += rows
        _line(voice.name, rows, " ".join(str(row.same) for row in rows))
    _line("all", everything, str(max(row.same for row in everything)))


def _line(name: str, rows: list[Passage], same: str) -> None:
    few, one = max(row.few for row in rows), max(row.one for row in rows)
    thin, nats = np.mean([row.thin for row in rows]), np.mean([row.nats for row in rows])
    silence = max(row.silence for row in rows)
    print(f"| {name} | {same} | {few} | {one} | {thin:.3f} | {silence:.1f} | {nats:.3f} |", flush=True)


def main(argv: list[str]) -> int:
    """Measure and print a table for each temperature and penalty."""
    line = argparse.ArgumentParser(prog="bench.variety", description="How often the Composer gets stuck.")
    line.add_argument("--bars", type=int, default=150)
    line.add_argument("--seeds", type=int, default=5)
    line.add_argument("--temperature", type=float, nargs="+", default=[0.4, 0.8, 1.2])
    line.add_argument("--penalty", type=float, nargs="+", default=[0.0])
    line.add_argument("--density", type=float, default=0.8)
    line.add_argument("--model", type=Path, default=Path("resources/models/openscore"))
    wish = line.parse_args(argv)
    model = load(wish.model)
    for temperature in wish.temperature:
        for penalty in wish.penalty:
            table(model, wish, temperature, penalty)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
