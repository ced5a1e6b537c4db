"""What a Listener answers: its outputs, written as one short text.

`classifier:4,regressor,regressor` is one output with four classes and two continuous ones; `dtw:5` recognises five
gestures in time and stands alone. The same text is a Parameter, a command line option and a line in the session.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Kind = Literal["classifier", "regressor", "dtw"]
MOST_OUTPUTS = 64
MOST_CLASSES = 200
WORD = re.compile(r"(classifier|regressor|dtw)(?::(\d+))?")


class PlanError(ValueError):
    """The text names no outputs; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Output:
    """One output. Attributes: `kind`, `classes` (of a classifier, or gestures of dtw; 0 for a regressor)."""

    kind: Kind
    classes: int = 0

    def show(self) -> str:
        return f"{self.kind}:{self.classes}" if self.classes else self.kind


def read_plan(text: str) -> tuple[Output, ...]:
    """Return the outputs that a text names; PlanError if it does not."""
    outputs = tuple(_read_one(word.strip()) for word in text.split(",") if word.strip())
    if not outputs:
        raise PlanError("no outputs named: write such as classifier:4,regressor or dtw:5")
    if len(outputs) > MOST_OUTPUTS:
        raise PlanError(f"{len(outputs)} outputs named, at most {MOST_OUTPUTS} are possible")
    if len(outputs) > 1 and any(output.kind == "dtw" for output in outputs):
        raise PlanError("dtw stands alone: its gestures are its only output")
    return outputs


def _read_one(word: str) -> Output:
    found = WORD.fullmatch(word)
    if found is None:
        raise PlanError(f"{word!r} is no output: write classifier:4, regressor or dtw:5")
    kind, number = found.groups()
    if kind == "regressor":
        if number is not None:
            raise PlanError(f"{word!r}: a regressor takes no number; name it once for each value")
        return Output("regressor")
    classes = int(number) if number is not None else 4
    if not 1 <= classes <= MOST_CLASSES:
        raise PlanError(f"{word!r}: from 1 to {MOST_CLASSES} are possible")
    return Output("classifier" if kind == "classifier" else "dtw", classes)


def show_plan(outputs: tuple[Output, ...]) -> str:
    """Return the text that `read_plan` reads."""
    return ",".join(output.show() for output in outputs)
