"""Recording examples: takes that begin and end, whoever asks for them.

One take is one step of undo. A take may be asked for by a held key, a pad, OSC, or for a number of beats after a
count-in; it never stops what plays.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from app.dataset import Dataset
from app.history import Edit


class Capture:
    """Puts frames into a dataset while a take is open.

    Attributes: `dataset`, `recording` (outputs that are taught; the others' targets are missing), `targets` (one
    number an output; `aim` after a change within a take), `count` (examples of the open take), `open` (whether there
    is one).
    """

    def __init__(self, dataset: Dataset, push: Callable[[Edit], None]) -> None:
        self.dataset = dataset
        self.recording = set(range(len(dataset.outputs)))
        self.targets = [1.0 if output.kind == "class" else 0.0 for output in dataset.outputs]
        self.count = 0
        self._push = push
        self._take: int | None = None
        self._taught: tuple[float, ...] = ()

    @property
    def open(self) -> bool:
        return self._take is not None

    def begin(self) -> None:
        """Open a take; a take that is open ends first."""
        self.end()
        self._take, self.count = self.dataset.begin_take(), 0
        self.aim()

    def aim(self) -> None:
        """Let the frames from now on be taught the targets as they are now; an open take goes on."""
        # One tuple until the next change: the dataset checks it once.
        nan = float("nan")
        self._taught = tuple(aim if output in self.recording else nan for output, aim in enumerate(self.targets))

    def end(self) -> int:
        """Close the take; return how many examples it holds."""
        if self._take is None:
            return 0
        edit = self.dataset.end_take(self._take)
        self._take = None
        if edit is not None:
            self._push(edit)
        return self.count

    def add(self, values: NDArray[np.float32], seconds: float) -> str:
        """Take a frame in while a take is open; return "" or why it was refused."""
        if self._take is None:
            return ""
        if not len(self.dataset):
            self._shape(self.dataset.names_for(len(values)))
        why = self.dataset.append(values, self._taught, self._take, seconds)
        self.count += not why
        return why

    def _shape(self, names: tuple[str, ...]) -> None:
        """Let the first frame say which features there are."""
        if names == self.dataset.features:
            return
        if self._take is not None:
            self.dataset.end_take(self._take)
        self.dataset.set_features(names)
        self._take = self.dataset.begin_take()
