"""A blind test of the rules: presets are made of every label, heard in any order, and named by a listener.

Whether rules are any good is not in their numbers but in whether somebody hears "rain" when "rain" is called. The
author's assessment sheet asks about twenty presets a label; here the listener is not told which label it is, so that
the answer cannot be wishful.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from app.event import Event
from app.player.rules.preset import word_of
from app.snapshot_rules import BlindState

USUAL = 20  # Presets of each label.
MOST = 100


@dataclass(frozen=True, slots=True)
class Assessment:
    """A test under way or done. Attributes: `asked` (the labels in the order they are heard), `answers` so far."""

    asked: tuple[str, ...]
    answers: tuple[str, ...] = ()

    @classmethod
    def of(cls, labels: Sequence[str], count: int, random: np.random.Generator) -> Self:
        """Return a test of so many presets of each label; ValueError if that is none."""
        if not 1 <= count <= MOST:
            raise ValueError(f"a test takes 1 to {MOST} presets of each label, not {count}")
        asked = [label for label in labels for _ in range(count)]
        return cls(tuple(asked[place] for place in random.permutation(len(asked))))

    @property
    def is_over(self) -> bool:
        return len(self.answers) == len(self.asked)

    @property
    def label(self) -> str:
        """The label that is heard now; nobody may see it."""
        return self.asked[len(self.answers)]

    @property
    def question(self) -> str:
        """What the listener is asked."""
        return f"Blind test, {len(self.answers) + 1} of {len(self.asked)}: which label is this?"

    def answered(self, label: str) -> Self:
        """Return the test one step on; "" is none of the labels. ValueError if there is no such label."""
        if label and label not in self.asked:
            raise ValueError(f"{label!r} is not tested; there are {', '.join(sorted(set(self.asked)))} and none")
        return replace(self, answers=(*self.answers, label))

    def report(self) -> tuple[str, ...]:
        """Return a sentence for each label and one for all, about what was answered so far."""
        heard = tuple(zip(self.asked, self.answers, strict=False))
        told = []
        for label in sorted(set(self.asked)):
            answers = Counter(answer for asked, answer in heard if asked == label)
            others = ", ".join(f"{word_of(one)} {n}" for one, n in answers.most_common() if one != label)
            heard_as = f"; heard as {others}" if others else ""
            told.append(f"{label}: {answers[label]} of {answers.total()} recognised{heard_as}")
        right = sum(asked == answer for asked, answer in heard)
        told.append(f"All: {right} of {len(heard)} recognised; by chance {len(heard) / len(set(self.asked)):.0f}")
        return tuple(told)


class Blind:
    """Runs tests.

    Attributes: `test` (None: none runs), `report` of the last that ended. `pose` lets a preset of a label be heard,
    `say` tells.
    """

    def __init__(
        self,
        random: np.random.Generator,
        pose: Callable[[str], list[Event]],
        say: Callable[[str, str], None],
    ) -> None:
        self.test: Assessment | None = None
        self.report: tuple[str, ...] = ()
        self._random, self._pose, self._say = random, pose, say

    def begin(self, labels: Sequence[str], count: int = USUAL) -> list[Event]:
        """Begin a test of so many presets of each label; ValueError if none can be."""
        if not labels:
            raise ValueError("nothing is learnt yet that could be tested")
        self.test, self.report = Assessment.of(labels, count, self._random), ()
        return self._pose(self.test.label)

    def answer(self, label: str) -> list[Event]:
        """Take an answer ("" is none of the labels) and let the next be heard; ValueError if no test runs."""
        if self.test is None:
            raise ValueError("no blind test runs: begin one with /rules/assess")
        self.test = self.test.answered(label)
        if not self.test.is_over:
            return self._pose(self.test.label)
        self.end()
        return []

    def end(self) -> None:
        """Tell what came out so far."""
        test, self.test = self.test, None
        self.report = test.report() if test is not None and test.answers else self.report
        for line in self.report if test is not None and test.answers else ():
            self._say("info", f"Blind test, {line}")

    @property
    def state(self) -> BlindState:
        """What may be seen of it, which is not the label that is heard."""
        test = self.test
        if test is None:
            return BlindState(report=self.report)
        return BlindState(len(test.answers) + 1, len(test.asked), tuple(sorted(set(test.asked))))
