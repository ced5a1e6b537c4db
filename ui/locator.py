"""Shows where on the screen an address is moved: turns to its player and view, and blinks around its control."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from ui.desk import Desk
from ui.widget.flash import Flash
from ui.words import PLAYER_KEYS

TURN_MS = 130  # Until the view has turned: the engine answers, the window looks.


class Locator:
    """Attributes: `desk`, `flash`, `controls` (every control there is now; a page never shown has none yet)."""

    def __init__(self, desk: Desk, flash: Flash, controls: Callable[[], Iterable[object]]) -> None:
        self.desk, self.flash, self.controls = desk, flash, controls
        self._answered = 0

    def follow(self, number: int, address: str) -> None:
        """Show an address when somebody asked anew: each asking has its number."""
        if number != self._answered:
            self._answered = number
            self.locate(address)

    def locate(self, address: str) -> None:
        """Blink around the control of an address, wherever it is."""
        if self._shown(address) is not None:
            self._blink(address)
            return
        part = address.split("/")[1]
        if part in PLAYER_KEYS.values():
            self.desk.choose_player(part)
        self.desk.engine.set("/window/view", "studio")
        QTimer.singleShot(TURN_MS, self.flash, lambda: self._blink(address))

    def _shown(self, address: str) -> QWidget | None:
        """Return the control of an address that is in sight, faders and switches first."""
        named = [(one, getattr(one, "parameter", None) or one) for one in self.controls()]
        found = [one for one, owner in named if getattr(owner, "address", "") == address]
        return next((one for one in found if isinstance(one, QWidget) and one.isVisible()), None)

    def _blink(self, address: str) -> None:
        shown = self._shown(address)
        if shown is not None:
            self.flash.show_around(shown)
        else:
            self.desk.say("It has no control on the screen: see the list of bindings")
