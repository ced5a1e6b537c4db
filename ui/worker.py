"""The engine's thread while there is a window.

The engine knows nothing of Qt: this thread only calls its loop. A QThread rather than a plain one, so that the
window learns of its end by an ordinary queued signal.
"""

from __future__ import annotations

import traceback

from PySide6.QtCore import QThread

from app.engine import Engine


class EngineThread(QThread):
    """Runs the engine until `/quit`. Attributes: `failure`, the traceback of an engine that broke, else ""."""

    def __init__(self, engine: Engine) -> None:
        super().__init__()
        self.setObjectName("engine")
        self.failure = ""
        self._engine = engine

    def run(self) -> None:
        try:
            self._engine.run()
        except Exception:  # noqa: BLE001 - told by the application, which ends with a failure status
            self.failure = traceback.format_exc()
