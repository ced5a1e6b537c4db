"""What the whole application wears: palette, font and colours of a look, and a size that its screen has room for."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication

from ui.theme import Look


def dress(look: Look) -> None:
    """Give the application the look's palette, font and colours."""
    found = application()
    found.setPalette(look.palette())
    found.setFont(look.font())
    found.setStyleSheet(look.style_sheet())


def application() -> QApplication:
    """Return the application; RuntimeError if there is none yet."""
    found = QApplication.instance()
    if not isinstance(found, QApplication):
        raise RuntimeError("make the QApplication before the window: see ui.application")
    return found


def fitting(size: QSize, least: QSize) -> QSize:
    """Return a size that fits the screen, but not less than a window needs."""
    screen = QApplication.primaryScreen()
    return size.boundedTo(screen.availableSize()).expandedTo(least) if screen else size
