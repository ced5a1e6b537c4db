"""What the window may see of the scenes: their names, which one was called last, and how far it has come."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SceneMark:
    """A scene that is kept. Attributes: `number` (1..128), `name`."""

    number: int
    name: str


@dataclass(frozen=True, slots=True)
class SceneState:
    """The scenes.

    Attributes: `kept` (by number), `called` (the number of the last one, 0: none), `share` (how much of the way to it
    is done, 0..1; 1 where nothing is on its way), `coming` (of the one that waits for its beat, 0: none).
    """

    kept: tuple[SceneMark, ...] = ()
    called: int = 0
    share: float = 1.0
    coming: int = 0

    def find(self, number: int) -> SceneMark | None:
        """Return the scene of a number, None if none is kept there."""
        return next((mark for mark in self.kept if mark.number == number), None)
