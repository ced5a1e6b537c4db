"""Steps of undo for models: kept in the palette or dropped from it, taken, or changed with the one before.

A model is a value, so a step names which stood where, before and after. Learning goes on between two steps, and what
it made since is not taken back: it goes where the model before stands, one press away.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from app.history import Edit
from app.player.rules.job import Learnt
from app.player.rules.palette import Palette
from app.player.rules.study import Study


class Owner(Protocol):
    """Whose models they are. Attributes: `palette`, `study`, `playing` (the palette's number in use, 0: the newest)."""

    palette: Palette
    study: Study
    playing: int


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """Which model stands where: `names` and `kept` (the palette's), `playing`, `answers`, `earlier`, `waits`."""

    names: tuple[str, ...]
    kept: tuple[Learnt, ...]
    playing: int
    answers: Learnt | None
    earlier: Learnt | None
    waits: Learnt | None

    @classmethod
    def of(cls, owner: Owner) -> Standing:
        palette, study = owner.palette, owner.study
        return cls(palette.names, palette.models, owner.playing, study.model, study.before, study.candidate)

    def has_study_of(self, other: Standing) -> bool:
        """Whether the same models answer, stand before and wait."""
        return self.answers is other.answers and self.earlier is other.earlier and self.waits is other.waits


@dataclass(frozen=True, slots=True)
class ModelEdit:
    """Models stand elsewhere than before, which can be taken back."""

    owner: Owner
    title: str
    before: Standing
    after: Standing

    def undo(self) -> None:
        _move(self.owner, self.after, self.before)

    def redo(self) -> None:
        _move(self.owner, self.before, self.after)

    def merge(self, later: Edit) -> Edit | None:
        return None


def done(owner: Owner, title: str, deed: Callable[[], object]) -> ModelEdit:
    """Do something with models; return it as a step of undo."""
    before = Standing.of(owner)
    deed()
    return ModelEdit(owner, title, before, Standing.of(owner))


def _move(owner: Owner, was: Standing, to: Standing) -> None:
    """Bring about one side of a step, and nothing that the step did not touch."""
    if was.kept is not to.kept:
        playing = to.playing if owner.playing == was.playing else _place(owner, to)
        owner.palette.names, owner.palette.models, owner.playing = to.names, to.kept, playing
    if was.has_study_of(to):
        return
    study, now = owner.study, Standing.of(owner)
    study.swap(to.answers)
    study.candidate = now.waits
    if now.has_study_of(was):
        study.before, study.candidate = to.earlier, to.waits


def _place(owner: Owner, to: Standing) -> int:
    """Return the number that the palette's model in use gets, 0 if it will not be there."""
    if not owner.playing:
        return 0
    name, used = owner.palette.names[owner.playing - 1], owner.palette.models[owner.playing - 1]
    there = zip(to.names, to.kept, strict=True)
    return next((number for number, one in enumerate(there, 1) if one[0] == name and one[1] is used), 0)
