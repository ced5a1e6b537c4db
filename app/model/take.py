"""Takes of gestures as they come from the recorder, checked before anything learns from them."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.model.base import Integers, ModelError
from app.model.dtw import NOTHING, SHORTEST


def checked_takes(X: Any, y: Any) -> tuple[list[NDArray[np.float32]], Integers]:  # noqa: N803
    """Return takes (length, width) and their labels; takes of less than two frames are left out.

    ModelError if nothing is left, widths differ or a value is no number.
    """
    takes = [np.asarray(take, np.float32) for take in X]
    labels = np.asarray(y, np.int64)
    if labels.shape != (len(takes),):
        raise ModelError(f"There are {len(takes)} takes and labels of shape {labels.shape}: one label each is needed.")
    for place, take in enumerate(takes):
        if take.ndim != 2 or take.shape[1:] != takes[0].shape[1:]:
            raise ModelError(f"Take {place + 1} has shape {take.shape}: all takes need the same inputs.")
        if not np.isfinite(take).all():
            raise ModelError(f"Take {place + 1} holds a value that is no number: delete it.")
    long_enough = [place for place, take in enumerate(takes) if len(take) >= SHORTEST]
    if not any(labels[place] != NOTHING for place in long_enough):
        raise ModelError("There are no gestures to learn from: record one take or more of each.")
    return [takes[place] for place in long_enough], labels[long_enough]
