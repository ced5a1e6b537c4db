"""Everything a performer set, in one folder that survives a crash.

`session.json` holds Parameters by address, bindings and the view. It is written to a temporary file, flushed to
the disk and renamed, so there is always a whole file; autosaves go to a side folder with two older generations.
What a newer or older instrument wrote and this one does not know is kept and written back.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from app.dataset_job import StoppedError
from app.hand import Hands
from app.saving import FILE, SIDE, Order, Saving
from app.session_file import FORMAT, SessionError, apply, clear, gather, read
from app.session_lock import Lock
from app.session_opening import Opening, Place, Prepared, prepare, read_files
from app.session_recovery import Recovery
from app.transport import Clock

__all__ = ["AUTOSAVE_S", "FILE", "FORMAT", "Session", "SessionError", "apply", "gather", "read"]

AUTOSAVE_S = 15.0
ELSEWHERE = "save to another folder (/session/save FOLDER)"


@dataclass(frozen=True, slots=True)
class _Wish:
    """A session that shall be opened. Attributes: `folder`, `place`, `free` (this one is written and can be left)."""

    folder: Path
    place: Place | None
    free: bool = False


class Session:
    """One open session.

    Attributes: `folder`, `saved_at` (seconds of the clock, None before the first save), `keepers`, `writes` (False:
    nobody asked for this session to be kept), `foreign` (another instrument has this folder open, in words),
    `recovery` (what is left to decide after a crash).
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
        self.recovery = Recovery(self, hands.tree)
        self._unknown: dict[str, Any] = {}
        self._written = ""  # The newest text on the disk, in the session or beside it.
        self._saved = ""  # The text of the session's own file, as far as it is known.
        self._there = False  # The session was on the disk once.
        self._next = clock.now() + AUTOSAVE_S
        self._asked: Path | None = None  # Where the performer wants it saved.
        self._wish: _Wish | None = None
        self._behind: Order | None = None  # The last changes of the session before, if they could not be written.
        self._lock: Lock | None = None
        self._trouble = ""
        self._left = ""

    # --- whose it is ------------------------------------------------------------------------------------

    def claim(self) -> bool:
        """Claim the folder; False, said, if another instrument has it: then nothing is written there."""
        lock = Lock(self.folder)
        self.foreign = lock.sentence if lock.foreign else ""
        if self.foreign:
            self._say("warning", f"{self.foreign}: here it plays, but nothing is saved into it; {ELSEWHERE}")
        self._have(lock)
        return not self.foreign

    def _have(self, lock: Lock | None) -> None:
        before, self._lock = self._lock, lock
        if before is not None:
            before.release()

    def close(self) -> None:
        """Give up what is being opened, and the folder."""
        self._opening.stop()
        self._have(None)

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
        self._wish = _Wish(folder, place)
        self.tend()

    def stop_opening(self) -> None:
        """Give up what is being opened; the present session goes on."""
        name = self._opening.stop() or (self._wish.folder.name if self._wish else "")
        self._wish = None
        self._say("info", f"{name} was given up; {self.folder.name} goes on" if name else "No session is being opened")

    def _advance(self) -> None:
        """Go on opening: first this session is written, then the other is read, then they are swapped."""
        if self._saving.order is not None:
            return  # One thing after the other.
        if self._wish is not None:
            order = self._last_order()
            if order is not None and not self._wish.free:
                self._saving.begin(order)
                self._finish()
                return
            self._begin(self._wish)
        ended = self._opening.ended()
        if ended is None:
            return
        prepared, error = ended
        if prepared is not None:
            self._swap(prepared)
        elif not isinstance(error, StoppedError):
            self._say("error", f"The session was not opened: {error}; {self.folder.name} goes on")

    def _begin(self, wish: _Wish) -> None:
        self._wish = None
        locks = self._lock is not None and not _same(wish.folder, self.folder)
        if given_up := self._opening.begin(wish.folder, wish.place, locks):
            self._say("info", f"{given_up} was given up for {wish.folder.name}")

    def _last_order(self) -> Order | None:
        """Return what must be written before this session is left, None if nothing is, or it was asked for twice."""
        text = self._text()
        if not self.writes or text == self._left:
            return None
        owed = self._owed()
        return Order(self.folder, text, owed, left=True) if owed or text != self._saved else None

    def _swap(self, prepared: Prepared) -> None:
        """Let another session be this one, in one turn."""
        self._behind = self._last_order()  # What changed while the other was read.
        if self._behind is not None:
            self._saving.begin(self._behind)
        if not _same(prepared.folder, self.folder):
            self._have(prepared.lock)
        self.folder = prepared.folder
        self._saving.forget()
        self.writes, self.foreign, self._asked = self.writes or bool(self.foreign), "", None
        clear(self._hands, prepared.stored["parameters"])
        self._take(prepared)
        self._hands.history.clear()
        self.saved_at = None
        self._say("info", f"Opened {self.folder.name}")

    def _take(self, prepared: Prepared) -> None:
        for trouble in prepared.troubles:
            self._say("warning", trouble)
        self._unknown = apply(self._hands, prepared.stored, self._say)
        self._written = self._text()
        is_own = prepared.folder == self.folder and not prepared.recovered
        self._saved = self._written if is_own else ""
        self._there = prepared.folder == self.folder
        for take in prepared.takes:
            try:
                take()
            except SessionError as error:
                self._say("error", str(error))
        self.recovery.at(prepared.recovered)
        if prepared.recovered:
            at = prepared.recovered
            self._say("info", f"Recovered what was autosaved at {at}; the session as you saved it is untouched")

    def put(self, stored: dict[str, Any]) -> None:
        """Let the values and bindings of a stored session stand here, and save them; its files stay."""
        clear(self._hands, stored["parameters"])
        self._unknown = apply(self._hands, stored, self._say)
        self._hands.history.clear()
        self.save()

    # --- writing ----------------------------------------------------------------------------------------

    def keep(self) -> bool:
        """Write the session at the end, if anything changed; return whether it is on the disk. A failure is said."""
        if self.foreign:
            return False  # It was said when it was opened.
        self._saving.wait()
        self._finish()
        if self._behind is not None:
            self._saving.begin(self._behind)
            self._saving.wait()
            self._finish()
        order = self._order()
        try:
            if order.writes or order.text != self._saved or not (self.folder / FILE).exists():
                self._saving.now(order)
                self._note(order)
        except OSError as error:
            self._say("error", f"The session could not be saved to {self.folder}: {error}; {ELSEWHERE}")
            return False
        return True

    def _text(self) -> str:
        return json.dumps(gather(self._hands, self._unknown), indent=1, ensure_ascii=False)

    def _owed(self) -> dict[int, Callable[[Path], None]]:
        """Return what writes all that is not on the disk, which is everything if somebody took the folder away."""
        gone = self._there and not (self.folder / FILE).exists() and not (self.folder / SIDE).exists()
        if gone:
            self._there = False
            self._say("warning", f"{self.folder} was gone; all of the session is written anew")
        return self._saving.owed(gone)

    def _order(self, side: bool = False) -> Order:
        return Order(self.folder, self._text(), self._owed(), side=side)

    def save(self, folder: Path | None = None) -> None:
        """Write the session as soon as may be, in the background; with a folder, there, where it lives from then on.

        ValueError if another session is there already, or this one belongs to another instrument.
        """
        if folder is not None and folder != self.folder and (folder / FILE).exists():
            raise ValueError(f"there is a session in {folder} already; choose another name")
        if self.foreign and folder in (None, self.folder):
            raise ValueError(f"{self.foreign}; {ELSEWHERE}")
        self._asked = folder or self.folder
        self.tend()

    def tend(self) -> None:
        """Save when it is asked for, and by itself when something changed; open what is wanted; the disk is written
        and read in the background."""
        self._finish()
        if self._saving.order is None and self._asked is not None:
            folder, self._asked = self._asked, None
            self._saving.begin(self._order() if folder == self.folder else self._elsewhere(folder))
            self._finish()
        self._advance()
        now = self._clock.now()
        if now < self._next or self._saving.order is not None:
            return
        self._next = now + AUTOSAVE_S
        if self._behind is not None:
            self._saving.begin(self._behind)
        elif self.writes:
            order = self._order(side=True)
            if order.text != self._written or order.writes:
                self._saving.begin(order)

    def _elsewhere(self, folder: Path) -> Order:
        source = self.folder if self.folder.is_dir() else None
        return Order(folder, self._text(), self._saving.owed(source is None), source=source)

    def _finish(self) -> None:
        """Take note of what was written and say what was not."""
        ended = self._saving.ended()
        if ended is None:
            return
        order, error = ended
        if order.left:
            self._finish_left(order, error)
            return
        if error is None:
            self._note(order)
            if not order.side:
                self._say("info", f"Saved to {order.folder}")
            elif self._trouble:
                self._say("info", "Autosave works again; nothing was lost")
            self._trouble = ""
            return
        what = "Autosave failed" if order.side else f"The session could not be saved to {order.folder}"
        if not order.side or str(error) != self._trouble:  # Once, not every 15 s.
            self._say("error", f"{what}: {error}; the instrument plays on, {ELSEWHERE}")
        self._trouble = str(error)

    def _finish_left(self, order: Order, error: BaseException | None) -> None:
        """A session was written because another is to be opened, or has been."""
        name = order.folder.name
        if order is self._behind:
            if error is None:
                self._behind = None
            elif str(error) != self._trouble:
                self._trouble = str(error)
                self._say("error", f"The last changes of {name} are not on the disk yet ({error}); it is tried again")
        elif error is None:
            self._note(order)
            self._wish = None if self._wish is None else replace(self._wish, free=True)
            self._advance()
        else:
            self._left, self._wish = order.text, None
            reason = f"{name} is not left while it cannot be saved ({error})"
            self._say("error", f"{reason}; save it elsewhere, or open again")

    def _note(self, order: Order) -> None:
        """An order is on the disk."""
        self._written, self.saved_at, self._there = order.text, self._clock.now(), True
        if order.side:
            return
        self._saved = order.text
        self.recovery.at("")
        if order.folder != self.folder:
            self.writes = self.writes or bool(self.foreign)
            self.folder, self.foreign = order.folder, ""
            if self._lock is not None:
                self._have(Lock(order.folder))


def _same(one: Path, other: Path) -> bool:
    return one.resolve() == other.resolve()
