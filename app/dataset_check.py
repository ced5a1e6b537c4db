"""Warnings about examples, in words, with the ids concerned.

Most bad predictions come from bad examples, and each kind is cheap to find: lopsided labels, copies, the same
input under two labels, columns that say nothing. The checks run over a frozen table in any thread; those that
compare rows with rows look only at neighbours along the column that spreads most, so that ten thousand examples
take a fraction of a second.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.example import Doubles, Examples, Integers

LOPSIDED = 3.0  # Most to fewest examples of labels.
FEWEST = 5  # Examples per label, or in all for numbers.
NEAR = 0.01  # Of a column's range: inputs closer than this in every column are nearly the same.
NEAR_TARGET = 0.25  # Of an output's range: numbers further apart than this contradict each other.
FAR = 8.0  # Robust standard deviations from the middle of its label.
MOST_ROWS = 20_000  # The newest are compared with each other.
MOST_NEIGHBOURS = 200


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to look at. `kind` is a key such as "lopsided", `text` a sentence, `ids` the examples concerned."""

    kind: str
    text: str
    ids: tuple[int, ...] = ()


def check(examples: Examples, output: int | str = 0) -> tuple[Finding, ...]:
    """Return what is doubtful about the examples of one output, the gravest first; () if nothing is.

    DatasetError if there is no such output.
    """
    column = examples.output_index(output)
    if not len(examples):
        return (Finding("few", "There are no examples yet: record some"),)
    found = [*_contradictions(examples, column), *_missing(examples)]
    found += _balance(examples, column) if examples.outputs[column].kind == "class" else _numbers(examples, column)
    return (*found, *_constants(examples), *_duplicates(examples), *_outliers(examples, column))


def _ids(ids: Integers) -> tuple[int, ...]:
    return tuple(ids.tolist())


def _s(count: int, one: str, many: str = "") -> str:
    return f"{count} {one if count == 1 else many or one + 's'}"


def _balance(examples: Examples, column: int) -> Iterator[Finding]:
    """Yield what is wrong with the numbers of examples per label."""
    output, counts = examples.outputs[column], examples.counts(column)
    labels = examples.targets[:, column]
    recorded = {number: count for number, count in counts.items() if count}
    for number, count in counts.items():
        name = output.label(number).name
        if not count:
            yield Finding("empty", f"Label {name} has no examples: record some or remove it")
        elif count < FEWEST:
            ids = _ids(examples.ids[labels == number])
            yield Finding("few", f"Label {name} has only {_s(count, 'example')}: record at least {FEWEST}", ids)
    if len(recorded) == 1:
        yield Finding("single", f"All examples are {output.label(next(iter(recorded))).name}: record a second label")
    if len(recorded) > 1 and max(recorded.values()) > LOPSIDED * min(recorded.values()):
        most, fewest = max(recorded, key=recorded.__getitem__), min(recorded, key=recorded.__getitem__)
        names = output.label(most).name, output.label(fewest).name
        text = (
            f"{names[0]} has {recorded[most]} examples, {names[1]} only {recorded[fewest]}: record more of {names[1]}"
        )
        yield Finding("lopsided", text, _ids(examples.ids[labels == fewest]))
    if (untaught := examples.ids[np.isnan(labels)]).size:
        yield Finding("unlabelled", f"{_s(untaught.size, 'example has', 'examples have')} no label", _ids(untaught))


def _numbers(examples: Examples, column: int) -> Iterator[Finding]:
    """Yield what is wrong with the targets of a number."""
    output, values = examples.outputs[column], examples.targets[:, column]
    there = values[np.isfinite(values)]
    if there.size < FEWEST:
        yield Finding("few", f"{output.name} has only {_s(there.size, 'example')}: record at least {FEWEST}")
    elif np.ptp(there) == 0:
        yield Finding("single", f"{output.name} is always {there[0]:g}: record other values of it too")


def _missing(examples: Examples) -> Iterator[Finding]:
    """Yield features without values: what lacks one is not learned from."""
    gone = np.isnan(examples.inputs)
    for column in np.flatnonzero(gone.any(axis=0)):
        ids = examples.ids[gone[:, column]]
        share = "all" if ids.size == len(examples) else f"{ids.size} of {len(examples)}"
        text = f"{examples.features[column]} is missing in {share} examples, which are not learned from: "
        yield Finding("missing", text + "record them anew or remove the feature", _ids(ids))


def _constants(examples: Examples) -> Iterator[Finding]:
    """Yield features that never change."""
    if len(examples) < 2:
        return
    low, high = np.fmin.reduce(examples.inputs), np.fmax.reduce(examples.inputs)
    still = [examples.features[column] for column in np.flatnonzero(low == high)]
    if still:
        names = ", ".join(still[:4]) + (f" and {len(still) - 4} more" if len(still) > 4 else "")
        yield Finding(
            "constant", f"{names} never changed: check the sensor or remove {'it' if len(still) == 1 else 'them'}"
        )


def _duplicates(examples: Examples) -> Iterator[Finding]:
    """Yield rows that are the same in inputs and targets as an earlier one."""
    if not examples.width:
        return
    rows = np.ascontiguousarray(np.hstack([examples.inputs, examples.targets.astype(np.float32)]))
    keys = rows.view(np.dtype((np.void, rows.shape[1] * rows.itemsize))).ravel()
    _unique, first = np.unique(keys, return_index=True)
    copies = np.ones(len(examples), bool)
    copies[first] = False
    if copies.any():
        ids = examples.ids[copies]
        text = f"{_s(ids.size, 'example is a copy', 'examples are copies')} of others: they count double, delete them"
        yield Finding("duplicate", text, _ids(ids))


def _contradictions(examples: Examples, column: int) -> Iterator[Finding]:
    """Yield nearly equal inputs with other targets."""
    rows = examples.rows(column)[-MOST_ROWS:]
    if len(rows) < 2 or not examples.width:
        return
    scaled = _scaled(examples.inputs[rows])
    values = examples.targets[rows, column]
    apart = 0.0
    if examples.outputs[column].kind == "number":
        apart = max(NEAR_TARGET * float(np.ptp(values)), np.finfo(np.float64).tiny)
    bad = np.zeros(len(rows), bool)
    for one, other in _neighbours(scaled):
        differ = np.abs(values[one] - values[other]) > apart
        bad[one[differ]] = bad[other[differ]] = True
    if bad.any():
        ids = examples.ids[rows[bad]]
        name = examples.outputs[column].name
        text = f"{ids.size} examples contradict each other: nearly the same input, another {name}; keep the right ones"
        yield Finding("contradiction", text, _ids(ids))


def _scaled(inputs: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return columns in parts of their range; constant ones are 0."""
    low = inputs.min(axis=0)
    span = inputs.max(axis=0).astype(np.float64) - low
    scaled: NDArray[np.float32] = ((inputs - low.astype(np.float64)) / np.where(span > 0, span, 1.0)).astype(np.float32)
    return scaled


def _neighbours(scaled: NDArray[np.float32]) -> Iterator[tuple[NDArray[np.intp], NDArray[np.intp]]]:
    """Yield pairs of rows that are near each other in every column, found along the most spread one."""
    lead = scaled[:, int(np.argmax(scaled.std(axis=0)))]
    order = np.argsort(lead, kind="stable")
    table, along = scaled[order], lead[order]
    for step in range(1, min(MOST_NEIGHBOURS, len(order) - 1) + 1):
        pairs = np.flatnonzero(along[step:] - along[:-step] <= NEAR)
        if not pairs.size:
            return
        near = (np.abs(table[pairs + step] - table[pairs]) <= NEAR).all(axis=1)
        if near.any():
            yield order[pairs[near]], order[pairs[near] + step]


def _outliers(examples: Examples, column: int) -> Iterator[Finding]:
    """Yield examples far from the others of their label."""
    rows = examples.rows(column)
    if not len(rows) or not examples.width:
        return
    values = examples.targets[rows, column]
    groups = np.unique(values).tolist() if examples.outputs[column].kind == "class" else [None]
    far: list[Integers] = []
    for group in groups:
        members = rows if group is None else rows[values == group]
        if len(members) >= 2 * FEWEST:
            far.append(examples.ids[members[_far(examples.inputs[members].astype(np.float64))]])
    ids = np.sort(np.concatenate(far)) if far else np.empty(0, np.int64)
    if ids.size:
        text = f"{_s(ids.size, 'example lies', 'examples lie')} far from the others of the same label: look at them"
        yield Finding("outlier", text, _ids(ids))


def _far(inputs: Doubles) -> NDArray[np.bool_]:
    """Return which rows are far from the median in some column; a column half of which is equal is passed over."""
    middle = np.median(inputs, axis=0)
    away = np.abs(inputs - middle)
    spread = 1.4826 * np.median(away, axis=0)
    return np.asarray(((away > FAR * spread) & (spread > 0)).any(axis=1))
