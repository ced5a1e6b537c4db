"""The chord-token network of NeuralMIDI-Streamer, rebuilt, to compare its held-out loss with the Composer's.

A step is one token, the set of sounding pitches; tokens seen twice or more in training are the vocabulary, the rest is
`<UNK>`. Embedding 256, LSTM 512, LSTM 256, softmax; window 64. It is helped where the original wastes: every position
of a window is a target (the original learns from the last one only), the state runs on over a whole work when
measured, and it gets the same optimiser, half precision and split as ours. An unknown step costs its `<UNK>` chance
and then each of 88 keys as an independent coin. It does not say which notes are struck anew; ours does.

Run: python -m bench.seed_network --dataset DIR --minutes M [--composer NAME] [--model DIR]
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from app.player.composer import checkpoint, corpus, evaluation
from app.player.composer.corpus import Table
from app.player.composer.network import network_from
from app.player.composer.score import scan
from app.player.composer.training import default_cache

WINDOW, BATCH, RATE = 64, 64, 2e-3
UNKNOWN = 0


class SeedNetwork(nn.Module):
    """Embedding, two LSTM layers, softmax over chord tokens."""

    def __init__(self, tokens: int) -> None:
        super().__init__()
        self.embedding = nn.Embedding(tokens, 256)
        self.first = nn.LSTM(256, 512, batch_first=True)
        self.second = nn.LSTM(512, 256, batch_first=True)
        self.answer = nn.Linear(256, tokens)

    def forward(self, tokens: Tensor) -> Tensor:
        """Return logits of the next token at every position, (B, T, V) from (B, T)."""
        return self.answer(self.second(self.first(self.embedding(tokens))[0])[0])


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Chords by number, and the chance of each key in a chord that has none."""

    numbers: dict[bytes, int]
    keys: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.numbers) + 1

    def encode(self, table: Table) -> NDArray[np.int64]:
        """Return one token per step."""
        return np.array([self.numbers.get(row.tobytes(), UNKNOWN) for row in np.packbits(sounding(table), axis=1)])

    def escape(self, rows: NDArray[np.bool_]) -> NDArray[np.float64]:
        """Return the nats of each unknown chord, key by key."""
        return -(np.log(self.keys) * rows + np.log1p(-self.keys) * ~rows).sum(axis=1)


def sounding(table: Table) -> NDArray[np.bool_]:
    """Return which keys sound in each step, (T, 88)."""
    return (table.struck > 0) | table.held


def vocabulary(tables: list[Table]) -> Vocabulary:
    """Collect the chords that occur twice or more."""
    counts: Counter[bytes] = Counter()
    for table in tables:
        counts.update(row.tobytes() for row in np.packbits(sounding(table), axis=1))
    kept = sorted(chord for chord, count in counts.items() if count >= 2)
    numbers = {chord: number + 1 for number, chord in enumerate(kept)}
    rare = [np.unpackbits(np.frombuffer(chord, np.uint8))[:88] for chord, count in counts.items() if count < 2]
    chances = (np.sum(rare, axis=0) + 0.5) / (len(rare) + 1.0) if rare else np.full(88, 0.05)
    return Vocabulary(numbers, chances.astype(np.float64))


def learn(network: SeedNetwork, works: list[NDArray[np.int64]], minutes: float, seed: int) -> tuple[int, float]:
    """Train for some minutes of processor time; return windows seen and minutes used."""
    random = np.random.default_rng(seed)
    optimizer = torch.optim.Adam(network.parameters())
    chances = np.array([max(0, len(work) - WINDOW) for work in works], np.float64)
    chances /= chances.sum()
    began, seen, done = time.process_time(), 0, 0.0
    network.train()
    while done < 1.0:
        for group in optimizer.param_groups:
            group["lr"] = RATE * (0.02 + 0.98 * 0.5 * (1 + float(np.cos(np.pi * done))))
        rows = []
        for index in random.choice(len(works), BATCH, p=chances):
            start = int(random.integers(len(works[index]) - WINDOW))
            rows.append(works[index][start : start + WINDOW + 1])
        tokens = torch.from_numpy(np.stack(rows))
        with torch.autocast("cpu", torch.bfloat16):
            logits = network(tokens[:, :-1])
        loss = functional.cross_entropy(logits.float().flatten(0, 1), tokens[:, 1:].flatten())
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()
        seen += BATCH
        done = (time.process_time() - began) / (60.0 * minutes)
        if seen % (BATCH * 100) == 0:
            print(f"  {seen} windows, {100 * done:.0f} %, loss {float(loss.detach()):.3f} nats/token", flush=True)
    return seen, (time.process_time() - began) / 60.0


def measure(network: SeedNetwork, words: Vocabulary, tables: list[Table]) -> tuple[float, float]:
    """Return nats per step over whole works, first step included, and the share of unknown steps."""
    network.eval()
    nats, steps, unknown = 0.0, 0, 0
    with torch.inference_mode():
        for table in tables:
            tokens = words.encode(table)
            inputs = torch.from_numpy(np.concatenate([[UNKNOWN], tokens[:-1]]))[None]
            chances = functional.log_softmax(network(inputs).float(), dim=-1)[0]
            nats -= float(chances[torch.arange(len(tokens)), torch.from_numpy(tokens)].sum())
            strange = tokens == UNKNOWN
            nats += float(words.escape(sounding(table)[strange]).sum())
            steps, unknown = steps + len(tokens), unknown + int(strange.sum())
    return nats / steps, unknown / steps


def main(argv: list[str]) -> int:
    """Train the seed's network, measure both on the same works, print the comparison."""
    line = argparse.ArgumentParser(prog="bench.seed_network", description="Held-out loss against the seed's network.")
    line.add_argument("--dataset", type=Path, required=True)
    line.add_argument("--composer", help="only this one, as the original trains one network per composer")
    line.add_argument("--minutes", type=float, default=10.0, help="processor time of the seed's network")
    line.add_argument("--model", type=Path, default=Path("resources/models/openscore"))
    line.add_argument("--cache", type=Path, default=None)
    line.add_argument("--seed", type=int, default=0)
    wish = line.parse_args(argv)
    torch.set_num_threads(1)
    torch.manual_seed(wish.seed)
    tables, _ = corpus.load(scan(wish.dataset, wish.composer).files, wish.cache or default_cache())
    parts = corpus.split(tables)
    words = vocabulary(parts.train)
    network = SeedNetwork(len(words))
    size = sum(value.numel() for value in network.parameters())
    print(f"seed: {len(words)} chord tokens, {size / 1e6:.2f} M parameters", flush=True)
    works = [words.encode(table) for table in parts.train if len(table) > WINDOW]
    seen, used = learn(network, works, wish.minutes, wish.seed)
    print(f"seed: {used:.1f} processor minutes, {seen} windows of {WINDOW}")
    shown = {"validation": corpus.thinned(parts.valid), "test": parts.test}
    for title, some in shown.items():
        loss, unknown = measure(network, words, some)
        print(f"seed: {title} {loss:.3f} nats/16th, {unknown:.1%} unknown steps")
    model = checkpoint.load(wish.model)
    ours = network_from(model.shape, model.weights)
    names = [voice.name for voice in model.composers]
    for title, some in shown.items():
        loss = evaluation.mean(evaluation.score(ours, some, [names.index(table.composer) + 1 for table in some]))
        print(f"ours: {title} {loss:.3f} nats/16th, strikes told from holds ({model.card['training']})")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
