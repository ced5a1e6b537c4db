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

from app.example import DatasetError, Doubles, Floats, Integers
from app.dataset_file.text import number

BLOCK_ROWS = 4096
MOST_LABELS = 256

Parse = Callable[[str], float]


@dataclass(slots=True)
class Labels:
    """Texts of one column and the codes given to them, 0 upwards in the order in which they came.

    Attributes: `codes` by text, `numeric` whether all are numbers, `many` whether there were too many to name.
    """

    codes: dict[str, int] = field(default_factory=dict)
    numeric: bool = True
    many: bool = False

    def parse(self, text: str) -> float:
        """Return the code of a text, NaN if it is missing, or -1 when only numbers came and they are too many."""
        bare = text.strip()
        known = self.codes.get(bare)
        return float(known) if known is not None else self._new(bare)

    def _new(self, bare: str) -> float:
        try:
            if np.isnan(number(bare)):
                return float("nan")
        except ValueError:
            self.numeric = False
        if len(self.codes) >= MOST_LABELS:
            self.many = True
            if not self.numeric:
                raise ValueError(f"more than {MOST_LABELS} different labels")
            return -1.0
        self.codes[bare] = len(self.codes)
        return float(self.codes[bare])


class Grid:
    """Numbers of a table.

    Attributes: `names` of its columns, for messages; `skipped` rows left out; `why` the first of them was.
    """

    def __init__(
        self,
        path: Path,
        names: Sequence[str],
        inputs: Sequence[int],
        parse: Parse = number,
        special: dict[int, Parse] | None = None,
        skip_bad: bool = False,
    ) -> None:
        """`inputs` are the columns to keep in 32 bits; `special` columns have their own way to be read."""
        self.names, self.skipped, self.why = list(names), 0, ""
        self._path, self._parse, self._special, self._skip = path, parse, special or {}, skip_bad
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
        if self._special:
            cells = [*cells]
            for column, parse in self._special.items():
                cells[column] = self._one(line, column, cells[column], parse)  # type: ignore[call-overload]
        start = len(self._buffer)
        try:
            self._buffer.extend(map(float, cells))
        except ValueError:
            del self._buffer[start:]
            for column, cell in enumerate(cells):
                done = isinstance(cell, float)
                self._buffer.append(cell if done else self._one(line, column, cell, self._parse))  # type: ignore[arg-type]

    def _one(self, line: int, column: int, cell: str, parse: Parse) -> float:
        try:
            return parse(cell)
        except (ValueError, OverflowError) as error:
            shown = cell.strip()[:40]
            raise DatasetError(
                f"{self._path.name}, line {line}, column {column + 1} ({self.names[column]}): {shown!r} is not a "
                f"usable value{_reason(error, shown)}; correct it or import without bad rows"
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
            column = int(np.argmax(np.isinf(table[row].astype(np.float32))))
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


def _reason(error: Exception, shown: str) -> str:
    text = str(error)
    return f" ({text})" if text and shown not in text and "convert" not in text else ""


def whole(values: Any, what: str, path: Path) -> Integers:
    """Return doubles as integers; DatasetError if one is missing or broken."""
    numbers = np.asarray(values, np.float64)
    with np.errstate(invalid="ignore"):
        good = (numbers == np.round(numbers)) & (np.abs(numbers) < 2**53)
    if not good.all():
        row = int(np.argmin(good))
        raise DatasetError(f"{path.name}: {what} {numbers[row]:g} of row {row + 1} is no whole number; correct it")
    return numbers.astype(np.int64)
