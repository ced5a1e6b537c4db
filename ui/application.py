"""The Qt side of a run: application, engine thread, window, in that order, and back.

The engine ends the run, whoever asked for it: `/quit` by key, OSC, signal or the closed window all come here as
the end of its thread.
"""

from __future__ import annotations

import sys

from PySide6.QtWidgets import QApplication

from app.engine import Engine
from ui.window import open_window
from ui.worker import EngineThread

LEAVE_MS = 5000


def make_application() -> QApplication:
    """Return the application, made on the first call."""
    application = QApplication.instance()
    if not isinstance(application, QApplication):
        application = QApplication(sys.argv[:1])
    application.setApplicationName("Understudy")
    application.setStyle("Fusion")
    # The engine's end ends the run, not the window's: its notes must be released first.
    application.setQuitOnLastWindowClosed(False)
    return application


def run(engine: Engine) -> int:
    """Run an engine with a window until it ends; return the exit status."""
    application = make_application()
    thread = EngineThread(engine)
    thread.finished.connect(application.quit)
    window = open_window(engine)
    thread.start(EngineThread.Priority.TimeCriticalPriority)
    application.exec()
    engine.fire("/quit")
    ended = thread.wait(LEAVE_MS)
    window.frame_timer.stop()
    window.tick_timer.stop()
    if thread.failure:
        print(f"understudy: the engine broke\n{thread.failure}", file=sys.stderr)
    return 0 if ended and not thread.failure else 1
