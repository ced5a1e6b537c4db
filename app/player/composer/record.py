"""What a training run records about itself: where it stands, and the card that goes beside the weights.

The card is all that is needed to load, to judge and to rebuild a model, so it is made in one place.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from app.player.composer.checkpoint import FORMAT_VERSION, VELOCITY_BINS, Shape
from app.player.composer.corpus import Split, Table
from app.player.composer.feature import FEATURE_VERSION, STEPS_PER_QUARTER
from app.player.composer.option import Options


@dataclass(slots=True)
class Progress:
    """Where a run stands.

    Attributes:
        update: updates done. seconds: time spent, earlier runs included.
        best: lowest validation loss so far. best_update: when it was reached.
        valid: latest validation loss. train: running mean of the training loss. examples: windows learnt from.
    """

    update: int = 0
    seconds: float = 0.0
    best: float = float("inf")
    best_update: int = 0
    valid: float = float("nan")
    train: float = float("nan")
    examples: int = 0


def card(
    options: Options, parts: Split, names: Sequence[str], shape: Shape, progress: Progress, command: str
) -> dict[str, Any]:
    """Return the content of `model.json`."""
    train = parts.train
    return {
        "format": FORMAT_VERSION,
        "features": FEATURE_VERSION,
        "steps_per_quarter": STEPS_PER_QUARTER,
        "name": options.folder_name,
        "network": asdict(shape),
        "composers": [_composer(train, name) for name in names],
        "velocities": velocity_bins(train),
        "licence": options.licence,
        "command": command,
        "training": {
            "updates": progress.update,
            "seconds": round(progress.seconds, 1),
            "seed": options.seed,
            "window": options.seq_len,
            "batch": options.batch,
        },
        "loss": {
            "unit": "nats per sixteenth",
            "train": round(progress.train, 4),
            "valid": round(progress.best, 4),
        },
        "works": parts.digest_lists(),
    }


def _composer(tables: Sequence[Table], name: str) -> dict[str, Any]:
    works = sum(table.composer == name for table in tables)
    return {"name": name, "rate": round(rate(tables, name), 4), "works": works}


def rate(tables: Sequence[Table], name: str) -> float:
    """Return a composer's mean strikes per step."""
    own = [table for table in tables if table.composer == name]
    return float(sum((table.struck > 0).sum() for table in own) / max(1, sum(len(table) for table in own)))


def velocity_bins(tables: Sequence[Table]) -> list[float]:
    """Return the mean velocity of each bin in the data, the middle of the bin where the data have none."""
    counts = np.zeros(128)
    for table in tables:
        counts += np.bincount(table.struck.ravel(), minlength=128)[:128]
    bins = (np.arange(1, 128) - 1) * VELOCITY_BINS // 127
    means = []
    for number in range(VELOCITY_BINS):
        values = np.arange(1, 128)[bins == number]
        weight = counts[values]
        means.append(round(float((values * weight).sum() / weight.sum() if weight.sum() else values.mean()), 2))
    return means
