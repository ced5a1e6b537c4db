"""Comma-separated tables: our own, RTLEARNER's without a header, and anybody else's.

Our own begins with one line that carries names of labels and kinds of outputs, then a header, so that it survives
a spreadsheet. A table without that line is read as features with the label or target in the last column; a header
is believed only if its words stand where numbers follow, so the first example is never lost.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from app.dataset_file.grid import Grid, Labels, whole
from app.dataset_file.imported import Import
from app.dataset_file.text import Layout, cells_of, layout_of, number, writing
from app.example import COLOURS, DatasetError, Doubles, Examples, Label, Output

FORMAT = 1
MARK = "understudy examples"
OWN = ("id", "take", "seconds")
BLOCK_ROWS = 4096
GREATEST_KEPT = 99  # Labels up to here keep their number, others are counted through.


def read(path: Path, skip_bad: bool = False) -> Import:
    """Return a table's examples; DatasetError says what is wrong where."""
    layout = layout_of(path)
    rows = cells_of(path, layout)
    card: dict[str, Any] = {}
    first: tuple[int, list[str]] | None = None
    for line, cells in rows:
        if cells[0].lstrip().startswith(("#", "%")):
            card = card or _card(cells[0], path)
            continue
        first = (line, cells)
        break
    if first is None:
        raise DatasetError(f"{path} holds no rows; record or export some examples first")
    if card:
        return _read_own(path, layout, card, first, rows, skip_bad)
    return _read_any(path, layout, first, rows, skip_bad)


def _card(cell: str, path: Path) -> dict[str, Any]:
    text = cell.lstrip().lstrip("#% ")
    if not text.startswith("{"):
        return {}
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    if not isinstance(found, dict) or found.get("kind") != MARK:
        return {}
    if not isinstance(found.get("format"), int) or found["format"] > FORMAT:
        raise DatasetError(f"{path} was written by a newer version; update the instrument")
    return found


# Our own.


def _read_own(
    path: Path,
    layout: Layout,
    card: dict[str, Any],
    first: tuple[int, list[str]],
    rows: Iterator[tuple[int, list[str]]],
    skip_bad: bool,
) -> Import:
    header = first[1]
    outputs = outputs_from(card.get("outputs"), path)
    width = len(header) - len(OWN) - len(outputs)
    if tuple(header[:3]) != OWN or width < 0 or header[3 + width :] != [output.name for output in outputs]:
        raise DatasetError(
            f"{path.name}, line {first[0]}: the header does not fit the first line; it should be "
            f"{', '.join((*OWN, '(features)', *(output.name for output in outputs)))}"
        )
    parse = partial(number, decimal_comma=layout.decimal_comma)
    special = {
        3 + width + place: partial(_target, _names(output), parse)
        for place, output in enumerate(outputs)
        if output.kind == "class"
    }
    grid = Grid(path, header, range(3, 3 + width), parse, special, skip_bad)
    for line, cells in rows:
        if not _comment(cells):
            grid.add(line, cells)
    inputs, rest = grid.finish()
    targets = [rest[3 + width + place] for place in range(len(outputs))]
    examples = Examples.build(
        header[3 : 3 + width],
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
    plain = len(names) == len(output.labels) and all(map(_plain, names))
    return names if plain else {}


def _plain(name: str) -> bool:
    """Tell whether a name can stand for a label in a cell: it is not empty, not a number and has no outer blanks."""
    try:
        number(name, decimal_comma=True)
    except ValueError:
        return name == name.strip() and not re.search(r"[\r\n\"']", name) and not name.startswith(("#", "%"))
    return False


def _target(names: dict[str, float], parse: Any, text: str) -> float:
    known = names.get(text.strip())
    if known is not None:
        return known
    try:
        value: float = parse(text)
    except ValueError:
        raise ValueError(f"labels are {', '.join(names)}" if names else "labels are numbers") from None
    if not np.isnan(value) and (value != int(value) or value < 0):
        raise ValueError("a label is a whole number from 0")
    return value


def _comment(cells: Sequence[str]) -> bool:
    return cells[0].lstrip().startswith(("#", "%"))


def outputs_from(stored: Any, path: Path) -> tuple[Output, ...]:
    """Return outputs from their stored form; DatasetError if it is none."""
    try:
        return tuple(
            Output(
                str(one["name"]),
                "number" if one["kind"] == "number" else "class",
                tuple(Label(int(n), str(name), int(colour)) for n, name, colour in one.get("labels", [])),
                *(float(one.get(key, default)) for key, default in (("low", 0.0), ("high", 1.0))),
                *(bool(one.get(key, False)) for key in ("hard", "whole")),
            )
            for one in stored
        )
    except (TypeError, ValueError, KeyError, AttributeError, OverflowError) as error:
        raise DatasetError(f"{path.name}: the outputs in its first line are damaged ({error}); remove that line") from error


def outputs_to(outputs: Sequence[Output]) -> list[dict[str, Any]]:
    """Return outputs ready for JSON."""
    return [
        {
            "name": output.name,
            "kind": output.kind,
            "labels": [[label.number, label.name, label.colour] for label in output.labels],
            "low": output.low,
            "high": output.high,
            "hard": output.hard,
            "whole": output.whole,
        }
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
        file.write(_quoted("# " + json.dumps(card, ensure_ascii=False)) + "\n")
        file.write(",".join(map(_quoted, header)) + "\n")
        for start in range(0, len(examples), BLOCK_ROWS):
            file.write(_block(examples, slice(start, start + BLOCK_ROWS)))
    return ()


def _block(examples: Examples, rows: slice) -> str:
    columns: list[list[str]] = [
        list(map(str, examples.ids[rows].tolist())),
        list(map(str, examples.takes[rows].tolist())),
        list(map(repr, examples.seconds[rows].tolist())),
    ]
    # The shortest text that gives the same 32 bits back.
    columns += examples.inputs[rows].T.astype("U").tolist()
    for column, output in enumerate(examples.outputs):
        columns.append(_target_texts(examples.targets[rows, column], output))
    return "".join(",".join(row) + "\n" for row in zip(*columns, strict=True)).replace("nan", "?")


def _target_texts(values: Doubles, output: Output) -> list[str]:
    if output.kind == "number":
        return [repr(value) for value in values.tolist()]
    # "nan" becomes a question mark with all others, which a name must not.
    names = {value: _quoted(name) for name, value in _names(output).items()}
    if any("nan" in name for name in names.values()):
        names = {}
    return [names.get(value) or (f"{value:.0f}") for value in values.tolist()]


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if re.search(r'[",;\t\r\n#%\']|^\s|\s$|^$', text) else text


# Anybody's.


def _read_any(
    path: Path,
    layout: Layout,
    first: tuple[int, list[str]],
    rows: Iterator[tuple[int, list[str]]],
    skip_bad: bool,
) -> Import:
    parse = partial(number, decimal_comma=layout.decimal_comma)
    second = next(((line, cells) for line, cells in rows if not _comment(cells)), None)
    head = [entry for entry in (first, second) if entry is not None]
    ragged = all(not cells[-1].strip() for _line, cells in head) and len(first[1]) > 2
    width = len(first[1]) - ragged
    if width < 2:
        raise DatasetError(
            f"{path.name}: a row has only {width} value; features and a label are needed, separated by commas"
        )
    headed = _is_header(first[1][:width], second[1] if second else None, parse)
    names = _unique([cell.strip() for cell in first[1][:width]]) if headed else _counted(width)
    labels = Labels()
    last = width - 1
    values: list[float] = []  # Targets as numbers, in case they are too many to be labels.
    grid = Grid(path, names, range(last), parse, {last: partial(_both, labels, parse, values)}, skip_bad)
    for line, cells in [*(() if headed else (first,)), *((second,) if second else ())]:
        grid.add(line, cells[:width] if ragged and len(cells) == width + 1 else cells)
    for line, cells in rows:
        if not _comment(cells):
            grid.add(line, cells[:width] if ragged and len(cells) == width + 1 else cells)
    inputs, rest = grid.finish()
    if not len(inputs):
        raise DatasetError(f"{path.name} holds no usable rows{f': {grid.why}' if grid.why else ''}")
    output, targets = target_column(names[last] if headed else "label", labels, rest[last], parse)
    note = () if headed else ("It has no header: the last column is the label, row 1 is an example",)
    examples = Examples.build(names[:last], (output,), inputs, targets)
    return Import(examples, (*layout.notes, *note, *grid.notes))


def _both(labels: Labels, parse: Any, values: list[float], text: str) -> float:
    """Return a label's code, or, once there are too many for labels, -2 minus the place of the number."""
    code = labels.parse(text.replace(",", ".") if parse.keywords["decimal_comma"] else text)
    if code != -1.0:
        return code
    values.append(parse(text))
    return parse_far(values)


def parse_far(values: list[float]) -> float:
    return -1.0 - len(values)


def _is_header(first: list[str], second: list[str] | None, parse: Any) -> bool:
    """Tell whether words stand above numbers: in any column, or in the last only if it has numbers below."""

    def numeric(cell: str) -> bool:
        try:
            parse(cell)
        except ValueError:
            return False
        return True

    if not all(numeric(cell) for cell in first[:-1]):
        return True
    return not numeric(first[-1]) and second is not None and numeric(second[-1])


def _counted(width: int) -> list[str]:
    return [*(str(column + 1) for column in range(width - 1)), "label"]


def _unique(names: list[str]) -> list[str]:
    made: list[str] = []
    for place, name in enumerate(names):
        name = name or f"column {place + 1}"
        while name in made:
            name += "'"
        made.append(name)
    return made


def target_column(name: str, labels: Labels, codes: Doubles, parse: Any) -> tuple[Output, Doubles]:
    raise NotImplementedError
