"""Files of examples while the music plays: read and written in the background, taken over whole.

One file at a time. What goes on is told by two Parameters, so that a panel, a script and a controller see the same;
what was read replaces the examples in one step of undo, together with the outputs that belong to it.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, Future
from functools import partial
from pathlib import Path
from typing import Any

from app.dataset_file import FORMATS
from app.dataset_job import Fetched, StoppedError, deliver, fetch
from app.example import DatasetError
from app.parameter import Linear, Parameter, TextParameter, Tree
from app.player.listener.player import Listener
from app.player.listener.takeover import plan_of

PROGRESS = "/listener/file/progress"
STATE = "/listener/file/state"


class Files:
    """Reads and writes a Listener's examples. Attributes: `active` (a file is dealt with)."""

    def __init__(self, tree: Tree, listener: Listener, background: Executor, say: Callable[[str, str], None]) -> None:
        self._listener, self._background, self._say = listener, background, say
        self._share = 0.0
        self._wanted = False
        self._path = Path()
        self._job: Future[Any] | None = None
        self._then: Callable[[Any], None] = self._take
        told = "Share of the file that is read; 0 while there is none"
        self._progress = tree.add(
            Parameter(PROGRESS, 0, Linear(0, 1), title="File", help=told, kept=False, undoable=False)
        )
        state = TextParameter(STATE, "", "File", "What is read or written now", kept=False, undoable=False)
        self._state = tree.add_text(state)

    @property
    def active(self) -> bool:
        return self._job is not None

    # --- verbs ----------------------------------------------------------------------------------------

    def read(self, path: Path) -> None:
        """Have the examples of a file or project folder instead of those here, as soon as it is read.

        ValueError if another file is dealt with.
        """
        self._begin(path, "reading", partial(fetch, path, self._tell, self._is_wanted), self._take)

    def write(self, path: Path, form: str = "own") -> None:
        """Write the examples as they are now, in a format of `dataset_file.FORMATS`.

        ValueError if there is no such format or another file is dealt with.
        """
        if form not in FORMATS:
            raise ValueError(f"there is no format {form!r}; there are {', '.join(FORMATS)}")
        examples = self._listener.dataset.examples()
        work = partial(deliver, path, examples, form, self._tell, self._is_wanted)
        self._begin(path, "writing", work, self._written)

    def stop(self) -> None:
        """Give the file up; the examples stay as they are."""
        if self._job is None:
            self._say("info", "No file is being read or written")
        self._wanted = False

    def close(self) -> None:
        """Give the file up and wait for its end, which is soon."""
        self._wanted = False
        if self._job is not None:
            self._job.exception()
            self._job = None

    # --- jobs -----------------------------------------------------------------------------------------

    def _begin(self, path: Path, doing: str, work: Callable[[], Any], then: Callable[[Any], None]) -> None:
        if self._job is not None:
            raise ValueError(f"{self._state.value}: wait for it, or stop it with /listener/file/stop")
        self._wanted, self._share, self._path, self._then = True, 0.0, path, then
        self._state.set(f"{doing} {_shown(path)}")
        self._job = self._background.submit(work)
        self.tend()

    def _tell(self, share: float) -> None:
        self._share = max(share, self._share)

    def _is_wanted(self) -> bool:
        return self._wanted

    def tend(self) -> None:
        """Show how far it is, and take over what is ready; called each turn."""
        job = self._job
        if job is None:
            return
        self._progress.set(self._share)
        if not job.done():
            return
        self._job = None
        self._progress.set(0)
        self._state.set("")
        try:
            self._then(job.result())
        except StoppedError:
            self._say("info", f"{self._path.name} was given up; the examples are as they were")
        except (DatasetError, OSError) as error:
            self._say("error", str(error))

    def _take(self, found: Fetched) -> None:
        if not self._wanted:
            raise StoppedError  # It was read before it could be given up; whoever stopped it wants none of it.
        listener = self._listener
        for note in found.notes:
            self._say("info", f"{self._path.name}: {note}")
        gestures = found.gestures or (listener.gestures and _could_be_gestures(found))
        listener.take_over(found.examples, plan_of(found.examples.outputs, gestures), f"Import {self._path.name}")
        self._say("info", f"{len(found.examples)} examples from {self._path}")

    def _written(self, notes: tuple[str, ...]) -> None:
        self._say("info", " ".join([f"Examples written to {self._path}.", *notes]))


def _could_be_gestures(found: Fetched) -> bool:
    outputs = found.examples.outputs
    return found.setup is None and len(outputs) == 1 and outputs[0].kind == "class"


def _shown(path: Path) -> str:
    """Return a file's name as a text Parameter can hold it."""
    return "".join(one if one.isprintable() else "?" for one in path.name)[:200]
