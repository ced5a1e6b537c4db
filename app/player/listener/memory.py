"""What a Listener keeps in a session: its examples as text, its trained models as arrays.

Both are immutable pictures once asked for, so that the disk is written in the background while recording goes on, and
many examples by a process, because a thread that writes them would hold the music up.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from app.dataset import Dataset
from app.dataset_file import FILE
from app.dataset_job import deliver, fetch
from app.example import DatasetError, Examples
from app.file import set_aside
from app.model import file as model_file
from app.model.base import ModelError
from app.player.listener.brain import Brain, Learnt

FOLDER = "listener"


class Memory:
    """Keeps and restores a Listener's examples and models; `refused` is told what could not be read."""

    def __init__(self, dataset: Dataset, brain: Callable[[], Brain], refused: Callable[[str], None]) -> None:
        self._dataset, self._brain, self._refused = dataset, brain, refused
        self._version = dataset.version
        self._learnt: dict[int, Learnt] = {}
        self._had: set[int] = set()  # Outputs that had a model here: one that is taken back leaves the disk too.

    def changes(self, everything: bool = False) -> Callable[[Path], None] | None:
        """Return what writes the present state into a session's folder; None if nothing is new."""
        learnt = dict(self._brain().learnt)
        if not everything and self._dataset.version == self._version and learnt == self._learnt:
            return None
        examples, self._version, self._learnt = self._dataset.examples(), self._dataset.version, learnt
        self._had |= learnt.keys()
        gone = self._had - learnt.keys()

        def write(folder: Path) -> None:
            target = folder / FOLDER
            target.mkdir(parents=True, exist_ok=True)
            try:
                deliver(target / FILE, examples, "own", lambda _: None, lambda: True)
            except DatasetError as error:
                raise OSError(str(error)) from error
            for output, one in learnt.items():
                card = {**one.card, "selection": one.selection}
                model_file.store(target / f"model-{output + 1}", one.predictor, card)
            for output in gone:
                model_file.discard(target / f"model-{output + 1}")

        return write

    def read(self, folder: Path, tell: Callable[[float], None], wanted: Callable[[], bool]) -> Callable[[], None]:
        """Read what a session's folder holds; return what takes it over. A part that cannot be read is told then."""
        target = folder / FOLDER
        examples: Examples | DatasetError | None = None
        if target.is_dir():
            try:
                examples = fetch(target / FILE, tell, wanted).examples
            except DatasetError as error:
                examples = error
        models: dict[int, Learnt | ModelError] = {}
        for place in sorted(target.glob("model-*")):
            output = place.name.removeprefix("model-")
            if (place / model_file.CARD).exists() and output.isdecimal():
                models[int(output) - 1] = _read_model(place)
        return lambda: self._take(target, examples, models)

    def _take(
        self, target: Path, examples: Examples | DatasetError | None, models: dict[int, Learnt | ModelError]
    ) -> None:
        if isinstance(examples, DatasetError):
            self._refused(f"Session: {examples}{set_aside(target / FILE)}")
            examples = None  # Those of the session before are not of this one, and would be saved in it.
        self._dataset.adopt(self._none() if examples is None else examples)
        brain = self._brain()
        brain.swap({})
        for output in range(len(brain.outputs)):
            found = models.get(output)
            if isinstance(found, ModelError):
                self._refused(f"Session: {found}")
            elif found is not None:
                brain.take(output, found)
        self._version, self._learnt = self._dataset.version, dict(brain.learnt)
        self._had = set(brain.learnt)

    def _none(self) -> Examples:
        """Return no examples, of the features and outputs that are here."""
        features, outputs = self._dataset.features, self._dataset.outputs
        return Examples.build(features, outputs, np.empty((0, len(features))), np.empty((0, len(outputs))))


def _read_model(place: Path) -> Learnt | ModelError:
    """Return a trained model, or what is wrong with it."""
    try:
        predictor, card = model_file.load(place), model_file.read_card(place)
    except ModelError as error:
        return error
    selection = card.get("selection")
    return Learnt(predictor, None if selection is None else tuple(selection), card)
