"""Learnt models kept by number, so that several can be called during one piece.

A model stays what it was when it was kept, with its own presets' settings; learning goes on beside it.
"""

from __future__ import annotations

from collections.abc import Sequence

from app.player.rules.job import Learnt

MOST = 16


class Palette:
    """Kept models, numbered from 1. Attributes: `names`, `models`."""

    def __init__(self) -> None:
        self.names: tuple[str, ...] = ()
        self.models: tuple[Learnt, ...] = ()

    def keep(self, model: Learnt, name: str = "") -> int:
        """Keep a model, under a name or its settings; return its number. ValueError if there is no room."""
        if len(self.models) >= MOST:
            raise ValueError(f"the palette holds {MOST} models; drop one first")
        self.models = (*self.models, model)
        self.names = (*self.names, name.strip() or model.title)
        return len(self.models)

    def use(self, number: int) -> Learnt:
        """Return a kept model; ValueError if there is none of that number."""
        if not 1 <= number <= len(self.models):
            has = f"numbers 1 to {len(self.models)}" if self.models else "nothing yet: keep a model first"
            raise ValueError(f"the palette has {has}, not {number}")
        return self.models[number - 1]

    def restore(self, kept: Sequence[tuple[str, Learnt]]) -> None:
        """Hold these models, each with its name, instead."""
        self.names = tuple(name for name, _ in kept[:MOST])
        self.models = tuple(model for _, model in kept[:MOST])

    def drop(self, number: int) -> None:
        """Let a kept model go; ValueError if there is none of that number."""
        self.use(number)
        self.models = (*self.models[: number - 1], *self.models[number:])
        self.names = (*self.names[: number - 1], *self.names[number:])
