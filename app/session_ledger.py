"""What a session says as text, and what of it is on the disk already.

The text is compared, not the gestures that led to it: what was moved and moved back needs no writing.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from app.hand import Hands
from app.saving import FILE, SIDE, Order, Saving, Write
from app.session_file import apply, gather


class Ledger:
    """Attributes: `unknown` (values that belong to parts that are not here), `written` (the newest text on the disk, in
    the session or beside it), `saved` (the text of the session's own file, as far as it is known)."""

    def __init__(
        self, hands: Hands, saving: Saving, gone: Callable[[Path], None], say: Callable[[str, str], None]
    ) -> None:
        """`gone` is told of a folder that somebody took away."""
        self.unknown: dict[str, Any] = {}
        self.written = self.saved = ""
        self._there = False  # The session was on the disk once.
        self._hands, self._saving, self._gone, self._say = hands, saving, gone, say

    @property
    def text(self) -> str:
        """The session's own file as it would be written now."""
        return json.dumps(gather(self._hands, self.unknown), indent=1, ensure_ascii=False)

    def apply(self, stored: dict[str, Any]) -> None:
        """Let what a session stored stand here."""
        self.unknown = apply(self._hands, stored, self._say)

    def read(self, is_own: bool, is_here: bool) -> None:
        """What stands here was read: as the session's own file, or at least (`is_here`) in its folder."""
        self.written = self.text
        self.saved = self.written if is_own else ""
        self._there = is_here

    def wrote(self, order: Order) -> None:
        """An order is on the disk."""
        self.written, self._there = order.text, True
        if not order.side:
            self.saved = order.text

    # --- orders -----------------------------------------------------------------------------------------

    def order(self, folder: Path, side: bool = False) -> Order:
        """Return what writes the session into its folder."""
        return Order(folder, self.text, self._owed(folder), side=side)

    def elsewhere(self, folder: Path, own: Path) -> Order:
        """Return what writes the session into another folder than its own."""
        source = own if own.is_dir() else None
        return Order(folder, self.text, self._saving.owed(source is None), source=source)

    def last(self, folder: Path, given_up: str) -> Order | None:
        """Return what must be written before the session is left; None if nothing is, or its text is given up."""
        text = self.text
        if text == given_up:
            return None
        owed = self._owed(folder)
        return Order(folder, text, owed, left=True) if owed or text != self.saved else None

    def _owed(self, folder: Path) -> dict[int, Write]:
        """Return what writes all that is not on the disk, which is everything if somebody took the folder away."""
        gone = self._there and not (folder / FILE).exists() and not (folder / SIDE).exists()
        if gone:
            self._there = False
            self._say("warning", f"{folder} was gone; all of the session is written anew")
            self._gone(folder)
        return self._saving.owed(gone)
