"""Everything a performer set, in one folder that survives a crash.

`session.json` holds Parameters by address, bindings and the view. It is written to a temporary file, flushed to
the disk and renamed, so there is always a whole file; autosaves go to a side folder with two older generations.
What a newer or older instrument wrote and this one does not know is kept and written back.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future
from pathlib import Path
from typing import Any, Protocol

from app.binding import from_json, to_json
from app.file import write_whole
from app.hand import Hands
from app.parameter import AnyParameter
from app.transport import Clock

FORMAT = 1
FILE = "session.json"
AUTOSAVE_S = 15.0
GENERATIONS = 3
PLACE = ("/output/", "/window/", "/osc/")
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


class Keeper(Protocol):
    """Something with files of its own in a session's folder (examples, models)."""

    def changes(self) -> Callable[[Path], None] | None:
        """Return what writes the present state into a folder, from any thread; None if nothing is new."""

    def load(self, folder: Path) -> None:
        """Take over what a folder holds; SessionError if it cannot be read, and nothing changes then."""


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
        self._hands, self._clock, self._background, self._say = hands, clock, background, say
        self.keepers: list[Keeper] = []
        self.writes = True
        self._unknown: dict[str, Any] = {}
        self._written = ""
        self._next = clock.now() + AUTOSAVE_S
        self._saving: Future[None] | None = None

    def load(self, folder: Path | None = None) -> None:
        """Take over a stored session; SessionError if it cannot be read, and nothing changes then."""
        stored = read(folder or self.folder)
        self._unknown = apply(self._hands, stored, self._say)
        self._written = self._text()
        for keeper in self.keepers:
            try:
                keeper.load(self.folder)
            except SessionError as error:
                self._say("error", str(error))

    def open(self, folder: Path) -> None:
        """Leave this session, which is written if it changed, for another; SessionError if that cannot be read.

        What the other does not name goes to its default, except the ports, which belong to the place and not to
        the piece, and the window. What was done before cannot be taken back in there.
        """
        stored = read(folder)
        if self.writes:
            self.keep()
        self.folder = folder
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

    def keep(self) -> None:
        """Write the session at the end, if anything changed; a failure is said, for the instrument must end."""
        try:
            for write in self._changes():
                write(self.folder)
            if self._text() != self._written or not (self.folder / FILE).exists():
                self.save()
        except OSError as error:
            self._say("error", f"The session could not be saved to {self.folder}: {error}")

    def _text(self) -> str:
        return json.dumps(gather(self._hands, self._unknown), indent=1, ensure_ascii=False)

    def save(self) -> None:
        """Write the session now; OSError says why it cannot be."""
        text = self._text()
        for write in self._changes():
            write(self.folder)
        write_whole(self.folder / FILE, text)
        self._written, self.saved_at = text, self._clock.now()
        self._say("info", f"Saved to {self.folder}")

    def _changes(self) -> list[Callable[[Path], None]]:
        return [write for keeper in self.keepers if (write := keeper.changes()) is not None]

    def tend(self) -> None:
        """Autosave when something changed; the disk is written in the background."""
        now = self._clock.now()
        if self._saving is not None and self._saving.done():
            self._finish(self._saving)
            self._saving = None
        if now < self._next or self._saving is not None:
            return
        self._next = now + AUTOSAVE_S
        text, changes = self._text(), self._changes()
        if text != self._written or changes:
            self._written = text
            self._saving = self._background.submit(autosave, self.folder, text, changes)

    def _finish(self, saving: Future[None]) -> None:
        error = saving.exception()
        if error is None:
            self.saved_at = self._clock.now()
        else:
            self._written = ""  # Try again at the next turn.
            self._say("error", f"Autosave failed: {error}; the instrument plays on, save to another folder")


def _of_the_place(parameter: AnyParameter) -> bool:
    """Tell whether a Parameter says where and on what one plays, not what."""
    address = parameter.address
    return address.startswith(PLACE) or address.endswith(PORTS)


def newer_autosaves(folder: Path) -> list[Path]:
    """Return the autosaved generations that are newer than the session itself, the newest first."""
    own = folder / FILE
    since = own.stat().st_mtime_ns if own.exists() else 0
    generations = sorted((folder / "autosave").glob(f"*/{FILE}"), reverse=True)
    return [path.parent for path in generations if path.stat().st_mtime_ns > since]


def autosave(folder: Path, text: str, changes: Sequence[Callable[[Path], None]] = ()) -> None:
    """Write a generation beside the session and let the oldest go; OSError if it cannot.

    Examples and models are worth more than their past and have one place, in the session itself.
    """
    for write in changes:
        write(folder)
    side = folder / "autosave"
    stamp = time.strftime("%Y%m%d-%H%M%S")
    write_whole(side / f"{stamp}-{time.time_ns() % 1_000_000_000:09d}" / FILE, text)
    for old in sorted(path for path in side.iterdir() if path.is_dir())[:-GENERATIONS]:
        (old / FILE).unlink(missing_ok=True)
        old.rmdir()
