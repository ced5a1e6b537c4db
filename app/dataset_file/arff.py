"""ARFF, the table of Weka and Wekinator.

Wekinator's columns are ID, Time, Training round, inputs, outputs, with a class as the nominal {0,1..N} and "?"
where an output was not recorded. The file does not say where inputs end; a project's configuration does, else
the names and the kinds of the columns tell. Format: Weka's ARFF and files written by Wekinator 2.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from app.dataset_file import own
from app.dataset_file.grid import Grid, Labels, Parse, whole
from app.dataset_file.imported import Import
from app.dataset_file.text import encoding_of, raw_lines, reading, writing
from app.example import COLOURS, DatasetError, Doubles, Examples, Integers, Label, Output

META = ("ID", "Time", "Training round")
NAME = r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"|[^\s{]+"
ATTRIBUTE = re.compile(rf"@attribute\s+({NAME})\s*(.+)", re.IGNORECASE | re.DOTALL)
TIME = "%Y/%m/%d %H:%M:%S"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MOST_COLUMNS = 100_000
DEFAULT_NAME = re.compile(r"inputs-\d+")


@dataclass(frozen=True, slots=True)
class Attribute:
    """A column: `kind` "numeric", "date", "string" or "nominal" with its `values`."""

    name: str
    kind: str
    values: tuple[str, ...] = ()


def read(
    path: Path, inputs: int | None = None, outputs: Sequence[Output] | None = None, skip_bad: bool = False
) -> Import:
    """Return a table's examples; DatasetError says what is wrong where.

    `inputs` is the number of inputs, where it is known; `outputs` describe the columns after them.
    """
    encoding, notes = encoding_of(path)
    lines = enumerate(raw_lines(path, encoding), 1)
    attributes = _header(path, lines)
    meta = _meta(attributes)
    width, note = (inputs, ()) if inputs is not None else _width(attributes[meta:])
    if not 0 <= width <= len(attributes) - meta:
        raise DatasetError(f"{path.name} has fewer columns than the {width} inputs of its project; check the project")
    last = meta + width
    words: dict[int, Labels] = {c: Labels() for c in range(last, len(attributes)) if attributes[c].kind == "string"}
    special = {c: _parser(a, words.get(c)) for c, a in enumerate(attributes) if a.kind != "numeric"}
    names = [attribute.name for attribute in attributes]
    grid = Grid(path, names, range(meta, last), False, special, skip_bad)
    for line, cells in _data(path, lines):
        grid.add(line, cells)
    x, rest = grid.finish()
    found = [_output(a, rest[last + place], words.get(last + place)) for place, a in enumerate(attributes[last:])]
    kinds = tuple(outputs) if outputs is not None and len(outputs) == len(found) else tuple(one[0] for one in found)
    targets = np.column_stack([one[1] for one in found]) if found else np.empty((len(x), 0))
    ids, takes, seconds = _meta_values(path, rest) if meta else (None, None, None)
    examples = Examples.build(names[meta:last], kinds, x, targets, ids, takes, seconds)
    return Import(examples, (*notes, *note, *grid.notes))


def _header(path: Path, lines: Iterator[tuple[int, str]]) -> list[Attribute]:
    attributes: list[Attribute] = []
    for line, text in lines:
        bare = text.strip().lstrip("\ufeff")
        word = bare.split(None, 1)[0].casefold() if bare else ""
        if word == "@attribute":
            attributes.append(_attribute(path, line, bare))
        elif word == "@data":
            break
        elif bare and word != "@relation" and not bare.startswith("%"):
            raise DatasetError(f"{path.name}, line {line}: {bare[:40]!r} is no ARFF; expected @attribute or @data")
    else:
        raise DatasetError(f"{path.name} has no @data line; it is cut short or no ARFF file")
    if not attributes or len(attributes) > MOST_COLUMNS:
        raise DatasetError(f"{path.name} has {len(attributes)} columns; it takes 1 to {MOST_COLUMNS}")
    return attributes


def _attribute(path: Path, line: int, text: str) -> Attribute:
    found = ATTRIBUTE.fullmatch(text)
    if found is None:
        raise DatasetError(f"{path.name}, line {line}: a column needs a name and a type, as in @attribute x numeric")
    name, kind = _bare(found[1]), found[2].strip()
    if kind.startswith("{"):
        values = next(csv.reader([kind.strip("{} ")], quotechar="'", escapechar="\\", skipinitialspace=True), [])
        return Attribute(name, "nominal", tuple(value.strip() for value in values))
    word = kind.split()[0].casefold()
    if word in ("numeric", "real", "integer"):
        return Attribute(name, "numeric")
    if word in ("date", "string"):
        return Attribute(name, word)
    raise DatasetError(f"{path.name}, line {line}: columns of type {word[:20]!r} are not read; use numeric or {{a,b}}")


def _bare(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text[1:-1]) if text[:1] in ("'", '"') and len(text) > 1 else text


def _meta(attributes: Sequence[Attribute]) -> int:
    """Return how many columns come before the inputs: 3 in Wekinator's tables, else 0."""
    return 3 if tuple(attribute.name for attribute in attributes[:3]) == META else 0


def _width(columns: Sequence[Attribute]) -> tuple[int, tuple[str, ...]]:
    """Return where inputs end, by Wekinator's own names, else by the first nominal column, else before the last."""
    named = 0
    while named < len(columns) and DEFAULT_NAME.fullmatch(columns[named].name):
        named += 1
    if 0 < named < len(columns):
        return named, ()
    for place, column in enumerate(columns):
        if column.kind != "numeric":
            return place, ("Where inputs end was guessed by the first class; numbers before it were read as inputs",)
    return max(len(columns) - 1, 0), ("Where inputs end was guessed: the last column was read as the only output",)


def _parser(attribute: Attribute, words: Labels | None) -> Parse:
    if attribute.kind == "date":
        return seconds_of
    if attribute.kind == "nominal":
        codes = _codes(attribute.values)
        return lambda text: _nominal(codes, text)
    if words is None:
        raise DatasetError(f"Column {attribute.name!r} holds text among the inputs; remove it")
    return words.parse


def _codes(values: Sequence[str]) -> dict[str, float]:
    """Return label numbers of nominal values: whole numbers from 0 as they are, words counted from 1."""
    if all(value.isascii() and value.isdigit() and len(value) < 5 for value in values):
        return {value: float(value) for value in values}
    return {value: float(place) for place, value in enumerate(values, 1)}


def _nominal(codes: dict[str, float], text: str) -> float:
    bare = text.strip()
    if bare == "?":
        return float("nan")
    if bare not in codes:
        raise ValueError(f"it is none of {', '.join(list(codes)[:10])}")
    return codes[bare]


def seconds_of(text: str) -> float:
    """Return Wekinator's time, yyyy/MM/dd HH:mm:ss:SSS, as seconds since 1970; ValueError if it is none."""
    bare = text.strip().strip("'\"")
    if bare == "?":
        return 0.0
    whole_part, _colon, thousandths = bare.rpartition(":")
    if not thousandths.isdigit():
        raise ValueError("a time is written yyyy/MM/dd HH:mm:ss:SSS")
    return (datetime.strptime(whole_part, TIME).replace(tzinfo=UTC) - EPOCH).total_seconds() + int(thousandths) / 1000


def time_of(seconds: float) -> str:
    """Return seconds since 1970 as Wekinator writes them."""
    thousandths = round(min(max(seconds, 0.0), 200_000_000_000.0) * 1000)
    moment = EPOCH + timedelta(milliseconds=thousandths)
    return f"{moment:{TIME}}:{thousandths % 1000:03d}"


def _output(attribute: Attribute, values: Doubles, words: Labels | None) -> tuple[Output, Doubles]:
    if words is not None:
        return words.output(attribute.name, values)
    if attribute.kind == "nominal":
        labels = tuple(
            Label(int(code), text, (int(code) - 1) % COLOURS) for text, code in _codes(attribute.values).items() if code
        )
        return Output(attribute.name, "class", labels), values
    there = values[np.isfinite(values)]
    span = (float(there.min()), float(there.max())) if len(there) else (0.0, 1.0)
    return Output(attribute.name, "number", (), min(span[0], 0.0), max(span[1], 1.0)), values


def _meta_values(path: Path, rest: dict[int, Doubles]) -> tuple[Integers, Integers, Doubles]:
    return whole(rest[0], "ID", path), whole(rest[2], "Training round", path), rest[1]


def _data(path: Path, lines: Iterator[tuple[int, str]]) -> Iterator[tuple[int, list[str]]]:
    """Yield (line number, cells) below @data."""
    for line, text in lines:
        bare = text.strip()
        if not bare or bare.startswith("%"):
            continue
        if bare.startswith("{"):
            raise DatasetError(f"{path.name}, line {line}: sparse rows are not read; save the table as dense ARFF")
        quote = "'" if "'" in bare or '"' not in bare else '"'
        with reading(path):
            yield line, next(csv.reader([bare], quotechar=quote, escapechar="\\", skipinitialspace=True))


def write(path: Path, examples: Examples) -> tuple[str, ...]:
    """Write Wekinator's table. A class is {0,1..N} as there; names of labels are not part of it."""
    with writing(path) as file:
        file.write("@relation dataset\n\n@attribute ID numeric\n@attribute Time date 'yyyy/MM/dd HH:mm:ss:SSS'\n")
        file.write("@attribute 'Training round' numeric\n")
        for name in examples.features:
            file.write(f"@attribute {_quoted(name)} numeric\n")
        for column, output in enumerate(examples.outputs):
            file.write(f"@attribute {_quoted(output.name)} {_kind(examples, column)}\n")
        file.write("\n@data\n")
        for start in range(0, len(examples), own.BLOCK_ROWS):
            file.write(_block(examples, slice(start, start + own.BLOCK_ROWS)))
    named = any(label.name != str(label.number) for output in examples.outputs for label in output.labels)
    return ("Names of labels are not part of this format",) if named else ()


def classes_of(examples: Examples, column: int) -> int:
    """Return N of an output's classes 1..N: the greatest named or recorded, at least 1."""
    named = (label.number for label in examples.outputs[column].labels)
    return int(max([1, *named, np.nan_to_num(examples.targets[:, column]).max(initial=1)]))


def _kind(examples: Examples, column: int) -> str:
    if examples.outputs[column].kind == "number":
        return "numeric"
    return "{" + ",".join(map(str, range(classes_of(examples, column) + 1))) + "}"


def _quoted(name: str) -> str:
    if re.search(r"[\s{},'\"%\\]|^$", name):
        return "'" + name.replace("\\", "\\\\").replace("'", "\\'") + "'"
    return name


def _block(examples: Examples, rows: slice) -> str:
    columns = [
        list(map(str, examples.ids[rows].tolist())),
        [f"'{time_of(seconds)}'" for seconds in examples.seconds[rows].tolist()],
        list(map(str, examples.takes[rows].tolist())),
        *own.texts(examples.inputs[rows]),
    ]
    for column, output in enumerate(examples.outputs):
        write_one: Callable[[float], str] = repr if output.kind == "number" else "{:.0f}".format
        values = examples.targets[rows, column].tolist()
        columns.append(["?" if value != value else write_one(value) for value in values])
    return "".join(",".join(row) + "\n" for row in zip(*columns, strict=True))
