"""The compiled form of every classifier and regressor: a scale, a core of arithmetic, and where the examples were.

Only the core differs between models. It is fed with scaled numbers (trees with the raw ones: they compare, and
comparing needs no scale) and gives probabilities or outputs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

import numpy as np
from numpy.typing import NDArray

from app.model.base import Arrays, Floats, Meta, ModelError
from app.model.novelty import Neighbourhood
from app.model.pack import pack, prefixed, under, unpack
from app.model.scale import Scale


class Core(Protocol):
    """One model's arithmetic, a frozen dataclass of arrays and numbers.

    Attributes: `name` by which a file knows it, `raw` whether it wants unscaled numbers.
    """

    name: ClassVar[str]
    raw: ClassVar[bool]

    def answer(self, values: NDArray[Any]) -> Floats:
        """Return probabilities (classes,) or outputs (m,) for one frame (width,)."""


@dataclass(frozen=True, slots=True, eq=False)
class Constant:
    """Always the same answer: what one learns from a single class. Attributes: `values`."""

    name: ClassVar[str] = "constant"
    raw: ClassVar[bool] = False
    values: Floats

    def answer(self, values: NDArray[Any]) -> Floats:
        return self.values.copy()


@dataclass(frozen=True, slots=True, eq=False)
class Compiled:
    """A Predictor.

    Attributes: `classes` (label numbers; () for a regressor), `scale`, `core`, `near` (the examples' places).
    """

    classes: tuple[int, ...]
    scale: Scale
    core: Core
    near: Neighbourhood

    @property
    def inputs(self) -> int:
        return len(self.scale.mean)

    def predict(self, values: NDArray[Any]) -> Floats:
        scale = self.scale
        if values.shape != scale.mean.shape:
            raise self._misfit(values)
        core = self.core
        return core.answer(values if core.raw else (values - scale.mean) * scale.factor)

    def novelty(self, values: NDArray[Any]) -> float:
        if values.shape != self.scale.mean.shape:
            raise self._misfit(values)
        return self.near.novelty(self.scale.apply(values))

    def _misfit(self, values: NDArray[Any]) -> ModelError:
        return ModelError(f"The model was trained on {self.inputs} inputs and got {np.size(values)}: train it again.")

    def to_arrays(self) -> tuple[Arrays, Meta]:
        core_arrays, core_meta = pack(self.core)
        arrays = prefixed("core", core_arrays) | prefixed("scale", pack(self.scale)[0])
        arrays |= prefixed("near", pack(self.near)[0])
        meta = {"type": "predictor", "core": self.core.name, "classes": list(self.classes), "numbers": core_meta}
        return arrays, meta | {"reach": self.near.reach}

    @classmethod
    def from_arrays(cls, core: type[Core], arrays: Arrays, meta: Meta) -> Compiled:
        """Rebuild a predictor; ModelError if a part is missing, of the wrong size or answers nonsense."""
        scale: Scale = unpack(Scale, under("scale", arrays), {})
        near = unpack(Neighbourhood, under("near", arrays), {"reach": float(meta["reach"])})
        arithmetic = unpack(core, under("core", arrays), meta["numbers"])
        made = cls(tuple(int(label) for label in meta["classes"]), scale, arithmetic, near)
        made._try_out()
        return made

    def _try_out(self) -> None:
        """Answer once: wrong shapes and numbers that are none show at once instead of on stage."""
        answer = self.predict(self.scale.mean.astype(np.float32))
        if answer.ndim != 1 or (self.classes and answer.shape != (len(self.classes),)):
            raise ModelError(f"The model answers {answer.shape} where {len(self.classes)} classes were learnt.")
        if not np.isfinite(answer).all() or not np.isfinite(self.novelty(self.scale.mean)):
            raise ModelError("The model answers with something that is not a number: train it again.")


def softmax(logits: Floats) -> Floats:
    """Return probabilities from logits, shape (..., classes), without overflow."""
    grown = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.asarray(grown / grown.sum(axis=-1, keepdims=True))


def softmax_one(logits: Floats) -> Floats:
    """As `softmax` for one row (classes,), with less overhead. The logits are overwritten."""
    logits -= np.maximum.reduce(logits)
    np.exp(logits, out=logits)
    logits /= np.add.reduce(logits)
    return logits
