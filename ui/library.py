"""A slow library, fetched in the background once the window stands.

Importing the plot library takes half a second, which the first picture and the first note should not wait for.
"""

from __future__ import annotations

import importlib
import threading
from types import ModuleType


class Library:
    """Attributes: `name`, `module` (None until it has arrived), `failure` (why it will not, or "")."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.module: ModuleType | None = None
        self.failure = ""
        self._thread: threading.Thread | None = None

    def fetch(self, wait: bool = False) -> None:
        """Start importing it, once; `wait` until it is here or has failed."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._import, name=f"import {self.name}", daemon=True)
            self._thread.start()
        if wait:
            self._thread.join()

    def _import(self) -> None:
        try:
            self.module = importlib.import_module(self.name)
        except ImportError as error:
            self.failure = f"{self.name} is unavailable: {error}; install requirements.txt"
