"""The growing table under a dataset: recording into it, and the few ways to change it.

Frames arrive in the engine thread, thousands a second, so adding one is a few writes into arrays that double
when full. Rows that somebody was shown are never written again: whoever changes them brings new arrays. That
makes a picture of the whole table free of copies and safe in any thread.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy import isfinite
from numpy.typing import NDArray

from app.dataset_edit import RowEdit, align, arranged
from app.example import Doubles, Examples, Floats, Integers, Output, frozen
from app.history import Edit

FIRST_ROOM = 256
MOST_SHOWN = 4  # So many names stand in a sentence.


class Table:
    """Examples that grow.

    Attributes: `features`, `outputs` name the columns; `version` counts changes; `refused` counts what was not
    taken, by reason ("size", "not finite", "target", "no take"); `reason` is the last refusal in words.
    """

    def __init__(self, features: Sequence[str] = (), outputs: Sequence[Output] = (Output("label"),)) -> None:
        self.version = 0
        self.refused: dict[str, int] = {}
        self.reason = ""
        self._open: set[int] = set()
        self._n, self._next_id, self._next_take = 0, 1, 1
        self._shape, self._finite = (0,), np.zeros(0, bool)
        self._picture: Examples | None = None
        self._counts: dict[int, tuple[int, Mapping[int, int]]] = {}
        self._target_source: Sequence[float] | None = None
        empty = np.empty((0, len(features)))
        self.adopt(Examples.build(features, outputs, empty, np.empty((0, len(outputs)))))

    # What there is.

    def __len__(self) -> int:
        return self._n

    @property
    def width(self) -> int:
        return len(self.features)

    def examples(self) -> Examples:
        """Return the table as it is now: no copy, never changing, fit for any thread.

        Asked for by the thread that records; the picture may then go anywhere.
        """
        if self._picture is None:
            n = self._n
            ids, takes, seconds = frozen(self._ids[:n]), frozen(self._takes[:n]), frozen(self._seconds[:n])
            inputs, targets = frozen(self._inputs[:n]), frozen(self._targets[:n])
            self._picture = Examples(
                self.features, self.outputs, ids, takes, seconds, inputs, targets, self._next_id, self._next_take
            )
        return self._picture

    def X(self, output: int | str | None = None, inputs: Sequence[int] | None = None) -> Floats:  # noqa: N802
        """As `Examples.X`."""
        return self.examples().X(output, inputs)

    def y(self, output: int | str | None = None, inputs: Sequence[int] | None = None) -> Doubles | Integers:
        """As `Examples.y`."""
        return self.examples().y(output, inputs)

    def counts(self, output: int | str = 0) -> Mapping[int, int]:
        """As `Examples.counts`; looked up anew only after a change."""
        column = self.examples().output_index(output)
        known = self._counts.get(column)
        if known is None or known[0] != self.version:
            known = self._counts[column] = (self.version, self.examples().counts(column))
        return known[1]

    # Recording.

    def begin_take(self) -> int:
        """Open a recording and return its number."""
        take = self._next_take
        self._next_take += 1
        # Make room now, not in the middle of the take.
        if len(self._ids) - self._n < self._n // 4:
            self._reserve(2 * self._n)
        self._open.add(take)
        return take

    def append(self, values: NDArray[Any], targets: Sequence[float], take: int, seconds: float) -> str:
        """Take one example in; return "" or, in words, why it was refused.

        `values` (width,), one number a feature; `targets` one number an output, NaN where it is not taught; the
        same tuple given again is not checked again. Costs a few microseconds, never raises for bad values.
        """
        if targets is not self._target_source and (why := self._take_targets(targets)):
            return self._refuse("target", why)
        if values.shape != self._shape:
            return self._refuse("size", f"{self._misfit(values.size)}: change the inputs back, or clear the examples")
        if take not in self._open:
            return self._refuse("no take", f"Take {take} is not being recorded")
        n = self._n
        if n == len(self._ids):
            self._reserve(2 * n)
        row = self._inputs[n]
        row[:] = values
        # Looking for a false among the bytes is three times as fast as asking numpy whether all are true.
        if b"\0" in isfinite(row, out=self._finite).tobytes():
            return self._refuse("not finite", "A frame holds a value that is no finite number")
        self._targets[n] = self._target_row
        self._ids[n] = self._next_id
        self._takes[n] = take
        self._seconds[n] = seconds
        self._n = n + 1
        self._next_id += 1
        self.version += 1
        self._picture = None
        return ""

    def end_take(self, take: int) -> Edit | None:
        """Close a recording; return the one step that takes it back, or None if nothing was recorded."""
        self._open.discard(take)
        ids = self._ids[: self._n][self._takes[: self._n] == take]
        if not len(ids):
            return None
        return RowEdit(self, f"Record {len(ids)} example{'s' * (len(ids) > 1)}", ids, added=True)

    def _take_targets(self, targets: Sequence[float]) -> str:
        try:
            row = np.array(targets, np.float64)
        except (TypeError, ValueError):
            return "A target is no number"
        if row.shape != (len(self.outputs),):
            return f"{row.size} targets came for {len(self.outputs)} outputs"
        for output, value in zip(self.outputs, row.tolist(), strict=True):
            if why := output.refusal(value):
                return why
        self._target_row = row
        # A list may be changed by its owner and must be looked at again.
        self._target_source = targets if isinstance(targets, tuple) else None
        return ""

    def _misfit(self, width: int) -> str:
        some = ", ".join(self.features[:MOST_SHOWN]) + (", ..." if len(self.features) > MOST_SHOWN else "")
        return f"A frame has {width} values, the dataset {len(self.features)} ({some})"

    def _refuse(self, reason: str, words: str) -> str:
        self.refused[reason] = self.refused.get(reason, 0) + 1
        self.reason = words
        return words

    # For edits. Others use the methods of `Dataset`, which can be taken back.

    def adopt(self, examples: Examples) -> None:
        """Hold these examples; numbers once given are not given again."""
        self.features, self.outputs = examples.features, examples.outputs
        self._ids, self._takes, self._seconds = examples.ids, examples.takes, examples.seconds
        self._inputs, self._targets = examples.inputs, examples.targets
        self._n = len(examples)
        self._next_id = max(self._next_id, examples.next_id)
        self._next_take = max(self._next_take, examples.next_take)
        self._shape, self._finite = (len(self.features),), np.zeros(len(self.features), bool)
        self._target_source, self._picture = None, None
        self._target_row = np.full(len(self.outputs), math.nan)
        self._counts.clear()
        self.version += 1

    def _reserve(self, room: int) -> None:
        """Move to larger arrays; the old ones stay as they are for whoever was shown them."""
        room = max(room, FIRST_ROOM)
        for name in ("_ids", "_takes", "_seconds", "_inputs", "_targets"):
            old = getattr(self, name)
            new = np.empty((room, *old.shape[1:]), old.dtype)
            new[: self._n] = old[: self._n]
            setattr(self, name, new)

    def take_out(self, ids: Integers) -> Examples:
        """Remove rows by id and return them."""
        examples = self.examples()
        gone = np.zeros(len(examples), bool)
        gone[examples.places(ids)] = True
        removed, kept = arranged(examples, rows=gone), arranged(examples, rows=~gone)
        self.adopt(kept)
        return removed

    def put_back(self, rows: Examples) -> None:
        """Insert rows at the places their ids give them."""
        now, rows = self.examples(), align(rows, self.features, self.outputs)
        order = np.argsort(np.concatenate([now.ids, rows.ids]), kind="stable")
        joined: dict[str, Any] = {
            name: np.concatenate([getattr(now, name), getattr(rows, name)])[order]
            for name in ("ids", "takes", "seconds", "inputs", "targets")
        }
        next_id, next_take = int(joined["ids"].max(initial=0)) + 1, int(joined["takes"].max(initial=0)) + 1
        self.adopt(replace(now, **joined, next_id=next_id, next_take=next_take))

    def put_values(self, column: str, place: int, ids: Integers, values: NDArray[Any]) -> None:
        """Write values of one column ("inputs" or "targets") by id."""
        examples = self.examples()
        there = np.isin(ids, examples.ids)
        changed: dict[str, Any] = {column: getattr(examples, column).copy()}
        changed[column][examples.places(ids), place] = values[there]
        self.adopt(replace(examples, **changed))
