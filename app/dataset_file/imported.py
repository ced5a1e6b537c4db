"""What a file gave: examples, and what the performer should know about how they were read."""

from __future__ import annotations

from dataclasses import dataclass

from app.example import Examples


@dataclass(frozen=True, slots=True, eq=False)
class Import:
    """Attributes: `examples`; `notes`, sentences such as "It has no header"."""

    examples: Examples
    notes: tuple[str, ...] = ()
