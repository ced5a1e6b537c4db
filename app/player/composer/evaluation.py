"""Held-out loss: nats per step of whole works under the chain rule, every frame counted.

Whole works run from their first step with the state carried through, as on stage; the matrix of every composer's
embedding against every composer's works shows how much the network knows of a style.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch

from app.player.composer.batch import collate
from app.player.composer.corpus import Table
from app.player.composer.network import Network

FRAMES_AT_ONCE = 16_384


@dataclass(frozen=True, slots=True)
class Score:
    """Loss of one stretch of music.

    Attributes:
        notes, velocities: nats in all. steps, strikes: how many of each.
    """

    notes: float
    velocities: float
    steps: int
    strikes: int


def score(network: Network, tables: Sequence[Table], composers: Sequence[int]) -> list[Score]:
    """Return the loss of each table under the given embedding rows (0 is "no composer")."""
    network.eval()
    order = sorted(range(len(tables)), key=lambda index: len(tables[index]))
    results: dict[int, Score] = {}
    with torch.inference_mode():
        while order:
            longest = len(tables[order[-1]])
            group = [order.pop() for _ in range(min(len(order), max(1, FRAMES_AT_ONCE // longest)))]
            batch = collate([tables[i].window(0, longest) for i in group], [composers[i] for i in group], longest)
            losses = network(batch)
            notes = losses.notes.view(len(group), -1).sum(1).tolist()
            velocities = losses.velocities.view(len(group), -1).sum(1).tolist()
            for row, index in enumerate(group):
                strikes = int((tables[index].struck > 0).sum())
                results[index] = Score(notes[row], velocities[row], len(tables[index]), strikes)
    return [results[index] for index in range(len(tables))]


def mean(scores: Sequence[Score]) -> float:
    """Return nats per step over all scores."""
    return sum(entry.notes for entry in scores) / max(1, sum(entry.steps for entry in scores))


def matrix(network: Network, tables: Sequence[Table], names: Sequence[str]) -> dict[str, dict[str, float]]:
    """Return nats per step of each composer's works (rows) under each composer's embedding, and under none."""
    result: dict[str, dict[str, float]] = {}
    for name in names:
        works = [table for table in tables if table.composer == name]
        if works:
            columns = {other: row for row, other in enumerate(["none", *names])}
            result[name] = {
                other: round(mean(score(network, works, [row] * len(works))), 4) for other, row in columns.items()
            }
    return result


def found(network: Network, tables: Sequence[Table], names: Sequence[str]) -> tuple[int, int]:
    """Return how many works are likeliest under their own composer's embedding, and of how many."""
    losses = [[entry.notes for entry in score(network, tables, [row + 1] * len(tables))] for row in range(len(names))]
    right = sum(
        names[min(range(len(names)), key=lambda row: losses[row][index])] == table.composer
        for index, table in enumerate(tables)
    )
    return right, len(tables)
