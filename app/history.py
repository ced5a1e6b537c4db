"""Undo and redo, one step per gesture.

Steps name things by address and keep values before and after, never objects, so a step stays good after a
session was loaded or a model replaced. Edits of one address that follow each other within a second, or belong
to one press of a fader, are one step.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from app.parameter import Tree

MERGE_SECONDS = 1.0


class Edit(Protocol):
    """One thing that can be taken back."""

    @property
    def title(self) -> str:
        """What the menu calls it: "Temperature"."""

    def undo(self) -> None:
        """Bring back what was before."""

    def redo(self) -> None:
        """Bring back what came after."""

    def merge(self, later: Edit) -> Edit | None:
        """Return one edit that stands for both, or None if they do not belong together."""


@dataclass(frozen=True, slots=True)
class ParameterEdit:
    """A Parameter moved from `before` to `after`."""

    tree: Tree
    address: str
    before: float | str
    after: float | str

    @property
    def title(self) -> str:
        found = self.tree.find(self.address)
        return found.title if found else self.address

    def undo(self) -> None:
        self._put(self.before)

    def redo(self) -> None:
        self._put(self.after)

    def merge(self, later: Edit) -> Edit | None:
        if isinstance(later, ParameterEdit) and later.address == self.address:
            return ParameterEdit(self.tree, self.address, self.before, later.after)
        return None

    def _put(self, value: float | str) -> None:
        found = self.tree.find(self.address)
        if found is not None:
            found.recall(value, "undo")


@dataclass(slots=True)
class _Entry:
    edit: Edit
    seconds: float
    gesture: int | None


class History:
    """The steps done and undone. Attributes: `limit`, the number of steps kept."""

    def __init__(self, limit: int = 500) -> None:
        self.limit = limit
        self._done: list[_Entry] = []
        self._undone: list[_Entry] = []

    def push(self, edit: Edit, seconds: float, gesture: int | None = None) -> None:
        """Record an edit made at `seconds`; it joins the last step where both belong to one gesture."""
        self._undone.clear()
        if self._done:
            last = self._done[-1]
            joined = last.edit.merge(edit) if self._together(last, seconds, gesture) else None
            if joined is not None:
                self._done[-1] = _Entry(joined, seconds, gesture)
                return
        self._done.append(_Entry(edit, seconds, gesture))
        del self._done[: -self.limit]

    @staticmethod
    def _together(last: _Entry, seconds: float, gesture: int | None) -> bool:
        if gesture is not None or last.gesture is not None:
            return gesture == last.gesture
        return seconds - last.seconds < MERGE_SECONDS

    def clear(self) -> None:
        """Forget all steps: what they would take back is gone."""
        self._done.clear()
        self._undone.clear()

    def undo(self) -> str:
        """Take the last step back; return its title, or "" if there was none."""
        return self._move(self._done, self._undone, "undo")

    def redo(self) -> str:
        """Do the step again that was taken back last; return its title, or ""."""
        return self._move(self._undone, self._done, "redo")

    @staticmethod
    def _move(source: list[_Entry], target: list[_Entry], verb: str) -> str:
        if not source:
            return ""
        entry = source.pop()
        entry.edit.undo() if verb == "undo" else entry.edit.redo()
        # Never merge into a step that was moved: its gesture is over.
        target.append(_Entry(entry.edit, float("-inf"), None))
        return entry.edit.title

    @property
    def next_undo(self) -> str:
        return self._done[-1].edit.title if self._done else ""

    @property
    def next_redo(self) -> str:
        return self._undone[-1].edit.title if self._undone else ""
