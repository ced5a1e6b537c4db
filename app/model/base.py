"""The seams of the models: what learns, what answers, what spots, and a model's own settings.

A Model learns in the worker process, in scikit-learn's convention; what it learnt is compiled to a Predictor or a
Spotter of plain numpy, which answers in the engine's thread in microseconds and without the library's cost per
call. A setting is declared once, in the constructor's signature; the panel, the session and the job read it there.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol, Self, get_args

import numpy as np
from numpy.typing import NDArray

from app.parameter import Curve, Linear, Steps, title_of

Kind = Literal["classifier", "regressor", "gesture"]
Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Arrays = dict[str, NDArray[Any]]
Meta = dict[str, Any]
Value = int | float | str


class ModelError(ValueError):
    """Examples, settings or a stored model that cannot be used; one sentence: what, where, what to do."""


class Cancelled(Exception):  # noqa: N818 - a wish, not an error
    """Whoever asked for a fit no longer wants it."""


@dataclass(frozen=True, slots=True)
class Shown:
    """How a setting appears: `curve` (range), `title`, `help` (one sentence). Stands in the signature."""

    curve: Curve
    title: str = ""
    help: str = ""


@dataclass(frozen=True, slots=True)
class Setting:
    """One of a model's own parameters, read from its signature.

    Attributes: `name` as in the constructor, `default` (a number, or the name of a choice), `curve` its range,
    `title`, `help`, `kind` the type it has in the constructor.
    """

    name: str
    default: Value
    curve: Curve
    title: str
    help: str
    kind: type

    @property
    def position(self) -> float:
        """The default as a Parameter holds it: a choice by its place."""
        return self.curve.read(self.default) if isinstance(self.default, str) else float(self.default)

    def read(self, value: Value) -> Value:
        """Return a value as the constructor takes it: choices by name, within range; ModelError if it names none."""
        try:
            number = self.curve.read(value) if isinstance(value, str) else float(value)
        except ValueError as error:
            raise ModelError(f"{self.title}: {error}") from error
        if not np.isfinite(number):
            raise ModelError(f"{self.title}: {number} is no number; choose one in its range.")
        number = self.curve.clamp(number)
        if isinstance(self.curve, Steps):
            return self.curve.show(number)
        return round(number) if self.kind is int else number


def whole(low: int, high: int, title: str, text: str) -> Shown:
    """Return the face of a whole number."""
    return Shown(Linear(low, high, 1, 0), title, text)


def choice(title: str, text: str, *names: str) -> Shown:
    """Return the face of a choice among names."""
    return Shown(Steps(names), title, text)


def settings_of(model: type) -> tuple[Setting, ...]:
    """Return the settings that a model's signature declares with `Annotated[type, Shown(...)]`."""
    found = []
    for name, parameter in inspect.signature(model, eval_str=True).parameters.items():
        kind, shown = get_args(parameter.annotation)
        title = shown.title or title_of("/" + name)
        found.append(Setting(name, parameter.default, shown.curve, title, shown.help, kind))
    return tuple(found)


def configured(settings: tuple[Setting, ...], values: Mapping[str, Value]) -> dict[str, Value]:
    """Return constructor arguments from values by name; ModelError for unknown names or impossible values."""
    known = {setting.name: setting for setting in settings}
    if unknown := sorted(values.keys() - known.keys()):
        raise ModelError(f"This model has no setting {unknown[0]!r}; it has {', '.join(known) or 'none'}.")
    return {name: known[name].read(value) for name, value in values.items()}


class Watch(Protocol):
    """Who looks on while a model learns."""

    def epoch(self, number: int, loss: float, valid: float | None) -> None:
        """Hear the losses after an epoch; Cancelled if the fit is no longer wanted."""

    def check(self) -> None:
        """Raise Cancelled if the fit is no longer wanted."""


class Unwatched:
    """Nobody looks on."""

    def epoch(self, number: int, loss: float, valid: float | None) -> None: ...

    def check(self) -> None: ...


class Answer(Protocol):
    """What a compiled model of any kind is: numbers that can be stored.

    Attributes: `inputs` (features of a frame), `classes` (label numbers ascending, () for regressors).
    """

    @property
    def inputs(self) -> int: ...

    @property
    def classes(self) -> tuple[int, ...]: ...

    def to_arrays(self) -> tuple[Arrays, Meta]:
        """Return arrays for safetensors and a description for JSON, from which the same can be rebuilt."""


class Predictor(Answer, Protocol):
    """Answers one frame at a time; never changes after it was built."""

    def predict(self, values: NDArray[Any]) -> Floats:
        """Return probabilities over `classes` (sum 1), or a regressor's outputs (m,); ModelError on a wrong width."""

    def novelty(self, values: NDArray[Any]) -> float:
        """Return how unlike all examples a frame is: 0 known, about 1 the edge of what was shown, above it new."""


@dataclass(frozen=True, slots=True, eq=False)
class Spot:
    """What a Spotter says of a frame.

    Attributes: `scores` (classes,) distances (infinite: cannot be told) or probabilities, as the Spotter's
    `measure` says; `label` the gesture that goes on, 0 for none; `event` what just happened to it.
    """

    scores: Floats
    label: int
    event: Literal["", "start", "end"] = ""


class Spotter(Answer, Protocol):
    """Finds gestures in a stream of frames; keeps its place in the stream.

    Attributes: `measure` what the scores of a Spot are.
    """

    measure: Literal["distance", "probability"]

    def feed(self, values: NDArray[Any]) -> Spot | None:
        """Hear a frame; return what is heard in it, or None for a frame that downsampling leaves out."""

    def reset(self) -> None:
        """Forget the stream."""


class Model(Protocol):
    """Learns, in scikit-learn's convention: the constructor only keeps its arguments, fitted names end in _."""

    def fit(self, X: Any, y: Any, watch: Watch = ..., start: Answer | None = None) -> Self:  # noqa: N803
        """Learn from X (n, width) and y; go on from `start` where that is possible; ModelError or Cancelled."""

    def predict(self, X: Any) -> NDArray[Any]:  # noqa: N803
        """Return labels (n,) or outputs (n, m) for X (n, width)."""

    def compile(self) -> Predictor:
        """Return what was learnt as plain numpy."""
