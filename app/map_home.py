"""The performer's own bindings for each controller: there in every session, as soon as the controller is plugged in.

What a knob does belongs to the knob and not to the piece, so a line mapped on a controller goes to the controller's
profile unless one chooses the session. A session may still say otherwise for a source: its line wins, and the profile's
waits until the session is left. Files are read and written in the background; the table is the truth meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future, wait
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

from app.binding import Binding, Source
from app.binding_move import Overlaps
from app.file import set_aside
from app.hand import Hands
from app.parameter import Parameter, Steps
from app.profile import ProfileError, Shelf, read, write

KEEP = "/map/keep"
PROFILE, SESSION = "controller", "session"
REST_S = 0.5  # Between two writings of one file.
AGAIN_S = 10.0  # After one that failed.

Result = TypeVar("Result")
Loaded = tuple[Path, list[Binding], list[str]]


@dataclass(slots=True)
class Kept:
    """One controller's profile.

    Attributes: `path`, `lines` (all of them, those that a session hides too), `hidden` (by the session), `changed` (the
    file is older than the lines), `is_hurt` (the file could not be read whole, so it is set aside before it is
    written), `next` (seconds before which it is not written).
    """

    path: Path
    lines: list[Binding] = field(default_factory=list)
    hidden: set[Binding] = field(default_factory=set)
    changed: bool = False
    is_hurt: bool = False
    next: float = float("-inf")


class Home:
    """Attributes: `on` (False: no profile is loaded), `kept` (controller -> its profile, once it was plugged in)."""

    def __init__(
        self, hands: Hands, shelf: Shelf, say: Callable[[str, str], None], background: Executor | None = None
    ) -> None:
        """`background` reads and writes files; None: the caller does."""
        self.on = True
        self.kept: dict[str, Kept] = {}
        self._hands, self._shelf, self._say, self._background = hands, shelf, say, background
        self._loading: dict[str, Future[Loaded]] = {}
        self._writing: dict[str, Future[str]] = {}
        self._table = -1
        told = "Whether a knob that is mapped moves its target in every session, or in this one alone"
        where = Steps((PROFILE, SESSION))
        self._keep = hands.tree.add(Parameter(KEEP, 0, where, title="Keep maps for the", help=told, undoable=False))

    def keeps(self, source: Source) -> bool:
        """Return whether a line of this source, made now, belongs to a profile."""
        return self.may_keep(source) and self._keep.show() == PROFILE

    def may_keep(self, source: Source) -> bool:
        """Return whether a source has a profile: that of a controller which was plugged in."""
        return self.on and source.kind == "midi" and source.port in self.kept

    def forget(self, line: Binding) -> None:
        """Take a line out of its profile for good: one that gives way to a session's would only be hidden."""
        kept = self.kept.get(line.source.port)
        if kept is not None and line in kept.lines:
            kept.lines.remove(line)
            kept.changed = True

    def tend(self, now: float, present: Sequence[str]) -> None:
        """Load the profiles of controllers that came, write those whose lines changed; called each turn."""
        for name in present if self.on else ():
            if name not in self.kept and name not in self._loading:
                self._loading[name] = self._do(self._load, name)
        for name in [name for name, future in self._loading.items() if future.done()]:
            self._take(name, self._loading.pop(name))
        if self._hands.bindings.version != self._table:
            self._absorb()
        for name in [name for name, future in self._writing.items() if future.done()]:
            self._written(name, now)
        for name, kept in self.kept.items():
            if kept.changed and name not in self._writing and now >= kept.next:
                self._write(name, kept)

    def close(self) -> None:
        """Finish what is being written, and write what is not."""
        for _ in range(2):
            self.tend(float("inf"), ())
            wait(self._writing.values())
            self.tend(float("-inf"), ())
        if self._background is not None:
            self._background.shutdown()

    # --- loading --------------------------------------------------------------------------------------

    def _load(self, name: str) -> Loaded:
        """Find and read the profile of a controller; in the background."""
        path = self._shelf.own_for(name)
        if not path.exists():
            return path, [], []
        _, lines, faults = read(path)
        return path, [_of(line, name) for line in lines if line.source.kind == "midi"], faults

    def _take(self, name: str, future: Future[Loaded]) -> None:
        try:
            path, lines, faults = future.result()
        except (ProfileError, OSError) as error:
            self._say("error", str(error))
            path, lines, faults = self._shelf.own_for(name), [], [str(error)]
        kept = self.kept[name] = Kept(path, list(dict.fromkeys(lines)), is_hurt=bool(faults))
        for fault in faults[:3]:
            self._say("warning", f"Profile of {name}: {fault}")
        self._settle(kept, self._own())
        if kept.lines:
            over = f", {len(kept.hidden)} of them give way to this session" if kept.hidden else ""
            self._say("info", f"{len(kept.lines)} bindings of {name} loaded from its profile{over}")

    # --- the table ------------------------------------------------------------------------------------

    def _own(self) -> Overlaps:
        """Return the sources of the session's own lines of controllers."""
        return Overlaps(line.source for line in self._hands.bindings if line.source.kind == "midi" and line.own)

    def _absorb(self) -> None:
        """See what was done to the table since: what came and went among the lines of profiles."""
        own = self._own()
        for name, kept in self.kept.items():
            stands = [one for one in self._hands.bindings if one.profile and one.source.port == name]
            present = set(stands)
            left = [one for one in kept.lines if one in present or one in kept.hidden or own.has(one.source)]
            lines = list(dict.fromkeys(left + stands))
            kept.changed = kept.changed or lines != kept.lines
            kept.lines = lines
            self._settle(kept, own)
        self._table = self._hands.bindings.version

    def _settle(self, kept: Kept, own: Overlaps) -> None:
        """Have the lines in the table that the session does not hide."""
        kept.hidden = {one for one in kept.lines if own.has(one.source)}
        for line in kept.lines:
            self._hands.bindings.put(line, line not in kept.hidden)

    # --- writing --------------------------------------------------------------------------------------

    def _write(self, name: str, kept: Kept) -> None:
        kept.changed = False
        lines, is_hurt = tuple(kept.lines), kept.is_hurt
        self._writing[name] = self._do(lambda: _put_down(kept.path, name, lines, is_hurt))

    def _written(self, name: str, now: float) -> None:
        kept, future = self.kept[name], self._writing.pop(name)
        try:
            said = future.result()
        except OSError as error:
            if kept.next < now - AGAIN_S:
                self._say("error", f"The profile of {name} could not be written ({error}); it is tried again")
            kept.changed, kept.next = True, now + AGAIN_S
            return
        kept.is_hurt, kept.next = False, now + REST_S
        if said:
            self._say("warning", f"The old profile of {name} could not be read whole{said}")

    def _do(self, work: Callable[..., Result], *arguments: str) -> Future[Result]:
        """Have something done in the background, or at once if there is none."""
        if self._background is not None:
            return self._background.submit(work, *arguments)
        future: Future[Result] = Future()
        try:
            future.set_result(work(*arguments))
        except (ValueError, OSError) as error:
            future.set_exception(error)
        return future


def _of(line: Binding, controller: str) -> Binding:
    return replace(line, source=replace(line.source, port=controller), profile=True)


def _put_down(path: Path, name: str, lines: tuple[Binding, ...], is_hurt: bool) -> str:
    """Write a profile; return what to say of the file that was there, "" for nothing. OSError if it cannot be."""
    said = set_aside(path) if is_hurt else ""
    write(path, name, lines)
    return said
