"""What Wekinator calls a project: names, outputs and choices, beside the examples and models that the Listener has."""

from __future__ import annotations

from collections.abc import Sequence

from app.dataset_file.project import Setup
from app.player.listener.plan import Output
from app.player.listener.takeover import plan_of

SEPARATE = frozenset("/ #*,?[]{}")  # What an OSC address must not hold in one of its parts.


class Project:
    """One project.

    Attributes: `plan` (its outputs), `width` (inputs; 0: the first frame will say), `inputs` and `outputs` (names),
    `named` (whether a client chose the outputs' names), `distributions` (outputs, from 0, that tell class chances),
    `selections` (output -> the inputs, from 0, it learns from), `messages` (addresses of the gestures).
    """

    def __init__(self, plan: Sequence[Output], width: int) -> None:
        self.plan, self.width = tuple(plan), width
        self.inputs: tuple[str, ...] = tuple(f"inputs-{place}" for place in range(1, width + 1))
        self.outputs = self.default_outputs()
        self.distributions: set[int] = set()
        self.selections: dict[int, tuple[int, ...]] = {}
        self.messages = self.default_messages()

    @classmethod
    def of(cls, setup: Setup) -> Project:
        """Return the project that files describe."""
        plan = plan_of(setup.outputs, setup.gestures)
        project = cls(plan, len(setup.inputs))
        project.inputs = setup.inputs
        if not setup.gestures:
            project.outputs = tuple(output.name for output in setup.outputs)
            project.distributions = {place for place, sends in enumerate(setup.distributions) if sends}
        elif len(setup.messages) == project.gestures:
            project.messages = setup.messages
        return project

    @property
    def gestures(self) -> int:
        """How many gestures it tells apart in time; 0 for a project that answers each frame."""
        return self.plan[0].classes if self.plan and self.plan[0].kind == "dtw" else 0

    def default_outputs(self) -> tuple[str, ...]:
        return tuple(f"outputs-{place}" for place in range(1, len(self.plan) + 1))

    def default_messages(self) -> tuple[str, ...]:
        return tuple(f"/output_{place}" for place in range(1, self.gestures + 1))

    def name_inputs(self, names: tuple[str, ...]) -> None:
        """Call the inputs so; ValueError if their number is another or two are the same."""
        if self.width and len(names) != self.width:
            raise ValueError(f"{len(names)} names came for {self.width} inputs")
        self.inputs, self.width = _different(names), len(names)

    def name_outputs(self, names: tuple[str, ...]) -> None:
        """Call the outputs so, or the gestures; ValueError if their number is another or two are the same."""
        wanted = self.gestures or len(self.plan)
        if len(names) != wanted:
            raise ValueError(f"{len(names)} names came for {wanted} outputs")
        if self.gestures:
            self.messages = tuple(spelled(name) for name in _different(names))
        else:
            self.outputs = _different(names)

    def place(self, number: int) -> int:
        """Return an output's place from 0; ValueError if there is no such number."""
        return _place(number, len(self.plan), "output")

    def gesture(self, number: int) -> int:
        """Return a gesture's number; ValueError if there is none."""
        return _place(number, self.gestures, "gesture") + 1

    def input(self, number: int) -> int:
        """Return an input's place from 0; ValueError if there is no such number."""
        return _place(number, self.width, "input")

    def spread(self, place: int, classes: Sequence[int], chances: Sequence[float]) -> tuple[float, ...]:
        """Return an output's distribution: no class first, then classes 1..N; only N zeros while it is untrained."""
        count = self.plan[place].classes
        if not classes:
            return (0.0,) * count
        told = [0.0] * (count + 1)
        for number, chance in zip(classes, chances, strict=True):
            if number <= count:
                told[number] = float(chance)
        return tuple(told)


def spelled(name: str) -> str:
    """Return the OSC address of a name."""
    bare = name.removeprefix("/")
    return "/" + "".join("_" if character in SEPARATE - {"/"} else character for character in bare)


def _different(names: tuple[str, ...]) -> tuple[str, ...]:
    twice = next((name for place, name in enumerate(names) if name in names[:place]), None)
    if twice is not None:
        raise ValueError(f"two are called {twice!r}; each needs a name of its own")
    return names


def _place(number: int, count: int, what: str) -> int:
    if not 1 <= number <= count:
        raise ValueError(f"there is no {what} {number}; they count from 1 to {count}")
    return number - 1
