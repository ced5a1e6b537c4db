"""Rows of numbers that arrive as text, gathered in blocks.

The fast way converts a whole row at once; only a row that fails is looked at cell by cell, to say which one is
wrong. Inputs become 32-bit as they come, so that a long file never stands in memory as text or as doubles.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from app.dataset_file.text import number
from app.example import COLOURS, DatasetError, Doubles, Floats, Integers, Label, Output

BLOCK_ROWS = 4096
MOST_LABELS = 256
FEW = 32  # So many different whole numbers are labels, more are a range.
GREATEST_KEPT = 99
FIRST_CODE = -1e300

Parse = Callable[[str], float]


@dataclass(slots=True)
class Labels:
    """Reads a column that may hold numbers or words: numbers stay, words become codes far outside.

    Attributes: `codes` of the words, in the order in which they came.
    """

    codes: dict[str, float] = field(default_factory=dict)

    def parse(self, text: str) -> float:
        """Return a number, NaN if missing, or a word's code; ValueError if there are too many words."""
        bare = text.strip()
        if (known := self.codes.get(bare)) is not None:
            return known
        try:
            return number(bare)
        except ValueError:
            if len(self.codes) == MOST_LABELS:
                raise ValueError(f"there are more than {MOST_LABELS} different labels") from None
        self.codes[bare] = FIRST_CODE * (1 + len(self.codes) / 1024)
        return self.codes[bare]

    def output(self, name: str, values: Doubles) -> tuple[Output, Doubles]:
        """Return what to learn and its targets (n,): a class for words or few whole numbers, else a number."""
        found = sorted(set(values[np.isfinite(values)].tolist()), reverse=True) if len(values) else []
        numbers = [value for value in reversed(found) if value > FIRST_CODE]
        if not self.codes and not (len(numbers) <= FEW and all(value == round(value) for value in numbers)):
            span = (min(numbers), max(numbers))
            return Output(name, "number", (), *(span if span[0] < span[1] else (0.0, 1.0))), values
        texts = [f"{value:g}" if value != round(value) else str(int(value)) for value in numbers]
        places = _numbers(numbers) if not self.codes else list(range(1, len(numbers) + 1))
        label_of = dict(zip(numbers, places, strict=True))
        for code in self.codes.values():
            label_of[code] = len(label_of) + 1
        names = [*texts, *self.codes]
        labels = tuple(
            Label(number, text, (number - 1) % COLOURS) for number, text in zip(label_of.values(), names, strict=True)
        )
        known = np.array(sorted(label_of))
        given = np.array([label_of[value] for value in sorted(label_of)], np.float64)
        places_of = np.searchsorted(known, np.nan_to_num(values, nan=known[0] if len(known) else 0.0))
        targets = np.where(np.isnan(values), np.nan, given[places_of]) if len(known) else np.full(len(values), np.nan)
        return Output(name, "class", tuple(sorted(labels, key=lambda label: label.number))), targets


def _numbers(values: list[float]) -> list[int]:
    """Return label numbers for whole numbers: themselves from 1, one more if they begin at 0, else counted."""
    low, high = (min(values), max(values)) if values else (1.0, 1.0)
    if high <= GREATEST_KEPT and low >= 0:
        return [int(value) + (low == 0) for value in values]
    return list(range(1, len(values) + 1))


class Grid:
    """Numbers of a table.

    Attributes: `names` of its columns, for messages; `skipped` rows left out; `why` the first of them was.
    """

    def __init__(
        self,
        path: Path,
        names: Sequence[str],
        inputs: Sequence[int],
        decimal_comma: bool = False,
        special: dict[int, Parse] | None = None,
        skip_bad: bool = False,
    ) -> None:
        """`inputs` are the columns to keep in 32 bits; `special` columns have their own way to be read."""
        self.names, self.skipped, self.why = list(names), 0, ""
        self._path, self._comma, self._special, self._skip = path, decimal_comma, special or {}, skip_bad
        self._inputs = list(inputs)
        self._rest = [column for column in range(len(names)) if column not in set(inputs)]
        self._buffer, self._lines = array("d"), array("q")
        self._blocks: list[tuple[Floats, Doubles]] = []

    def add(self, line: int, cells: list[str]) -> None:
        """Take a row in; DatasetError says which cell is wrong, or the row is skipped and counted."""
        start = len(self._buffer)
        try:
            if len(cells) != len(self.names):
                raise DatasetError(
                    f"{self._path.name}, line {line}: {len(cells)} values instead of {len(self.names)}; "
                    "give every row the same number of values"
                )
            self._convert(line, cells)
        except DatasetError as error:
            del self._buffer[start:]
            self._pass_over(error)
            return
        self._lines.append(line)
        if len(self._lines) == BLOCK_ROWS:
            self._flush()

    def _pass_over(self, error: DatasetError) -> None:
        if not self._skip:
            raise error
        self.skipped += 1
        self.why = self.why or str(error)

    def _convert(self, line: int, cells: list[str]) -> None:
        values: list[str | float] = [*cells]
        if self._comma:
            values = [cell.replace(",", ".") for cell in cells]
        for column, parse in self._special.items():
            values[column] = self._one(line, column, cells[column], parse)
        start = len(self._buffer)
        try:
            self._buffer.extend(map(float, values))
        except ValueError:
            del self._buffer[start:]
            self._buffer.extend(
                value if isinstance(value, float) else self._one(line, column, value, number)
                for column, value in enumerate(values)
            )

    def _one(self, line: int, column: int, cell: str, parse: Parse) -> float:
        try:
            return parse(cell)
        except (ValueError, OverflowError) as error:
            shown = cell.strip()[:40]
            raise DatasetError(
                f"{self._path.name}, line {line}, column {column + 1} ({self.names[column]}): {shown!r} is not a "
                f"usable value{_reason(error)}; correct it or import without bad rows"
            ) from error

    def _flush(self) -> None:
        if not self._lines:
            return
        table = np.frombuffer(self._buffer, np.float64).reshape(len(self._lines), len(self.names))
        with np.errstate(over="ignore"):
            inputs = table[:, self._inputs].astype(np.float32)
        endless = np.isinf(inputs).any(axis=1) | np.isinf(table[:, self._rest]).any(axis=1)
        if endless.any():
            row = int(np.argmax(endless))
            column = int(np.argmax(~(np.abs(table[row]) < np.finfo(np.float32).max) & ~np.isnan(table[row])))
            self._pass_over(
                DatasetError(
                    f"{self._path.name}, line {self._lines[row]}, column {column + 1} ({self.names[column]}): the "
                    "value is infinite or too large; correct it or import without bad rows"
                )
            )
            self.skipped += int(endless.sum()) - 1
        self._blocks.append((inputs[~endless], table[~endless][:, self._rest]))
        del table
        self._buffer, self._lines = array("d"), array("q")

    def finish(self) -> tuple[Floats, dict[int, Doubles]]:
        """Return inputs (n, len(inputs)) and the other columns by their places."""
        self._flush()
        if not self._blocks:
            return np.empty((0, len(self._inputs)), np.float32), {column: np.empty(0) for column in self._rest}
        inputs = np.concatenate([block[0] for block in self._blocks])
        rest = np.concatenate([block[1] for block in self._blocks])
        self._blocks.clear()
        return inputs, {column: rest[:, place] for place, column in enumerate(self._rest)}

    @property
    def notes(self) -> tuple[str, ...]:
        return (f"{self.skipped} rows were left out; the first: {self.why}",) if self.skipped else ()


def _reason(error: Exception) -> str:
    """Return why a cell was refused, where there is more to say than that it is no number."""
    text = str(error)
    return "" if "convert" in text else f" ({text})"


def whole(values: Any, what: str, path: Path) -> Integers:
    """Return doubles as integers; DatasetError if one is missing or broken."""
    numbers = np.asarray(values, np.float64)
    with np.errstate(invalid="ignore"):
        good = (numbers == np.round(numbers)) & (np.abs(numbers) < 2**53)
    if not good.all():
        row = int(np.argmin(good))
        raise DatasetError(f"{path.name}: {what} {numbers[row]:g} of row {row + 1} is no whole number; correct it")
    return numbers.astype(np.int64)
