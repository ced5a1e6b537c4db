"""The Listener's verbs with arguments: what hands do to its examples and models.

Each changes the dataset by one edit, which is one step of undo, whoever asked: a table on the screen or OSC.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from app.action import Argument, Verb, finite, whole
from app.example import Label
from app.history import Edit
from app.player.listener.file import Files
from app.player.listener.player import Listener
from app.player.listener.study import Study

Arguments = tuple[Argument, ...]


class Verbs:
    """The verbs of one Listener. Attributes: `table`."""

    def __init__(self, listener: Listener, study: Study, files: Files, push: Callable[[Edit], None]) -> None:
        self._listener, self._study, self._files, self._push = listener, study, files, push
        self.table = (
            Verb("/listener/clear", self._clear, 0, "Clear examples", "Nothing; it can be undone"),
            Verb("/listener/name", self._name, 2, "Name a label", "Its number, then its name"),
            Verb("/listener/forget", self._forget, 1, "Clear a label", "Its number"),
            Verb("/listener/delete", self._delete, 1, "Delete examples", "Their ids"),
            Verb("/listener/relabel", self._relabel, 3, "Change targets", "Output from 1, target, then ids"),
            Verb("/listener/edit", self._edit, 3, "Correct an example", "Its id, a feature, a value"),
            Verb("/listener/import", self._import, 1, "Import examples", "A file or a project folder"),
            Verb("/listener/export", self._export, 1, "Export examples", "A file, then a format"),
            Verb("/listener/file/stop", self._stop_file, 0, "Stop the file", "Nothing; the examples stay as they are"),
            Verb("/listener/process/add", self._add_step, 2, "Add processing", "An input, a step, its place from 1"),
            Verb("/listener/process/remove", self._remove_step, 2, "Remove processing", "An input, a step from 1"),
            Verb("/listener/column/enable", self._enable, 2, "Switch a value", "Its name, then 1 or 0"),
            Verb("/listener/column/rename", self._rename, 2, "Name a value", "Its name, then its new one"),
            Verb("/listener/column/move", self._move, 2, "Move a value", "Its name, then its place from 1"),
            Verb("/listener/column/order", self._order, 1, "Order the values", "All names"),
            Verb("/listener/use", self._use, 1, "Use a model", "The number of one that is kept"),
        )

    def _keep(self, edit: Edit | None) -> None:
        if edit is not None:
            self._push(edit)

    def _column(self) -> int:
        """Return the first output that has labels; ValueError if there is none."""
        for place, output in enumerate(self._listener.dataset.outputs):
            if output.kind == "class":
                return place
        raise ValueError("no output has labels: choose outputs such as classifier:4")

    def _clear(self, _arguments: Arguments) -> None:
        self._keep(self._listener.dataset.clear())

    def _name(self, arguments: Arguments) -> None:
        number, column = whole(arguments[0]), self._column()
        colour = self._listener.dataset.outputs[column].label(number).colour
        self._keep(self._listener.dataset.set_label(Label(number, str(arguments[1]), colour), column))

    def _forget(self, arguments: Arguments) -> None:
        self._keep(self._listener.dataset.clear_label(whole(arguments[0]), self._column()))

    def _delete(self, arguments: Arguments) -> None:
        self._keep(self._listener.dataset.delete([whole(one) for one in arguments]))

    def _relabel(self, arguments: Arguments) -> None:
        output, target, *ids = arguments
        self._keep(self._listener.dataset.relabel([whole(one) for one in ids], whole(output) - 1, finite(target)))

    def _edit(self, arguments: Arguments) -> None:
        self._keep(self._listener.dataset.edit(whole(arguments[0]), str(arguments[1]), finite(arguments[2])))

    def _import(self, arguments: Arguments) -> None:
        self._files.read(Path(str(arguments[0])).expanduser())

    def _export(self, arguments: Arguments) -> None:
        form = str(arguments[1]) if len(arguments) > 1 else "own"
        self._files.write(Path(str(arguments[0])).expanduser(), form)

    def _stop_file(self, _arguments: Arguments) -> None:
        self._files.stop()

    # --- inputs -----------------------------------------------------------------------------------------

    def _add_step(self, arguments: Arguments) -> None:
        place = whole(arguments[2]) if len(arguments) > 2 else None
        self._keep(self._listener.inputs.add_step(str(arguments[0]), str(arguments[1]), place))

    def _remove_step(self, arguments: Arguments) -> None:
        self._keep(self._listener.inputs.remove_step(str(arguments[0]), whole(arguments[1])))

    def _enable(self, arguments: Arguments) -> None:
        self._keep(self._listener.inputs.enable(str(arguments[0]), bool(finite(arguments[1]))))

    def _rename(self, arguments: Arguments) -> None:
        self._keep(self._listener.inputs.rename(str(arguments[0]), str(arguments[1])))

    def _move(self, arguments: Arguments) -> None:
        self._keep(self._listener.inputs.move(str(arguments[0]), whole(arguments[1])))

    def _order(self, arguments: Arguments) -> None:
        self._keep(self._listener.inputs.order([str(one) for one in arguments]))

    def _use(self, arguments: Arguments) -> None:
        self._study.choose(whole(arguments[0]))
