"""Everything a performer set, in one folder that survives a crash.

`session.json` holds Parameters by address, bindings and the view. It is written to a temporary file, flushed to
the disk and renamed, so there is always a whole file; autosaves go to a side folder with two older generations.
What a newer or older instrument wrote and this one does not know is kept and written back.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor
from pathlib import Path
from typing import Any

from app.hand import Hands
from app.saving import FILE, Order, Saving
from app.session_change import Change, same
from app.session_claim import ELSEWHERE, Claim, Wanted
from app.session_file import FORMAT, SessionError, apply, clear, gather, read
from app.session_ledger import Ledger
from app.session_lock import Lock
from app.session_opening import Opening, Place, Prepared, prepare, read_files
from app.session_recovery import Recovery
from app.session_report import Report
from app.transport import Clock

__all__ = ["AUTOSAVE_S", "FILE", "FORMAT", "Session", "SessionError", "apply", "gather", "read"]

AUTOSAVE_S = 15.0


class Session:
    """One open session.

    Attributes: `folder`, `saved_at` (seconds of the clock, None before the first save), `keepers`, `writes` (False:
    nobody asked for this session to be kept), `foreign` (another instrument has this folder open, in words),
    `recovery` (what is left to decide after a crash), `ledger` (what it says, and what of it is on the disk).
    """

    def __init__(
        self,
        folder: Path,
        hands: Hands,
        clock: Clock,
        background: Executor,
        say: Callable[[str, str], None],
        reader: Executor | None = None,
    ) -> None:
        """`background` writes, `reader` reads sessions (None: `background` does it too)."""
        self.folder = folder
        self.saved_at: float | None = None
        self.writes = True
        self.foreign = ""
        self._hands, self._clock, self._say = hands, clock, say
        self._saving = Saving(background)
        self.keepers = self._saving.keepers
        self._opening = Opening(hands.tree, reader or background, self.keepers)
        self._change = Change(self, self._saving, self._opening, say)
        self.recovery = Recovery(self, hands.tree)
        self._claim = Claim()
        self.ledger = Ledger(hands, self._saving, self._reclaim, say)
        self._next = clock.now() + AUTOSAVE_S
        self._report = Report(say)

    # --- whose it is ------------------------------------------------------------------------------------

    def claim(self) -> bool:
        """Claim the folder; False, said, if another instrument has it: then nothing is written there."""
        self.foreign = self._claim.take(self.folder)
        if self.foreign:
            self._say("warning", f"{self.foreign}: here it plays, but nothing is saved into it; {ELSEWHERE}")
        return not self.foreign

    @property
    def locks(self) -> bool:
        """Whether sessions are claimed."""
        return self._claim.locks

    def _reclaim(self, folder: Path) -> None:
        """The claim went with the old folder, which may have another name now."""
        if self.locks:
            self._claim.take(folder)

    def close(self) -> None:
        """Give up what is being opened, and the folders."""
        self._change.close()
        self._claim.close()

    # --- another session --------------------------------------------------------------------------------

    def load(self, folder: Path | None = None) -> None:
        """Take over a stored session at once; SessionError if it cannot be read, and nothing changes then."""
        place = folder or self.folder
        self._take(Prepared(place, read(place), read_files(self.folder, self.keepers, lambda _: None, lambda: True)))

    def resume(self) -> None:
        """Take over at once what was last written: the session, or an autosave that a crash left newer than it.

        SessionError if nothing of it can be read.
        """
        self._take(prepare(self.folder, self.keepers, lambda _: None, lambda: True))

    def open(self, folder: Path, place: Place | None = None) -> None:
        """Leave this session, which is written if it changed, for another, as soon as that one is read.

        `place` may put it elsewhere first (a copy) and return where. The present session is untouched until the other
        can be taken over whole; what cannot be read, or left, is said. A session that cannot be written is left when
        this is asked for a second time. What was done before cannot be taken back in there.
        """
        self._change.ask(folder, place)
        self.tend()

    def stop_opening(self) -> None:
        """Give up what is being opened; the present session goes on."""
        name = self._change.drop()
        self._say("info", f"{name} was given up; {self.folder.name} goes on" if name else "No session is being opened")

    def last_order(self, given_up: str) -> Order | None:
        """Return what must be written before this session is left; None if nothing is, or if its text is given up."""
        return self.ledger.last(self.folder, given_up) if self.writes else None

    def become(self, prepared: Prepared) -> Lock | None:
        """Be another session from now on; return what this one was claimed with, if it is left."""
        lock = None
        if not same(prepared.folder, self.folder):
            lock = self._claim.swap(prepared.lock)
        self.folder = prepared.folder
        self._saving.forget()
        self._claim.ask(None)
        self.writes, self.foreign = self.writes or bool(self.foreign), ""
        clear(self._hands, prepared.stored["parameters"])
        self._take(prepared)
        self._hands.history.clear()
        self.saved_at = None
        return lock

    def _take(self, prepared: Prepared) -> None:
        for trouble in prepared.troubles:
            self._say("warning", trouble)
        self.ledger.apply(prepared.stored)
        is_here = prepared.folder == self.folder
        self.ledger.read(is_here and not prepared.recovered, is_here)
        for take in prepared.takes:
            try:
                take()
            except SessionError as error:
                self._say("error", str(error))
        at = "" if self.foreign else prepared.recovered  # Another instrument is alive and well, and decides itself.
        self.recovery.at(at)
        if at:
            self._say("info", f"Recovered what was autosaved at {at}; the session as you saved it is untouched")

    def put(self, stored: dict[str, Any]) -> None:
        """Let the values and bindings of a stored session stand here, and save them; its files stay."""
        clear(self._hands, stored["parameters"])
        self.ledger.apply(stored)
        self._hands.history.clear()
        if not self.foreign:
            self.save()

    # --- writing ----------------------------------------------------------------------------------------

    def keep(self) -> bool:
        """Write the session at the end, if anything changed; return whether it is on the disk. A failure is said."""
        self._change.drop()
        self._saving.wait()
        self._finish()
        self._change.pay_now()
        asked = self._claim.asked
        is_there = asked is None or asked.folder == self.folder or self._write_now(self._asked_order())
        if self.foreign:
            return False  # It was said when it was opened.
        order = self.ledger.order(self.folder)
        if order.writes or order.text != self.ledger.saved or not (self.folder / FILE).exists():
            return self._write_now(order) and is_there
        return is_there

    def _write_now(self, order: Order) -> bool:
        try:
            self._saving.now(order)
        except Exception as error:  # noqa: BLE001 - it is said, and the end goes on: other things end too
            self._say("error", f"The session could not be saved to {order.folder}: {error}; {ELSEWHERE}")
            self._claim.arrive(False)
            return False
        self.note(order, self._claim.arrive(True))
        return True

    def save(self, folder: Path | None = None) -> None:
        """Write the session as soon as may be, in the background; with a folder, there, where it lives from then on.

        ValueError if another session is there already, or this one belongs to another instrument.
        """
        if folder is None or same(folder, self.folder):
            if self.foreign:
                raise ValueError(f"{self.foreign}; {ELSEWHERE}")
            self._claim.ask(Wanted(self.folder))
        else:
            self._claim.ask(self._claim.reserve(folder))
        self.tend()

    def tend(self) -> None:
        """Save when it is asked for, and by itself when something changed; open what is wanted; the disk is written
        and read in the background."""
        self._finish()
        if self._saving.order is None and self._claim.asked is not None:
            self._saving.begin(self._asked_order())
            self._finish()
        self._change.advance()
        self._finish()
        now = self._clock.now()
        if now < self._next or self._saving.order is not None:
            return
        self._next = now + AUTOSAVE_S
        if not self._change.pay() and self.writes:
            order = self.ledger.order(self.folder, side=True)
            if order.text != self.ledger.written or order.writes:
                self._saving.begin(order)

    def _asked_order(self) -> Order:
        """Return what writes the session to where it was asked for."""
        folder = self._claim.go()
        own = self.folder
        return self.ledger.order(own) if folder == own else self.ledger.elsewhere(folder, own)

    def _finish(self) -> None:
        """Take note of what was written and say what was not."""
        ended = self._saving.ended()
        if ended is None:
            return
        order, error = ended
        if order.left:
            self._change.ended(order, error)
            return
        lock = self._claim.arrive(error is None)
        if error is None:
            self.note(order, lock)
        self._report.ended(order, error)

    def note(self, order: Order, lock: Lock | None = None) -> None:
        """An order is on the disk, in a folder that is claimed with `lock` if it is another."""
        self.ledger.wrote(order)
        self.saved_at = self._clock.now()
        if order.side:
            return
        self.recovery.at("")
        if order.folder != self.folder:
            self.writes = self.writes or bool(self.foreign)
            self.folder, self.foreign = order.folder, ""
            if self.locks:
                self._claim.have(lock)
