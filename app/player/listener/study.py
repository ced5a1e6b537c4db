"""How a Listener learns: examples out to the learning process, trained models back, the old ones kept.

The models that answer stay until the new ones are here, and are swapped all at once. The last ones are kept, so that
a training that made things worse is one step back.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from app.example import Examples
from app.history import Edit
from app.learning import Cancelled, Curve, Done, Ended, Failed, FitJob, Progress, Report, Scored, Task
from app.model.registry import MODELS, of_kind
from app.parameter import Parameter, Steps, Tree, switch
from app.player.listener.brain import Brain, Learnt
from app.player.listener.comparison import Comparison
from app.player.listener.player import Listener
from app.player.listener.recipe import Recipe, recipe_of
from app.snapshot import ModelNote, StudyState
from app.transport import Clock

KEPT = 8
POLL_S = 0.004
KINDS = {"class": "classifier", "number": "regressor"}


class Worker(Protocol):
    """The near side of the learning process."""

    def warm(self, model: str = "") -> None:
        """Start it, so that a fit (of this model, if it is slow to begin) starts at once later."""

    def submit(self, job: FitJob) -> int:
        """Ask for a fit; return its number."""

    def cancel(self) -> None:
        """Give up what is asked for."""

    def poll(self) -> list[Report]:
        """Return the reports since the last call."""

    def close(self) -> None:
        """End it."""


@dataclass(frozen=True, slots=True)
class SwapEdit:
    """Trained models took the place of others.

    Attributes: `brain`, `before`, `after` (learnt by output), `shown` (told when they changed places), `title`.
    """

    brain: Brain
    before: dict[int, Learnt]
    after: dict[int, Learnt]
    shown: Callable[[], None]
    title: str = "Train"

    def undo(self) -> None:
        self.brain.swap(self.before)
        self.shown()

    def redo(self) -> None:
        self.brain.swap(self.after)
        self.shown()

    def merge(self, later: Edit) -> Edit | None:
        return None


class Study:
    """Learns for a Listener.

    Attributes: `listener`, `active` (a fit runs), `state` (for the screen), `ended` (called when a run ended; True:
    the new models answer), `selections` (output -> the columns it learns from; missing: all).
    """

    def __init__(
        self,
        tree: Tree,
        listener: Listener,
        worker: Worker,
        clock: Clock,
        say: Callable[[str, str], None],
        push: Callable[[Edit], None],
    ) -> None:
        self.tree, self.listener, self.say = tree, listener, say
        self.state = StudyState()
        self.ended: list[Callable[[bool], None]] = []
        self.selections: dict[int, tuple[int, ...]] = {}
        self._worker, self._clock, self._push = worker, clock, push
        self._job: int | None = None
        self._judged: int | None = None
        self._kept: list[tuple[ModelNote, dict[int, Learnt]]] = []
        self._recipes: dict[int, Recipe] = {}  # By number of a kept model; the first output's.
        self._recipe: Recipe | None = None
        self._comparison = Comparison(lambda job: self._worker.submit(job), say)
        self._number = 0
        self._polled = float("-inf")
        self._warmed: set[str] = set()
        self._opened = False
        _add_parameters(tree)

    @property
    def active(self) -> bool:
        return self._job is not None

    @property
    def picture(self) -> StudyState:
        """The state with how the kept models compare."""
        return replace(self.state, compare=self._comparison.state)

    # --- verbs ----------------------------------------------------------------------------------------

    def train(self, outputs: Collection[int] | None = None) -> None:
        """Learn from the examples; ValueError says why it cannot."""
        examples = self.listener.dataset.examples()
        wanted = range(len(examples.outputs)) if outputs is None else outputs
        tasks = [task for place in wanted if (task := self._task(examples, place)) is not None]
        self._recipe = None if not tasks else self._recipe_of(int(tasks[0].output))
        if not tasks:
            raise ValueError("nothing to learn from yet: hold 1, then 2, while frames come in, then train")
        self.state = replace(self.state, active=True, text="training", train=(), valid=(), previous=self.state.valid)
        self._job = self._worker.submit(FitJob(tuple(tasks)))

    def cancel(self) -> None:
        """Give the run up; the models that answer stay."""
        self._worker.cancel()

    def choose(self, number: int) -> None:
        """Let an earlier model answer again; ValueError if it is not kept, or made for other outputs."""
        for note, learnt in self._kept:
            if note.number == number:
                if not self.listener.brain.suits(learnt):
                    raise ValueError(f"model {number} was made for other outputs; change them back, or train anew")
                before = dict(self.listener.brain.learnt)
                self._swap(learnt)
                self._mark(number)
                self._push(SwapEdit(self.listener.brain, before, learnt, self._mark_present, f"Model {number}"))
                return
        raise ValueError(f"model {number} is not kept; there are {', '.join(str(n.number) for n, _ in self._kept)}")

    def compare(self) -> None:
        """Judge all kept models on the same held-out takes; ValueError if there are none, or one is being trained."""
        if self.active:
            raise ValueError("a model is being trained: compare when it is ready")
        made = [(note, self._recipes[note.number]) for note, _ in self._kept if note.number in self._recipes]
        self._comparison.begin(made, self.listener.dataset.examples())

    def back(self) -> None:
        """Let the model before the present one answer again; ValueError if there is none."""
        numbers = [note.number for note, _ in self._kept]
        chosen = next((place for place, (note, _) in enumerate(self._kept) if note.chosen), 0)
        if chosen == 0:
            raise ValueError("there is no earlier model to go back to")
        self.choose(numbers[chosen - 1])

    def opened(self) -> None:
        """Another session was loaded: what was learnt in the one before is gone."""
        if self.active:
            self._worker.cancel()
        self._kept, self._job, self._judged = [], None, None
        self._recipes.clear()
        self.listener.forget()
        learnt = self.listener.brain.learnt
        self.selections = {output: one.selection for output, one in learnt.items() if one.selection is not None}
        self._comparison.forget()
        self.state = StudyState()
        self._opened = True

    def close(self) -> None:
        self._worker.close()

    # --- jobs -----------------------------------------------------------------------------------------

    def _recipe_of(self, place: int) -> Recipe:
        """Return how an output is learnt now."""
        kind = "gesture" if self.listener.gestures else KINDS[self.listener.dataset.outputs[place].kind]
        columns = None if self.listener.gestures else self.selections.get(place)
        return recipe_of(self.tree, place, self.tree.number(f"/listener/{kind}").show(), columns)

    def _task(self, examples: Examples, place: int) -> Task | None:
        recipe = self._recipe_of(place)
        before = self.listener.brain.learnt.get(place)
        same = before is not None and before.card.get("model") == recipe.model and before.selection == recipe.columns
        return recipe.task(examples, before.predictor if same and before is not None else None)

    def tend(self) -> None:
        """Read the reports; called each turn."""
        now = self._clock.now()
        if now - self._polled < POLL_S:
            return
        self._polled = now
        self._warm()
        if self._opened:
            self._opened = False
            self._train_if_wanted()
        for report in self._worker.poll():
            self._hear(report)

    def _warm(self) -> None:
        """Let the worker import its libraries, which takes longer than a fit, before the hand reaches Train."""
        model = self.tree.number("/listener/gesture").show() if self.listener.gestures else ""
        if (model or len(self.listener.dataset)) and model not in self._warmed:
            self._warmed.add(model)
            self._worker.warm(model)

    def _train_if_wanted(self) -> None:
        """Learn from the examples of a session that was opened, if it says so and brought no models."""
        wanted = self.tree.number("/listener/train_on_open").value
        if wanted and len(self.listener.dataset) and not self.listener.brain.ready:
            self.train()

    def _hear(self, report: Report) -> None:
        self._comparison.hear(report)
        match report:
            case Progress(job, _, points) if job == self._job:
                train = tuple((float(epoch), loss) for epoch, loss, _ in points)
                valid = tuple((float(epoch), held) for epoch, _, held in points if held is not None)
                self.state = replace(self.state, train=self.state.train + train, valid=self.state.valid + valid)
            case Done(job) if job == self._job:
                self._finish(report)
            case Scored(job, output) if job == self._judged and output == self._first:
                self._score(report)
            case Curve(job, output, points) if job == self._judged and output == self._first:
                self.state = replace(self.state, growth=points)
            case Failed(job, text) if job == self._job:
                self.say("error", f"Training failed: {text}")
                self._end(f"failed: {text}", False)
            case Cancelled(job) if job == self._job:
                self._end("cancelled, the model before goes on", False)
            case Ended(job) if job == self._judged:
                self._judged = None

    def _finish(self, done: Done) -> None:
        learnt = {int(part.output): Learnt(part.model, part.columns, part.card) for part in done.parts}
        before = dict(self.listener.brain.learnt)
        after = {**before, **learnt}
        self._swap(after)
        self._push(SwapEdit(self.listener.brain, before, after, self._mark_present))
        self._judged, self._first = done.job, done.parts[0].output
        kind = str(done.parts[0].card.get("title", ""))
        self._number += 1
        note = ModelNote(self._number, kind, len(self.listener.dataset), self._clock.now(), took_s=done.seconds)
        self._kept = [*self._kept, (note, after)][-KEPT:]
        if self._recipe is not None:
            self._recipes[note.number] = self._recipe
        self.state = replace(self.state, score=None, confusion=(), classes=(), growth=())
        self._mark(note.number)
        self._end(f"trained on {len(self.listener.dataset)} examples in {done.seconds:.2f} s", True)

    def _end(self, text: str, trained: bool) -> None:
        self._job = None
        self.state = replace(self.state, active=False, text=text)
        for tell in self.ended:
            tell(trained)

    def _score(self, report: Scored) -> None:
        score = None if np.isnan(report.score) else float(report.score)
        confusion = () if report.confusion is None else tuple(tuple(map(int, row)) for row in report.confusion)
        text = self.state.text if score is None else f"{report.measure} {score:.2f} ({report.method})"
        self.state = replace(self.state, score=score, classes=report.classes, confusion=confusion, text=text)
        self._kept = [
            (replace(note, score=score) if note.number == self._number else note, learnt) for note, learnt in self._kept
        ]
        self._show_kept()

    def _swap(self, learnt: dict[int, Learnt]) -> None:
        self.listener.brain.swap(learnt)

    def _mark_present(self) -> None:
        """Mark the models that answer now, whoever brought them back."""
        now = self.listener.brain.learnt
        numbers = [
            note.number
            for note, learnt in self._kept
            if len(learnt) == len(now) and all(now.get(output) is one for output, one in learnt.items())
        ]
        self._mark(numbers[-1] if numbers else 0)

    def _mark(self, number: int) -> None:
        self._kept = [(replace(note, chosen=note.number == number), learnt) for note, learnt in self._kept]
        self._show_kept()

    def _show_kept(self) -> None:
        self.state = replace(self.state, models=tuple(note for note, _ in self._kept))
        self._comparison.mark(self.state.models)

    _first = "0"


def _add_parameters(tree: Tree) -> None:
    told = "A session that is opened learns from its examples, if it has no models"
    tree.add(Parameter("/listener/train_on_open", 0, switch(), title="Train on open", help=told))
    for kind in ("classifier", "regressor", "gesture"):
        names = tuple(entry.name for entry in of_kind(kind))
        title = f"{kind.capitalize()} model"
        tree.add(Parameter(f"/listener/{kind}", 0, Steps(names), title=title, help=f"What a {kind} learns with"))
    for name, entry in MODELS.items():
        for one in entry.settings:
            address = f"/listener/model/{name}/{one.name}"
            tree.add(Parameter(address, one.position, one.curve, title=one.title, help=one.help))
