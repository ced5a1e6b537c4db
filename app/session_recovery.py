"""What a crash left: to be kept, or thrown away for the session as it was saved by hand.

It is taken over at once, so that nobody stands on stage before a question; the decision can wait for the break.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Protocol

from app.parameter import TextParameter, Tree
from app.saving import FILE
from app.session_file import read


class Recovered(Protocol):
    """The session that was recovered."""

    folder: Path

    def save(self, folder: Path | None = None) -> None:
        """Write it."""

    def put(self, stored: dict[str, Any]) -> None:
        """Let the values and bindings of a stored session stand, and save them."""


class Recovery:
    """The decision. It is open while `/session/recovered` holds the time of the autosave."""

    def __init__(self, session: Recovered, tree: Tree) -> None:
        self._session = session
        told = "When what a crash left was autosaved, until it is kept or thrown away"
        text = TextParameter("/session/recovered", "", "Recovered", told, kept=False, undoable=False)
        self._when = tree.add_text(text)

    def at(self, when: str) -> None:
        """Something was recovered that was autosaved then; "" if there is nothing to decide (any more)."""
        self._when.set(when)

    def keep(self) -> None:
        """Let what a crash left be the session; ValueError after no crash."""
        self._need()
        self._session.save()  # First: where it is refused, the decision stays open.
        self.at("")

    def start_clean(self, otherwise: Path) -> None:
        """Go back to the session as it was saved by hand (`otherwise`, if it never was).

        Examples and models have one place and stay. It is saved, so that the next start does not recover it again.
        ValueError after no crash, SessionError if there is nothing to go back to.
        """
        self._need()
        folder = self._session.folder
        stored = read(folder if (folder / FILE).exists() else otherwise)
        self.at("")
        self._session.put(stored)

    def _need(self) -> None:
        if not self._when.value:
            raise ValueError("nothing was recovered: the last end was a good one, or it was decided already")
