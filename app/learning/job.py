"""What is asked of the learning process, and what it reports.

Everything is a frozen value of arrays and plain numbers, so it passes between processes and threads as it is. The
trained models come back in their compiled form, ready to answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.job_report import Cancelled, Failed
from app.model.base import Answer, Value


@dataclass(frozen=True, slots=True, eq=False)
class Task:
    """One output to learn.

    Attributes: `output` its name; `model` a name of the registry; `X` (n, width), the chosen columns only, or for
    gestures one array (length, width) a take; `y` labels (n,) or targets (n,) or (n, m), for gestures one label a
    take (0: none of them); `settings` of the model by name; `takes` (n,) which recording each example belongs to;
    `columns` of the frame that X holds (None: all); `start` a model to go on from.
    """

    output: str
    model: str
    X: Any
    y: Any
    settings: Mapping[str, Value] = field(default_factory=dict)
    takes: Any = None
    columns: tuple[int, ...] | None = None
    start: Answer | None = None


@dataclass(frozen=True, slots=True, eq=False)
class FitJob:
    """Outputs to learn together.

    Attributes: `tasks`; `score` whether to judge the models afterwards; `only_score` whether that is all: no model is
    wanted, and no learning curve.
    """

    tasks: tuple[Task, ...]
    score: bool = True
    only_score: bool = False


@dataclass(frozen=True, slots=True)
class Progress:
    """Losses of epochs since the last report. Attributes: `points` of (epoch, training loss, held-out loss or None)."""

    job: int
    output: str
    points: tuple[tuple[int, float, float | None], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Trained:
    """A trained output.

    Attributes: `output`; `model` a Predictor or Spotter; `columns` of the frame that it sees (None: all); `card`
    (model, settings, examples, classes, seconds...), ready for JSON.
    """

    output: str
    model: Any
    columns: tuple[int, ...] | None
    card: dict[str, Any]


@dataclass(frozen=True, slots=True, eq=False)
class Done:
    """All outputs of a job are trained. Attributes: `parts`; `seconds` it took."""

    job: int
    parts: tuple[Trained, ...]
    seconds: float


@dataclass(frozen=True, slots=True, eq=False)
class Scored:
    """How well an output does on examples that it did not learn.

    Attributes: `score` (share of right labels, or R squared; NaN if there are too few examples), `measure` its
    name, `method` in words, `classes` and `confusion` (rows: the right label, columns: the answer; () and None for
    numbers).
    """

    job: int
    output: str
    score: float
    measure: str
    method: str
    classes: tuple[int, ...] = ()
    confusion: NDArray[np.int64] | None = None


@dataclass(frozen=True, slots=True)
class Curve:
    """Would more examples help? Attributes: `points` of (examples learnt from, score), grows report by report."""

    job: int
    output: str
    points: tuple[tuple[int, float], ...]


@dataclass(frozen=True, slots=True)
class Ended:
    """Nothing more will be said of a job: its scores are complete, or another job was more urgent."""

    job: int


Report = Progress | Done | Scored | Curve | Failed | Cancelled | Ended


@dataclass(frozen=True, slots=True, eq=False)
class Order:
    """What the process is sent. Attributes: `number` of the job; `job`, or None: cancel that number."""

    number: int
    job: FitJob | None


@dataclass(frozen=True, slots=True)
class Warm:
    """A model will be wanted soon. Attributes: `model` a name of the registry."""

    model: str
