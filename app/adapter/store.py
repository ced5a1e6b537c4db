"""One output's model as a folder: what it learnt, from which inputs, and the examples it learnt from.

Wekinator's own model files are serialised Java; these are ours, under the name that the client gave. Reading and
writing them takes long enough to be done in the background.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from app import dataset_file
from app.example import Examples, Output
from app.model.file import load, read_card, store
from app.player.listener.brain import Learnt


@dataclass(frozen=True, slots=True, eq=False)
class Stored:
    """A model with its examples. Attributes: `learnt`, `features` (names of all inputs), `examples` (or None)."""

    learnt: Learnt
    features: tuple[str, ...]
    examples: Examples | None


def taught(examples: Examples, place: int) -> Examples:
    """Return the examples of one output alone."""
    rows = examples.rows(place)
    output = examples.outputs[place]
    return Examples.build(
        examples.features,
        (output,),
        examples.inputs[rows],
        examples.targets[rows, place : place + 1],
        takes=examples.takes[rows],
        seconds=examples.seconds[rows],
    )


def spread(examples: Examples, outputs: tuple[Output, ...], place: int) -> Examples:
    """Return the examples of one output as rows of a table of several, where the others are not taught."""
    targets = np.full((len(examples), len(outputs)), np.nan)
    targets[:, place] = examples.targets[:, 0]
    return Examples.build(
        examples.features, outputs, examples.inputs, targets, takes=examples.takes, seconds=examples.seconds
    )


def write(folder: Path, learnt: Learnt, examples: Examples) -> None:
    """Write a model and its examples; OSError or DatasetError if that cannot be."""
    selection = None if learnt.selection is None else list(learnt.selection)
    card = {**learnt.card, "features": list(examples.features), "selection": selection}
    store(folder, learnt.predictor, card)
    dataset_file.save(folder, examples)


def read(folder: Path, with_examples: bool) -> Stored:
    """Return what `write` wrote; ModelError or DatasetError if it is no such folder."""
    predictor, card = load(folder), read_card(folder)
    chosen = card.get("selection")
    learnt = Learnt(predictor, None if chosen is None else tuple(int(place) for place in chosen), card)
    features = tuple(str(name) for name in card.get("features", ()))
    return Stored(learnt, features, dataset_file.load(folder) if with_examples else None)


def misfit(stored: Stored, features: tuple[str, ...], output: Output) -> str:
    """Return why a stored model cannot serve an output, or ""."""
    if stored.features != features:
        return f"it learnt from inputs called {', '.join(stored.features) or 'nothing'}"
    if bool(stored.learnt.predictor.classes) != (output.kind == "class"):
        return "it tells classes apart" if stored.learnt.predictor.classes else "it gives numbers, not classes"
    return ""
