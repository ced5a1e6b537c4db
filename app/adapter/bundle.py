"""Wekinator's file bundle: a whole table of frames named by its path, recorded or answered at once.

The file may be long and the music must not wait for it, so it is worked off a few rows a turn. Answers are written to
a file whose path is sent back.
"""

from __future__ import annotations

import csv
import os
import tempfile
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

import numpy as np

from app.frame import Values

ROWS_A_TURN = 64
MOST_KEPT = 8
LONGEST_ROW = 1 << 20


class Bundle:
    """One file being worked off.

    Attributes: `path`, `rows` (done), `skipped` (rows that are no frame), `answers` (the file written, None while
    recording only).
    """

    def __init__(
        self,
        path: Path,
        width: int,
        record: Callable[[Values], None] | None,
        answer: Callable[[Values], tuple[float, ...] | None] | None,
    ) -> None:
        """Begin; OSError if the file cannot be read. A `width` of 0 takes the first row's."""
        self.path, self.rows, self.skipped = path, 0, 0
        self.answers: Path | None = None
        self._width, self._record, self._answer = width, record, answer
        self._file = path.open(encoding="utf-8", errors="replace", newline="")
        self._lines = self._read()
        if answer is not None:
            handle, name = tempfile.mkstemp(".csv", "understudy-outputs-")
            self.answers, self._out = Path(name), os.fdopen(handle, "w", encoding="utf-8")

    def go_on(self) -> bool:
        """Do a few rows; return whether that was the end."""
        for values in islice(self._lines, ROWS_A_TURN):
            self._do(values)
            self.rows += 1
        if self._file.closed:
            return True
        return False

    def close(self) -> None:
        self._file.close()
        if self.answers is not None:
            self._out.close()

    def _do(self, values: Values) -> None:
        if self._record is not None:
            self._record(values)
        if self._answer is not None:
            said = self._answer(values)
            self._out.write(",".join("" if said is None else f"{value:.9g}" for value in said or (0.0,)) + "\n")

    def _read(self) -> Iterator[Values]:
        try:
            for cells in csv.reader(self._bounded()):
                values = _numbers(cells)
                self._width = self._width or (0 if values is None else len(values))
                if values is None or len(values) != self._width:
                    self.skipped += bool(cells)
                else:
                    yield values
        finally:
            self.close()

    def _bounded(self) -> Iterator[str]:
        while line := self._file.readline(LONGEST_ROW):
            yield line.replace("\0", " ")


def _numbers(cells: list[str]) -> Values | None:
    """Return a row's numbers, or None if one is none."""
    while cells and not cells[-1].strip():
        cells.pop()
    try:
        values = np.array([float(cell) for cell in cells], np.float64).astype(np.float32)
    except ValueError:
        return None
    return values if len(values) and np.isfinite(values).all() else None
