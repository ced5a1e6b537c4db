"""The process that learns rules: one job after another at the lowest priority, until the instrument is gone.

What it is asked is heard by a thread, so that a search looks for nothing more than a flag to know whether it is still
wanted. A fault in a job is one sentence, and the next job is done all the same.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path

from app.interrupt import leave_to_parent
from app.job_report import Cancelled, Failed, Ready
from app.learning.line import Line
from app.player.rules import snap, study_card, table_file
from app.player.rules.job import (
    Done,
    Exported,
    ExportJob,
    FitJob,
    Imported,
    ImportJob,
    Job,
    MapJob,
    Mapped,
    Order,
    Report,
    Rows,
)
from app.player.rules.learner import RuLer, sweep
from app.player.rules.preset import Preset, Presets
from app.priority import LOWEST_NICE, step_back
from app.snapshot_rules import Cell

LOOK_S = 1.0  # How often a process without a job looks whether it is still needed.
MAP_DISTANCES = tuple(range(1, 9))
MAP_CONSISTENCIES = (1.0, 0.75, 0.5, 0.25, 0.125, 0.0625, 0.03125, 0.0)
TELL_CELLS = 8  # So many are told together.


class UnwantedError(Exception):
    """Nobody wants the job any more."""


def serve(connection: Connection) -> None:
    """Be the child process, until the instrument is gone."""
    leave_to_parent()
    step_back(LOWEST_NICE)
    line = Line(connection)
    line.send(Ready())
    parent = os.getppid()
    waiting: list[Order] = []
    while not line.broken and os.getppid() == parent:
        if not waiting and not line.heard:
            line.wait(LOOK_S)
        _sort(line, waiting)
        if waiting:
            order = waiting.pop(0)
            number = order.number
            if order.job is not None:
                Obedience(number, line.send, lambda number=number: _unwanted(line, number)).obey(order.job)  # type: ignore[misc]
    os._exit(0)  # Neither threads nor libraries have anything left to say.


def _sort(line: Line, waiting: list[Order]) -> None:
    """Take what was heard: jobs wait their turn, those given up wait no more."""
    while line.heard:
        order = line.heard.popleft()
        if order.job is not None:
            waiting.append(order)
        elif any(one.number == order.number for one in waiting):
            waiting[:] = [one for one in waiting if one.number != order.number]
            line.send(Cancelled(order.number))


def _unwanted(line: Line, number: int) -> bool:
    return line.broken or any(order.number == number and order.job is None for order in tuple(line.heard))


class Obedience:
    """Does one job and tells what came of it. `unwanted` is asked now and then whether to give up."""

    def __init__(self, number: int, tell: Callable[[Report], None], unwanted: Callable[[], bool]) -> None:
        self._number, self._tell, self._unwanted = number, tell, unwanted

    def obey(self, job: Job) -> None:
        """Do a job; whatever goes wrong is told as one sentence."""
        try:
            match job:
                case FitJob():
                    self._fit(job)
                case MapJob():
                    self._map(job)
                case ImportJob(path, how):
                    self._import(path, how)
                case ExportJob():
                    self._export(job)
        except UnwantedError:
            self._tell(Cancelled(self._number))
        except (ValueError, OSError) as error:
            self._tell(Failed(self._number, str(error)))
        except Exception as error:  # noqa: BLE001 - the process must go on, and the performer must be told
            self._tell(Failed(self._number, f"this cannot be done ({type(error).__name__}: {error})"))

    def _fit(self, job: FitJob) -> None:
        presets = replace(presets_of(job.names, job.rows), numbers=job.numbers)
        ruler = RuLer(job.distance, job.consistency, job.budget_s)
        ruler.fit(presets, stop=self._unwanted, first=job.first)
        if self._unwanted():
            raise UnwantedError
        self._tell(Done(self._number, study_card.describe(ruler, presets, job)))

    def _map(self, job: MapJob) -> None:
        cells: list[Cell] = []
        made = 0
        distances = tuple(distance for distance in MAP_DISTANCES if distance <= max(len(job.names), 1))
        for cell in sweep(presets_of(job.names, job.rows), distances, MAP_CONSISTENCIES, stop=self._unwanted):
            cells.append(cell)
            made += 1
            if len(cells) >= TELL_CELLS:
                self._tell(Mapped(self._number, tuple(cells), whole=False))
                cells.clear()
        if self._unwanted():
            raise UnwantedError
        wanted = len(distances) * len(MAP_CONSISTENCIES)
        cut = f"the machine is too busy for the map: {made} of {wanted} settings are shown; learn again to draw it anew"
        self._tell(Mapped(self._number, tuple(cells), whole=True, note=cut if made < wanted else ""))

    def _import(self, path: str, how: str) -> None:
        found = table_file.read(Path(path).expanduser())
        presets, notes = snap.ingested(found.presets, (how,))
        rows = tuple((preset.values, preset.label) for preset in presets.rows)
        self._tell(Imported(self._number, path, presets.names, rows, (*found.notes, *notes)))

    def _export(self, job: ExportJob) -> None:
        table_file.write(Path(job.path).expanduser(), presets_of(job.names, job.rows))
        self._tell(Exported(self._number, job.path, len(job.rows)))


def presets_of(names: tuple[str, ...], rows: Rows) -> Presets:
    """Return the table as the learner takes it."""
    return Presets(names, tuple(Preset(values, label) for values, label in rows))
