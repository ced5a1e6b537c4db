"""The examples of one Listener while they are recorded and edited.

Frames arrive in the engine thread, thousands a second, so adding one is a few writes into arrays that double
when full. Everything else is done by hand and may build new arrays: rows that somebody was shown are never
written again, which makes a picture of the whole set (`examples()`) free of copies and safe in any thread.
Each edit knows rows by id and columns by name and restores exactly; a take, however long, is one edit.

Features added after recording are NaN in older examples: those are kept and shown, but nothing is learned from
them until they are recorded anew or the feature is switched off. A frame that does not fit is refused with a
reason and counted, never raised: a broken sensor must not stop a performance.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy import isfinite
from numpy.typing import NDArray

from app import dataset_file
from app.dataset_edit import ReplaceEdit, RowEdit, ShapeEdit, ValueEdit, align, arranged
from app.example import (
    DatasetError,
    Doubles,
    Examples,
    Floats,
    Integers,
    Label,
    Output,
    check_label,
    check_names,
    frozen,
)
from app.history import Edit

FIRST_ROOM = 256


class Dataset:
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
            return self._refuse("size", f"A frame has {values.size} values, the dataset {len(self.features)}")
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

    def _refuse(self, reason: str, words: str) -> str:
        self.refused[reason] = self.refused.get(reason, 0) + 1
        self.reason = words
        return words

    # Editing. Each returns the step that takes it back, or None if there was nothing to do.

    def delete(self, ids: Any, title: str = "") -> Edit | None:
        """Remove the examples that have these ids."""
        found = self.examples().ids[self.examples().places(ids)]
        if not len(found):
            return None
        edit = RowEdit(self, title or f"Delete {len(found)} example{'s' * (len(found) > 1)}", found, added=False)
        edit.redo()
        return edit

    def delete_take(self, take: int) -> Edit | None:
        """Remove a recording."""
        return self.delete(self._ids[: self._n][self._takes[: self._n] == take], f"Delete take {take}")

    def clear(self) -> Edit | None:
        """Remove all examples."""
        return self.delete(self._ids[: self._n], "Delete all examples")

    def clear_label(self, number: int, output: int | str = 0) -> Edit | None:
        """Remove all examples of a label."""
        examples = self.examples()
        column = examples.output_index(output)
        name = self.outputs[column].label(number).name
        return self.delete(examples.ids[examples.targets[:, column] == number], f"Delete all of {name}")

    def forget(self, output: int | str) -> Edit | None:
        """Make all targets of an output missing; the rows stay for the other outputs."""
        return self.relabel(self._ids[: self._n], output, math.nan)

    def relabel(self, ids: Any, output: int | str, value: float) -> Edit | None:
        """Give examples another target (label number, number, or NaN for none); DatasetError if it cannot be one."""
        examples = self.examples()
        column = examples.output_index(output)
        if why := self.outputs[column].refusal(value):
            raise DatasetError(why)
        found = examples.ids[examples.places(ids)]
        edit = ValueEdit.over(self, f"Change {self.outputs[column].name}", "targets", column, found, value)
        return self._done(edit)

    def edit(self, example: int, feature: str, value: float) -> Edit | None:
        """Correct one value of one example; DatasetError if there is no such feature or the value is not finite."""
        if feature not in self.features:
            raise DatasetError(f"There is no feature {feature!r}; there are {', '.join(self.features)}")
        if not math.isfinite(np.float32(value)):
            raise DatasetError(f"{feature} of example {example}: {value} is no number; delete the example instead")
        found = self.examples().ids[self.examples().places([example])]
        column = self.features.index(feature)
        return self._done(ValueEdit.over(self, f"Change {feature}", "inputs", column, found, value))

    def set_features(self, features: Sequence[str]) -> Edit | None:
        """Have these features: known names keep their values, new ones are NaN in old rows, others are dropped."""
        check_names(tuple(features), "features")
        places = tuple(self.features.index(name) if name in self.features else -1 for name in features)
        return self._reshape("Change features", tuple(features), self.outputs, places, tuple(range(len(self.outputs))))

    def rename_feature(self, old: str, new: str) -> Edit | None:
        """Call a feature otherwise; DatasetError if it does not exist or the name is taken."""
        if old not in self.features:
            raise DatasetError(f"There is no feature {old!r}; there are {', '.join(self.features)}")
        features = tuple(new if name == old else name for name in self.features)
        check_names(features, "features")
        kept = tuple(range(len(features))), tuple(range(len(self.outputs)))
        return self._reshape(f"Rename {old}", features, self.outputs, *kept)

    def set_outputs(self, outputs: Sequence[Output]) -> Edit | None:
        """Have these outputs; targets stay where name and kind stay, new ones are missing in old rows."""
        check_names(tuple(output.name for output in outputs), "outputs")
        known = {(output.name, output.kind): place for place, output in enumerate(self.outputs)}
        places = tuple(known.get((output.name, output.kind), -1) for output in outputs)
        return self._reshape("Change outputs", self.features, tuple(outputs), tuple(range(self.width)), places)

    def set_label(self, label: Label, output: int | str = 0) -> Edit | None:
        """Name or colour a label of an output; DatasetError if its number cannot be one."""
        column = self.examples().output_index(output)
        old = self.outputs[column]
        check_label(label, old)
        labels = [*(known for known in old.labels if known.number != label.number), label]
        new = Output(old.name, old.kind, tuple(sorted(labels, key=lambda known: known.number)))
        outputs = (*self.outputs[:column], new, *self.outputs[column + 1 :])
        kept = tuple(range(self.width)), tuple(range(len(outputs)))
        return self._reshape(f"Name label {label.number}", self.features, outputs, *kept)

    def add(self, examples: Examples, title: str = "Import") -> Edit | None:
        """Add examples of the same features and outputs under new ids and takes; DatasetError if they differ."""
        if examples.features != self.features or [(o.name, o.kind) for o in examples.outputs] != [
            (o.name, o.kind) for o in self.outputs
        ]:
            raise DatasetError("The examples have other features or outputs than the dataset; replace it instead")
        if not len(examples):
            return None
        shifted = arranged(examples, examples.ids + self._next_id, examples.takes + self._next_take)
        edit = RowEdit(self, title, shifted.ids, added=True, rows=shifted)
        edit.redo()
        return edit

    def replace(self, examples: Examples, title: str = "Import") -> Edit:
        """Have these examples, features and outputs instead of all that is here."""
        edit = ReplaceEdit(self, title, self.examples(), examples)
        edit.redo()
        return edit

    def _done(self, edit: ValueEdit | ShapeEdit | None) -> Edit | None:
        if edit is not None:
            edit.redo()
        return edit

    def _reshape(
        self,
        title: str,
        features: tuple[str, ...],
        outputs: tuple[Output, ...],
        inputs_from: tuple[int, ...],
        targets_from: tuple[int, ...],
    ) -> Edit | None:
        if (features, outputs) == (self.features, self.outputs):
            return None
        edit = ShapeEdit(self, title, self.examples(), features, outputs, inputs_from, targets_from)
        return self._done(edit)

    # Files.

    def save(self, folder: Path) -> None:
        """Write the examples into a session's folder; from another thread use `dataset_file.save` on `examples()`."""
        dataset_file.save(folder, self.examples())

    def load(self, folder: Path) -> None:
        """Take over what `save` wrote; DatasetError if it cannot be read, and nothing changes then."""
        self.adopt(dataset_file.load(folder))

    # The arrays. Rows below `_n` are never written again; who changes them brings new arrays.

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
        """Remove rows by id and return them. For edits; others use `delete`."""
        examples = self.examples()
        gone = np.zeros(len(examples), bool)
        gone[examples.places(ids)] = True
        removed, kept = arranged(examples, rows=gone), arranged(examples, rows=~gone)
        self.adopt(kept)
        return removed

    def put_back(self, rows: Examples) -> None:
        """Insert rows at the places their ids give them. For edits; others use `add`."""
        now, rows = self.examples(), align(rows, self.features, self.outputs)
        order = np.argsort(np.concatenate([now.ids, rows.ids]), kind="stable")
        joined: dict[str, Any] = {
            name: np.concatenate([getattr(now, name), getattr(rows, name)])[order]
            for name in ("ids", "takes", "seconds", "inputs", "targets")
        }
        next_id, next_take = int(joined["ids"].max(initial=0)) + 1, int(joined["takes"].max(initial=0)) + 1
        self.adopt(replace(now, **joined, next_id=next_id, next_take=next_take))

    def put_values(self, column: str, place: int, ids: Integers, values: NDArray[Any]) -> None:
        """Write values of one column ("inputs" or "targets") by id. For edits; others use `relabel` or `edit`."""
        examples = self.examples()
        there = np.isin(ids, examples.ids)
        changed: dict[str, Any] = {column: getattr(examples, column).copy()}
        changed[column][examples.places(ids), place] = values[there]
        self.adopt(replace(examples, **changed))
