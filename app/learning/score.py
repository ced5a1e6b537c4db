"""How good a model is on examples that it did not learn, and whether more examples would help.

Frames of one recording resemble each other so much that learning some and testing on the others proves nothing.
Where every label has two recordings or more, whole recordings are held out; only otherwise single examples.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.learning.job import Curve, Report, Scored, Task
from app.model.base import Floats, ModelError, Unwatched, Watch
from app.model.registry import Entry, entry

FOLDS = 5
SHARES = (0.2, 0.4, 0.6, 0.8)  # of the examples, for the learning curve
FEWEST = 4
CHEAP_S = 1.0  # gestures that take longer to judge than this get no learning curve
Rows = NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """How to hold out. Attributes: `folds` (each the rows tested together), `method` in words."""

    folds: tuple[Rows, ...]
    method: str


@dataclass(slots=True, eq=False)
class Trial:
    """A model judged again and again.

    Attributes: `known`, `task`, `labels` (classes; zeros where numbers are learnt), `watch`.
    """

    known: Entry
    task: Task
    labels: NDArray[Any]
    watch: Watch

    def answers(self, learnt: Rows, tested: Rows) -> NDArray[Any]:
        """Return what a model that learnt some rows says of others."""
        self.watch.check()
        model = self.known.make(self.task.settings)
        model.fit(_rows(self.task.X, learnt), np.asarray(self.task.y)[learnt], watch=Quiet(self.watch))
        return np.asarray(model.predict(_rows(self.task.X, tested)))


class Quiet(Unwatched):
    """Cancels as another watch does, but tells nothing of epochs."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch

    def epoch(self, number: int, loss: float, valid: float | None) -> None:
        self._watch.check()

    def check(self) -> None:
        self._watch.check()


def judge(number: int, task: Task, tell: Callable[[Report], None], watch: Watch, curve: bool = True) -> None:
    """Tell the score of a task's model, then, if wanted, its learning curve, point by point."""
    known = entry(task.model)
    numeric = known.kind == "regressor"
    y = np.asarray(task.y)
    labels = np.zeros(len(y), np.int64) if numeric else y.astype(np.int64)
    plan = plan_folds(labels, task.takes)
    measure = "R squared" if numeric else "accuracy"
    if not plan.folds:
        tell(Scored(number, task.output, float("nan"), measure, plan.method))
        return
    trial = Trial(known, task, labels, watch)
    began = time.perf_counter()
    tested, answers = _held_out(trial, plan, 1.0)
    cheap = time.perf_counter() - began < CHEAP_S
    score = _score(y[tested], answers, numeric)
    classes = () if numeric else tuple(int(label) for label in np.union1d(labels, answers))
    confusion = None if numeric else _confusion(y[tested], answers, classes)
    tell(Scored(number, task.output, score, measure, plan.method, classes, confusion))
    if curve and (known.kind != "gesture" or cheap):
        for points in _curve(trial, plan, numeric, (len(y), score)):
            tell(Curve(number, task.output, points))


def plan_folds(labels: NDArray[np.int64], takes: Any) -> Plan:
    """Share rows out to folds: of each label about as many to each, whole recordings where there are enough."""
    if len(labels) < FEWEST:
        return Plan((), f"{len(labels)} examples are too few to judge")
    single = np.arange(len(labels))
    if takes is not None:
        groups = np.asarray(takes)
        least = min(len(np.unique(groups[labels == label])) for label in np.unique(labels))
        if least >= 2:
            folds = _deal(labels, groups, min(FOLDS, least))
            return Plan(folds, f"{len(folds)} parts, whole recordings held out")
    largest = int(np.bincount(np.unique(labels, return_inverse=True)[1]).max())
    if largest < 2:
        return Plan((), "one example a label is too few to judge")
    folds = _deal(labels, single, min(FOLDS, largest))
    return Plan(folds, f"{len(folds)} parts, single examples held out")


def _deal(labels: NDArray[np.int64], groups: NDArray[Any], count: int) -> tuple[Rows, ...]:
    """Deal the groups of each label to folds, large ones first; a label's only group is always learnt."""
    random = np.random.default_rng(0)
    place = np.full(len(labels), -1)
    sizes = np.zeros(count)
    for label in np.unique(labels):
        mine = labels == label
        names, rows = np.unique(groups[mine], return_counts=True)
        if len(names) < 2:
            continue
        filled = sizes * 1e-6  # evens out between labels what a label cannot
        for spot in np.lexsort((random.random(len(names)), -rows)):
            fold = int(filled.argmin())
            filled[fold] += rows[spot]
            sizes[fold] += rows[spot]
            place[mine & (groups == names[spot])] = fold
    return tuple(rows for fold in range(count) if len(rows := np.flatnonzero(place == fold)))


def _held_out(trial: Trial, plan: Plan, share: float) -> tuple[Rows, NDArray[Any]]:
    """Return the rows tested and what models say that learnt this share of the other rows."""
    answers = []
    for place, fold in enumerate(plan.folds):
        others = np.setdiff1d(np.arange(len(trial.labels)), fold)
        answers.append(trial.answers(_thinned(others, trial.labels, share, place), fold))
    return np.concatenate(plan.folds), np.concatenate(answers)


def _thinned(rows: Rows, labels: NDArray[np.int64], share: float, seed: int) -> Rows:
    """Return a share of rows, at least one of each label."""
    if share >= 1.0:
        return rows
    random = np.random.default_rng(seed)
    kept = []
    for label in np.unique(labels[rows]):
        mine = random.permutation(rows[labels[rows] == label])
        kept.append(mine[: max(1, round(share * len(mine)))])
    return np.sort(np.concatenate(kept))


def _curve(
    trial: Trial, plan: Plan, numeric: bool, whole: tuple[int, float]
) -> Iterator[tuple[tuple[int, float], ...]]:
    points: list[tuple[int, float]] = []
    y = np.asarray(trial.task.y)
    for share in SHARES:
        try:
            tested, answers = _held_out(trial, plan, share)
        except ModelError:
            continue  # so few examples do not make a model; the next share may
        points.append((max(1, round(share * len(y))), _score(y[tested], answers, numeric)))
        yield tuple(points)
    yield (*points, whole)


def _score(right: NDArray[Any], answers: NDArray[Any], numeric: bool) -> float:
    """Return the share of right labels, or the mean R squared of the outputs."""
    if not numeric:
        return float((right == answers).mean())
    right, answers = right.reshape(len(right), -1).astype(np.float64), answers.reshape(len(answers), -1)
    lost = np.nansum((right - answers) ** 2, axis=0)
    spread = np.nansum((right - np.nanmean(right, axis=0)) ** 2, axis=0)
    shares: Floats = 1.0 - np.divide(lost, spread, out=np.ones_like(lost), where=spread > 0.0)
    return float(shares.mean())


def _confusion(right: NDArray[Any], answers: NDArray[Any], classes: tuple[int, ...]) -> NDArray[np.int64]:
    table = np.zeros((len(classes), len(classes)), np.int64)
    places = {label: place for place, label in enumerate(classes)}
    for label, answer in zip(right.tolist(), answers.tolist(), strict=True):
        table[places[int(label)], places[int(answer)]] += 1
    return table


def _rows(table: Any, rows: Rows) -> Any:
    """Return rows of a table, or of a sequence of takes."""
    return table[rows] if isinstance(table, np.ndarray) else tuple(table[row] for row in rows)
