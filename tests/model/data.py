"""Examples for the tests of models: clouds, the seventeen features of a sound, gestures on a plane."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Table = NDArray[np.float32]


def clouds(seed: int, count: int = 60, width: int = 5, classes: int = 3, apart: float = 1.5) -> tuple[Table, Any]:
    """Return examples of classes 1 to `classes`, on scales from 0.1 to 1000."""
    random = np.random.default_rng(seed)
    labels = np.resize(np.arange(1, classes + 1), count)
    centres = apart * random.normal(size=(classes, width))
    table = (centres[labels - 1] + random.normal(size=(count, width))) * np.geomspace(0.1, 1000, width)
    return table.astype(np.float32), labels


def surface(seed: int, count: int = 60, width: int = 4, outputs: int = 2) -> tuple[Table, Any]:
    """Return inputs and smooth outputs."""
    random = np.random.default_rng(seed)
    table = random.uniform(-1, 1, (count, width)) * np.geomspace(1, 100, width)
    mix = random.normal(size=(width, outputs)) / np.geomspace(1, 100, width)[:, None]
    return table.astype(np.float32), np.sin(2 * table @ mix) + 0.1 * (table @ mix)


def sounds(seed: int, classes: int = 4, each: int = 20) -> tuple[Table, Any, Table, Any]:
    """Return seventeen features to learn and to test: 13 of about 10, one in Hz, three small ones."""
    random = np.random.default_rng(seed)
    scale = np.array([6.0] * 13 + [1500.0, 0.5, 1.5, 3.0])
    middle = np.array([0.0] * 13 + [6000.0, 1.0, 3.0, -6.0])
    centres = random.normal(size=(classes, 17))
    labels = np.repeat(np.arange(1, classes + 1), each)

    def drawn() -> Table:
        return (middle + scale * (centres[labels - 1] + 0.6 * random.normal(size=(len(labels), 17)))).astype(np.float32)

    return drawn(), labels, drawn(), labels


def gesture(label: int, frames: int, random: np.random.Generator) -> Table:
    """Return a movement on a plane: 1 a circle, 2 a zigzag, 3 a swipe."""
    share = np.linspace(0, 1, frames)
    drawn = {
        1: (np.cos(2 * np.pi * share), np.sin(2 * np.pi * share)),
        2: (2 * share - 1, 2 * np.abs((4 * share) % 2 - 1) - 1),
        3: (2 * share - 1, 0 * share),
    }[label]
    moved = np.stack(drawn, axis=1) * random.uniform(0.85, 1.15) + 0.05 * random.normal(size=2)
    return (moved + 0.03 * random.normal(size=moved.shape)).astype(np.float32)


def takes(seed: int, each: int = 4) -> tuple[list[Table], Any]:
    """Return recorded gestures of three labels."""
    random = np.random.default_rng(seed)
    labels = np.repeat([1, 2, 3], each)
    return [gesture(int(label), int(random.integers(45, 80)), random) for label in labels], labels


def performance(seed: int, count: int = 20) -> tuple[Table, list[tuple[int, int, int]]]:
    """Return a stream of gestures with ways and pauses between, and (first frame, last frame, label) of each."""
    random = np.random.default_rng(seed)
    pieces, played, here = [], [], np.zeros(2)
    for _ in range(count):
        label = int(random.integers(1, 4))
        movement = gesture(label, int(random.integers(45, 80)), random)
        share = np.linspace(0, 1, int(random.integers(20, 60)))[:, None]
        way = here + (movement[0] - here) * share**2 * (3 - 2 * share)
        pieces += [way + 0.03 * random.normal(size=way.shape), movement]
        end = sum(len(piece) for piece in pieces)
        played.append((end - len(movement), end - 1, label))
        here = movement[-1]
    return np.concatenate(pieces).astype(np.float32), played
