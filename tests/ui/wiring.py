"""What the window asks of the instrument for the Listener, added where the instrument does not have it yet.

Each line is skipped where the address is known, so the same tests run before and after it is built in.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from app import dataset_file
from app.action import Argument
from app.binding import Binding, Hold, Source
from app.example import DatasetError, Label
from app.history import Edit
from app.instrument import Instrument
from app.learning import FitJob, Report
from app.learning.work import obey
from app.parameter import Parameter, Steps

Arguments = tuple[Argument, ...]


def complete(instrument: Instrument) -> None:
    """Add the Actions, the Parameter and the keys that are missing."""
    engine = instrument.engine
    verbs = Verbs(instrument)
    table: tuple[tuple[str, Callable[[Arguments], None], str, str], ...] = (
        ("/listener/name", verbs.name, "Name a label", "Its number, then its name"),
        ("/listener/forget", verbs.forget, "Clear a label", "Its number"),
        ("/listener/delete", verbs.delete, "Delete examples", "Their ids"),
        ("/listener/relabel", verbs.relabel, "Change targets", "Output from 1, target, then ids"),
        ("/listener/edit", verbs.edit, "Correct an example", "Its id, a feature, a value"),
        ("/listener/import", verbs.take, "Import examples", "A file or a project folder"),
        ("/listener/export", verbs.export, "Export examples", "A file, then a format"),
        ("/listener/use", verbs.use, "Use a model", "The number of one that is kept"),
    )
    for address, run, title, help in table:
        if address not in engine.actions:
            engine.actions.add_with(address, run, title, help, "Listener")
    if "/window/player" not in engine.tree:
        players = Parameter("/window/player", 1, Steps(("listener", "composer")), title="Player", undoable=False)
        engine.tree.add(players)
    if not engine.bindings.for_target("/listener/record"):
        for number in range(1, 10):
            hold = Binding(Source("key", str(number)), "/listener/record", Hold(float(number)), factory=True)
            engine.bindings.add(hold)


class InlineWorker:
    """Learns at once, in the caller: what the learning process does, without a process."""

    def __init__(self) -> None:
        self._reports: list[Report] = []
        self._last = 0

    def warm(self) -> None:
        """It always is."""

    def submit(self, job: FitJob) -> int:
        self._last += 1
        obey(self._last, job, self._reports.append, lambda: False)
        return self._last

    def cancel(self) -> None:
        """Nothing ever runs when somebody asks."""

    def poll(self) -> list[Report]:
        reports, self._reports = self._reports, []
        return reports

    def close(self) -> None:
        """There is nothing to end."""


class Verbs:
    """The Listener's verbs with arguments; each edit is one step of undo."""

    def __init__(self, instrument: Instrument) -> None:
        self._instrument = instrument
        self._dataset = instrument.listener.dataset

    def _keep(self, make: Callable[[], Edit | None]) -> None:
        try:
            edit = make()
        except DatasetError as error:
            raise ValueError(str(error)) from error
        if edit is not None:
            self._instrument.engine.note_step(edit)

    def _column(self) -> int:
        return next(n for n, output in enumerate(self._dataset.outputs) if output.kind == "class")

    def name(self, arguments: Arguments) -> None:
        number, name, column = int(arguments[0]), str(arguments[1]), self._column()
        colour = self._dataset.outputs[column].label(number).colour
        self._keep(lambda: self._dataset.set_label(Label(number, name, colour), column))

    def forget(self, arguments: Arguments) -> None:
        self._keep(lambda: self._dataset.clear_label(int(arguments[0]), self._column()))

    def delete(self, arguments: Arguments) -> None:
        self._keep(lambda: self._dataset.delete([int(one) for one in arguments]))

    def relabel(self, arguments: Arguments) -> None:
        output, target, *ids = (float(one) for one in arguments)
        self._keep(lambda: self._dataset.relabel([int(one) for one in ids], int(output) - 1, target))

    def edit(self, arguments: Arguments) -> None:
        self._keep(lambda: self._dataset.edit(int(arguments[0]), str(arguments[1]), float(arguments[2])))

    def take(self, arguments: Arguments) -> None:
        def bring() -> Edit | None:
            found = dataset_file.read(Path(str(arguments[0])))
            for note in found.notes:
                self._instrument.engine.say("info", note)
            return self._dataset.replace(found.examples)

        self._keep(bring)

    def export(self, arguments: Arguments) -> None:
        path, form = Path(str(arguments[0])), str(arguments[1]) if len(arguments) > 1 else "own"
        try:
            notes = dataset_file.write(path, self._dataset.examples(), form)
        except DatasetError as error:
            raise ValueError(str(error)) from error
        self._instrument.engine.say("info", " ".join([f"Examples written to {path}.", *notes]))

    def use(self, arguments: Arguments) -> None:
        self._instrument.study.choose(int(arguments[0]))
