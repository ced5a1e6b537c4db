"""The examples of one Listener while they are recorded and edited.

Recording is one call a frame (see `dataset_table`); everything done by hand is here, and each of its verbs
returns the step that takes it back. A step knows rows by id and restores exactly; a take, however long, is one.
`examples()` gives a picture for other threads and processes: views, files, checks, maps, training.

Features added after recording are NaN in older examples: those are kept and shown, but nothing is learned from
them until they are recorded anew or the feature is switched off. A frame that does not fit is refused with a
reason and counted, never raised: a broken sensor must not stop a performance.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from app import dataset_file
from app.dataset_edit import ReplaceEdit, RowEdit, ShapeEdit, ValueEdit, arranged
from app.dataset_table import Table
from app.example import (
    DatasetError,
    Examples,
    Label,
    Output,
    check_label,
    check_names,
)
from app.history import Edit


class Dataset(Table):
    """A table that can be edited.

    Attributes: as `Table`; `naming` says what the values of a frame of a width are called (None: they are numbered).
    """

    naming: Callable[[int], tuple[str, ...]] | None = None

    def names_for(self, width: int) -> tuple[str, ...]:
        """Return what the features of frames of a width are called."""
        if self.naming is not None:
            return self.naming(width)
        return self.features if self.width == width else tuple(f"in{number}" for number in range(1, width + 1))

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
