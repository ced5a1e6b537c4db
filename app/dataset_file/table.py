"""Comma-separated tables: our own, RTLEARNER's without a header, and anybody else's.

A table that does not say it is ours is read as features with the label or target in the last column. A header is
believed only if words stand where numbers follow, so that the first example of a table without one is not lost.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

from app.dataset_file import own
from app.dataset_file.grid import Grid, Labels
from app.dataset_file.imported import Import
from app.dataset_file.text import Layout, cells_of, layout_of, number, writing
from app.example import DatasetError, Examples

Row = tuple[int, list[str]]


def read(path: Path, skip_bad: bool = False) -> Import:
    """Return a table's examples; DatasetError says what is wrong where."""
    layout = layout_of(path)
    rows = cells_of(path, layout)
    card: dict[str, Any] = {}
    for first in rows:
        cells = first[1]
        if not cells[0].lstrip().startswith(("#", "%")):
            break
        card = card or own.card_of(cells[0], path)
    else:
        raise DatasetError(f"{path} holds no rows; record or export some examples first")
    if card:
        return own.read(path, layout, card, cells, rows, skip_bad)
    return _read_any(path, layout, first, rows, skip_bad)


def _read_any(path: Path, layout: Layout, first: Row, rows: Iterator[Row], skip_bad: bool) -> Import:
    second = next(rows, None)
    # Some programs end every line with a separator.
    open_end = len(first[1]) > 2 and not any(row[1][-1].strip() for row in (first, second) if row)
    width = len(first[1]) - open_end
    if width < 2:
        raise DatasetError(f"{path.name}: a row has only one value; it takes features and a label, with commas between")
    headed = _is_header(first[1][:width], second[1][:width] if second else None, layout.decimal_comma)
    names = _unique(first[1][:width]) if headed else [*map(str, range(1, width)), "label"]
    labels = Labels()
    grid = Grid(path, names, range(width - 1), layout.decimal_comma, {width - 1: labels.parse}, skip_bad)
    for line, cells in chain(() if headed else (first,), (second,) if second else (), rows):
        grid.add(line, cells[:-1] if open_end and len(cells) == width + 1 else cells)
    inputs, rest = grid.finish()
    output, targets = labels.output(names[-1], rest[width - 1])
    notes = [*layout.notes, *grid.notes]
    if not headed:
        notes.append("It has no header: row 1 was read as an example, the last column as its label")
    return Import(Examples.build(names[:-1], (output,), inputs, targets), tuple(notes))


def _is_number(cell: str, decimal_comma: bool) -> bool:
    try:
        number(cell, decimal_comma)
    except ValueError:
        return False
    return True


def _is_header(first: list[str], second: list[str] | None, decimal_comma: bool) -> bool:
    """Tell whether row 1 has words where numbers belong: before the last column, or in it with numbers below."""
    if not all(_is_number(cell, decimal_comma) for cell in first[:-1]):
        return True
    below = second is not None and _is_number(second[-1], decimal_comma)
    return below and not _is_number(first[-1], decimal_comma)


def _unique(names: list[str]) -> list[str]:
    made: list[str] = []
    for place, cell in enumerate(names):
        name = "".join(character if character.isprintable() else " " for character in cell).strip()
        name = name or f"column {place + 1}"
        while name in made:
            name += "'"
        made.append(name)
    return made


def write_rtlearner(path: Path, examples: Examples) -> tuple[str, ...]:
    """Write features and label as RTLEARNER's patch does: no header, ", " between, class counted from 0.

    Rows that are incomplete or have no label are left out and told. DatasetError if the output is no class.
    """
    if not examples.outputs or examples.outputs[0].kind != "class":
        raise DatasetError("RTLEARNER learns classes only; choose a dataset whose first output is a class")
    rows = examples.rows(0)
    labels = examples.labels(0)[rows].tolist()
    names = [examples.outputs[0].label(label).name for label in set(labels)]
    # A label that came from such a file has its number there as its name.
    kept = all(name.isascii() and name.isdigit() for name in names)
    columns = own.texts(examples.inputs[rows])
    columns.append([examples.outputs[0].label(n).name if kept else str(n - 1) for n in labels])
    with writing(path) as file:
        for row in zip(*columns, strict=True):
            file.write(", ".join(row) + "\n")
    notes = ["Names of features and labels are not part of this format"]
    if len(examples.outputs) > 1:
        notes.append(f"Only {examples.outputs[0].name} was written, the first of {len(examples.outputs)} outputs")
    if len(rows) < len(examples):
        notes.append(f"{len(examples) - len(rows)} examples without a label or with missing features were left out")
    return tuple(notes)
