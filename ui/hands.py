"""What the keys of the window itself do: leave, jump to a panel, choose a player, train it, run its program.

Everything else is a Binding. Here stands only what depends on what is in sight.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from ui.key import JUMPS
from ui.panel.follower_editor import FollowerEditor
from ui.words import PLAYER_KEYS

if TYPE_CHECKING:
    from ui.window import MainWindow

# What a key does to the Follower's program while that is in sight, whoever has the focus.
EDITOR_DEEDS: dict[str, Callable[[FollowerEditor], None]] = {
    "Return": lambda editor: editor.setFocus(),
    "Ctrl+Return": lambda editor: editor.play_text(),
    "Alt+Return": lambda editor: editor.play_text(at_once=True),
}
# What Return does, by the player whose columns are shown; else it is a binding.
RETURNS = {"listener": "/listener/train", "rules": "/rules/learn"}
FIGURES = frozenset("123456789")


class Hands:
    """Attributes: `window`."""

    def __init__(self, window: MainWindow) -> None:
        self.window = window

    def deed(self, key: str) -> Callable[[], None] | None:
        """Return what the window itself does on a key; None: it is no key of the window's."""
        window, player = self.window, self.window.desk.player.show()
        if key == "Esc":
            return self.escape
        if key in JUMPS:
            return lambda: self.jump(JUMPS[key])
        if key in PLAYER_KEYS:
            return lambda: window.desk.choose_player(PLAYER_KEYS[key])
        editor = window.editor
        if editor is not None and key in EDITOR_DEEDS:
            return lambda: EDITOR_DEEDS[key](editor)
        if key == "Return" and player in RETURNS:
            return lambda: window.engine.fire(RETURNS[player])
        if key in FIGURES and player == "rules":
            return lambda: self.call(int(key))
        return None

    def call(self, figure: int) -> None:
        """Call a rule of the label that sounds by its number; on Stage a label."""
        engine = self.window.engine
        picture = engine.snapshot
        labels = self.window.desk.presets(picture).labels
        if self.window.is_stage:
            if figure <= len(labels):
                engine.fire("/rules/call", labels[figure - 1], "r")
            return
        label = picture.rules.sounding.label or next(iter(labels), "")
        engine.fire("/rules/call", label, float(figure))

    def escape(self) -> None:
        """Leave what is open: the key sheet, Map mode, the focus, the coach."""
        window = self.window
        if window.key_sheet.isVisible():
            window.engine.set("/window/keys", 0.0)
        elif window.map_layer.on:
            window.map_layer.leave()
        elif window.focusWidget() not in (None, window):
            window.setFocus()
        else:
            window.coach.skip()

    def jump(self, number: int) -> None:
        """Give the focus to the first control of a panel."""
        panels = self.window.places
        inside = panels[min(number, len(panels)) - 1]
        for one in (inside, *inside.findChildren(QWidget)):
            if one.isVisible() and one.focusPolicy() & Qt.FocusPolicy.TabFocus and one.isEnabled():
                one.setFocus(Qt.FocusReason.ShortcutFocusReason)
                return
