"""Time per generated step: the Composer in numpy against the seed's network as the seed runs it, in one run.

The seed's network (embedding 256, LSTM 512 and 256, here with the vocabulary of its smallest shipped composer but
one) recomputes its whole window of 64 tokens at each step. It runs in torch, which is several times faster than the
framework it shipped with, so the ratio is on the cautious side. The two alternate, so both meet the same machine.

Run: python -m bench.step [--steps N] [--model DIR]
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):  # read when numpy and torch are imported
    os.environ.setdefault(name, "1")

import numpy as np  # noqa: E402

from app.player.composer.checkpoint import load  # noqa: E402
from app.player.composer.generation import Context, Controls, Generator  # noqa: E402

SEED_TOKENS, SEED_WINDOW = 2969, 64
ROUND = 50


def seed_step(seed: int) -> Callable[[], None]:
    """Return the seed's step: the window through both layers, softmax with temperature, a draw."""
    import torch

    from bench.seed_network import SeedNetwork

    torch.set_num_threads(1)
    torch.manual_seed(seed)
    network = SeedNetwork(SEED_TOKENS).eval()
    random = np.random.default_rng(seed)
    window = random.integers(1, SEED_TOKENS, SEED_WINDOW)

    def step() -> None:
        nonlocal window
        with torch.inference_mode():
            states = network.second(network.first(network.embedding(torch.from_numpy(window)[None]))[0])[0]
            logits = network.answer(states[:, -1])[0].numpy()
        scaled = (logits - logits.max()).astype(np.float64) / 0.8
        chances = np.exp(scaled) / np.exp(scaled).sum()
        window = np.append(window[1:], random.choice(SEED_TOKENS, p=chances))

    return step


def our_step(folder: Path, seed: int) -> Callable[[], None]:
    """Return the Composer's step, everything included: features, network, decisions, guards, commit."""
    generator, context = Generator(load(folder), 0), Context()
    random, controls = np.random.default_rng(seed), Controls(penalty=1.0)

    def step() -> None:
        generator.step(context, controls, random)

    return step


def timed(step: Callable[[], None], count: int) -> tuple[list[float], float]:
    """Return the wall seconds of each call and the processor seconds per call."""
    walls, began = [], time.process_time()
    for _ in range(count):
        start = time.perf_counter()
        step()
        walls.append(time.perf_counter() - start)
    return walls, (time.process_time() - began) / count


def main(argv: list[str]) -> int:
    """Measure and print both and their ratio."""
    line = argparse.ArgumentParser(prog="bench.step", description="Time per generated step against the seed's.")
    line.add_argument("--steps", type=int, default=1000)
    line.add_argument("--model", type=Path, default=Path("resources/models/openscore"))
    line.add_argument("--seed", type=int, default=1)
    wish = line.parse_args(argv)
    steps = {"ours": our_step(wish.model, wish.seed), "seed": seed_step(wish.seed)}
    walls: dict[str, list[float]] = {name: [] for name in steps}
    cpu: dict[str, list[float]] = {name: [] for name in steps}
    for step in steps.values():
        timed(step, 20)
    for _ in range(max(1, wish.steps // ROUND)):
        for name, step in steps.items():
            wall, used = timed(step, ROUND)
            walls[name] += wall
            cpu[name].append(used)
    for name, values in walls.items():
        print(
            f"{name}: median {1e3 * np.median(values):.3f} ms, p99 {1e3 * np.percentile(values, 99):.3f} ms, "
            f"processor {1e3 * np.median(cpu[name]):.3f} ms per step ({len(values)} steps)"
        )
    print(
        f"ratio: {np.median(walls['seed']) / np.median(walls['ours']):.1f} (median wall), "
        f"{np.median(cpu['seed']) / np.median(cpu['ours']):.1f} (processor)"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
