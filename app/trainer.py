"""Training as the instrument sees it: start, watch, stop, take the result over.

The work itself runs in a worker process of the lowest priority. This desk only starts it, reads its reports
once per turn and keeps the curves for the screen, so the music does not stumble while a model learns.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol

from app.parameter import Linear, Parameter, TextParameter, Tree, switch
from app.snapshot import Snapshot, TrainingState
from app.transport import Clock

POLL_S = 0.1
POINTS = 2000

Curve = list[tuple[float, float]]


class Job(Protocol):
    """A training run in its own process."""

    @property
    def alive(self) -> bool:
        """Whether the process runs."""

    def poll(self) -> list[dict[str, Any]]:
        """Return the reports since the last call."""

    def stop(self) -> None:
        """Ask it to keep the best model so far and end."""

    def kill(self) -> None:
        """End it now; what it wrote before stays whole."""


@dataclass(frozen=True, slots=True)
class Request:
    """What to train: `composer` "" means all folders; 0 minutes or epochs means the trainer's own choice."""

    dataset: Path
    out: Path
    composer: str
    minutes: float
    epochs: int
    resume: bool


@dataclass(slots=True)
class _Run:
    epoch: float = 0.0
    train: Curve = field(default_factory=list)
    valid: Curve = field(default_factory=list)
    rate: float = 0.0
    left: float | None = None
    folder: str = ""
    ended: bool = False


class Trainer:
    """Starts and watches training runs.

    Attributes: `tree`, `text` (the state in words), `finished` (called with the folder of a new model).
    """

    def __init__(
        self,
        tree: Tree,
        clock: Clock,
        say: Callable[[str, str], None],
        start: Callable[[Request], Job],
        models: Path,
        finished: Callable[[Path], None],
    ) -> None:
        self.tree, self.finished = tree, finished
        self.text = "not trained in this session"
        self._clock, self._say, self._start = clock, say, start
        self._job: Job | None = None
        self._run = _Run()
        self._previous: tuple[tuple[float, float], ...] = ()
        self._polled = float("-inf")
        self._state: TrainingState | None = None
        tree.add_text(TextParameter("/training/dataset", "", "Dataset", "Folder with one folder of MIDI per composer"))
        tree.add_text(TextParameter("/training/composer", "", "Composer", "One of its folders; empty means all"))
        tree.add_text(TextParameter("/training/out", str(models), "Models folder", "Where the model goes", kept=False))
        tree.add(Parameter("/training/minutes", 10, Linear(0.1, 600, digits=1), "min", "Longest training"))
        tree.add(Parameter("/training/epochs", 0, Linear(0, 1000, 1, 0), "", "Epochs", "0: until it stops improving"))
        tree.add(Parameter("/training/resume", 0, switch(), title="Resume", help="Go on from the run before"))

    @property
    def active(self) -> bool:
        return self._job is not None

    def train(self) -> None:
        """Start a run with the Parameters' settings; ValueError says what is missing."""
        if self._job is not None:
            raise ValueError("a training is running; stop it first")
        dataset = self.tree.text("/training/dataset").value.strip()
        if not dataset:
            raise ValueError("no dataset chosen: choose a folder that holds one folder of MIDI files per composer")
        folder = Path(dataset).expanduser()
        if not folder.is_dir():
            raise ValueError(f"there is no folder {folder}: choose one that holds a folder of MIDI files per composer")
        self._previous = tuple(self._run.valid)
        self._run = _Run()
        self._job = self._start(
            Request(
                folder,
                Path(self.tree.text("/training/out").value).expanduser(),
                self.tree.text("/training/composer").value.strip(),
                self.tree.number("/training/minutes").value,
                int(self.tree.number("/training/epochs").value),
                bool(self.tree.number("/training/resume").value),
            )
        )
        self.text = "starting"

    def stop(self) -> None:
        """End the run; the best model so far is kept."""
        if self._job is None:
            self._say("info", "No training is running")
        else:
            self._job.stop()
            self.text = "stopping, keeping the best so far"

    def close(self) -> None:
        """End the run with the instrument; the best model written so far stays on the disk."""
        if self._job is not None:
            self._job.kill()
            self._job = None

    def tend(self) -> None:
        """Read reports; called each turn."""
        now = self._clock.now()
        if self._job is None or now - self._polled < POLL_S:
            return
        self._polled = now
        alive = self._job.alive
        for report in self._job.poll():
            self._hear(report)
        if not alive:
            self._job = None
            if not self._run.ended:
                self.text = "ended early"
                self._say("error", "The training process ended by itself; the best model written so far is kept")

    def _hear(self, report: dict[str, Any]) -> None:
        run, self._state = self._run, None
        match report.get("kind"):
            case "progress":
                run.epoch = float(report.get("epoch", run.epoch))
                _extend(run.train, run.epoch, report.get("train"))
                _extend(run.valid, run.epoch, report.get("valid"))
                run.rate = float(report.get("examples_per_s") or run.rate)
                run.left = report.get("seconds_left")
                self.text = str(report.get("text") or "training")
            case "note":
                self._say("info", str(report.get("text")))
            case "error":
                run.ended = True
                self.text = f"failed: {report.get('text')}"
                self._say("error", f"Training failed: {report.get('text')}")
            case "done":
                run.ended = True
                run.folder = str(report.get("folder", ""))
                self.text = "trained"
                self._say("info", f"Trained: {Path(run.folder).name} is in the list of composers")
                self.finished(Path(run.folder))

    def picture(self, snapshot: Snapshot) -> Snapshot:
        """Add the run to the picture; its curves are copied only when a report came in."""
        if self._state is None or self._state.text != self.text or self._state.active != self.active:
            self._state = self._describe()
        return replace(snapshot, training=self._state)

    def _describe(self) -> TrainingState:
        run = self._run
        left = run.left if self.active else None
        curves = tuple(run.train), tuple(run.valid), self._previous
        return TrainingState(self.active, self.text, run.epoch, *curves, run.rate, left, run.folder)


def _extend(curve: Curve, x: float, y: object) -> None:
    """Add a point; a curve that grew too long loses every second point."""
    if not isinstance(y, int | float):
        return
    curve.append((x, float(y)))
    if len(curve) > POINTS:
        del curve[1:-1:2]
