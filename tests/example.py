"""Examples as the tests of datasets, files, checks and maps want them."""

import math
from collections.abc import Sequence

import numpy as np

from app.dataset import Dataset
from app.example import Examples, Label, Output, numbered

NAN = math.nan


def recorded(rows: Sequence[tuple[Sequence[float], Sequence[float]]], dataset: Dataset, take: int | None = None) -> int:
    """Append (values, targets) rows a tenth of a second apart, in one take; return the take."""
    take = dataset.begin_take() if take is None else take
    for place, (values, targets) in enumerate(rows):
        why = dataset.append(np.array(values, np.float32), tuple(targets), take, place / 10)
        assert not why, why
    return take


def mixed() -> Dataset:
    """Return a dataset of two features, a class and a number, with five examples in two takes."""
    glass, wood = Label(1, "glass", 0), Label(3, "wood, old", 5)
    dataset = Dataset(("x", "y"), (Output("sound", "class", (glass, wood)), Output("size", "number", (), -1.0, 2.0)))
    recorded([((0.1, 1), (1, NAN)), ((0.2, 2), (1, 0.5)), ((-3e-7, 3), (0, 1.25))], dataset)
    recorded([((1e20, 4), (3, NAN)), ((5, 5), (NAN, -0.1))], dataset)
    return dataset


def clusters(count: int, width: int, labels: int = 2, seed: int = 0) -> Examples:
    """Return examples of labels that lie apart, `count` rows in all."""
    generator = np.random.default_rng(seed)
    targets = generator.integers(1, labels + 1, count)
    middles = generator.normal(size=(labels + 1, width)) * 6
    inputs = middles[targets] + generator.normal(size=(count, width))
    names = [f"f{column}" for column in range(width)]
    return Examples.build(names, (Output("label", "class", numbered(labels)),), inputs, targets.reshape(-1, 1))
