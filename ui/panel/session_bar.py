"""A bar for what concerns the whole session: what a crash left, and a session on its way in.

A bar and no dialog: the music plays on, and nobody has to answer before the next song. It is there only while there is
something to decide.
"""

from __future__ import annotations

from app.snapshot import Snapshot
from ui.desk import Desk
from ui.panel.card import Bar, snug
from ui.widget.label import Label
from ui.widget.pad import ActionPad

RECOVERED, STATE, PROGRESS = "/session/recovered", "/session/state", "/session/progress"


class SessionBar(Bar):
    """Attributes: `words`, `keep` and `clean` (after a crash), `stop` (of an opening)."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, 40)
        self.words = Label(desk, role="normal", color="text")
        self.keep = snug(ActionPad(desk, "/session/keep_recovered", "Keep", tall=28))
        self.clean = snug(ActionPad(desk, "/session/start_clean", "Start clean", tall=28))
        self.stop = snug(ActionPad(desk, "/session/open_stop", "Stop opening", tall=28))
        self.row.addWidget(self.words, 1)
        for pad in (self.keep, self.clean, self.stop):
            self.row.addWidget(pad)
        self.hide()

    def follow(self) -> None:
        """Be there while there is something to say; the window asks, because what is hidden does not look."""
        tree = self.desk.engine.tree
        recovered, opening = tree.text(RECOVERED).value, tree.text(STATE).value
        self.stop.setVisible(bool(opening))
        for pad in (self.keep, self.clean):
            pad.setVisible(bool(recovered) and not opening)
        self.words.show_text(bar_text(recovered, opening, tree.number(PROGRESS).value), "text")
        self.setVisible(bool(recovered or opening))

    def refresh(self, picture: Snapshot) -> None:
        self.follow()


def bar_text(recovered: str, opening: str, share: float) -> str:
    """Return what is to be said."""
    if opening:
        return f"{opening[:1].upper()}{opening[1:]}   {share:.0%}"
    return f"Recovered at {recovered}: this is what was there when the instrument ended. Keep it?" if recovered else ""
