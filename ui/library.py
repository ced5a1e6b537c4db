"""A slow library that the window can do without.

It is imported in the window's own thread: the plot library copies Qt's classes as it is imported, and doing that
beside a window that paints crashes the process. It takes a third of a second, so the window asks for it when it has
stood for a moment and nobody waits for it, or when the first curve is wanted.
"""

from __future__ import annotations

import importlib
from types import ModuleType


class Library:
    """Attributes: `name`, `module` (None until it was fetched), `failure` (why it cannot be, or "")."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.module: ModuleType | None = None
        self.failure = ""

    def fetch(self) -> ModuleType | None:
        """Return it, imported once; None if it cannot be. Window's thread only."""
        if self.module is None and not self.failure:
            try:
                self.module = importlib.import_module(self.name)
            except ImportError as error:
                self.failure = f"{self.name} is unavailable: {error}; install requirements.txt"
        return self.module
