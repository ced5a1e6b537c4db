"""Wekinator's file bundle: a whole table of frames named by its path, recorded or answered at once.

The file may be long and the music must not wait for it, so it is worked off some rows a turn. Answers are written to
a file whose path is sent back.
"""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

import numpy as np

from app.adapter.host import Host
from app.frame import Values
from app.player.listener.decision import Settings

BUNDLE_IN = "/wek/inputs/bundle"  # Whatever the input address is.
ROWS_A_TURN = 128
MOST_KEPT = 8
LONGEST_ROW = 1 << 20

Record = Callable[[Values], None]
Reply = Callable[[Values], tuple[float, ...] | None]


class Bundle:
    """One file being worked off.

    Attributes: `path`, `rows` (done), `skipped` (rows that are no frame), `answers` (the file written, None while
    recording only).
    """

    def __init__(
        self, path: Path, width: int, record: Record | None, reply: Reply | None, answers: Path | None = None
    ) -> None:
        """Begin; OSError if a file cannot be opened. A `width` of 0 takes the first row's."""
        self.path, self.rows, self.skipped = path, 0, 0
        self.answers = answers if reply is not None else None
        self._width, self._record, self._reply = width, record, reply
        self._file = path.open(encoding="utf-8", errors="replace", newline="")
        self._frames = self._read()
        self._out = None if self.answers is None else self.answers.open("w", encoding="utf-8")

    def go_on(self) -> bool:
        """Do some rows; return whether that was the end. OSError if the disk fails."""
        for values in islice(self._frames, ROWS_A_TURN):
            self._do(values)
            self.rows += 1
        return self._file.closed

    def close(self) -> None:
        self._file.close()
        if self._out is not None:
            self._out.close()

    def _do(self, values: Values) -> None:
        if self._record is not None:
            self._record(values)
        if self._reply is not None and self._out is not None:
            said = self._reply(values)
            self._out.write(",".join(f"{value:.9g}" for value in said or ()) + "\n")

    def _read(self) -> Iterator[Values]:
        try:
            for cells in csv.reader(self._lines()):
                values = _numbers(cells)
                self._width = self._width or (0 if values is None else len(values))
                if values is None or len(values) != self._width:
                    self.skipped += bool(cells)
                else:
                    yield values
        finally:
            self.close()

    def _lines(self) -> Iterator[str]:
        while line := self._file.readline(LONGEST_ROW):
            yield line.replace("\0", " ").replace('"', " ")


def _numbers(cells: list[str]) -> Values | None:
    """Return a row's numbers, or None if one is none."""
    while cells and not cells[-1].strip():
        cells.pop()
    try:
        with np.errstate(over="ignore"):
            values = np.array([float(cell) for cell in cells], np.float64).astype(np.float32)
    except ValueError:
        return None
    return values if len(values) and np.isfinite(values).all() else None


class Bundles:
    """Files waiting, one at work, and the last answers.

    Attributes: `tell` (takes the path of a file of answers), `refuse` (takes a sentence).
    """

    def __init__(self, host: Host, tell: Callable[[str], None], refuse: Callable[[str], None]) -> None:
        self.tell, self.refuse = tell, refuse
        self._host = host
        self._waiting: list[Bundle] = []
        self._written: list[Path] = []
        self._number = 0
        self._folder = tempfile.TemporaryDirectory(prefix="understudy-")  # Goes with the program, however it ends.

    def add(self, arguments: tuple[object, ...], width: int) -> None:
        """Take the file that a message names; ValueError or OSError if that cannot be."""
        if len(arguments) != 1 or not isinstance(arguments[0], str):
            raise ValueError("the path of a file is wanted")
        host, path = self._host, Path(arguments[0]).expanduser()
        record = self._record if host.capture.open else None
        reply = self._reply if host.running and host.brain.ready else None
        if record is None and reply is None:
            raise ValueError("nothing is recording or running; the file was left alone")
        self._number += 1
        answers = Path(self._folder.name) / f"outputs-{self._number}.csv"
        self._waiting.append(Bundle(path, width, record, reply, answers))

    def _record(self, values: Values) -> None:
        why = self._host.capture.add(values, self._host.engine.clock.now())
        if why:
            self.refuse(why)

    def _reply(self, values: Values) -> tuple[float, ...] | None:
        answer = self._host.brain.answer(self._host.engine.clock.now(), values, Settings())
        return None if answer is None else answer.values

    def tend(self) -> None:
        """Do some rows of the first file; one that fails midway is given up."""
        if not self._waiting:
            return
        bundle = self._waiting[0]
        try:
            ended = bundle.go_on()
        except (OSError, csv.Error) as error:
            ended = True
            bundle.close()
            self.refuse(f"{bundle.path} failed after {bundle.rows} rows: {error}")
        if ended:
            self._finish(self._waiting.pop(0))

    def _finish(self, bundle: Bundle) -> None:
        left = f", {bundle.skipped} rows that are no frame were left out" if bundle.skipped else ""
        self._host.say(f"Wekinator mode: {bundle.rows} frames of {bundle.path.name} done{left}")
        self._keep(bundle.answers)
        if bundle.answers is not None:
            self.tell(str(bundle.answers))

    def close(self) -> None:
        """Give up what waits, and remove the answers."""
        for bundle in self._waiting:
            bundle.close()
            self._keep(bundle.answers)
        self._waiting.clear()
        for path in self._written:
            path.unlink(missing_ok=True)
        self._written.clear()

    def _keep(self, answers: Path | None) -> None:
        """Keep the last few files of answers, long enough for whoever asked to read them."""
        if answers is not None:
            self._written.append(answers)
        for old in self._written[:-MOST_KEPT]:
            old.unlink(missing_ok=True)
        del self._written[:-MOST_KEPT]
