"""Everything a performer set, in one folder that survives a crash.

`session.json` holds Parameters by address, bindings and the view. It is written to a temporary file, flushed to
the disk and renamed, so there is always a whole file; autosaves go to a side folder with two older generations.
What a newer or older instrument wrote and this one does not know is kept and written back.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from concurrent.futures import Executor
from pathlib import Path
from typing import Any

from app.binding import from_json, to_json
from app.hand import Hands
from app.parameter import AnyParameter
from app.saving import FILE, Order, Saving, newer_autosaves
from app.transport import Clock

FORMAT = 1
AUTOSAVE_S = 15.0
ELSEWHERE = "save to another folder (/session/save FOLDER)"
PLACE = ("/output/", "/window/", "/osc/", "/midi/")
PORTS = ("/port", "/device", "/host", "/baud")


class SessionError(Exception):
    """A session cannot be read or written: what, where, what to do."""


def gather(hands: Hands, unknown: dict[str, Any]) -> dict[str, Any]:
    """Return all that a session keeps, ready for JSON. `unknown`: what was loaded and belongs to nobody here."""
    values = {parameter.address: parameter.stored for parameter in hands.tree if parameter.kept}
    bindings = [to_json(binding) for binding in hands.bindings if not binding.factory]
    return {"format": FORMAT, "parameters": {**unknown, **values}, "bindings": bindings}


def apply(hands: Hands, stored: dict[str, Any], say: Callable[[str, str], None]) -> dict[str, Any]:
    """Set what a session kept; return the values whose addresses nobody knows.

    A line that cannot be used is told and passed over: one bad value must not cost a performer the rest.
    """
    unknown: dict[str, Any] = {}
    for address, value in stored.get("parameters", {}).items():
        parameter = hands.tree.find(address)
        if parameter is None:
            unknown[address] = value
            continue
        try:
            parameter.set(value, "session")
        except (ValueError, TypeError) as error:
            say("warning", f"Session: {error}")
    for line in stored.get("bindings", []):
        try:
            hands.bindings.add(from_json(line))
        except ValueError as error:
            say("warning", f"Session: {error}")
    if unknown:
        some = ", ".join(sorted(unknown)[:3])
        say("info", f"Session: {len(unknown)} values belong to parts that are not here ({some}); they are kept")
    return unknown


def read(folder: Path) -> dict[str, Any]:
    """Return a stored session; SessionError if there is none or it cannot be read."""
    path = folder / FILE
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise SessionError(f"There is no session in {folder}: it holds no {FILE}") from error
    except (OSError, ValueError) as error:
        raise SessionError(f"{path} cannot be read ({error}); open a generation beside it in autosave/") from error
    if not isinstance(stored, dict) or not isinstance(stored.get("parameters"), dict):
        raise SessionError(f"{path} is no session of this instrument: it has no parameters")
    if not isinstance(stored.get("bindings", []), list):
        raise SessionError(f"{path}: bindings is no list")
    if stored.get("format", 0) > FORMAT:
        raise SessionError(f"{path} was written by a newer version (format {stored['format']}); update the instrument")
    return stored


class Session:
    """One open session.

    Attributes: `folder`, `saved_at` (seconds of the clock, None before the first save), `keepers`, `writes` (False:
    nobody asked for this session to be kept).
    """

    def __init__(
        self, folder: Path, hands: Hands, clock: Clock, background: Executor, say: Callable[[str, str], None]
    ) -> None:
        self.folder = folder
        self.saved_at: float | None = None
        self.writes = True
        self._hands, self._clock, self._say = hands, clock, say
        self._saving = Saving(background)
        self.keepers = self._saving.keepers
        self._unknown: dict[str, Any] = {}
        self._written = ""  # The newest text on the disk, in the session or beside it.
        self._saved = ""  # The text of the session's own file, as far as it is known.
        self._next = clock.now() + AUTOSAVE_S
        self._asked: Path | None = None  # Where the performer wants it saved.
        self._trouble = ""
        self._left = ""

    def load(self, folder: Path | None = None) -> None:
        """Take over a stored session; SessionError if it cannot be read, and nothing changes then."""
        stored = read(folder or self.folder)
        self._unknown = apply(self._hands, stored, self._say)
        self._written = self._text()
        self._saved = self._written if folder in (None, self.folder) else ""
        for keeper in self.keepers:
            try:
                keeper.load(self.folder)
            except SessionError as error:
                self._say("error", str(error))

    def open(self, folder: Path) -> None:
        """Leave this session, which is written if it changed, for another; SessionError if that cannot be read.

        What the other does not name goes to its default, except the ports, which belong to the place and not to
        the piece, and the window. What was done before cannot be taken back in there. A session that cannot be written
        is left when this is asked for a second time.
        """
        stored = read(folder)
        if self.writes:
            self._leave()
        self.folder = folder
        self._saving.forget()
        for parameter in self._hands.tree:
            if parameter.kept and parameter.address not in stored["parameters"] and not _of_the_place(parameter):
                parameter.reset("session")
        for binding in self._hands.bindings:
            if not binding.factory:
                self._hands.bindings.remove(binding)
        self.resume()
        self._hands.history.clear()
        self.saved_at = None
        self._say("info", f"Opened {folder.name}")

    def _leave(self) -> None:
        """Write this session before another is opened; SessionError if it cannot be, once."""
        text = self._text()
        if self.keep() or text == self._left:
            return
        self._left = text
        raise SessionError(f"{self.folder.name} is not left while it cannot be saved; save it elsewhere, or open again")

    def resume(self) -> None:
        """Take over what was last written: the session, or an autosave that a crash left newer than it.

        SessionError if nothing of it can be read.
        """
        left = newer_autosaves(self.folder)
        for generation in left:
            try:
                self.load(generation)
            except SessionError as error:
                self._say("warning", str(error))
                continue
            at = time.strftime("%H:%M", time.localtime((generation / FILE).stat().st_mtime))
            self._say("info", f"Recovered what was autosaved at {at}; the session as you saved it is untouched")
            return
        self.load()

    def keep(self) -> bool:
        """Write the session at the end, if anything changed; return whether it is on the disk. A failure is said."""
        self._saving.wait()
        self._finish()
        order = Order(self.folder, self._text(), self._saving.owed())
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

    def save(self, folder: Path | None = None) -> None:
        """Write the session as soon as may be, in the background; with a folder, there, where it lives from then on.

        ValueError if another session is there already.
        """
        if folder is not None and folder != self.folder and (folder / FILE).exists():
            raise ValueError(f"there is a session in {folder} already; choose another name")
        self._asked = folder or self.folder
        self.tend()

    def tend(self) -> None:
        """Save when it is asked for, and by itself when something changed; the disk is written in the background."""
        self._finish()
        if self._saving.order is None and self._asked is not None:
            folder, self._asked = self._asked, None
            source = self.folder if folder != self.folder and self.folder.is_dir() else None
            self._saving.begin(Order(folder, self._text(), self._saving.owed(), source=source))
            self._finish()
        now = self._clock.now()
        if now < self._next or self._saving.order is not None or not self.writes:
            return
        self._next = now + AUTOSAVE_S
        order = Order(self.folder, self._text(), self._saving.owed(), side=True)
        if order.text != self._written or order.writes:
            self._saving.begin(order)

    def _finish(self) -> None:
        """Take note of what was written and say what was not."""
        ended = self._saving.ended()
        if ended is None:
            return
        order, error = ended
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

    def _note(self, order: Order) -> None:
        """An order is on the disk."""
        self._written, self.saved_at = order.text, self._clock.now()
        if not order.side:
            self._saved, self.folder = order.text, order.folder


def _of_the_place(parameter: AnyParameter) -> bool:
    """Tell whether a Parameter says where and on what one plays, not what."""
    address = parameter.address
    return address.startswith(PLACE) or address.endswith(PORTS)
