"""How a job in another process may end without a result, and how that process begins: the same for all who learn there.

It imports nothing, so that both ends of any pipe may have it.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Failed:
    """A job that cannot be done. Attributes: `job` (its number), `text` (one sentence for the performer)."""

    job: int
    text: str


@dataclass(frozen=True, slots=True)
class Cancelled:
    """A job that nobody wants any more, by its number: given up, or another came before it was done."""

    job: int


@dataclass(frozen=True, slots=True)
class Ready:
    """The process has its libraries."""
