"""What a Listener keeps in a session: its examples as text, its trained models as arrays.

Both are immutable pictures once asked for, so that the disk is written in the background while recording goes on, and
many examples by a process, because a thread that writes them would hold the music up.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from app.dataset import Dataset
from app.dataset_file import FILE
from app.dataset_job import deliver
from app.example import DatasetError
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

    def changes(self) -> Callable[[Path], None] | None:
        """Return what writes the present state into a session's folder; None if nothing is new."""
        learnt = dict(self._brain().learnt)
        if self._dataset.version == self._version and learnt == self._learnt:
            return None
        examples, self._version, self._learnt = self._dataset.examples(), self._dataset.version, learnt

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

        return write

    def load(self, folder: Path) -> None:
        """Take over what a session's folder holds; a part that cannot be read is told, the rest is taken."""
        target = folder / FOLDER
        try:
            self._dataset.load(target) if target.is_dir() else self._dataset.clear()
        except DatasetError as error:
            self._refused(f"Session: {error}{set_aside(target / FILE)}")
        brain = self._brain()
        brain.swap({})
        for output in range(len(brain.outputs)):
            place = target / f"model-{output + 1}"
            if place.is_dir():
                self._load_model(place, output, brain)
        self._version, self._learnt = self._dataset.version, dict(brain.learnt)

    def _load_model(self, place: Path, output: int, brain: Brain) -> None:
        try:
            predictor, card = model_file.load(place), model_file.read_card(place)
        except ModelError as error:
            self._refused(f"Session: {error}")
            return
        selection = card.get("selection")
        brain.take(output, Learnt(predictor, None if selection is None else tuple(selection), card))
