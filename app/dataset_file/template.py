"""Wekinator's gesture examples: whole takes as rows of a table, or inside its model file.

currentData.csv has a comment line, then per gesture: number of inputs, class from 1, all values point by point.
model1.xml keeps the same points as a tree of measurements. The table is preferred where both exist.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from xml.etree.ElementTree import Element

import numpy as np

from app.dataset_file.imported import Import
from app.dataset_file.markup import tree_of
from app.dataset_file.own import texts
from app.dataset_file.text import encoding_of, raw_lines, writing
from app.example import DatasetError, Examples, Floats, Output

COMMENT = (
    "# First field is # dimensions of each datapoint, 2nd is gesture class, Next fields are raw time series in order "
    "t_f1[0], t_f2[0], t_f3[0] etc. where f1, f2, etc are features and [0] is time"
)
Take = tuple[int, Floats]


def read(folder: Path, inputs: Sequence[str], output: Output, skip_bad: bool = False) -> Import:
    """Return a gesture project's examples, one take a gesture; DatasetError says what is wrong where."""
    for place in (folder / "current", folder / "current" / "models"):
        if (table := place / "currentData.csv").exists():
            return assemble(table, read_table(table, skip_bad), inputs, output)
    for place in (folder / "current" / "models", folder / "current"):
        if (model := place / "model1.xml").exists():
            return assemble(model, read_model(model), inputs, output)
    return assemble(folder, [], inputs, output)


def assemble(path: Path, found: list[Take], inputs: Sequence[str], output: Output) -> Import:
    """Return takes as examples; DatasetError if they differ in width from each other or from the inputs."""
    widths = {points.shape[1] for _label, points in found} | ({len(inputs)} if inputs else set())
    if len(widths) > 1:
        raise DatasetError(
            f"{path.name}: gestures of {len(widths)} different numbers of inputs are mixed; separate them"
        )
    width = widths.pop() if widths else 0
    names = list(inputs) or [f"inputs-{place}" for place in range(1, width + 1)]
    lengths = [len(points) for _label, points in found]
    rows = np.concatenate([points for _label, points in found]) if found else np.empty((0, width))
    takes = np.repeat(np.arange(1, len(found) + 1), lengths)
    labels = np.repeat([float(label) for label, _points in found], lengths)
    notes = () if found else ("The project has no gestures yet",)
    return Import(Examples.build(names, (output,), rows, labels.reshape(-1, 1), None, takes), notes)


def read_table(path: Path, skip_bad: bool = False) -> list[Take]:
    """Return (class, points) of each row of currentData.csv; DatasetError says which row is wrong."""
    found: list[Take] = []
    for line, text in enumerate(raw_lines(path, encoding_of(path)[0]), 1):
        bare = text.strip().rstrip(",")
        if not bare or bare.startswith("#"):
            continue
        try:
            found.append(_gesture(bare.split(",")))
        except (ValueError, OverflowError) as error:
            if not skip_bad:
                raise DatasetError(
                    f"{path.name}, line {line}: {error}; a gesture is: number of inputs, class, all values"
                ) from error
    return found


def _gesture(cells: list[str]) -> Take:
    width, label = int(cells[0]), int(cells[1]) if len(cells) > 1 else 0
    values = np.array([float(cell) for cell in cells[2:]], np.float64)
    if width < 1 or label < 1 or not len(values) or len(values) % width:
        raise ValueError(f"{len(values)} values of class {label} do not make points of {width} inputs")
    if not (np.abs(values) < np.finfo(np.float32).max).all():
        raise ValueError("a value is infinite, missing or too large")
    return label, values.astype(np.float32).reshape(-1, width)


def read_model(path: Path) -> list[Take]:
    """Return (class, points) of each gesture in a model file; DatasetError if it is damaged."""
    lists = tree_of(path).findall("data/allExamples/linked-list")
    try:
        return [(label, _points(one)) for label, listed in enumerate(lists, 1) for one in listed]
    except (ValueError, OverflowError) as error:
        raise DatasetError(f"{path.name}: a gesture cannot be read ({error}); export the data as CSV") from error


def _points(example: Element) -> Floats:
    rows = [[float(one.text or "") for one in point.iter("double")] for point in _measured(example)]
    points = np.array(rows, np.float64)
    if points.ndim != 2 or not points.size or not (np.abs(points) < np.finfo(np.float32).max).all():
        raise ValueError("its points are empty, uneven, or not finite")
    return points.astype(np.float32)


def _measured(example: Element) -> Iterator[Element]:
    series = example.find("timeSeries/tsArray")
    if series is None:
        raise ValueError("it has no time series")
    for point in series:
        measured = point.find("measurements")
        if measured is None:
            raise ValueError("a point has no measurements")
        yield measured


def write(path: Path, examples: Examples) -> tuple[str, ...]:
    """Write the gestures of the first output as Wekinator's table; DatasetError if that is no class."""
    gestures = [gesture for gesture in examples.gestures(0) if gesture.label > 0]
    with writing(path) as file:
        file.write(COMMENT + "\n")
        for gesture in sorted(gestures, key=lambda one: one.label):
            points = [cell for row in zip(*texts(gesture.inputs), strict=True) for cell in row]
            file.write(",".join([str(examples.width), str(gesture.label), *points]) + ",\n")
    return ("Times and ids are not part of this format",)
