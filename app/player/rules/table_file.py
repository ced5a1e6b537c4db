"""Tables of presets as files: comma-separated with the label last, as RuLer's author keeps them, and JSON.

A header is believed where words stand above numbers, or where the last column says that it is the label. A running
number in front, as some tools write it, is no knob: it would keep any two presets apart. A bad cell is told with its
row and column before anything is taken over, so that nothing is lost; a value is a number if it looks like one.
"""

from __future__ import annotations

import csv
import io
import json
import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from app.dataset_file.text import Layout, cells_of, layout_of, writing
from app.example import DatasetError
from app.player.rules import json_file
from app.player.rules.json_file import LABEL_NAMES
from app.player.rules.preset import (
    MOST_PRESETS,
    NO_CLASS,
    Preset,
    Presets,
    RulesError,
    Value,
    label_of,
    text_of,
    unique_names,
    word_of,
)

WHOLE = re.compile(r"[-+]?[0-9]{1,300}")
BROKEN = re.compile(r"[-+]?([0-9]+\.[0-9]*|\.[0-9]+|[0-9]+(?=[eE]))([eE][-+]?[0-9]+)?")
MISSING = frozenset(("", "nan", "+nan", "-nan", "null", "n/a", "#n/a", "?"))
INFINITE = frozenset(("inf", "+inf", "-inf", "infinity", "+infinity", "-infinity"))
INDEX_NAMES = frozenset(("", "#", "index", "idx", "id", "nr", "no", "no.", "number", "row"))
SURE_ROWS = 4  # So many rows, and a running number is no accident.

Row = tuple[int, list[str]]


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file gave. Attributes: `presets`, `notes` (sentences for the performer), `words` (how it writes false
    and true), `headed` (whether it names its columns)."""

    presets: Presets
    notes: tuple[str, ...] = ()
    words: tuple[str, str] = ("false", "true")
    headed: bool = True


def read(path: Path, header: bool | None = None, index: bool | None = None, skip_bad: bool = False) -> Reading:
    """Return a file's presets; RulesError says what is wrong where.

    `header` and `index` (a running number in front) are found out if None. `skip_bad` leaves bad rows out with a note
    instead of refusing the file.
    """
    try:
        if path.suffix.lower() == ".json":
            found = Reading(*json_file.read(path))
        else:
            found = _Sheet(path, layout_of(path), skip_bad).read(header, index)
    except DatasetError as error:
        raise RulesError(str(error)) from error
    rejected = len(found.presets.of(NO_CLASS))
    told = f"Presets under no class: {rejected}; they get no rules and keep those of others away"
    return replace(found, notes=(*found.notes, told)) if rejected else found


def write(path: Path, presets: Presets, words: tuple[str, str] = ("false", "true")) -> None:
    """Write presets as JSON or, under any other suffix, comma-separated with a header; RulesError if it cannot be."""
    in_json = path.suffix.lower() == ".json"
    write_text(path, json_text(presets) if in_json else sheet_text(presets, words))


def write_text(path: Path, text: str) -> None:
    """Write a file that is there whole or not at all; RulesError if it cannot be written."""
    try:
        with writing(path) as file:
            file.write(text)
    except DatasetError as error:
        raise RulesError(str(error)) from error


def json_text(presets: Presets) -> str:
    """Return presets as a text that keeps each value's kind."""
    rows = [{"values": list(preset.values), "label": word_of(preset.label)} for preset in presets.rows]
    return json.dumps({"names": list(presets.names), "presets": rows}, ensure_ascii=False, indent=1) + "\n"


def sheet_text(presets: Presets, words: tuple[str, str] = ("false", "true"), header: bool = True) -> str:
    """Return presets comma-separated, the label last."""
    head = [[*presets.names, "label"]] if header else []
    return sheet([*head, *(cells(preset, words) for preset in presets.rows)])


def sheet(rows: Iterable[Sequence[object]]) -> str:
    """Return rows of cells comma-separated."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


def cells(preset: Preset, words: tuple[str, str] = ("false", "true")) -> list[str]:
    """Return a preset as a row of a sheet, the label last."""
    return [*(text_of(value, words) for value in preset.values), word_of(preset.label)]


class BadCellError(ValueError):
    """A cell that is no value; the text goes on after "row 3, cutoff: "."""


class _Cells:
    """Turns cells into values, each spelling once. Attributes: `switches` the spellings of true and false met."""

    def __init__(self, decimal_comma: bool) -> None:
        self.switches: set[str] = set()
        self._comma = decimal_comma
        self._known: dict[str, Value] = {}

    def value(self, cell: str) -> Value:
        """Return a cell's value; BadCellError if it has none."""
        found = self._known.get(cell)
        if found is None:
            found = self._known[cell] = self._parsed(cell.strip())
        return found

    def _parsed(self, text: str) -> Value:
        folded = text.casefold()
        if folded in MISSING:
            raise BadCellError(f"{text!r} is no value" if text else "the cell is empty")
        if folded in ("true", "false"):
            self.switches.add(text)
            return folded == "true"
        bare = text.replace(",", ".") if self._comma else text
        if WHOLE.fullmatch(bare):
            return int(bare)
        if folded in INFINITE or (BROKEN.fullmatch(bare) and not math.isfinite(float(bare))):
            raise BadCellError(f"{text} is not finite")
        return float(bare) if BROKEN.fullmatch(bare) else text

    def is_word(self, cell: str) -> bool:
        """Tell whether a cell holds a word, neither number nor switch nor nothing."""
        try:
            return isinstance(self.value(cell), str)
        except BadCellError:
            return False

    @property
    def words(self) -> tuple[str, str]:
        """How this file writes false and true."""
        for style in (str.lower, str.title, str.upper):
            if self.switches and all(text == style(text) for text in self.switches):
                return style("false"), style("true")
        return "false", "true"


class _Sheet:
    """A comma-separated table while it is read."""

    def __init__(self, path: Path, layout: Layout, skip_bad: bool) -> None:
        self._path, self._skip_bad = path, skip_bad
        self._cells = _Cells(layout.decimal_comma)
        self._rows = [row for row in islice(cells_of(path, layout), MOST_PRESETS + 64) if not _is_comment(row)]
        self._notes = [f"{note}{self._first_odd()}" for note in layout.notes]
        if not self._rows:
            raise RulesError(f"{path} holds no rows; keep or export some presets first")
        if len(self._rows) > MOST_PRESETS + 1:
            line = self._rows[MOST_PRESETS + 1][0]
            raise RulesError(
                f"row {line} of {path.name}: a table holds {MOST_PRESETS} presets at most; "
                "split the file or thin it out"
            )

    def read(self, header: bool | None, index: bool | None) -> Reading:
        rows = self._closed()
        headed = self._is_headed(rows) if header is None else header
        width = Counter(len(cells) for _, cells in rows).most_common(1)[0][0]
        names, rows = (rows[0][1], rows[1:]) if headed else ([], rows)
        if not rows:
            raise RulesError(f"{self._path.name} holds a header and no presets; keep or export some first")
        if headed and len(names) != width:
            raise RulesError(
                f"row {self._rows[0][0]} of {self._path.name}: the header names {len(names)} columns, "
                f"but most rows have {width}; correct it"
            )
        if width < 2:
            raise RulesError(
                f"row {rows[0][0]} of {self._path.name}, column 1: there is no other column; "
                "parameters come first, the label last"
            )
        skip = self._is_indexed(names, rows) if index is None else index
        if skip and width > 2:
            self._notes.append("The first column is a running number and was left out")
        first = int(skip and width > 2)
        names = unique_names(names[first:-1], width - 1 - first)
        presets = self._presets(rows, names, width, first)
        return Reading(Presets(tuple(names), presets), tuple(self._notes), self._cells.words, headed)

    def _first_odd(self) -> str:
        """Return where the first letter stands that depends on the encoding."""
        places = ((line, n) for line, cells in self._rows for n, cell in enumerate(cells, 1) if not cell.isascii())
        line, column = next(places, (0, 0))
        return f" (the first odd letter is in row {line} of {self._path.name}, column {column})" if line else ""

    def _closed(self) -> list[Row]:
        """Return the rows without the empty last cells of programs that end each line with a separator."""
        if all(len(cells) > 2 and not cells[-1].strip() for _, cells in self._rows):
            return [(line, cells[:-1]) for line, cells in self._rows]
        return self._rows

    def _presets(self, rows: Sequence[Row], names: Sequence[str], width: int, first: int) -> tuple[Preset, ...]:
        made: list[Preset] = []
        bad: list[str] = []
        for line, cells in rows:
            try:
                made.append(self._preset(cells, names, width, first))
            except BadCellError as error:
                bad.append(f"row {line} of {self._path.name}{error}")
        if bad and not (self._skip_bad and made):
            more = f" (and {len(bad) - 1} more)" if len(bad) > 1 else ""
            raise RulesError(f"{bad[0]}{more}; correct it, or leave bad rows out")
        if bad:
            self._notes.append(f"{len(bad)} bad rows were left out; the first: {bad[0]}")
        return tuple(made)

    def _preset(self, cells: Sequence[str], names: Sequence[str], width: int, first: int) -> Preset:
        if len(cells) != width:
            where = min(len(cells), width) + 1
            raise BadCellError(f", column {where}: the row has {len(cells)} cells where others have {width}")
        values = []
        for place, cell in enumerate(cells[first:-1]):
            try:
                values.append(self._cells.value(cell))
            except BadCellError as error:
                raise BadCellError(f", column {place + first + 1} ({names[place]}): {error}") from error
        label = cells[-1].strip()
        if label.casefold() in MISSING:
            raise BadCellError(f", column {width} (label): the label is missing")
        return Preset(tuple(values), label_of(label))

    def _is_headed(self, rows: Sequence[Row]) -> bool:
        """Tell whether the first row names the columns."""
        head, below = rows[0][1], [cells for _, cells in rows[1:] if len(cells) == len(rows[0][1])]
        if not below:
            return head[-1].strip().casefold() in LABEL_NAMES
        if head[-1].strip().casefold() in LABEL_NAMES and all(cells[-1] != head[-1] for cells in below):
            return True
        words = self._cells.is_word
        if not all(words(cell) or (place == 0 and not cell.strip()) for place, cell in enumerate(head[:-1])):
            return False
        if head[-1].strip() in {cells[-1].strip() for cells in below}:
            return False  # It is a preset: others have its label.
        columns = zip(*(cells[:-1] for cells in below), strict=True)
        return any(not any(words(cell) for cell in column) for column in columns)

    def _is_indexed(self, names: Sequence[str], rows: Sequence[Row]) -> bool:
        """Tell whether the first column only counts the rows.

        A header can say so. Without its word a knob that was swept looks the same, so then there must be enough rows
        of several labels, and other columns in which something else happens.
        """
        sheet = [cells for _, cells in rows if len(cells) == len(rows[0][1])]
        start = sheet[0][0].strip()
        if start not in ("0", "1") or any(c[0].strip() != str(int(start) + n) for n, c in enumerate(sheet)):
            return False
        if names:
            return names[0].strip().casefold() in INDEX_NAMES
        moving = sum(len({cells[place].strip() for cells in sheet}) > 1 for place in range(1, len(sheet[0]) - 1))
        labels = len({cells[-1].strip() for cells in sheet})
        return len(sheet) >= SURE_ROWS and labels > 1 and moving > 1


def _is_comment(row: Row) -> bool:
    return len(row[1]) == 1 and row[1][0].lstrip().startswith(("#", "%"))
