"""What was done with scenes, to be taken back: one was called, or one was kept, named or thrown away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from app.scene_file import Scene, Stored


class Keeper(Protocol):
    """Whoever has the scenes."""

    def set(self, number: int, scene: Scene | None, called: int) -> None:
        """Put a scene into its place, or nothing; `called` is the one that one stands in."""

    def put(self, values: Stored, called: int) -> None:
        """Let values stand as they are given, whatever was on its way."""


@dataclass(frozen=True, slots=True)
class SceneEdit:
    """A scene was called: values by address and the scene that one stood in, before and after."""

    scenes: Keeper
    name: str
    before: Stored
    after: Stored
    called_before: int
    called_after: int

    @property
    def title(self) -> str:
        return f"Scene {self.name}"

    def undo(self) -> None:
        self.scenes.put(self.before, self.called_before)

    def redo(self) -> None:
        self.scenes.put(self.after, self.called_after)

    def merge(self, later: object) -> None:
        """Each call is a step."""


@dataclass(frozen=True, slots=True)
class StoreEdit:
    """A scene was kept, changed or thrown away; None: there is none."""

    scenes: Keeper
    number: int
    before: Scene | None
    after: Scene | None
    called_before: int
    called_after: int

    @property
    def title(self) -> str:
        if self.before and self.after and self.before.values == self.after.values:
            return f"Scene {self.number} {'named' if self.before.name != self.after.name else 'changed'}"
        return f"Scene {self.number} {'kept' if self.after else 'thrown away'}"

    def undo(self) -> None:
        self.scenes.set(self.number, self.before, self.called_before)

    def redo(self) -> None:
        self.scenes.set(self.number, self.after, self.called_after)

    def merge(self, later: object) -> None:
        """Each is a step."""
