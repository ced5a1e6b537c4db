"""FluCoMa's JSON: a DataSet of features and a LabelSet, or a second DataSet, of what they stand for.

A DataSet is {"cols": n, "data": {"id": [numbers]}}, a LabelSet {"cols": 1, "data": {"id": ["label"]}}; ids join
the two. Written by `write` of fluid.dataset~ and fluid.labelset~ in Max, Pd and SuperCollider alike.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from app.dataset_file.grid import Labels
from app.dataset_file.imported import Import
from app.dataset_file.text import encoding_of, reading, writing
from app.example import DatasetError, Doubles, Examples, Output

Points = dict[str, list[Any]]
BESIDE = ("-labels", "_labels", "-targets", "_targets", "Labels", "Targets")


def read(path: Path, labels: Path | None = None) -> Import:
    """Return a DataSet's examples; DatasetError says which point is wrong.

    `labels` is a LabelSet or DataSet; without it, a file beside with the same name and "-labels" or "-targets".
    """
    width, points = _points(path)
    beside = labels or next((p for p in _beside(path) if p.exists()), None)
    inputs = _numbers(path, points, width)
    notes: list[str] = []
    ids = _ids(list(points))
    if ids is None:
        notes.append("Its identifiers are words; the examples were numbered in their order")
    outputs: tuple[Output, ...] = (Output("label"),)
    if beside is None:
        notes.append(f"No labels were found; name them {path.stem}-labels.json or choose the file")
        targets = np.full((len(points), 1), np.nan)
    else:
        outputs, targets, missing = _targets(beside, list(points))
        if missing:
            notes.append(f"{missing} points have no entry in {beside.name}")
    features = [str(column) for column in range(1, width + 1)]
    return Import(Examples.build(features, outputs, inputs, targets, ids), tuple(notes))


def _beside(path: Path) -> list[Path]:
    return [path.with_name(f"{path.stem}{end}{path.suffix}") for end in BESIDE]


def _points(path: Path) -> tuple[int, Points]:
    """Return columns and points of a file; DatasetError if it is no DataSet or LabelSet."""
    encoding, _notes = encoding_of(path)
    with reading(path):
        text = path.read_text(encoding=encoding, errors="replace")
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise DatasetError(f"{path.name} is damaged JSON ({str(error)[:80]}); write it again from FluCoMa") from error
    data = found.get("data") if isinstance(found, dict) else None
    cols = found.get("cols") if isinstance(found, dict) else None
    if not isinstance(data, dict) or type(cols) is not int or cols < 1:
        raise DatasetError(f'{path.name} is no FluCoMa DataSet: it takes {{"cols": n, "data": {{"id": [...]}}}}')
    for name, point in data.items():
        if not isinstance(point, list) or len(point) != cols:
            raise DatasetError(f"{path.name}: point {name[:40]!r} has not {cols} values; write it again from FluCoMa")
    return cols, data


def _numbers(path: Path, points: Points, width: int) -> Doubles:
    made = np.empty((len(points), width))
    for row, (name, point) in enumerate(points.items()):
        if not all(isinstance(value, (int, float)) for value in point):
            raise DatasetError(f"{path.name}: point {name[:40]!r} holds something that is not a number; correct it")
        try:
            made[row] = point
        except (ValueError, OverflowError) as error:
            raise DatasetError(f"{path.name}: point {name[:40]!r} holds too large a number; correct it") from error
    with np.errstate(over="ignore"):
        endless = np.isinf(made.astype(np.float32)).any(axis=1)
    if endless.any():
        name = list(points)[int(np.argmax(endless))]
        raise DatasetError(f"{path.name}: point {name[:40]!r} is infinite or too large; correct it")
    return made


def _ids(names: list[str]) -> list[int] | None:
    """Return identifiers as numbers, counted from 1 where they begin at 0; None if they are words."""
    if not all(name.isascii() and name.isdigit() and len(name) < 16 and str(int(name)) == name for name in names):
        return None
    numbers = [int(name) for name in names]
    return [one + 1 for one in numbers] if 0 in numbers else numbers


def _targets(path: Path, names: list[str]) -> tuple[tuple[Output, ...], Doubles, int]:
    width, points = _points(path)
    missing = sum(name not in points for name in names)
    if all(isinstance(value, str) for point in points.values() for value in point):
        return *_labels(path, points, names), missing
    there = [name for name in names if name in points]
    made = np.full((len(names), width), np.nan)
    made[[name in points for name in names]] = _numbers(path, {name: points[name] for name in there}, width)
    spans = [(made[:, c][np.isfinite(made[:, c])]) for c in range(width)]
    outputs = tuple(
        Output(f"output {c + 1}", "number", (), min(0.0, *span.tolist()), max(1.0, *span.tolist()))
        for c, span in enumerate(spans)
    )
    return outputs, made, missing


def _labels(path: Path, points: Points, names: list[str]) -> tuple[tuple[Output, ...], Doubles]:
    labels = Labels()
    try:
        codes = np.array([labels.parse(points[name][0]) if name in points else np.nan for name in names])
    except ValueError as error:
        raise DatasetError(f"{path.name}: {error}; labels must be classes") from error
    output, targets = labels.output("label", codes)
    return (output,), targets.reshape(-1, 1)


def write(path: Path, examples: Examples) -> tuple[str, ...]:
    """Write a DataSet, and beside it a LabelSet ("-labels") and a DataSet of numbers ("-targets")."""
    rows = examples.rows()
    names = [str(one) for one in examples.ids[rows].tolist()]
    points = [[float(text) for text in row] for row in examples.inputs[rows].astype("U").tolist()]
    _write(path, max(examples.width, 1), dict(zip(names, points, strict=True)))
    notes = ["Names of features, takes and times are not part of this format"]
    if len(rows) < len(examples):
        notes.append(f"{len(examples) - len(rows)} examples with missing features were left out")
    classes = [c for c, output in enumerate(examples.outputs) if output.kind == "class"]
    if classes:
        notes += _write_labels(path, examples, classes, dict(zip(names, rows.tolist(), strict=True)))
    numbers = [c for c, output in enumerate(examples.outputs) if output.kind == "number"]
    if numbers:
        targets: Doubles = examples.targets[rows][:, numbers]
        full = np.asarray(np.isfinite(targets).all(axis=1)).tolist()
        data = {name: row for name, row, there in zip(names, list(targets.tolist()), full, strict=True) if there}
        _write(path.with_name(f"{path.stem}-targets{path.suffix}"), len(numbers), data)
    return tuple(notes)


def _write_labels(path: Path, examples: Examples, classes: list[int], rows: dict[str, int]) -> list[str]:
    output, column = examples.outputs[classes[0]], examples.targets[:, classes[0]]
    data = {name: [output.label(int(column[row])).name] for name, row in rows.items() if column[row] == column[row]}
    _write(path.with_name(f"{path.stem}-labels{path.suffix}"), 1, data)
    return [f"Only the labels of {output.name} were written"] if len(classes) > 1 else []


def _write(path: Path, cols: int, data: dict[str, Any]) -> None:
    with writing(path) as file:
        json.dump({"cols": cols, "data": data}, file, ensure_ascii=False)
