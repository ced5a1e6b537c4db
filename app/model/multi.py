"""Several outputs answered in one call, each by its own model from its own choice of inputs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.model.base import Floats, ModelError, Predictor


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """One output. Attributes: `name`, `predictor`, `columns` of the frame that it sees (None: all)."""

    name: str
    predictor: Predictor
    columns: tuple[int, ...] | None = None
    _places: NDArray[np.intp] | None = field(init=False, repr=False)

    def __post_init__(self) -> None:
        columns = self.columns
        if columns is not None and len(columns) != self.predictor.inputs:
            raise ModelError(f"{self.name} chose {len(columns)} inputs, its model has {self.predictor.inputs}.")
        object.__setattr__(self, "_places", None if columns is None else np.array(columns, np.intp))

    def view(self, values: NDArray[Any]) -> NDArray[Any]:
        """Return what this output sees of a frame; ModelError if the frame is too short."""
        if self._places is None:
            return values
        try:
            return values.take(self._places)
        except IndexError as error:
            raise ModelError(
                f"{self.name} needs input {max(self.columns or ()) + 1}, a frame has {len(values)}."
            ) from error


class Multi:
    """All outputs of a listener. Attributes: `parts`."""

    __slots__ = ("parts",)

    def __init__(self, parts: Sequence[Part]) -> None:
        self.parts = tuple(parts)

    def predict(self, values: NDArray[Any]) -> list[Floats]:
        """Return each output's answer: probabilities over its classes, or numbers; ModelError on a wrong width."""
        return [part.predictor.predict(part.view(values)) for part in self.parts]

    def novelty(self, values: NDArray[Any]) -> list[float]:
        """Return how new a frame is to each output's model."""
        return [part.predictor.novelty(part.view(values)) for part in self.parts]

    def with_part(self, new: Part) -> Multi:
        """Return the same outputs with one replaced by name, or added."""
        if all(part.name != new.name for part in self.parts):
            return Multi((*self.parts, new))
        return Multi([new if part.name == new.name else part for part in self.parts])
