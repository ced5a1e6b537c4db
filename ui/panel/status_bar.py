"""The last line of the window: what was last said, where it is saved, who has the keys."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from app.snapshot import Snapshot
from ui.desk import Desk
from ui.key import is_typing
from ui.panel.card import Bar
from ui.panel.clock_page import NetworkLabel
from ui.widget.editor import Editor
from ui.widget.label import Label

SHOWN_S = 10.0
COLORS = {"info": "text", "warning": "learning", "error": "fault"}
WORDS = {"info": "", "warning": "Note: ", "error": "Error: "}


class StatusBar(Bar):
    """Attributes: `left` (what was said, else the session), `network` (that others are let in), `keys` (who has the
    keys)."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, 26)
        self.left = Label(desk, role="small", color="dim")
        self.keys = Label(
            desk,
            role="small",
            color="dim",
            sample="writing - Ctrl+Return runs it, Esc leaves it",
            align=Qt.AlignmentFlag.AlignRight,
        )
        self.network = NetworkLabel(desk)
        self.row.addWidget(self.left, 1)
        self.row.addWidget(self.network)
        self.row.addWidget(self.keys)
        self._notice, self._noticed = "", float("-inf")

    def refresh(self, picture: Snapshot) -> None:
        typing = is_typing()
        text = typing_text() if typing else "keys: armed     ? for the key sheet"
        self.keys.show_text(text, "learning" if typing else "dim")
        if self.desk.notice != self._notice:
            self._notice, self._noticed = self.desk.notice, self.desk.engine.clock.now()
        self.left.show_text(*self._words(picture))

    def _words(self, picture: Snapshot) -> tuple[str, str]:
        now = self.desk.engine.clock.now()
        line = picture.log[-1] if picture.log else None
        said = line.seconds if line else float("-inf")
        if self._noticed >= said and now - self._noticed < SHOWN_S:
            return self._notice, "text"
        if line and now - said < SHOWN_S:
            return WORDS.get(line.level, "") + line.text, COLORS.get(line.level, "text")
        return session_text(picture), "dim"


def typing_text() -> str:
    """Return how one comes out of the field that has the keys."""
    if isinstance(QApplication.focusWidget(), Editor):
        return "writing - Ctrl+Return runs it, Esc leaves it"
    return "typing - Return takes it, Esc leaves it"


def session_text(picture: Snapshot) -> str:
    """Return the session's name and when it was saved."""
    name = f"session {picture.session}" if picture.session else "no session"
    if picture.saved_ago is None:
        return name
    return f"{name}   saved {ago(picture.saved_ago)}"


def ago(seconds: float) -> str:
    """Return how long ago something was, in steps that do not flicker."""
    if seconds < 5:
        return "now"
    if seconds < 60:
        return f"{int(seconds // 5) * 5} s ago"
    if seconds < 3600:
        return f"{int(seconds // 60)} min ago"
    return f"{int(seconds // 3600)} h ago"
