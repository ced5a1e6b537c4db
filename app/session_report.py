"""How saving went, in sentences: success once, a trouble once, not every 15 s."""

from __future__ import annotations

from collections.abc import Callable

from app.saving import Order
from app.session_claim import ELSEWHERE


class Report:
    """Says how orders ended."""

    def __init__(self, say: Callable[[str, str], None]) -> None:
        self._say = say
        self._trouble = ""

    def ended(self, order: Order, error: BaseException | None) -> None:
        """Say what the performer wants to know of an order that has ended."""
        if error is not None:
            self._failed(order, error)
            return
        if not order.side:
            self._say("info", f"Saved to {order.folder}")
        elif self._trouble:
            self._say("info", "Autosave works again; nothing was lost")
        self._trouble = ""

    def _failed(self, order: Order, error: BaseException) -> None:
        what = "Autosave failed" if order.side else f"The session could not be saved to {order.folder}"
        if not order.side or str(error) != self._trouble:
            self._say("error", f"{what}: {error}; the instrument plays on, {ELSEWHERE}")
        self._trouble = str(error)
