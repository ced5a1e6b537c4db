"""What Wekinator's messages fetch from the disk and put there: projects, and single models with their examples.

Reading and fitting in takes longer than a step of music, so the reading is done in the background and only the result
is taken over in the engine's thread.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from pathlib import Path
from typing import Any

from app.adapter import store
from app.adapter.host import Host
from app.dataset_file.project import Setup
from app.dataset_job import Fetched, StoppedError, fetch
from app.example import DatasetError

Job = tuple[Future[Any], Callable[[Any], None]]


class Shelf:
    """Files of the mode. Attributes: `refuse` (takes a sentence on what could not be done)."""

    def __init__(self, host: Host, refuse: Callable[[str], None]) -> None:
        self.refuse = refuse
        self._host = host
        self._jobs: list[Job] = []
        self._closed = False

    def open(self, file: Path, take: Callable[[Setup, Fetched], None]) -> None:
        """Read a project; `take` it then."""

        def taken(found: Fetched) -> None:
            if found.setup is not None:
                take(found.setup, found)

        read = partial(fetch, file, lambda _: None, lambda: not self._closed, as_project=True)
        self._later(read, taken)

    def close(self) -> None:
        """Give up what is read or written."""
        self._closed = True

    def save(self, output: int, file: Path) -> None:
        """Write what an output (from 0) learnt; ValueError if that is nothing."""
        learnt = self._host.brain.learnt.get(output)
        if learnt is None:
            raise ValueError(f"output {output + 1} has not learnt anything yet")
        examples = store.taught(self._host.dataset.examples(), output)
        said = f"Wekinator mode: output {output + 1} was saved in {file}"
        self._later(partial(store.write, file, learnt, examples), lambda _: self._host.say(said))

    def restore(self, output: int, file: Path, examples: bool) -> None:
        """Let an output (from 0) answer by a stored model, and have its examples too if they are asked for."""
        self._later(partial(store.read, file, examples), lambda stored: self._fit_in(output, file, stored))

    def _fit_in(self, output: int, file: Path, stored: store.Stored) -> None:
        host = self._host
        dataset = host.dataset
        why = store.misfit(stored, dataset.features, dataset.outputs[output])
        if why:
            raise ValueError(f"the model in {file} does not fit output {output + 1}: {why}")
        host.brain.take(output, stored.learnt)
        if stored.examples is not None:
            host.push(dataset.add(store.spread(stored.examples, dataset.outputs, output), "Load examples"))
        host.say(f"Wekinator mode: output {output + 1} answers by the model in {file}")

    def _later(self, work: Callable[[], Any], then: Callable[[Any], None]) -> None:
        self._closed = False
        self._jobs.append((self._host.background.submit(work), then))

    def tend(self) -> None:
        """Take over what is ready."""
        for job in [job for job in self._jobs if job[0].done()]:
            self._jobs.remove(job)
            try:
                job[1](job[0].result())
            except StoppedError:
                self._host.say("Wekinator mode: the project that was being read was given up")
            except (ValueError, OSError, DatasetError, IndexError) as error:
                self.refuse(str(error))
