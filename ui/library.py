"""A slow library that the window can do without.

It is imported in the window's own thread, before the window shows: the plot library copies Qt's classes as it is
imported, and doing that beside a window that paints crashes the process.
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

    def fetch(self) -> None:
        """Import it, once; window's thread only."""
        if self.module is not None or self.failure:
            return
        try:
            self.module = importlib.import_module(self.name)
        except ImportError as error:
            self.failure = f"{self.name} is unavailable: {error}; install requirements.txt"
