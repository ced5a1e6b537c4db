"""Leaving one session for another: first this one is written, then the other is read, then they are swapped.

Nothing of the present session is touched until the other is there whole. What changed while it was read, and could not
be written, stays owed to the session that was left, and that one stays ours until it is on the disk.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from app.dataset_job import StoppedError
from app.saving import Order, Saving
from app.session_lock import Lock
from app.session_opening import Opening, Place, Prepared


class Present(Protocol):
    """The session that is open. Attributes: `folder`, `locks` (whether sessions are claimed)."""

    folder: Path

    @property
    def locks(self) -> bool: ...

    def last_order(self, given_up: str) -> Order | None:
        """Return what must be written before it is left; None if nothing is, or if its text is given up."""

    def note(self, order: Order) -> None:
        """An order is on the disk."""

    def become(self, prepared: Prepared) -> Lock | None:
        """Be another session from now on; return what the former one was claimed with, if it is left."""


@dataclass(frozen=True, slots=True)
class Wish:
    """A session that shall be opened. Attributes: `folder`, `place`, `free` (the present one is written and can be
    left)."""

    folder: Path
    place: Place | None
    free: bool = False


@dataclass(frozen=True, slots=True)
class Arrear:
    """The last changes of a session that was left. Attributes: `order`, `lock` (held until they are written)."""

    order: Order
    lock: Lock | None


class Change:
    """The way from one session to another. Attributes: `arrears` (what is not on the disk yet, the oldest first)."""

    def __init__(self, present: Present, saving: Saving, opening: Opening, say: Callable[[str, str], None]) -> None:
        self.arrears: list[Arrear] = []
        self._present, self._saving, self._opening, self._say = present, saving, opening, say
        self._wish: Wish | None = None
        self._given_up = ""  # The text that could not be written when the session was to be left.
        self._trouble = ""
        self._pays = False

    def ask(self, folder: Path, place: Place | None) -> None:
        """Let another session be opened; the newest wish counts."""
        self._wish = Wish(folder, place)

    def drop(self) -> str:
        """Open nothing after all; return the name of what was given up, "" if nothing was."""
        name = self._opening.stop() or (self._wish.folder.name if self._wish else "")
        self._wish = None
        return name

    def close(self) -> None:
        """Open nothing any more, and let go what is held for what was not written."""
        self.drop()
        for arrear in self.arrears:
            if arrear.lock is not None:
                arrear.lock.release()

    def advance(self) -> None:
        """Go on; called often."""
        if self._saving.order is not None:
            return  # One thing after the other.
        if self._wish is not None and not self._leaves(self._wish):
            return
        ended = self._opening.ended()
        if ended is None:
            return
        prepared, error = ended
        if prepared is not None:
            self._swap(prepared)
        elif not isinstance(error, StoppedError):
            self._say("error", f"The session was not opened: {error}; {self._present.folder.name} goes on")

    def _leaves(self, wish: Wish) -> bool:
        """Have the other session read once this one may be left; return whether it may."""
        order = next((one.order for one in self.arrears if same(one.order.folder, wish.folder)), None)
        if order is None and not wish.free:
            order = self._present.last_order(self._given_up)
        if order is not None:
            self._saving.begin(order)
            return False
        self._wish = None
        locks = self._present.locks and not same(wish.folder, self._present.folder)
        if given_up := self._opening.begin(wish.folder, wish.place, locks):
            self._say("info", f"{given_up} was given up for {wish.folder.name}")
        return True

    def _swap(self, prepared: Prepared) -> None:
        """Let another session be this one, in one turn."""
        present, order = self._present, self._present.last_order(self._given_up)  # What changed meanwhile.
        if order is not None and same(prepared.folder, present.folder):
            name = present.folder.name
            self._say("warning", f"{name} was changed while it was read: it stays as it is; open it again")
            return
        lock = present.become(prepared)
        if order is not None:
            self.arrears.append(Arrear(order, lock))
            self._saving.begin(order)
        elif lock is not None:
            lock.release()
        self._say("info", f"Opened {present.folder.name}")

    # --- what is written of the session that is left ------------------------------------------------------

    def pay(self) -> bool:
        """Begin to write the oldest arrears, every other time: what is played now is saved too, whatever is the matter
        with another disk. Return whether it did."""
        self._pays = bool(self.arrears) and not self._pays
        if self._pays:
            self._saving.begin(self.arrears[0].order)
        return self._pays

    def pay_now(self) -> None:
        """Write all arrears in this thread; what cannot be written is said."""
        for arrear in tuple(self.arrears):
            error: Exception | None = None
            try:
                self._saving.now(arrear.order)
            except Exception as raised:  # noqa: BLE001 - it is said; one session must not cost the others theirs
                error = raised
            self._paid(arrear, error)

    def ended(self, order: Order, error: BaseException | None) -> None:
        """An order of a session that is to be left, or has been, has ended."""
        arrear = next((one for one in self.arrears if one.order is order), None)
        if arrear is not None:
            self._paid(arrear, error)
        elif error is None:
            self._present.note(order)
            self._wish = None if self._wish is None else replace(self._wish, free=True)
            self.advance()
        else:
            self._given_up, self._wish = order.text, None
            reason = f"{order.folder.name} is not left while it cannot be saved ({error})"
            self._say("error", f"{reason}; save it elsewhere, or open again")

    def _paid(self, arrear: Arrear, error: BaseException | None) -> None:
        name = arrear.order.folder.name
        if error is None:
            self.arrears.remove(arrear)
            if arrear.lock is not None:
                arrear.lock.release()
            return
        if self._wish is not None and same(self._wish.folder, arrear.order.folder):
            self._wish, self._trouble = None, str(error)
            reason = f"{name} is not opened while its last changes cannot be saved ({error})"
            self._say("error", f"{reason}; make room for them and open it again")
        elif str(error) != self._trouble:
            self._trouble = str(error)
            self._say("error", f"The last changes of {name} are not on the disk yet ({error}); it is tried again")


def same(one: Path, other: Path) -> bool:
    """Return whether two names lead to one folder."""
    return one.resolve() == other.resolve()
