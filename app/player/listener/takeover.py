"""Taking over a whole set of examples with the outputs that belong to it, as one step that can be taken back.

Examples, outputs and the models that answer for them belong together: a project that is opened brings its own, and
undo brings back the others, answering as before.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from app.example import Examples
from app.example import Output as Described
from app.history import Edit, ParameterEdit
from app.parameter import Tree
from app.player.listener.brain import Brain
from app.player.listener.plan import MOST_CLASSES, Kind, Output, read_plan, show_plan

if TYPE_CHECKING:
    from app.player.listener.player import Listener

OUTPUTS = "/listener/outputs"


@dataclass(frozen=True, slots=True, eq=False)
class Holding:
    """What a Listener has. Attributes: `examples`, `plan` (the text of its outputs), `brain`."""

    examples: Examples
    plan: str
    brain: Brain


@dataclass(frozen=True, slots=True, eq=False)
class TakeOverEdit:
    """A Listener has other examples and outputs. Attributes: `listener`, `title`, `before`, `after`."""

    listener: Listener
    title: str
    before: Holding
    after: Holding

    def undo(self) -> None:
        _hold(self.listener, self.before)

    def redo(self) -> None:
        _hold(self.listener, self.after)

    def merge(self, later: Edit) -> Edit | None:
        return None


@dataclass(frozen=True, slots=True, eq=False)
class Swap:
    """Something else was put in a place. Attributes: `put` (puts it), `before`, `after`, `title`."""

    put: Callable[[Any], None]
    before: Any
    after: Any
    title: str = ""

    def undo(self) -> None:
        self.put(self.before)

    def redo(self) -> None:
        self.put(self.after)

    def merge(self, later: Edit) -> Edit | None:
        return None


@dataclass(frozen=True, slots=True, eq=False)
class Together:
    """Several steps that are one. Attributes: `title`, `edits` (in the order in which they were done)."""

    title: str
    edits: tuple[Edit, ...]

    def undo(self) -> None:
        for edit in reversed(self.edits):
            edit.undo()

    def redo(self) -> None:
        for edit in self.edits:
            edit.redo()

    def merge(self, later: Edit) -> Edit | None:
        return None


def moved(tree: Tree, values: Mapping[str, float | str]) -> tuple[Edit, ...]:
    """Set Parameters by address; return the steps that set them back. ValueError for a value that cannot be."""
    edits: list[Edit] = []
    for address, value in values.items():
        parameter = tree.find(address)
        if parameter is not None:
            before = parameter.stored
            parameter.set(value, "listener")
            if parameter.stored != before:
                edits.append(ParameterEdit(tree, address, before, parameter.stored))
    return tuple(edits)


def take_over(listener: Listener, examples: Examples, plan: Sequence[Output], title: str, fresh: bool = False) -> Edit:
    """Let a Listener have these examples and outputs instead of all that it has; return the step that takes it back.

    The outputs get the Listener's own names. Models stay where the outputs are of the same kinds, unless it shall begin
    `fresh`.
    """
    names = output_names(plan)
    outputs = tuple(replace(output, name=name) for output, name in zip(examples.outputs, names, strict=True))
    listener.capture.end()
    brain, text = listener.brain, listener.tree.text(OUTPUTS).value
    before = Holding(listener.dataset.examples(), text, brain)
    same = _kinds(outputs) == _kinds(brain.outputs) and (plan[0].kind == "dtw") == listener.gestures
    new = Brain(outputs)
    if same and not fresh:
        new.running = set(brain.running)
        new.swap(brain.learnt)
    after = Holding(replace(examples, outputs=outputs), text if same else show_plan(tuple(plan)), new)
    edit = TakeOverEdit(listener, title, before, after)
    edit.redo()
    return edit


def plan_of(outputs: Sequence[Described], gestures: bool) -> tuple[Output, ...]:
    """Return the plan of described outputs."""
    return tuple(_planned(output, gestures) for output in outputs)


def _planned(output: Described, gestures: bool) -> Output:
    if output.kind == "number":
        return Output("regressor")
    most = max((label.number for label in output.labels), default=1)
    kind: Kind = "dtw" if gestures else "classifier"
    return Output(kind, min(max(most, 1), MOST_CLASSES))


def output_names(plan: Sequence[Output]) -> list[str]:
    """Return what a Listener calls the outputs of a plan."""
    return ["label" if len(plan) == 1 and one.kind != "regressor" else f"out{n}" for n, one in enumerate(plan, 1)]


def _kinds(outputs: Sequence[Described]) -> list[tuple[str, str]]:
    return [(output.name, output.kind) for output in outputs]


def _hold(listener: Listener, holding: Holding) -> None:
    listener.capture.end()
    listener.dataset.adopt(holding.examples)
    listener.tree.text(OUTPUTS).set(holding.plan, "undo")
    listener.renew(holding.brain, gestures=read_plan(holding.plan)[0].kind == "dtw")
