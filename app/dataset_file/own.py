"""Our own table: plain text that keeps everything and survives a spreadsheet.

The first line carries what a header cannot, names and colours of labels and kinds of outputs, as JSON in one
cell; then come a header and a row per example, with labels by name. Sessions keep the same file.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from app.dataset_file.grid import Grid, Parse, whole
from app.dataset_file.imported import Import
from app.dataset_file.text import Layout, number, writing
from app.example import DatasetError, Doubles, Examples, Floats, Label, Output

FORMAT = 1
MARK = "understudy examples"
OWN = ("id", "take", "seconds")
BLOCK_ROWS = 4096
MISSING = "?"


def card_of(cell: str, path: Path) -> dict[str, Any]:
    """Return what a first line says about the table, {} if it is a mere comment; DatasetError if it is too new."""
    try:
        found = json.loads(cell.lstrip().lstrip("#% "))
    except (ValueError, RecursionError):
        return {}
    if not isinstance(found, dict) or found.get("kind") != MARK:
        return {}
    if not isinstance(found.get("format"), int) or found["format"] > FORMAT:
        raise DatasetError(f"{path} was written by a newer version; update the instrument")
    return found


def read(
    path: Path,
    layout: Layout,
    card: dict[str, Any],
    header: list[str],
    rows: Iterator[tuple[int, list[str]]],
    skip_bad: bool,
) -> Import:
    """Return examples from the rows below a header; DatasetError says what is wrong where."""
    outputs = outputs_from(card.get("outputs"), path)
    last = len(header) - len(outputs)
    if tuple(header[:3]) != OWN or last < 3 or header[last:] != [output.name for output in outputs]:
        expected = ", ".join((*OWN, "(features)", *(output.name for output in outputs)))
        raise DatasetError(f"{path.name}: the header does not fit the line above it; it should be {expected}")
    special: dict[int, Parse] = {
        last + place: partial(_target, _names(output), layout.decimal_comma)
        for place, output in enumerate(outputs)
        if output.kind == "class"
    }
    grid = Grid(path, header, range(3, last), layout.decimal_comma, special, skip_bad)
    for line, cells in rows:
        grid.add(line, cells)
    inputs, rest = grid.finish()
    targets = [rest[last + place] for place in range(len(outputs))]
    examples = Examples.build(
        header[3:last],
        outputs,
        inputs,
        np.column_stack(targets) if targets else np.empty((len(inputs), 0)),
        whole(rest[0], "id", path),
        whole(rest[1], "take", path),
        np.nan_to_num(rest[2]),
        _count(card.get("next_id")),
        _count(card.get("next_take")),
    )
    return Import(examples, (*layout.notes, *grid.notes))


def _count(value: Any) -> int:
    return value if isinstance(value, int) and 1 <= value < 2**53 else 1


def _names(output: Output) -> dict[str, float]:
    """Return label numbers by name; empty where names would be ambiguous, and numbers stand in the file."""
    names = {label.name: float(label.number) for label in output.labels}
    return names if len(names) == len(output.labels) and all(map(_plain, names)) else {}


def _plain(name: str) -> bool:
    """Tell whether a name can stand for a label in a cell: no number, no outer blanks, nothing to escape."""
    try:
        number(name, decimal_comma=True)
    except ValueError:
        return name == name.strip() and name.isprintable() and not re.search(r"^[#%]|[\"']", name)
    return False


def _target(names: dict[str, float], decimal_comma: bool, text: str) -> float:
    if (known := names.get(text.strip())) is not None:
        return known
    try:
        value = number(text, decimal_comma)
    except ValueError:
        raise ValueError(f"labels are {', '.join(names)}" if names else "labels are numbers") from None
    if not np.isnan(value) and (value != int(value) or value < 0):
        raise ValueError("a label is a whole number from 0")
    return value


def outputs_from(stored: Any, path: Path) -> tuple[Output, ...]:
    """Return outputs from their stored form; DatasetError if it is damaged."""
    try:
        return tuple(
            Output(
                str(one["name"]),
                "number" if one["kind"] == "number" else "class",
                tuple(Label(int(n), str(name), int(colour)) for n, name, colour in one.get("labels", [])),
                float(one.get("low", 0.0)),
                float(one.get("high", 1.0)),
                bool(one.get("hard", False)),
                bool(one.get("whole", False)),
            )
            for one in stored
        )
    except (TypeError, ValueError, KeyError, AttributeError, OverflowError) as error:
        raise DatasetError(f"{path.name}: its first line is damaged ({error}); remove that line") from error


def outputs_to(outputs: Sequence[Output]) -> list[dict[str, Any]]:
    """Return outputs ready for JSON."""
    plain = ("name", "kind", "low", "high", "hard", "whole")
    return [
        {key: getattr(output, key) for key in plain}
        | {"labels": [[label.number, label.name, label.colour] for label in output.labels]}
        for output in outputs
    ]


def write(path: Path, examples: Examples) -> tuple[str, ...]:
    """Write our own table; nothing is left out."""
    card = {
        "kind": MARK,
        "format": FORMAT,
        "next_id": examples.next_id,
        "next_take": examples.next_take,
        "outputs": outputs_to(examples.outputs),
    }
    header = [*OWN, *examples.features, *(output.name for output in examples.outputs)]
    with writing(path) as file:
        file.write(quoted("# " + json.dumps(card, ensure_ascii=False)) + "\n")
        file.write(",".join(map(quoted, header)) + "\n")
        for start in range(0, len(examples), BLOCK_ROWS):
            file.write(_block(examples, slice(start, start + BLOCK_ROWS)))
    return ()


def _block(examples: Examples, rows: slice) -> str:
    columns: list[list[str]] = [
        list(map(str, examples.ids[rows].tolist())),
        list(map(str, examples.takes[rows].tolist())),
        list(map(repr, examples.seconds[rows].tolist())),
        *texts(examples.inputs[rows]),
    ]
    for column, output in enumerate(examples.outputs):
        columns.append(_target_texts(examples.targets[rows, column], output))
    return "".join(",".join(row) + "\n" for row in zip(*columns, strict=True))


def texts(inputs: Floats) -> list[list[str]]:
    """Return columns of numbers as text, the shortest that gives the same 32 bits back."""
    columns: list[list[str]] = inputs.T.astype("U").tolist()
    for place in np.flatnonzero(np.isnan(inputs).any(axis=0)):
        columns[place] = [MISSING if text == "nan" else text for text in columns[place]]
    return columns


def _target_texts(values: Doubles, output: Output) -> list[str]:
    known = {value: quoted(name) for name, value in _names(output).items()}
    write_one: Callable[[float], str] = repr if output.kind == "number" else "{:.0f}".format
    return [MISSING if value != value else known.get(value) or write_one(value) for value in values.tolist()]


def quoted(text: str) -> str:
    """Return a cell, in quotes where it needs them."""
    return '"' + text.replace('"', '""') + '"' if re.search(r'[",;\t\r\n#%\'\\]|^\s|\s$|^$', text) else text
